import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, describe, expect, it } from 'vitest'
import type { Declaration, Expr, Name } from '../../lean/declaration.js'
import type { IndexStore } from '../../lean/library/index-file.js'
import { LAZY_MODES, type LazyMode } from '../../lean/library/lazy-mode.js'
import { type Library, openLibrary } from '../../lean/library/library.js'
import type { LibraryOptions } from '../../lean/library/library-options.js'
import { ModuleEntry } from '../../lean/library/part-source.js'
import { ANONYMOUS, displayName, NameTable } from '../../lean/name.js'
import { Chain } from '../../lean/olean/chain.js'
import { LeanModule } from '../../lean/olean/module.js'
import { PageCache } from '../../lean/olean/paged-file.js'
import { ReaderError } from '../../lean/olean/reader-error.js'
import { ContainerBuilder } from './container.js'
import { DATA, LIB, skipReason } from './data.js'
import { faultyDisk } from './fault-disk.js'

const scratch = mkdtempSync(join(tmpdir(), 'library-'))
afterAll(() => rmSync(scratch, { recursive: true }))
let counter = 0

const PARTS = join(DATA, 'module-parts')
const WORLD = join(DATA, 'reproducers')

const openA = (options: Partial<LibraryOptions> = {}): Promise<Library> =>
  openLibrary({ paths: [PARTS], modules: ['A'], allowMissing: true, lazy: 'parts', ...options })

/** Three modules in three parts each that import one another, and what they import of the library. */
const openChain = (options: Partial<LibraryOptions> = {}): Promise<Library> =>
  openLibrary({ paths: [WORLD], modules: ['Chain.Top'], allowMissing: true, lazy: 'parts', ...options })

function memoryStore(): IndexStore & { readonly entries: Map<string, Uint8Array> } {
  const entries = new Map<string, Uint8Array>()
  return { entries, read: key => entries.get(key), keep: (key, bytes) => entries.set(key, bytes) }
}

/** What a session answers, as text: every declaration by kind and terms, and every placeholder. */
function answers(library: Library, names: Iterable<string>): string {
  const lines: string[] = []
  for (const name of names) {
    const declaration = library.get(name)
    const { kind = 'absent' } = declaration ?? {}
    const placeholder = library.placeholderKind(name) ?? ''
    lines.push(
      `${name} ${library.has(name)} ${kind} ${library.moduleOf(name)} ${placeholder} ${text(declaration)}`,
    )
  }
  return lines.join('\n')
}

function text(value: unknown): string {
  return JSON.stringify(value, (key, item) =>
    typeof item === 'bigint'
      ? `${item}n`
      : key === 'name' || key === 'binder'
        ? displayName(item as Name)
        : item,
  )
}

const QUERIES = ['fib5', 'add_zz', 'hidden', 'op', 'exposed', 'Ev.rec', 'T.rec_1', 'T.rec_2', 'ax', 'nowhere']
const PRIVATE = '_private.A.0.privDef'

describe.skipIf(skipReason !== undefined)('the state of a source', () => {
  it('goes from deferred to loaded at the first body, and is absent without files', async () => {
    const library = await openA()
    const states = () => library.status().chains
    expect(states().public).toEqual({ loaded: 1, deferred: 0, absent: 0 })
    expect(states().bodies).toEqual({ loaded: 0, deferred: 1, absent: 0 })
    expect(library.dependencies()[0]).toMatchObject({ name: 'A', state: 'deferred' })
    await library.findConstantBody('hidden')
    expect(states().bodies).toEqual({ loaded: 1, deferred: 0, absent: 0 })
    expect(library.dependencies()[0]).toMatchObject({ state: 'loaded' })
    const single = new ModuleEntry('S', ANONYMOUS, [])
    expect([single.public.state, single.bodies.state, single.code.state]).toEqual([
      'absent',
      'absent',
      'absent',
    ])
  })

  it('is absent for good, with the same error, when its file is gone at the first use', async () => {
    let gone = false
    const { disk } = faultyDisk({ exists: path => !(gone && path.endsWith('.private')) })
    const library = await openA({ fileSystem: disk })
    gone = true
    const first = await library.findConstantBody('hidden').catch((error: unknown) => error)
    expect(first).toBeInstanceOf(ReaderError)
    expect(first).toMatchObject({ fault: 'vanished', where: { file: join(PARTS, 'A.olean.private') } })
    gone = false
    expect(await library.findConstantBody('hidden').catch((error: unknown) => error)).toBe(first)
    expect(library.status().chains.bodies).toEqual({ loaded: 0, deferred: 0, absent: 1 })
    // What the public part says does not depend on it.
    expect((await library.findConstantBody('exposed'))?.kind).toBe('definition')
  })

  it('performs no private load on import, and exactly one for the first body', async () => {
    const library = await openChain()
    expect(library.modules).toEqual(['Chain.Base', 'Chain.Mid', 'Chain.Top'])
    expect(library.status()).toMatchObject({ privateLoads: 0, modulesOpened: 3 })
    const theorem = [...publicNames('Chain/Mid')].find(
      name => library.findConstantHeader(name).state === 'found' && !isFinal(library, name),
    )!
    expect((await library.findConstantBody(theorem))?.kind).not.toBe('axiom')
    expect(library.status()).toMatchObject({ privateLoads: 1, codeLoads: 0 })
    await library.findConstantBody(theorem)
    expect(library.status().privateLoads).toBe(1)
  })

  it('reads a module with one part directly', async () => {
    const library = await openLibrary({
      paths: [join(DATA, 'olean64')],
      modules: ['Main'],
      allowMissing: true,
      lazy: 'parts',
    })
    for (const name of [...library.names()].slice(0, 50)) library.get(name)
    expect(library.status()).toMatchObject({
      privateLoads: 0,
      chains: { bodies: { loaded: 0, deferred: 0, absent: 4 } },
    })
  })

  it('is loaded once for a hundred concurrent first uses', async () => {
    const { disk, counts } = faultyDisk()
    const library = await openA({ fileSystem: disk })
    const before = counts.opens
    const all = await Promise.all(Array.from({ length: 100 }, () => library.findConstantBody('hidden')))
    expect(new Set(all).size).toBe(1)
    expect(library.status().privateLoads).toBe(1)
    expect(counts.opened.slice(before).map(path => path.slice(path.lastIndexOf('A.')))).toEqual(
      ['A.olean.server', 'A.olean.private', 'A.olean'].toSorted(
        (left, right) =>
          counts.opened.lastIndexOf(join(PARTS, left)) - counts.opened.lastIndexOf(join(PARTS, right)),
      ),
    )
  })

  it('shares the pages of a file between the chains that it is in', async () => {
    const { disk, counts } = faultyDisk()
    const cache = new PageCache({ files: disk })
    const path = join(PARTS, 'A.olean')
    expect(cache.file(path, 'A')).toBe(cache.file(path, 'A'))
    const table = new NameTable()
    const shown = new LeanModule('A', [cache.file(path, 'A')], table)
    shown.names()
    const { bytesRead } = cache
    const again = new LeanModule('A', [cache.file(path, 'A')], table)
    again.names()
    expect(cache.bytesRead).toBe(bytesRead)
    expect(counts.opens).toBe(1)
    expect(cache.peakHeld).toBeLessThanOrEqual(68_640)
  })
})

function* publicNames(module: string): Generator<string> {
  const path = join(WORLD, `${module}.olean`)
  const own = new LeanModule(module, [new PageCache().file(path, module)], new NameTable())
  for (const name of own.names()) yield displayName(name)
}

function isFinal(library: Library, name: string): boolean {
  const header = library.findConstantHeader(name)
  return header.state === 'found' && header.final
}

describe.skipIf(skipReason !== undefined)('header lookups', () => {
  it('never load, whatever is asked', async () => {
    const library = await openA()
    const { bytesRead: _, ...before } = library.status()
    for (const name of ['ax', 'hidden', 'add_zz', 'op', 'exposed', 'Ev', PRIVATE, 'nowhere'])
      library.findConstantHeader(name)
    expect(library.findConstantHeader('hidden')).toMatchObject({
      state: 'found',
      kind: 'axiom',
      final: false,
      module: 'A',
    })
    expect(library.findConstantHeader('exposed')).toMatchObject({
      state: 'found',
      kind: 'definition',
      final: true,
    })
    expect(library.findConstantHeader('nowhere')).toEqual({ state: 'needs-load', module: undefined })
    expect(library.findConstantHeader(PRIVATE)).toEqual({ state: 'needs-load', module: 'A' })
    const { privateLoads, modulesOpened, codeLoads } = library.status()
    expect({ privateLoads, modulesOpened, codeLoads }).toEqual({
      privateLoads: 0,
      modulesOpened: before.modulesOpened,
      codeLoads: 0,
    })
  })

  it('give the statement that the body has', async () => {
    const library = await openA()
    const body = (await library.findConstantBody('add_zz'))!
    const header = library.findConstantHeader('add_zz')
    if (header.state !== 'found') throw new Error(header.state)
    expect(body.kind).toBe('theorem')
    expect(text(header.statement.type)).toBe(text(body.type))
    expect(header.statement.levelParams).toEqual(body.levelParams)
  })

  it('have no import that reaches what loads', () => {
    const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
    const seen = new Set<string>()
    const pending = [join(root, 'lean/library/header-lookup.ts')]
    for (let file = pending.pop(); file !== undefined; file = pending.pop()) {
      if (seen.has(file)) continue
      seen.add(file)
      for (const [, what, from] of readFileSync(file, 'utf8').matchAll(/^import (.*?) from '(\.[^']+)'/gms)) {
        const values = what!.replace(/\btype \w+,?/g, '').replace(/[{}\s,]/g, '')
        if (!what!.startsWith('type ') && values !== '')
          pending.push(join(dirname(file), from!.replace(/\.js$/, '.ts')))
      }
    }
    const reached = [...seen].map(file => file.slice(root.length + 1)).toSorted()
    expect(reached).toContain('lean/library/symbols.ts')
    for (const loader of [
      'library/chain-loader',
      'library/body-lookup',
      'olean/paged-file',
      'olean/module',
      'olean/file-system',
    ])
      expect(reached).not.toContain(`lean/${loader}.ts`)
  })
})

describe.skipIf(skipReason !== undefined)('answers', () => {
  it('are the same in every mode, and when all parts were loaded before', async () => {
    const all: string[] = []
    for (const lazy of LAZY_MODES) {
      const library = await openA({ lazy })
      all.push(answers(library, [...QUERIES, PRIVATE]))
      all.push(answers(library, library.names()))
    }
    const loaded = await openA({ importAll: ['A'] })
    expect(loaded.status().privateLoads).toBe(1)
    all.push(answers(loaded, [...QUERIES, PRIVATE]), answers(loaded, loaded.names()))
    expect(all[0]).toContain('T.rec_2 false absent')
    for (let index = 2; index < all.length; index++) expect(all[index]).toBe(all[index % 2])
  })

  it('do not depend on the order of the questions', async () => {
    const names = [...(await openChain()).names()]
    const forward = await openChain()
    const backward = await openChain({ lazy: 'all' })
    const there = new Map(names.map(name => [name, answers(forward, [name])]))
    for (const name of names.toReversed()) expect(answers(backward, [name])).toBe(there.get(name))
  })

  it('decode to the same trees through a chain and through its public part', async () => {
    const library = await openA()
    const table = new NameTable()
    const cache = new PageCache()
    const files = ['', '.server', '.private'].map(suffix => cache.file(join(PARTS, `A.olean${suffix}`), 'A'))
    const whole = new LeanModule('A', files, table)
    for (const [index, name] of whole.names(2).entries()) {
      const eager = whole.declaration({ module: whole, part: 2, index })
      expect(text(library.get(displayName(name)))).toBe(text(eager))
    }
  })

  it('stay valid when the session is closed and collected', async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    let library: Library | undefined = await openA()
    const declaration = (await library.findConstantBody('str')) as Declaration & { value: Expr }
    const weak = new WeakRef(library)
    library.close()
    library = undefined
    for (let round = 0; round < 20 && weak.deref() !== undefined; round++) {
      await new Promise(resolve => setImmediate(resolve))
      collect()
    }
    expect(text(declaration.value)).toContain('héllo ∀ 😀')
  })

  it('of two sessions do not touch', async () => {
    const one = await openA()
    const two = await openA()
    one.get('hidden')
    expect(one.status().privateLoads).toBe(1)
    expect(two.status().privateLoads).toBe(0)
    one.close()
    expect(two.get('hidden')?.kind).toBe('definition')
  })
})

it('no state lives in a module of the reader: every file declares only constants', () => {
  const root = join(dirname(fileURLToPath(import.meta.url)), '../../lean')
  let files = 0
  for (const folder of ['library', 'olean'])
    for (const file of readdirSync(join(root, folder))) {
      files++
      const text = readFileSync(join(root, folder, file), 'utf8')
      expect(text, file).not.toMatch(/^(export )?(let|var) /m)
      for (const [declaration] of text.matchAll(/^(export )?const [^=]*= (new \w+|\[|\{)/gm))
        if (/new (Map|Set|WeakMap|WeakSet|Array)/.test(declaration))
          expect(declaration, file).toContain('Readonly')
    }
  expect(files).toBeGreaterThan(25)
})

describe.skipIf(skipReason !== undefined)('private symbols', () => {
  it('are found in their own module only, and absence says why', async () => {
    const library = await openA()
    expect(library.get(PRIVATE)?.kind).toBe('definition')
    expect(library.absence('_private.B.0.x')).toMatch(/private to B, which is not among the modules/)
    const shown = join(scratch, `${counter++}`)
    const { cpSync } = await import('node:fs')
    cpSync(join(PARTS, 'A.olean'), join(shown, 'A.olean'))
    const publicOnly = await openLibrary({ paths: [shown], modules: ['A'], allowMissing: true })
    expect(publicOnly.has(PRIVATE)).toBe(false)
    expect(publicOnly.findConstantHeader(PRIVATE)).toEqual({
      state: 'absent',
      reason: `${PRIVATE} is private to A, whose private part is not at hand: it is not exported`,
    })
  })

  it('become visible at once with importAll, else with the first body', async () => {
    const deferred = await openA()
    expect(deferred.findConstantHeader(PRIVATE).state).toBe('needs-load')
    await deferred.findConstantBody('hidden')
    expect(deferred.findConstantHeader(PRIVATE).state).toBe('found')
    const eager = await openA({ importAll: ['A'] })
    expect(eager.findConstantHeader(PRIVATE).state).toBe('found')
    expect([...eager.names()]).toEqual([...deferred.names()])
  })

  it('need the table, or a name that tells its module', async () => {
    const library = await openA()
    const auxiliary = library.codeNames('A').find(name => !library.has(name) && !name.startsWith('_private'))!
    const fresh = await openA()
    expect(() => fresh.symbolOwner(auxiliary, false)).toThrow(
      /is no public constant, and there is no table of private and auxiliary/,
    )
    expect(fresh.symbolOwner(auxiliary)).toEqual({ module: 'A', as: 'auxiliary' })
    expect(fresh.symbolOwner(auxiliary, false)).toEqual({ module: 'A', as: 'auxiliary' })
    expect(fresh.symbolOwner(PRIVATE)).toEqual({ module: 'A', as: 'constant' })
    expect(fresh.symbolOwner('nowhere')).toBeUndefined()
  })

  it('are asked for only when the public table has nothing', async () => {
    const library = await openLibrary({ paths: [WORLD], modules: ['R12Own'], lazy: 'all' })
    for (const name of publicNames('R12Own')) {
      library.get(name)
      expect(library.status().sideLookups).toBe(0)
    }
    library.has('nowhere')
    expect(library.status().sideLookups).toBe(1)
  })

  it('of a loaded private part resolve, all of them', async () => {
    const library = await openA()
    const unresolved = new Set<string>()
    for (const name of library.names()) {
      for (const used of constants(library.get(name)!)) {
        if (!library.has(used) && used.includes('_private')) unresolved.add(used)
      }
    }
    expect([...unresolved]).toEqual([])
  })

  it('rank behind public ones of the same name', async () => {
    const name = 'c'
    const sort = (file: ContainerBuilder, level: number) =>
      file.expr(3, [
        level === 0 ? file.scalar(0) : file.constructorObject(1, [file.scalar(0)], new Array(8).fill(0)),
      ])
    const one = (level: number, imports: string[] = []): Buffer => {
      const file = new ContainerBuilder(8, true)
      const id = file.name(name)
      return file.module(
        imports.map(part => file.name(part)),
        [{ name: id, info: file.axiom(id, sort(file, level)) }],
      )
    }
    const none = (base = 0x30000): Buffer => new ContainerBuilder(8, true, 2, base).module([], [])
    const hidden = new ContainerBuilder(8, true, 2, 0x500000)
    const id = hidden.name(name)
    const path = join(scratch, `${counter++}`)
    const { mkdirSync } = await import('node:fs')
    mkdirSync(path)
    writeFileSync(join(path, 'P.olean'), none())
    writeFileSync(join(path, 'P.olean.server'), none(0x400000))
    writeFileSync(
      join(path, 'P.olean.private'),
      hidden.module([], [{ name: id, info: hidden.axiom(id, sort(hidden, 1)) }]),
    )
    writeFileSync(join(path, 'Q.olean'), one(0, ['P']))
    for (const lazy of LAZY_MODES) {
      const both = await openLibrary({ paths: [path], modules: ['Q'], lazy, checkHashes: false })
      expect(both.moduleOf(name)).toBe('Q')
      expect(both.get(name)?.type).toMatchObject({ level: { kind: 'zero' } })
      const own = await openLibrary({ paths: [path], modules: ['P'], lazy, checkHashes: false })
      expect(own.moduleOf(name)).toBe('P')
    }
  })
})

function constants(declaration: Declaration): Set<string> {
  const names = new Set<string>()
  const seen = new Set<unknown>()
  const stack: unknown[] = [declaration]
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (typeof at !== 'object' || at === null || seen.has(at)) continue
    seen.add(at)
    const expr = at as Expr
    if (expr.kind === 'const') names.add(displayName(expr.name))
    else stack.push(...Object.values(at))
  }
  return names
}

describe.skipIf(skipReason !== undefined)('the index', () => {
  it('lets a later session open only what it is asked for', async () => {
    const index = memoryStore()
    const first = await openChain({ lazy: 'all', index })
    expect(first.status()).toMatchObject({ index: 'built', modulesOpened: 3 })
    const name = [...publicNames('Chain/Base')][0]!
    const { disk, counts } = faultyDisk()
    const second = await openChain({ lazy: 'all', index, fileSystem: disk })
    expect(counts.opens).toBe(0)
    expect(second.findConstantHeader(name)).toEqual({ state: 'needs-load', module: 'Chain.Base' })
    expect(answers(second, [name])).toBe(answers(first, [name]))
    expect(second.status()).toMatchObject({ index: 'found', modulesOpened: 1 })
    expect(counts.opened.every(path => path.includes('Chain/Base'))).toBe(true)
    expect(second.dependencies().map(({ state: _, ...record }) => record)).toEqual(
      first.dependencies().map(({ state: _, ...record }) => record),
    )
    expect([...second.names()]).toEqual([...first.names()])
  })

  it('is rebuilt when a file changed, came or went, and when its bytes are damaged', async () => {
    const { cpSync, utimesSync } = await import('node:fs')
    const path = join(scratch, `${counter++}`)
    cpSync(join(WORLD, 'Chain'), join(path, 'Chain'), { recursive: true })
    const index = memoryStore()
    const session = () =>
      openLibrary({ paths: [path], modules: ['Chain.Top'], allowMissing: true, lazy: 'all', index })
    const how = async () => (await session()).status().index
    expect([await how(), await how()]).toEqual(['built', 'found'])
    utimesSync(join(path, 'Chain/Mid.olean.private'), 1, 1)
    expect([await how(), await how()]).toEqual(['built', 'found'])
    rmSync(join(path, 'Chain/Base.olean.private'))
    expect([await how(), await how()]).toEqual(['built', 'found'])
    for (const [key, bytes] of index.entries) index.entries.set(key, bytes.slice(0, -3))
    expect([await how(), await how()]).toEqual(['built', 'found'])
    rmSync(join(path, 'Chain/Base.olean'))
    await expect(session()).rejects.toThrow(/the public part is missing/)
  })

  it('that lies cannot put one constant in place of another', async () => {
    const index = memoryStore()
    const honest = await openA({ lazy: 'all', index })
    for (const [key, bytes] of index.entries) {
      // Every place becomes that of another constant.
      const tables = new Uint32Array(new Uint8Array(bytes).buffer)
      const start = (8 + tables[0]!) / 4
      for (let at = start; at < tables.length; at += 2) tables[at] = (tables[at]! + 1) % 64
      index.entries.set(key, new Uint8Array(tables.buffer))
    }
    const misled = await openA({ lazy: 'all', index })
    expect(misled.status().index).toBe('found')
    for (const name of ['fib5', 'exposed', 'Ev', 'ax']) {
      expect(honest.has(name)).toBe(true)
      const declaration = misled.get(name)
      if (declaration !== undefined) expect(displayName(declaration.name)).toBe(name)
    }
  })

  it('holds no cache: a session after a lazy one starts with nothing loaded and answers the same', async () => {
    const index = memoryStore()
    const first = await openA({ lazy: 'all', index })
    const said = answers(first, [...QUERIES, PRIVATE])
    const records = JSON.stringify(first.dependencies().map(({ state: _, ...record }) => record))
    const second = await openA({ lazy: 'all', index })
    expect(second.status()).toMatchObject({ modulesOpened: 0, privateLoads: 0, bytesRead: 0 })
    expect(JSON.stringify(second.dependencies().map(({ state: _, ...record }) => record))).toBe(records)
    // A body that the first session never asked for.
    expect(second.get('add_zz')?.kind).toBe('theorem')
    expect(answers(second, [...QUERIES, PRIVATE])).toBe(said)
  })

  it('lists the deferred parts as dependencies', async () => {
    const [record] = (await openA()).dependencies()
    expect(record!.parts.map(({ kind, size }) => [kind, size])).toEqual([
      ['olean', 68_640],
      ['server', 4_608],
      ['private', 26_780],
      ['ir', 6_088],
    ])
    expect(record).toMatchObject({ containerVersion: 2, wordBytes: 4, leanVersion: '4.28.0-pre' })
    expect(record!.gitHash).toBe('38f3c0c45b8df6da2652faff6dcaa15afb5a6981')
  })
})

describe.skipIf(skipReason !== undefined)('names of the code generator', () => {
  it('come from the list, or without one from the entries that hold code', () => {
    const cache = new PageCache()
    const main = new LeanModule('A', [cache.file(join(PARTS, 'A.olean'), 'A')], new NameTable())
    const list = main.auxiliaryNames('list').map(displayName)
    expect(list.length).toBeGreaterThan(0)
    expect(main.auxiliaryNames('entries').map(displayName).toSorted()).toEqual(list.toSorted())
  })

  it('of the code files are those of the whole module, read as a chain of their own', async () => {
    const library = await openA()
    const names = library.codeNames('A')
    expect(names.length).toBeGreaterThan(0)
    expect(library.status()).toMatchObject({ codeLoads: 1, privateLoads: 0 })
    await expect(openChain().then(chain => chain.codeNames('Chain.Top'))).rejects.toMatchObject({
      fault: 'no-parts',
    })
  })

  it.skipIf(LIB === undefined)('are the same from both sources in every module of Init.Data.List', () => {
    const cache = new PageCache()
    let names = 0
    for (const file of readdirSync(join(LIB!, 'Init/Data/List'))) {
      if (!file.endsWith('.olean') || file.startsWith('.')) continue
      const module = new LeanModule(
        file,
        [cache.file(join(LIB!, 'Init/Data/List', file), file)],
        new NameTable(),
      )
      const list = module.auxiliaryNames('list').map(displayName).toSorted()
      names += list.length
      expect(module.auxiliaryNames('entries').map(displayName).toSorted()).toEqual(list)
    }
    expect(names).toBeGreaterThan(400)
  })
})

describe('chains', () => {
  const chainOf = (parts: number): Chain => {
    const path = join(scratch, `${counter++}`)
    let pointee: bigint | undefined
    const files: string[] = []
    for (let part = 0; part < parts; part++) {
      const file = new ContainerBuilder(8, true, 2, 0x30000 + part * 0x10000)
      const own = file.string(`part ${part}`)
      const root = file.constructorObject(0, pointee === undefined ? [own] : [own, pointee])
      pointee = own
      files.push(`${path}.${part}`)
      writeFileSync(files.at(-1)!, file.finish(root))
    }
    const cache = new PageCache()
    return new Chain(files.map(file => cache.file(file, 'M')))
  }

  it.each([2, 3])('of %i parts resolve what points into earlier ones', parts => {
    const chain = chainOf(parts)
    const root = chain.root(parts - 1)
    const read = (index: number): string => chain.stringBytes(chain.field(root, index)).bytes.toString()
    expect([read(0), read(1)]).toEqual([`part ${parts - 1}`, `part ${parts - 2}`])
  })

  it('read a module record without the list of auxiliary names', async () => {
    const file = new ContainerBuilder(8, true)
    const name = file.name('c')
    const path = join(scratch, `${counter++}.olean`)
    writeFileSync(
      path,
      file.module([], [{ name, info: file.axiom(name, file.expr(3, [file.scalar(0)])) }], 4),
    )
    const module = new LeanModule('M', [new PageCache().file(path, 'M')], new NameTable(), false)
    expect(module.names().map(displayName)).toEqual(['c'])
    expect(module.auxiliaryNames()).toEqual([])
  })
})

describe.skipIf(skipReason !== undefined)('lazy reading', () => {
  const works: Record<string, (library: Library, names: readonly string[]) => void> = {
    headers(library, names) {
      library.namesIn('Chain.Mid')
      for (const name of names) library.findConstantHeader(name)
    },
    one: library => void library.get([...publicNames('Chain/Mid')][0]!),
    module(library) {
      for (const name of library.namesIn('Chain.Top')) library.get(name)
    },
    everything(library) {
      for (const name of library.names()) library.get(name)
    },
  }

  it.each(Object.keys(works))(
    'of %s takes no more bytes than eager reading, and fewer for headers',
    async work => {
      const index = memoryStore()
      const names = [...(await openChain({ lazy: 'all', index })).names()]
      const bytes: Record<string, number> = {}
      for (const lazy of LAZY_MODES) {
        const library = await openChain({ lazy, index })
        works[work]!(library, names)
        bytes[lazy] = library.status().bytesRead
      }
      expect(bytes.all).toBeLessThanOrEqual(bytes.off!)
      expect(bytes.parts).toBeLessThanOrEqual(bytes.off!)
      if (work === 'headers') {
        expect(bytes.parts).toBeLessThan(bytes.off!)
        expect(bytes.all).toBeLessThan(bytes.parts!)
      }
    },
  )
})

describe.skipIf(LIB === undefined)('the library of Lean', () => {
  it('opens for one constant what its closure needs, from an index of at most one hundredth', async () => {
    const index = memoryStore()
    const open = (lazy: LazyMode) => openLibrary({ paths: [LIB!], modules: ['Init'], lazy, index })
    const first = await open('all')
    first.symbolOwner('nowhere')
    const [bytes] = [...index.entries.values()]
    const { libraryBytes } = first.status()
    expect(libraryBytes).toBe(67_758_888)
    expect(bytes!.length).toBeLessThan(libraryBytes / 100)
    const second = await open('all')
    expect(second.status()).toMatchObject({ index: 'found', modules: 506, modulesOpened: 0, bytesRead: 0 })
    expect(second.get('Nat.add_comm')?.kind).toBe('axiom')
    expect(second.moduleOf('Nat.add_comm')).toBe('Init.Data.Nat.Basic')
    expect(second.status().modulesOpened).toBe(1)
    expect(second.status().bytesRead).toBeLessThan(libraryBytes / 100)
    expect(existsSync(join(LIB!, 'Init.olean'))).toBe(true)
  })
})

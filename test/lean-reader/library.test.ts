import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import type { Declaration, Expr } from '../../lean/declaration.js'
import { LAZY_MODES, type LazyMode } from '../../lean/library/lazy-mode.js'
import { type Library, openLibrary } from '../../lean/library/library.js'
import { ModuleEntry } from '../../lean/library/part-source.js'
import { ANONYMOUS, displayName, NameTable } from '../../lean/name.js'
import { LeanModule } from '../../lean/olean/module.js'
import { PageCache } from '../../lean/olean/paged-file.js'
import { ReaderError } from '../../lean/olean/reader-error.js'
import { DATA, LIB, skipReason } from './data.js'
import { faultyDisk } from './fault-disk.js'
import {
  answers,
  memoryStore,
  openA,
  openChain,
  PARTS,
  PRIVATE,
  publicNames,
  QUERIES,
  text,
} from './library-sessions.js'

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

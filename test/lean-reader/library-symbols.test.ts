import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { Declaration, Expr } from '../../lean/declaration.js'
import { LAZY_MODES } from '../../lean/library/lazy-mode.js'
import { openLibrary } from '../../lean/library/library.js'
import { displayName, NameTable } from '../../lean/name.js'
import { LeanModule } from '../../lean/olean/module.js'
import { PageCache } from '../../lean/olean/paged-file.js'
import { ContainerBuilder } from './container.js'
import { LIB, skipReason } from './data.js'
import { openA, openChain, PARTS, PRIVATE, publicNames, WORLD } from './library-sessions.js'

const scratch = mkdtempSync(join(tmpdir(), 'library-'))
afterAll(() => rmSync(scratch, { recursive: true }))
let counter = 0

describe.skipIf(skipReason !== undefined)('private symbols', () => {
  it('are found in their own module only, and absence says why', async () => {
    const library = await openA()
    expect(library.get(PRIVATE)?.kind).toBe('definition')
    expect(library.absence('_private.B.0.x')).toMatch(/private to B, which is not among the modules/)
    const shown = join(scratch, `${counter++}`)
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

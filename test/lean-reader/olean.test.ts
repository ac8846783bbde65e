import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import type { Declaration, Expr, Name } from '../../lean/declaration.js'
import { type Library, openLibrary } from '../../lean/library/library.js'
import type { ModuleRecord } from '../../lean/library/module-record.js'
import { displayName, NameTable } from '../../lean/name.js'
import { LeanModule } from '../../lean/olean/module.js'
import { PageCache } from '../../lean/olean/paged-file.js'
import { DATA, LIB, skipReason } from './data.js'

const scratch = mkdtempSync(join(tmpdir(), 'olean-'))
afterAll(() => rmSync(scratch, { recursive: true }))

function counts(set: Library): Record<string, number> {
  const result = new Map<string, number>()
  for (const name of set.names()) {
    const declaration = set.get(name)!
    if (displayName(declaration.name) !== name) throw new Error(`${name} is called otherwise`)
    result.set(declaration.kind, (result.get(declaration.kind) ?? 0) + 1)
  }
  return Object.fromEntries(result)
}

/** The name without quotes. */
function plain(name: Name): string {
  const parts: string[] = []
  for (let at = name; at.kind !== 'anonymous'; at = at.prefix) parts.push(String(at.part))
  return parts.reverse().join('.')
}

function placeholders(set: Library): Record<string, number> {
  const result: Record<string, number> = {}
  for (const name of set.names()) {
    const kind = set.placeholderKind(name)
    if (kind !== undefined) result[kind] = (result[kind] ?? 0) + 1
  }
  return result
}

/** Distinct expression objects below the declarations. */
function expressions(declarations: Iterable<Declaration>): Set<Expr> {
  const seen = new Set<Expr>()
  const stack: Expr[] = []
  for (const declaration of declarations) {
    stack.push(declaration.type)
    if ('value' in declaration) stack.push(declaration.value)
    if (declaration.kind === 'recursor') stack.push(...declaration.rules.map(rule => rule.rhs))
  }
  for (let expr = stack.pop(); expr !== undefined; expr = stack.pop()) {
    if (seen.has(expr)) continue
    seen.add(expr)
    stack.push(...children(expr))
  }
  return seen
}

function children(expr: Expr): Expr[] {
  return Object.entries(expr).flatMap(([key, value]) =>
    ['fn', 'arg', 'type', 'value', 'body', 'expr'].includes(key) && typeof value === 'object'
      ? [value as Expr]
      : [],
  )
}

/** Number of expressions that differ when metadata is looked through. */
function distinctExpressions(exprs: Iterable<Expr>): number {
  const ids = new Map<string, number>()
  const known = new Map<Expr, number>()
  const id = (expr: Expr): number => {
    let number = known.get(expr)
    if (number === undefined) {
      if (expr.kind === 'mdata') {
        number = id(expr.expr)
      } else {
        const own = Object.entries(expr).filter(([, value]) => !children(expr).includes(value as Expr))
        const key = JSON.stringify([own.map(([, value]) => flat(value)), children(expr).map(id)])
        number = ids.get(key) ?? ids.size
        ids.set(key, number)
      }
      known.set(expr, number)
    }
    return number
  }
  for (const expr of exprs) id(expr)
  return ids.size
}

const flat = (value: unknown): string =>
  JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? `${item}n` : item))

/** The value below binders and metadata. */
function core(expr: Expr): Expr {
  if (expr.kind === 'lam') return core(expr.body)
  return expr.kind === 'mdata' ? core(expr.expr) : expr
}

describe.skipIf(skipReason !== undefined)('a module in three parts, 32-bit', () => {
  const open = () => openLibrary({ paths: [join(DATA, 'module-parts')], modules: ['A'], allowMissing: true })
  const publicOnly = () => {
    copyFileSync(join(DATA, 'module-parts/A.olean'), join(scratch, 'A.olean'))
    return openLibrary({ paths: [scratch], modules: ['A'], allowMissing: true })
  }

  it('finds all 68 constants with their bodies', async () => {
    const set = await open()
    expect(set.size).toBe(68)
    expect(counts(set)).toEqual({
      definition: 34,
      theorem: 13,
      opaque: 2,
      axiom: 1,
      inductive: 5,
      constructor: 7,
      recursor: 6,
    })
    expect(set.get('ax')?.kind).toBe('axiom')
    expect(placeholders(set)).toEqual({})
    expect(set.missing).toEqual(['Init'])
    expect(set.moduleOf('fib5')).toBe('A')
    const [{ parts }] = set.dependencies() as [ModuleRecord]
    expect(parts.map(({ path }) => path.slice(path.lastIndexOf('/') + 1))).toEqual([
      'A.olean',
      'A.olean.server',
      'A.olean.private',
      'A.ir',
    ])
  })

  it('reads literals, hints and safety', async () => {
    const set = await open()
    const privDef = set.get('_private.A.0.privDef') as Declaration & { kind: 'definition' }
    const literals = [...expressions([privDef])].flatMap(expr => (expr.kind === 'nat' ? [expr.value] : []))
    expect(literals).toContain(123456789012345678901234567890n)
    const exposed = [...expressions([set.get('exposed')!])].flatMap(expr =>
      expr.kind === 'nat' ? [expr.value] : [],
    )
    expect(exposed).toContain(4294967296n)
    const str = set.get('str') as Declaration & { kind: 'definition' }
    expect(core(str.value)).toEqual({ kind: 'str', value: 'héllo ∀ 😀' })
    expect(set.get('ab')).toMatchObject({ hints: { kind: 'abbrev' }, safety: 'safe' })
    expect(set.get('uu')).toMatchObject({ kind: 'definition', safety: 'unsafe' })
    expect(set.get('hidden')).toMatchObject({ hints: { kind: 'regular' } })
    expect(set.get('Ev')).toMatchObject({ kind: 'inductive', numIndices: 1, isRec: true, numNested: 0 })
    expect((set.get('Ev') as Declaration & { kind: 'inductive' }).all.map(displayName)).toEqual(['Ev', 'Od'])
    expect(set.get('T')).toMatchObject({ kind: 'inductive', numNested: 1 })
    expect(set.get('T.rec_1')).toMatchObject({ kind: 'recursor', numMotives: 2 })
  })

  it('tells placeholders from the genuine axiom when only the public part is there', async () => {
    const set = await publicOnly()
    expect(set.size).toBe(64)
    expect(counts(set)).toMatchObject({
      definition: 23,
      axiom: 23,
      inductive: 5,
      constructor: 7,
      recursor: 6,
    })
    expect(set.placeholderKind('ax')).toBeUndefined()
    expect(set.placeholderKind('add_zz')).toBe('theorem')
    expect(set.placeholderKind('hidden')).toBe('definition')
    expect(set.placeholderKind('op')).toBe('opaque')
    expect(set.placeholderKind('exposed')).toBeUndefined()
    const { theorem, definition, opaque } = placeholders(set)
    expect(theorem! + definition! + opaque!).toBe(22)
  })

  it('shares what the file shares', async () => {
    const set = await open()
    expect(set.get('Ev.rec')).toBe(set.get('Ev.rec'))
    expect(set.get('Ev')!.type).toBe(set.get('Od')!.type)
  })
})

describe.skipIf(skipReason !== undefined)('linked 64-bit modules with GMP numbers', () => {
  interface Listed {
    file: string
    constants: number
    imports: string[]
    lean: string
    distinctExpressions: number
    list: { name: string; kind: string; universeParams: number }[]
  }
  const listed: Listed[] =
    skipReason === undefined
      ? JSON.parse(readFileSync(join(DATA, 'olean64/expected.json'), 'utf8')).files
      : []
  const kinds: Record<string, string> = {
    induct: 'inductive',
    ctor: 'constructor',
    rec: 'recursor',
    def: 'definition',
    thm: 'theorem',
  }

  it('holds what the expectation lists', async () => {
    const set = await openLibrary({ paths: [join(DATA, 'olean64')], modules: ['Main'], allowMissing: true })
    expect(set.missing).toEqual(['Init'])
    expect(set.modules).toEqual([
      'PropLogicDSL.Prop',
      'PropLogicDSL.Semantics',
      'PropLogicDSL.PrettyPrint',
      'Main',
    ])
    for (const file of listed) {
      const record = set.dependencies().find(({ parts }) => parts[0]!.path.endsWith(file.file))!
      expect(record).toMatchObject({ leanVersion: file.lean, containerVersion: 2, wordBytes: 8 })
      const own = new PageCache().file(record.parts[0]!.path, record.name)
      const module = new LeanModule(record.name, [own], new NameTable())
      expect(module.imports.map(displayName)).toEqual(file.imports)
      const names = module.names()
      expect(names.map(plain).sort()).toEqual(file.list.map(({ name }) => name).sort())
      const byName = new Map(names.map(name => [plain(name), displayName(name)]))
      for (const { name, kind, universeParams } of file.list) {
        const declaration = set.get(byName.get(name)!)!
        expect(declaration.kind, name).toBe(kinds[kind] ?? kind)
        expect(declaration.levelParams.length, name).toBe(universeParams)
        expect(set.moduleOf(byName.get(name)!)).toBe(record.name)
      }
      const terms = expressions(names.map((_, index) => module.declaration({ module, part: 0, index })))
      expect(distinctExpressions(terms)).toBe(file.distinctExpressions)
    }
  })
})

describe.skipIf(skipReason !== undefined)('reproducers', () => {
  it('have theorems with proofs in all three-part modules', async () => {
    const folder = join(DATA, 'reproducers')
    const index = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8'))
    const packed = readFileSync(join(folder, 'R13AgainNat.olean.private.gz'))
    for (const part of ['.olean', '.olean.server']) {
      copyFileSync(join(folder, `R13AgainNat${part}`), join(scratch, `R13AgainNat${part}`))
    }
    writeFileSync(join(scratch, 'R13AgainNat.olean.private'), gunzipSync(packed))
    for (const { module } of index.modules as { module: string }[]) {
      const paths = [module === 'R13AgainNat' ? scratch : folder]
      const set = await openLibrary({ paths, modules: [module.replaceAll('/', '.')], allowMissing: true })
      const kinds = counts(set)
      expect(kinds.theorem, module).toBeGreaterThan(0)
      expect(placeholders(set), module).toEqual({})
    }
    expect(readdirSync(folder).length).toBeGreaterThan(50)
  })
})

describe.skipIf(LIB === undefined)('the public parts of the library', () => {
  it('holds the 45,818 constants of Init', async () => {
    const set = await openLibrary({ paths: [LIB!], modules: ['Init'] })
    expect(set.modules.length).toBe(506)
    expect(set.size).toBe(45_818)
    expect(counts(set)).toMatchObject({
      definition: 10_736,
      inductive: 564,
      constructor: 765,
      recursor: 566,
      quotient: 4,
    })
    expect(placeholders(set)).toMatchObject({ definition: 2903, opaque: 296 })
    expect(set.placeholderKind('Nat.gcd')).toBe('definition')
    expect(set.placeholderKind('propext')).toBeUndefined()
  })

  it.skipIf(skipReason !== undefined)('is found by a module of another folder', async () => {
    const set = await openLibrary({ paths: [LIB!, join(DATA, 'reproducers')], modules: ['Chain.Top'] })
    expect(set.missing).toEqual([])
    expect(set.modules.length).toBe(509)
    expect(set.modules.slice(-3)).toEqual(['Chain.Base', 'Chain.Mid', 'Chain.Top'])
  })
})

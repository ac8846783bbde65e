import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Block } from '../../aiur/bytecode.js'
import { compile } from '../../aiur/language/compile.js'
import { ExecutionError, execute } from '../../aiur/vm/interpreter.js'
import { IoBuffer } from '../../aiur/vm/io.js'

/** Shapes of scrutinees: `E` is an enum with fields, behind a pointer in `ref`. */
type Shape = { k: 'G' } | { k: 'E' } | { k: 'ref'; to: Shape } | { k: 'tuple'; items: Shape[] }
type Datum = bigint | { tag: number; fields: Datum[] } | Datum[]
type Pat =
  | { k: 'wild' }
  | { k: 'var' }
  | { k: 'num'; value: bigint }
  | { k: 'ctor'; tag: number; args: Pat[] }
  | { k: 'ref'; to: Pat }
  | { k: 'tuple'; items: Pat[] }
  | { k: 'or'; items: Pat[] }

const G: Shape = { k: 'G' }
const ENUM = 'enum E { A, B(G), C(G, (G, G)) }'
const NAMES = ['A', 'B', 'C']
const FIELDS: Shape[][] = [[], [G], [G, { k: 'tuple', items: [G, G] }]]

const shapes: fc.Arbitrary<Shape> = fc.letrec<{ shape: Shape }>(tie => ({
  shape: fc.oneof(
    { maxDepth: 2 },
    fc.constant<Shape>(G),
    fc.constant<Shape>({ k: 'E' }),
    fc.record({ k: fc.constant('ref' as const), to: tie('shape') }),
    fc.record({
      k: fc.constant('tuple' as const),
      items: fc.array(tie('shape'), { minLength: 2, maxLength: 3 }),
    }),
  ),
})).shape

function data(shape: Shape): fc.Arbitrary<Datum> {
  switch (shape.k) {
    case 'G':
      return fc.bigInt(0n, 2n)
    case 'E':
      return fc
        .integer({ min: 0, max: 2 })
        .chain(tag => fc.tuple(...FIELDS[tag]!.map(data)).map(fields => ({ tag, fields })))
    case 'ref':
      return data(shape.to)
    case 'tuple':
      return fc.tuple(...shape.items.map(data))
  }
}

function patterns(shape: Shape, depth: number, variables: boolean): fc.Arbitrary<Pat> {
  const wild = fc.constant<Pat>({ k: 'wild' })
  const loose = variables ? fc.constantFrom<Pat>({ k: 'wild' }, { k: 'var' }) : wild
  if (depth === 0) return loose
  const sub = (s: Shape): fc.Arbitrary<Pat> => patterns(s, depth - 1, variables)
  const strict = ((): fc.Arbitrary<Pat> => {
    switch (shape.k) {
      case 'G':
        return fc.bigInt(0n, 2n).map(value => ({ k: 'num', value }))
      case 'E':
        return fc
          .integer({ min: 0, max: 2 })
          .chain(tag => fc.tuple(...FIELDS[tag]!.map(sub)).map(args => ({ k: 'ctor', tag, args })))
      case 'ref':
        return sub(shape.to).map(to => ({ k: 'ref', to }))
      case 'tuple':
        return fc.tuple(...shape.items.map(sub)).map(items => ({ k: 'tuple', items }))
    }
  })()
  const closed = patterns(shape, depth - 1, false)
  const or = fc.array(closed, { minLength: 2, maxLength: 3 }).map(items => ({ k: 'or', items }) satisfies Pat)
  return fc.oneof(
    { arbitrary: strict, weight: 5 },
    { arbitrary: loose, weight: 2 },
    { arbitrary: or, weight: 1 },
  )
}

function showType(shape: Shape): string {
  if (shape.k === 'ref') return `&${showType(shape.to)}`
  return shape.k === 'tuple' ? `(${shape.items.map(showType).join(', ')})` : shape.k
}

function showDatum(shape: Shape, datum: Datum): string {
  if (shape.k === 'ref') return `store(${showDatum(shape.to, datum)})`
  if (typeof datum === 'bigint') return String(datum)
  if (Array.isArray(datum))
    return `(${datum.map((d, i) => showDatum((shape as { items: Shape[] }).items[i]!, d)).join(', ')})`
  return `E.${NAMES[datum.tag]}(${datum.fields.map((d, i) => showDatum(FIELDS[datum.tag]![i]!, d)).join(', ')})`
}

/** Source of a pattern; variables of field elements are collected in order. */
function showPattern(pattern: Pat, shape: Shape, names: string[]): string {
  switch (pattern.k) {
    case 'wild':
      return '_'
    case 'var': {
      if (shape.k !== 'G') return '_'
      names.push(`v${names.length}`)
      return names.at(-1)!
    }
    case 'num':
      return String(pattern.value)
    case 'ctor': {
      const args = pattern.args.map((arg, i) => showPattern(arg, FIELDS[pattern.tag]![i]!, names))
      return `E.${NAMES[pattern.tag]}${args.length === 0 ? '' : `(${args.join(', ')})`}`
    }
    case 'ref':
      return `&${showPattern(pattern.to, (shape as { to: Shape }).to, names)}`
    case 'tuple':
      return `(${pattern.items.map((p, i) => showPattern(p, (shape as { items: Shape[] }).items[i]!, names)).join(', ')})`
    case 'or':
      return `(${pattern.items.map(p => `(${showPattern(p, shape, names)})`).join(' | ')})` // & takes alternatives too
  }
}

/** First-match semantics: the values of the variables, or null. */
function matches(pattern: Pat, shape: Shape, datum: Datum): bigint[] | null {
  switch (pattern.k) {
    case 'wild':
      return []
    case 'var':
      return shape.k === 'G' ? [datum as bigint] : []
    case 'num':
      return datum === pattern.value ? [] : null
    case 'ref':
      return matches(pattern.to, (shape as { to: Shape }).to, datum)
    case 'or': {
      for (const item of pattern.items) {
        const bound = matches(item, shape, datum)
        if (bound !== null) return bound
      }
      return null
    }
    case 'ctor': {
      const { tag, fields } = datum as { tag: number; fields: Datum[] }
      return tag === pattern.tag ? all(pattern.args, FIELDS[tag]!, fields) : null
    }
    case 'tuple':
      return all(pattern.items, (shape as { items: Shape[] }).items, datum as Datum[])
  }
}

function all(items: Pat[], itemShapes: Shape[], values: Datum[]): bigint[] | null {
  const out: bigint[] = []
  for (const [i, item] of items.entries()) {
    const bound = matches(item, itemShapes[i]!, values[i]!)
    if (bound === null) return null
    out.push(...bound)
  }
  return out
}

function checkDistinctCases({ control }: Block): void {
  if (control.control !== 'match' && control.control !== 'matchContinue') return
  const values = control.cases.map(c => c.value)
  expect(new Set(values).size).toBe(values.length)
  for (const { block } of control.cases) checkDistinctCases(block)
  if (control.default !== null) checkDistinctCases(control.default)
  if (control.control === 'matchContinue') checkDistinctCases(control.continuation)
}

const samples = shapes.chain(shape =>
  fc.record({
    shape: fc.constant(shape),
    arms: fc.array(patterns(shape, 4, true), { minLength: 1, maxLength: 6 }),
    values: fc.array(data(shape), { minLength: 1, maxLength: 4 }),
  }),
)

it('a compiled match takes the first arm that fits, in tail position and elsewhere', () => {
  fc.assert(
    fc.property(samples, ({ shape, arms, values }) => {
      const source = (wrap: (match: string) => string): string => {
        const text = arms.map((arm, i) => {
          const names: string[] = []
          const pattern = showPattern(arm, shape, names)
          return `${pattern} => ${[String(1000 * (i + 1)), ...names.map((name, j) => `${name} * ${10 ** j}`)].join(' + ')},`
        })
        const mains = values.map(
          (value, i) => `pub fn main${i}() -> G { g(${showDatum(shape, value)}) + ${i} - ${i} }`,
        )
        const body = wrap(`match s { ${text.join(' ')} }`)
        return `${ENUM}\nfn g(s: ${showType(shape)}) -> G { ${body} }\n${mains.join('\n')}`
      }
      const programs = [
        source(m => m),
        source(m => `1 + (${m}) + 2`),
        source(m => `let x = ${m}; x * 1 + 3`),
      ].map(text => compile([{ name: 'match', text }]))
      for (const p of programs) for (const f of p.functions) checkDistinctCases(f.body)
      for (const [i, value] of values.entries()) {
        let expected: bigint | null = null
        for (const [j, arm] of arms.entries()) {
          const bound = matches(arm, shape, value)
          if (bound === null) continue
          expected = bound.reduce((sum, v, k) => sum + v * BigInt(10 ** k), BigInt(1000 * (j + 1)))
          break
        }
        for (const [j, p] of programs.entries()) {
          const outcome = execute(p, `main${i}`, [], new IoBuffer())
          if (expected === null) {
            expect(outcome.ok).toBe(false)
            if (!outcome.ok) expect(outcome.error).toBeInstanceOf(ExecutionError)
          } else {
            expect(outcome.ok && outcome.outputs).toEqual([expected + (j === 0 ? 0n : 3n)])
          }
        }
      }
    }),
    { numRuns: 300 },
  )
})

it('duplicates a row without a test into every case, in order of first appearance', () => {
  const text = `enum E { A, B, C(G) }
    pub fn f(e: E, x: G) -> G { match (e, x) { (E.C(_), 1) => 10, (E.A, _) => 20, (_, 1) => 30, (_, 2) => 40, } }`
  const [f] = compile([{ name: 'f', text }]).functions
  const { control } = f!.body
  if (control.control !== 'match') throw new Error('expected a match')
  expect(control.scrutinee).toBe(0)
  expect(control.cases.map(c => c.value)).toEqual([2n, 0n])
  const inner = (block: Block | null): unknown => {
    const c = block!.control
    return c.control === 'match' ? [c.scrutinee, c.cases.map(k => k.value), c.default] : c.control
  }
  // C: x = 1 (first row), then 2; the rows for 1 share a case, so its later row is dead.
  expect(inner(control.cases[0]!.block)).toEqual([2, [1n, 2n], null])
  expect(inner(control.cases[1]!.block)).toBe('return')
  expect(inner(control.default)).toEqual([2, [1n, 2n], null])
  expect(f!.selectors).toBe(5)
})

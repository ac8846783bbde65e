/**
 * Functions specialised to the forms of their arguments: what they come to is what JavaScript computes, whoever chooses the
 * pattern cannot make an application equal to anything else, and each assertion of kernel/residuals.aiur is needed for that.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { execute } from '../../aiur/vm/interpreter.js'
import { executeWasm } from '../../aiur/wasm/engine.js'
import type { Declaration, Expr } from '../../lean/declaration.js'
import { app, axiom, c, definition, lam, param, pi, sort, succ, v, zero } from '../ixon/declarations.js'
import { family, lams, pis, recursor, TYPE } from './inductive-types.js'
import { checkOne, environmentOf } from './kernel-run.js'
import { apply, comparison, constant, literal, programWith, same, type Term } from './library-terms.js'
import type { Mutation } from './mutation.js'

/** Functions are specialised when they are applied a second time. */
const AT_ONCE = 'fn enough() -> G { 1 }'

const int = (value: bigint): Term =>
  value < 0n ? apply('Int.negSucc', literal(-value - 1n)) : apply('Int.ofNat', literal(value))
const truth = (value: boolean): Term => constant(value ? 'Bool.true' : 'Bool.false')

interface Computed {
  readonly term: Term
  readonly value: bigint
}

const size = (value: bigint): bigint => (value < 0n ? -value : value)
const remainder = (a: bigint, b: bigint): bigint => (b === 0n ? a : ((a % b) + size(b)) % size(b))
const quotient = (a: bigint, b: bigint): bigint => (b === 0n ? 0n : (a - remainder(a, b)) / b)

const OPERATIONS: readonly (readonly [string, (a: bigint, b: bigint) => bigint])[] = [
  ['Int.add', (a, b) => a + b],
  ['Int.sub', (a, b) => a - b],
  ['Int.mul', (a, b) => a * b],
  ['Int.ediv', quotient],
  ['Int.emod', remainder],
]

const number = fc.oneof(fc.bigInt(-3n, 3n), fc.bigInt(-(1n << 70n), 1n << 70n))
const computed: fc.Arbitrary<Computed> = fc.letrec<{ tree: Computed }>(tie => ({
  tree: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    number.map(value => ({ term: int(value), value })),
    fc
      .tuple(fc.constantFrom(...OPERATIONS), tie('tree'), tie('tree'))
      .map(([[name, f], a, b]) => ({ term: apply(name, a.term, b.term), value: f(a.value, b.value) })),
    tie('tree').map(a => ({ term: apply('Int.neg', a.term), value: -a.value })),
  ),
})).tree

/** The truth of a decision, by its name and the relation that it decides. */
const less = (relation: string, instance: string, a: Term, b: Term): Term =>
  apply(constant(relation, 0), constant('Int'), constant(instance), a, b)
const decide = (proposition: Term, name: string, a: Term, b: Term): Term =>
  apply('Decidable.decide', proposition, apply(name, a, b))

describe('what operations come to', () => {
  test('on integers', async () => {
    await fc.assert(
      fc.asyncProperty(computed, computed, async (a, b) => {
        expect(await same(a.term, int(a.value), AT_ONCE)).toBe(true)
        expect(await same(a.term, int(a.value + 1n), AT_ONCE)).toBe(false)
        expect(await same(a.term, b.term, AT_ONCE)).toBe(a.value === b.value)
        const [x, y] = [a.term, b.term]
        const equal = apply(constant('Eq', 1), constant('Int'), x, y)
        const cases: readonly [Term, boolean][] = [
          [decide(equal, 'Int.decEq', x, y), a.value === b.value],
          [decide(less('LE.le', 'Int.instLEInt', x, y), 'Int.decLe', x, y), a.value <= b.value],
          [decide(less('LT.lt', 'Int.instLTInt', x, y), 'Int.decLt', x, y), a.value < b.value],
        ]
        for (const [term, value] of cases) {
          expect(await same(term, truth(value), AT_ONCE)).toBe(true)
          expect(await same(term, truth(!value), AT_ONCE)).toBe(false)
        }
      }),
      { numRuns: 4, seed: 20261121 },
    )
  }, 240_000)

  test.each([0n, 1n, 8n, 70n])(
    'on bit vectors of width %i',
    async width => {
      const vector = (value: bigint): Term => apply('BitVec.ofNat', literal(width), literal(value))
      const modulus = 1n << width
      await fc.assert(
        fc.asyncProperty(fc.bigInt(0n, 1n << 71n), fc.bigInt(0n, 1n << 71n), async (a, b) => {
          const on = (name: string, x: Term, y: Term) => apply(name, literal(width), x, y)
          const sum = on('BitVec.add', on('BitVec.mul', vector(a), vector(b)), vector(b))
          const value = (a * b + b) % modulus
          const toNat = (x: Term) => apply('BitVec.toNat', literal(width), x)
          expect(await same(toNat(sum), literal(value), AT_ONCE)).toBe(true)
          expect(await same(toNat(sum), literal(value + 1n), AT_ONCE)).toBe(false)
          const smaller = on('BitVec.ult', vector(a), sum)
          expect(await same(smaller, truth(a % modulus < value), AT_ONCE)).toBe(true)
          expect(await same(smaller, truth(a % modulus >= value), AT_ONCE)).toBe(false)
        }),
        { numRuns: 2, seed: 20261121 },
      )
    },
    240_000,
  )

  test('applied to too few arguments', async () => {
    const [two, three] = [apply('Int.add', int(2n)), apply('Int.add', int(3n))]
    expect(await same(two, apply('Int.add', apply('Int.neg', int(-2n))), AT_ONCE)).toBe(true)
    expect(await same(two, three, AT_ONCE)).toBe(false)
  })

  test('the engines agree on them, row for row', async () => {
    const sum = (n: bigint): Term =>
      n === 0n ? int(0n) : apply('Int.sub', int(-n), apply('Int.mul', int(n), sum(n - 1n)))
    const { args, io } = comparison(sum(6n), int(sum6()))
    const program = programWith(AT_ONCE)
    const [slow, fast] = [
      execute(program, 'same', args, io),
      await executeWasm(program, 'same', args, comparison(sum(6n), int(sum6())).io),
    ]
    if (!slow.ok || !fast.ok) throw new Error('the comparison failed')
    expect([slow.outputs, fast.outputs]).toEqual([[1n], [1n]])
    const used = (record: typeof slow.record | typeof fast.record) =>
      record.functions.map(table => [table.usedRows(), table.uses()])
    expect(used(fast.record)).toEqual(used(slow.record))
    expect(slow.record.functions[program.functionIndex.get('residual')!]!.usedRows()).toBeGreaterThan(0)
  })
})

function sum6(): bigint {
  let value = 0n
  for (let n = 1n; n <= 6n; n++) value = -n - n * value
  return value
}

// -------------------------------------------------------------------------------------------------- patterns by advice

/** Advice that specialises whatever has so many arguments by these forms: 0 unused, 1 variable, 2 opened, 3 kept. */
function specialised(...forms: readonly number[]): Mutation[] {
  const list = (head: (form: number) => string): string =>
    forms.reduceRight((rest, form) => `store(List.Cons(${head(form)}, ${rest}))`, 'store(List.Nil)')
  return [
    {
      file: 'residual_plan.aiur',
      from: 'fn plan(h: &Expr, args: Exprs) -> &List‹G› {\n',
      to: `fn plan(h: &Expr, args: Exprs) -> &List‹G› { ${list(String)} }

fn honest_plan(h: &Expr, args: Exprs) -> &List‹G› {\n`,
    },
    {
      file: 'whnf.aiur',
      from: 'fn unfolding_shape(h: &Expr, val: &Expr, args: Exprs, mode: G) -> G {\n',
      to: `fn unfolding_shape(h: &Expr, val: &Expr, args: Exprs, mode: G) -> G {
  match mode {
    4 => 0,
    _ => 2 * list_has(args, ${forms.length}),
  }
}

fn honest_shape(h: &Expr, val: &Expr, args: Exprs, mode: G) -> G {\n`,
    },
  ]
}

const A = c('A')
const BASE: readonly Declaration[] = [
  axiom('A', TYPE),
  axiom('a', A),
  axiom('b', A),
  axiom('D', pi(A, TYPE)),
  definition('first', pis([A, A], A), lams([A, A], v(1))),
  definition('firstType', pis([TYPE, TYPE], TYPE), lams([TYPE, TYPE], v(1))),
]
/** T is well typed exactly when x = y. */
const equal = (x: Expr, y: Expr): Declaration[] => [
  ...BASE,
  axiom('d', app(c('D'), y)),
  definition('T', app(c('D'), x), c('d')),
]
const first = (x: string, y: string): Expr => app(c('first'), c(x), c(y))

const u = param('u')
/** A type with two constructors without fields. */
const TWO: readonly Declaration[] = [
  ...family({
    name: 'Two',
    type: TYPE,
    ctors: { l: { type: c('Two'), fields: 0 }, r: { type: c('Two'), fields: 0 } },
  }),
  (() => {
    const cases = [pi(c('Two'), sort(u)), app(v(0), c('Two.l')), app(v(1), c('Two.r'))]
    return recursor({
      name: 'Two.rec',
      all: ['Two'],
      levels: ['u'],
      minors: 2,
      type: pis([...cases, c('Two')], app(v(3), v(0))),
      rules: [
        { ctor: 'Two.l', fields: 0, rhs: lams(cases, v(1)) },
        { ctor: 'Two.r', fields: 0, rhs: lams(cases, v(0)) },
      ],
    })
  })(),
  definition(
    'choose',
    pis([A, A, c('Two')], A),
    lams([A, A, c('Two')], app(c('Two.rec', succ(zero)), lam(c('Two'), A), v(2), v(1), v(0))),
  ),
]
const choose = (side: string): Expr => app(c('choose'), c('a'), c('b'), c(side))

describe('patterns by advice', () => {
  test.each([
    [1, 1],
    [1, 0],
    [3, 3],
    [3, 1],
    [1, 3],
  ])('forms %i %i are right', (x, y) => {
    const mutation = specialised(x, y)
    expect(checkOne(environmentOf(equal(first('a', 'b'), c('a'))), 'T', { mutation })).toBe('accepted')
    expect(checkOne(environmentOf(equal(first('a', 'b'), c('b'))), 'T', { mutation })).not.toBe('accepted')
  })

  test('an opened argument is the constructor that it reduces to', () => {
    const mutation = specialised(1, 1, 2)
    for (const [side, value, other] of [
      ['Two.l', 'a', 'b'],
      ['Two.r', 'b', 'a'],
    ] as const) {
      const of = (x: string) => environmentOf([...equal(choose(side), c(x)), ...TWO])
      expect(checkOne(of(value), 'T', { mutation })).toBe('accepted')
      expect(checkOne(of(other), 'T', { mutation })).not.toBe('accepted')
    }
  })

  test('what does not reduce to a constructor is not opened', () => {
    const open = definition(
      'S',
      pis([c('Two'), app(c('D'), app(c('choose'), c('a'), c('b'), v(0)))], app(c('D'), c('a'))),
      lams([c('Two'), app(c('D'), app(c('choose'), c('a'), c('b'), v(0)))], v(0)),
    )
    const environment = environmentOf([...BASE, ...TWO, open])
    expect(checkOne(environment, 'S', { mutation: specialised(1, 1, 2) })).not.toBe('accepted')
  })

  test('a residual mentions none of the variables that are said to be unused', () => {
    // The assertion is a second line: such a variable becomes a bound one below zero, which has no bounds.
    const forged = environmentOf(equal(first('a', 'b'), first('b', 'a')))
    expect(checkOne(forged, 'T')).not.toBe('accepted')
    expect(checkOne(forged, 'T', { mutation: specialised(0, 0) })).not.toBe('accepted')
  })

  test('what a pattern keeps has no free variables', () => {
    // Applies the variable 0 of type firstType X (A -> A), X a type that is also a variable.
    const type = app(c('firstType'), v(0), pi(A, A))
    const forged = environmentOf([
      ...BASE,
      definition('T', pis([TYPE, type], A), lams([TYPE, type], app(v(0), c('a')))),
    ])
    const without: Mutation = {
      file: 'residuals.aiur',
      from: '      assert_eq!(fvar_bound(x), 0);\n',
      to: '',
    }
    const lie = specialised(3, 1)
    expect(checkOne(forged, 'T')).not.toBe('accepted')
    expect(checkOne(forged, 'T', { mutation: lie })).not.toBe('accepted')
    expect(checkOne(forged, 'T', { mutation: [...lie, without] })).toBe('accepted')
  })

  test('what a pattern keeps has its type there', () => {
    // Keeps a function on A where its type says X, which the pattern leaves variable. Right all the same: at its values the
    // pattern is the application. Without the assertion that would have to be argued rule by rule.
    const keep: Declaration[] = [
      ...BASE,
      definition('second', pis([TYPE, pi(v(0), TYPE)], pi(v(1), TYPE)), lams([TYPE, pi(v(0), TYPE)], v(0))),
      definition('T', app(c('second'), A, lam(A, A), c('a')), c('b')),
    ]
    const without: Mutation = {
      file: 'residuals.aiur',
      from: '      assert_eq!(fvar_bound(d), 0);\n',
      to: '',
    }
    expect(checkOne(environmentOf(keep), 'T')).toBe('accepted')
    expect(checkOne(environmentOf(keep), 'T', { mutation: specialised(3, 3) })).toBe('accepted')
    expect(checkOne(environmentOf(keep), 'T', { mutation: specialised(1, 3) })).not.toBe('accepted')
    expect(checkOne(environmentOf(keep), 'T', { mutation: [...specialised(1, 3), without] })).toBe('accepted')
  })

  test('rule K is for recursors that have it', () => {
    const lie: Mutation = {
      file: 'iota.aiur',
      from: 'fn recursor_shape(h: &Expr, k: G, args: Exprs, mode: G) -> G {\n',
      to: `fn recursor_shape(h: &Expr, k: G, args: Exprs, mode: G) -> G { 1 }

fn honest_recursor_shape(h: &Expr, k: G, args: Exprs, mode: G) -> G {\n`,
    }
    const without: Mutation = { file: 'iota.aiur', from: '          assert_eq!(k, 1);\n', to: '' }
    const forged = environmentOf([...equal(choose('Two.r'), c('a')), ...TWO])
    expect(checkOne(forged, 'T')).not.toBe('accepted')
    expect(checkOne(forged, 'T', { mutation: lie })).not.toBe('accepted')
    expect(checkOne(forged, 'T', { mutation: [lie, without] })).toBe('accepted')
  })
})

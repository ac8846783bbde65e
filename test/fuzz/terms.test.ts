/**
 * Random well-typed terms: what they are is known from evaluating them as functions of JavaScript. A closed number is
 * equal by conversion to its numeral and to no other, under binders too.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Declaration, Expr } from '../../lean/declaration.js'
import { app, c, definition, lam, pi, succ, v, zero } from '../ixon/declarations.js'
import { family, lams, N, naturalRecursor, PROP, pis } from '../kernel/inductive-types.js'
import { checkOne, environmentOf } from '../kernel/kernel-run.js'
import { SEED } from './corpora.js'

/** Numbers and functions. */
type Type = 'N' | { readonly from: Type; readonly to: Type }

const FUNCTION: Type = { from: 'N', to: 'N' }
const TYPES: readonly Type[] = ['N', FUNCTION, { from: FUNCTION, to: 'N' }, { from: 'N', to: FUNCTION }]

type Value = number | ((x: Value) => Value)
/** What a term is, given the values of its variables, innermost first. */
type Meaning = (variables: readonly Value[]) => Value

interface Sample {
  readonly term: Expr
  readonly value: Meaning
}

const typeExpr = (type: Type): Expr => (type === 'N' ? c('N') : pi(typeExpr(type.from), typeExpr(type.to)))
const same = (a: Type, b: Type): boolean =>
  a === 'N' || b === 'N' ? a === b : same(a.from, b.from) && same(a.to, b.to)

/** The recursor of numbers at a constant motive. */
const recursor = (type: Type, base: Expr, step: Expr, n: Expr): Expr =>
  app(c('N.rec', succ(zero)), lam(c('N'), typeExpr(type)), base, step, n)

function repeat(base: Value, step: Value, times: Value): Value {
  let result = base
  for (let i = 0; i < (times as number); i++)
    result = ((step as (x: Value) => Value)(i) as (x: Value) => Value)(result)
  return result
}

/** Terms of a type in a context, types innermost first. */
function terms(type: Type, context: readonly Type[], depth: number): fc.Arbitrary<Sample> {
  const leaves: fc.Arbitrary<Sample>[] = context.flatMap((known, i) =>
    same(known, type) ? [fc.constant({ term: v(i), value: (env: readonly Value[]) => env[i]! })] : [],
  )
  if (type === 'N') leaves.push(fc.constant({ term: c('N.zero'), value: () => 0 }))
  const abstraction = (below: number): fc.Arbitrary<Sample> => {
    const { from, to } = type as Exclude<Type, 'N'>
    return terms(to, [from, ...context], below).map(({ term, value }) => ({
      term: lam(typeExpr(from), term),
      value: env => x => value([x, ...env]),
    }))
  }
  if (depth === 0) return leaves.length > 0 ? fc.oneof(...leaves) : abstraction(0)
  const inner = depth - 1
  const more: fc.Arbitrary<Sample>[] = [
    // an application
    fc.constantFrom(...TYPES).chain(from =>
      fc.tuple(terms({ from, to: type }, context, inner), terms(from, context, inner)).map(([f, x]) => ({
        term: app(f.term, x.term),
        value: (env: readonly Value[]) => (f.value(env) as (x: Value) => Value)(x.value(env)),
      })),
    ),
    // a definition in place
    fc.constantFrom(...TYPES).chain(bound =>
      fc.tuple(terms(bound, context, inner), terms(type, [bound, ...context], inner)).map(
        ([x, body]): Sample => ({
          term: {
            kind: 'let',
            binder: { kind: 'anonymous' },
            type: typeExpr(bound),
            value: x.term,
            body: body.term,
            nondep: false,
          } as Expr,
          value: env => body.value([x.value(env), ...env]),
        }),
      ),
    ),
    // a recursion
    fc
      .tuple(
        terms(type, context, inner),
        terms({ from: 'N', to: { from: type, to: type } }, context, inner),
        terms('N', context, Math.min(inner, 1)),
      )
      .map(([base, step, n]) => ({
        term: recursor(type, base.term, step.term, n.term),
        value: (env: readonly Value[]) => repeat(base.value(env), step.value(env), n.value(env)),
      })),
  ]
  if (type === 'N')
    more.push(
      terms('N', context, inner).map(({ term, value }) => ({
        term: app(c('N.succ'), term),
        value: env => (value(env) as number) + 1,
      })),
    )
  else more.push(abstraction(inner))
  return fc.oneof(...leaves, ...more)
}

const numeral = (n: number): Expr => {
  let term = c('N.zero')
  for (let i = 0; i < n; i++) term = app(c('N.succ'), term)
  return term
}

/** Same : N -> N -> Prop with same : (n : N) -> Same n n. */
const SAME: readonly Declaration[] = family({
  name: 'Same',
  type: pis([c('N'), c('N')], PROP),
  params: 1,
  indices: 1,
  ctors: { same: { type: pi(c('N'), app(c('Same'), v(0), v(0))), fields: 0 } },
})

/** `for all numbers, a is b`, by reflexivity. */
function accepted(bound: number, a: Expr, b: Expr): boolean {
  const binders = Array.from({ length: bound }, () => c('N'))
  const statement = definition(
    'statement',
    pis(binders, app(c('Same'), a, b)),
    lams(binders, app(c('Same.same'), a)),
  )
  const environment = environmentOf([
    ...N,
    naturalRecursor(),
    ...SAME,
    { ...statement, kind: 'theorem' } as Declaration,
  ])
  return checkOne(environment, 'statement') === 'accepted'
}

const MOST = 40

test('closed numbers are their numerals', () => {
  console.log(`seed ${SEED}`)
  let decided = 0
  fc.assert(
    fc.property(terms('N', [], 4), fc.integer({ min: 1, max: 3 }), ({ term, value }, off) => {
      const n = value([]) as number
      fc.pre(n <= MOST)
      decided++
      expect(accepted(0, term, numeral(n))).toBe(true)
      expect(accepted(0, term, numeral(n >= off ? n - off : n + off))).toBe(false)
    }),
    { numRuns: 60, seed: SEED },
  )
  expect(decided).toBeGreaterThanOrEqual(60)
})

test('what is equal for all numbers is equal for each', () => {
  let equal = 0
  const open = terms('N', ['N', 'N'], 2)
  fc.assert(
    fc.property(open, open, (a, b) => {
      const points = [0, 1, 2, 3].flatMap(x => [0, 1, 2].map(y => [x, y]))
      const agree = points.every(point => a.value(point) === b.value(point))
      const held = accepted(2, a.term, b.term)
      if (held) equal++
      // Conversion need not find every equality, but what it finds holds at every point.
      if (held) expect(agree).toBe(true)
      expect(accepted(2, a.term, a.term)).toBe(true)
    }),
    { numRuns: 60, seed: SEED },
  )
  expect(equal).toBeGreaterThan(5)
})

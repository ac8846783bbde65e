/** Constants that are right and applied often: what is asked about a residual has an answer whatever they look like. */
import { describe, expect, test } from 'vitest'
import type { Declaration, Expr } from '../../lean/declaration.js'
import { parseName } from '../../lean/name.js'
import { app, axiom, c, definition, lam, param, pi, sort, succ, v, zero } from '../ixon/declarations.js'
import { family, lams, N, naturalRecursor, pis, recursor, TYPE, TYPE1 } from './inductive-types.js'
import { checkOne, environmentOf } from './kernel-run.js'

/** More often than a function and one of its patterns are to be met. */
const OFTEN = 24

const A = c('A')
const S = c('S')
const SUCC_TWICE = lams([c('N'), c('N')], app(c('N.succ'), app(c('N.succ'), v(0))))
const proj = (structure: string, field: number, expr: Expr): Expr => ({
  kind: 'proj',
  structure: parseName(structure),
  field,
  expr,
})

/** S has a method and a tag, P a type and an element of A. */
const BASE: readonly Declaration[] = [
  axiom('A', TYPE),
  axiom('a', A),
  axiom('s', pi(A, A)),
  definition('first', pis([A, A], A), lams([A, A], v(1))),
  definition('same', pi(A, A), lam(A, v(0))),
  ...family({ name: 'S', type: TYPE, ctors: { mk: { type: pis([pi(A, A), A], S), fields: 2 } } }),
  ...family({ name: 'P', type: TYPE1, ctors: { mk: { type: pis([TYPE, A], c('P')), fields: 2 } } }),
]

/** Different elements of A. */
const element = (i: number): Expr => (i === 0 ? c('a') : app(c('s'), element(i - 1)))
/** A structure with a method. */
const structure = (i: number): Expr => app(c('S.mk'), c('s'), element(i))

/** T applies a variable of type `type(i)`, which comes to A -> A, for each i. It is below one variable of type A. */
function applied(type: (i: number) => Expr, safety: 'safe' | 'unsafe' = 'safe'): Declaration {
  const types = [A, ...Array.from({ length: OFTEN }, (_, i) => type(i))]
  let body = c('a')
  for (let i = 0; i < OFTEN; i++) body = app(c('first'), app(v(i), c('a')), body)
  return definition('T', pis(types, A), lams(types, body), safety)
}

/** A constant is accepted as often as its function is applied, with residuals and without. */
function expectAccepted(declarations: readonly Declaration[]): void {
  const environment = environmentOf([...BASE, ...declarations])
  const without = {
    file: 'whnf.aiur',
    from: 'fn is_planned(h: &Expr, args: Exprs) -> G {\n',
    to: 'fn is_planned(h: &Expr, args: Exprs) -> G { 0 }\n\nfn honestly_planned(h: &Expr, args: Exprs) -> G {\n',
  }
  expect(checkOne(environment, 'T', { mutation: without })).toBe('accepted')
  expect(checkOne(environment, 'T')).toBe('accepted')
}

describe('functions applied often', () => {
  const get = definition('get', pis([S, A], A), lam(S, proj('S', 0, v(0))))

  test('a method whose type is a definition', () => {
    for (const used of [v(1), structure(0)])
      expectAccepted([
        definition('Getter', TYPE, pis([S, A], A)),
        definition('get', c('Getter'), lam(S, proj('S', 0, v(0)))),
        definition(
          'f',
          pis([S, A], c('P')),
          lams([S, A], app(c('P.mk'), pi(A, A), app(c('same'), app(c('get'), used, v(0))))),
        ),
        applied(i => proj('P', 0, app(c('f'), structure(0), element(i)))),
      ])
  })

  test.each(['unsafe', 'safe'] as const)('a method that needs its own instance, which is %s', safety => {
    const method = (inner: Expr): Expr => app(c('same'), app(c('get'), inner, app(c('s'), v(0))))
    expectAccepted([
      get,
      definition(
        'inst',
        S,
        app(c('S.mk'), lam(A, method(safety === 'unsafe' ? c('inst') : structure(0))), c('a')),
        safety,
      ),
      definition(
        'f',
        pi(A, c('P')),
        lam(A, app(c('P.mk'), pi(A, A), app(c('same'), app(c('get'), c('inst'), v(0))))),
        safety,
      ),
      applied(i => proj('P', 0, app(c('f'), element(i))), safety),
    ])
  })

  test('a method that recurses where nobody looks', () => {
    const double = (n: Expr): Expr =>
      app(c('N.rec', succ(zero)), lam(c('N'), c('N')), c('N.zero'), SUCC_TWICE, n)
    let large = app(c('N.succ'), c('N.zero'))
    for (let i = 0; i < 24; i++) large = double(large)
    const method = app(c('N.rec', succ(zero)), lam(c('N'), A), v(0), lams([c('N'), A], v(0)), c('large'))
    expectAccepted([
      get,
      ...N,
      naturalRecursor(),
      definition('large', c('N'), large),
      definition('inst', S, app(c('S.mk'), lam(A, method), c('a'))),
      definition('f', pi(A, c('P')), lam(A, app(c('P.mk'), pi(A, A), app(c('get'), c('inst'), v(0))))),
      applied(i => proj('P', 0, app(c('f'), element(i)))),
    ])
  })

  test('a match on a type of that name that is no type of numbers', () => {
    // Nat without constructors.
    const recurse = recursor({
      name: 'Nat.rec',
      all: ['Nat'],
      levels: ['u'],
      type: pis([pi(c('Nat'), sort(param('u'))), c('Nat')], app(v(1), v(0))),
      minors: 0,
      rules: [],
    })
    const stuck = (i: number, n: Expr): Expr => proj('P', 0, app(c('f'), element(i), n))
    const types = [c('Nat'), ...Array.from({ length: OFTEN }, (_, i) => app(c('sameType'), stuck(i, v(i))))]
    let body = c('a')
    for (let i = 0; i < OFTEN; i++) body = app(c('hold'), stuck(OFTEN - 1 - i, v(OFTEN)), v(i), body)
    expectAccepted([
      ...family({ name: 'Nat', type: TYPE, ctors: {} }),
      recurse,
      definition('sameType', pi(TYPE, TYPE), lam(TYPE, v(0))),
      axiom('hold', pis([TYPE, v(0), A], A)),
      definition(
        'f',
        pis([A, c('Nat')], c('P')),
        lams([A, c('Nat')], app(c('Nat.rec', succ(succ(zero))), lam(c('Nat'), c('P')), v(0))),
      ),
      definition('T', pis(types, A), lams(types, body)),
    ])
  })

  test('a closed function on a type that is not closed', () => {
    const use = lam(S, app(c('P.mk'), pi(A, A), app(proj('S', 0, v(0)), c('a'))))
    expectAccepted([
      definition('K', pi(A, TYPE), lam(A, S)),
      definition(
        'f',
        pis([TYPE, pi(v(0), c('P')), v(1)], c('P')),
        lams([TYPE, pi(v(0), c('P')), v(1)], app(v(1), v(0))),
      ),
      // Variable i + 0 is the one of type A.
      applied(i => proj('P', 0, app(c('f'), app(c('K'), v(i)), use, structure(i)))),
    ])
  })
})

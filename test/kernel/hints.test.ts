/** Reducibility hints are advice: with whatever hints, a verdict is what it is without any. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Expr, Hints } from '../../lean/declaration.js'
import { app, axiom, c, definition, lam, pi, v } from '../ixon/declarations.js'
import { PROP, pis, TYPE } from './inductive-types.js'
import { checkOne, environmentOf } from './kernel-run.js'

const A = c('A')

/** T is well typed exactly when x is g a, by way of definitions over definitions. */
function over(x: Expr) {
  return environmentOf([
    axiom('A', TYPE),
    axiom('P', PROP),
    axiom('a', A),
    axiom('g', pi(A, A)),
    axiom('D', pi(A, TYPE)),
    definition('twice', pi(A, A), lam(A, app(c('g'), app(c('g'), v(0))))),
    definition('same', pi(A, A), lam(A, v(0))),
    definition('first', pis([A, A], A), lam(A, lam(A, app(c('same'), v(1))))),
    definition('other', pi(A, A), lam(A, app(c('first'), app(c('g'), v(0)), app(c('twice'), v(0))))),
    axiom('d', app(c('D'), app(c('other'), c('a')))),
    definition('T', app(c('D'), x), c('d')),
  ])
}

const good = over(app(c('same'), app(c('g'), app(c('same'), c('a')))))
const bad = [app(c('twice'), c('a')), app(c('first'), c('a'), app(c('g'), c('a')))].map(over)

const hints = fc.oneof(
  fc.constantFrom<Hints>({ kind: 'opaque' }, { kind: 'abbrev' }),
  fc.integer({ min: 0, max: 2 ** 32 - 1 }).map((height): Hints => ({ kind: 'regular', height })),
)

test('hints decide nothing', () => {
  fc.assert(
    fc.property(fc.func(hints), hint => {
      expect(checkOne(good, 'T', { hint })).toBe('accepted')
      for (const environment of bad)
        expect(checkOne(environment, 'T', { hint })).toMatch(/does not have the type/)
    }),
    { numRuns: 40 },
  )
})

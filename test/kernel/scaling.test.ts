/** Families of terms that a naive checker takes quadratic or exponential time for: twice the size, about twice the cost. */
import { expect, test } from 'vitest'
import { report } from '../../aiur/circuit/cost.js'
import { compileEnvironment } from '../../ixon/compile/compile.js'
import { Environment } from '../../ixon/environment.js'
import { check } from '../../kernel/check.js'
import type { Expr } from '../../lean/declaration.js'
import { app, bind, Declarations, lam, PROP, pi, sort, v } from './scaling.js'

async function costOf(declarations: Declarations): Promise<number> {
  const environment = Environment.fromData(compileEnvironment(declarations), 'scaling')
  const target = { kind: 'constants', addresses: [...environment.addresses()] } as const
  const { status, failed, undecided, run } = await check({ environment, target })
  expect({ status, failed, undecided }).toEqual({ status: 'accepted', failed: [], undecided: [] })
  return report(run!.layout, run!.record).cost.total
}

type Family = (n: number) => Declarations

/** The value that n steps from a start make, as a definition of type Prop beside axioms p and f : Prop → Prop → Prop. */
function proposition(build: (n: number, f: Expr, p: Expr) => Expr): Family {
  return n => {
    const all = new Declarations()
    const f = all.axiom('f', pi(PROP, pi(PROP, PROP)))
    const p = all.axiom('p', PROP)
    all.definition('d', PROP, build(n, f, p))
    return all
  }
}

/** A theorem whose statement P left has the proof of P right; `build` may make definitions on A with f : A → A → A. */
function conversion(
  build: (n: number, all: Declarations, A: Expr, f: Expr, x: Expr) => readonly [Expr, Expr],
): Family {
  return n => {
    const all = new Declarations()
    const A = all.axiom('A', sort(1))
    const f = all.axiom('f', pi(A, pi(A, A)))
    const x = all.axiom('x', A)
    const P = all.axiom('P', pi(A, PROP))
    const [left, right] = build(n, all, A, f, x)
    all.theorem('t', app(P, left), all.axiom('h', app(P, right)))
    return all
  }
}

function repeat(n: number, start: Expr, step: (e: Expr, i: number) => Expr): Expr {
  let e = start
  for (let i = 0; i < n; i++) e = step(e, i)
  return e
}

const FAMILIES: readonly (readonly [string, number, Family])[] = [
  // A tree of 2^n nodes.
  ['shared subterms', 1000, proposition((n, f, p) => repeat(n, p, e => app(f, e, e)))],
  [
    'let ladder',
    1000,
    proposition((n, f, p) => repeat(n, v(0), (e, i) => bind(PROP, i === n - 1 ? p : app(f, v(0), v(0)), e))),
  ],
  [
    'beta ladder',
    1000,
    proposition((n, f, p) =>
      repeat(n, v(0), (e, i) => app(lam(PROP, e), i === n - 1 ? p : app(f, v(0), v(0)))),
    ),
  ],
  [
    'shift cascade',
    500,
    n => {
      const all = new Declarations()
      const type = repeat(n, PROP, t => pi(PROP, t))
      all.definition(
        'd',
        pi(PROP, type),
        lam(
          PROP,
          repeat(n, v(0), e => app(lam(PROP, lam(PROP, e)), v(0))),
        ),
      )
      return all
    },
  ],
  [
    'one subproblem in 2^n places',
    100,
    conversion((n, all, A, f, x) => {
      const id = all.definition('id', pi(A, A), lam(A, v(0)))
      const tree = (leaf: Expr): Expr => repeat(n, leaf, e => app(f, e, e))
      return [tree(app(id, x)), tree(x)]
    }),
  ],
  [
    'arguments before definitions that double',
    40,
    conversion((n, all, A, f, x) => {
      const id = all.definition('id', pi(A, A), lam(A, v(0)))
      const first = all.definition('F0', pi(A, A), lam(A, app(f, v(0), v(0))))
      const tower = repeat(n, first, (g, i) =>
        all.definition(`F${i + 1}`, pi(A, A), lam(A, app(g, app(g, v(0)))), i + 2),
      )
      return [app(tower, app(id, x)), app(tower, x)]
    }),
  ],
]

test.each(FAMILIES)('%s', async (_, n, family) => {
  const small = await costOf(family(n))
  expect((await costOf(family(2 * n))) / small).toBeLessThan(2.5)
})

test('Church numerals multiply', async () => {
  const all = new Declarations()
  const A = all.axiom('A', sort(1))
  const numerals = pi(pi(A, A), pi(A, A))
  const P = all.axiom('P', pi(numerals, PROP))
  const numeral = (n: number): Expr =>
    lam(
      pi(A, A),
      lam(
        A,
        repeat(n, v(0), e => app(v(1), e)),
      ),
    )
  const times = all.definition(
    'times',
    pi(numerals, pi(numerals, numerals)),
    lam(numerals, lam(numerals, lam(pi(A, A), app(v(2), app(v(1), v(0)))))),
  )
  const h = all.axiom('h', app(P, numeral(60 * 61)))
  all.theorem('t', app(P, app(times, numeral(60), numeral(61))), h)
  await costOf(all)
})

test('a term 50,000 deep', async () => {
  const all = new Declarations()
  const f = all.axiom('f', pi(PROP, PROP))
  all.definition(
    'd',
    PROP,
    repeat(50_000, all.axiom('p', PROP), e => app(f, e)),
  )
  await costOf(all)
})

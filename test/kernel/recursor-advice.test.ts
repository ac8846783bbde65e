/**
 * Which fields of a constructor are recursive is found by reduction, and how far a term reduces depends on advice. A prover
 * that lets the type of a field reduce for a minor premise and not for the rule must not get a rule without hypothesis.
 */
import { expect, test } from 'vitest'
import type { Declaration, Expr } from '../../lean/declaration.js'
import {
  app,
  axiom,
  c,
  definition,
  lam,
  NAT_DECLARATIONS,
  nat,
  param,
  pi,
  sort,
  succ,
  v,
  zero,
} from '../ixon/declarations.js'
import { family, lams, PROP, pis, recursor, reflexive, TYPE } from './inductive-types.js'
import { checkOne, environmentOf } from './kernel-run.js'
import type { Mutation } from './mutation.js'

const u = param('u')

/** Is : N -> N -> Prop, the equality of numbers, with its recursor, which has rule K. */
function equality(): Declaration[] {
  const is = (a: Expr, b: Expr) => app(c('Is'), a, b)
  const cases = [c('N'), pis([c('N'), is(v(1), v(0))], sort(u)), app(v(0), v(1), app(c('Is.refl'), v(1)))]
  return [
    ...family({
      name: 'Is',
      type: pis([c('N'), c('N')], PROP),
      params: 1,
      indices: 1,
      ctors: { refl: { type: pi(c('N'), is(v(0), v(0))), fields: 0 } },
    }),
    recursor({
      name: 'Is.rec',
      all: ['Is'],
      levels: ['u'],
      type: pis([...cases, c('N'), is(v(3), v(0))], app(v(3), v(1), v(0))),
      params: 1,
      indices: 1,
      minors: 1,
      rules: [{ ctor: 'Is.refl', fields: 0, rhs: lams(cases, v(0)) }],
      k: true,
    }),
  ]
}

/** T : Type over functions from N to what rule K makes T of, and its recursor with or without the hypothesis in its rule. */
function disguised(hypothesis: boolean): Declaration[] {
  const cast = app(
    c('Is.rec', succ(succ(zero))),
    v(0),
    lams([c('N'), app(c('Is'), v(1), v(0))], TYPE),
    c('T'),
    v(0),
    app(c('same'), v(0)),
  )
  const values = lam(c('N'), app(c('T.rec', u), v(3), v(2), app(v(1), v(0))))
  const value = hypothesis ? app(v(1), v(0), values) : app(v(1), v(0))
  return [
    ...equality(),
    axiom('same', pi(c('N'), app(c('Is'), v(0), v(0)))),
    ...reflexive(pi(c('N'), cast), value),
  ]
}

/** Advice that finds nothing equal at the levels that only rules open: rule K does not apply there. */
const LIE: Mutation = {
  file: 'lazy_delta.aiur',
  from: 'fn holds(a: &Expr, b: &Expr) -> G {\n',
  to: `fn holds(a: &Expr, b: &Expr) -> G {
  match less_small(65538, fresh_level(a, b)) {
    0 => honestly_holds(a, b),
    _ => is_a_function(a) * honestly_holds(a, b),
  }
}

fn is_a_function(a: &Expr) -> G {
  match load(a) {
    Expr.Pi(_, _) => 1,
    _ => 0,
  }
}

fn honestly_holds(a: &Expr, b: &Expr) -> G {
`,
}

test('a rule leaves out a hypothesis by advice', () => {
  const without: Mutation = {
    file: 'recursor_rules.aiur',
    from: '  check_has_type(expected, conclusion);\n',
    to: '',
  }
  expect(checkOne(environmentOf(disguised(true)), 'T.rec')).toBe('accepted')
  const forged = environmentOf(disguised(false))
  expect(checkOne(forged, 'T.rec')).toMatch(/type that is expected|rule differs/)
  expect(checkOne(forged, 'T.rec', { mutation: LIE })).toMatch(/type that is expected|rule differs/)
  expect(checkOne(forged, 'T.rec', { mutation: [LIE, without] })).toBe('accepted')
})

/**
 * A case distinction on numbers as a recursor. A prover that stores the type of a field twice gets it: the field is not
 * recognised as recursive, for the minor premise and for the rule. It is sound, but its steps have no hypothesis, so that
 * `fun _ x => Nat.succ x` is no step that could be taken n times.
 */
test('a recursor without hypothesis does not take all steps at once', () => {
  const CASES: Mutation = {
    file: 'recursor_type.aiur',
    from: '  let occurs = mentions(ty, members);\n  match occurs {\n    0 => 0,\n    1 => ends_in_block',
    to: '  let occurs = mentions(ty, members) * 0;\n  match occurs {\n    0 => 0,\n    1 => ends_in_block',
  }
  const NAT = c('Nat')
  const cases = [pi(NAT, sort(u)), app(v(0), c('Nat.zero')), pi(NAT, app(v(2), app(c('Nat.succ'), v(0))))]
  const functions = pi(NAT, NAT)
  const successor = lam(NAT, app(c('Nat.succ'), v(0)))
  const environment = environmentOf([
    ...NAT_DECLARATIONS,
    recursor({
      name: 'Nat.rec',
      all: ['Nat'],
      levels: ['u'],
      type: pis([...cases, NAT], app(v(3), v(0))),
      minors: 2,
      rules: [
        { ctor: 'Nat.zero', fields: 0, rhs: lams(cases, v(1)) },
        { ctor: 'Nat.succ', fields: 1, rhs: lams([...cases, NAT], app(v(1), v(0))) },
      ],
    }),
    axiom('P', pi(functions, TYPE)),
    axiom('p', app(c('P'), successor)),
    definition(
      'd',
      app(
        c('P'),
        app(c('Nat.rec', succ(zero)), lam(NAT, functions), lam(NAT, v(0)), lam(NAT, successor), nat(3n)),
      ),
      c('p'),
    ),
  ])
  expect(checkOne(environment, 'Nat.rec')).not.toBe('accepted')
  expect(checkOne(environment, 'Nat.rec', { mutation: CASES })).toBe('accepted')
  expect(checkOne(environment, 'd', { mutation: CASES })).toBe('accepted')
  const ALWAYS: Mutation = {
    file: 'nat_offset.aiur',
    from: 'match step_takes_hypothesis(ty) {',
    to: 'match 1 {',
  }
  expect(checkOne(environment, 'd', { mutation: [CASES, ALWAYS] })).not.toBe('accepted')
})

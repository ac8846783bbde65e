/** Inductive types whose recursors have one motive, as they are and forged. */

import type { Declaration, Expr, Level } from '../../lean/declaration.js'
import { app, axiom, c, definition, lam, param, pi, sort, succ, v, zero } from '../ixon/declarations.js'
import {
  family,
  lams,
  N,
  naturalCases,
  naturalRecursor,
  PROP,
  pis,
  type RecursorOf,
  recursor,
  reflexive,
  TYPE,
} from './inductive-types.js'

const u = param('u')

/** The types of the motive and the minor premises of N.rec. */
export const [motive, zeroCase, succCase] = naturalCases() as [Expr, Expr, Expr]

/** N and its recursor, forged in some parts. */
export function forgedNatural(changes: Partial<RecursorOf>): Declaration[] {
  return [...N, naturalRecursor(changes)]
}

/** N.rec with other types of motive and minor premises. */
export function naturalWith(cases: readonly Expr[]): Declaration[] {
  return forgedNatural({ type: pis([...cases, c('N')], app(v(3), v(0))) })
}

/** The rules of N.rec. */
export function naturalRules() {
  const made = naturalRecursor()
  if (made.kind !== 'recursor') throw new Error('not a recursor')
  return made.rules.map((rule, i) => ({
    ctor: i === 0 ? 'N.zero' : 'N.succ',
    fields: rule.numFields,
    rhs: rule.rhs,
  }))
}

/** One : sort with a constructor over some fields, none of them recursive, and a recursor into another sort. */
export function oneCase(
  type: Expr,
  fields: readonly Expr[],
  into: Level,
  changes: Partial<RecursorOf> = {},
): Declaration[] {
  const n = fields.length
  const made = app(c('One.mk'), ...fields.map((_, i) => v(n - 1 - i)))
  const cases = [pi(c('One'), sort(into)), pis(fields, app(v(n), made))]
  return [
    ...N,
    ...family({ name: 'One', type, ctors: { mk: { type: pis(fields, c('One')), fields: n } } }),
    recursor({
      name: 'One.rec',
      all: ['One'],
      levels: into.kind === 'param' ? ['u'] : [],
      type: pis([...cases, c('One')], app(v(2), v(0))),
      minors: 1,
      rules: [
        {
          ctor: 'One.mk',
          fields: n,
          rhs: lams([...cases, ...fields], app(v(n), ...fields.map((_, i) => v(n - 1 - i)))),
        },
      ],
      ...changes,
    }),
  ]
}

/** Box (A : Sort u) : Sort u with a field of type A, and a recursor into another sort: at u = 0 it is a proposition. */
export function boxed(into: Level): Declaration[] {
  const box = (type: Expr): Expr => app(c('Box', u), type)
  const cases = [sort(u), pi(box(v(0)), sort(into)), pi(v(1), app(v(1), app(c('Box.mk', u), v(2), v(0))))]
  return [
    ...family({
      name: 'Box',
      levels: ['u'],
      params: 1,
      type: pi(sort(u), sort(u)),
      ctors: { mk: { type: pis([sort(u), v(0)], box(v(1))), fields: 1 } },
    }),
    recursor({
      name: 'Box.rec',
      all: ['Box'],
      levels: into.kind === 'param' ? ['v', 'u'] : ['u'],
      params: 1,
      minors: 1,
      type: pis([...cases, box(v(2))], app(v(2), v(0))),
      rules: [{ ctor: 'Box.mk', fields: 1, rhs: lams([...cases, v(2)], app(v(1), v(0))) }],
    }),
  ]
}

/** Idx : N -> Prop with mk : (n : N) -> Idx n (or Idx zero), eliminating into any sort. */
export function dataInIndex(index: Expr): Declaration[] {
  const cases = [
    pis([c('N'), app(c('Idx'), v(0))], sort(u)),
    pi(c('N'), app(v(1), index, app(c('Idx.mk'), v(0)))),
  ]
  return [
    ...N,
    ...family({
      name: 'Idx',
      type: pi(c('N'), PROP),
      indices: 1,
      ctors: { mk: { type: pi(c('N'), app(c('Idx'), index)), fields: 1 } },
    }),
    recursor({
      name: 'Idx.rec',
      all: ['Idx'],
      levels: ['u'],
      type: pis([...cases, c('N'), app(c('Idx'), v(0))], app(v(3), v(1), v(0))),
      indices: 1,
      minors: 1,
      rules: [{ ctor: 'Idx.mk', fields: 1, rhs: lams([...cases, c('N')], app(v(1), v(0))) }],
    }),
  ]
}

/** T : Type over functions from N, and its recursor with some hypothesis in the rule. */
export const overNumbers = (hypothesis: Expr): Declaration[] =>
  reflexive(pi(c('N'), c('T')), app(v(1), v(0), lam(c('N'), hypothesis)))

/** Hid : Family, where Family stands for N -> Type, and its recursor. */
export function hiddenIndex(index: Expr): Declaration[] {
  const cases = [pis([c('N'), app(c('Hid'), v(0))], sort(u)), app(v(0), c('N.zero'), c('Hid.mk'))]
  return [
    ...N,
    definition('Family', sort(succ(succ(zero))), pi(c('N'), TYPE)),
    ...family({
      name: 'Hid',
      type: c('Family'),
      indices: 1,
      ctors: { mk: { type: app(c('Hid'), c('N.zero')), fields: 0 } },
    }),
    recursor({
      name: 'Hid.rec',
      all: ['Hid'],
      levels: ['u'],
      type: pis([...cases, c('N'), app(c('Hid'), index)], app(v(3), v(1), v(0))),
      indices: 1,
      minors: 1,
      rules: [{ ctor: 'Hid.mk', fields: 0, rhs: lams(cases, v(0)) }],
    }),
  ]
}

/**
 * B : P -> Type without constructors, for a proposition P with a proof p; its recursor at any proof of P, or at p in front
 * of something else, with this conclusion.
 */
export function indexOf(index: string, proof: Expr, conclusion: Expr = app(v(2), v(1), v(0))): Declaration[] {
  const family1 = app(c('B'), proof)
  return [
    axiom('P', PROP),
    axiom('Q', PROP),
    axiom('p', c('P')),
    ...family({ name: 'B', type: pi(c('P'), TYPE), indices: 1, ctors: {} }),
    recursor({
      name: 'B.rec',
      all: ['B'],
      levels: ['u'],
      indices: 1,
      minors: 0,
      type: pis([pis([c(index), family1], sort(u)), c(index), family1], conclusion),
      rules: [],
    }),
  ]
}

/** Five : N -> N -> N -> N -> N -> Type without constructors, and its recursor. */
export function fiveIndices(): Declaration[] {
  const indices = Array.from({ length: 5 }, () => c('N'))
  const applied = app(c('Five'), v(4), v(3), v(2), v(1), v(0))
  return [
    ...N,
    ...family({ name: 'Five', type: pis(indices, TYPE), indices: 5, ctors: {} }),
    recursor({
      name: 'Five.rec',
      all: ['Five'],
      levels: ['u'],
      type: pis(
        [pis([...indices, applied], sort(u)), ...indices, applied],
        app(v(6), v(5), v(4), v(3), v(2), v(1), v(0)),
      ),
      indices: 5,
      minors: 0,
      rules: [],
    }),
  ]
}

/** Variables of higher levels than a variable's own may not occur in its type: inference would take them for its binders. */
/** Equality and its recursor. */
const EQUALITY: readonly Declaration[] = (() => {
  const equation = (...args: Expr[]): Expr => app(c('Eq', u), ...args)
  const motive = pis([v(1), equation(v(2), v(1), v(0))], sort(param('v')))
  const minor = app(v(0), v(1), app(c('Eq.refl', u), v(2), v(1)))
  return [
    ...family({
      name: 'Eq',
      levels: ['u'],
      type: pis([sort(u), v(0), v(1)], PROP),
      params: 2,
      indices: 1,
      ctors: { refl: { type: pis([sort(u), v(0)], equation(v(1), v(0), v(0))), fields: 0 } },
    }),
    recursor({
      name: 'Eq.rec',
      all: ['Eq'],
      levels: ['v', 'u'],
      params: 2,
      indices: 1,
      minors: 1,
      k: true,
      type: pis([sort(u), v(0), motive, minor, v(3), equation(v(4), v(3), v(0))], app(v(3), v(1), v(0))),
      rules: [{ ctor: 'Eq.refl', fields: 0, rhs: lams([sort(u), v(0), motive, minor], v(0)) }],
    }),
  ]
})()

/**
 * N.rec whose case of succ speaks of `Eq.rec (n + 1) h` for n + 1, where h says that the function `_ => hypothesis` is equal
 * to itself behind an identity: rule K asks for the type of that function.
 */
export function computingHypothesis(): Declaration[] {
  const level: Level = { kind: 'imax', left: succ(zero), right: u }
  const type = (depth: number): Expr => pi(c('N'), app(v(4 + depth), v(2 + depth)))
  const value = (depth: number): Expr => lam(c('N'), v(1 + depth))
  const constant = lams([type(0), app(c('Eq', level), type(1), value(1), v(0))], c('N'))
  const same = app(c('id', level), type(0), value(0))
  const equal = app(c('same', level), type(0), value(0))
  const cast = app(c('Eq.rec', succ(zero), level), type(0), value(0), constant)
  const successor = app(cast, app(c('N.succ'), v(1)), same, equal)
  const identity = pis([sort(u), v(0)], v(1))
  return [
    ...EQUALITY,
    definition('id', identity, lams([sort(u), v(0)], v(0)), 'safe', ['u']),
    axiom('same', pis([sort(u), v(0)], app(c('Eq', u), v(1), v(0), app(c('id', u), v(1), v(0)))), ['u']),
    ...naturalWith([motive, zeroCase, pis([c('N'), app(v(2), v(0))], app(v(3), successor))]),
  ]
}

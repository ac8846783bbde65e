/** Inductive types whose recursors have several motives: blocks and nested types, as they are and forged. */

import type { Declaration, Expr, Level } from '../../lean/declaration.js'
import { app, axiom, c, lam, param, pi, sort, v } from '../ixon/declarations.js'
import { family, lams, N, PROP, pis, recursor, TYPE } from './inductive-types.js'

const u = param('u')

/** Types A and B in one block (B has a field of type A), and their recursors. */
export function mutual(type: Expr, into: Level, recursors: readonly string[] = ['A', 'B']): Declaration[] {
  const all = ['A', 'B']
  const levels = into.kind === 'param' ? ['u'] : []
  const us = into.kind === 'param' ? [u] : []
  const cases = [
    pi(c('A'), sort(into)),
    pi(c('B'), sort(into)),
    app(v(1), c('A.mk')),
    pis([c('A'), app(v(3), v(0))], app(v(3), app(c('B.mk'), v(1)))),
  ]
  const made: Record<string, Declaration> = {
    A: recursor({
      name: 'A.rec',
      all,
      levels,
      type: pis([...cases, c('A')], app(v(4), v(0))),
      motives: 2,
      minors: 2,
      rules: [{ ctor: 'A.mk', fields: 0, rhs: lams(cases, v(1)) }],
    }),
    B: recursor({
      name: 'B.rec',
      all,
      levels,
      type: pis([...cases, c('B')], app(v(3), v(0))),
      motives: 2,
      minors: 2,
      rules: [
        {
          ctor: 'B.mk',
          fields: 1,
          rhs: lams(
            [...cases, c('A')],
            app(v(1), v(0), app(c('A.rec', ...us), v(4), v(3), v(2), v(1), v(0))),
          ),
        },
      ],
    }),
  }
  return [
    ...family({ name: 'A', type, all, ctors: { mk: { type: c('A'), fields: 0 } } }),
    ...family({ name: 'B', type, all, ctors: { mk: { type: pi(c('A'), c('B')), fields: 1 } } }),
    ...recursors.map(name => made[name]!),
  ]
}

/** F : S -> S over one field and T : S over a field F T, for a sort S; the recursor of T with or without the nested motive. */
export function nested(withAuxiliary: boolean, type = TYPE, into: Level = u): Declaration[] {
  const levels = into.kind === 'param' ? ['u'] : []
  const us = into.kind === 'param' ? [u] : []
  const FT = app(c('F'), c('T'))
  const types = [
    ...family({
      name: 'F',
      type: pi(type, type),
      params: 1,
      ctors: { mk: { type: pis([type, v(0)], app(c('F'), v(1))), fields: 1 } },
    }),
    ...family({ name: 'T', type, ctors: { mk: { type: pi(FT, c('T')), fields: 1 } } }),
  ]
  if (!withAuxiliary) {
    const cases = [pi(c('T'), sort(into)), pi(FT, app(v(1), app(c('T.mk'), v(0))))]
    const type = pis([...cases, c('T')], app(v(2), v(0)))
    const rhs = lams([...cases, FT], app(v(1), v(0)))
    return [
      ...types,
      recursor({
        name: 'T.rec',
        all: ['T'],
        levels,
        type,
        minors: 1,
        rules: [{ ctor: 'T.mk', fields: 1, rhs }],
      }),
    ]
  }
  const cases = [
    pi(c('T'), sort(into)),
    pi(FT, sort(into)),
    pis([FT, app(v(1), v(0))], app(v(3), app(c('T.mk'), v(1)))),
    pis([c('T'), app(v(3), v(0))], app(v(3), app(c('F.mk'), c('T'), v(1)))),
  ]
  const peer = (name: string) => app(c(name, ...us), v(4), v(3), v(2), v(1), v(0))
  const common = { all: ['T'], levels, motives: 2, minors: 2 }
  return [
    ...types,
    recursor({
      ...common,
      name: 'T.rec',
      type: pis([...cases, c('T')], app(v(4), v(0))),
      rules: [{ ctor: 'T.mk', fields: 1, rhs: lams([...cases, FT], app(v(2), v(0), peer('T.rec_1'))) }],
    }),
    recursor({
      ...common,
      name: 'T.rec_1',
      type: pis([...cases, FT], app(v(3), v(0))),
      rules: [{ ctor: 'F.mk', fields: 1, rhs: lams([...cases, c('T')], app(v(1), v(0), peer('T.rec'))) }],
    }),
  ]
}

/** The recursors of T of `nested`, with two motives for T and none for F T. */
export function motiveTwice(): Declaration[] {
  const FT = app(c('F'), c('T'))
  const cases = [
    pi(c('T'), sort(u)),
    pi(c('T'), sort(u)),
    pi(FT, app(v(2), app(c('T.mk'), v(0)))),
    pi(FT, app(v(2), app(c('T.mk'), v(0)))),
  ]
  const made = (name: string, motive: number) =>
    recursor({
      name,
      all: ['T'],
      levels: ['u'],
      motives: 2,
      minors: 2,
      type: pis([...cases, c('T')], app(v(4 - motive), v(0))),
      rules: [{ ctor: 'T.mk', fields: 1, rhs: lams([...cases, FT], app(v(2 - motive), v(0))) }],
    })
  return [...nested(true).filter(({ kind }) => kind !== 'recursor'), made('T.rec', 0), made('T.rec_1', 1)]
}

/**
 * One.rec with a second motive, for an unrelated proposition with two constructors, and the recursor that goes with it. One.mk
 * takes a proof of that proposition.
 *
 * @param hypothesis whether the minor premise of One.mk has a hypothesis about the proof
 */
export function fabricatedMotive(hypothesis: boolean): Declaration[] {
  const cases = [
    pi(c('One'), sort(u)),
    pi(c('Two'), sort(u)),
    hypothesis
      ? pis([c('Two'), app(v(1), v(0))], app(v(3), app(c('One.mk'), v(1))))
      : pi(c('Two'), app(v(2), app(c('One.mk'), v(0)))),
    app(v(1), c('Two.a')),
    app(v(2), c('Two.b')),
  ]
  const call = app(c('One.rec_1', u), v(5), v(4), v(3), v(2), v(1), v(0))
  const value = hypothesis ? app(v(3), v(0), call) : app(v(3), v(0))
  const common = { all: ['One'], levels: ['u'], motives: 2, minors: 3 }
  return [
    ...family({
      name: 'Two',
      type: PROP,
      ctors: { a: { type: c('Two'), fields: 0 }, b: { type: c('Two'), fields: 0 } },
    }),
    ...family({ name: 'One', type: PROP, ctors: { mk: { type: pi(c('Two'), c('One')), fields: 1 } } }),
    recursor({
      ...common,
      name: 'One.rec',
      type: pis([...cases, c('One')], app(v(5), v(0))),
      rules: [{ ctor: 'One.mk', fields: 1, rhs: lams([...cases, c('Two')], value) }],
    }),
    recursor({
      ...common,
      name: 'One.rec_1',
      type: pis([...cases, c('Two')], app(v(4), v(0))),
      rules: [
        { ctor: 'Two.a', fields: 0, rhs: lams(cases, v(1)) },
        { ctor: 'Two.b', fields: 0, rhs: lams(cases, v(0)) },
      ],
    }),
  ]
}

/**
 * A : Type with one constructor and B : N -> Type without any in one block. A's recursor never uses the motive of B, which
 * it states over some number.
 */
export function unusedMotive(number: Expr): Declaration[] {
  const all = ['A', 'B']
  const cases = (index: Expr) => [
    pi(c('A'), sort(u)),
    pis([c('N'), app(c('B'), index)], sort(u)),
    app(v(1), c('A.mk')),
  ]
  const common = { all, levels: ['u'], motives: 2, minors: 1 }
  return [
    ...N,
    ...family({ name: 'A', type: TYPE, all, ctors: { mk: { type: c('A'), fields: 0 } } }),
    ...family({ name: 'B', type: pi(c('N'), TYPE), indices: 1, all, ctors: {} }),
    recursor({
      ...common,
      name: 'A.rec',
      type: pis([...cases(number), c('A')], app(v(3), v(0))),
      rules: [{ ctor: 'A.mk', fields: 0, rhs: lams(cases(number), v(0)) }],
    }),
    recursor({
      ...common,
      name: 'B.rec',
      indices: 1,
      type: pis([...cases(v(0)), c('N'), app(c('B'), v(0))], app(v(3), v(1), v(0))),
      rules: [],
    }),
  ]
}

/**
 * A : Type with a constructor and B : Type with one over a proof of P in one block. In A's recursor, which never uses it,
 * the minor premise of B takes a proof of something, and is about B.mk of some proof, or something else behind that proof.
 */
export function unusedMinor(
  field: string,
  proof: Expr,
  conclusion: Expr = app(v(2), app(c('B.mk'), proof)),
): Declaration[] {
  const all = ['A', 'B']
  const cases = (field: string, conclusion: Expr) => [
    pi(c('A'), sort(u)),
    pi(c('B'), sort(u)),
    app(v(1), c('A.mk')),
    pi(c(field), conclusion),
  ]
  const common = { all, levels: ['u'], motives: 2, minors: 2 }
  const good = cases('P', app(v(2), app(c('B.mk'), v(0))))
  const stated = cases(field, conclusion)
  return [
    axiom('P', PROP),
    axiom('Q', PROP),
    axiom('p', c('P')),
    ...family({ name: 'A', type: TYPE, all, ctors: { mk: { type: c('A'), fields: 0 } } }),
    ...family({ name: 'B', type: TYPE, all, ctors: { mk: { type: pi(c('P'), c('B')), fields: 1 } } }),
    recursor({
      ...common,
      name: 'A.rec',
      type: pis([...stated, c('A')], app(v(4), v(0))),
      rules: [{ ctor: 'A.mk', fields: 0, rhs: lams(stated, v(1)) }],
    }),
    recursor({
      ...common,
      name: 'B.rec',
      type: pis([...good, c('B')], app(v(3), v(0))),
      rules: [{ ctor: 'B.mk', fields: 1, rhs: lams([...good, c('P')], app(v(1), v(0))) }],
    }),
  ]
}

/**
 * A : Type with a constructor and B : Type with one over a function from proofs of P in one block. In A's recursor, which
 * never uses it, the hypothesis of B's minor premise takes a proof of something, and is about the function at some proof, or
 * about something else behind that proof.
 */
export function unusedHypothesis(
  argument: string,
  proof: Expr,
  conclusion: Expr = app(v(3), app(v(1), proof)),
): Declaration[] {
  const all = ['A', 'B']
  const functions = pi(c('P'), c('B'))
  const cases = (argument: string, conclusion: Expr) => [
    pi(c('A'), sort(u)),
    pi(c('B'), sort(u)),
    app(v(1), c('A.mk')),
    pis([functions, pi(c(argument), conclusion)], app(v(3), app(c('B.mk'), v(1)))),
  ]
  const common = { all, levels: ['u'], motives: 2, minors: 2 }
  const good = cases('P', app(v(3), app(v(1), v(0))))
  const stated = cases(argument, conclusion)
  const values = lam(c('P'), app(c('B.rec', u), v(5), v(4), v(3), v(2), app(v(1), v(0))))
  return [
    axiom('P', PROP),
    axiom('Q', PROP),
    axiom('p', c('P')),
    ...family({ name: 'A', type: TYPE, all, ctors: { mk: { type: c('A'), fields: 0 } } }),
    ...family({ name: 'B', type: TYPE, all, ctors: { mk: { type: pi(functions, c('B')), fields: 1 } } }),
    recursor({
      ...common,
      name: 'A.rec',
      type: pis([...stated, c('A')], app(v(4), v(0))),
      rules: [{ ctor: 'A.mk', fields: 0, rhs: lams(stated, v(1)) }],
    }),
    recursor({
      ...common,
      name: 'B.rec',
      type: pis([...good, c('B')], app(v(3), v(0))),
      rules: [{ ctor: 'B.mk', fields: 1, rhs: lams([...good, functions], app(v(1), v(0), values)) }],
    }),
  ]
}

/** In one block A : Type with a constructor and B : N -> Type with two, one over a field of type A, and their recursors. */
export function uneven(): Declaration[] {
  const all = ['A', 'B']
  const one = app(c('N.succ'), c('N.zero'))
  const cases = [
    pi(c('A'), sort(u)),
    pis([c('N'), app(c('B'), v(0))], sort(u)),
    app(v(1), c('A.mk')),
    app(v(1), c('N.zero'), c('B.one')),
    pis([c('A'), app(v(4), v(0))], app(v(4), one, app(c('B.two'), v(1)))),
  ]
  const common = { all, levels: ['u'], motives: 2, minors: 3 }
  const ofField = app(c('A.rec', u), v(5), v(4), v(3), v(2), v(1), v(0))
  return [
    ...N,
    ...family({ name: 'A', type: TYPE, all, ctors: { mk: { type: c('A'), fields: 0 } } }),
    ...family({
      name: 'B',
      type: pi(c('N'), TYPE),
      indices: 1,
      all,
      ctors: {
        one: { type: app(c('B'), c('N.zero')), fields: 0 },
        two: { type: pi(c('A'), app(c('B'), one)), fields: 1 },
      },
    }),
    recursor({
      ...common,
      name: 'A.rec',
      type: pis([...cases, c('A')], app(v(5), v(0))),
      rules: [{ ctor: 'A.mk', fields: 0, rhs: lams(cases, v(2)) }],
    }),
    recursor({
      ...common,
      name: 'B.rec',
      indices: 1,
      type: pis([...cases, c('N'), app(c('B'), v(0))], app(v(5), v(1), v(0))),
      rules: [
        { ctor: 'B.one', fields: 0, rhs: lams(cases, v(1)) },
        { ctor: 'B.two', fields: 1, rhs: lams([...cases, c('A')], app(v(1), v(0), ofField)) },
      ],
    }),
  ]
}

import { describe, expect, test } from 'vitest'
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
  twoCases,
} from './inductive-types.js'
import { checkOne, environmentOf, type Mutation } from './kernel-run.js'

interface Case {
  readonly name: string
  readonly subject: string
  readonly good: readonly Declaration[]
  readonly bad: readonly Declaration[]
  readonly reason: RegExp
  /** The rule taken out of the kernel, after which the bad case passes. Absent where another rule rejects it as well. */
  readonly without?: Mutation | readonly Mutation[]
}

const dropped = (from: string, to = ''): Mutation => ({ file: 'recursor.aiur', from, to })

const u = param('u')
const natural = [...N, naturalRecursor()]

function forgedNatural(changes: Partial<RecursorOf>): Declaration[] {
  return [...N, naturalRecursor(changes)]
}

/** N.rec with other types of motive and minor premises. */
function naturalWith(cases: readonly Expr[]): Declaration[] {
  return forgedNatural({ type: pis([...cases, c('N')], app(v(3), v(0))) })
}

const [motive, zeroCase, succCase] = naturalCases() as [Expr, Expr, Expr]

/** One : sort with a constructor over some fields, none of them recursive, and a recursor into another sort. */
function oneCase(
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
function boxed(into: Level): Declaration[] {
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
function dataInIndex(index: Expr): Declaration[] {
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

/** Types A and B in one block (B has a field of type A), and their recursors. */
function mutual(type: Expr, into: Level, recursors: readonly string[] = ['A', 'B']): Declaration[] {
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
function nested(withAuxiliary: boolean, type = TYPE, into: Level = u): Declaration[] {
  const levels = into === u ? ['u'] : []
  const us = into === u ? [u] : []
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
function motiveTwice(): Declaration[] {
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

/** One.rec with a second motive, for an unrelated proposition with two constructors, and the recursor that goes with it. */
function fabricatedMotive(): Declaration[] {
  const cases = [
    pi(c('One'), sort(u)),
    pi(c('Two'), sort(u)),
    pis([c('Two'), app(v(1), v(0))], app(v(3), app(c('One.mk'), v(1)))),
    app(v(1), c('Two.a')),
    app(v(2), c('Two.b')),
  ]
  const call = (name: string, n: number) =>
    app(c(name, u), v(n + 4), v(n + 3), v(n + 2), v(n + 1), v(n), v(0))
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
      rules: [
        { ctor: 'One.mk', fields: 1, rhs: lams([...cases, c('Two')], app(v(3), v(0), call('One.rec_1', 1))) },
      ],
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

/** T : Type over functions from N, and its recursor with some hypothesis in the rule. */
const overNumbers = (hypothesis: Expr): Declaration[] =>
  reflexive(pi(c('N'), c('T')), app(v(1), v(0), lam(c('N'), hypothesis)))

/** Hid : Family, where Family stands for N -> Type, and its recursor. */
function hiddenIndex(index: Expr): Declaration[] {
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
 * A : Type with one constructor and B : N -> Type without any in one block. A's recursor never uses the motive of B, which
 * it states over some number.
 */
function unusedMotive(number: Expr): Declaration[] {
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
 * B : P -> Type without constructors, for a proposition P with a proof p; its recursor at any proof of P, or at p in front
 * of something else.
 */
function indexOf(index: string, proof: Expr): Declaration[] {
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
      type: pis([pis([c(index), family1], sort(u)), c(index), family1], app(v(2), v(1), v(0))),
      rules: [],
    }),
  ]
}

/**
 * A : Type with a constructor and B : Type with one over a proof of P in one block. In A's recursor, which never uses it,
 * the minor premise of B takes a proof of something, and is about B.mk of some proof.
 */
function unusedMinor(field: string, proof: Expr): Declaration[] {
  const all = ['A', 'B']
  const cases = (field: string, proof: Expr) => [
    pi(c('A'), sort(u)),
    pi(c('B'), sort(u)),
    app(v(1), c('A.mk')),
    pi(c(field), app(v(2), app(c('B.mk'), proof))),
  ]
  const common = { all, levels: ['u'], motives: 2, minors: 2 }
  const good = cases('P', v(0))
  const stated = cases(field, proof)
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
 * never uses it, the hypothesis of B's minor premise takes a proof of something, and is about the function at some proof.
 */
function unusedHypothesis(argument: string, proof: Expr): Declaration[] {
  const all = ['A', 'B']
  const functions = pi(c('P'), c('B'))
  const cases = (argument: string, proof: Expr) => [
    pi(c('A'), sort(u)),
    pi(c('B'), sort(u)),
    app(v(1), c('A.mk')),
    pis([functions, pi(c(argument), app(v(3), app(v(1), proof)))], app(v(3), app(c('B.mk'), v(1)))),
  ]
  const common = { all, levels: ['u'], motives: 2, minors: 2 }
  const good = cases('P', v(0))
  const stated = cases(argument, proof)
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

const two = (changes: Partial<RecursorOf> = {}) => twoCases('Two', TYPE, u, changes)
const twoBinders = [pi(c('Two'), sort(u)), app(v(0), c('Two.a')), app(v(1), c('Two.b'))]

/** Rules need not have the type that the recursor's type promises. */
const UNTYPED = dropped('  check_has_type(expected, conclusion);\n')
/** Rules of Two.rec by way of a function that drops its argument, a type. */
function detoured(name: string) {
  const rule = (ctor: string, i: number) => ({
    ctor,
    fields: 0,
    rhs: lams(twoBinders, app(lam(TYPE, v(i + 1)), c(name))),
  })
  return [rule('Two.a', 1), rule('Two.b', 0)]
}
const ANY_SORT = dropped('  let data = level_never_zero(result);', '  let data = 1;')
const ANY_RULE = dropped(
  '  require_rule(rhs, levels + large, unsafe, body, expected, conclusion)\n',
  '  ()\n',
)

const CASES: readonly Case[] = [
  {
    name: 'the conclusion is about the major premise',
    subject: 'N.rec',
    good: natural,
    bad: forgedNatural({ type: pis([...naturalCases(), c('N')], app(v(3), c('N.zero'))) }),
    reason: /wrong conclusion/,
    without: [
      dropped(
        '      assert_eq!(def_eq(inst(body, store(List.Cons(major, full_env)), 0), conclusion), 1,\n        "recursor with a wrong conclusion");,',
        '      (),',
      ),
      UNTYPED,
    ],
  },
  {
    name: 'the conclusion is not whatever the author likes',
    subject: 'N.rec',
    good: natural,
    bad: [axiom('Wish', PROP), ...forgedNatural({ type: pis([...naturalCases(), c('N')], c('Wish')) })],
    reason: /conclusion is not one of its motives/,
  },
  {
    name: 'rules are in the order of the constructors',
    subject: 'Two.rec',
    good: two(),
    bad: two({
      rules: [
        { ctor: 'Two.a', fields: 0, rhs: lams(twoBinders, v(0)) },
        { ctor: 'Two.b', fields: 0, rhs: lams(twoBinders, v(1)) },
      ],
    }),
    reason: /type that is expected|rule differs/,
    without: ANY_RULE,
  },
  {
    name: "the rules' own binder types count for nothing",
    subject: 'Two.rec',
    good: two(),
    bad: [
      axiom('P', PROP),
      ...two({
        rules: [
          { ctor: 'Two.a', fields: 0, rhs: lams([pi(c('Two'), PROP), c('P'), c('P')], v(0)) },
          { ctor: 'Two.b', fields: 0, rhs: lams([pi(c('Two'), PROP), c('P'), c('P')], v(1)) },
        ],
      }),
    ],
    reason: /type that is expected|rule differs/,
    without: ANY_RULE,
  },
  {
    name: 'a rule computes its own constructor',
    subject: 'N.rec',
    good: natural,
    bad: forgedNatural({
      rules: [
        { ctor: 'N.zero', fields: 0, rhs: lams(naturalCases(), v(1)) },
        { ctor: 'N.succ', fields: 1, rhs: lams([...naturalCases(), c('N')], v(2)) },
      ],
    }),
    reason: /type that is expected|rule differs/,
    without: ANY_RULE,
  },
  {
    name: 'the hypothesis of a rule is about the field',
    subject: 'N.rec',
    good: natural,
    bad: forgedNatural({
      rules: [
        { ctor: 'N.zero', fields: 0, rhs: lams(naturalCases(), v(1)) },
        {
          ctor: 'N.succ',
          fields: 1,
          rhs: lams([...naturalCases(), c('N')], app(v(1), c('N.zero'), v(2))),
        },
      ],
    }),
    reason: /type that is expected|rule differs/,
    without: ANY_RULE,
  },
  {
    name: 'a rule mentions nothing less safe than the recursor, where it comes to nothing neither',
    subject: 'Two.rec',
    good: [definition('Other', TYPE, c('Two')), ...two({ rules: detoured('Other') })],
    bad: [definition('Other', TYPE, c('Two'), 'unsafe'), ...two({ rules: detoured('Other') })],
    reason: /unsafe or partial/,
    without: dropped('      check_references(rhs, 2 * unsafe);\n'),
  },
  {
    name: 'a rule takes as many fields as its constructor has',
    subject: 'N.rec',
    good: natural,
    bad: forgedNatural({
      rules: naturalRules().map((rule, i) => (i === 1 ? { ...rule, fields: 0 } : rule)),
    }),
    reason: /wrong number of fields/,
    without: dropped(
      '  assert_eq!(field_count, list_length(fields), "recursor rule with a wrong number of fields");\n',
    ),
  },
  {
    name: 'there is a rule for every constructor',
    subject: 'N.rec',
    good: natural,
    bad: forgedNatural({ rules: naturalRules().slice(0, 1) }),
    reason: /fewer rules than constructors/,
  },
  {
    name: 'there is no rule without a constructor',
    subject: 'N.rec',
    good: natural,
    bad: forgedNatural({ rules: [...naturalRules(), naturalRules()[0]!] }),
    reason: /too many rules/,
    without: dropped(
      '    0 => assert_eq!(list_length(rules), 0, "recursor with too many rules");,',
      '    0 => (),',
    ),
  },
  {
    name: 'K is for propositions',
    subject: 'N.rec',
    good: natural,
    bad: forgedNatural({ k: true }),
    reason: /wrong K flag/,
    without: dropped('      assert_eq!(k, k_flag, "recursor with a wrong K flag");\n'),
  },
  {
    name: 'K is for propositions without fields',
    subject: 'One.rec',
    good: oneCase(PROP, [], u, { k: true }),
    bad: [axiom('P', PROP), ...oneCase(PROP, [c('P')], u, { k: true })],
    reason: /wrong K flag/,
    without: dropped('      assert_eq!(k, k_flag, "recursor with a wrong K flag");\n'),
  },
  {
    name: 'K is not for structures with data',
    subject: 'One.rec',
    good: oneCase(TYPE, [], u),
    bad: oneCase(TYPE, [], u, { k: true }),
    reason: /wrong K flag/,
    without: dropped('      assert_eq!(k, k_flag, "recursor with a wrong K flag");\n'),
  },
  {
    name: 'a proposition with two constructors eliminates into propositions only',
    subject: 'Two.rec',
    good: twoCases('Two', PROP, zero),
    bad: twoCases('Two', PROP, u),
    reason: /universe parameters/,
    without: ANY_SORT,
  },
  {
    name: 'a proposition that holds data eliminates into propositions only',
    subject: 'One.rec',
    good: oneCase(PROP, [c('N')], zero),
    bad: oneCase(PROP, [c('N')], u),
    reason: /universe parameters/,
    without: ANY_SORT,
  },
  {
    name: 'a type that may be a proposition eliminates into propositions only',
    subject: 'Box.rec',
    good: boxed(zero),
    bad: boxed(param('v')),
    reason: /without a motive for a type of its block/,
    without: {
      file: 'levels.aiur',
      from: '    Level.IMax(_, v) => level_never_zero(v),\n    Level.Param(_) => 0,',
      to: '    Level.IMax(_, v) => level_never_zero(v),\n    Level.Param(_) => 1,',
    },
  },
  {
    name: 'unless the data stands in an index',
    subject: 'Idx.rec',
    good: dataInIndex(v(0)),
    bad: dataInIndex(c('N.zero')),
    reason: /universe parameters|minor premise|conclusion/,
  },
  {
    name: 'propositions in one block eliminate into propositions only',
    subject: 'A.rec',
    good: mutual(PROP, zero),
    bad: mutual(PROP, u),
    reason: /universe parameters/,
    without: ANY_SORT,
  },
  {
    name: 'a recursor has one universe parameter more than its type',
    subject: 'Two.rec',
    good: two(),
    bad: two({ levels: ['u', 'w'] }),
    reason: /universe parameters/,
    without: dropped(
      '      assert_eq!(rec_levels, levels + large, "recursor with a wrong number of universe parameters");\n',
    ),
  },
  {
    name: 'a hypothesis is about its field',
    subject: 'N.rec',
    good: natural,
    bad: naturalWith([
      motive,
      zeroCase,
      pis([c('N'), app(v(2), c('N.zero'))], app(v(3), app(c('N.succ'), v(1)))),
    ]),
    reason: /induction hypothesis/,
    without: [
      dropped(
        '      assert_eq!(def_eq(inst(e, xs, 0), wanted), 1, "wrong induction hypothesis");,',
        '      (),',
      ),
      UNTYPED,
    ],
  },
  {
    name: 'a minor premise ends in its constructor',
    subject: 'N.rec',
    good: natural,
    bad: naturalWith([motive, app(v(0), app(c('N.succ'), c('N.zero'))), succCase]),
    reason: /minor premise with a wrong conclusion/,
    without: [
      dropped(
        '  assert_eq!(def_eq(inst(after, env, 0), conclusion), 1, "minor premise with a wrong conclusion");\n',
      ),
      UNTYPED,
    ],
  },
  {
    name: 'motives end in the sort of the elimination',
    subject: 'N.rec',
    good: natural,
    bad: naturalWith([pi(c('N'), sort(succ(zero))), zeroCase, succCase]),
    reason: /another sort/,
    without: dropped(
      '        Expr.Sort(_) => assert_eq!(def_eq(body, sort), 1, "motive into another sort");,',
      '        Expr.Sort(_) => (),',
    ),
  },
  {
    name: 'motives and minor premises are split as they are',
    subject: 'N.rec',
    good: natural,
    bad: forgedNatural({ motives: 2, minors: 1 }),
    reason: /motive/,
  },
  {
    name: 'a motive that nobody uses is over its own type',
    subject: 'A.rec',
    good: unusedMotive(v(0)),
    bad: unusedMotive(c('N.zero')),
    reason: /motive over another type/,
    without: dropped(
      '      assert_eq!(def_eq(inst(domain, list_reverse(index_vars), 0), major), 1, "motive over another type");\n',
    ),
  },
  {
    name: 'an index has the type that it has in the inductive type',
    subject: 'B.rec',
    good: indexOf('P', v(0)),
    bad: indexOf('Q', c('p')),
    reason: /differs from the reconstruction/,
    without: dropped(
      '              assert_eq!(def_eq(inst(domain, env, 0), ty), 1, "recursor type differs from the reconstruction");\n',
    ),
  },
  {
    name: 'a minor premise that nobody uses has the fields of its constructor',
    subject: 'A.rec',
    good: unusedMinor('P', v(0)),
    bad: unusedMinor('Q', c('p')),
    reason: /minor premise with a wrong field/,
    without: dropped(
      '          assert_eq!(def_eq(inst(domain, env, 0), ty), 1, "minor premise with a wrong field");\n',
    ),
  },
  {
    name: 'a hypothesis that nobody uses takes the arguments of its field',
    subject: 'A.rec',
    good: unusedHypothesis('P', v(0)),
    bad: unusedHypothesis('Q', c('p')),
    reason: /hypothesis with a wrong argument/,
    without: dropped(
      '          assert_eq!(def_eq(inst(domain, xs, 0), wanted), 1, "induction hypothesis with a wrong argument");\n',
    ),
  },
  {
    name: 'the major premise is of the type, where the conclusion does not need it',
    subject: 'One.rec',
    good: oneCase(PROP, [], u, { k: true }),
    // All proofs of One are equal.
    bad: [
      axiom('Q', PROP),
      ...oneCase(PROP, [], u, {
        k: true,
        type: pis([pi(c('One'), sort(u)), app(v(0), c('One.mk')), c('Q')], app(v(2), c('One.mk'))),
      }),
    ],
    reason: /wrong major premise/,
    without: dropped(
      '      assert_eq!(def_eq(inst(domain, full_env, 0), major_ty), 1, "recursor with a wrong major premise");\n',
    ),
  },
  {
    name: 'parameters are those of the type',
    subject: 'N.rec',
    good: natural,
    bad: forgedNatural({ params: 1, motives: 0 }),
    reason: /recursor|motive/,
  },
  {
    name: 'a recursor is as safe as its type',
    subject: 'N.rec',
    good: natural,
    bad: forgedNatural({ isUnsafe: true }),
    reason: /differ in safety/,
    without: dropped('      assert_eq!(rec_unsafe, unsafe, "recursor and its type differ in safety");\n'),
  },
  {
    name: 'a nested type has its own motive',
    subject: 'T.rec',
    good: nested(true),
    bad: nested(false),
    reason: /wrong number of motives/,
    without: { file: 'positivity.aiur', from: '          list_snoc(flat, spec),', to: '          flat,' },
  },
  {
    name: 'and no type has two instead',
    subject: 'T.rec',
    good: nested(true),
    bad: motiveTwice(),
    reason: /without a motive/,
    without: dropped(
      '      assert_eq!(eq_zero(index_of(order, spec)), 0, "recursor without a motive for a type of its block");\n',
    ),
  },
  {
    name: 'a nested proposition eliminates into propositions only',
    subject: 'T.rec',
    good: nested(true, PROP, zero),
    bad: nested(true, PROP, u),
    reason: /universe parameters/,
    without: ANY_SORT,
  },
  {
    name: 'nobody adds a motive for a type that is not nested',
    subject: 'One.rec',
    good: oneCase(PROP, [], u, { k: true }),
    bad: fabricatedMotive(),
    reason: /wrong number of motives/,
  },
  {
    name: 'the hypothesis of a function field is a function',
    subject: 'T.rec',
    good: overNumbers(app(c('T.rec', u), v(3), v(2), app(v(1), v(0)))),
    bad: overNumbers(app(c('T.rec', u), v(3), v(2), app(v(1), c('N.zero')))),
    reason: /type that is expected|rule differs/,
    without: ANY_RULE,
  },
  {
    name: 'an index hidden by an abbreviation is an index',
    subject: 'Hid.rec',
    good: hiddenIndex(v(0)),
    bad: hiddenIndex(c('N.zero')),
    reason: /type that is expected|major premise/,
  },
  {
    name: 'the recursors of a block are all there',
    subject: 'A.rec',
    good: mutual(TYPE, u),
    bad: mutual(TYPE, u, ['A']),
    reason: /without one of its recursors/,
  },
]

function naturalRules() {
  const made = naturalRecursor()
  if (made.kind !== 'recursor') throw new Error('not a recursor')
  return made.rules.map((rule, i) => ({
    ctor: i === 0 ? 'N.zero' : 'N.succ',
    fields: rule.numFields,
    rhs: rule.rhs,
  }))
}

test.each(CASES)('$name', ({ subject, good, bad, reason, without }) => {
  expect(checkOne(environmentOf(good), subject)).toBe('accepted')
  const forged = environmentOf(bad)
  expect(checkOne(forged, subject)).toMatch(reason)
  if (without !== undefined) expect(checkOne(forged, subject, { mutation: without })).toBe('accepted')
})

/** In one block A : Type with a constructor and B : N -> Type with two, one over a field of type A, and their recursors. */
function uneven(): Declaration[] {
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
function computingHypothesis(): Declaration[] {
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

/** What is right, and a kernel without the rule that lets it pass. */
const COMPLETE: readonly {
  name: string
  good: readonly Declaration[]
  subjects: readonly string[]
  without: Mutation
  reason: RegExp
}[] = [
  {
    name: 'each member of a block has its own number of constructors',
    good: uneven(),
    subjects: ['A.rec', 'B.rec'],
    reason: /rules/,
    without: dropped(
      'rules, spec_constructors(spec), 0),',
      'rules, spec_constructors(list_get(order, 0)), 0),',
    ),
  },
  {
    name: 'each member of a block has its own indices',
    good: uneven(),
    subjects: ['A.rec', 'B.rec'],
    reason: /not fully applied/,
    without: {
      file: 'inductive.aiur',
      from: '      check_return(ret, ind, levels, list_reverse(vars), indices, members),\n  }\n}\n',
      to: `      check_return(ret, ind, levels, list_reverse(vars), indices_of_first(members), members),
  }
}

fn indices_of_first(members: &List‹Addr›) -> G {
  let List.Cons(first, _) = load(members);
  let Const.Inductive(_, _, info) = load(resolve(first));
  let IndInfo.Mk(_, indices, _, _, _, _, _) = load(info);
  indices
}
`,
    },
  },
  {
    name: 'a minor premise computes with its hypotheses',
    good: computingHypothesis(),
    subjects: ['N.rec'],
    reason: /out of range/,
    without: dropped('motives, field_list, k);', 'motives, field_list, params + list_length(fields));'),
  },
]

test.each(COMPLETE)('$name', ({ good, subjects, without, reason }) => {
  const environment = environmentOf(good)
  for (const subject of subjects) expect(checkOne(environment, subject)).toBe('accepted')
  expect(checkOne(environment, subjects.at(-1)!, { mutation: without })).toMatch(reason)
})

/** Five : N -> N -> N -> N -> N -> Type without constructors, and its recursor. */
function fiveIndices(): Declaration[] {
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
describe('levels of motives', () => {
  const FIELDS = '  let _ = u32_range_check(65536 - (params + list_length(fields)));\n'
  const INDICES = '      let _ = u32_range_check(65536 - k);\n      (e, store(List.Nil)),'
  /** The kernel with 4 levels below those of motives, or without what keeps these levels to parameters, fields and indices. */
  const lowered = (dropped_?: string): Mutation[] =>
    [
      'check_motives(after_params, vars, order, 65536, ',
      'order, motive_vars, 65536 + motives);',
      '  let top = 65536 + list_length(env);',
      FIELDS,
      INDICES,
    ].map(from =>
      dropped(from, from === dropped_ ? from.replace(/65536 - .*\);/, '0);') : from.replace('65536', '4')),
    )

  test.each([
    [
      'fields',
      FIELDS,
      'One.rec',
      oneCase(TYPE, [c('N'), c('N'), c('N'), c('N')], u),
      oneCase(
        TYPE,
        [1, 2, 3, 4, 5].map(() => c('N')),
        u,
      ),
    ],
    ['indices', INDICES, 'Five.rec', undefined, fiveIndices()],
  ] as const)('are above those of %s', (_, guard, subject, few, many) => {
    expect(checkOne(environmentOf(many), subject)).toBe('accepted')
    if (few !== undefined)
      expect(checkOne(environmentOf(few), subject, { mutation: lowered() })).toBe('accepted')
    expect(checkOne(environmentOf(many), subject, { mutation: lowered() })).not.toBe('accepted')
    expect(checkOne(environmentOf(many), subject, { mutation: lowered(guard) })).toBe('accepted')
  })
})

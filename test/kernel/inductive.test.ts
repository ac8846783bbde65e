import { expect, test } from 'vitest'
import type { Address } from '../../ixon/address.js'
import { encodeConstant, encodeProjection } from '../../ixon/constant.js'
import type { Expression } from '../../ixon/expression.js'
import { numeral } from '../../ixon/universe.js'
import type { Declaration, Expr } from '../../lean/declaration.js'
import { parseName } from '../../lean/name.js'
import { app, axiom, c, definition, lam, param, pi, sort, succ, v, zero } from '../ixon/declarations.js'
import { runCheck, Store } from './claims.js'
import { family, N, PROP, pis, TYPE, TYPE1 } from './inductive-types.js'
import { checkOne, environmentOf, kernelWith } from './kernel-run.js'
import type { Mutation } from './mutation.js'

interface Case {
  readonly name: string
  /** The constant to check: T unless said otherwise. */
  readonly subject?: string
  readonly good: readonly Declaration[]
  readonly bad: readonly Declaration[]
  readonly reason: RegExp
  /** The rule taken out of the kernel, after which the bad case passes. Absent where another rule rejects it as well. */
  readonly without?: Mutation | readonly Mutation[]
}

const INDUCTIVE = 'inductive.aiur'
const POSITIVITY = 'positivity.aiur'

/** T : Type with one constructor of the given fields. */
function withFields(fields: readonly Expr[], type: Expr = TYPE, isUnsafe = false): Declaration[] {
  return family({
    name: 'T',
    type,
    isUnsafe,
    ctors: { mk: { type: pis(fields, c('T')), fields: fields.length } },
  })
}

const T = c('T')

/** T at a universe parameter with a field of type N. */
function maybeProposition(type: Expr): Declaration[] {
  const T = c('T', param('u'))
  return [
    ...N,
    ...family({ name: 'T', levels: ['u'], type, ctors: { mk: { type: pi(c('N'), T), fields: 1 } } }),
  ]
}

/** F : Type -> Type with one constructor. */
function container(field: Expr, type: Expr = pi(TYPE, TYPE), domain: Expr = TYPE): Declaration[] {
  return family({
    name: 'F',
    type,
    params: 1,
    ctors: { mk: { type: pis([domain, field], app(c('F'), v(1))), fields: 1 } },
  })
}

/** F : Type -> Type over a parameter or index, with a constructor at N. */
function overTypes(kind: 'params' | 'indices', ctor: Expr, fields: number): Declaration[] {
  return [
    ...N,
    ...family({ name: 'T', type: pi(TYPE, TYPE), [kind]: 1, ctors: { mk: { type: ctor, fields } } }),
  ]
}

/** Two types A and B in one block. */
function pair(
  a: { type?: Expr; params?: number; field: Expr[] },
  b: { type?: Expr; params?: number; indices?: number; ctor: Expr; fields: number },
): Declaration[] {
  const all = ['A', 'B']
  return [
    ...N,
    ...family({
      name: 'A',
      type: a.type ?? TYPE,
      params: a.params ?? 0,
      all,
      ctors: {
        mk: {
          type:
            a.params === 1 ? pis([TYPE, ...a.field], app(c('A'), v(a.field.length))) : pis(a.field, c('A')),
          fields: a.field.length,
        },
      },
    }),
    ...family({
      name: 'B',
      type: b.type ?? TYPE,
      params: b.params ?? 0,
      indices: b.indices ?? 0,
      all,
      ctors: { mk: { type: b.ctor, fields: b.fields } },
    }),
  ]
}

/** Two types without constructors in one block, over a parameter each. */
function overOneParameter(a: Expr, b: Expr): Declaration[] {
  const all = ['A', 'B']
  return [
    ...family({ name: 'A', type: pi(a, TYPE), params: 1, all, ctors: {} }),
    ...family({ name: 'B', type: pi(b, TYPE), params: 1, all, ctors: {} }),
  ]
}

/** Indices that are of a type, or in whose type it does not remain when that is reduced. */
const PLAIN_INDEX = ['as an index', (type: Expr) => type] as const
const HIDDEPLAIN_INDEX = ['where it is reduced away', (type: Expr) => app(lam(TYPE, c('N')), type)] as const

const swappedLevels = (first: string, second: string): Declaration[] =>
  family({
    name: 'T',
    levels: ['u', 'v'],
    params: 2,
    type: pis([sort(succ(param('u'))), sort(succ(param('v')))], TYPE),
    ctors: {
      mk: {
        type: pis(
          [sort(succ(param('u'))), sort(succ(param('v')))],
          app(c('T', param(first), param(second)), v(1), v(0)),
        ),
        fields: 0,
      },
    },
  })

/** Constantly a := N, and P behind `let x : Constantly a := N.zero`. */
const constantly = definition('Constantly', pi(TYPE, TYPE), lam(TYPE, c('N')))
const letIn = (a: Expr): Expr => ({
  kind: 'let',
  binder: parseName('x'),
  nondep: false,
  type: app(c('Constantly'), a),
  value: c('N.zero'),
  body: c('P'),
})

const CASES: readonly Case[] = [
  {
    name: 'an argument of a field may not mention the type',
    good: [axiom('P', TYPE), ...withFields([pi(c('P'), T)])],
    bad: [axiom('P', TYPE), ...withFields([pi(T, c('P'))])],
    reason: /non-positive/,
    without: {
      file: POSITIVITY,
      from: '    0 => assert_eq!(mentions(e, members), 0, "non-positive occurrence of an inductive type");,',
      to: '    0 => (),',
    },
  },
  {
    name: 'nor in the type of a let alone',
    good: [axiom('P', TYPE), ...N, constantly, ...withFields([pi(letIn(c('N')), T)])],
    bad: [axiom('P', TYPE), ...N, constantly, ...withFields([pi(letIn(T), T)])],
    reason: /non-positive/,
    without: {
      file: POSITIVITY,
      from: `  let first = mentions(a, members);
  match first {
    1 => 1,
    0 => mentions_pair(v, b, members),`,
      to: `  let first = mentions(a, members);
  match 0 * first {
    1 => 1,
    0 => mentions_pair(v, b, members),`,
    },
  },
  {
    name: 'nor two arrows to the left',
    good: [axiom('P', TYPE), ...withFields([pi(c('P'), pi(c('P'), T))])],
    bad: [axiom('P', TYPE), ...withFields([pi(pi(T, c('P')), T)])],
    reason: /non-positive/,
    without: {
      file: POSITIVITY,
      from: '    0 => assert_eq!(mentions(e, members), 0, "non-positive occurrence of an inductive type");,',
      to: '    0 => (),',
    },
  },
  {
    name: 'nor behind another inductive type',
    good: [...N, ...container(pi(c('N'), v(1))), ...withFields([app(c('F'), T)])],
    bad: [...N, ...container(pi(v(0), c('N'))), ...withFields([app(c('F'), T)])],
    reason: /non-positive/,
    without: {
      file: POSITIVITY,
      from: '    0 => assert_eq!(mentions(e, members), 0, "non-positive occurrence of an inductive type");,',
      to: '    0 => (),',
    },
  },
  {
    name: 'nor as the argument of a variable',
    good: [axiom('G', pi(TYPE, TYPE)), ...container(v(0)), ...withFields([app(c('F'), T)])],
    bad: [axiom('G', pi(TYPE, TYPE)), ...container(v(0)), ...withFields([app(c('G'), T)])],
    reason: /non-positive/,
    without: {
      file: POSITIVITY,
      from: '    0 => assert_eq!(mentions(e, members), 0, "non-positive occurrence of an inductive type");,',
      to: '    0 => (),',
    },
  },
  {
    name: 'an unsafe type need not be positive',
    good: [axiom('P', TYPE), ...withFields([pi(T, c('P'))], TYPE, true)],
    bad: [axiom('P', TYPE), ...withFields([pi(T, c('P'))])],
    reason: /non-positive/,
    without: {
      file: POSITIVITY,
      from: '  match unsafe {\n    0 => assert_eq!',
      to: '  match 0 * unsafe + 1 {\n    0 => assert_eq!',
    },
  },
  {
    name: 'a nested occurrence depends on parameters only',
    good: [...N, ...container(v(0)), ...withFields([c('N'), app(c('F'), T)])],
    bad: [
      ...N,
      ...family({
        name: 'H',
        type: pis([TYPE, c('N')], TYPE),
        params: 2,
        ctors: { mk: { type: pis([TYPE, c('N'), v(1)], app(c('H'), v(2), v(1))), fields: 1 } },
      }),
      ...withFields([c('N'), app(c('H'), T, v(0))]),
    ],
    reason: /parameters depend on fields/,
    without: {
      file: POSITIVITY,
      from: '          assert_eq!(less_small(own_params, fvar_bound(spec)), 0,\n            "nested occurrence whose parameters depend on fields");\n',
      to: '',
    },
  },
  {
    name: 'a nested type lives in the universe of the block',
    good: [...container(v(0), pi(TYPE1, TYPE1), TYPE1), ...withFields([app(c('F'), T)], TYPE1)],
    bad: [...container(v(0), pi(TYPE1, PROP), TYPE1), ...withFields([app(c('F'), T)], TYPE1)],
    reason: /another universe/,
    without: {
      file: POSITIVITY,
      from: '          assert_eq!(level_eq(level, result), 1, "nested occurrence in another universe than the block");\n',
      to: '',
    },
  },
  {
    name: 'fields fit into the universe of the type',
    good: withFields([TYPE], TYPE1),
    bad: withFields([TYPE], TYPE),
    reason: /field universe too large/,
    without: {
      file: INDUCTIVE,
      from: '          assert_eq!(field_fits(ty, result), 1, "constructor field universe too large");\n',
      to: '',
    },
  },
  {
    name: 'a type that may be a proposition takes no data that is surely no proof',
    good: maybeProposition(sort(succ(param('u')))),
    bad: maybeProposition(sort(param('u'))),
    reason: /field universe too large/,
    without: {
      file: INDUCTIVE,
      from: '    0 => level_is_zero(result),',
      to: '    0 => 1 - level_never_zero(result),',
    },
  },
  {
    name: 'a proposition takes fields of any universe, whatever its sort is spelled',
    good: withFields([TYPE1], sort({ kind: 'imax', left: succ(zero), right: zero })),
    bad: withFields([TYPE1], sort({ kind: 'max', left: succ(zero), right: zero })),
    reason: /field universe too large/,
    without: {
      file: INDUCTIVE,
      from: '          assert_eq!(field_fits(ty, result), 1, "constructor field universe too large");\n',
      to: '',
    },
  },
  {
    name: 'parameters of a constructor have the types of the parameters',
    good: family({
      name: 'T',
      type: pi(TYPE, TYPE1),
      params: 1,
      ctors: { mk: { type: pi(TYPE, app(T, v(0))), fields: 0 } },
    }),
    bad: family({
      name: 'T',
      type: pi(TYPE, TYPE1),
      params: 1,
      ctors: { mk: { type: pi(PROP, app(c('T'), v(0))), fields: 0 } },
    }),
    reason: /does not have the type|parameter type differs/,
  },
  {
    name: 'a constructor returns its own type',
    subject: 'B',
    good: pair({ field: [] }, { ctor: pi(c('A'), c('B')), fields: 1 }),
    bad: pair({ field: [] }, { ctor: pi(c('A'), c('A')), fields: 1 }),
    reason: /does not return its own type/,
    without: {
      file: INDUCTIVE,
      from: '      assert_eq!(address_eq(a, ind), 1, "constructor does not return its own type");\n',
      to: '',
    },
  },
  {
    name: 'at its own parameters',
    good: overTypes('params', pi(TYPE, app(T, v(0))), 0),
    bad: overTypes('params', pi(TYPE, app(T, c('N'))), 0),
    reason: /other parameters/,
    without: {
      file: INDUCTIVE,
      from: '          assert_eq!(arg, param, "inductive type applied to other parameters than its own");\n',
      to: '',
    },
  },
  {
    name: 'a recursive field is at its own parameters',
    good: overTypes('params', pis([TYPE, app(T, v(0))], app(T, v(1))), 1),
    bad: overTypes('params', pis([TYPE, app(T, c('N'))], app(T, v(1))), 1),
    reason: /other parameters/,
    without: {
      file: INDUCTIVE,
      from: '          assert_eq!(arg, param, "inductive type applied to other parameters than its own");\n',
      to: '',
    },
  },
  {
    name: 'the type does not occur in an index of the result',
    good: overTypes('indices', app(T, c('N')), 0),
    bad: overTypes('indices', app(T, app(T, c('N'))), 0),
    reason: /mentioned in its own index/,
    without: {
      file: INDUCTIVE,
      from: '  assert_eq!(any_mentions(index_args, members), 0, "inductive type mentioned in its own index");\n',
      to: '',
    },
  },
  {
    name: 'nor in an index of a recursive field',
    good: overTypes('indices', pi(app(T, c('N')), app(T, c('N'))), 1),
    bad: overTypes('indices', pi(app(T, app(T, c('N'))), app(T, c('N'))), 1),
    reason: /mentioned in its own index/,
    without: {
      file: INDUCTIVE,
      from: '  assert_eq!(any_mentions(index_args, members), 0, "inductive type mentioned in its own index");\n',
      to: '',
    },
  },
  {
    name: 'universe arguments are the parameters in order',
    good: swappedLevels('u', 'v'),
    bad: family({
      name: 'T',
      levels: ['u', 'v'],
      type: TYPE,
      ctors: { mk: { type: c('T', param('v'), param('u')), fields: 0 } },
    }),
    reason: /other universe parameters/,
    without: {
      file: INDUCTIVE,
      from: '  assert_eq!(us, level_params(0, levels), "inductive type applied to other universe parameters than its own");\n',
      to: '',
    },
  },
  {
    name: 'a constructor has as many parameters as its type',
    good: [
      ...N,
      ...family({
        name: 'T',
        type: pi(TYPE, TYPE),
        params: 1,
        ctors: { mk: { type: pi(TYPE, app(T, v(0))), fields: 0, params: 1 } },
      }),
    ],
    bad: [
      ...N,
      ...family({
        name: 'T',
        type: pi(TYPE, TYPE),
        params: 1,
        ctors: { mk: { type: pi(TYPE, app(T, v(0))), fields: 0, params: 0 } },
      }),
    ],
    reason: /another number of parameters than its type/,
    without: {
      file: INDUCTIVE,
      from: '      assert_eq!(params, ind_params, "constructor with another number of parameters than its type");\n',
      to: '',
    },
  },
  {
    name: 'a constructor is as safe as its type',
    good: withFields([], TYPE, true),
    bad: family({
      name: 'T',
      type: TYPE,
      isUnsafe: true,
      ctors: { mk: { type: T, fields: 0, isUnsafe: false } },
    }),
    reason: /unsafe or partial|differ in safety/,
  },
  {
    name: 'and no less safe',
    good: withFields([]),
    bad: family({ name: 'T', type: TYPE, ctors: { mk: { type: T, fields: 0, isUnsafe: true } } }),
    reason: /differ in safety/,
    without: {
      file: INDUCTIVE,
      from: '      assert_eq!(unsafe, ind_unsafe, "constructor and its type differ in safety");\n',
      to: '',
    },
  },
  {
    name: 'members of a block have parameters of the same types',
    subject: 'A',
    good: overOneParameter(TYPE, TYPE),
    bad: overOneParameter(TYPE, PROP),
    reason: /parameter type differs/,
    without: {
      file: INDUCTIVE,
      from: '          assert_eq!(def_eq(inst(domain, env, 0), ty), 1, "parameter type differs");\n',
      to: '          let _ = ty;\n',
    },
  },
  {
    name: 'members of a block have equal parameter counts',
    subject: 'A',
    good: pair(
      { type: pi(TYPE, TYPE), params: 1, field: [v(0)] },
      { type: pi(TYPE, TYPE), params: 1, ctor: pis([TYPE, app(c('A'), v(0))], app(c('B'), v(1))), fields: 1 },
    ),
    bad: pair(
      { type: pi(TYPE, TYPE), params: 1, field: [v(0)] },
      { type: pi(TYPE, TYPE), params: 0, indices: 1, ctor: app(c('B'), c('N')), fields: 0 },
    ),
    reason: /different numbers of parameters/,
  },
  {
    name: 'and live in one universe',
    subject: 'A',
    good: pair({ field: [] }, { ctor: pi(c('A'), c('B')), fields: 1 }),
    bad: pair({ field: [] }, { type: TYPE1, ctor: pi(c('A'), c('B')), fields: 1 }),
    reason: /different universes/,
    without: {
      file: INDUCTIVE,
      from: '      assert_eq!(level_eq(own_result, result), 1, "members of a mutual block in different universes");,',
      to: '      (),',
    },
  },
  ...[PLAIN_INDEX, HIDDEPLAIN_INDEX].map(([name, index]): Case => {
    const indexed = (by: Expr) =>
      pair({ field: [] }, { type: pi(by, TYPE), indices: 1, ctor: pi(by, app(c('B'), v(0))), fields: 1 })
    return {
      name: `the type of a type mentions no member of its block ${name}`,
      subject: 'B',
      good: indexed(index(c('N'))),
      bad: indexed(index(c('A'))),
      reason: /mentions a member of its block/,
      without: {
        file: INDUCTIVE,
        from: '      assert_eq!(mentions(ty, members), 0, "the type of an inductive type mentions a member of its block");\n',
        to: '',
      },
    }
  }),
  {
    name: 'what a nested occurrence loses when it is reduced is typed as well',
    good: [...N, ...container(v(0)), ...withFields([app(c('F'), app(lam(c('N'), T), c('N.zero')))])],
    bad: [...N, ...container(v(0)), ...withFields([app(c('F'), app(lam(c('N'), T), c('N')))])],
    reason: /does not have the type/,
    without: [
      {
        file: 'declarations.aiur',
        from: '      let _ = check_type(a, n, ty, danger_of(a));\n      check_constructor(a, n, ty, info),',
        to: '      check_constructor(a, n, ty, info),',
      },
      { file: INDUCTIVE, from: '  let level = check_sort(ty);\n', to: '  let level = sort_of(ty);\n' },
    ],
  },
  {
    name: 'the type of an inductive type ends in a sort',
    good: [axiom('Q', TYPE), ...withFields([])],
    bad: [axiom('Q', TYPE), ...family({ name: 'T', type: c('Q'), ctors: {} })],
    reason: /does not end in a sort/,
    without: {
      file: INDUCTIVE,
      from: '    Expr.Sort(level) => level,',
      to: '    Expr.Sort(level) => level,\n    _ => store(Level.Zero),',
    },
  },
]

test.each(CASES)('$name', ({ subject = 'T', good, bad, reason, without }) => {
  expect(checkOne(environmentOf(good), subject)).toBe('accepted')
  const forged = environmentOf(bad)
  expect(checkOne(forged, subject)).toMatch(reason)
  if (without !== undefined) expect(checkOne(forged, subject, { mutation: without })).toBe('accepted')
})

/** A without constructors and B with one over a function from B to B, which is positive in nothing but unsafe types. */
function half(unsafeA: boolean, unsafeB: boolean): { store: Store; subject: Address } {
  const type: Expression = { kind: 'sort', universe: 0 }
  const B: Expression = { kind: 'rec', member: 1, universes: [] }
  const all = (domain: Expression, body: Expression): Expression => ({ kind: 'all', type: domain, body })
  const common = { kind: 'indc', lvls: 0, params: 0, indices: 0, type } as const
  const ctor = { unsafe: unsafeB, lvls: 0, cidx: 0, params: 0, fields: 1, type: all(all(B, B), B) }
  const members = [
    { ...common, unsafe: unsafeA, ctors: [] },
    { ...common, unsafe: unsafeB, ctors: [ctor] },
  ]
  const store = new Store()
  const univs = [numeral(1)]
  const block = store.put(encodeConstant({ info: { kind: 'muts', members }, sharing: [], refs: [], univs }))
  return { store, subject: store.put(encodeProjection({ kind: 'iprj', idx: 1, block })) }
}

test('members of a block are as safe as one another: positivity is asked of none or of all', () => {
  const run = (a: boolean, b: boolean, mutation?: Mutation): string => {
    const { store, subject } = half(a, b)
    const outcome = runCheck(store, subject, { program: kernelWith(mutation) })
    return outcome.ok ? 'accepted' : outcome.error.message
  }
  expect(run(true, true)).toBe('accepted')
  expect(run(false, false)).toMatch(/non-positive/)
  expect(run(true, false)).toMatch(/partly unsafe/)
  const without: Mutation = {
    file: INDUCTIVE,
    from: '      assert_eq!(own_unsafe, unsafe, "members of a mutual block that are partly unsafe");\n',
    to: '',
  }
  expect(run(true, false, without)).toBe('accepted')
})

/** Members without constructors in one block, of which the last one is the subject. */
function bare(members: readonly { lvls: number; params: number; type: Expression }[]): {
  store: Store
  subject: Address
} {
  const store = new Store()
  const common = { kind: 'indc', unsafe: false, indices: 0, ctors: [] } as const
  const info = { kind: 'muts', members: members.map(member => ({ ...common, ...member })) } as const
  const block = store.put(encodeConstant({ info, sharing: [], refs: [], univs: [numeral(1)] }))
  return { store, subject: store.put(encodeProjection({ kind: 'iprj', idx: members.length - 1, block })) }
}

const SORT: Expression = { kind: 'sort', universe: 0 }

test('members of a block have the same universe parameters', () => {
  const run = (a: number, b: number, mutation?: Mutation): string => {
    const { store, subject } = bare([a, b].map(lvls => ({ lvls, params: 0, type: SORT })))
    const outcome = runCheck(store, subject, { program: kernelWith(mutation) })
    return outcome.ok ? 'accepted' : outcome.error.message
  }
  for (const n of [0, 1]) expect(run(n, n)).toBe('accepted')
  expect(run(1, 0)).toMatch(/different numbers of universe parameters/)
  const without: Mutation = {
    file: INDUCTIVE,
    from: '      assert_eq!(own_levels, levels, "members of a mutual block with different numbers of universe parameters");\n',
    to: '',
  }
  expect(run(1, 0, without)).toBe('accepted')
})

test('members of a block have the same parameters', () => {
  const run = (a: number, b: number, mutation?: Mutation): string => {
    const type: Expression = { kind: 'all', type: SORT, body: SORT }
    const { store, subject } = bare([a, b].map(params => ({ lvls: 0, params, type })))
    const outcome = runCheck(store, subject, { program: kernelWith(mutation) })
    return outcome.ok ? 'accepted' : outcome.error.message
  }
  expect(run(1, 1)).toBe('accepted')
  expect(run(1, 0)).toMatch(/different numbers of parameters/)
  const without: Mutation = {
    file: INDUCTIVE,
    from: '      assert_eq!(own_params, params, "members of a mutual block with different numbers of parameters");\n',
    to: '',
  }
  expect(run(1, 0, without)).toBe('accepted')
})

/** Rules of reduction: each with a control, a forgery, and a kernel without the rule. */
import { expect, test } from 'vitest'
import type { Declaration, Expr, Level } from '../../lean/declaration.js'
import { parseName } from '../../lean/name.js'
import { app, axiom, c, definition, lam, param, pi, sort, succ, v, zero } from '../ixon/declarations.js'
import { family, lams, PROP, pis, recursor, TYPE } from './inductive-types.js'
import { checkOne, environmentOf } from './kernel-run.js'
import type { Mutation } from './mutation.js'

interface Case {
  readonly name: string
  /** The constant to check; T unless said otherwise. */
  readonly subject?: string
  readonly good: readonly Declaration[]
  readonly bad: readonly Declaration[]
  readonly reason: RegExp
  /** The rule taken out of the kernel, after which the bad case passes. */
  readonly without?: Mutation
}

const A = c('A')
const BASE: readonly Declaration[] = [
  axiom('A', TYPE),
  axiom('F', pi(TYPE, TYPE)),
  axiom('P', PROP),
  axiom('a', A),
  axiom('g', pi(A, A)),
  axiom('D', pi(A, TYPE)),
]
const b = app(c('g'), c('a'))

/** T is well typed exactly when x = a. */
const isA = (x: Expr): Declaration[] => [
  axiom('d', app(c('D'), c('a'))),
  definition('T', app(c('D'), x), c('d')),
]
/** The same for an x over variables: T takes D x to D a. */
const isAUnder = (binders: readonly Expr[], x: Expr): Declaration[] => [
  definition(
    'T',
    pis([...binders, app(c('D'), x)], app(c('D'), c('a'))),
    lams([...binders, app(c('D'), x)], v(0)),
  ),
]

/** I : A -> Prop with I.mk : I a, and its recursor, which has rule K. */
const I: readonly Declaration[] = [
  ...family({
    name: 'I',
    type: pi(A, PROP),
    indices: 1,
    ctors: { mk: { type: app(c('I'), c('a')), fields: 0 } },
  }),
  (() => {
    const motive = pis([A, app(c('I'), v(0))], sort(param('u')))
    const minor = app(v(0), c('a'), c('I.mk'))
    return recursor({
      name: 'I.rec',
      all: ['I'],
      levels: ['u'],
      indices: 1,
      minors: 1,
      k: true,
      type: pis([motive, minor, A, app(c('I'), v(0))], app(v(3), v(1), v(0))),
      rules: [{ ctor: 'I.mk', fields: 0, rhs: lams([motive, minor], v(0)) }],
    })
  })(),
]
/** Eliminates the variable 0 of type I x into A, with value a. */
const eliminateI = (x: Expr): Expr =>
  app(c('I.rec', succ(zero)), lams([A, app(c('I'), v(0))], A), c('a'), x, v(0))

/** W with one field, and its recursor. */
function W(type: Expr, field: Expr): Declaration[] {
  const motive = pi(c('W'), sort(param('u')))
  const minor = pi(field, app(v(1), app(c('W.mk'), v(0))))
  return [
    ...family({ name: 'W', type, ctors: { mk: { type: pi(field, c('W')), fields: 1 } } }),
    recursor({
      name: 'W.rec',
      all: ['W'],
      levels: ['u'],
      minors: 1,
      type: pis([motive, minor, c('W')], app(v(2), v(0))),
      rules: [{ ctor: 'W.mk', fields: 1, rhs: lams([motive, minor, field], app(v(1), v(0))) }],
    }),
  ]
}
/** Eliminates the variable 0 of type W into A, with value a. */
const eliminateW = (field: Expr): Expr =>
  app(c('W.rec', succ(zero)), lam(c('W'), A), lam(field, c('a')), v(0))

const u = param('u')
const relation = (i: number) => pis([v(i), v(i + 1)], PROP)
const eq = (level: Level, ...args: Expr[]) => app(c('Eq', level), ...args)
const quot = (...args: Expr[]) => app(c('Quot', u), ...args)

const EQ = family({
  name: 'Eq',
  levels: ['u'],
  type: pis([sort(u), v(0), v(1)], PROP),
  params: 2,
  indices: 1,
  ctors: { refl: { type: pis([sort(u), v(0)], eq(u, v(1), v(0), v(0))), fields: 0 } },
})

type Kind = 'type' | 'ctor' | 'lift' | 'ind'

function quotient(name: string, quotKind: Kind, type: Expr, levels: readonly string[] = ['u']): Declaration {
  const levelParams = levels.map(level => parseName(level))
  return { kind: 'quotient', name: parseName(name), levelParams, type, quotKind }
}

const QUOT_TYPE = pis([sort(u), relation(0)], sort(u))
const MK_TYPE = pis([sort(u), relation(0), v(1)], quot(v(2), v(1)))
const RESPECTS = pis(
  [v(3), v(4), app(v(4), v(1), v(0))],
  eq(param('v'), v(4), app(v(3), v(2)), app(v(3), v(1))),
)
const liftType = (respects: Expr) =>
  pis([sort(u), relation(0), sort(param('v')), pi(v(2), v(1)), respects, quot(v(4), v(3))], v(3))
const indType = (conclusion: Expr) =>
  pis(
    [
      sort(u),
      relation(0),
      pi(quot(v(1), v(0)), PROP),
      pi(v(2), app(v(1), app(c('Quot.mk', u), v(3), v(2), v(0)))),
      quot(v(3), v(2)),
    ],
    conclusion,
  )

function quotients(changes: Partial<Record<Kind, Expr>> = {}): Declaration[] {
  return [
    ...EQ,
    quotient('Quot', 'type', changes.type ?? QUOT_TYPE),
    quotient('Quot.mk', 'ctor', changes.ctor ?? MK_TYPE),
    quotient('Quot.lift', 'lift', changes.lift ?? liftType(RESPECTS), ['u', 'v']),
    quotient('Quot.ind', 'ind', changes.ind ?? indType(app(v(2), v(0)))),
  ]
}

const exactly = (expected: string, message: string): Mutation => ({
  file: 'quotient.aiur',
  from: `      assert_eq!(ptr_val(ty), ptr_val(${expected}), "${message}");\n`,
  to: '',
})

/** Constant, kind, one level too many, and the assertion with what follows it. */
const LEVELS_OF_QUOTIENTS: readonly [string, Kind, readonly string[], string, string][] = [
  [
    'Quot',
    'type',
    ['u', 'w'],
    '      assert_eq!(n, 1);\n',
    '      assert_eq!(ptr_val(ty), ptr_val(quot_type())',
  ],
  [
    'Quot.mk',
    'ctor',
    ['u', 'w'],
    '      assert_eq!(n, 1);\n',
    '      let q = head_constant(skip_pis(ty, 3));\n',
  ],
  [
    'Quot.lift',
    'lift',
    ['u', 'v', 'w'],
    '      assert_eq!(n, 2);\n',
    '      let Expr.Pi(d, _) = load(skip_pis(ty, 5));\n',
  ],
  [
    'Quot.ind',
    'ind',
    ['u', 'w'],
    '      assert_eq!(n, 1);\n',
    '      let Expr.Pi(d, _) = load(skip_pis(ty, 4));\n',
  ],
]

const CASES: readonly Case[] = [
  {
    name: 'rule K compares the indices',
    good: [...BASE, ...I, ...isAUnder([app(c('I'), c('a'))], eliminateI(c('a')))],
    bad: [...BASE, ...I, ...isAUnder([app(c('I'), b)], eliminateI(b))],
    reason: /does not have the type/,
    without: { file: 'iota.aiur', from: '          def_eq(t, infer_only(c)),', to: '          1,' },
  },
  {
    name: 'a proof is not taken apart by its projections',
    good: [...BASE, ...W(TYPE, A), ...isAUnder([c('W')], eliminateW(A))],
    bad: [...BASE, ...W(PROP, c('P')), ...isAUnder([c('W')], eliminateW(c('P')))],
    reason: /does not have the type/,
    without: {
      file: 'iota.aiur',
      from: '      match is_prop(infer_only(m)) {\n',
      to: '      match is_prop(infer_only(m)) * 0 {\n',
    },
  },
  {
    name: 'a proof of a proposition in disguise neither',
    good: [...BASE, ...W(TYPE, A), ...isAUnder([c('W')], eliminateW(A))],
    bad: [
      ...BASE,
      ...W(sort({ kind: 'imax', left: succ(zero), right: zero }), c('P')),
      ...isAUnder([c('W')], eliminateW(c('P'))),
    ],
    reason: /does not have the type/,
    without: {
      file: 'iota.aiur',
      from: '      match is_prop(infer_only(m)) {\n',
      to: '      match is_prop(infer_only(m)) * 0 {\n',
    },
  },
  {
    name: 'an axiom does not reduce',
    good: [...BASE, definition('k', A, c('a')), ...isA(c('k'))],
    bad: [...BASE, ...isA(b)],
    reason: /does not have the type/,
  },
  {
    name: 'Quot has its type',
    subject: 'Quot',
    good: quotients(),
    bad: quotients({ type: pis([sort(u), relation(0)], TYPE) }),
    reason: /not the type of Quot$/,
    without: exactly('quot_type()', 'not the type of Quot'),
  },
  {
    name: 'Quot.mk has its type',
    subject: 'Quot.mk',
    good: quotients(),
    bad: quotients({ ctor: pis([sort(u), relation(0), pi(v(1), v(2))], quot(v(2), v(1))) }),
    reason: /not the type of Quot.mk/,
    without: exactly('quot_mk_type(q)', 'not the type of Quot.mk'),
  },
  {
    name: 'Quot.lift takes functions that respect the relation',
    subject: 'Quot.lift',
    good: quotients(),
    bad: quotients({
      lift: liftType(
        pis([v(3), v(4), app(v(4), v(1), v(0))], eq(param('v'), v(4), app(v(3), v(2)), app(v(3), v(2)))),
      ),
    }),
    reason: /not the type of Quot.lift/,
    without: exactly('quot_lift_type(q, e)', 'not the type of Quot.lift'),
  },
  {
    name: 'Quot.ind concludes about its argument',
    subject: 'Quot.ind',
    good: quotients(),
    bad: quotients({ ind: indType(pi(PROP, app(v(3), v(1)))) }),
    reason: /not the type of Quot.ind/,
    without: exactly('quot_ind_type(q, mk)', 'not the type of Quot.ind'),
  },
  {
    name: 'the equality of Quot.lift has one constructor',
    subject: 'Quot.lift',
    good: quotients(),
    bad: [
      ...family({
        name: 'Eq',
        levels: ['u'],
        type: pis([sort(u), v(0), v(1)], PROP),
        params: 2,
        indices: 1,
        ctors: {
          refl: { type: pis([sort(u), v(0)], eq(u, v(1), v(0), v(0))), fields: 0 },
          any: { type: pis([sort(u), v(0), v(1)], eq(u, v(2), v(1), v(0))), fields: 1 },
        },
      }),
      ...quotients().slice(EQ.length),
    ],
    reason: /constructors|assert|differ|expected/,
    without: { file: 'quotient.aiur', from: '  assert_eq!(constructors, 1);\n', to: '' },
  },
  {
    name: 'the equality of Quot.lift is a proposition',
    subject: 'Quot.lift',
    good: quotients(),
    bad: quotients().map(declaration =>
      declaration.kind === 'inductive'
        ? { ...declaration, type: pis([sort(u), v(0), v(1)], TYPE) }
        : declaration,
    ),
    reason: /not the type of Eq/,
    without: {
      file: 'quotient.aiur',
      from: '  assert_eq!(ptr_val(ty), ptr_val(pi(sort_param(0), pi(bvar(0), pi(bvar(1), prop())))), "not the type of Eq");\n',
      to: '  let _ = ty;\n',
    },
  },
  ...LEVELS_OF_QUOTIENTS.map(
    ([subject, kind, levels, before, after]): Case => ({
      name: `${subject} has its universe parameters`,
      subject,
      good: quotients(),
      bad: quotients().map(declaration =>
        declaration.kind === 'quotient' && declaration.quotKind === kind
          ? { ...declaration, levelParams: levels.map(level => parseName(level)) }
          : declaration,
      ),
      reason: /./,
      without: { file: 'quotient.aiur', from: `${before}${after}`, to: after },
    }),
  ),
  {
    name: 'the equality of Quot.lift is reflexive only',
    subject: 'Quot.lift',
    good: quotients(),
    bad: quotients().map(declaration =>
      declaration.kind === 'constructor'
        ? { ...declaration, type: pis([sort(u), v(0), v(1)], eq(u, v(2), v(1), v(0))), numFields: 1 }
        : declaration,
    ),
    reason: /not the type of Eq.refl/,
    without: {
      file: 'quotient.aiur',
      from: '  assert_eq!(ptr_val(refl), ptr_val(pi(sort_param(0), pi(bvar(0), self))), "not the type of Eq.refl");\n',
      to: '  let _ = self;\n  let _ = refl;\n',
    },
  },
]

test.each(CASES)('$name', ({ subject = 'T', good, bad, reason, without }) => {
  expect(checkOne(environmentOf(good), subject)).toBe('accepted')
  const forged = environmentOf(bad)
  expect(checkOne(forged, subject)).toMatch(reason)
  if (without !== undefined) expect(checkOne(forged, subject, { mutation: without })).toBe('accepted')
})

test('Quot.lift and Quot.ind reduce on Quot.mk', () => {
  const made = app(c('Quot.mk', succ(zero)), A, c('r'), v(0))
  const lifted = app(c('Quot.lift', succ(zero), succ(zero)), A, c('r'), A, c('f'), c('respects'), made)
  const f = (related: Expr) => eq(succ(zero), A, app(c('f'), v(2)), app(c('f'), related))
  const declarations = [
    ...BASE,
    ...quotients(),
    axiom('r', pis([A, A], PROP)),
    definition('f', pi(A, A), lam(A, c('a'))),
    axiom('respects', pis([A, A, app(c('r'), v(1), v(0))], f(v(1)))),
    ...isAUnder([A], lifted),
  ]
  expect(checkOne(environmentOf(declarations), 'T')).toBe('accepted')
})

test('a recursor waits for its major premise, with rule K as well', () => {
  const waiting = app(c('I.rec', succ(zero)), lams([A, app(c('I'), v(0))], A), c('a'), c('a'))
  const functions = pi(app(c('I'), c('a')), A)
  const environment = environmentOf([
    ...BASE,
    ...I,
    axiom('E', pi(functions, TYPE)),
    axiom('e', app(c('E'), waiting)),
    definition('T', app(c('E'), app(lam(functions, v(0)), waiting)), c('e')),
  ])
  const without: Mutation = {
    file: 'iota.aiur',
    from: '    List.Nil => apply_spine(h, args),\n    List.Cons(major, rest) =>\n      match #recursor_shape(',
    to: '    List.Cons(major, rest) =>\n      match #recursor_shape(',
  }
  expect(checkOne(environment, 'T')).toBe('accepted')
  expect(checkOne(environment, 'T', { mutation: without })).not.toBe('accepted')
})

test('a recursor computes with constructors of its own type', () => {
  // Only ill-typed terms apply it to others, so the kernel here does not type arguments.
  const untyped: Mutation = {
    file: 'infer.aiur',
    from: '    _ => @expect_type(infer(e), t),',
    to: '    _ => @expect_type(infer_only(e), t),',
  }
  const without: Mutation = {
    file: 'iota.aiur',
    from: '      assert_eq!(address_eq(ind, major_inductive(ty, info)), 1, "recursor applied to a constructor of another type");\n',
    to: '      let _ = ind;\n',
  }
  const other = family({
    name: 'V',
    type: TYPE,
    ctors: { mk: { type: pi(app(c('F'), A), c('V')), fields: 1 } },
  })
  const at = (major: Expr) => [
    ...BASE,
    ...W(TYPE, A),
    ...other,
    ...isA(app(c('W.rec', succ(zero)), lam(c('W'), A), lam(A, c('a')), app(major, c('a')))),
  ]
  expect(checkOne(environmentOf(at(c('W.mk'))), 'T')).toBe('accepted')
  const forged = environmentOf(at(c('V.mk')))
  expect(checkOne(forged, 'T')).toMatch(/does not have the type/)
  expect(checkOne(forged, 'T', { mutation: untyped })).toMatch(/constructor of another type/)
  expect(checkOne(forged, 'T', { mutation: [untyped, without] })).toBe('accepted')
})

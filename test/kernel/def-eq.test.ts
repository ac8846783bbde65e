/**
 * Rules of definitional equality. The search for a derivation is advice, so each rule is tested against a search that
 * lies: it names the rule where it does not apply.
 */
import { expect, test } from 'vitest'
import type { Declaration, Expr } from '../../lean/declaration.js'
import { parseName } from '../../lean/name.js'
import { app, axiom, c, definition, lam, pi, sort, succ, v, zero } from '../ixon/declarations.js'
import { family, PROP, pis, TYPE } from './inductive-types.js'
import { checkOne, environmentOf } from './kernel-run.js'
import type { Mutation } from './mutation.js'

/** The rules that a lie may name; those with two numbers work on either side. */
const RULE = {
  shape: '1',
  irrelevance: '5',
  numbers: '6',
  spines: '9',
  functionEta: 'match load(a) { Expr.Lam(_, _) => 15, _ => 16, }',
  structureEta: 'match is_constructed(b) { 1 => 17, _ => 18, }',
  unit: '21',
}

/** A search that names a rule wherever the honest one finds none; it still takes applications and binders apart. */
function lying(rule: keyof typeof RULE): Mutation[] {
  return [
    {
      file: 'def_eq.aiur',
      from: '  match #find_rule(a, b) {\n',
      to: '  match #lie(a, b) {\n',
    },
    { file: 'def_eq.aiur', from: '  match #holds(a, b) {\n', to: '  match 1 {\n' },
    { file: 'infer.aiur', from: '  assert_eq!(#holds(actual, t), 1,', to: '  assert_eq!(1, 1,' },
    {
      file: 'lazy_delta.aiur',
      from: '-- 1 when a derivation was found.\n',
      to: `
fn lie(a: &Expr, b: &Expr) -> G {
  match find_rule(a, b) {
    0 => match binders_or_sorts(a, b) { 1 => 1, _ => match both_applied(a, b) { 1 => 9, _ => lie_apart(a, b), }, },
    honest => honest,
  }
}

fn lie_apart(a: &Expr, b: &Expr) -> G { ${RULE[rule]} }

fn is_constructed(e: &Expr) -> G {
  let (h, _) = spine(e);
  match constructor_of(h) { CtorRef.Some(_) => 1, _ => 0, }
}
`,
    },
  ]
}

interface Case {
  readonly name: string
  readonly rule: keyof typeof RULE
  readonly good: readonly Declaration[]
  readonly bad: readonly Declaration[]
  /** The premise taken out of the rule, after which the lie is believed. */
  readonly without: readonly Mutation[]
}

const A = c('A')
const B = app(c('F'), A)
const P = c('P')
const Q = app(c('Not'), P)
const BASE: readonly Declaration[] = [
  axiom('A', TYPE),
  axiom('F', pi(TYPE, TYPE)),
  axiom('Not', pi(PROP, PROP)),
  axiom('P', PROP),
]

/** T : D x is inhabited by something of type D y exactly when x = y. */
function conversion(type: Expr, x: Expr, y: Expr): Declaration[] {
  return [axiom('D', pi(type, TYPE)), axiom('d', app(c('D'), y)), definition('T', app(c('D'), x), c('d'))]
}

/** The same for x and y that depend on variables. */
function under(binders: readonly Expr[], type: Expr, x: Expr, y: Expr): Declaration[] {
  const close = (e: Expr) => binders.reduceRight<Expr>((body, binder) => lam(binder, body), e)
  const whole = pis(binders, type)
  return conversion(whole, close(x), close(y))
}

const proj = (structure: string, field: number, expr: Expr): Expr => ({
  kind: 'proj',
  structure: parseName(structure),
  field,
  expr,
})

const mutation = (file: string, from: string, to = ''): readonly Mutation[] => [{ file, from, to }]
const premise = (from: string, to = '') => mutation('def_eq.aiur', from, to)
const etaPremise = (from: string, to = '') => mutation('eta.aiur', from, to)

const S = family({ name: 'S', type: TYPE, ctors: { mk: { type: pis([A, A], c('S')), fields: 2 } } })
const U = family({ name: 'U', type: TYPE, ctors: { mk: { type: c('U'), fields: 0 } } })
/** Unit types over an index. */
const UNITS = family({
  name: 'U',
  type: pi(A, TYPE),
  indices: 1,
  ctors: { mk: { type: app(c('U'), c('a')), fields: 0 } },
})
const TWO = family({
  name: 'U',
  type: TYPE,
  ctors: { mk: { type: c('U'), fields: 0 }, other: { type: c('U'), fields: 0 } },
})
const WITH_FIELD = family({ name: 'U', type: TYPE, ctors: { mk: { type: pi(A, c('U')), fields: 1 } } })

const CASES: readonly Case[] = [
  {
    name: 'sorts of different levels differ',
    rule: 'shape',
    good: [...BASE, ...conversion(PROP, pi(TYPE, P), pi(TYPE, P))],
    bad: [...BASE, ...conversion(PROP, pi(TYPE, P), pi(PROP, P))],
    without: premise('      assert_eq!(level_eq(u, v), 1);,', '      (),'),
  },
  {
    name: 'different constants differ',
    rule: 'shape',
    good: [...BASE, ...conversion(TYPE, A, A)],
    bad: [...BASE, axiom('C', sort(succ(zero)), ['u']), ...conversion(TYPE, A, c('C', zero))],
    without: premise(
      '      assert_eq!(address_eq(c, d), 1);\n      assert_eq!(levels_eq(us, vs), 1);,',
      '      (),',
    ),
  },
  {
    name: 'one constant at different universes differs',
    rule: 'shape',
    good: [axiom('C', TYPE, ['u']), ...conversion(TYPE, c('C', zero), c('C', zero))],
    bad: [axiom('C', TYPE, ['u']), ...conversion(TYPE, c('C', zero), c('C', succ(zero)))],
    without: premise('      assert_eq!(levels_eq(us, vs), 1);,', '      (),'),
  },
  {
    name: 'functions differ with their domains',
    rule: 'shape',
    good: [...BASE, ...conversion(TYPE, pi(A, A), pi(A, A))],
    bad: [...BASE, ...conversion(TYPE, pi(A, A), pi(B, A))],
    without: premise('  equal(t, inst(e, xs, 0));\n'),
  },
  {
    name: 'functions differ with their bodies',
    rule: 'shape',
    good: [...BASE, ...conversion(TYPE, pi(A, A), pi(A, A))],
    bad: [...BASE, ...conversion(TYPE, pi(A, A), pi(A, B))],
    without: premise(
      '        Expr.Pi(e, t) => equal_pis(s, t, store(List.Cons(open_both(d, e, xs, k), xs)), k + 1),\n        _ => equal(inst(a, xs, 0), inst(b, xs, 0)),\n      },\n    _ => equal(inst(a, xs, 0), inst(b, xs, 0)),',
      '        Expr.Pi(e, t) => equal_pis(s, t, store(List.Cons(open_both(d, e, xs, k), xs)), k + 1),\n        _ => (),\n      },\n    _ => (),',
    ),
  },
  {
    name: 'different fields differ',
    rule: 'shape',
    good: [...BASE, ...S, ...under([c('S')], A, proj('S', 0, v(0)), proj('S', 0, v(0)))],
    bad: [...BASE, ...S, ...under([c('S')], A, proj('S', 0, v(0)), proj('S', 1, v(0)))],
    without: premise('      assert_eq!(i, j);\n'),
  },
  {
    name: 'fields of different terms differ',
    rule: 'shape',
    good: [...BASE, ...S, ...under([c('S'), c('S')], A, proj('S', 0, v(0)), proj('S', 0, v(0)))],
    bad: [...BASE, ...S, ...under([c('S'), c('S')], A, proj('S', 0, v(0)), proj('S', 0, v(1)))],
    without: premise('      equal(x, y),\n  }\n}\n\n-- Both sides', '      (),\n  }\n}\n\n-- Both sides'),
  },
  {
    name: 'data is not irrelevant',
    rule: 'irrelevance',
    good: [...BASE, ...under([P, P], P, v(0), v(1))],
    bad: [...BASE, ...under([A, A], A, v(0), v(1))],
    without: premise('  assert_eq!(is_prop(t), 1);\n'),
  },
  {
    name: 'proofs of different propositions differ',
    rule: 'irrelevance',
    good: [...BASE, ...under([P, P], P, v(0), v(1))],
    bad: [
      ...BASE,
      axiom('D', pi(P, TYPE)),
      axiom('q', Q),
      // The argument is of another type, which the same rule is asked to excuse.
      axiom('p', P),
      axiom('d', app(c('D'), c('p'))),
      definition('T', app(c('D'), c('q')), c('d')),
    ],
    without: [
      ...premise('  equal(t, infer_only(b));\n'),
      ...mutation('infer.aiur', '          check_has_type(x, inst(d, xs, 0));\n'),
    ],
  },
  {
    name: 'what is no number has no successors to cancel',
    rule: 'numbers',
    good: [...BASE, ...under([A, A], A, v(0), v(0))],
    bad: [...BASE, ...under([A, A], A, v(0), v(1))],
    without: premise('    6 => assert_eq!(try_def_eq_nat(a, b), 1);,\n', '    6 => (),\n'),
  },
  {
    name: 'applications differ with their arguments',
    rule: 'spines',
    good: [...BASE, axiom('g', pi(A, A)), ...under([A, A], A, app(c('g'), v(0)), app(c('g'), v(0)))],
    bad: [...BASE, axiom('g', pi(A, A)), ...under([A, A], A, app(c('g'), v(0)), app(c('g'), v(1)))],
    without: premise(
      '      equal(x, y);\n      equal_lists'.replace('equal_lists', 'equal_lists(xrest, yrest)'),
      '      equal_lists(xrest, yrest)',
    ),
  },
  {
    name: 'applications differ with their heads',
    rule: 'spines',
    good: [...BASE, ...under([pi(A, A), pi(A, A), A], A, app(v(1), v(0)), app(v(1), v(0)))],
    bad: [...BASE, ...under([pi(A, A), pi(A, A), A], A, app(v(1), v(0)), app(v(2), v(0)))],
    without: premise('  equal(g, h);\n'),
  },
  {
    name: 'eta expands a function over its own domain',
    rule: 'functionEta',
    good: [...BASE, ...under([pi(A, A)], pi(A, A), lam(A, app(v(1), v(0))), v(0))],
    bad: [
      ...BASE,
      axiom('D', pi(pi(A, A), TYPE)),
      axiom('g', pi(A, A)),
      axiom('h', pi(B, A)),
      axiom('d', app(c('D'), c('g'))),
      // Ill-typed if the domain counts: h is not applicable to A.
      definition('T', app(c('D'), lam(B, app(c('g'), v(0)))), c('d')),
    ],
    without: [
      ...etaPremise('  equal(d, d2);\n'),
      ...mutation('infer.aiur', '          check_has_type(x, inst(d, xs, 0));\n'),
    ],
  },
  {
    name: 'eta compares the body with the application',
    rule: 'functionEta',
    good: [...BASE, ...under([pi(A, A)], pi(A, A), lam(A, app(v(1), v(0))), v(0))],
    bad: [...BASE, ...under([pi(A, A)], pi(A, A), lam(A, v(0)), v(0))],
    without: etaPremise('  equal(@inst1(body, x), store(Expr.App(b, x)));\n', '  let _ = x;\n  ()\n'),
  },
  {
    name: 'a structure is equal to its fields made up again, and to nothing else',
    rule: 'structureEta',
    good: [
      ...BASE,
      ...S,
      ...under([c('S')], c('S'), app(c('S.mk'), proj('S', 0, v(0)), proj('S', 1, v(0))), v(0)),
    ],
    bad: [
      ...BASE,
      ...S,
      ...under([c('S')], c('S'), app(c('S.mk'), proj('S', 1, v(0)), proj('S', 0, v(0))), v(0)),
    ],
    without: etaPremise('  equal_lists(projections(i, a, 0, fields), list_drop(args, params));\n', '  ()\n'),
  },
  {
    name: 'structure eta is for terms of one type',
    rule: 'structureEta',
    good: [
      ...BASE,
      ...S,
      ...under([c('S')], c('S'), app(c('S.mk'), proj('S', 0, v(0)), proj('S', 1, v(0))), v(0)),
    ],
    bad: [
      ...BASE,
      ...U,
      axiom('D', pi(c('U'), TYPE)),
      axiom('x', A),
      axiom('d', app(c('D'), c('x'))),
      definition('T', app(c('D'), c('U.mk')), c('d')),
    ],
    without: [
      ...etaPremise('  equal(infer_only(a), infer_only(b));\n'),
      ...mutation('infer.aiur', '          check_has_type(x, inst(d, xs, 0));\n'),
    ],
  },
  {
    name: 'a recursive type has no eta',
    rule: 'structureEta',
    good: [
      ...BASE,
      ...S,
      ...under([c('S')], c('S'), app(c('S.mk'), proj('S', 0, v(0)), proj('S', 1, v(0))), v(0)),
    ],
    bad: [
      ...family({ name: 'R', type: TYPE, ctors: { mk: { type: pi(c('R'), c('R')), fields: 1 } } }),
      ...under([c('R')], c('R'), app(c('R.mk'), proj('R', 0, v(0))), v(0)),
    ],
    without: etaPremise('      match mentions(d, members) {', '      match mentions(d, members) * 0 {'),
  },
  {
    name: 'a type over an index has no eta',
    rule: 'unit',
    good: [...U, ...under([c('U'), c('U')], c('U'), v(0), v(1))],
    bad: [
      ...BASE,
      axiom('a', A),
      ...UNITS,
      ...under([app(c('U'), c('a')), app(c('U'), c('a'))], app(c('U'), c('a')), v(0), v(1)),
    ],
    without: etaPremise('      match indices {', '      match indices * 0 {'),
  },
  {
    name: 'a type with two constructors is no unit',
    rule: 'unit',
    good: [...U, ...under([c('U'), c('U')], c('U'), v(0), v(1))],
    bad: [...TWO, ...under([c('U'), c('U')], c('U'), v(0), v(1))],
    without: etaPremise('  match constructors {\n    1 =>', '  match constructors {\n    2 =>'),
  },
  {
    name: 'a type with a field is no unit',
    rule: 'unit',
    good: [...U, ...under([c('U'), c('U')], c('U'), v(0), v(1))],
    bad: [...BASE, ...WITH_FIELD, ...under([c('U'), c('U')], c('U'), v(0), v(1))],
    without: etaPremise('  assert_eq!(fields, 0);\n'),
  },
  {
    name: 'a unit is equal only to terms of its type',
    rule: 'unit',
    good: [...U, ...under([c('U'), c('U')], c('U'), v(0), v(1))],
    bad: [
      ...BASE,
      ...U,
      axiom('D', pi(c('U'), TYPE)),
      axiom('x', A),
      axiom('d', app(c('D'), c('x'))),
      definition('T', app(c('D'), c('U.mk')), c('d')),
    ],
    without: [
      ...etaPremise('  equal(t, infer_only(b));\n'),
      ...mutation('infer.aiur', '          check_has_type(x, inst(d, xs, 0));\n'),
    ],
  },
]

test.each(CASES)('$name', ({ rule, good, bad, without }) => {
  expect(checkOne(environmentOf(good), 'T')).toBe('accepted')
  const forged = environmentOf(bad)
  const lie = lying(rule)
  expect(checkOne(forged, 'T')).not.toBe('accepted')
  expect(checkOne(forged, 'T', { mutation: lie })).not.toBe('accepted')
  expect(checkOne(forged, 'T', { mutation: [...lie, ...without] })).toBe('accepted')
})

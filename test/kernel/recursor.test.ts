import { basename } from 'node:path'
import { describe, expect, test } from 'vitest'
import { kernelSources } from '../../kernel/sources.js'
import type { Declaration } from '../../lean/declaration.js'
import { app, axiom, c, definition, lam, param, pi, sort, succ, v, zero } from '../ixon/declarations.js'
import {
  lams,
  N,
  naturalCases,
  naturalRecursor,
  PROP,
  pis,
  type RecursorOf,
  TYPE,
  twoCases,
} from './inductive-types.js'
import { checkOne, environmentOf } from './kernel-run.js'
import type { Mutation } from './mutation.js'
import {
  boxed,
  computingHypothesis,
  dataInIndex,
  fiveIndices,
  forgedNatural,
  hiddenIndex,
  indexOf,
  motive,
  naturalRules,
  naturalWith,
  oneCase,
  overNumbers,
  succCase,
  zeroCase,
} from './one-motive.js'
import {
  fabricatedMotive,
  motiveTwice,
  mutual,
  nested,
  uneven,
  unusedHypothesis,
  unusedMinor,
  unusedMotive,
} from './several-motives.js'

interface Case {
  readonly name: string
  readonly subject: string
  readonly good: readonly Declaration[]
  readonly bad: readonly Declaration[]
  readonly reason: RegExp
  /** The rule taken out of the kernel, after which the bad case passes. Absent where another rule rejects it as well. */
  readonly without?: Mutation | readonly Mutation[]
}

const SOURCES = kernelSources().filter(({ name }) => name.startsWith('kernel/recursor'))

/** Without some text of the files about recursors. */
function dropped(from: string, to = ''): Mutation {
  const { name } = SOURCES.find(({ text }) => text.includes(from)) ?? SOURCES[0]!
  return { file: basename(name), from, to }
}

const u = param('u')
const natural = [...N, naturalRecursor()]

const anything = axiom('anything', pi(sort(u), v(0)), ['u'])

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
    name: 'nor anything partial',
    subject: 'Two.rec',
    good: [definition('Other', TYPE, c('Two')), ...two({ rules: detoured('Other') })],
    bad: [definition('Other', TYPE, c('Two'), 'partial'), ...two({ rules: detoured('Other') })],
    reason: /unsafe or partial/,
    without: {
      file: 'declarations.aiur',
      from: 'fn check_references(e: &Expr, danger: G) {\n  match danger {',
      to: 'fn check_references(e: &Expr, danger: G) {\n  match danger * 0 + 1 {',
    },
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
    name: 'a proposition that holds proofs only eliminates into any sort',
    subject: 'One.rec',
    good: [axiom('P', PROP), ...oneCase(PROP, [c('P')], u)],
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
    name: 'a minor premise that nobody uses ends in its constructor',
    subject: 'A.rec',
    good: unusedMinor('P', v(0)),
    bad: unusedMinor('P', v(0), app(v(3), c('A.mk'))),
    reason: /minor premise with a wrong conclusion/,
    without: dropped(
      '  assert_eq!(def_eq(inst(after, env, 0), conclusion), 1, "minor premise with a wrong conclusion");\n',
    ),
  },
  {
    name: 'a hypothesis that nobody uses is about its field',
    subject: 'A.rec',
    good: unusedHypothesis('P', v(0)),
    bad: unusedHypothesis('P', v(0), app(v(4), c('A.mk'))),
    reason: /wrong induction hypothesis/,
    without: dropped(
      '      assert_eq!(def_eq(inst(e, xs, 0), wanted), 1, "wrong induction hypothesis");,',
      '      (),',
    ),
  },
  {
    name: 'the conclusion is about the major premise, where there are no rules',
    subject: 'B.rec',
    good: indexOf('P', v(0)),
    bad: [axiom('b', app(c('B'), c('p'))), ...indexOf('P', v(0), app(v(2), c('p'), c('b')))],
    reason: /wrong conclusion/,
    without: dropped(
      '      assert_eq!(def_eq(inst(body, store(List.Cons(major, full_env)), 0), conclusion), 1,\n        "recursor with a wrong conclusion");,',
      '      (),',
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
    bad: fabricatedMotive(false),
    reason: /wrong number of motives/,
    without: dropped(
      '      assert_eq!(list_length(flat), motives, "recursor with a wrong number of motives");\n',
    ),
  },
  {
    name: 'nor with a hypothesis about its proofs',
    subject: 'One.rec',
    good: oneCase(PROP, [], u, { k: true }),
    bad: fabricatedMotive(true),
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
    name: 'a rule is no other term of its type',
    subject: 'N.rec',
    good: [anything, ...natural],
    bad: [
      anything,
      ...forgedNatural({
        rules: naturalRules().with(1, {
          ctor: 'N.succ',
          fields: 1,
          rhs: lams([...naturalCases(), c('N')], app(c('anything', u), app(v(3), app(c('N.succ'), v(0))))),
        }),
      }),
    ],
    reason: /rule differs/,
    without: dropped(
      '      assert_eq!(def_eq(body, expected), 1, "recursor rule differs from the reconstruction");,\n',
      '      (),\n',
    ),
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

test.each(CASES)('$name', ({ subject, good, bad, reason, without }) => {
  expect(checkOne(environmentOf(good), subject)).toBe('accepted')
  const forged = environmentOf(bad)
  expect(checkOne(forged, subject)).toMatch(reason)
  if (without !== undefined) expect(checkOne(forged, subject, { mutation: without })).toBe('accepted')
})

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

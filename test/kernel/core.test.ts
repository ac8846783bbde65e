/** Rules of inference, reduction and declarations: each with a control, a forgery, and a kernel without the rule. */
import { expect, test } from 'vitest'
import { addressOf } from '../../ixon/address.js'
import { compileEnvironment } from '../../ixon/compile/compile.js'
import { Environment } from '../../ixon/environment.js'
import { check } from '../../kernel/check.js'
import type { Declaration, Expr } from '../../lean/declaration.js'
import { parseName } from '../../lean/name.js'
import {
  app,
  axiom,
  c,
  definition,
  lam,
  param,
  pi,
  sort,
  sourceOf,
  succ,
  v,
  zero,
} from '../ixon/declarations.js'
import { family, PROP, pis, TYPE } from './inductive-types.js'
import { checkOne, environmentOf } from './kernel-run.js'
import type { Mutation } from './mutation.js'

interface Case {
  readonly name: string
  /** The constant to check is T. */
  readonly good: readonly Declaration[]
  readonly bad: readonly Declaration[]
  readonly reason: RegExp
  /** The rule taken out of the kernel, after which the bad case passes. Absent where no kernel can go on without it. */
  readonly without?: Mutation
}

const INFER = 'infer.aiur'
const DECLARATIONS = 'declarations.aiur'

const A = c('A')
const B = app(c('F'), A)
const NOT_P = app(c('Not'), c('P'))
/** Two types with an element each, a proposition with a proof and one without. Equal axioms would be one constant. */
const BASE: readonly Declaration[] = [
  axiom('A', TYPE),
  axiom('F', pi(TYPE, TYPE)),
  axiom('Not', pi(PROP, PROP)),
  axiom('a', A),
  axiom('b', B),
  axiom('f', pi(A, A)),
  axiom('P', PROP),
  axiom('p', c('P')),
]

const letIn = (type: Expr, value: Expr, body: Expr): Expr => ({
  kind: 'let',
  binder: parseName('x'),
  type,
  value,
  body,
  nondep: false,
})
const proj = (structure: string, field: number, expr: Expr): Expr => ({
  kind: 'proj',
  structure: parseName(structure),
  field,
  expr,
})

function theorem(name: string, type: Expr, value: Expr, levels: readonly string[] = []): Declaration {
  const levelParams = levels.map(level => parseName(level))
  return { kind: 'theorem', name: parseName(name), levelParams, type, value, all: [parseName(name)] }
}

function opaque(type: Expr, value: Expr, isUnsafe = false): Declaration {
  return {
    kind: 'opaque',
    name: parseName('T'),
    levelParams: [],
    type,
    value,
    isUnsafe,
    all: [parseName('T')],
  }
}

/** Reduces to A, but applies an identity on A to a type. */
const ILL_TYPED_A = app(lam(A, A), A)
const WELL_TYPED_A = app(lam(A, A), c('a'))

/** S : Type with fields A and B. */
const S = family({ name: 'S', type: TYPE, ctors: { mk: { type: pis([A, B], c('S')), fields: 2 } } })
const TWO = family({
  name: 'S',
  type: TYPE,
  ctors: { mk: { type: pis([A, B], c('S')), fields: 2 }, other: { type: c('S'), fields: 0 } },
})
/** E : Prop with a field of A and proofs, which may depend on it. */
const proofs = (...fields: Expr[]): Declaration[] => [
  axiom('Q', pi(A, PROP)),
  ...family({
    name: 'E',
    type: PROP,
    ctors: { mk: { type: pis([A, ...fields], c('E')), fields: 1 + fields.length } },
  }),
]

const noValueCheck = (label: string): Mutation => ({
  file: DECLARATIONS,
  from: `  check_mentions(a, val, ${label});\n  check_has_type(val, ty);\n`,
  to: `  check_mentions(a, val, ${label});\n`,
})

/** A term of type A that binds a value by let, checked against its type or inferred. */
const LETS = [
  { place: 'checked', letting: (type: Expr, value: Expr) => letIn(type, value, c('a')) },
  { place: 'inferred', letting: (type: Expr, value: Expr) => app(letIn(type, value, c('f')), c('a')) },
]

const CASES: readonly Case[] = [
  {
    name: 'a term that nothing else has checked is not merely given its type',
    good: [...BASE, definition('T', A, app(c('f'), c('a')))],
    bad: [...BASE, definition('T', A, app(c('f'), c('b')))],
    reason: /does not have the type/,
    without: {
      file: INFER,
      from: '    _ => @expect_type(infer(e), t),',
      to: '    _ => @expect_type(infer_only(e), t),',
    },
  },
  {
    name: 'a definition has its declared type',
    good: [...BASE, definition('T', A, c('a'))],
    bad: [...BASE, definition('T', A, c('b'))],
    reason: /does not have the type/,
    without: noValueCheck('danger'),
  },
  {
    name: 'an opaque constant has its declared type',
    good: [...BASE, opaque(A, c('a'))],
    bad: [...BASE, opaque(A, c('b'))],
    reason: /does not have the type/,
    without: noValueCheck('danger'),
  },
  {
    name: 'a theorem proves its statement',
    good: [...BASE, theorem('T', c('P'), c('p'))],
    bad: [...BASE, theorem('T', NOT_P, c('p'))],
    reason: /does not have the type/,
    without: noValueCheck('0'),
  },
  {
    name: 'the statement of a theorem is a proposition',
    good: [...BASE, theorem('T', c('P'), c('p'))],
    bad: [...BASE, theorem('T', A, c('a'))],
    reason: /not a proposition/,
    without: {
      file: DECLARATIONS,
      from: '  assert_eq!(level_is_zero(l), 1, "the type of a theorem is not a proposition");\n',
      to: '',
    },
  },
  {
    name: 'a polymorphic type is no proposition',
    good: [axiom('T', pi(sort(param('u')), sort(param('u'))), ['u'])],
    bad: [
      axiom('I', pi(sort(param('u')), sort(param('u'))), ['u']),
      theorem('T', pi(sort(param('u')), sort(param('u'))), c('I', param('u')), ['u']),
    ],
    reason: /not a proposition/,
    without: {
      file: DECLARATIONS,
      from: '  assert_eq!(level_is_zero(l), 1, "the type of a theorem is not a proposition");\n',
      to: '',
    },
  },
  {
    name: 'a declared type is a type',
    good: [...BASE, axiom('T', A)],
    bad: [...BASE, axiom('T', c('a'))],
    reason: /a type is expected/,
    without: { file: DECLARATIONS, from: '  check_sort(ty)\n}', to: '  level_zero()\n}' },
  },
  {
    name: 'a constant gets as many universes as it declares',
    good: [axiom('I', sort(param('u')), ['u']), axiom('T', c('I', succ(zero)))],
    bad: [axiom('I', sort(param('u')), ['u']), axiom('T', c('I', succ(zero), zero))],
    reason: /number of universe levels/,
    without: {
      file: INFER,
      from: '  assert_eq!(list_length(us), n, "wrong number of universe levels");\n',
      to: '',
    },
  },
  {
    name: 'an argument has the type of the domain',
    good: [...BASE, definition('T', A, app(c('f'), c('a')))],
    bad: [...BASE, definition('T', A, app(c('f'), c('b')))],
    reason: /does not have the type/,
    without: {
      file: INFER,
      from: '          check_has_type(x, inst(d, xs, 0));\n',
      to: '',
    },
  },
  {
    name: 'an inferred abstraction has a type as its domain',
    good: [...BASE, definition('T', A, app(lam(WELL_TYPED_A, v(0)), c('a')))],
    bad: [...BASE, definition('T', A, app(lam(ILL_TYPED_A, v(0)), c('a')))],
    reason: /does not have the type/,
    without: {
      file: INFER,
      from: '      let _ = check_sort(d2);\n      let x = store(Expr.FVar(k, d2));\n      store(Expr.Pi(d, infer_lambdas',
      to: '      let x = store(Expr.FVar(k, d2));\n      store(Expr.Pi(d, infer_lambdas',
    },
  },
  {
    name: 'an abstraction checked against a type has a type as its domain',
    good: [...BASE, definition('T', pi(A, A), lam(WELL_TYPED_A, v(0)))],
    bad: [...BASE, definition('T', pi(A, A), lam(ILL_TYPED_A, v(0)))],
    reason: /does not have the type/,
    without: {
      file: INFER,
      from: '      let _ = check_sort(d);\n      expect_type',
      to: '      expect_type',
    },
  },
  {
    name: 'and the domain that the type has',
    good: [...BASE, definition('T', pi(A, A), lam(A, v(0)))],
    bad: [...BASE, definition('T', pi(A, B), lam(B, v(0)))],
    reason: /does not have the type/,
    without: { file: INFER, from: '      expect_type(d, expected);\n', to: '' },
  },
  ...LETS.map(
    ({ place, letting }): Case => ({
      name: `a let value has its declared type, ${place}`,
      good: [...BASE, definition('T', A, letting(B, c('b')))],
      bad: [...BASE, definition('T', A, letting(A, c('b')))],
      reason: /does not have the type/,
      without: { file: INFER, from: '  check_has_type(v, t);\n  v\n', to: '  v\n' },
    }),
  ),
  ...LETS.map(
    ({ place, letting }): Case => ({
      name: `a let type is a type, ${place}`,
      good: [...BASE, definition('T', A, letting(WELL_TYPED_A, c('a')))],
      bad: [...BASE, definition('T', A, letting(ILL_TYPED_A, c('a')))],
      reason: /does not have the type/,
      without: {
        file: INFER,
        from: '  let _ = check_sort(t);\n  check_has_type(v, t);\n  v\n',
        to: '  check_has_type(v, t);\n  v\n',
      },
    }),
  ),
  ...(['unsafe', 'partial'] as const).map(
    (danger): Case => ({
      name: `a safe constant mentions nothing ${danger}`,
      good: [...BASE, definition('d', A, c('a')), definition('T', A, c('d'))],
      bad: [...BASE, definition('d', A, c('a'), danger), definition('T', A, c('d'))],
      reason: /safe constant mentions/,
      without: {
        file: DECLARATIONS,
        from: '    Expr.Const(a, _) => assert_eq!(danger_of(a), 0, "a safe constant mentions an unsafe or partial one");,',
        to: '    Expr.Const(_, _) => (),',
      },
    }),
  ),
  {
    name: 'a partial constant mentions nothing unsafe',
    good: [...BASE, definition('d', A, c('a'), 'partial'), definition('T', A, c('d'), 'partial')],
    bad: [...BASE, definition('d', A, c('a'), 'unsafe'), definition('T', A, c('d'), 'partial')],
    reason: /partial constant mentions/,
    without: {
      file: DECLARATIONS,
      from: '  assert_eq!(danger * (1 - danger), 0, "a partial constant mentions an unsafe one");\n',
      to: '',
    },
  },
  {
    name: 'a safe type mentions nothing unsafe',
    good: [...BASE, definition('d', TYPE, A), axiom('T', c('d'))],
    bad: [...BASE, definition('d', TYPE, A, 'unsafe'), axiom('T', c('d'))],
    reason: /safe constant mentions/,
    without: { file: DECLARATIONS, from: '  check_mentions(a, ty, danger);\n', to: '' },
  },
  {
    name: 'a projection is from a term of its structure',
    good: [...BASE, ...S, axiom('s', c('S')), definition('T', A, proj('S', 0, c('s')))],
    bad: [
      ...BASE,
      ...S,
      ...family({ name: 'R', type: TYPE, ctors: { mk: { type: pi(A, c('R')), fields: 1 } } }),
      axiom('r', c('R')),
      definition('T', A, proj('S', 0, c('r'))),
    ],
    reason: /of another type/,
    without: {
      file: INFER,
      from: '  assert_eq!(address_eq(a, s), 1, "projection from a term of another type");\n',
      to: '',
    },
  },
  {
    name: 'a projection is from a type with one constructor',
    good: [...BASE, ...S, axiom('s', c('S')), definition('T', A, proj('S', 0, c('s')))],
    bad: [...BASE, ...TWO, axiom('s', c('S')), definition('T', A, proj('S', 0, c('s')))],
    reason: /not a structure/,
    without: {
      file: INFER,
      from: '  assert_eq!(constructors, 1, "projection from a type that is not a structure");\n',
      to: '',
    },
  },
  ...[
    ['an axiom that is a type', proj('A', 0, c('a'))],
    ['a function', proj('S', 0, c('f'))],
    ['a type', proj('S', 0, c('S'))],
    ['a variable type', app(lam(TYPE, lam(v(0), proj('S', 0, v(0)))), A, c('a'))],
  ].map(
    ([what, value]): Case => ({
      name: `a projection is from a structure, not from a term of ${what}`,
      good: [...BASE, ...S, axiom('s', c('S')), definition('T', A, proj('S', 0, c('s')))],
      bad: [...BASE, ...S, definition('T', A, value as Expr)],
      reason: /infer projection/,
    }),
  ),
  {
    name: 'a projection has a field to take',
    good: [...BASE, ...S, axiom('s', c('S')), definition('T', B, proj('S', 1, c('s')))],
    bad: [...BASE, ...S, axiom('s', c('S')), definition('T', B, proj('S', 2, c('s')))],
    reason: /past the last field/,
  },
  {
    name: 'a proof has no data to project',
    good: [...BASE, ...proofs(c('P')), axiom('e', c('E')), theorem('T', c('P'), proj('E', 1, c('e')))],
    bad: [...BASE, ...proofs(c('P')), axiom('e', c('E')), definition('T', A, proj('E', 0, c('e')))],
    reason: /projection of data from a proof/,
    without: {
      file: INFER,
      from: '      assert_eq!(is_prop(d), 1, "projection of data from a proof");\n',
      to: '',
    },
  },
  {
    name: 'nothing is projected past data that something depends on',
    good: [
      ...BASE,
      ...proofs(c('P'), c('P')),
      axiom('e', c('E')),
      theorem('T', c('P'), proj('E', 2, c('e'))),
    ],
    bad: [
      ...BASE,
      ...proofs(app(c('Q'), v(0)), c('P')),
      axiom('e', c('E')),
      theorem('T', c('P'), proj('E', 2, c('e'))),
    ],
    reason: /past data/,
    without: {
      file: INFER,
      from: '        assert_eq!(is_prop(d), 1, "projection from a proof past data that the rest depends on");\n',
      to: '',
    },
  },
]

test('a universe parameter is one of those declared', () => {
  const data = compileEnvironment(sourceOf(axiom('T', sort(param('u')), ['u'])), {})
  const honest = data.names.get('T')!
  expect(checkOne(Environment.fromData(data, 'test'), 'T')).toBe('accepted')
  const bytes = Uint8Array.from(data.constants.get(honest.address)!)
  // Header, safety, number of universe parameters.
  expect([...bytes.subarray(0, 3)]).toEqual([0xd2, 0, 1])
  bytes[2] = 0
  const address = addressOf(bytes)
  const forged = Environment.fromData(
    { ...data, constants: new Map([[address, bytes]]), names: new Map([['T', { ...honest, address }]]) },
    'test',
  )
  const without = {
    file: DECLARATIONS,
    from: '  assert_eq!(#at_most(level_bound(e), n), 1, "universe parameter out of range");\n  let _ = u32_range_check(n - level_bound(e));\n',
    to: '',
  }
  expect(checkOne(forged, 'T')).toMatch(/out of range/)
  expect(checkOne(forged, 'T', { mutation: without })).toBe('accepted')
})

/** Advice that answers 1 whatever the tables hold. */
const lie = (name: string, parameters: string, body: string): Mutation => ({
  file: DECLARATIONS,
  from: `fn ${name}(${parameters}) -> G {${body}}`,
  to: `fn ${name}(${parameters}) -> G { 1 }`,
})

test('universes that advice calls declared are checked', () => {
  const data = compileEnvironment(sourceOf(axiom('T', sort(param('u')), ['u'])), {})
  const honest = data.names.get('T')!
  const bytes = Uint8Array.from(data.constants.get(honest.address)!)
  bytes[2] = 0
  const address = addressOf(bytes)
  const forged = Environment.fromData(
    { ...data, constants: new Map([[address, bytes]]), names: new Map([['T', { ...honest, address }]]) },
    'test',
  )
  const lying = lie('universes_fit', 'a: Addr, n: G', ' at_most(universes_bound(a), n) ')
  expect(checkOne(Environment.fromData(data, 'test'), 'T', { mutation: lying })).toBe('accepted')
  expect(checkOne(forged, 'T', { mutation: lying })).not.toBe('accepted')
  const without = { file: DECLARATIONS, from: '      @check_universes(a, n),\n', to: '      (),\n' }
  expect(checkOne(forged, 'T', { mutation: [lying, without] })).toBe('accepted')
})

test.each(['unsafe', 'partial'] as const)('references that advice calls safe are checked: %s', danger => {
  const lying = lie('table_is_safe', 'a: Addr', '\n  let (refs, _) = tables_of(a);\n  refs_are_safe(refs)\n')
  const good = environmentOf([...BASE, definition('d', A, c('a')), definition('T', A, c('d'))])
  const bad = environmentOf([...BASE, definition('d', A, c('a'), danger), definition('T', A, c('d'))])
  expect(checkOne(good, 'T', { mutation: lying })).toBe('accepted')
  expect(checkOne(bad, 'T', { mutation: lying })).toMatch(/safe constant has/)
  const without = { file: DECLARATIONS, from: '  check_safe_refs(refs)\n}', to: '  ()\n}' }
  expect(checkOne(bad, 'T', { mutation: [lying, without] })).toBe('accepted')
})

test('what the search for a derivation finds is compared', () => {
  const lying: Mutation = {
    file: INFER,
    from: '  assert_eq!(#holds(actual, t), 1,',
    to: '  assert_eq!(1, 1,',
  }
  const good = environmentOf([...BASE, definition('T', A, c('a'))])
  const bad = environmentOf([...BASE, definition('T', A, c('b'))])
  expect(checkOne(good, 'T', { mutation: lying })).toBe('accepted')
  expect(checkOne(bad, 'T', { mutation: lying })).toBe('rejected by equal by rule')
  const without = { file: INFER, from: '  @equal(actual, t)\n', to: '  ()\n' }
  expect(checkOne(bad, 'T', { mutation: [lying, without] })).toBe('accepted')
})

test('what is no type has no level, also where nothing says so', () => {
  const unsaid: Mutation = {
    file: INFER,
    from: '  assert_eq!(#is_sort(r), 1, "a type is expected");\n',
    to: '',
  }
  const good = environmentOf([...BASE, axiom('T', app(lam(TYPE, v(0)), A))])
  const bad = environmentOf([...BASE, axiom('T', c('a'))])
  expect(checkOne(good, 'T', { mutation: unsaid })).toBe('accepted')
  expect(checkOne(bad, 'T', { mutation: unsaid })).toBe('rejected by whnf sort')
  const without = {
    file: INFER,
    from: '  let Expr.Sort(l) = load(r);\n  l\n',
    to: '  match load(r) { Expr.Sort(l) => l, _ => store(Level.Zero), }\n',
  }
  expect(checkOne(bad, 'T', { mutation: [unsaid, without] })).toBe('accepted')
})

test('lets in a row cost in proportion to their number', async () => {
  const ladder = (n: number): Expr => {
    let body: Expr = v(0)
    for (let i = 0; i < n; i++) body = letIn(A, app(c('h'), v(0), v(0)), body)
    return letIn(A, c('a'), body)
  }
  const rowsOf = async (n: number) => {
    const declarations = [...BASE, axiom('h', pis([A, A], A)), definition('T', A, ladder(n))]
    const environment = environmentOf(declarations)
    const constant = environment.addressOf('T')!
    const { run } = await check({ environment, target: { kind: 'constants', addresses: [constant] } })
    const { functions, program } = run!.record
    return functions[program.functionIndex.get('inst')!]!.usedRows()
  }
  const [short, long] = [await rowsOf(100), await rowsOf(200)]
  expect(long).toBeLessThan(2.1 * short)
})

test.each(CASES)('$name', ({ good, bad, reason, without }) => {
  expect(checkOne(environmentOf(good), 'T')).toBe('accepted')
  const forged = environmentOf(bad)
  expect(checkOne(forged, 'T')).toMatch(reason)
  if (without !== undefined) expect(checkOne(forged, 'T', { mutation: without })).toBe('accepted')
})

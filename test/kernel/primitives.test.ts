import { describe, expect, test } from 'vitest'
import { compile } from '../../aiur/language/compile.js'
import { execute } from '../../aiur/vm/interpreter.js'
import { bundledEnvironment } from '../../cli/bundled.js'
import { type Address, addressOf as hashOf } from '../../ixon/address.js'
import { compileEnvironment } from '../../ixon/compile/compile.js'
import { type Constant, encodeConstant } from '../../ixon/constant.js'
import type { Expression } from '../../ixon/expression.js'
import { reasonOf } from '../../kernel/failure-reason.js'
import {
  METHOD,
  type Method,
  PRIMITIVES,
  type PrimitiveEntry,
  type PrimitiveTable,
  primitiveTable,
  tableOf,
} from '../../kernel/primitive-table.js'
import { kernelSources } from '../../kernel/sources.js'
import { digestWords, environmentSource, Witness } from '../../kernel/witness.js'
import type { Declaration, Expr } from '../../lean/declaration.js'
import { app, axiom, c, definition, pi, sourceOf, v } from '../ixon/declarations.js'
import { family, N, PROP, pis, TYPE } from './inductive-types.js'
import { checkOne, environmentOf } from './kernel-run.js'
import { type Mutation, mutated } from './mutation.js'

const library = bundledEnvironment()

const ENTRY = {
  name: 'entry',
  text: 'pub fn check_primitive(digest: [G; 8], id: G) { prim_ok(load_primitives(digest), id) }',
}

const program = compile([...kernelSources(), ENTRY], { roots: ['check_primitive'] })

const numberOf = (name: string) => 1 + PRIMITIVES.findIndex(primitive => primitive.name === name)

function addressOf(name: string) {
  const address = library.addressOf(name)
  if (address === undefined) throw new Error(`the library has no ${name}`)
  return address
}

const honest = primitiveTable(library)

/** The honest table with other constants, or other methods, at some names. */
function forged(changes: Readonly<Record<string, string | Method>>): PrimitiveTable {
  return tableOf(
    honest.entries.map(entry => {
      const change = changes[entry.name]
      if (change === undefined) return entry
      if (typeof change === 'number') return { ...entry, address: addressOf(entry.name), method: change }
      return { ...entry, address: addressOf(change), method: METHOD.equations }
    }),
  )
}

/** Constants that the library does not hold. */
const extra = new Map<Address, Uint8Array>()

/** `accepted`, or why an entry of a table is not what its number says. */
function accepts(table: PrimitiveTable, name: string, kernel = program): string {
  const source = environmentSource(library)
  const witness = new Witness({
    ...source,
    constant: address => extra.get(address) ?? source.constant(address),
    hint: address => (extra.has(address) ? undefined : source.hint?.(address)),
  })
  witness.putClosure(
    table.entries.flatMap(({ method, address, witnesses }) =>
      method === METHOD.absent ? [] : [address, ...witnesses],
    ),
  )
  witness.putPrimitives(table.digest, table.bytes)
  const args = [...digestWords(table.digest), numberOf(name)].map(BigInt)
  const outcome = execute(kernel, 'check_primitive', args, witness.io, { rows: 5_000_000 })
  return outcome.ok ? 'accepted' : reasonOf(outcome.error).text
}

const checked = honest.entries.filter(
  ({ name, method }) =>
    method !== METHOD.absent && /^(Nat|Bool|String)($|\.)/.test(name) && name !== 'String.ofList',
)

test.each(checked.map(entry => entry.name))("%s of Lean's library", name => {
  expect(accepts(honest, name)).toBe('accepted')
})

const OPERATIONS = 'pred add sub mul pow div mod beq ble shiftLeft shiftRight log2'.split(' ')

test('most of the arithmetic of the library is justified by its equations', () => {
  const names = checked.filter(entry => entry.method === METHOD.equations).map(entry => entry.name)
  for (const operation of OPERATIONS) expect(names).toContain(`Nat.${operation}`)
})

const EQUATIONS = /does not satisfy its equations/

test.each<[string, Record<string, string | Method>, RegExp]>([
  ['Nat.add', { 'Nat.add': 'Nat.sub' }, EQUATIONS],
  ['Nat.add', { 'Nat.add': 'Nat.mul' }, EQUATIONS],
  ['Nat.sub', { 'Nat.sub': 'Nat.add' }, EQUATIONS],
  ['Nat.mul', { 'Nat.mul': 'Nat.add' }, EQUATIONS],
  ['Nat.mul', { 'Nat.mul': 'Nat.pow' }, EQUATIONS],
  ['Nat.pow', { 'Nat.pow': 'Nat.mul' }, EQUATIONS],
  ['Nat.pow', { 'Nat.mul': 'Nat.add' }, EQUATIONS],
  ['Nat.pred', { 'Nat.pred': 'Nat.log2', 'Nat.log2': METHOD.absent }, EQUATIONS],
  ['Nat.sub', { 'Nat.pred': 'Nat.log2', 'Nat.log2': METHOD.absent }, EQUATIONS],
  ['Nat.beq', { 'Nat.beq': 'Nat.ble' }, EQUATIONS],
  ['Nat.ble', { 'Nat.ble': 'Nat.beq' }, EQUATIONS],
  ['Nat.shiftLeft', { 'Nat.shiftLeft': 'Nat.shiftRight' }, EQUATIONS],
  ['Nat.shiftRight', { 'Nat.shiftRight': 'Nat.shiftLeft' }, EQUATIONS],
  ['Nat.beq', { 'Bool.true': 'Bool.false', 'Bool.false': 'Bool.true' }, /forged primitive/],
  ['Bool', { 'Bool.true': 'Bool.false', 'Bool.false': 'Bool.true' }, /forged primitive/],
  ['Nat', { 'Nat.zero': 'Nat.succ', 'Nat.succ': 'Nat.zero' }, /forged primitive/],
  ['Nat', { Nat: 'Bool' }, /forged primitive/],
  ['Nat', { Nat: 'Bool', 'Nat.zero': 'Bool.false', 'Nat.succ': 'Bool.true' }, /forged primitive/],
  ['Nat', { Nat: 'List', 'Nat.zero': 'List.nil', 'Nat.succ': 'List.cons' }, /forged primitive/],
  ['Nat', { Nat: 'Nat.add' }, /forged primitive/],
  ['Nat.zero', { 'Nat.zero': 'Nat.succ' }, /forged primitive/],
  ['Bool', { Bool: 'Nat', 'Bool.false': 'Nat.zero', 'Bool.true': 'Nat.succ' }, /forged primitive/],
  ['Nat.add', { 'Nat.add': 'Nat.succ' }, /forged primitive/],
  ['Nat.add', { 'Nat.add': 'Nat.beq' }, /forged primitive/],
  ['Nat.add', { 'Nat.add': METHOD.assumed }, /may not be assumed/],
  ['Nat.beq', { 'Nat.beq': METHOD.assumed }, /may not be assumed/],
  ['Nat.div', { 'Nat.div': METHOD.assumed }, /body may not be assumed/],
  ['Nat.log2', { 'Nat.log2': METHOD.assumed }, /body may not be assumed/],
  ['Nat.div', { 'Nat.div': 'Nat.mod', 'Nat.mod': 'Nat.div' }, EQUATIONS],
  ['Nat.mod', { 'Nat.div': 'Nat.mod', 'Nat.mod': 'Nat.div' }, EQUATIONS],
  ['Nat.div', { 'Nat.div': 'Nat.sub' }, /forged primitive/],
  ['Nat.mod', { 'Nat.mod': 'Nat.sub' }, /forged primitive/],
  ['Nat.mod', { 'Nat.mod': 'Nat.modCore' }, EQUATIONS],
  ['Nat.div', { 'Nat.sub': 'Nat.add' }, EQUATIONS],
  ['Nat.div', { 'Nat.le': 'Nat.lt' }, /not an inductive/],
  ['Nat.log2', { 'Nat.log2': 'Nat.succ' }, /not a safe definition/],
  ['Nat.log2', { 'Nat.log2': 'Nat.pred' }, /forged primitive/],
  ['Nat.log2', { 'Nat.log2': 'Nat.add' }, /forged primitive/],
  ['String', { String: 'Nat' }, /expected|forged/],
  ['String', { 'String.ofList': 'String.length' }, /expected|forged|rejected/],
  ['String', { 'Char.ofNat': 'Nat.succ' }, /expected|forged/],
  ['String', { Char: 'Nat' }, /expected|forged/],
  ['String', { 'List.cons': 'List.nil' }, /expected|forged|rejected|number/],
])('%s is rejected with %o', (name, changes, reason) => {
  expect(accepts(forged(changes), name)).toMatch(reason)
})

/** The honest table with other methods, addresses or witnesses of entries. */
function withEntries(changes: Readonly<Record<string, Partial<PrimitiveEntry>>>): PrimitiveTable {
  return tableOf(honest.entries.map(entry => ({ ...entry, ...changes[entry.name] })))
}

const witnessed = (name: string, witnesses = witnessNames(name)): Partial<PrimitiveEntry> => ({
  address: addressOf(name),
  method: METHOD.witnesses,
  witnesses: witnesses.map(addressOf),
})
const witnessNames = (name: string) => PRIMITIVES.find(primitive => primitive.name === name)!.witnesses

describe('witness theorems', () => {
  const names = PRIMITIVES.filter(primitive => primitive.witnesses.length > 0).map(({ name }) => name)

  test.each(names)("of Lean's library determine %s", name => {
    expect(witnessNames(name).length).toBeGreaterThan(1)
    expect(accepts(withEntries({ [name]: witnessed(name) }), name)).toBe('accepted')
  })

  const WITNESS = /a witness theorem states something else/
  const others = (name: string, i: number, witness: string) => {
    const witnesses = [...witnessNames(name)]
    witnesses[i] = witness
    return { [name]: witnessed(name, witnesses) }
  }
  const about = (other: string, name: string) => ({
    [name]: { ...witnessed(name), address: addressOf(other) },
  })

  test.each<[string, Record<string, Partial<PrimitiveEntry>>, RegExp]>([
    ['Nat.div', others('Nat.div', 0, 'Nat.mod_add_div'), WITNESS],
    ['Nat.div', others('Nat.div', 1, 'Nat.mod_le'), WITNESS],
    ['Nat.div', others('Nat.div', 2, 'Nat.mod_zero'), WITNESS],
    ['Nat.div', others('Nat.div', 2, 'Nat.zero_div'), WITNESS],
    ['Nat.mod', others('Nat.mod', 1, 'Nat.div_add_mod'), WITNESS],
    ['Nat.gcd', others('Nat.gcd', 0, 'Nat.gcd_zero_right'), WITNESS],
    ['Nat.gcd', others('Nat.gcd', 1, 'Nat.gcd_comm'), WITNESS],
    ...['and_mod_two_pow', 'or_div_two', 'and_self', 'and_comm'].map(
      (witness): [string, Record<string, Partial<PrimitiveEntry>>, RegExp] => [
        'Nat.land',
        others('Nat.land', 0, `Nat.${witness}`),
        WITNESS,
      ],
    ),
    ['Nat.lor', others('Nat.lor', 4, 'Nat.xor_self'), WITNESS],
    ['Nat.xor', others('Nat.xor', 2, 'Nat.or_zero'), WITNESS],
    ['Nat.div', { 'Nat.div': witnessed('Nat.div', witnessNames('Nat.mod')) }, /number of witness/],
    ['Nat.gcd', { 'Nat.gcd': witnessed('Nat.gcd', []) }, /number of witness/],
    ['Nat.div', others('Nat.div', 2, 'Nat.add'), /neither a theorem nor a safe axiom/],
    [
      'Nat.add',
      { 'Nat.add': { ...witnessed('Nat.gcd'), address: addressOf('Nat.add') } },
      /no witness theorems/,
    ],
    ['Nat.div', about('Nat.sub', 'Nat.div'), WITNESS],
    ['Nat.mod', about('Nat.sub', 'Nat.mod'), WITNESS],
    ['Nat.div', about('Nat.mod', 'Nat.div'), WITNESS],
    ['Nat.gcd', about('Nat.sub', 'Nat.gcd'), WITNESS],
    ['Nat.land', { ...about('Nat.lor', 'Nat.land'), 'Nat.lor': { method: METHOD.absent } }, WITNESS],
    [
      'Nat.div',
      { 'Nat.div': witnessed('Nat.div'), 'Nat.le': { address: addressOf('Eq') } },
      /shape of the order/,
    ],
    [
      'Nat.div',
      { 'Nat.div': witnessed('Nat.div'), 'Nat.le': { address: addressOf('Nat.lt') } },
      /not an inductive/,
    ],
    ['Nat.div', { 'Nat.div': witnessed('Nat.div'), Eq: { address: addressOf('HEq') } }, /not the type of Eq/],
    ['Nat.div', { 'Nat.div': witnessed('Nat.div'), 'Nat.mul': { address: addressOf('Nat.add') } }, EQUATIONS],
    ['Nat.gcd', { 'Nat.gcd': witnessed('Nat.gcd'), ...about('Nat.sub', 'Nat.mod') }, WITNESS],
  ])('%s is rejected with %o', (name, changes, reason) => {
    expect(accepts(withEntries(changes), name)).toMatch(reason)
  })
})

describe('string literals without String.ofList', () => {
  const parts = ['List.utf8Encode', 'ByteArray.IsValidUTF8.intro', 'Eq.refl', 'ByteArray']
  const literals = (source: string, witnesses: readonly string[]) =>
    withEntries({
      'String.ofList': {
        address: addressOf(source),
        method: METHOD.witnesses,
        witnesses: witnesses.map(addressOf),
      },
    })

  test('mean what its body would be', () => {
    expect(accepts(literals('String.ofByteArray', parts), 'String')).toBe('accepted')
  })

  test.each<[string, readonly string[]]>([
    ['String.ofList', parts],
    ['ByteArray.mk', parts],
    ['String.ofByteArray', ['List.length', ...parts.slice(1)]],
    ['String.ofByteArray', ['List.asString', ...parts.slice(1)]],
    ['String.ofByteArray', [parts[0]!, 'Nat.le_refl', ...parts.slice(2)]],
    ['String.ofByteArray', [...parts.slice(0, 2), 'Eq.symm', 'ByteArray']],
    ['String.ofByteArray', [...parts.slice(0, 3), 'String']],
    ['String.ofByteArray', parts.slice(0, 3)],
    ['String.ofByteArray', [...parts, 'ByteArray']],
  ])('are no %s of %o', (source, witnesses) => {
    expect(accepts(literals(source, witnesses), 'String')).toMatch(/expect|reject|level|function|universe/)
  })
})

describe('recursion on fuel', () => {
  /** Multiplication, said to be division: where it is asked for a decision, the advice is that of division, number 33. */
  const table = withEntries({
    'Nat.div': { address: addressOf('Nat.mul'), method: METHOD.equations, witnesses: [] },
    'Nat.mul': { method: METHOD.absent },
    'Lean.reduceNat': { address: addressOf('Nat.div'), method: METHOD.equations },
  })
  const LIE = `
fn decision_of(t: &Expr) -> (&Expr, &Expr, Addr) {
  let (h, args) = collect_spine(t);
  match load(h) {
    Expr.Lam(_, _) =>
      let List.Cons(&Expr.FVar(_, &Expr.Const(nat, _)), _) = load(args);
      stop_of(apply_spine(prim_const(ctx_of(nat), 33), args)),
    _ => stop_of(t),
  }
}

fn stop_of(t: &Expr) -> (&Expr, &Expr, Addr) {
  let Expr.App(q, decision) = load(whnf(t));
  (q, decision, head_constant(whnf(infer_only(decision))))
}
`
  const RULE = '  equation(t, app1(q, decision));\n'
  const lying = (rule: boolean) =>
    compile(
      [...kernelSources(), ENTRY].map(source => {
        if (source.name !== 'kernel/fuel.aiur') return source
        expect(source.text.split(RULE)).toHaveLength(2)
        return rule ? source : { ...source, text: source.text.replace(RULE, '') }
      }),
      { roots: ['check_primitive'], overlay: [{ name: 'overlay', text: LIE }] },
    )

  test('the decision of another function is not taken', () => {
    expect(accepts(table, 'Nat.div')).toMatch(/forged primitive/)
    expect(accepts(table, 'Nat.div', lying(true))).toMatch(EQUATIONS)
    expect(accepts(table, 'Nat.div', lying(false))).toBe('accepted')
  })
})

/** A binary function of the library that is the first argument where it had a literal in the last argument of its body. */
function otherwise(name: string): Partial<PrimitiveEntry> {
  const constant = library.constant(addressOf(name))
  const { info, sharing } = constant
  if (info.kind !== 'defn') throw new Error(`${name} is no definition`)
  const plain = (e: Expression): Expression => (e.kind === 'share' ? plain(sharing[e.index]!) : e)
  const changed = (e: Expression, depth: number): Expression => {
    const node = plain(e)
    if (depth < 2 && node.kind === 'lam') return { ...node, body: changed(node.body, depth + 1) }
    if (node.kind !== 'app') throw new Error(`another body of ${name}`)
    const branch = plain(node.arg)
    if (branch.kind !== 'lam') throw new Error(`another body of ${name}`)
    // Under the two arguments and the refutation.
    return { ...node, arg: { ...branch, body: { kind: 'var', index: 2 } } }
  }
  const bytes = encodeConstant({ ...constant, info: { ...info, value: changed(info.value, 0) } })
  const address = hashOf(bytes)
  extra.set(address, bytes)
  return { address, method: METHOD.equations, witnesses: [] }
}

const rule = (file: string, from: string, to = ''): Mutation => ({ file, from, to })

/** The address of a declared constant, which is at hand then as if it were the library's. N is the library's Nat. */
function declared(name: string, ...declarations: readonly Declaration[]): Address {
  const { names, constants } = compileEnvironment(sourceOf(...N, ...declarations), {})
  for (const [address, bytes] of constants) if (!library.has(address)) extra.set(address, bytes)
  return names.get(name)!.address
}

/** A type with constructors in place of numbers. */
function numbers(type: Expr, ctors: readonly string[]): PrimitiveTable {
  const made = family({
    name: 'M',
    type,
    ctors: Object.fromEntries(
      ctors.map((ctor, i) => [
        ctor,
        i === 1 ? { type: pi(c('M'), c('M')), fields: 1 } : { type: c('M'), fields: 0 },
      ]),
    ),
  })
  return withEntries({
    Nat: { address: declared('M', ...made) },
    'Nat.zero': { address: declared('M.zero', ...made) },
    'Nat.succ': { address: declared('M.succ', ...made) },
  })
}

/** Le : N -> N -> s with constructors refl and step, in place of the order. */
function order(changes: { sort?: Expr; refl?: Expr; step?: Expr }): PrimitiveTable {
  const { sort = PROP, refl = v(0), step = app(c('N.succ'), v(1)) } = changes
  const le = family({
    name: 'Le',
    type: pis([c('N'), c('N')], sort),
    params: 1,
    indices: 1,
    ctors: {
      refl: { type: pi(c('N'), app(c('Le'), v(0), refl)), fields: 0 },
      step: { type: pis([c('N'), c('N'), app(c('Le'), v(1), v(0))], app(c('Le'), v(2), step)), fields: 2 },
    },
  })
  return withEntries({ 'Nat.le': { address: declared('Le', ...le) } })
}

/** A copy of a constant of the library that says something else of itself. */
function copied(name: string, change: (constant: Constant) => Constant['info']): Address {
  const constant = library.constant(addressOf(name))
  const bytes = encodeConstant({ ...constant, info: change(constant) })
  const address = hashOf(bytes)
  extra.set(address, bytes)
  return address
}

const unsafe = (name: string): Address =>
  copied(name, ({ info }) => {
    if (info.kind !== 'defn') throw new Error(`${name} is no definition`)
    return { ...info, safety: 'unsafe' }
  })

/** Nat.div as an assumed axiom of its type. */
function assumedDivision(lvls: number, isUnsafe: boolean): PrimitiveTable {
  const address = copied('Nat.div', ({ info }) => {
    if (info.kind !== 'defn') throw new Error('Nat.div is no definition')
    return { kind: 'axio', unsafe: isUnsafe, lvls, type: info.type }
  })
  return withEntries({ 'Nat.div': { address, method: METHOD.assumed, witnesses: [] } })
}

test('numbers, the order and division are taken with the shapes that they have', () => {
  expect(accepts(numbers(TYPE, ['zero', 'succ']), 'Nat')).toBe('accepted')
  expect(accepts(order({}), 'Nat.le')).toBe('accepted')
  expect(accepts(assumedDivision(0, false), 'Nat.div')).toBe('accepted')
})

describe('a table that only one rule rejects', () => {
  const cases: readonly {
    name: string
    entry: string
    table: () => PrimitiveTable
    reason: RegExp
    without: Mutation | readonly Mutation[]
  }[] = [
    {
      name: 'a function satisfies its equations',
      entry: 'Nat.add',
      table: () => forged({ 'Nat.add': 'Nat.sub' }),
      reason: EQUATIONS,
      without: rule(
        'primitives.aiur',
        '  assert_eq!(def_eq(left, right), 1, "forged primitive: the definition does not satisfy its equations");\n',
        '  let _ = [left, right];\n  ()\n',
      ),
    },
    {
      name: 'what has a body is not assumed',
      entry: 'Nat.div',
      table: () => forged({ 'Nat.div': METHOD.assumed }),
      reason: /body may not be assumed/,
      without: rule('primitives.aiur', '      without_body(prim_addr(ctx, id));\n'),
    },
    {
      name: 'a witness states what determines the function',
      entry: 'Nat.div',
      table: () =>
        withEntries({
          'Nat.div': witnessed('Nat.div', ['Nat.div_add_mod', 'Nat.mod_le', 'Nat.div_zero']),
        }),
      reason: /states something else/,
      without: rule(
        'witnesses.aiur',
        '  assert_eq!(def_eq(stated(a), statement), 1, "forged primitive: a witness theorem states something else");\n',
        '  let _ = statement;\n',
      ),
    },
    {
      name: 'constructors are in their order',
      entry: 'Bool',
      table: () => forged({ 'Bool.true': 'Bool.false', 'Bool.false': 'Bool.true' }),
      reason: /constructor/,
      without: [
        rule(
          'primitives.aiur',
          '      assert_eq!(address_eq(ctor_addr(info, 0), prim_addr(ctx, first)), 1, "forged primitive: first constructor");\n',
          '      let _ = first;\n',
        ),
        rule(
          'primitives.aiur',
          '      assert_eq!(address_eq(ctor_addr(info, 1), prim_addr(ctx, second)), 1, "forged primitive: second constructor");,',
          '      let _ = second;\n      (),',
        ),
      ],
    },
    {
      name: 'only functions on numbers are assumed',
      entry: 'String',
      table: () => forged({ 'Char.ofNat': METHOD.assumed }),
      reason: /may not be assumed/,
      without: rule('claim.aiur', '  may_be_assumed(i + 1);\n'),
    },
    {
      name: 'an absent function computes nothing',
      entry: 'Nat.add',
      table: () => withEntries({ 'Nat.add': { address: addressOf('Nat.sub'), method: METHOD.absent } }),
      reason: /does not hold/,
      without: rule(
        'primitives.aiur',
        '    0 => assert_eq!(method, 1, "unsupported: a primitive that the environment does not hold");,',
        '    0 => (),',
      ),
    },
    {
      name: 'numbers have two constructors',
      entry: 'Nat',
      table: () => numbers(TYPE, ['zero', 'succ', 'third']),
      reason: /shape of the type/,
      without: rule(
        'primitives.aiur',
        '      assert_eq!([levels, params, indices, unsafe, n], [0, 0, 0, 0, 2], "forged primitive: shape of the type");\n',
      ),
    },
    {
      name: 'numbers are no proofs',
      entry: 'Nat',
      table: () => numbers(PROP, ['zero', 'succ']),
      reason: /sort of the type/,
      without: rule(
        'primitives.aiur',
        '      assert_eq!(ty, store(Expr.Sort(store(Level.Succ(store(Level.Zero))))), "forged primitive: sort of the type");\n',
      ),
    },
    {
      name: 'an entry has no universe parameters',
      entry: 'Nat.div',
      table: () => assumedDivision(1, false),
      reason: /universe parameters/,
      without: rule(
        'primitives.aiur',
        '  assert_eq!(levels, 0, "forged primitive: universe parameters");\n',
        '  let _ = levels;\n',
      ),
    },
    {
      name: 'an entry is safe',
      entry: 'Nat.div',
      table: () => assumedDivision(0, true),
      reason: /forged primitive: unsafe/,
      without: rule(
        'primitives.aiur',
        '  assert_eq!(danger_of(prim_addr(ctx, id)), 0, "forged primitive: unsafe");\n',
      ),
    },
    {
      name: 'characters are made safely',
      entry: 'String',
      table: () => withEntries({ 'Char.ofNat': { address: unsafe('Char.ofNat') } }),
      reason: /forged primitive: unsafe/,
      without: rule(
        'primitives.aiur',
        '  assert_eq!(\n    [danger_of(prim_addr(ctx, 24)), danger_of(prim_addr(ctx, 26)), danger_of(prim_addr(ctx, 28)),\n      danger_of(prim_addr(ctx, 29))],\n    [0, 0, 0, 0], "forged primitive: unsafe");\n',
        '  ()\n',
      ),
    },
    {
      name: 'what a literal is made of is safe',
      entry: 'String',
      table: () =>
        withEntries({
          'String.ofList': {
            address: addressOf('String.ofByteArray'),
            method: METHOD.witnesses,
            witnesses: [
              unsafe('List.utf8Encode'),
              ...['ByteArray.IsValidUTF8.intro', 'Eq.refl', 'ByteArray'].map(addressOf),
            ],
          },
        }),
      reason: /forged primitive: unsafe/,
      without: rule('strings.aiur', '      assert_eq!(danger_of(a), 0, "forged primitive: unsafe");\n'),
    },
    {
      name: 'the order is a relation',
      entry: 'Nat.le',
      table: () => order({ sort: TYPE }),
      reason: /type of the order/,
      without: rule(
        'witnesses.aiur',
        '  assert_eq!(def_eq(ty, pi(nat, pi(nat, prop()))), 1, "forged primitive: type of the order");\n',
        '  let _ = ty;\n',
      ),
    },
    {
      name: 'a number is at most itself',
      entry: 'Nat.le',
      table: () => order({ refl: app(c('N.succ'), v(0)) }),
      reason: /first constructor of the order/,
      without: rule(
        'witnesses.aiur',
        '  assert_eq!(def_eq(first, refl), 1, "forged primitive: first constructor of the order");\n',
        '  let _ = [first, refl];\n',
      ),
    },
    {
      name: 'and at most one more than what it is at most',
      entry: 'Nat.le',
      table: () => order({ step: app(c('N.succ'), app(c('N.succ'), v(1))) }),
      reason: /second constructor of the order/,
      without: rule(
        'witnesses.aiur',
        '  assert_eq!(def_eq(second, step), 1, "forged primitive: second constructor of the order");\n',
        '  let _ = [second, step];\n  ()\n',
      ),
    },
    {
      name: 'a quotient by zero is zero',
      entry: 'Nat.div',
      table: () => withEntries({ 'Nat.div': otherwise('Nat.div') }),
      reason: EQUATIONS,
      without: rule('fuel.aiur', '      equation(app2(f, x, zero), zero);\n'),
    },
  ]

  test.each(cases)('$name', ({ entry, table, reason, without }) => {
    expect(accepts(table(), entry)).toMatch(reason)
    const sources = [without].flat().reduce(mutated, kernelSources())
    const weakened = compile([...sources, ENTRY], { roots: ['check_primitive'] })
    expect(accepts(table(), entry, weakened)).toBe('accepted')
  })
})

test('the primitives of a table are checked even where the subject does not mention them', () => {
  const environment = environmentOf([
    ...N,
    axiom('Subject', PROP),
    definition('Bad', c('N'), c('N')),
    definition('Good', c('N'), c('N.zero')),
  ])
  const tableWith = (name: string, used: Method) => {
    const address = environment.addressOf(name)!
    const entry = (method: Method) => ({ name, address, method, witnesses: [] })
    return tableOf(PRIMITIVES.slice(0, 30).map((_, i) => entry(i === 29 ? used : METHOD.absent)))
  }
  const run = (name: string, mutation?: Mutation, method: Method = METHOD.equations) =>
    checkOne(environment, 'Subject', { primitives: tableWith(name, method), ...(mutation && { mutation }) })
  expect(run('Good')).toBe('accepted')
  expect(run('Good', undefined, METHOD.witnesses)).toBe('accepted')
  expect(run('Bad', undefined, METHOD.witnesses)).toMatch(/does not have the type/)
  expect(run('Bad')).toMatch(/does not have the type/)
  expect(run('Bad', { file: 'main.aiur', from: '      walk_primitives(ctx, scope),', to: '      (),' })).toBe(
    'accepted',
  )
})

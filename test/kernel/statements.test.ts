/** Reveal and Contains claims (kernel.md 3.13): what they show of real constants, and what they refuse. */
import { describe, expect, test } from 'vitest'
import { checkConstraints } from '../../aiur/circuit/constraints.js'
import { execute } from '../../aiur/vm/interpreter.js'
import { IoBuffer } from '../../aiur/vm/io.js'
import { bundledEnvironment } from '../../cli/bundled.js'
import { type Address, addressOf } from '../../ixon/address.js'
import { ByteWriter } from '../../ixon/bytes.js'
import { encodeConstant } from '../../ixon/constant.js'
import { writeExpression } from '../../ixon/expression.js'
import { canonicalRoot } from '../../ixon/merkle.js'
import { compiledKernel } from '../../kernel/compiled.js'
import { CONTAINS_ENTRY, runContains } from '../../kernel/contains.js'
import { REVEAL_ENTRY, revealedBy, runReveal } from '../../kernel/reveal.js'
import { runStatement, type StatementOutcome } from '../../kernel/statement.js'
import { CHANNEL, digestWords, streamWords } from '../../kernel/witness.js'
import {
  type Claim,
  encodeClaim,
  publicInput,
  type Revealed,
  type RevealedFields,
} from '../../shards/claim.js'
import { membershipPath } from '../../shards/merkle.js'

const environment = bundledEnvironment()

function addressOfName(name: string): Address {
  const address = environment.addressOf(name)
  if (address === undefined) throw new Error(`no ${name}`)
  return address
}

const NAMES = {
  definition: 'Nat.add',
  inductive: 'Nat',
  constructor: 'Nat.succ',
  recursor: 'Nat.rec',
  axiom: 'propext',
  quotient: 'Quot.lift',
}

const blockOf = (name: string): Address => environment.blockOf(addressOfName(name))

/** Every kind of constant: a stand-alone one of each, projections, blocks of types, recursors, several types. */
const SUBJECTS: [string, Address][] = [
  ...Object.values(NAMES).map((name): [string, Address] => [name, addressOfName(name)]),
  ['HEq.rec', addressOfName('HEq.rec')],
  ['Array.size', addressOfName('Array.size')],
  ['the block of Nat', blockOf('Nat')],
  ['the block of Nat.rec', blockOf('Nat.rec')],
  ['the block of Lean.Syntax', blockOf('Lean.Syntax')],
  ['the block of Lean.Syntax.rec', blockOf('Lean.Syntax.rec')],
]

const revealed = (address: Address): Revealed => revealedBy(environment.constant(address))

function reveal(address: Address, constant: Revealed): Promise<StatementOutcome> {
  return runReveal({ kind: 'reveal', commitment: address, constant }, environment.bytes(address))
}

async function reason(outcome: Promise<StatementOutcome>): Promise<string> {
  const result = await outcome
  if (result.ok) throw new Error('accepted')
  return result.error.reason
}

async function accepted(outcome: Promise<StatementOutcome>) {
  const result = await outcome
  if (!result.ok) throw new Error(result.error.message)
  return result.run
}

/** The only fields of a definition, or the like, that have these names. */
function only(whole: Revealed, ...names: string[]): Revealed {
  if (whole.kind === 'block') throw new Error('a block')
  return { ...whole, fields: pick(whole.fields, names) }
}

const pick = (fields: RevealedFields, names: readonly string[]): RevealedFields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => names.includes(name)))

describe('Reveal', () => {
  test.each(SUBJECTS)('%s: everything, and nothing', async (_, address) => {
    const whole = revealed(address)
    await accepted(reveal(address, whole))
    const nothing: Revealed = whole.kind === 'block' ? { kind: 'block' } : { ...whole, fields: {} }
    await accepted(reveal(address, nothing))
  })

  test.each(SUBJECTS)('%s: each field alone, and none with another value', async (_, address) => {
    const whole = revealed(address)
    if (whole.kind === 'block') {
      for (const [i, member] of whole.members!.entries())
        for (const name of Object.keys(member.fields)) {
          const members = whole.members!.map((each, j) => ({
            ...each,
            fields: i === j ? pick(each.fields, [name]) : {},
          }))
          await accepted(reveal(address, { kind: 'block', members }))
          members[i] = { ...member, fields: changed(pick(member.fields, [name])) }
          await reason(reveal(address, { kind: 'block', members }))
        }
      return
    }
    for (const name of Object.keys(whole.fields)) {
      const one = only(whole, name)
      await accepted(reveal(address, one))
      await reason(reveal(address, { ...whole, fields: changed(pick(whole.fields, [name])) }))
    }
  })

  test('the circuits hold for kind and safety, the type by its hash, a projection, and a component of a block', async () => {
    const block = revealed(blockOf('Lean.Syntax'))
    if (block.kind !== 'block') throw new Error('no block')
    const members = block.members!.map((member, i) => (i === 0 ? member : { ...member, fields: {} }))
    for (const [address, constant] of [
      [addressOfName('Nat.add'), only(revealed(addressOfName('Nat.add')), 'kind', 'safety')],
      [addressOfName('Nat.add'), only(revealed(addressOfName('Nat.add')), 'type')],
      [addressOfName('Nat.succ'), revealed(addressOfName('Nat.succ'))],
      [blockOf('Lean.Syntax'), { kind: 'block', members }],
    ] as const) {
      const { layout, record, call } = await accepted(reveal(address, constant))
      expect(checkConstraints(layout, record, call)).toEqual([])
      const args = call.args.map((word, i) => (i === 0 ? word + 1n : word))
      expect(checkConstraints(layout, record, { ...call, args })).not.toEqual([])
    }
  })

  test('another kind of constant', async () => {
    const address = addressOfName('Nat.add')
    const { fields } = revealed(address) as { fields: RevealedFields }
    const kinds = ['recursor', 'axiom', 'quotient', 'inductiveProjection', 'constructorProjection'] as const
    for (const kind of kinds)
      expect(await reason(reveal(address, { kind, fields: {} }))).toContain('a constant of another kind')
    expect(await reason(reveal(address, { kind: 'block' }))).toContain('a constant of another kind')
    const block = blockOf('Nat')
    const other = { kind: 'definition', fields: pick(fields, ['kind']) } as const
    expect(await reason(reveal(block, other))).toContain('a constant of another kind')
  })

  test('another address', async () => {
    const constant = only(revealed(addressOfName('Nat.add')), 'kind')
    const claim = { kind: 'reveal', commitment: addressOfName('Nat.mul'), constant } as const
    const bytes = environment.bytes(addressOfName('Nat.add'))
    expect(await reason(runReveal(claim, bytes))).toContain('do not hash to its address')
  })

  test('the hash of other bytes, which are at hand', async () => {
    const address = addressOfName('Nat.add')
    const { info } = environment.constant(address)
    if (info.kind !== 'defn') throw new Error('no definition')
    const writer = new ByteWriter()
    writeExpression(writer, info.type)
    const type = writer.finish()
    const stateHash = async (bytes: Uint8Array) => {
      const hash = addressOf(bytes)
      const claim: Claim = {
        kind: 'reveal',
        commitment: address,
        constant: { kind: 'definition', fields: { type: hash } },
      }
      const outcome = await runStatement(REVEAL_ENTRY, claim, io => {
        io.put(CHANNEL.constant, digestWords(address), streamWords(environment.bytes(address)))
        io.put(CHANNEL.blob, digestWords(hash), streamWords(bytes))
      })
      return outcome.ok ? 'accepted' : outcome.error.reason
    }
    expect(await stateHash(type)).toBe('accepted')
    for (let end = 0; end < type.length; end++)
      expect(await stateHash(type.slice(0, end))).toContain('longer or shorter')
    const all = environment.bytes(address)
    const start = Buffer.from(all).indexOf(type)
    for (let more = 1; more < 4; more++)
      expect(await stateHash(all.slice(start, start + type.length + more))).toContain('longer or shorter')
    for (const at of type.keys())
      expect(await stateHash(type.with(at, type[at]! ^ 1))).toContain('not that which the claim reveals')
  })

  test('the type as the value', async () => {
    const address = addressOfName('Nat.add')
    const { fields } = revealed(address) as { fields: RevealedFields }
    const swapped = { kind: 'definition', fields: { type: fields.value!, value: fields.type! } } as const
    expect(await reason(reveal(address, swapped))).toContain('an expression')
  })

  test('lists without an entry, with one too many, out of order, or of other positions', async () => {
    const address = blockOf('Lean.Syntax')
    const whole = revealed(address)
    if (whole.kind !== 'block') throw new Error('no block')
    const members = whole.members!
    const withMembers = (list: typeof members) => reason(reveal(address, { kind: 'block', members: list }))
    await withMembers(members.slice(0, -1))
    await withMembers([])
    await withMembers([...members, { ...members[0]!, index: members.length }])
    await withMembers(members.map(member => ({ ...member, index: member.index + 1 })))
    const type = members.findIndex(({ fields }) => (fields.constructors as unknown[]).length > 1)
    const ctors = members[type]!.fields.constructors as { index: number; fields: RevealedFields }[]
    const withCtors = (list: typeof ctors) =>
      withMembers(
        members.map((each, i) =>
          i === type ? { ...each, fields: { ...each.fields, constructors: list } } : each,
        ),
      )
    await withCtors(ctors.slice(0, -1))
    await withCtors([...ctors].reverse())
    const recursor = blockOf('Nat.rec')
    const rec = revealed(recursor)
    const fields = rec.kind === 'block' ? rec.members![0]!.fields : rec.fields
    const withRules = (rules: RevealedFields[string]) => {
      const changedFields = { ...fields, rules }
      return reason(
        reveal(
          recursor,
          rec.kind === 'block'
            ? {
                kind: 'block',
                members: rec.members!.map((m, i) => (i === 0 ? { ...m, fields: changedFields } : m)),
              }
            : { ...rec, fields: changedFields },
        ),
      )
    }
    const rules = fields.rules as { index: number; fields: number; rhs: Address }[]
    await withRules(rules.slice(0, -1))
    await withRules(rules.map(rule => ({ ...rule, index: 0 })))
    await withRules(rules.map(rule => ({ ...rule, rhs: rules[0]!.rhs })))
  })
})

/** The fields with other values of the same form. */
function changed(fields: RevealedFields): RevealedFields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'number'
        ? value + 1
        : typeof value === 'string'
          ? addressOf(new TextEncoder().encode(value))
          : value.length === 0
            ? [{ index: 0, fields: name === 'rules' ? 0 : {}, rhs: '00'.repeat(32) }]
            : value.slice(1),
    ]),
  ) as RevealedFields
}

/** Runs claim bytes, whatever they are, on one of the programs. */
async function runBytes(entry: string, bytes: Uint8Array, put: (io: IoBuffer, key: number[]) => void) {
  const { program } = await compiledKernel([], entry)
  const digest = addressOf(bytes)
  const io = new IoBuffer()
  io.put(CHANNEL.hashing, [0], [0])
  io.put(CHANNEL.claim, publicInput(digest), streamWords(bytes))
  put(io, publicInput(digest))
  const outcome = execute(program, entry, publicInput(digest).map(BigInt), io)
  return outcome.ok ? 'accepted' : outcome.error.reason
}

describe('bytes of claims', () => {
  const address = addressOfName('Nat.add')
  const claim: Claim = {
    kind: 'reveal',
    commitment: address,
    constant: only(revealed(address), 'kind', 'safety'),
  }
  const run = (bytes: Uint8Array) =>
    runBytes(REVEAL_ENTRY, bytes, io => {
      io.put(CHANNEL.constant, digestWords(address), streamWords(environment.bytes(address)))
    })
  const bytes = encodeClaim(claim)
  const withByte = (at: number, value: number) =>
    Uint8Array.from(bytes, (byte, i) => (i === at ? value : byte))

  test('as they are', async () => expect(await run(bytes)).toBe('accepted'))

  test('with bytes left over, or cut off', async () => {
    expect(await run(Uint8Array.of(...bytes, 0))).toContain('left over or missing')
    for (let end = 33; end < bytes.length; end++) expect(await run(bytes.slice(0, end))).not.toBe('accepted')
  })

  test('with a field that a definition does not have, a mask above 255, or one that is not minimal', async () => {
    for (const mask of [3 + 32, 3 + 64])
      expect(await run(withByte(34, mask))).toContain('a field that there is not')
    const wide = (...mask: number[]) => run(Uint8Array.of(...bytes.slice(0, 34), ...mask, ...bytes.slice(35)))
    for (const mask of [
      [128, 131],
      [129, 3, 1],
      [128, 3],
      [129, 3, 0],
    ])
      expect(await wide(...mask)).not.toBe('accepted')
  })

  test('of another claim', async () => {
    for (const tag of [0xe3, 0xe4, 0xe5, 0xe7])
      expect(await run(withByte(0, tag))).toContain('not a Reveal claim')
  })
})

test('bytes that are a constant and something more reveal nothing', async () => {
  const constant = environment.constant(addressOfName('Nat.add'))
  const bytes = Uint8Array.of(...encodeConstant(constant), 0)
  const claim: Claim = {
    kind: 'reveal',
    commitment: addressOf(bytes),
    constant: { kind: 'definition', fields: {} },
  }
  const outcome = await runStatement(REVEAL_ENTRY, claim, io => {
    io.put(CHANNEL.constant, digestWords(addressOf(bytes)), streamWords(bytes))
  })
  expect(outcome.ok ? 'accepted' : outcome.error.reason).toContain('end of a constant')
})

describe('Contains', () => {
  const leaves = Array.from({ length: 11 }, (_, i) => addressOf(Uint8Array.of(i)))

  test.each([1, 2, 3, 5, 8, 11])('every leaf of a tree of %i, and nothing else', async count => {
    const set = leaves.slice(0, count)
    const tree = canonicalRoot(set)!
    for (const constant of set) {
      const path = membershipPath(set, constant)!
      const { layout, record, call } = await accepted(runContains({ kind: 'contains', tree, constant }, path))
      if (count === 3) expect(checkConstraints(layout, record, call)).toEqual([])
      const stranger = addressOf(Uint8Array.of(99))
      expect(await reason(runContains({ kind: 'contains', tree, constant: stranger }, path))).toContain(
        'the path',
      )
      const other = addressOf(Uint8Array.of(98))
      expect(await reason(runContains({ kind: 'contains', tree: other, constant }, path))).toContain(
        'the path',
      )
    }
  })

  test('no path but the right one', async () => {
    const tree = canonicalRoot(leaves)!
    const constant = leaves[4]!
    const path = membershipPath(leaves, constant)!
    const refused = async (wrong: typeof path) =>
      expect(await reason(runContains({ kind: 'contains', tree, constant }, wrong))).toContain('the path')
    await refused(path.slice(1))
    await refused(path.slice(0, -1))
    await refused([...path, path[0]!])
    for (const i of path.keys()) {
      const step = path[i]!
      await refused(path.with(i, { ...step, siblingIsLeft: !step.siblingIsLeft }))
      await refused(path.with(i, { ...step, sibling: addressOf(Uint8Array.of(97)) }))
    }
  })

  test('an inner node is no leaf', async () => {
    const tree = canonicalRoot(leaves.slice(0, 4))!
    const path = membershipPath(leaves.slice(0, 4), leaves[0]!)!
    const inner = canonicalRoot([
      leaves[0]!,
      ...leaves.slice(0, 4).filter(leaf => path[0]!.sibling === leaf),
    ])!
    expect(await reason(runContains({ kind: 'contains', tree, constant: inner }, path.slice(1)))).toContain(
      'the path',
    )
  })

  test('the bytes of another claim, or more bytes', async () => {
    const claim: Claim = { kind: 'contains', tree: canonicalRoot(leaves)!, constant: leaves[0]! }
    const path = membershipPath(leaves, leaves[0]!)!
    const steps = path.flatMap(({ sibling, siblingIsLeft }) => [
      Number(siblingIsLeft),
      ...digestWords(sibling),
    ])
    const run = (bytes: Uint8Array) =>
      runBytes(CONTAINS_ENTRY, bytes, (io, key) => io.put(CHANNEL.path, key, [path.length, ...steps]))
    const bytes = encodeClaim(claim)
    expect(await run(bytes)).toBe('accepted')
    expect(await run(Uint8Array.of(...bytes, 0))).toContain('left over')
    for (const tag of [0xe4, 0xe5, 0xe6])
      expect(await run(Uint8Array.of(tag, ...bytes.slice(1)))).toContain('not a Contains claim')
  })
})

/** Every assertion of the programs of Reveal and Contains claims: without it, a claim that does not hold is accepted. */
import { describe, expect, test } from 'vitest'
import { compile } from '../../aiur/language/compile.js'
import { execute } from '../../aiur/vm/interpreter.js'
import { IoBuffer } from '../../aiur/vm/io.js'
import { type Address, addressOf } from '../../ixon/address.js'
import { encodeProjection } from '../../ixon/constant.js'
import { CONTAINS_ENTRY } from '../../kernel/contains.js'
import { REVEAL_ENTRY } from '../../kernel/reveal.js'
import { kernelSources } from '../../kernel/sources.js'
import { CHANNEL, digestWords, streamWords } from '../../kernel/witness.js'
import { type Claim, encodeClaim, type Revealed, type RevealedFields } from '../../shards/claim.js'
import { joinRoots } from '../../shards/merkle.js'
import { hex } from './claims.js'
import { guardsOf, weakened } from './weakenings.js'

interface Lie {
  claim: Uint8Array
  /** Digest that is stated instead of that of the claim. */
  digest?: Address
  constants?: readonly (readonly [Address, Uint8Array])[]
  blobs?: readonly (readonly [Address, Uint8Array])[]
  path?: readonly number[]
}

const sources = kernelSources()
const address = (n: number): Address => addressOf(Uint8Array.of(n))

// A safe definition: one universe parameter, type Sort 0, value Sort 1; two universes.
const TYPE = hex('00')
const DEFINITION = hex('d0 01 01 00 01 00 00 02 00 c0')
const PROJECTION = encodeProjection({ kind: 'iprj', idx: 3, block: address(9) })

/** A claim about bytes, which are at hand under their hash. */
function about(bytes: Uint8Array, constant: Revealed, blobs: Lie['blobs'] = []): Lie {
  const commitment = addressOf(bytes)
  return {
    claim: encodeClaim({ kind: 'reveal', commitment, constant }),
    constants: [[commitment, bytes]],
    blobs,
  }
}

const definition = (fields: RevealedFields): Revealed => ({
  kind: 'definition',
  fields,
})
const honest = about(DEFINITION, definition({ kind: 0, safety: 1, levels: 1 }))
const otherBytes = Uint8Array.of(...DEFINITION, 0)

const leaf = address(1)
const sibling = address(2)
const contains: Claim = { kind: 'contains', tree: joinRoots(address(3), sibling), constant: leaf }
const step = [1, 0, ...digestWords(sibling)]
const trueContains: Lie = {
  claim: encodeClaim({
    kind: 'contains',
    tree: addressOf(Uint8Array.of(0, ...Buffer.from(leaf, 'hex'))),
    constant: leaf,
  }),
  path: [0],
}

/** By function and message (or text) of the assertion. */
const REVEAL: readonly [string, string, Lie][] = [
  ['verify_reveal', 'do not hash to its digest', { ...honest, digest: address(0) }],
  ['verify_reveal', 'not a Reveal claim', { ...honest, claim: honest.claim.with(0, 0xe4) }],
  ['verify_reveal', 'left over', { ...honest, claim: Uint8Array.of(...honest.claim, 0) }],
  [
    'reveal_constant',
    'to its address',
    { ...honest, constants: [[addressOf(DEFINITION), hex('d0 01 01 00 00 00 00 02 00 c0')]] },
  ],
  ['reveal_constant', 'end of a constant', about(otherBytes, definition({}))],
  [
    'reveal_variant',
    'another kind',
    about(PROJECTION, { kind: 'definitionProjection', fields: { index: 3 } }),
  ],
  ['assert_no_field', 'there is not', { ...honest, claim: honest.claim.with(34, 7 + 32) }],
  ['reveal_byte', 'another value', about(DEFINITION, definition({ kind: 2 }))],
  ['stated_number', 'another value', about(DEFINITION, definition({ levels: 2 }))],
  [
    'reveal_address',
    'another value',
    about(PROJECTION, { kind: 'inductiveProjection', fields: { block: address(8) } }),
  ],
  [
    'assert_hash_between',
    'have the hash',
    about(DEFINITION, definition({ type: address(7) }), [[address(7), TYPE]]),
  ],
  [
    'assert_same_bytes',
    'longer or shorter',
    about(DEFINITION, definition({ type: addressOf(hex('0001')) }), [[addressOf(hex('0001')), hex('0001')]]),
  ],
  [
    'assert_same_bytes',
    'is not that',
    about(DEFINITION, definition({ type: addressOf(hex('01')) }), [[addressOf(hex('01')), hex('01')]]),
  ],
  ['reveal_block', 'another kind', about(hex('d1 00 05 01 00 00 00 00 00'), { kind: 'block' })],
  ['reveal_block', 'an empty block', about(hex('c0 00 00 00'), { kind: 'block' })],
  ['assert_entries', 'without entries', about(hex('d0 01 00 80 00 00 00 00 01 00'), definition({}))],
]

const CONTAINS: readonly [string, string, Lie][] = [
  ['verify_contains', 'do not hash to its digest', { ...trueContains, digest: address(0) }],
  ['verify_contains', 'not a Contains claim', { ...trueContains, claim: trueContains.claim.with(0, 0xe6) }],
  ['verify_contains', 'left over', { ...trueContains, claim: Uint8Array.of(...trueContains.claim, 0) }],
  ['verify_contains', 'from the leaf to the root', { claim: encodeClaim(contains), path: step }],
]

const programOf = (entry: string, text: typeof sources) => compile(text, { roots: [entry] })

function run(program: ReturnType<typeof compile>, entry: string, lie: Lie): string {
  const io = new IoBuffer()
  const key = digestWords(lie.digest ?? addressOf(lie.claim))
  io.put(CHANNEL.hashing, [0], [0])
  io.put(CHANNEL.claim, key, streamWords(lie.claim))
  for (const [at, bytes] of lie.constants ?? []) io.put(CHANNEL.constant, digestWords(at), streamWords(bytes))
  for (const [at, bytes] of lie.blobs ?? []) io.put(CHANNEL.blob, digestWords(at), streamWords(bytes))
  if (lie.path !== undefined) io.put(CHANNEL.path, key, lie.path)
  const outcome = execute(program, entry, key.map(BigInt), io)
  return outcome.ok ? 'accepted' : outcome.error.reason
}

describe.each([
  ['reveal.aiur', REVEAL_ENTRY, REVEAL, honest],
  ['contains.aiur', CONTAINS_ENTRY, CONTAINS, trueContains],
] as const)('%s', (file, entry, cases, truth) => {
  const source = sources.find(({ name }) => name === `kernel/${file}`)!
  const guards = guardsOf(source)
  const intact = programOf(entry, sources)

  test('a claim that holds is accepted', () => expect(run(intact, entry, truth)).toBe('accepted'))

  test('every assertion is taken out below, but that the padding of an expression is zero', () => {
    const bare = guards.filter(
      guard => !cases.some(([name, text]) => guard.function === name && guard.text.includes(text)),
    )
    // To lie there takes the hash of a block whose padding is not zero, which no library computes.
    expect(bare.map(({ text }) => text)).toEqual(file === 'reveal.aiur' ? ['assert_eq!(bytes, end)'] : [])
  })

  test.each(cases)('%s: %s', (name, text, lie) => {
    expect(run(intact, entry, lie)).not.toBe('accepted')
    const guard = guards.find(each => each.function === name && each.text.includes(text))!
    const weaker = sources.map(each =>
      each === source ? { ...each, text: weakened(each.text, guard) } : each,
    )
    expect(run(programOf(entry, weaker), entry, lie)).toBe('accepted')
  })
})

/** Runs the kernel over many mutants of one constant: one witness and one memory, so that what they share is checked once. */
import { executeHere } from '../../aiur/wasm/engine.js'
import type { Engine } from '../../aiur/wasm/execution.js'
import { HEADER } from '../../aiur/wasm/memory-map.js'
import type { WasmRecord } from '../../aiur/wasm/record.js'
import { type Address, addressOf } from '../../ixon/address.js'
import { encodeConstant } from '../../ixon/constant.js'
import type { Environment } from '../../ixon/environment.js'
import { canonicalRoot } from '../../ixon/merkle.js'
import { constantShape } from '../../kernel/constant-shape.js'
import { reasonOf } from '../../kernel/failure-reason.js'
import type { PrimitiveTable } from '../../kernel/primitive-table.js'
import { ENTRY } from '../../kernel/sources.js'
import { digestWords, environmentSource, Witness } from '../../kernel/witness.js'
import { type Claim, claimDigest } from '../../shards/claim.js'
import { canonicalSet } from '../../shards/merkle.js'
import type { Mutant } from './mutant.js'

export type Answer = 'accepted' | 'rejected' | 'undecided'

export interface Run extends Mutant {
  readonly address: Address
  readonly answer: Answer
  readonly reason: string
}

/** Rows after which a mutant counts as undecided: its conversion runs away. */
const ROWS = 3_000_000
const MEMORY = 1 << 28

/** Each mutant is owned alone; everything that it refers to is assumed. */
export function runMutants(
  engine: Engine,
  environment: Environment,
  primitives: PrimitiveTable,
  mutants: readonly Mutant[],
): Run[] {
  const source = environmentSource(environment)
  const forged = new Map(
    mutants.map(mutant => {
      const bytes = encodeConstant(mutant.constant)
      return [addressOf(bytes), { mutant, bytes }] as const
    }),
  )
  const witness = new Witness({
    ...source,
    constant: address => forged.get(address)?.bytes ?? source.constant(address),
    hint: () => undefined,
  })
  witness.putClosure([
    ...forged.keys(),
    ...primitives.entries.flatMap(({ address, witnesses }) => [address, ...witnesses]),
  ])
  witness.putPrimitives(primitives.digest, primitives.bytes)
  const goals = [...forged].map(([address, { mutant, bytes }]) => {
    const shape = constantShape(bytes)!
    const assumed = canonicalSet(shape.refs.filter((_, i) => shape.uses[i] === 1))
    const assumptions = canonicalRoot(assumed)
    const root = canonicalRoot([address])!
    const claim: Claim = { kind: 'checkEnv', root, ...(assumptions === undefined ? {} : { assumptions }) }
    const digest = claimDigest(claim)
    witness.putTree(root, [address])
    if (assumptions !== undefined) witness.putTree(assumptions, assumed)
    witness.putClaim(claim, digest)
    return { mutant, address, digest }
  })
  let record: WasmRecord | undefined
  let before = 0
  return goals.map(({ mutant, address, digest }) => {
    const args = [...digestWords(digest), ...digestWords(primitives.digest)].map(BigInt)
    const limits = { rows: before + ROWS, memoryBytes: MEMORY }
    const outcome = executeHere(engine, ENTRY, args, witness.io, limits, record)
    record = outcome.record
    const rows = record.state.words[HEADER.rows / 4]!
    if (rows > before + ROWS / 2) record = undefined
    before = record === undefined ? 0 : rows
    if (outcome.ok) return { ...mutant, address, answer: 'accepted', reason: '' }
    const { text, undecided } = reasonOf(outcome.error)
    return { ...mutant, address, answer: undecided ? 'undecided' : 'rejected', reason: text }
  })
}

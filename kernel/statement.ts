/** Runs the programs of claims that check no constant: each has an entry and a verifying key of its own. */
import type { ExecutionError } from '../aiur/vm/error.js'
import { execute } from '../aiur/vm/interpreter.js'
import { IoBuffer } from '../aiur/vm/io.js'
import type { Address } from '../ixon/address.js'
import { type Claim, claimDigest, encodeClaim } from '../shards/claim.js'
import { compiledKernel } from './compiled.js'
import type { KernelRun } from './verdict.js'
import { CHANNEL, digestWords, streamWords } from './witness.js'

export type StatementOutcome =
  | { readonly ok: true; readonly digest: Address; readonly run: KernelRun }
  | { readonly ok: false; readonly digest: Address; readonly error: ExecutionError }

/**
 * @param entry takes the eight words of the claim's digest
 * @param fill puts what the program reads besides the claim
 */
export async function runStatement(
  entry: string,
  claim: Claim,
  fill: (io: IoBuffer) => void,
): Promise<StatementOutcome> {
  const { program, layout } = await compiledKernel([], entry)
  const digest = claimDigest(claim)
  const io = new IoBuffer()
  // Few blocks: the tables of byte hashing would cost more than they save.
  io.put(CHANNEL.hashing, [0], [0])
  io.put(CHANNEL.claim, digestWords(digest), streamWords(encodeClaim(claim)))
  fill(io)
  const args = digestWords(digest).map(BigInt)
  const outcome = execute(program, entry, args, io)
  if (!outcome.ok) return { ok: false, digest, error: outcome.error }
  const { outputs, record } = outcome
  return { ok: true, digest, run: { program, layout, record, call: { entry, args, outputs, io } } }
}

/** The beginning of the transcript, the same for prover and verifier. */

import { CHANNEL } from '../aiur/circuit/channels.js'
import { PROTOCOL } from './hash.js'
import { LOG_BLOWUP, type Parameters } from './parameters.js'
import type { Claim } from './shape.js'
import { Transcript } from './transcript.js'
import type { VerifyingKey } from './verifying-key.js'

/** Elements of the message that the claim demands once: channel, function, inputs, outputs, rank. */
export function claimMessage(claim: Claim): bigint[] {
  const rank = claim.rank === null ? [] : [claim.rank]
  return [BigInt(CHANNEL.function), BigInt(claim.entry), ...claim.inputs, ...claim.outputs, ...rank]
}

/** A transcript that has absorbed all that both sides know. */
export function openTranscript(
  key: VerifyingKey,
  p: Parameters,
  claim: Claim,
  heights: Int8Array,
): Transcript {
  const t = new Transcript(new TextEncoder().encode(PROTOCOL))
  for (const x of [LOG_BLOWUP, p.hiding ? 1 : 0, p.queries, p.queryWork, p.target, p.finalLog])
    t.absorbNumber(x)
  t.absorb(key.digest)
  for (const x of [claim.entry, claim.inputs.length, claim.outputs.length, claim.rank === null ? 0 : 1])
    t.absorbNumber(x)
  for (const x of claimMessage(claim)) t.absorbNumber(x)
  t.absorbNumber(heights.length)
  for (const height of heights) t.absorbNumber(height + 1)
  return t
}

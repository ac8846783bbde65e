/** Verifying keys: of the kernel, and of the programs of claims that check nothing. */
import { CONTAINS_ENTRY } from '../../kernel/contains.js'
import { REVEAL_ENTRY } from '../../kernel/reveal.js'
import { ENTRY } from '../../kernel/sources.js'
import type { Claim, VerifyingKey } from '../../prover/verify.js'
import { keptKey } from './kept-key.js'
import type { ProofFile } from './read-proof.js'

const ENTRIES = { check: ENTRY, reveal: REVEAL_ENTRY, contains: CONTAINS_ENTRY } as const

export type Program = keyof typeof ENTRIES

export function keyOf(program: Program): Promise<VerifyingKey> {
  return keptKey(ENTRIES[program])
}

/**
 * The claim that a proof about these arguments of a program's entry makes. A rank is no part of what it says: the proof's
 * is taken.
 */
export function expectedClaim(
  key: VerifyingKey,
  program: Program,
  inputs: readonly bigint[],
  proof: ProofFile,
): Claim {
  const entry = key.entries.find(e => e.name === ENTRIES[program])!
  return {
    entry: entry.index,
    inputs,
    outputs: [],
    rank: entry.ranked ? (proof.header.claim.rank ?? 0n) : null,
  }
}

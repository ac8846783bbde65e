/** Contains claims: the execution that shows that an address is a leaf of a Merkle tree (contains.aiur). */
import type { Claim } from '../shards/claim.js'
import { claimDigest } from '../shards/claim.js'
import type { PathStep } from '../shards/merkle.js'
import { runStatement, type StatementOutcome } from './statement.js'
import { CHANNEL, digestWords } from './witness.js'

export const CONTAINS_ENTRY = 'verify_contains'

export type ContainsClaim = Extract<Claim, { kind: 'contains' }>

/**
 * Runs the program of Contains claims.
 *
 * @param path from the leaf to the root (shards/merkle.ts, membershipPath)
 */
export function runContains(claim: ContainsClaim, path: readonly PathStep[]): Promise<StatementOutcome> {
  const steps = path.flatMap(({ sibling, siblingIsLeft }) => [siblingIsLeft ? 1 : 0, ...digestWords(sibling)])
  return runStatement(CONTAINS_ENTRY, claim, io => {
    io.put(CHANNEL.path, digestWords(claimDigest(claim)), [path.length, ...steps])
  })
}

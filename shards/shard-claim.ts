/** The claim of one shard (ixon.md 6.5): what it owns, what it assumes, and the claim that binds both. */
import type { Address } from '../ixon/address.js'
import { walkEdges } from '../ixon/constant.js'
import type { Environment } from '../ixon/environment.js'
import { canonicalRoot } from '../ixon/merkle.js'
import { type Claim, claimDigest } from './claim.js'
import { canonicalSet } from './merkle.js'

export interface ShardClaim {
  /** Owned constants, ascending, at least one: the leaves of the claim's tree. */
  readonly owned: readonly Address[]
  /** Constants outside the shard that an owned one refers to directly, ascending: the leaves of its assumptions. */
  readonly frontier: readonly Address[]
  readonly claim: Claim & { readonly kind: 'checkEnv' }
  readonly digest: Address
}

/**
 * The claim of the shard that owns these blocks: a function of the environment and the blocks alone, so everybody who
 * has them can recompute its digest. Undefined if the blocks hold no constant of the environment.
 */
export function shardClaim(environment: Environment, ownedBlocks: Iterable<Address>): ShardClaim | undefined {
  const blocks = new Set(ownedBlocks)
  const owned = [...environment.addresses()]
    .filter(address => blocks.has(environment.blockOf(address)))
    .sort()
  return claimOf(environment, owned)
}

/** The claim about exactly these constants of the environment. Undefined for none. */
export function claimOf(environment: Environment, constants: Iterable<Address>): ShardClaim | undefined {
  const owned = canonicalSet(constants)
  const root = canonicalRoot(owned)
  if (root === undefined) return undefined
  const inside = new Set(owned)
  const outside = new Set<Address>()
  for (const address of owned) {
    for (const target of walkEdges(environment.constant(address))) {
      if (!inside.has(target) && environment.has(target)) outside.add(target)
    }
  }
  const frontier = canonicalSet(outside)
  const assumptions = canonicalRoot(frontier)
  const claim = { kind: 'checkEnv', root, ...(assumptions === undefined ? {} : { assumptions }) } as const
  return { owned, frontier, claim, digest: claimDigest(claim) }
}

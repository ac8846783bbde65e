/** What a check is about. */
import type { Address } from '../ixon/address.js'
import type { ShardClaim } from '../shards/shard-claim.js'

export type CheckTarget =
  /**
   * Constants with everything they reach. One constant is a Check claim without assumptions (ixon.md 6.4); several are
   * one CheckEnv claim that owns their closure (ixon.md 6.5).
   */
  | { readonly kind: 'constants'; readonly addresses: readonly Address[] }
  /** The constants that a shard owns, modulo its frontier: one CheckEnv claim (ixon.md 6.5). */
  | {
      readonly kind: 'shard'
      readonly claim: ShardClaim
      /** Names of the primitives to enter into the table; default all that the environment holds. */
      readonly primitives?: ReadonlySet<string>
    }

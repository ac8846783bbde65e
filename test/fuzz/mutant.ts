/** A changed constant, and what changes are made of. */

import type { Address } from '../../ixon/address.js'
import type { Constant } from '../../ixon/constant.js'

export interface Mutant {
  /** What was changed. */
  readonly kind: string
  readonly constant: Constant
  /** A constant that it may have become instead of what it was made from. */
  readonly like?: Address
}

/** Where replacements come from. */
export interface Pool {
  /** Constants by address, with their number of universe parameters. */
  readonly constants: readonly { readonly address: Address; readonly lvls: number }[]
  readonly blobs: readonly Address[]
}

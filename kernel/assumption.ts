import type { Address } from '../ixon/address.js'

/** What a verdict rests on without having checked it. */
export interface Assumption {
  readonly name: string
  readonly address: Address
  readonly kind: /** An axiom of the library itself. */
    | 'axiom'
    /** A bare statement whose body the input files do not hold. */
    | 'theorem'
    | 'definition'
    | 'opaque'
    /** A primitive that computed as the standard one although its body is not there. */
    | 'primitive'
}

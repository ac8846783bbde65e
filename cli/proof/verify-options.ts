/** What `ix verify` is asked to verify. */
import type { Preset } from '../../prover/parameters.js'

export interface VerifyOptions {
  proofs: string[]
  ixe: string | undefined
  ixes: string | undefined
  shard: number | undefined
  constant: string[]
  allow: readonly string[] | undefined
  preset: Preset
  json: boolean | undefined
}

/** Reads proofs and verifies them against a key. */
import { readFileSync, statSync } from 'node:fs'
import { InputError } from '../../lean/input-error.js'
import { type Preset, parameters } from '../../prover/parameters.js'
import {
  type Claim,
  type Header,
  inspect,
  type Parameters,
  ProofError,
  type Verdict,
  type VerifyingKey,
  verify,
} from '../../prover/verify.js'
import type { Statement } from '../../shards/claim-words.js'
import { isClaimedProof, readClaimedProof } from '../../shards/claimed-proof.js'

/** No proof is larger. */
const MAX_BYTES = 2 ** 30

export interface ProofFile {
  file: string
  bytes: Uint8Array
  header: Header
  /** In front of the proof if it is about a claim that checks nothing. */
  statement: Statement | undefined
}

/** @throws InputError for a file that is no proof */
export function readProof(file: string): ProofFile {
  let bytes: Uint8Array
  try {
    if (statSync(file).size > MAX_BYTES) throw new Error('it is larger than any proof')
    bytes = readFileSync(file)
  } catch (error) {
    throw new InputError(`cannot read the proof: ${(error as Error).message}`, { file })
  }
  let statement: Statement | undefined
  if (isClaimedProof(bytes)) {
    const { claim, proof } = readClaimedProof(bytes, file)
    statement = claim
    bytes = proof
  }
  try {
    return { file, bytes, header: inspect(bytes), statement }
  } catch (error) {
    if (error instanceof ProofError) throw new InputError(error.message, { file })
    throw error
  }
}

/** The parameters of a preset, hiding or not as the proof says. */
export function requiredParameters({ header }: ProofFile, preset: Preset): Parameters {
  return parameters(preset, { hiding: header.parameters.hiding })
}

export function verifyProof(key: VerifyingKey, proof: ProofFile, claim: Claim, preset: Preset): Verdict {
  return verify(key, claim, proof.bytes, requiredParameters(proof, preset))
}

/**
 * Proofs of Reveal and Contains claims as files: the claim in front of its proof, whose public input is no more than the
 * digest of the claim. With the claim in the file nothing else is needed to verify it, least of all what it hides.
 *
 *     "ixclaim" | version: 1 byte | n: 4 bytes, little-endian | n bytes of the claim | the proof
 */
import { ByteReader, ByteWriter } from '../ixon/bytes.js'
import { encodeClaim, readClaim } from './claim.js'
import type { Statement } from './claim-words.js'

const MAGIC = 'ixclaim'
const VERSION = 1
const HEADER_BYTES = MAGIC.length + 5

export interface ClaimedProof {
  readonly claim: Statement
  readonly proof: Uint8Array
}

/** Do a file's first bytes say that it is one? */
export function isClaimedProof(head: Uint8Array): boolean {
  return [...MAGIC].every((letter, i) => head[i] === letter.charCodeAt(0))
}

/** What stands in front of the proof. */
export function claimHeader(claim: Statement): Uint8Array {
  const bytes = encodeClaim(claim)
  const writer = new ByteWriter()
  for (const letter of MAGIC) writer.byte(letter.charCodeAt(0))
  writer.byte(VERSION)
  for (let shift = 0; shift < 32; shift += 8) writer.byte((bytes.length >>> shift) & 0xff)
  writer.bytes(bytes)
  return writer.finish()
}

/** @throws InputError for anything but {@link claimHeader} in front of bytes; those are not looked at */
export function readClaimedProof(bytes: Uint8Array, file?: string): ClaimedProof {
  const reader = new ByteReader(bytes, { file })
  if (!isClaimedProof(bytes)) reader.fail('this is not a proof of a claim', 0)
  reader.bytes(MAGIC.length)
  const version = reader.byte()
  if (version !== VERSION)
    reader.fail(
      `version ${version} is not ${VERSION}: another version of ix made this proof; verify it with that one`,
      MAGIC.length,
    )
  const length = [0, 8, 16, 24].reduce((sum, shift) => sum + reader.byte() * 2 ** shift, 0)
  const end = HEADER_BYTES + length
  if (end > bytes.length) reader.fail(`a claim of ${length} bytes, longer than the file`, MAGIC.length + 1)
  const claim = readClaim(bytes.subarray(HEADER_BYTES, end), file, HEADER_BYTES)
  if (claim.kind !== 'reveal' && claim.kind !== 'contains')
    return reader.fail(`a claim of kind ${claim.kind}, which is stated by its constants`, HEADER_BYTES)
  return { claim, proof: bytes.subarray(end) }
}

import { blake3 } from '@noble/hashes/blake3.js'

/** A BLAKE3-256 digest as 64 lower-case hex digits; comparing the strings compares the bytes. */
export type Address = string

export const ADDRESS_BYTES = 32

/** 32 zero bytes: the Merkle root of nothing where a field is mandatory. */
export const ZERO_ADDRESS: Address = '0'.repeat(64)

/** Address of a constant, a blob, a claim: plain BLAKE3-256 of its bytes (ixon.md 3). */
export function addressOf(bytes: Uint8Array): Address {
  return addressFromBytes(blake3(bytes))
}

export function isAddress(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text)
}

export function addressFromBytes(bytes: Uint8Array, offset = 0): Address {
  return Buffer.from(bytes.buffer, bytes.byteOffset + offset, ADDRESS_BYTES).toString('hex')
}

export function addressBytes(address: Address): Uint8Array {
  const bytes = Buffer.from(address, 'hex')
  if (bytes.length !== ADDRESS_BYTES) throw new RangeError(`not an address: ${address}`)
  return bytes
}

/**
 * Bytes of a Nat literal's blob and of a numeric name component: little-endian without leading zero bytes, zero
 * being the single byte 00 (ixon.md 3).
 */
export function naturalBytes(value: bigint): Uint8Array {
  let hex = value.toString(16)
  if (hex.length % 2 === 1) hex = `0${hex}`
  return Buffer.from(hex, 'hex').reverse()
}

/** Inverse of {@link naturalBytes}; accepts leading zero bytes. */
export function naturalFromBytes(bytes: Uint8Array): bigint {
  if (bytes.length === 0) return 0n
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`)
}

/** Merkle trees over sets of addresses (ixon.md 6.2). */
import { blake3 } from '@noble/hashes/blake3.js'
import { ADDRESS_BYTES, type Address, addressFromBytes } from './address.js'

const NODE_BYTES = 1 + 2 * ADDRESS_BYTES

/** Hash of a leaf, 32 bytes. */
export function leafHash(address: Uint8Array): Uint8Array {
  const input = new Uint8Array(1 + ADDRESS_BYTES)
  input.set(address, 1)
  return blake3(input)
}

/** Hash of an inner node, 32 bytes. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  const input = new Uint8Array(NODE_BYTES)
  input[0] = 1
  input.set(left, 1)
  input.set(right, 1 + ADDRESS_BYTES)
  return blake3(input)
}

/**
 * Root of the canonical tree over a set: leaves in ascending order, paired level by level, an odd last node with 32
 * zero bytes. `undefined` for the empty set.
 */
export function canonicalRoot(addresses: Iterable<Address>): Address | undefined {
  const zero = new Uint8Array(ADDRESS_BYTES)
  let level = [...new Set(addresses)].sort().map(address => leafHash(Buffer.from(address, 'hex')))
  while (level.length > 1) {
    const next: Uint8Array[] = []
    for (let i = 0; i < level.length; i += 2) next.push(nodeHash(level[i]!, level[i + 1] ?? zero))
    level = next
  }
  return level[0] === undefined ? undefined : addressFromBytes(level[0])
}

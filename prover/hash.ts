/** BLAKE3 with domain separation: rows and inner nodes of trees are hashed under keys of their own. */

import { blake3, blake3Pair } from './blake3.js'

/** Keys of a tree's two kinds of hashes; undefined means plain BLAKE3 (the reference's trees). */
export interface TreeKeys {
  leaf: Uint8Array | undefined
  node: Uint8Array | undefined
}

/** Names the version of the protocol: proofs of one mean nothing in another. */
export const PROTOCOL = 'ix multi-stark v2'

function keyOf(name: string): Uint8Array {
  return blake3(new TextEncoder().encode(name))
}

export const TREE_KEYS: TreeKeys = {
  leaf: keyOf(`${PROTOCOL} leaf`),
  node: keyOf(`${PROTOCOL} node`),
}

export const hash: (bytes: Uint8Array, key?: Uint8Array) => Uint8Array = blake3

export const hashPair: (left: Uint8Array, right: Uint8Array, key?: Uint8Array) => Uint8Array = blake3Pair

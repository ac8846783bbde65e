/**
 * Merkle trees over sets of addresses as data: serialised trees, membership paths (ixon.md 6.2).
 *
 * A tree is handled in its serialised form, `e2` followed by nodes in preorder: `00` address (leaf), `01` (padding),
 * `02` left right. Depth is bounded by nothing but the input, so readers keep their own stack.
 */
import { type Address, addressBytes, addressFromBytes } from '../ixon/address.js'
import { ByteReader, ByteWriter } from '../ixon/bytes.js'
import { leafHash, nodeHash } from '../ixon/merkle.js'

const TREE_TAG = 0xe2
const LEAF = 0
const PADDING = 1
const NODE = 2

/** Root of the padding that completes an odd level: 32 zero bytes. */
const PADDING_ROOT = new Uint8Array(32)

/** Root of a tree that has the trees with these roots as its two children. */
export function joinRoots(left: Address, right: Address): Address {
  return addressFromBytes(nodeHash(addressBytes(left), addressBytes(right)))
}

/** Ascending, without duplicates. */
export function canonicalSet(addresses: Iterable<Address>): Address[] {
  return [...new Set(addresses)].sort()
}

/** All levels of the canonical tree, leaves first, without padding; the last level holds the root. Not for empty sets. */
function levelsOf(sorted: readonly Address[]): Uint8Array[][] {
  let level = sorted.map(address => leafHash(addressBytes(address)))
  const levels = [level]
  while (level.length > 1) {
    const above: Uint8Array[] = []
    for (let i = 0; i < level.length; i += 2) above.push(nodeHash(level[i]!, level[i + 1] ?? PADDING_ROOT))
    levels.push(above)
    level = above
  }
  return levels
}

/** Serialised canonical tree over a set; an empty set has none. */
export function canonicalTree(addresses: Iterable<Address>): Uint8Array | undefined {
  const sorted = canonicalSet(addresses)
  if (sorted.length === 0) return undefined
  const counts = [sorted.length]
  while (counts.at(-1)! > 1) counts.push(Math.ceil(counts.at(-1)! / 2))
  const writer = new ByteWriter(2 + 34 * sorted.length)
  writer.byte(TREE_TAG)
  // Depth is the logarithm of the number of leaves.
  const write = (level: number, index: number): void => {
    if (index >= counts[level]!) {
      writer.byte(PADDING)
    } else if (level === 0) {
      writer.byte(LEAF)
      writer.address(sorted[index]!)
    } else {
      writer.byte(NODE)
      write(level - 1, 2 * index)
      write(level - 1, 2 * index + 1)
    }
  }
  write(counts.length - 1, 0)
  return writer.finish()
}

export interface MerkleTree {
  readonly root: Address
  /** In the tree's order, with duplicates if it has any. */
  readonly leaves: readonly Address[]
}

/** Reads a serialised tree of any shape, recomputing its root. Throws InputError on anything else or trailing bytes. */
export function readTree(bytes: Uint8Array, file?: string): MerkleTree {
  const reader = new ByteReader(bytes, { file })
  if (reader.byte() !== TREE_TAG) reader.fail('not a Merkle tree: it must start with the byte e2', 0)
  const leaves: Address[] = []
  // One entry per open node: the root of its left child once that is known.
  const open: (Uint8Array | undefined)[] = []
  for (;;) {
    const tag = reader.byte()
    let done: Uint8Array
    if (tag === NODE) {
      open.push(undefined)
      continue
    } else if (tag === LEAF) {
      const address = reader.address()
      leaves.push(address)
      done = leafHash(addressBytes(address))
    } else if (tag === PADDING) {
      done = PADDING_ROOT
    } else {
      return reader.fail(
        `unknown tree node ${tag}: expected 0 (leaf), 1 (padding) or 2 (node)`,
        reader.position - 1,
      )
    }
    for (let left = open.at(-1); left !== undefined; left = open.at(-1)) {
      open.pop()
      done = nodeHash(left, done)
    }
    if (open.length === 0) {
      reader.end('the Merkle tree')
      return { root: addressFromBytes(done), leaves }
    }
    open[open.length - 1] = done
  }
}

/** One step from a leaf towards the root. */
export interface PathStep {
  readonly sibling: Address
  readonly siblingIsLeft: boolean
}

/** Membership path of an address in the canonical tree over a set, leaf to root; undefined if it is not a member. */
export function membershipPath(addresses: Iterable<Address>, address: Address): PathStep[] | undefined {
  const sorted = canonicalSet(addresses)
  let index = sorted.indexOf(address)
  if (index < 0) return undefined
  const path: PathStep[] = []
  const levels = levelsOf(sorted)
  for (let level = 0; level < levels.length - 1; level++) {
    const siblingIsLeft = index % 2 === 1
    const sibling = levels[level]![siblingIsLeft ? index - 1 : index + 1] ?? PADDING_ROOT
    path.push({ sibling: addressFromBytes(sibling), siblingIsLeft })
    index >>= 1
  }
  return path
}

/** The root that a membership path leads to. */
export function pathRoot(address: Address, path: readonly PathStep[]): Address {
  let node = leafHash(addressBytes(address))
  for (const { sibling, siblingIsLeft } of path) {
    const other = addressBytes(sibling)
    node = siblingIsLeft ? nodeHash(other, node) : nodeHash(node, other)
  }
  return addressFromBytes(node)
}

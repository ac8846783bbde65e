/** Opening many leaves of a mixed-height Merkle tree at once (stark.md 3.2). */

import { hashPair, type TreeKeys } from './hash.js'

/** index >> shift of sorted indices, each value once. */
export function distinct(indices: readonly number[], shift: number): number[] {
  const result: number[] = []
  for (const index of indices) {
    const value = Math.floor(index / 2 ** shift)
    if (result.length === 0 || result[result.length - 1]! !== value) result.push(value)
  }
  return result
}

/**
 * The root from opened leaves.
 *
 * @param indices opened rows of the tallest height, sorted and distinct
 * @param leaves digests by log height: for the tallest one per index, for a height 2^h one per distinct
 *   index >> (log - h)
 * @param sibling the next digest that cannot be computed, level by level from the leaves, from left to right
 */
export function rootOf(
  log: number,
  indices: readonly number[],
  leaves: ReadonlyMap<number, readonly Uint8Array[]>,
  sibling: () => Uint8Array,
  keys: TreeKeys,
): Uint8Array {
  let level = indices
  let digests = leaves.get(log)!
  for (let height = log - 1; height >= 0; height--) {
    const above: number[] = []
    const parents: Uint8Array[] = []
    for (let i = 0; i < level.length; i++) {
      const index = level[i]!
      let left: Uint8Array
      let right: Uint8Array
      if (index % 2 === 1) {
        left = sibling()
        right = digests[i]!
      } else {
        left = digests[i]!
        right = level[i + 1] === index + 1 ? digests[++i]! : sibling()
      }
      above.push(Math.floor(index / 2))
      parents.push(hashPair(left, right, keys.node))
    }
    const injected = leaves.get(height)
    digests =
      injected === undefined ? parents : parents.map((node, i) => hashPair(node, injected[i]!, keys.node))
    level = above
  }
  return digests[0]!
}

/** The siblings that {@link rootOf} asks for, as (level height, index), in its order. */
export function siblingsOf(log: number, indices: readonly number[]): { log: number; index: number }[] {
  const result: { log: number; index: number }[] = []
  let level = indices
  for (let height = log; height > 0; height--) {
    for (let i = 0; i < level.length; i++) {
      const index = level[i]!
      if (index % 2 === 0 && level[i + 1] === index + 1) i++
      else result.push({ log: height, index: index % 2 === 0 ? index + 1 : index - 1 })
    }
    level = distinct(level, 1)
  }
  return result
}

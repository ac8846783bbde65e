/** The verifier's side of FRI: the inputs fold to the last polynomial (stark.md 3.7). */

import { type Extension, equal, minus, plus, scale, times, ZERO } from './extension.js'
import { hash, TREE_KEYS } from './hash.js'
import { distinct, rootOf } from './merkle.js'
import { HALF, inverseSubgroupPoint, subgroupPoint } from './points.js'
import { type ProofReader, require, sameBytes } from './proof-bytes.js'

export interface Round {
  root: Uint8Array
  challenge: Extension
}

/**
 * Folds the inputs at all queries down to the final polynomial.
 *
 * @param inputs by log of their domain, one value per distinct index
 * @throws ProofError when a fold does not hold
 */
export function checkFolds(
  reader: ProofReader,
  hiding: boolean,
  logDomain: number,
  indices: readonly number[],
  inputs: ReadonlyMap<number, readonly Extension[]>,
  rounds: readonly Round[],
  final: readonly Extension[],
): void {
  let log = logDomain
  let level = indices
  let known = inputs.get(log)!
  for (const { root, challenge } of rounds) {
    const pairs = distinct(level, 1)
    const leaves: Uint8Array[] = []
    const folded: Extension[] = []
    const half = scale(challenge, HALF.lo0, HALF.hi0)
    let at = 0
    for (const pair of pairs) {
      const left = level[at] === 2 * pair ? known[at++]! : reader.extension()
      const right = level[at] === 2 * pair + 1 ? known[at++]! : reader.extension()
      leaves.push(hash(pairLeaf(reader, left, right, hiding), TREE_KEYS.leaf))
      const s = inverseSubgroupPoint(2 * pair)
      // (left + right) / 2 + challenge s (left - right) / 2
      const slope = times(half, scale(minus(left, right), s.lo0, s.hi0))
      folded.push(plus(scale(plus(left, right), HALF.lo0, HALF.hi0), slope))
    }
    const found = rootOf(log - 1, pairs, new Map([[log - 1, leaves]]), () => reader.raw(32), TREE_KEYS)
    require(sameBytes(found, root), 'the values of a folding round do not belong to its root')
    log--
    const input = inputs.get(log)
    const square = times(challenge, challenge)
    known = input === undefined ? folded : folded.map((x, i) => plus(x, times(square, input[i]!)))
    level = pairs
  }
  level.forEach((index, i) => {
    const { lo0, hi0 } = subgroupPoint(index)
    let value = ZERO
    for (let j = final.length - 1; j >= 0; j--) value = plus(scale(value, lo0, hi0), final[j]!)
    require(equal(value, known[i]!), 'the folded values do not lie on the final polynomial')
  })
}

/** Values of a pair and its salt: the preimage of a leaf. */
function pairLeaf(reader: ProofReader, left: Extension, right: Extension, hiding: boolean): Uint8Array {
  const bytes = new Uint8Array(hiding ? 48 : 32)
  const view = new DataView(bytes.buffer)
  const put = (at: number, x: Extension) => {
    view.setUint32(at, x.lo0, true)
    view.setUint32(at + 4, x.hi0, true)
    view.setUint32(at + 8, x.lo1, true)
    view.setUint32(at + 12, x.hi1, true)
  }
  put(0, left)
  put(16, right)
  if (hiding) bytes.set(reader.raw(16), 32)
  return bytes
}

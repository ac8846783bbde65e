/** Main columns of circuits in row order, from their traces. */

import type { Trace } from '../aiur/circuit/trace.js'
import { highWord, lowWord, normalise, P, toBigInt } from '../aiur/vm/goldilocks.js'
import { inverseOf, rootOfUnity } from './domain.js'
import type { Random } from './random.js'
import type { ActiveCircuit } from './shape.js'

/** Elements of rows that are turned into columns at a time. */
const BLOCK_ELEMENTS = 65536

/** Writes the columns of a trace, 2^logHeight elements each with zeros below the rows that there are. */
export function fillColumns({ circuit, logHeight }: ActiveCircuit, trace: Trace, columns: Uint32Array): void {
  const height = 2 ** logHeight
  const { main } = circuit
  const block = Math.min(trace.height, Math.max(1, Math.floor(BLOCK_ELEMENTS / main)))
  const rows = new Uint32Array(2 * main * block)
  for (let start = 0; start < trace.height; start += block) {
    const count = Math.min(block, trace.height - start)
    trace.fill(start, count, rows)
    for (let c = 0; c < main; c++) {
      let to = 2 * (c * height + start)
      for (let from = 2 * c, r = 0; r < count; r++, from += 2 * main) {
        columns[to++] = rows[from]!
        columns[to++] = rows[from + 1]!
      }
    }
  }
}

/**
 * Values of the mask column of each circuit on rows 0 and 1, four words: random such that the weighted sums of all
 * masks, which hide the sums of the lookups, cancel.
 */
export function maskRows(active: readonly ActiveCircuit[], random: Random): Uint32Array[] {
  let left: [bigint, bigint] = [0n, 0n]
  return active.map(({ logHeight, shift }, i) => {
    // the points of rows 0 and 1
    const [x0, x1] = [shift, (shift * rootOfUnity(logHeight)) % P]
    const words = new Uint32Array(4)
    random.elements(words)
    let m0 = toBigInt(words[0]!, words[1]!)
    let m1 = toBigInt(words[2]!, words[3]!)
    if (i === active.length - 1) {
      // m0 + m1 = -left0, x0 m0 + x1 m1 = -left1
      m1 = normalise((x0 * left[0] - left[1]) * inverseOf(normalise(x1 - x0)))
      m0 = normalise(-left[0] - m1)
    }
    left = [(left[0] + m0 + m1) % P, (left[1] + x0 * m0 + x1 * m1) % P]
    return Uint32Array.of(lowWord(m0), highWord(m0), lowWord(m1), highWord(m1))
  })
}

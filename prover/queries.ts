/** What a proof shows of the committed rows and of the FRI layers: the answers to the queries. */

import { type Columns, valuesOf } from './columns.js'
import type { Layer } from './fri.js'
import { distinct, siblingsOf } from './merkle.js'
import type { ClassSets } from './openings.js'
import { type Commitment, rowBytes, saltList } from './polynomials.js'
import type { ProofWriter } from './proof-bytes.js'
import type { SizeClass } from './shape.js'

export type TreeName = 'main' | 'accumulators' | 'quotient'

/** Writes the rows of all trees at the drawn indices, sorted and distinct. */
export function writeRows(
  w: ProofWriter,
  classes: readonly SizeClass[],
  sets: readonly ClassSets[],
  commitments: Record<TreeName, Commitment>,
  indices: readonly number[],
): void {
  const logDomain = classes[0]!.logDomain
  for (const name of ['main', 'accumulators', 'quotient'] as const) {
    const { tree, salts } = commitments[name]
    classes.forEach((c, i) => {
      const columns = [...columnsOf(sets[i]![name]), ...saltList(salts[i]!)]
      for (const index of distinct(indices, logDomain - c.logDomain)) w.raw(rowBytes(columns, index))
    })
    w.section(`rows (${name})`)
    for (const at of siblingsOf(logDomain, indices)) w.raw(tree.digest(at.log, at.index))
    w.section(`paths (${name})`)
  }
}

function columnsOf(set: Columns): Uint32Array[] {
  return Array.from({ length: set.columns }, (_, k) => valuesOf(set, k))
}

/** Writes the pairs of all layers at the drawn indices. */
export function writeLayers(
  w: ProofWriter,
  layers: readonly Layer[],
  indices: readonly number[],
  logDomain: number,
): void {
  let level = indices
  let log = logDomain
  for (const { values, salts, tree } of layers) {
    const [c0, c1] = values
    const known = new Set(level)
    const pairs = distinct(level, 1)
    for (const pair of pairs) {
      for (const i of [2 * pair, 2 * pair + 1]) {
        if (known.has(i)) continue
        w.words(c0[2 * i]!, c0[2 * i + 1]!)
        w.words(c1[2 * i]!, c1[2 * i + 1]!)
      }
      if (salts !== null) w.raw(rowBytes(saltList(salts), pair))
    }
    w.section('FRI values')
    log--
    for (const at of siblingsOf(log, pairs)) w.raw(tree.digest(at.log, at.index))
    w.section('FRI paths')
    level = pairs
  }
}

/** The verifier's view of the opened rows: they belong to the roots, and give the FRI inputs at the queries. */

import { high, reduce } from '../aiur/vm/goldilocks.js'
import { rootOfUnity } from './domain.js'
import { type Extension, extension, invertAll, minus, plus, powers, times, ZERO } from './extension.js'
import { hash, TREE_KEYS } from './hash.js'
import { distinct, rootOf } from './merkle.js'
import { domainElement } from './points.js'
import { type ProofReader, require, sameBytes } from './proof-bytes.js'
import type { Shape, SizeClass } from './shape.js'

export type TreeName = 'main' | 'accumulators' | 'quotient'

/** Opened values of a class, in the order of the batch. */
export interface ClassValues {
  main: Extension[]
  accumulators: Extension[]
  quotient: Extension[]
  /** Parallel to `next` of the class. */
  next: Extension[][]
}

/**
 * Reads and authenticates all opened rows.
 *
 * @returns the FRI inputs by log of the domain, one per distinct index
 * @throws ProofError for rows that do not belong to a root
 */
export function openInputs(
  reader: ProofReader,
  { classes }: Shape,
  roots: Record<TreeName, Uint8Array>,
  hiding: boolean,
  indices: readonly number[],
  values: readonly ClassValues[],
  zeta: Extension,
  batch: Extension,
): Map<number, Extension[]> {
  const logDomain = classes[0]!.logDomain
  const rows = {} as Record<TreeName, Uint8Array[][]>
  for (const tree of ['main', 'accumulators', 'quotient'] as const) {
    rows[tree] = classes.map(c => {
      const columns = {
        main: c.mainColumns,
        accumulators: c.accumulatorColumns,
        quotient: c.quotientColumns,
      }[tree]
      return distinct(indices, logDomain - c.logDomain).map(() => rowOf(reader, columns, hiding))
    })
    const leaves = new Map(
      classes.map((c, i) => [c.logDomain, rows[tree][i]!.map(row => hash(row, TREE_KEYS.leaf))]),
    )
    const root = rootOf(logDomain, indices, leaves, () => reader.raw(32), TREE_KEYS)
    require(sameBytes(root, roots[tree]), `the rows of the tree '${tree}' do not belong to its root`)
  }
  const inputs = new Map<number, Extension[]>()
  classes.forEach((c, i) => {
    const positions = distinct(indices, logDomain - c.logDomain)
    const opened = { main: rows.main[i]!, accumulators: rows.accumulators[i]!, quotient: rows.quotient[i]! }
    inputs.set(c.logDomain, batchAt(c, i === 0 && hiding, positions, opened, values[i]!, zeta, batch))
  })
  return inputs
}

/** A row with its salt: the preimage of a leaf. */
function rowOf(reader: ProofReader, columns: number, hiding: boolean): Uint8Array {
  const row = reader.row(columns)
  if (!hiding) return row
  reader.raw(16)
  return new Uint8Array(row.buffer, row.byteOffset, row.length + 16)
}

/** The FRI input of a class at some of its rows (stark.md 3.7). */
function batchAt(
  c: SizeClass,
  masked: boolean,
  positions: readonly number[],
  rows: Record<TreeName, Uint8Array[]>,
  values: ClassValues,
  zeta: Extension,
  batch: Extension,
): Extension[] {
  const terms = c.mainColumns + c.accumulatorColumns + 2 * c.slices
  const nextTerms = c.next.reduce((sum, group) => sum + group.columns.length, 0)
  // the random input has the first power, so that it covers the rest
  const weights = powers(batch, terms + nextTerms, masked ? batch : undefined)
  const atZeta = [...values.main, ...values.accumulators, ...values.quotient]
  const packed = packWeights(weights)
  let used = terms
  const groups = c.next.map((group, g) => {
    const first = used
    used += group.columns.length
    return {
      point: times(zeta, extension(rootOfUnity(group.logHeight))),
      first,
      columns: group.columns,
      value: combine(values.next[g]!, weights, first),
    }
  })
  const zetaValue = combine(atZeta, weights, 0)
  const gathered = new Uint32Array(2 * nextTerms)
  const points = [zeta, ...groups.map(g => g.point)]
  const inverses = invertAll(
    positions.flatMap(position => {
      const x = domainElement(position)
      return points.map(z => minus(z, x))
    }),
  )
  return positions.map((_, i) => {
    const main = wordsOf(rows.main[i]!)
    const accumulators = wordsOf(rows.accumulators[i]!)
    const quotient = wordsOf(rows.quotient[i]!)
    const denominators = inverses.slice(points.length * i, points.length * (i + 1))
    let sum = dot(main, c.mainColumns, packed, 0)
    sum = plus(sum, dot(accumulators, c.accumulatorColumns, packed, c.mainColumns))
    sum = plus(sum, dot(quotient, 2 * c.slices, packed, c.mainColumns + c.accumulatorColumns))
    let result = times(minus(zetaValue, sum), denominators[0]!)
    groups.forEach(({ first, columns, value }, g) => {
      columns.forEach(({ tree, column }, j) => {
        const row = tree === 'main' ? main : accumulators
        gathered[2 * j] = row[2 * column]!
        gathered[2 * j + 1] = row[2 * column + 1]!
      })
      const own = dot(gathered, columns.length, packed, first)
      result = plus(result, times(minus(value, own), denominators[g + 1]!))
    })
    if (masked) {
      const at = 4 * c.slices
      const [lo0, hi0, lo1, hi1] = quotient.subarray(at, at + 4) as unknown as [
        number,
        number,
        number,
        number,
      ]
      result = plus(result, { lo0, hi0, lo1, hi1 })
    }
    return result
  })
}

function combine(values: readonly Extension[], weights: readonly Extension[], first: number): Extension {
  return values.reduce((sum, value, i) => plus(sum, times(value, weights[first + i]!)), ZERO)
}

/** Terms between two carries of {@link dot}: a product has 48 bits, two of them go into one sum. */
const CARRY_EVERY = 16

/** Weights in four pieces of 16 bits per coordinate, so that products with 32-bit words are exact in doubles. */
function packWeights(weights: readonly Extension[]): Float64Array {
  const pieces = new Float64Array(8 * weights.length)
  weights.forEach((w, i) => {
    const words = [w.lo0, w.hi0, w.lo1, w.hi1]
    words.forEach((word, k) => {
      pieces[8 * i + 2 * k] = word & 0xffff
      pieces[8 * i + 2 * k + 1] = word >>> 16
    })
  })
  return pieces
}

/** Little-endian words of a row (a copy: rows are not aligned). */
function wordsOf(row: Uint8Array): Uint32Array {
  const words = new Uint32Array(row.length / 4)
  const view = new DataView(row.buffer, row.byteOffset, row.byteLength)
  for (let i = 0; i < words.length; i++) words[i] = view.getUint32(4 * i, true)
  return words
}

/** Sums of products by their weight 2^(16 i), six per coordinate. */
class Sums {
  private readonly total = new Float64Array(12)
  private readonly top = new Float64Array(2)

  /** Adds sums below 2^53; keeps each entry below 2^49. */
  add(coordinate: number, ...sums: [number, number, number, number, number, number]): void {
    for (let i = 0; i < 6; i++) {
      const at = 6 * coordinate + i
      const carry = Math.floor(sums[i]! / 65536)
      this.total[at]! += sums[i]! - 65536 * carry
      if (i < 5) this.total[at + 1]! += carry
      else this.top[coordinate]! += carry
    }
  }

  /** Reduces the coordinates and starts again. */
  finish(): Extension {
    const lo0 = this.reduce(0)
    const hi0 = high
    const lo1 = this.reduce(1)
    const hi1 = high
    this.total.fill(0)
    this.top.fill(0)
    return { lo0, hi0, lo1, hi1 }
  }

  /** The low half of a coordinate modulo p, the high one in `high`. */
  private reduce(coordinate: number): number {
    const { total } = this
    const at = 6 * coordinate
    for (let i = at; i < at + 5; i++) {
      const carry = Math.floor(total[i]! / 65536)
      total[i]! -= 65536 * carry
      total[i + 1]! += carry
    }
    const carry = Math.floor(total[at + 5]! / 65536)
    total[at + 5]! -= 65536 * carry
    const word = (i: number) => total[at + i]! + 65536 * total[at + i + 1]!
    // the last word may have more than 32 bits, as it may in a product
    return reduce(word(0), word(2), word(4), this.top[coordinate]! + carry)
  }
}

const sums = new Sums()

/** Sum of row_i weight_(first + i). */
function dot(row: Uint32Array, count: number, weights: Float64Array, first: number): Extension {
  for (let start = 0; start < count; start += CARRY_EVERY) {
    const end = Math.min(count, start + CARRY_EVERY)
    for (let k = 0; k < 2; k++) {
      let s0 = 0
      let s1 = 0
      let s2 = 0
      let s3 = 0
      let s4 = 0
      let s5 = 0
      let w = 8 * (first + start) + 4 * k
      for (let i = start; i < end; i++, w += 8) {
        const lo = row[2 * i]!
        const hi = row[2 * i + 1]!
        const w0 = weights[w]!
        const w1 = weights[w + 1]!
        const w2 = weights[w + 2]!
        const w3 = weights[w + 3]!
        s0 += lo * w0
        s1 += lo * w1
        s2 += lo * w2 + hi * w0
        s3 += lo * w3 + hi * w1
        s4 += hi * w2
        s5 += hi * w3
      }
      sums.add(k, s0, s1, s2, s3, s4, s5)
    }
  }
  return sums.finish()
}

/** Preprocessed tables at a point of K, by barycentric interpolation. */

import type { FixedTable } from '../aiur/circuit/circuit.js'
import { high, highWord, inverse, lowWord, mul, P, sub, toBigInt } from '../aiur/vm/goldilocks.js'
import { inverseOf, rootOfUnity } from './domain.js'
import { type Extension, extension, minus, ONE, powerOfTwo, scale, times } from './extension.js'

/** Values of a table's columns at the point, for a table whose row r is at shift * w^r. */
export type TablesAt = (table: FixedTable, shift: bigint) => Extension[]

/** What tables of one height and shift have in common. */
interface Weights {
  /** The point over the shift. */
  z: Extension
  /** (z^n - 1) / n */
  factor: Extension
  pieces: Float64Array
}

/**
 * Evaluates, at z, the polynomials that have a table's columns at x_r = w^r. With N_r = (z0 - x_r)^2 - 7 z1^2 in F and
 * u_r = x_r / N_r, x_r / (z - x_r) = (z0 - x_r) u_r - z1 u_r X: all that touches the table are sums over F, and its
 * values are small.
 *
 * @param at a point outside of F
 */
export function tablesAt(at: Extension): TablesAt {
  const known = new Map<string, Weights>()
  return ({ width, height, values }, shift) => {
    const name = `${height} ${shift}`
    let weights = known.get(name)
    if (weights === undefined) {
      weights = weightsOf(at, height, shift)
      known.set(name, weights)
    }
    const { z, factor, pieces } = weights
    const [z0, z1] = [toBigInt(z.lo0, z.hi0), toBigInt(z.lo1, z.hi1)]
    return Array.from({ length: width }, (_, c) => {
      const [u, xu] = columnSums(values, width, c, height, pieces)
      return times(extension((z0 * u + P - xu) % P, ((P - z1) * u) % P), factor)
    })
  }
}

function weightsOf(at: Extension, height: number, shift: bigint): Weights {
  const log = Math.log2(height)
  const unshift = inverseOf(shift)
  const z = scale(at, lowWord(unshift), highWord(unshift))
  const n = inverseOf(BigInt(height))
  const factor = scale(minus(powerOfTwo(z, log), ONE), lowWord(n), highWord(n))
  return { z, factor, pieces: weightPieces(z, log) }
}

/** Rows that a call of the functions below works on: engines optimise what is called often better than what runs long. */
const PIECE_ROWS = 64

/** Of a row, two words each: x_r, N_r, and the product of all N before it. */
interface Rows {
  points: Uint32Array
  norms: Uint32Array
  prefix: Uint32Array
}

/** u_r and x_r u_r in four pieces of 16 bits each, eight numbers a row. */
function weightPieces(z: Extension, log: number): Float64Array {
  const height = 2 ** log
  const root = rootOfUnity(log)
  const square = mul(z.lo1, z.hi1, z.lo1, z.hi1)
  const nonresidue = mul(square, high, 7, 0)
  const constants = Uint32Array.of(z.lo0, z.hi0, nonresidue, high, lowWord(root), highWord(root))
  const rows: Rows = {
    points: new Uint32Array(2 * height),
    norms: new Uint32Array(2 * height),
    prefix: new Uint32Array(2 * height),
  }
  const pieces = new Float64Array(8 * height)
  const state = Uint32Array.of(1, 0, 1, 0)
  const count = Math.min(height, PIECE_ROWS)
  for (let r = 0; r < height; r += count) normsOf(rows, constants, state, r, count)
  state[2] = inverse(state[2]!, state[3]!)
  state[3] = high
  for (let r = height - count; r >= 0; r -= count) piecesOfRows(pieces, rows, state, r, count)
  return pieces
}

/** @param state next point, product of the norms so far */
function normsOf(
  { points, norms, prefix }: Rows,
  constants: Uint32Array,
  state: Uint32Array,
  from: number,
  count: number,
): void {
  const [zlo, zhi, clo, chi, rlo, rhi] = constants as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  let [xlo, xhi, plo, phi] = state as unknown as [number, number, number, number]
  for (let at = 2 * from; at < 2 * (from + count); at += 2) {
    points[at] = xlo
    points[at + 1] = xhi
    const d = sub(zlo, zhi, xlo, xhi)
    const dh = high
    const q = mul(d, dh, d, dh)
    const nlo = sub(q, high, clo, chi)
    const nhi = high
    norms[at] = nlo
    norms[at + 1] = nhi
    prefix[at] = plo
    prefix[at + 1] = phi
    plo = mul(plo, phi, nlo, nhi)
    phi = high
    xlo = mul(xlo, xhi, rlo, rhi)
    xhi = high
  }
  state[0] = xlo
  state[1] = xhi
  state[2] = plo
  state[3] = phi
}

/** @param state its second element: inverse of the product of the norms up to these rows, and then of those before them */
function piecesOfRows(
  pieces: Float64Array,
  { points, norms, prefix }: Rows,
  state: Uint32Array,
  from: number,
  count: number,
): void {
  let ilo = state[2]!
  let ihi = state[3]!
  for (let r = 2 * (from + count - 1); r >= 2 * from; r -= 2) {
    const n = mul(ilo, ihi, prefix[r]!, prefix[r + 1]!)
    const ulo = mul(n, high, points[r]!, points[r + 1]!)
    const uhi = high
    const xulo = mul(ulo, uhi, points[r]!, points[r + 1]!)
    const xuhi = high
    const at = 4 * r
    pieces[at] = ulo & 0xffff
    pieces[at + 1] = ulo >>> 16
    pieces[at + 2] = uhi & 0xffff
    pieces[at + 3] = uhi >>> 16
    pieces[at + 4] = xulo & 0xffff
    pieces[at + 5] = xulo >>> 16
    pieces[at + 6] = xuhi & 0xffff
    pieces[at + 7] = xuhi >>> 16
    ilo = mul(ilo, ihi, norms[r]!, norms[r + 1]!)
    ihi = high
  }
  state[2] = ilo
  state[3] = ihi
}

const WORD = 4294967296

/** Rows between two carries: products have 48 bits, so that sixteen of them stay exact. */
const BLOCK_ROWS = 16

/** Sums of value times u_r and value times x_r u_r over a column. */
function columnSums(
  values: Uint32Array,
  width: number,
  column: number,
  height: number,
  pieces: Float64Array,
): [bigint, bigint] {
  // by piece: what is below 2^32 of the sums of blocks, and what is above
  const low = new Float64Array(8)
  const top = new Float64Array(8)
  for (let start = 0; start < height; start += BLOCK_ROWS)
    addBlock(values, width, column, start, Math.min(height, start + BLOCK_ROWS), pieces, low, top)
  const total = (from: number): bigint => {
    let sum = 0n
    for (let i = 3; i >= 0; i--) sum = (sum << 16n) + (BigInt(top[from + i]!) << 32n) + BigInt(low[from + i]!)
    return sum % P
  }
  return [total(0), total(4)]
}

/** A function of its own: engines optimise one that is called often better than one that runs long. */
function addBlock(
  values: Uint32Array,
  width: number,
  column: number,
  start: number,
  end: number,
  pieces: Float64Array,
  low: Float64Array,
  top: Float64Array,
): void {
  for (let i = 0; i < 8; i++) {
    let sum = 0
    for (let r = start; r < end; r++) sum += values[r * width + column]! * pieces[8 * r + i]!
    const carry = Math.floor(sum / WORD)
    top[i]! += carry
    low[i]! += sum - carry * WORD
  }
}

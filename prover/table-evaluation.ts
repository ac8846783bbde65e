/** Preprocessed tables at a point of K, by barycentric interpolation. */

import type { FixedTable } from '../aiur/circuit/circuit.js'
import { high, highWord, inverse, lowWord, mul, P, sub, toBigInt } from '../aiur/vm/goldilocks.js'
import { inverseOf, rootOfUnity } from './domain.js'
import { type Extension, extension, minus, ONE, powerOfTwo, scale, times } from './extension.js'

/**
 * Values at z of the polynomials that have a table's columns at x_r = w^r. With N_r = (z0 - x_r)^2 - 7 z1^2 in F and
 * u_r = x_r / N_r, x_r / (z - x_r) = (z0 - x_r) u_r - z1 u_r X: all that touches the table are sums over F, and its
 * values are small.
 *
 * @param at a point outside of F
 * @param shift row r is at shift * w^r
 */
export function tableAt(table: FixedTable, at: Extension, shift: bigint): Extension[] {
  const { width, height, values } = table
  const log = Math.log2(height)
  const unshift = inverseOf(shift)
  const z = scale(at, lowWord(unshift), highWord(unshift))
  const pieces = weightPieces(z, log)
  const n = inverseOf(BigInt(height))
  const factor = scale(minus(powerOfTwo(z, log), ONE), lowWord(n), highWord(n))
  const [z0, z1] = [toBigInt(z.lo0, z.hi0), toBigInt(z.lo1, z.hi1)]
  return Array.from({ length: width }, (_, c) => {
    const [u, xu] = columnSums(values, width, c, height, pieces)
    return times(extension((z0 * u + P - xu) % P, ((P - z1) * u) % P), factor)
  })
}

/** u_r and x_r u_r in four pieces of 16 bits each, eight numbers a row. */
function weightPieces(z: Extension, log: number): Float64Array {
  const height = 2 ** log
  const root = rootOfUnity(log)
  const [rlo, rhi] = [lowWord(root), highWord(root)]
  const square = mul(z.lo1, z.hi1, z.lo1, z.hi1)
  const slo = mul(square, high, 7, 0)
  const shi = high
  const points = new Uint32Array(2 * height)
  const norms = new Uint32Array(2 * height)
  const prefix = new Uint32Array(2 * height)
  let [xlo, xhi, plo, phi] = [1, 0, 1, 0]
  for (let r = 0; r < 2 * height; r += 2) {
    points[r] = xlo
    points[r + 1] = xhi
    const d = sub(z.lo0, z.hi0, xlo, xhi)
    const dh = high
    const q = mul(d, dh, d, dh)
    const nlo = sub(q, high, slo, shi)
    const nhi = high
    norms[r] = nlo
    norms[r + 1] = nhi
    prefix[r] = plo
    prefix[r + 1] = phi
    plo = mul(plo, phi, nlo, nhi)
    phi = high
    xlo = mul(xlo, xhi, rlo, rhi)
    xhi = high
  }
  const pieces = new Float64Array(8 * height)
  let ilo = inverse(plo, phi)
  let ihi = high
  for (let r = 2 * height - 2; r >= 0; r -= 2) {
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
  return pieces
}

const WORD = 4294967296

/** Sums of value times u_r and value times x_r u_r over a column. */
function columnSums(
  values: Uint32Array,
  width: number,
  column: number,
  height: number,
  pieces: Float64Array,
): [bigint, bigint] {
  // products have 48 bits: sixteen of them stay exact, then the upper part is carried away
  const low = new Float64Array(8)
  const top = new Float64Array(8)
  const sums = new Float64Array(8)
  for (let start = 0; start < height; start += 16) {
    sums.fill(0)
    const end = Math.min(height, start + 16)
    for (let r = start; r < end; r++) {
      const value = values[r * width + column]!
      if (value === 0) continue
      for (let i = 0; i < 8; i++) sums[i]! += value * pieces[8 * r + i]!
    }
    for (let i = 0; i < 8; i++) {
      const carry = Math.floor(sums[i]! / WORD)
      top[i]! += carry
      low[i]! += sums[i]! - carry * WORD
    }
  }
  const total = (from: number): bigint => {
    let sum = 0n
    for (let i = 3; i >= 0; i--) sum = (sum << 16n) + (BigInt(top[from + i]!) << 32n) + BigInt(low[from + i]!)
    return sum % P
  }
  return [total(0), total(4)]
}

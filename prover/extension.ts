/**
 * The challenge field K = F[X] / (X^2 - 7) over Goldilocks F (stark.md 1.2), elements c0 + c1 X as canonical
 * 32-bit halves. Used by the verifier and for the prover's single values; bulk work is done in engine/.
 */

import { add, high, highWord, inverse, lowWord, mul, sub } from '../aiur/vm/goldilocks.js'

const PIECE = 65536
const WORD = 4294967296

export interface Extension {
  readonly lo0: number
  readonly hi0: number
  readonly lo1: number
  readonly hi1: number
}

function make(lo0: number, hi0: number, lo1: number, hi1: number): Extension {
  return { lo0, hi0, lo1, hi1 }
}

export const ZERO = make(0, 0, 0, 0)
export const ONE = make(1, 0, 0, 0)
/** The square root of 7. */
export const ROOT = make(0, 0, 1, 0)

/** Of two canonical elements of F. */
export function extension(c0: bigint, c1 = 0n): Extension {
  return make(lowWord(c0), highWord(c0), lowWord(c1), highWord(c1))
}

export function fromBase(lo: number, hi: number): Extension {
  return make(lo, hi, 0, 0)
}

export function equal(x: Extension, y: Extension): boolean {
  return x.lo0 === y.lo0 && x.hi0 === y.hi0 && x.lo1 === y.lo1 && x.hi1 === y.hi1
}

export function isZero(x: Extension): boolean {
  return (x.lo0 | x.hi0 | x.lo1 | x.hi1) === 0
}

export function plus(x: Extension, y: Extension): Extension {
  const lo0 = add(x.lo0, x.hi0, y.lo0, y.hi0)
  const hi0 = high
  const lo1 = add(x.lo1, x.hi1, y.lo1, y.hi1)
  return make(lo0, hi0, lo1, high)
}

export function minus(x: Extension, y: Extension): Extension {
  const lo0 = sub(x.lo0, x.hi0, y.lo0, y.hi0)
  const hi0 = high
  const lo1 = sub(x.lo1, x.hi1, y.lo1, y.hi1)
  return make(lo0, hi0, lo1, high)
}

export function negate(x: Extension): Extension {
  return minus(ZERO, x)
}

/**
 * Sums of products of 32-bit words with pieces of 16 bits, by their weight 2^(16 i), six for each coordinate: exact in
 * doubles. In an array, since numbers that large would be allocated one by one when functions pass them around.
 */
const sums = new Float64Array(12)
/** Halves of the coordinates of a product. */
const halves = new Uint32Array(4)

export function times(x: Extension, y: Extension): Extension {
  const a = x.lo0
  const b = x.hi0
  const c = x.lo1
  const d = x.hi1
  // X^2 = 7; products below have at most 51 bits, and at most four of them are added
  const c7 = 7 * c
  const d7 = 7 * d
  const e0 = y.lo0 & 0xffff
  const e1 = y.lo0 >>> 16
  const e2 = y.hi0 & 0xffff
  const e3 = y.hi0 >>> 16
  const f0 = y.lo1 & 0xffff
  const f1 = y.lo1 >>> 16
  const f2 = y.hi1 & 0xffff
  const f3 = y.hi1 >>> 16
  sums[0] = a * e0 + c7 * f0
  sums[1] = a * e1 + c7 * f1
  sums[2] = a * e2 + b * e0 + c7 * f2 + d7 * f0
  sums[3] = a * e3 + b * e1 + c7 * f3 + d7 * f1
  sums[4] = b * e2 + d7 * f2
  sums[5] = b * e3 + d7 * f3
  sums[6] = a * f0 + c * e0
  sums[7] = a * f1 + c * e1
  sums[8] = a * f2 + b * f0 + c * e2 + d * e0
  sums[9] = a * f3 + b * f1 + c * e3 + d * e1
  sums[10] = b * f2 + d * e2
  sums[11] = b * f3 + d * e3
  reduceSums(0)
  reduceSums(1)
  return make(halves[0]!, halves[1]!, halves[2]!, halves[3]!)
}

/** x (lo + hi 2^32) */
export function scale(x: Extension, lo: number, hi: number): Extension {
  const a = x.lo0
  const b = x.hi0
  const c = x.lo1
  const d = x.hi1
  const e0 = lo & 0xffff
  const e1 = lo >>> 16
  const e2 = hi & 0xffff
  const e3 = hi >>> 16
  sums[0] = a * e0
  sums[1] = a * e1
  sums[2] = a * e2 + b * e0
  sums[3] = a * e3 + b * e1
  sums[4] = b * e2
  sums[5] = b * e3
  sums[6] = c * e0
  sums[7] = c * e1
  sums[8] = c * e2 + d * e0
  sums[9] = c * e3 + d * e1
  sums[10] = d * e2
  sums[11] = d * e3
  reduceSums(0)
  reduceSums(1)
  return make(halves[0]!, halves[1]!, halves[2]!, halves[3]!)
}

/** Carries the sums of a coordinate and reduces them: 2^64 = 2^32 - 1 and 2^96 = -1. */
function reduceSums(coordinate: number): void {
  const at = 6 * coordinate
  const s0 = sums[at]!
  const c0 = Math.floor(s0 / PIECE)
  const s1 = sums[at + 1]! + c0
  const c1 = Math.floor(s1 / PIECE)
  const s2 = sums[at + 2]! + c1
  const c2 = Math.floor(s2 / PIECE)
  const s3 = sums[at + 3]! + c2
  const c3 = Math.floor(s3 / PIECE)
  const s4 = sums[at + 4]! + c3
  const c4 = Math.floor(s4 / PIECE)
  const s5 = sums[at + 5]! + c4
  const w3 = Math.floor(s5 / PIECE)
  const w2 = s4 - c4 * PIECE + (s5 - w3 * PIECE) * PIECE
  let lo = s0 - c0 * PIECE + (s1 - c1 * PIECE) * PIECE - w2 - w3
  let hi = s2 - c2 * PIECE + (s3 - c3 * PIECE) * PIECE + w2
  const carry = Math.floor(lo / WORD)
  lo -= carry * WORD
  hi += carry
  // hi is above -2^32 and below 2^33
  if (hi >= WORD) {
    // minus p, which is 2^64 - 2^32 + 1
    hi -= WORD - 1
    lo -= 1
    if (lo < 0) {
      lo += WORD
      hi -= 1
    }
  } else if (hi < 0) {
    hi += WORD - 1
    lo += 1
    if (lo === WORD) {
      lo = 0
      hi += 1
    }
  }
  if (hi === WORD - 1 && lo !== 0) {
    hi = 0
    lo -= 1
  }
  halves[2 * coordinate] = lo
  halves[2 * coordinate + 1] = hi
}

/** Inverse; zero for zero. */
export function invert(x: Extension): Extension {
  const slo = mul(x.lo1, x.hi1, x.lo1, x.hi1)
  const tlo = mul(slo, high, 7, 0)
  const thi = high
  const ulo = mul(x.lo0, x.hi0, x.lo0, x.hi0)
  const nlo = sub(ulo, high, tlo, thi)
  const ilo = inverse(nlo, high)
  const ihi = high
  const nx = sub(0, 0, x.lo1, x.hi1)
  const nhi = high
  const lo0 = mul(x.lo0, x.hi0, ilo, ihi)
  const hi0 = high
  const lo1 = mul(nx, nhi, ilo, ihi)
  return make(lo0, hi0, lo1, high)
}

/** x to a power of two: x^(2^log). */
export function powerOfTwo(x: Extension, log: number): Extension {
  let result = x
  for (let i = 0; i < log; i++) result = times(result, result)
  return result
}

/** x^0, x, ..., x^(count - 1) */
export function powers(x: Extension, count: number, first: Extension = ONE): Extension[] {
  const result: Extension[] = []
  let power = first
  for (let i = 0; i < count; i++) {
    result.push(power)
    power = times(power, x)
  }
  return result
}

/** All inverses by one inversion. @throws RangeError for a zero */
export function invertAll(values: readonly Extension[]): Extension[] {
  const prefix: Extension[] = []
  let product = ONE
  for (const value of values) {
    prefix.push(product)
    product = times(product, value)
  }
  if (isZero(product)) throw new RangeError('inverse of zero')
  let inverted = invert(product)
  const result = new Array<Extension>(values.length)
  for (let i = values.length - 1; i >= 0; i--) {
    result[i] = times(inverted, prefix[i]!)
    inverted = times(inverted, values[i]!)
  }
  return result
}

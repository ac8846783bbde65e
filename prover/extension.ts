/**
 * The challenge field K = F[X] / (X^2 - 7) over Goldilocks F (stark.md 1.2), elements c0 + c1 X as canonical
 * 32-bit halves. Used by the verifier and for the prover's single values; bulk work is done in engine/.
 */

import { add, high, highWord, inverse, lowWord, mul, sub } from '../aiur/vm/goldilocks.js'

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

export function times(x: Extension, y: Extension): Extension {
  const { lo0: a, hi0: b, lo1: c, hi1: d } = x
  const { lo0: e, hi0: f, lo1: g, hi1: h } = y
  const plo = mul(c, d, g, h)
  const slo = mul(plo, high, 7, 0)
  const shi = high
  const tlo = mul(a, b, e, f)
  const lo0 = add(tlo, high, slo, shi)
  const hi0 = high
  const ulo = mul(a, b, g, h)
  const uhi = high
  const vlo = mul(c, d, e, f)
  const lo1 = add(vlo, high, ulo, uhi)
  return make(lo0, hi0, lo1, high)
}

/** x (lo + hi 2^32) */
export function scale(x: Extension, lo: number, hi: number): Extension {
  const lo0 = mul(x.lo0, x.hi0, lo, hi)
  const hi0 = high
  const lo1 = mul(x.lo1, x.hi1, lo, hi)
  return make(lo0, hi0, lo1, high)
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

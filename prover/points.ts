/** Points of domains as elements of K, in the verifier's arithmetic. */

import { high, mul } from '../aiur/vm/goldilocks.js'
import { GENERATOR, inverseOf, rootOfUnity, TWO_ADICITY } from './domain.js'
import { type Extension, extension, fromBase, ONE, scale, times } from './extension.js'

/** 1 / 2 */
export const HALF = extension(0x7fffffff80000001n)

/** Of roots of unity of order 2^i, and of their inverses. */
const ROOTS = Array.from({ length: TWO_ADICITY + 1 }, (_, i) => extension(rootOfUnity(i)))
const INVERSES = [extension(inverseOf(rootOfUnity(TWO_ADICITY)))]
/** 1 / 2^i */
const INVERSE_HEIGHTS = [ONE]
for (let i = 0; i < TWO_ADICITY; i++) {
  INVERSES.unshift(times(INVERSES[0]!, INVERSES[0]!))
  INVERSE_HEIGHTS.push(times(INVERSE_HEIGHTS[i]!, HALF))
}
const SHIFT = extension(GENERATOR)

/** 1 / 2^log */
export function inverseHeight(log: number): Extension {
  return INVERSE_HEIGHTS[log]!
}

/** The point of the last row of a trace of 2^log rows, from that of its first row. */
export function lastRow(first: bigint, log: number): Extension {
  const { lo0, hi0 } = INVERSES[log]!
  return scale(extension(first), lo0, hi0)
}

/**
 * w^rev(index) for w of order 2^log: bit i of the index stands for 2^(log - 1 - i) in the exponent, so for a root of
 * order 2^(i + 1), whatever log is.
 */
export function subgroupPoint(index: number): Extension {
  return product(ROOTS, index)
}

/** w^-rev(index) */
export function inverseSubgroupPoint(index: number): Extension {
  return product(INVERSES, index)
}

/** Row `index` of an evaluation domain in bit-reversed order: 7 w^rev(index). */
export function domainElement(index: number): Extension {
  return scale(subgroupPoint(index), SHIFT.lo0, SHIFT.hi0)
}

function product(roots: readonly Extension[], index: number): Extension {
  let lo = 1
  let hi = 0
  for (let i = 1, rest = index; rest > 0; i++, rest = Math.floor(rest / 2))
    if (rest % 2 === 1) {
      lo = mul(lo, hi, roots[i]!.lo0, roots[i]!.hi0)
      hi = high
    }
  return fromBase(lo, hi)
}

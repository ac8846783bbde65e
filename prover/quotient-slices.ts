/** Quotients longer than the columns of their class, as several columns. */

import { high, sub } from '../aiur/vm/goldilocks.js'
import type { Random } from './random.js'
import type { SizeClass } from './shape.js'

/**
 * Cuts a coordinate of a quotient into slices. Neighbouring slices are masked by random coefficients of X^sliceLength
 * in one that the next one lacks.
 */
export function sliceQuotient(
  c: SizeClass,
  coefficients: Uint32Array,
  slice: (index: number) => Uint32Array,
  blinders: number,
  random: Random,
): void {
  let before: Uint32Array | undefined
  for (let s = 0; s < c.slices; s++) {
    const target = slice(s)
    target.set(coefficients.subarray(2 * s * c.sliceLength, 2 * (s + 1) * c.sliceLength))
    if (before !== undefined) subtract(target, before)
    if (blinders > 0 && s + 1 < c.slices) {
      before = new Uint32Array(2 * blinders)
      random.elements(before)
      target.set(before, 2 * c.sliceLength)
    }
  }
}

/** target - subtrahend on the first elements. */
function subtract(target: Uint32Array, subtrahend: Uint32Array): void {
  for (let i = 0; i < subtrahend.length; i += 2) {
    target[i] = sub(target[i]!, target[i + 1]!, subtrahend[i]!, subtrahend[i + 1]!)
    target[i + 1] = high
  }
}

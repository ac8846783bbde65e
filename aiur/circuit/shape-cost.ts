/** Price of one circuit shape at a height (aiur.md 7). */

import type { CircuitShape } from './circuit-shape.js'

/**
 * `rows`: width * h * log2 h with the classic width. `transforms`: the transforms of a prover with blow-up 4
 * and a quadratic extension.
 */
export type CostModel = 'rows' | 'transforms'

const BLOWUP = 4
const EXTENSION = 2

/** x log2 max(x, 2); 0 for 0. */
export function transform(x: number): number {
  return x * Math.log2(Math.max(x, 2))
}

/** Cost of a circuit shape at an unpadded height. */
export function shapeCost(
  model: CostModel,
  shape: Pick<CircuitShape, 'main' | 'stage2' | 'quotientDegree' | 'classicWidth'>,
  height: number,
): number {
  if (model === 'rows') return shape.classicWidth * transform(height)
  return (
    (BLOWUP + 1) * (shape.main + shape.stage2) * transform(height) +
    EXTENSION * transform(shape.quotientDegree * height) +
    shape.quotientDegree * EXTENSION * transform(BLOWUP * height)
  )
}

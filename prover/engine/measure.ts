/** Chooses between one element at a time and two in a SIMD register by what is faster here. */

import { Engine, type Simd } from './engine.js'
import { VectorOp } from './field-code.js'

/** The transform and the vectors that are timed: some tens of microseconds. */
const LOG = 10
const ROUNDS = 24

let chosen: Simd | undefined

/** Measured once per process, in some milliseconds. */
export function fastestSimd(): Simd {
  chosen ??= measure()
  return chosen
}

function measure(): Simd {
  const [scalar, simd] = [false, true].map(on => candidate({ transforms: on, vectors: on }))
  // rounds alternate, so that both have been compiled when the best one is run
  const never = Number.POSITIVE_INFINITY
  const best = { transform: [never, never], program: [never, never] }
  for (let round = 0; round < ROUNDS; round++)
    for (const [i, { transform, program }] of [scalar!, simd!].entries()) {
      best.transform[i] = Math.min(best.transform[i]!, timed(transform))
      best.program[i] = Math.min(best.program[i]!, timed(program))
    }
  return {
    transforms: best.transform[1]! < best.transform[0]!,
    vectors: best.program[1]! < best.program[0]!,
  }
}

function timed(work: () => void): number {
  const started = performance.now()
  work()
  return performance.now() - started
}

function candidate(simd: Simd): { transform: () => void; program: () => void } {
  const engine = new Engine(simd)
  engine.prepare(LOG)
  const bytes = 8 * 2 ** LOG
  const [a, b] = [engine.allocate(bytes), engine.allocate(bytes)] as const
  engine.geometric(a, 2 ** LOG, 3n, 7n)
  engine.geometric(b, 2 ** LOG, 5n, 11n)
  const code = engine.allocate(48)
  const instructions = [VectorOp.mul, VectorOp.add, VectorOp.sub].flatMap(op => [op, a, a, b])
  engine.write(code, Uint32Array.from(instructions))
  return { transform: () => engine.forward(a, LOG), program: () => engine.run(code, 3, bytes) }
}

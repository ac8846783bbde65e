/** The bits that a proof states against the errors of its challenges, counted anew. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { layout } from '../../aiur/circuit/layout.js'
import { soundnessBudget } from '../../bench/soundness-budget.js'
import { deriveKey } from '../../prover/derive-key.js'
import { MAX_LOG_HEIGHT, type Parameters, parameters } from '../../prover/parameters.js'
import { shapeOf } from '../../prover/shape.js'
import type { VerifyingKey } from '../../prover/verifying-key.js'
import { block, factorial, fibonacci, fn, program, ret } from '../aiur/bytecode-builder.js'

const PRESETS = (['default', 'fast'] as const).flatMap(preset =>
  [true, false].map(hiding => parameters(preset, { hiding })),
)

/** Heights for the circuits of a key: tables have their own. */
function heightsOf(key: VerifyingKey, logs: readonly number[]): Int8Array {
  return Int8Array.from(key.circuits, ({ fixed }, i) => {
    const log = logs[i % logs.length]!
    return log < 1 || fixed === null ? log : Math.log2(fixed.height)
  })
}

function compare(key: VerifyingKey, heights: Int8Array, p: Parameters): void {
  const shape = shapeOf(key, heights, p)
  const { terms, proven } = shape.security
  const budget = soundnessBudget(shape, key.entries, p)
  expect(budget.map(t => t.name).sort()).toEqual(Object.keys(terms).sort())
  for (const { name, bits, work } of budget) {
    const sum = bits + work
    expect(sum, name).toBeGreaterThan(terms[name] - 1e-9)
    expect(sum, name).toBeGreaterThan(p.target)
    // what is stated is rounded down, and no more
    expect(sum - terms[name], name).toBeLessThan(12)
  }
  expect(Math.min(...budget.map(t => t.bits + t.work))).toBeGreaterThan(proven - 1e-9)
}

describe.each([
  ['fibonacci', fibonacci()],
  ['factorial', factorial()],
])('%s', (_, source) => {
  const { key } = deriveKey(layout(source))
  test('no term is worth less than stated, whatever the heights', () => {
    const logs = fc.array(
      fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 1, max: 20 }) }, fc.constant(-1)),
      {
        minLength: 1,
        maxLength: 12,
      },
    )
    fc.assert(
      fc.property(logs, fc.constantFrom(...PRESETS), (some, p) => {
        fc.pre(some.some(log => log > 0))
        const heights = heightsOf(key, some)
        fc.pre(heights.some(log => log > 0))
        compare(key, heights, p)
      }),
      { numRuns: 60 },
    )
  })
  test('nor of the largest statement', () => {
    const heights = new Int8Array(key.circuits.length).fill(-1)
    let free = 7
    key.circuits.forEach(({ fixed }, i) => {
      if (fixed === null && free-- > 0) heights[i] = MAX_LOG_HEIGHT
    })
    for (const p of PRESETS) compare(key, heights, p)
  })
})

test('the counts of a circuit with one lookup, by hand', () => {
  const { key } = deriveKey(layout(program(fn('f', 1, 1, block([], ret(0, 0))))))
  const heights = Int8Array.from(key.circuits, ({ name }) => (name === 'f' ? 1 : -1))
  const p = parameters('default')
  const shape = shapeOf(key, heights, p)
  const bad = Object.fromEntries(soundnessBudget(shape, key.entries, p).map(t => [t.name, t.bad]))
  // two rows and the claim, each a message of channel, function, input and output: degree 3 in gamma; three fingerprints, a mask
  expect(bad.lookup).toBe(3n * 3n + 3n + 1n)
  const [c] = shape.classes
  expect([c!.logSize, c!.mainColumns, c!.accumulatorColumns, c!.slices]).toEqual([8, 4, 2, 4])
  // the selector is boolean, the multiplicity needs it, and the step of the accumulator
  expect(shape.constraints).toBe(3)
  expect(bad.constraints).toBe(2n)
  // columns of 2 + 254 coefficients, a quotient of 2 * 256 - 2, slices of 288 - 127; what is opened may have degree 288
  expect(c!.sliceLength).toBe(161)
  expect(bad.outOfDomain).toBe(BigInt(Math.max(3 * 161 + 288 + 2, 2 * 288 + 1)))
  // the columns, two for each slice and for the random input, the accumulator's two again at the next row, less one
  expect(bad.batch).toBe((4n + 2n + 8n + 2n + 2n - 1n) * 1024n)
  expect(bad.proximity).toBe(1024n)
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkConstraints } from '../../aiur/circuit/constraints.js'
import { report } from '../../aiur/circuit/cost.js'
import { layout } from '../../aiur/circuit/layout.js'
import { execute } from '../../aiur/vm/interpreter.js'
import { IoBuffer } from '../../aiur/vm/io.js'
import { randomProgram } from './random-program.js'

// `constraintSystem`, which the check builds, throws when a circuit's shape is not the layout's.
test('executions of random programs satisfy the constraints of their layouts', () => {
  let executed = 0
  let ranked = 0
  let merged = 0
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 4 }), fc.nat(3), (seed, count, n) => {
      const p = randomProgram(seed, count)
      const io = new IoBuffer()
      const args = [BigInt(n), 5n]
      const entry = p.functions.length - 1
      const outcome = execute(p, entry, args, io, { rows: 5000 })
      if (!outcome.ok) {
        expect(outcome.error.kind, outcome.error.message).toMatch(/rowLimit/)
        return
      }
      executed++
      const call = { entry, args, outputs: outcome.outputs, io }
      for (const ranks of [true, false]) {
        const shapes = layout(p, { ranks })
        if (shapes.functions.some(f => f.ranked)) ranked++
        const failures = checkConstraints(shapes, outcome.record, call, { maxFailures: 3 })
        expect(failures.map(String)).toEqual([])
      }
      const { ranks, total, uncached, floor } = report(layout(p), outcome.record).cost
      expect(uncached).toBeGreaterThanOrEqual(total)
      expect(ranks).toBeGreaterThanOrEqual(0)
      expect(floor).toBeLessThan(5_000_000)
      if (
        p.functions.some(f =>
          JSON.stringify(f.body, (_, v) => (typeof v === 'bigint' ? 0 : v)).includes('matchContinue'),
        )
      )
        merged++
    }),
    { numRuns: 300 },
  )
  expect(executed).toBeGreaterThan(200)
  expect(ranked).toBeGreaterThan(50)
  expect(merged).toBeGreaterThan(50)
})

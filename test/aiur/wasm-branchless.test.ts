import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Op, Program } from '../../aiur/bytecode.js'
import { P } from '../../aiur/vm/goldilocks.js'
import { planRanks } from '../../aiur/vm/ranks.js'
import { resultCount } from '../../aiur/vm/values.js'
import { ADDRESSES } from '../../aiur/wasm/address.js'
import { mapMemory } from '../../aiur/wasm/memory-map.js'
import { emitModule } from '../../aiur/wasm/module.js'
import { block, call, constant, fn, program, ret } from './bytecode-builder.js'
import { differenceHere, plainEngine } from './compare-engines.js'

/** Enough values for a body without branches. */
const LENGTH = 2001

const operations: Op[] = [
  { op: 'u4Xor', a: 0, b: 1 },
  { op: 'u4Xor', a: 1, b: 1 },
  { op: 'u4XorSplit3', a: 0, b: 1 },
  { op: 'u4RangeCheck', a: 0, b: 1 },
  { op: 'u4RangeCheck', a: 0, b: 0 },
  { op: 'u8Xor', a: 0, b: 1 },
  { op: 'u8RangeCheck', a: 0, b: 1 },
  { op: 'u8ShiftLeft', a: 0 },
  { op: 'u32RangeCheck', a: 0 },
  { op: 'u32LessThan', a: 0, b: 1 },
  { op: 'mul', a: 0, b: 1 },
]

/** A long function that applies the operation twice, under an entry that calls it unconstrained, constrained or both. */
function longProgram(op: Op, modes: readonly boolean[]): Program {
  const before = Array.from({ length: LENGTH }, (_, i) => constant(i))
  const size = resultCount(op)
  const results = Array.from({ length: 2 * size }, (_, i) => 2 + LENGTH + i)
  const callee = fn('long', 2, 2 * size, block([...before, op, op], ret(0, ...results)))
  const calls = modes.map(unconstrained => call(0, [0, 1], 2 * size, unconstrained))
  return program(callee, fn('entry', 2, 0, block(calls, ret(0))))
}

const value = fc.oneof(
  fc.bigInt({ min: 0n, max: 16n }),
  fc.bigInt({ min: 0n, max: 256n }),
  fc.bigInt({ min: 0n, max: 2n ** 32n }),
  fc.bigInt({ min: 0n, max: P - 1n }),
)

describe('bodies that are emitted without branches leave the record of the interpreter', () => {
  test.each(operations.map(op => [JSON.stringify(op), op] as const))('%s', async (_, op) => {
    for (const modes of [[false], [true], [true, false]]) {
      const engine = await plainEngine(longProgram(op, modes))
      fc.assert(
        fc.property(value, value, (a, b) => {
          expect(differenceHere(engine, 1, [a, b])).toBe(null)
        }),
        {
          numRuns: 30,
          examples: [
            [3n, 15n],
            [15n, 16n],
            [16n, 0n],
            [P - 1n, P - 1n],
          ],
        },
      )
    }
  })
})

test('what the branches cost is gone: a long body of nibble operations has a dozen, whatever it does', () => {
  const branches = (count: number) => {
    const before = Array.from({ length: LENGTH }, (_, i) => constant(i))
    const ops: Op[] = Array.from({ length: count }, (_, i) => ({ op: 'u4Xor', a: i, b: i + 1 }))
    const p = program(fn('f', 2, 1, block([...before, ...ops], ret(0, 2 + LENGTH))))
    const ranks = planRanks(p)
    const { text } = emitModule(ADDRESSES[32], p, ranks, mapMemory(p, ranks))
    return text.match(/\bif\b/g)!.length
  }
  expect(branches(500)).toBe(branches(5))
})

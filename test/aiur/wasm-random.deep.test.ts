import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BYTE_PAIR_RESULTS, NIBBLE_PAIR_RESULTS, type Op } from '../../aiur/bytecode.js'
import { compile } from '../../aiur/language/compile.js'
import { breakableEngine, differenceWithFault, expectedOf } from './compare-engines.js'
import { randomProgram } from './random-source.js'

const LIMITS = { rows: 20_000 }
const PROGRAMS = 1000

const OPERATIONS: Op['op'][] = [
  ...['const', 'add', 'sub', 'mul', 'eqZero', 'call', 'store', 'load', 'assertEq'],
  ...['ioGetInfo', 'ioSetInfo', 'ioRead', 'ioWrite', 'u8BitDecomposition', 'u8ShiftLeft', 'u8ShiftRight'],
  ...[...Object.keys(BYTE_PAIR_RESULTS), ...Object.keys(NIBBLE_PAIR_RESULTS)],
  ...['u8RangeCheck', 'u4RangeCheck', 'u32RangeCheck', 'u32LessThan', 'unconstrainedU32Add'],
  ...['unconstrainedU32Add3', 'u32ToField', 'unconstrainedGToBytes', 'unconstrainedGInverse'],
  ...['unconstrainedBigUintDivMod', 'unconstrainedLimbsDivMod', 'debug'],
] as Op['op'][]

test('a thousand random programs agree, and every broken operation is found among them', async () => {
  /** Programs until the first that shows the fault. */
  const found = new Map<Op['op'], number>()
  let programs = 0
  await fc.assert(
    fc.asyncProperty(fc.gen(), async g => {
      const { source, args, makeIo } = randomProgram(g)
      const program = compile([{ name: 'random.aiur', text: source }])
      const engine = await breakableEngine(program)
      const expected = expectedOf(program, args, makeIo, LIMITS)
      expect(differenceWithFault(engine, 0, args, makeIo, expected, LIMITS)).toBe(null)
      programs++
      for (const [op, number] of engine.faults)
        if (!found.has(op) && differenceWithFault(engine, number, args, makeIo, expected, LIMITS) !== null)
          found.set(op, programs)
    }),
    { numRuns: PROGRAMS, endOnFailure: true },
  )
  console.log(
    `programs until a broken operation showed: ${[...found].map(([op, n]) => `${op} ${n}`).join(', ')}`,
  )
  expect([...found.keys()].sort()).toEqual([...OPERATIONS].sort())
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compile } from '../../aiur/language/compile.js'
import { breakableEngine, differenceWithFault, expectedOf } from './compare-engines.js'
import { randomProgram } from './random-source.js'

const LIMITS = { rows: 20_000 }

test('random programs leave the same outcome, record, IO and debug output', async () => {
  await fc.assert(
    fc.asyncProperty(fc.gen(), async g => {
      const { source, args, makeIo } = randomProgram(g)
      const program = compile([{ name: 'random.aiur', text: source }])
      const engine = await breakableEngine(program)
      const expected = expectedOf(program, args, makeIo, LIMITS)
      expect(differenceWithFault(engine, 0, args, makeIo, expected, LIMITS)).toBe(null)
    }),
    { numRuns: 30 },
  )
})

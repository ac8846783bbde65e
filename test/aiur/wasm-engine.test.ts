import { describe, expect, test } from 'vitest'
import { compile } from '../../aiur/language/compile.js'
import { differenceHere, differenceInThread, plainEngine } from './compare-engines.js'
import { PROGRAMS } from './programs.js'

describe('the programs of the test suite', () => {
  test.each(PROGRAMS.map(p => [p.name, p] as const))('%s', async (_, { source, runs }) => {
    const program = compile([{ name: 'program.aiur', text: source }])
    const engine = await plainEngine(program)
    for (const { entry, args } of runs ?? []) {
      expect(differenceHere(engine, entry, [...args])).toBe(null)
      expect(await differenceInThread(program, entry, [...args])).toBe(null)
    }
  })
})

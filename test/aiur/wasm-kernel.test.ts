import { statSync } from 'node:fs'
import { expect, test } from 'vitest'
import { compareOn, exportsOf } from './kernel-runs.js'

// Some small cases, accepted and rejected ones; all of them are in the deep suite.
const files = exportsOf('arena')
  .filter(file => statSync(file).size < 20_000)
  .filter((_, i) => i % 12 === 0)

test.skipIf(files.length === 0)(
  'the kernel leaves the same record on exports of the arena, whether it accepts or rejects',
  async () => {
    let executions = 0
    for (const file of files) {
      const result = await compareOn(file)
      expect(result?.difference ?? null, file).toBe(null)
      executions += result?.executions ?? 0
    }
    expect(executions).toBeGreaterThan(files.length / 2)
  },
  300_000,
)

import { expect, test } from 'vitest'
import { compareOn, exportsOf } from './kernel-runs.js'

const files = [...exportsOf('arena'), ...exportsOf('reproducers')]

test.each(files)('the kernel leaves the same record on %s', async file => {
  expect((await compareOn(file))?.difference ?? null).toBe(null)
})

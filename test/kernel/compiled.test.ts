import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ix-compiled-'))
  vi.stubEnv('IX_CACHE_DIR', folder)
})
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

/** The kernel as a new process finds it. */
async function fresh() {
  vi.resetModules()
  return (await import('../../kernel/compiled.js')).compiledKernel()
}

test('the compiled kernel is kept, found again, and made anew when it is damaged', async () => {
  const made = await fresh()
  const kept = readdirSync(join(folder, 'kernel'))
  expect(kept).toHaveLength(1)
  const found = await fresh()
  expect(found).not.toBe(made)
  expect(found).toEqual(made)
  expect(found.layout.program).toBe(found.program)
  expect(found.program.functionIndex.get('verify_claim')).toBeDefined()
  writeFileSync(join(folder, 'kernel', kept[0]!), 'damaged')
  expect(await fresh()).toEqual(made)
  expect(readdirSync(join(folder, 'kernel'))).toEqual(kept)
})

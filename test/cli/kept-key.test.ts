import { mkdtempSync, readdirSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { keptKey } from '../../cli/proof/kept-key.js'
import { REVEAL_ENTRY } from '../../kernel/reveal.js'
import * as derivation from '../../prover/derive-key.js'
import { encodeKey } from '../../prover/key-file.js'
import { keyDigest, type VerifyingKey } from '../../prover/verifying-key.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ix-key-'))
  vi.stubEnv('IX_CACHE_DIR', folder)
})
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

test('a verifying key is kept with its digest and its tables, and derived anew when it is damaged', async () => {
  const derive = vi.spyOn(derivation, 'deriveKey')
  const made = await keptKey(REVEAL_ENTRY)
  expect(derive).toHaveBeenCalledTimes(1)
  const files = readdirSync(join(folder, 'key'))
  expect(files).toHaveLength(1)
  const found = await keptKey(REVEAL_ENTRY)
  expect(derive).toHaveBeenCalledTimes(1)
  // typed arrays of millions of elements: compared as bytes
  const bytes = (key: VerifyingKey) => Buffer.from(encodeKey(key))
  expect(bytes(found).equals(bytes(made))).toBe(true)
  expect(found.digest).toEqual(made.digest)
  expect(keyDigest(found.circuits, found.entries)).toEqual(made.digest)
  expect(found.circuits.map(c => [c.degree, ...c.nextColumns])).toEqual(
    made.circuits.map(c => [c.degree, ...c.nextColumns]),
  )
  truncateSync(join(folder, 'key', files[0]!), 1000)
  expect(bytes(await keptKey(REVEAL_ENTRY)).equals(bytes(made))).toBe(true)
  expect(derive).toHaveBeenCalledTimes(2)
  derive.mockRestore()
})

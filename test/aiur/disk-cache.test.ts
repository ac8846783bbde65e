import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { keep, readKept } from '../../aiur/disk-cache.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ix-cache-'))
  vi.stubEnv('IX_CACHE_DIR', folder)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

const BYTES = Uint8Array.from({ length: 1000 }, (_, i) => i & 255)

test('what is kept is read again, and nothing else lies in the folder', () => {
  expect(readKept('kind/name')).toBeUndefined()
  keep('kind/name', BYTES)
  expect(readKept('kind/name')).toEqual(BYTES)
  keep('kind/name', BYTES.subarray(1))
  expect(readKept('kind/name')).toEqual(BYTES.slice(1))
  keep('kind/empty', new Uint8Array(0))
  expect(readKept('kind/empty')).toEqual(new Uint8Array(0))
  expect(readdirSync(join(folder, 'kind')).sort()).toEqual(['empty', 'name'])
})

test('a damaged file counts as absent', () => {
  keep('name', BYTES)
  const file = join(folder, 'name')
  const whole = readFileSync(file)
  for (const at of [0, 31, 32, whole.length - 1]) {
    const damaged = Buffer.from(whole)
    damaged[at]! ^= 1
    writeFileSync(file, damaged)
    expect(readKept('name')).toBeUndefined()
  }
  for (const length of [whole.length - 1, 32, 31, 0]) {
    writeFileSync(file, whole)
    truncateSync(file, length)
    expect(readKept('name')).toBeUndefined()
  }
})

test('a folder that cannot be written is no error', () => {
  writeFileSync(join(folder, 'file'), '')
  vi.stubEnv('IX_CACHE_DIR', join(folder, 'file'))
  keep('name', BYTES)
  expect(readKept('name')).toBeUndefined()
})

test('the folder: IX_CACHE_DIR, else ix in XDG_CACHE_HOME', () => {
  vi.stubEnv('IX_CACHE_DIR', undefined)
  vi.stubEnv('XDG_CACHE_HOME', folder)
  if (process.platform !== 'linux') return
  keep('name', BYTES)
  expect(readdirSync(join(folder, 'ix'))).toEqual(['name'])
})

import { spawn } from 'node:child_process'
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { transformSync } from 'esbuild'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { keep, readKept, takeCacheFault } from '../../aiur/disk-cache.js'

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
  keep('other', BYTES)
  expect(readKept('name')).toBeUndefined()
  expect(takeCacheFault()).toContain(`cannot write to the cache in ${join(folder, 'file')}: `)
  expect(takeCacheFault()).toBeUndefined()
})

test('the folder: IX_CACHE_DIR, else ix in XDG_CACHE_HOME', () => {
  vi.stubEnv('IX_CACHE_DIR', undefined)
  vi.stubEnv('XDG_CACHE_HOME', folder)
  if (process.platform !== 'linux') return
  keep('name', BYTES)
  expect(readdirSync(join(folder, 'ix'))).toEqual(['name'])
})

const age = (name: string, seconds: number): void => {
  const then = new Date(Date.now() - 1000 * seconds)
  utimesSync(join(folder, name), then, then)
}

test('a full folder loses what was not used for longest', () => {
  const capacity = { entries: 3, bytes: 1e6 }
  for (const [i, name] of ['a', 'b', 'c'].entries()) {
    keep(`kind/${name}`, BYTES, capacity)
    age(`kind/${name}`, 100 - i)
  }
  expect(readKept('kind/a')).toEqual(BYTES)
  keep('kind/d', BYTES, capacity)
  expect(readdirSync(join(folder, 'kind')).sort()).toEqual(['a', 'c', 'd'])
  age('kind/d', 50)
  // By size: entries are 32 bytes longer than what they hold.
  keep('kind/e', BYTES, { entries: 9, bytes: 2 * (BYTES.length + 32) })
  expect(readdirSync(join(folder, 'kind')).sort()).toEqual(['a', 'e'])
  keep('kind/large', new Uint8Array(5000), { entries: 9, bytes: 1 })
  expect(readdirSync(join(folder, 'kind'))).toEqual(['large'])
})

test('other folders, the entries beside them and files in the making are left alone', () => {
  const capacity = { entries: 1, bytes: 1e6 }
  keep('top', BYTES, capacity)
  keep('other/entry', BYTES, capacity)
  keep('kind/entry', BYTES, capacity)
  for (const name of ['kind/new.1.0.tmp', 'kind/old.1.0.tmp']) writeFileSync(join(folder, name), 'begun')
  age('kind/old.1.0.tmp', 4000)
  keep('kind/second', BYTES, capacity)
  expect(readdirSync(folder).sort()).toEqual(['kind', 'other', 'top'])
  expect(readdirSync(join(folder, 'kind')).sort()).toEqual(['new.1.0.tmp', 'second'])
  expect(readdirSync(join(folder, 'other'))).toEqual(['entry'])
})

test('processes that write, read and remove at the same time get whole entries or none', async () => {
  const source = readFileSync('aiur/disk-cache.ts', 'utf8')
  const module = join(folder, 'disk-cache.mjs')
  writeFileSync(module, transformSync(source, { loader: 'ts', format: 'esm' }).code)
  const program = `
import { keep, readKept } from ${JSON.stringify(module)}
let found = 0
for (let i = 0; i < 400; i++) {
  const n = (i * 7 + Number(process.argv[1])) % 12
  const kept = readKept('shared/' + n)
  if (kept !== undefined) {
    found++
    if (kept.length !== 20000 + n || kept.some(byte => byte !== n)) process.exit(3)
  } else keep('shared/' + n, new Uint8Array(20000 + n).fill(n), { entries: 5, bytes: 1e6 })
}
process.exit(found > 0 ? 0 : 4)`
  const codes = await Promise.all(
    [0, 3, 5].map(
      start =>
        new Promise(resolve => {
          const argv = ['--input-type=module', '-e', program, String(start)]
          spawn(process.execPath, argv, { stdio: 'inherit' }).on('close', resolve)
        }),
    ),
  )
  expect(codes).toEqual([0, 0, 0])
  keep('shared/last', BYTES, { entries: 5, bytes: 1e6 })
  const left = readdirSync(join(folder, 'shared'))
  expect(left.length).toBeLessThanOrEqual(5)
  expect(left.filter(name => name.endsWith('.tmp'))).toEqual([])
  expect(left.every(name => statSync(join(folder, 'shared', name)).size > 32)).toBe(true)
})

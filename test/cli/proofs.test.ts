import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { ix } from './run-ix.js'

const folder = mkdtempSync(join(tmpdir(), 'ix-proofs-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('files that are no proofs, and bad command lines', async () => {
  const text = join(folder, 'text.ixp')
  writeFileSync(text, 'hello')
  const broken = await ix('verify', text, '--constant', 'HEq')
  expect(broken.err).toContain('this is not a proof')
  expect(broken.code).toBe(2)
  expect((await ix('verify', join(folder, 'absent.ixp'), '--constant', 'HEq')).code).toBe(2)
  expect((await ix('prove', '-o', text)).code).toBe(64)
})

test('a call of a program', async () => {
  const source = join(folder, 'factorial.aiur')
  writeFileSync(source, 'pub fn fact(n: G) -> G { match n { 0 => 1, _ => n * fact(n - 1) } }')
  const proof = join(folder, 'fact.ixp')
  const prove = (...more: string[]) =>
    ix('aiur', 'prove', source, '5', '-o', proof, '--preset', 'fast', ...more)
  const proven = await prove()
  expect(proven.err).toBe('')
  expect(proven.out).toContain('proven fact(5) = 120')
  const accepted = await ix('aiur', 'verify', source, proof, '--preset', 'fast')
  expect(accepted.out).toContain('accepted fact(5) = 120')
  expect(accepted.code).toBe(0)
  expect((await ix('aiur', 'verify', source, proof)).code).toBe(1)
  expect((await ix('verify', proof, '--constant', 'HEq', '--shard', '1')).code).toBe(64)
  const again = await prove('--jobs', '1', '--json')
  // as sources, which run here, threads cannot start
  const alone = await prove('--jobs', '2', '--debug')
  expect(alone.code).toBe(0)
  expect(alone.err).toContain('could not start')
  const { jobs, notStarted, seconds, memory, bytes, parts } = JSON.parse(again.out)
  expect(jobs).toBe(1)
  expect(notStarted).toEqual([])
  expect(Object.keys(seconds)).toEqual(
    expect.arrayContaining(['prove', 'processor', 'trace', 'commit', 'lookups', 'quotient', 'queries']),
  )
  // every column has at least four values for each coefficient
  expect(memory.extension).toBeGreaterThan(parts['opened values'])
  expect(memory.peak).toBeGreaterThan(memory.extension)
  expect(Object.values(parts as Record<string, number>).reduce((x, y) => x + y)).toBe(bytes)
  const other = join(folder, 'other.aiur')
  writeFileSync(other, 'pub fn fact(n: G) -> G { match n { 0 => 2, _ => n * fact(n - 1) } }')
  const foreign = await ix('aiur', 'verify', other, proof, '--preset', 'fast', '--json')
  expect(JSON.parse(foreign.out)).toMatchObject({
    accepted: false,
    reason: 'the proof was made for another verifying key',
  })
})

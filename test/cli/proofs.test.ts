import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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

test('a proof about no shard says so once, and one of an older format what to do', async () => {
  const proof = join(folder, 'heq.ixp')
  expect((await ix('prove', 'HEq', '-o', proof, '--preset', 'fast', '--transparent')).code).toBe(0)
  const ixe = join(import.meta.dirname, '..', 'lean', 'Twin.ixe')
  const ixes = join(folder, 'twin.ixes')
  expect((await ix('shard', ixe, '--shards', '4', '-o', ixes)).code).toBe(0)
  const library = ['--ixe', ixe, '--ixes', ixes]
  const foreign = await ix('verify', proof, '--preset', 'fast', ...library)
  expect(foreign.code).toBe(1)
  const lines = foreign.out.split('\n').filter(line => line.startsWith('rejected'))
  expect(lines).toHaveLength(1)
  expect(lines[0]).toContain(`${proof} is a valid proof of the kernel, but about no shard of this library`)
  expect(lines[0]).toContain('--constant NAME')
  // weaker than asked for, so not called valid
  expect((await ix('verify', proof, ...library)).out).toContain(
    'about no shard of this library: the proof was made under other parameters',
  )
  const both = await ix('verify', proof, proof, '--preset', 'fast', '--json', ...library)
  expect(JSON.parse(both.out).faults).toEqual([
    expect.stringContaining(`${proof}, ${proof} are valid proofs of the kernel`),
  ])
  const bytes = readFileSync(proof)
  bytes[7] = 1
  writeFileSync(proof, bytes)
  const older = await ix('verify', proof, '--constant', 'HEq')
  expect(older.code).toBe(2)
  expect(older.err).toContain('an older ix made this proof; make it again')
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

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { run } from '../../cli/run.js'
import { Judge } from '../../docs/verifier/judge.js'
import { bytesInMemory } from '../../ixon/byte-source.js'
import { bufferTerminal } from '../cli/buffer-terminal.js'

const folder = mkdtempSync(join(tmpdir(), 'ix-judge-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = (name: string) => join(folder, name)
const TWIN = join(import.meta.dirname, '..', 'lean', 'Twin.ixe')

async function ix(...argv: string[]): Promise<void> {
  const terminal = bufferTerminal()
  expect(await run(argv, terminal), terminal.stderr.text).toBe(0)
}

test('proofs of all shards make one verdict', async () => {
  await ix('vk', '-o', file('kernel.ixvk'))
  for (const claim of ['reveal', 'contains']) await ix('vk', '--claim', claim, '-o', file(`${claim}.ixvk`))
  await ix('shard', TWIN, '--shards', '2', '-o', file('twin.ixes'))
  const library = ['--ixe', TWIN, '--ixes', file('twin.ixes'), '--preset', 'fast', '--transparent']
  for (const shard of ['0', '1']) await ix('prove', '--shard', shard, '-o', file(`${shard}.ixp`), ...library)

  const key = (name: string) => new Uint8Array(readFileSync(file(`${name}.ixvk`)))
  const judge = new Judge(key('kernel'), { reveal: key('reveal'), contains: key('contains') })
  const add = (path: string, label: string, change?: (bytes: Uint8Array) => void) => {
    const bytes = new Uint8Array(readFileSync(path))
    change?.(bytes)
    judge.add(bytesInMemory(bytes, label))
  }
  judge.usePreset('fast')
  add(file('0.ixp'), '0.ixp')
  expect(judge.report().library).toBeNull()
  add(TWIN, 'Twin.ixe')
  add(file('twin.ixes'), 'twin.ixes')
  expect(judge.report().proofs[0]!.about).toMatch(/^shard 0: \d+ constants$/)
  expect(judge.report().library).toMatchObject({ accepted: false, faults: ['shard 1 is not proven'] })
  add(file('1.ixp'), '1.ixp')
  expect(judge.report().library).toMatchObject({ accepted: true, shards: 2, faults: [] })
  add(file('1.ixp'), 'again.ixp')
  expect(judge.report().library!.faults).toEqual(['shard 1 is proven more than once: 1.ixp, again.ixp'])
  add(file('1.ixp'), 'again.ixp', bytes => {
    bytes[bytes.length - 1]! ^= 1
  })
  expect(judge.report().library!.faults[0]).toMatch(/^again\.ixp \(shard 1\): /)
  judge.usePreset('default')
  expect(judge.report().library!.accepted).toBe(false)
  // damage in the middle of the environment: it is named and left out, the proofs stay judged
  judge.usePreset('fast')
  add(TWIN, 'Twin.ixe', bytes => {
    bytes[bytes.length >> 1]! ^= 1
  })
  const damaged = judge.report()
  expect(damaged.library).toBeNull()
  expect(damaged.files.find(f => f.file === 'Twin.ixe')).toMatchObject({ kind: 'unusable' })
  expect(damaged.proofs[0]!.accepted).toBe(true)
})

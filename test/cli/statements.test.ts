/** `ix reveal` and `ix contains`. */
import { expect, test } from 'vitest'
import { bundledEnvironment, bundledManifest } from '../../cli/bundled.js'
import { EXIT } from '../../cli/exit.js'
import { run } from '../../cli/run.js'
import { claimDigest, readClaim } from '../../shards/claim.js'
import { openManifest } from '../../shards/manifest.js'
import { bufferTerminal } from './buffer-terminal.js'

async function ix(...argv: string[]) {
  const terminal = bufferTerminal()
  const code = await run(argv, terminal)
  return { code, out: terminal.stdout.text, err: terminal.stderr.text }
}

const environment = bundledEnvironment()
const owner = (name: string): number => {
  const block = environment.blockOf(environment.addressOf(name)!)
  return openManifest(bundledManifest()).shards.find(({ blocks }) => blocks.includes(block))!.id
}

test('kind and safety of a definition', async () => {
  const { code, out } = await ix('reveal', 'Nat.add', '--field', 'kind', '--field', 'safety', '--constraints')
  expect(code).toBe(EXIT.ok)
  expect(out).toContain('kind: 0\n  safety: 1\n')
  expect(out).not.toContain('type')
  expect(out).toContain('all constraints hold')
})

test('the claim that --json prints is that of its bytes', async () => {
  const { code, out } = await ix('reveal', 'Nat', '--json')
  expect(code).toBe(EXIT.ok)
  const { claim, bytes, digest, accepted } = JSON.parse(out)
  expect(accepted).toBe(true)
  expect(readClaim(Buffer.from(bytes, 'hex'))).toEqual(claim)
  expect(claimDigest(claim)).toBe(digest)
})

test('a block by its address', async () => {
  const block = environment.blockOf(environment.addressOf('Nat')!)
  const { code, out } = await ix('reveal', block, '--field', 'params')
  expect(code).toBe(EXIT.ok)
  expect(out).toContain('0: inductive\n    params: 0\n')
})

test('fields that there are not, and constants', async () => {
  const field = await ix('reveal', 'Nat.add', '--field', 'rules')
  expect(field.code).toBe(EXIT.usage)
  expect(field.err).toContain('no field rules: a definition has kind, safety, levels, type, value')
  expect((await ix('reveal', 'Nat.ad')).code).toBe(EXIT.undecided)
  expect((await ix('reveal', '00'.repeat(32))).err).toContain('no constant has the address')
})

test('what a shard owns, and what it does not', async () => {
  const id = owner('Nat.add')
  const { code, out } = await ix('contains', 'Nat.add', '--shard', String(id))
  expect(code).toBe(EXIT.ok)
  expect(out).toContain('accepted')
  const other = await ix('contains', 'Nat.add', '--shard', String(id === 10 ? 11 : 10))
  expect(other.code).toBe(EXIT.undecided)
  expect(other.err).toContain('does not own Nat.add')
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { run } from '../../cli/run.js'
import { bufferTerminal } from './buffer-terminal.js'

const folder = mkdtempSync(join(tmpdir(), 'ix-proofs-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function ix(...argv: string[]) {
  const terminal = bufferTerminal()
  const code = await run(argv, terminal)
  return { code, out: terminal.stdout.text, err: terminal.stderr.text }
}

test('files that are no proofs, and bad command lines', async () => {
  const text = join(folder, 'text.ixp')
  writeFileSync(text, 'hello')
  const broken = await ix('verify', text, '--constant', 'HEq')
  expect(broken.err).toContain('this is not a proof')
  expect(broken.code).toBe(2)
  expect((await ix('verify', join(folder, 'absent.ixp'), '--constant', 'HEq')).code).toBe(2)
  expect((await ix('prove', '-o', text)).code).toBe(64)
  expect((await ix('verify', text, '--constant', 'HEq', '--shard', '1')).code).toBe(64)
})

import { join } from 'node:path'
import { expect, it } from 'vitest'
import { EXIT } from '../../cli/exit.js'
import { ix } from './run-ix.js'
import { scratchFolder } from './scratch-folder.js'

const { folder, write } = scratchFolder('ix-writable-')
const program = write('one.aiur', 'pub fn one() -> G { 1 }')
const nowhere = join(folder, 'no', 'file')

it.each([
  ['check', 'Nat', '--profile', nowhere],
  ['prove', 'Nat', '-o', nowhere],
  ['prove', 'Nat', '-o', folder],
  ['compile', '--ndjson', join(folder, 'none.ndjson'), '-o', nowhere],
  ['shard', join(folder, 'none.ixe'), '--shards', '2', '-o', nowhere],
  ['aiur', 'run', program, '--profile', folder],
  ['aiur', 'prove', program, '-o', nowhere],
])('%s %s %s %s %s %s: what cannot be written is known before the work', async (...argv) => {
  const { code, out, err } = await ix(...argv)
  expect([code, out]).toEqual([EXIT.undecided, ''])
  expect(err).toMatch(/^error: .*: cannot be written: (no such file or directory|it is a folder)\n$/)
})

/**
 * The engine in 64-bit memory, which takes Node 24: this runtime if it has it, else the one that IX_NODE24 names.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { hasMemory64 } from '../../aiur/wasm/address.js'

const node = process.env.IX_NODE24 ?? (hasMemory64() ? process.execPath : undefined)
if (node === undefined) console.log('no runtime with 64-bit memory (IX_NODE24): its tests are skipped')

/** All that compare the engines. */
const suites = readdirSync('test/aiur')
  .filter(file => /^wasm-.*\.test\.ts$/.test(file) && !file.includes('deep'))
  .map(file => `test/aiur/${file}`)

test.skipIf(node === undefined).each([
  ['the tests of the engine pass with 64-bit addresses', 'quick', suites],
  ['the long comparison with the interpreter, too', 'deep', ['test/aiur/wasm-random.deep.test.ts']],
  ['a run goes on beyond 4 GiB', 'deep', ['test/aiur/wasm-beyond.deep.test.ts']],
])('%s', (_, project, files) => {
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--project', project, '--pool=threads']
  const { status, stdout, stderr } = spawnSync(node!, [...vitest, '--maxWorkers=1', ...files], {
    env: { ...process.env, IX_ADDRESS_BITS: '64' },
    encoding: 'utf8',
  })
  // The lines about what was skipped, and figures.
  console.log(
    stdout
      .split('\n')
      .filter(line => /skipped|GiB|until a broken/.test(line))
      .join('\n'),
  )
  expect(status, stdout + stderr).toBe(0)
})

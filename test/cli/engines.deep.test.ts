/** Both engines on shards of the bundled library: one verdict, and the same costs of every circuit. */
import { expect, test } from 'vitest'
import { run } from '../../cli/run.js'
import { bufferTerminal } from './buffer-terminal.js'

/** The heaviest by rows, and some between. */
const SAMPLE = [5, 12, 22, 34, 41, 47, 50, 63]

async function checked(shard: number, engine: string) {
  const terminal = bufferTerminal()
  const code = await run(['check', '--shard', String(shard), '--engine', engine, '--json'], terminal)
  const { seconds: _, memory: __, engine: used, ...result } = JSON.parse(terminal.stdout.text)
  expect(used).toBe(engine)
  return { code, ...result }
}

test.each(SAMPLE)('shard %i: verdict, claim, rows and costs are those of the interpreter', async shard => {
  const result = await checked(shard, 'wasm')
  expect(result.cost.total).toBeGreaterThan(1e9)
  expect(result).toEqual(await checked(shard, 'interp'))
})

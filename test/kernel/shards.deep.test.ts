/** Shards of the bundled library, the FFT cost of each to the last digit: any change to the kernel's work shows here. */
import { expect, test } from 'vitest'
import { EXIT } from '../../cli/exit.js'
import { run } from '../../cli/run.js'
import { bufferTerminal } from '../cli/buffer-terminal.js'

/** Shard, constants checked, rows, cost under `transforms`, rounded. */
const PINNED: readonly (readonly [number, number, number, number])[] = [
  [1, 282, 1_224_294, 3_244_494_648],
  [7, 524, 1_244_360, 3_506_812_659],
  [13, 596, 1_068_345, 3_211_598_139],
  [19, 525, 1_261_399, 3_627_835_662],
  [25, 884, 1_126_850, 3_711_908_228],
  [31, 603, 1_349_664, 4_022_676_216],
  [37, 678, 1_236_169, 3_725_210_418],
  [43, 772, 1_176_671, 3_727_960_779],
]

async function checkShard(id: number, ...flags: string[]) {
  const terminal = bufferTerminal()
  const code = await run(['check', '--shard', String(id), '--json', ...flags], terminal)
  return { code, ...JSON.parse(terminal.stdout.text) }
}

const ACCEPTED = { code: EXIT.ok, status: 'accepted', failed: [], undecided: [] }

test.each(PINNED)('shard %i: %i constants, %i rows, cost %i', async (id, checked, rows, total) => {
  const result = await checkShard(id)
  expect(result).toMatchObject({ ...ACCEPTED, checked, rows })
  expect(Math.round(result.cost.total)).toBe(total)
})

test.each([13, 19])('shard %i satisfies every constraint', async id => {
  expect(await checkShard(id, '--constraints')).toMatchObject({
    ...ACCEPTED,
    constraints: { violations: [] },
  })
})

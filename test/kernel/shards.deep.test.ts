/** Shards of the bundled library, the FFT cost of each to the last digit: any change to the kernel's work shows here. */
import { expect, test } from 'vitest'
import { EXIT } from '../../cli/exit.js'
import { run } from '../../cli/run.js'
import { bufferTerminal } from '../cli/buffer-terminal.js'

/** Shard, constants checked, rows, cost under `transforms`, rounded. */
const PINNED: readonly (readonly [number, number, number, number])[] = [
  [1, 282, 1_223_884, 3_244_076_531],
  [7, 524, 1_244_546, 3_507_645_648],
  [13, 596, 1_068_145, 3_211_437_814],
  [19, 525, 1_260_915, 3_627_318_028],
  [25, 884, 1_126_597, 3_711_647_950],
  [31, 603, 1_349_286, 4_022_314_825],
  [37, 678, 1_235_741, 3_724_731_816],
  [43, 772, 1_176_447, 3_727_737_351],
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

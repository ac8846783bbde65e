/** Shards of the bundled library, the FFT cost of each to the last digit: any change to the kernel's work shows here. */
import { expect, test } from 'vitest'
import { EXIT } from '../../cli/exit.js'
import { run } from '../../cli/run.js'
import { bufferTerminal } from '../cli/buffer-terminal.js'

/** Shard, constants checked, rows, cost under `transforms`, rounded. */
const PINNED: readonly (readonly [number, number, number, number])[] = [
  [1, 282, 1_223_885, 3_244_078_040],
  [7, 524, 1_244_545, 3_507_645_334],
  [13, 596, 1_068_144, 3_211_436_790],
  [19, 525, 1_260_915, 3_627_318_028],
  [25, 884, 1_126_597, 3_711_647_950],
  [31, 603, 1_349_287, 4_022_315_994],
  [37, 678, 1_235_745, 3_724_736_348],
  [43, 772, 1_176_448, 3_727_738_381],
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

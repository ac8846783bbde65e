/** Shards of the bundled library, the FFT cost of each to the last digit: any change to the kernel's work shows here. */
import { expect, test } from 'vitest'
import { EXIT } from '../../cli/exit.js'
import { run } from '../../cli/run.js'
import { bufferTerminal } from '../cli/buffer-terminal.js'

/** Shard, constants checked, rows, cost under `transforms`, rounded. */
const PINNED: readonly (readonly [number, number, number, number])[] = [
  [1, 282, 1_442_899, 4_488_567_497],
  [7, 524, 1_456_769, 4_853_547_242],
  [13, 596, 1_262_568, 4_562_610_052],
  [19, 525, 1_472_411, 5_030_730_238],
  [25, 884, 1_338_624, 5_305_821_072],
  [31, 603, 1_597_212, 5_638_340_924],
  [37, 678, 1_466_915, 5_259_786_339],
  [43, 772, 1_392_058, 5_291_985_610],
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

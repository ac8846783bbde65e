/** Shards of the bundled library, the FFT cost of each to the last digit: any change to the kernel's work shows here. */
import { expect, test } from 'vitest'
import { EXIT } from '../../cli/exit.js'
import { run } from '../../cli/run.js'
import { bufferTerminal } from '../cli/buffer-terminal.js'

/** Shard, constants checked, rows, cost under `transforms`, rounded. */
const PINNED: readonly (readonly [number, number, number, number])[] = [
  [1, 282, 1_361_367, 3_494_707_823],
  [7, 524, 1_361_917, 3_705_667_961],
  [13, 596, 1_161_392, 3_357_414_219],
  [19, 525, 1_371_468, 3_814_757_649],
  [25, 884, 1_215_529, 3_841_501_700],
  [31, 603, 1_483_081, 4_256_487_147],
  [37, 678, 1_356_324, 3_927_284_471],
  [43, 772, 1_273_338, 3_878_661_478],
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

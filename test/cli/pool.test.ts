import { expect, it } from 'vitest'
import { checkShards, type PoolOptions } from '../../cli/check/pool.js'
import type { ShardSettings } from '../../cli/check/shard-task.js'

const SETTINGS: ShardSettings = {
  ixe: undefined,
  engine: 'wasm',
  model: 'transforms',
  constraints: false,
  limits: {},
}

/** A shard for each fate, with how long it takes in milliseconds. */
async function outcomes(fates: readonly string[], options: Partial<PoolOptions> = {}): Promise<string[]> {
  const tasks = fates.map((fate, i) => ({ id: 100 + i, owned: fate.split(' ') }))
  const results = await checkShards(tasks, SETTINGS, {
    jobs: 2,
    keepGoing: false,
    worker: new URL('./shard-stand-in.mjs', import.meta.url),
    ...options,
  })
  return results.map(({ id, status, error }) => `${id} ${status}${error === undefined ? '' : `: ${error}`}`)
}

it('marks the shard of a worker that dies and goes on with the rest', async () => {
  for (const jobs of [1, 2, 3])
    expect(await outcomes(['accepted', 'exit', 'undecided', 'throw', 'accepted'], { jobs })).toEqual([
      '100 accepted',
      expect.stringMatching(/^101 died: .*exit/),
      '102 undecided',
      '103 died: out of everything',
      '104 accepted',
    ])
})

it('ends with the first rejected shard, whichever comes first in time', async () => {
  const fates = ['accepted', 'rejected 200', 'rejected', 'accepted', 'accepted']
  for (const jobs of [1, 2, 5])
    expect(await outcomes(fates, { jobs })).toEqual(['100 accepted', '101 rejected'])
  expect(await outcomes(fates, { keepGoing: true })).toEqual([
    '100 accepted',
    '101 rejected',
    '102 rejected',
    '103 accepted',
    '104 accepted',
  ])
})

it('ends with what it has when it is interrupted', async () => {
  const controller = new AbortController()
  setTimeout(() => controller.abort(), 1500)
  const fates = ['accepted', 'accepted 60000', 'accepted 60000', 'accepted', 'accepted']
  expect(await outcomes(fates, { signal: controller.signal })).toEqual([
    '100 accepted',
    '101 undecided',
    '102 undecided',
  ])
})

it('reports how many constants are done', async () => {
  const seen: [number, number][] = []
  await outcomes(['accepted', 'accepted 600'], { jobs: 1, onProgress: (...both) => seen.push(both) })
  expect(seen.length).toBeGreaterThan(0)
  expect(new Set(seen.map(([, total]) => total))).toEqual(new Set([3]))
  expect(seen.map(([done]) => done)).toEqual(seen.map(([done]) => done).toSorted((a, b) => a - b))
})

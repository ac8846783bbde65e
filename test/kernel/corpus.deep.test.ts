/**
 * What the modules of test/lean/corpus declare: tactics, programs, families and computations as users write them, all of
 * which Lean's own kernel accepted.
 */
import { expect, test } from 'vitest'
import { CORPUS, corpusModules } from '../../bench/coverage/corpus.js'
import { openEnvironment } from '../../cli/environment.js'
import { check } from '../../kernel/check.js'
import { claimOf } from '../../shards/shard-claim.js'

const environment = openEnvironment(CORPUS)
const modules = corpusModules(environment)

test('the corpus is there', () => {
  expect(modules.size).toBeGreaterThanOrEqual(20)
  expect([...modules.values()].reduce((sum, { size }) => sum + size, 0)).toBeGreaterThan(1000)
})

test.each([...modules])('%s', async (_, constants) => {
  const target = { kind: 'shard', claim: claimOf(environment, constants)! } as const
  const limits = { rows: 50_000_000, seconds: 600 }
  const { status, failed, undecided, accepted } = await check({ environment, target, optimise: true, limits })
  expect(failed).toEqual([])
  expect(undecided).toEqual([])
  expect(status).toBe('accepted')
  const found = new Set(accepted)
  // A block is checked by its members.
  for (const address of constants)
    if (environment.constant(address).info.kind !== 'muts') expect(found).toContain(address)
})

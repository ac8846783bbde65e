/**
 * 40,000 constants put together from parts of several real ones (IX_FUZZ_MUTATIONS of them, from IX_FUZZ_SEED): nothing is
 * accepted that the oracle finds wrong, and of the rejected ones a sample is not found right.
 */
import { expect, test } from 'vitest'
import { complaints, runCampaign, summary } from './campaign.js'
import { openCorpus, SEED } from './corpora.js'

const MUTATIONS = Number(process.env.IX_FUZZ_MUTATIONS ?? 40_000)

test.each([
  ['Init', 40],
  ['Inds', 20],
  ['Kinds', 15],
  ['Prims', 10],
  ['Library', 15],
] as const)('compositions of %s, %i percent', async (name, percent) => {
  const report = await runCampaign({
    environment: openCorpus(name),
    composed: true,
    mutations: Math.ceil((MUTATIONS * percent) / 100),
    seed: SEED,
    bytes: 2000,
    perConstant: 30,
    rejectedSample: 20,
  })
  console.log(`${name}, seed ${SEED}\n${summary(report)}`)
  expect(complaints(report)).toEqual([])
})

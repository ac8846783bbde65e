/**
 * 100,000 mutants of real constants (IX_FUZZ_MUTATIONS of them, from IX_FUZZ_SEED): nothing is accepted that the oracle finds
 * wrong, and of the rejected ones a sample is not found right.
 */
import { expect, test } from 'vitest'
import { complaints, runCampaign, summary } from './campaign.js'
import { CORPORA, openCorpus, SEED } from './corpora.js'

const MUTATIONS = Number(process.env.IX_FUZZ_MUTATIONS ?? 100_000)

test.each(CORPORA)('mutants of %s, %i percent', async (name, percent) => {
  const report = await runCampaign({
    environment: openCorpus(name),
    mutations: Math.ceil((MUTATIONS * percent) / 100),
    seed: SEED,
    bytes: 2000,
    perConstant: 60,
    rejectedSample: 20,
  })
  console.log(`${name}, seed ${SEED}\n${summary(report)}`)
  expect(complaints(report)).toEqual([])
})

/** A few hundred constants put together from parts of several. The deep suite makes 40,000 (compositions.deep.test.ts). */
import { expect, test } from 'vitest'
import { complaints, runCampaign } from './campaign.js'
import { openCorpus, SEED } from './corpora.js'

const FEW = { composed: true, mutations: 200, seed: SEED, bytes: 1500, perConstant: 20, rejectedSample: 5 }

test.each(['Inds', 'Kinds'] as const)('what is accepted of 200 compositions in %s is right', async name => {
  const report = await runCampaign({ ...FEW, environment: openCorpus(name) })
  console.log(`seed ${SEED}`)
  expect(complaints(report)).toEqual([])
  const accepted = [...report.tallies.values()].reduce((sum, { right }) => sum + right, 0)
  expect(accepted).toBeGreaterThan(20)
  expect(report.mutants - accepted).toBeGreaterThan(100)
})

test.each([
  ['positivity', 'fn require_no_mention(fam: &Family, e: &Expr) { let _ = fam; let _ = e; () }'],
  [
    'sides of rules',
    'fn require_rule(rhs: &Expr, levels: G, unsafe: G, body: &Expr, expected: &Expr, conclusion: &Expr) { let _ = [rhs, body, expected, conclusion]; let _ = [levels, unsafe]; () }',
  ],
])('compositions show that a kernel without %s is wrong', async (_, text) => {
  const overlay = [{ name: 'overlay.aiur', text }]
  const report = await runCampaign({ ...FEW, mutations: 300, environment: openCorpus('Inds'), overlay })
  expect(report.wrong.length).toBeGreaterThan(0)
})

/** A few hundred mutants of real constants. The deep suite makes 100,000 (mutations.deep.test.ts). */
import { expect, test } from 'vitest'
import { complaints, runCampaign } from './campaign.js'
import { openCorpus, SEED } from './corpora.js'

const FEW = { mutations: 200, seed: SEED, bytes: 1500, perConstant: 40, rejectedSample: 5 }

test.each(['Inds', 'Prims'] as const)('what is accepted of 200 mutants in %s is right', async name => {
  const report = await runCampaign({ ...FEW, environment: openCorpus(name) })
  console.log(`seed ${SEED}`)
  expect(complaints(report)).toEqual([])
  expect(report.mutants).toBe(FEW.mutations)
  const accepted = [...report.tallies.values()].reduce((sum, { right }) => sum + right, 0)
  expect(accepted).toBeGreaterThan(10)
  expect(report.mutants - accepted).toBeGreaterThan(100)
})

test.each([
  ['types of terms', 'fn expect_type(actual: &Expr, t: &Expr) { let _ = actual; let _ = t; () }'],
  [
    'universes of fields',
    'fn field_fits(ty: &Expr, result: &Level) -> G { let _ = check_sort(ty); let _ = result; 1 }',
  ],
  [
    'sides of rules',
    'fn require_rule(rhs: &Expr, levels: G, unsafe: G, body: &Expr, expected: &Expr, conclusion: &Expr) { let _ = [rhs, body, expected, conclusion]; let _ = [levels, unsafe]; () }',
  ],
])('mutants show that a kernel without %s is wrong', async (_, text) => {
  const overlay = [{ name: 'overlay.aiur', text }]
  const report = await runCampaign({ ...FEW, mutations: 300, environment: openCorpus('Inds'), overlay })
  expect(report.wrong.length).toBeGreaterThan(0)
})

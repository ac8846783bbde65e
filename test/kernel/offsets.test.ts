/** Numbers of which only a part is known cost the same whatever the known part is. */
import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { report } from '../../aiur/circuit/cost.js'
import { compileEnvironment } from '../../ixon/compile/compile.js'
import { Environment } from '../../ixon/environment.js'
import { check } from '../../kernel/check.js'
import { openNdjson } from '../../lean/ndjson/source.js'

const FOLDER = '../shared/data/reproducers/'
const data = existsSync(FOLDER)
if (!data) console.log(`offsets.test.ts: no ${FOLDER}, skipped`)

/** Cost of a check of one constant with its closure. */
async function costOf(file: string, name: string): Promise<number> {
  const environment = Environment.fromData(
    compileEnvironment(openNdjson(`${FOLDER}${file}.ndjson`), { roots: [name] }),
    file,
  )
  const verdict = await check({
    environment,
    target: { kind: 'constants', addresses: [environment.addressOf(name)!] },
  })
  expect(verdict.failed).toEqual([])
  expect(verdict.status).toBe('accepted')
  const { layout, record } = verdict.run!
  return report(layout, record).cost.total
}

describe.skipIf(!data)('symbolic numbers', () => {
  test('x + D against D steps of the recursor, for D = 64 .. 512', async () => {
    const costs = [
      await costOf('R01NatRecAdd', 'R01.step64'),
      await costOf('R01NatRecAdd', 'R01.step128'),
      await costOf('R01NatRecAdd256', 'R01.step256'),
      await costOf('R01NatRecAdd512', 'R01.step512'),
    ]
    expect(Math.max(...costs) / Math.min(...costs)).toBeLessThan(1.005)
  })

  test.each([
    'stepC0',
    'step100_sum',
    'step100_succ',
    'step3_ctor',
    'pred_step',
    'not_zero',
    'mul_unfold',
    'pow_unfold',
  ])('R01.%s', async name => {
    await costOf('R01NatRecAddLit', `R01.${name}`)
  })

  test('x >>> 18 costs at most a tenth more than x >>> 6', async () => {
    expect(
      (await costOf('R02ShiftSplit', 'R02.shr18')) / (await costOf('R02ShiftSplit', 'R02.shr6')),
    ).toBeLessThan(1.1)
  })
})

/**
 * npm run guards [-- --file recursor.aiur ...] [-- --decisions]: weakens the kernel at one place after another and prints the test
 * that has another outcome then. Takes every assertion and range check out, or with --decisions forces every match on 0, 1
 * and perhaps a third to each arm. The tests run once for all places; what they executed is executed again for each. Exit code
 * 1 when nothing notices one of them.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createVitest } from 'vitest/node'
import { allWeakenings, weakeningNames } from '../test/kernel/weakenings.js'

/** Tests about a file, the quickest first. */
const TESTS: Readonly<Record<string, readonly string[]>> = {
  addresses: ['digit-advice', 'lying-advice', 'malformed', 'ingress-removal'],
  blake3: ['blake3', 'lying-advice'],
  blake3_bytes: ['digit-advice', 'blake3', 'lying-advice'],
  blake3_nibbles: ['digit-advice', 'blake3', 'lying-advice'],
  bytes: ['digit-advice', 'parse', 'blake3', 'lying-advice', 'malformed'],
  claim: ['walk', 'malformed', 'primitives'],
  contains: ['statements', 'statement-removal'],
  declarations: ['core', 'malformed', 'recursor'],
  def_eq: ['def-eq', 'reduction', 'core'],
  eta: ['def-eq'],
  fuel: ['fuel-removal', 'primitives'],
  inductive: ['mixed-block', 'inductive', 'recursor', 'malformed'],
  infer: ['core', 'reduction'],
  iota: ['reduction'],
  level_normal_form: ['levels'],
  levels: ['levels', 'def-eq'],
  lists: ['malformed'],
  main: ['walk'],
  nat: ['nat-advice', 'advice-removal', 'nat', 'digit-advice', 'nat-reduce'],
  nat_reduce: ['nat-reduce', 'literal-operations'],
  parse: ['parse', 'digit-advice', 'malformed', 'ingress-removal'],
  positivity: ['inductive', 'recursor'],
  primitives: ['witnesses', 'primitives'],
  quotient: ['reduction'],
  recursor: ['recursor-advice', 'recursor'],
  recursor_rules: ['recursor-advice', 'recursor'],
  recursor_type: ['recursor-advice', 'recursor'],
  residuals: ['residuals'],
  residual_plan: ['residuals'],
  resolve: ['parse', 'malformed', 'ingress-removal'],
  reveal: ['statements', 'statement-removal'],
  skip_set: ['walk', 'lying-advice', 'ingress-removal'],
  string_bytes: ['string-bytes'],
  strings: ['strings', 'malformed', 'ingress-removal', 'primitives'],
  substitution: ['substitution-removal'],
  walk: ['walk', 'ingress-removal'],
  witnesses: ['witnesses', 'primitives'],
}

const { values: options } = parseArgs({
  options: { file: { type: 'string', multiple: true }, decisions: { type: 'boolean', default: false } },
})

const vitest = await createVitest('test', {
  config: false,
  watch: false,
  include: ['test/kernel/*.test.ts'],
  setupFiles: ['test/kernel/replay.ts'],
  testTimeout: 600_000,
  pool: 'forks',
  maxWorkers: 1,
  reporters: [{}],
  // Names of tests in full.
  chaiConfig: { truncateThreshold: 0 },
})
await vitest.standalone()

const weakenings = allWeakenings(options.decisions)
const names = weakeningNames(weakenings)
const folder = mkdtempSync(join(tmpdir(), 'guards-'))
const noticed = new Map<number, string>()

const wanted = [...weakenings.keys()].filter(i => options.file?.includes(weakenings[i]!.file) ?? true)
const testsOf = (i: number): readonly string[] => TESTS[weakenings[i]!.file.replace('.aiur', '')] ?? []
for (const test of new Set(wanted.flatMap(testsOf))) {
  const places = wanted.filter(i => !noticed.has(i) && testsOf(i).includes(test))
  if (places.length === 0) continue
  process.stderr.write(`${test}: ${places.length} places\n`)
  for (const [place, name] of await askedOf(test, places)) noticed.set(place, `${test}: ${name}`)
}
await vitest.close()
rmSync(folder, { recursive: true })

for (const i of wanted)
  console.log(
    `${names[i]}\n    ${noticed.get(i) ?? (testsOf(i).length > 0 ? 'nothing notices' : 'has no tests here')}`,
  )
const missed = wanted.filter(i => !noticed.has(i))
console.log(`${wanted.length} places, ${missed.length} that nothing notices`)
process.exitCode = missed.length > 0 ? 1 : 0

/** Places that a file of tests notices, and by which of its tests. */
async function askedOf(test: string, places: readonly number[]): Promise<[number, string][]> {
  const report = join(folder, `${test}.txt`)
  writeFileSync(report, '')
  vitest.provide('weakenings', { decisions: options.decisions, places, report })
  const specifications = await vitest.globTestSpecifications([`/${test}.test.ts`])
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications)
  const failed = testModules.filter(module => !module.ok())
  if (failed.length > 0 || testModules.length === 0 || unhandledErrors.length > 0)
    throw new Error(
      `${test} fails as it is: ${String(unhandledErrors[0] ?? failed[0]?.errors()[0]?.message)}`,
    )
  const lines = readFileSync(report, 'utf8').split('\n').slice(0, -1)
  return lines.map(line => JSON.parse(line) as [number, string])
}

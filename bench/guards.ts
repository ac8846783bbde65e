/**
 * npm run guards [-- --file recursor.aiur]: takes every guard of the kernel out, one after another, runs the tests about its
 * file, and prints the test that fails. Takes an hour or two for all files.
 */
import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { compile } from '../aiur/language/compile.js'
import { ENTRY, kernelSources } from '../kernel/sources.js'
import { type Guard, guardNames, guardsOf, withoutGuard } from '../test/kernel/guards.js'

/** Without a limit on the work that a step may take, tests of this limit do not end. */
const TIME_LIMIT_MS = 900_000

/** Tests about the guards of a file. */
const TESTS: Readonly<Record<string, readonly string[]>> = {
  addresses: ['lying-advice', 'malformed', 'primitives'],
  blake3: ['blake3', 'lying-advice'],
  blake3_bytes: ['blake3', 'lying-advice'],
  bytes: ['malformed', 'lying-advice', 'parse'],
  claim: ['walk', 'primitives', 'malformed'],
  contains: ['statements'],
  declarations: ['core', 'malformed'],
  def_eq: ['def-eq', 'core'],
  eta: ['def-eq'],
  fuel: ['primitives', 'fuel-removal'],
  inductive: ['inductive', 'mixed-block'],
  infer: ['core', 'reduction'],
  iota: ['reduction'],
  lists: ['malformed'],
  main: ['walk'],
  nat: ['nat', 'advice-removal'],
  nat_reduce: ['nat-reduce'],
  parse: ['malformed', 'parse', 'ingress-removal'],
  positivity: ['inductive'],
  primitives: ['primitives', 'witnesses'],
  quotient: ['reduction'],
  recursor: ['recursor', 'recursor-advice'],
  recursor_rules: ['recursor', 'recursor-advice'],
  recursor_type: ['recursor', 'recursor-advice'],
  resolve: ['malformed', 'ingress-removal', 'parse'],
  reveal: ['statements'],
  skip_set: ['walk', 'lying-advice', 'ingress-removal'],
  string_bytes: ['string-bytes'],
  strings: ['strings', 'malformed', 'ingress-removal', 'primitives'],
  substitution: ['substitution-removal'],
  walk: ['walk', 'ingress-removal'],
  witnesses: ['witnesses', 'primitives'],
}

const VITEST = 'node_modules/vitest/vitest.mjs'
const { values: options } = parseArgs({ options: { file: { type: 'string' } } })
const sources = kernelSources()

for (const source of sources) {
  const file = source.name.replace('kernel/', '')
  if (options.file !== undefined && options.file !== file) continue
  const guards = guardsOf(source)
  const names = guardNames(guards)
  guards.forEach((guard, i) => {
    console.log(`${names[i]}\n    ${sweep(file, source.text, guard, i)}`)
  })
}

function sweep(file: string, text: string, guard: Guard, number: number): string {
  const weakened = sources.map(each =>
    each.text === text ? { ...each, text: withoutGuard(text, guard) } : each,
  )
  try {
    compile(weakened, { roots: [ENTRY] })
  } catch (error) {
    return `does not compile: ${(error as Error).message.split('\n')[0]}`
  }
  const tests = (TESTS[file.replace('.aiur', '')] ?? []).map(test => `test/kernel/${test}.test.ts`)
  const { stdout, error } = spawnSync(
    process.execPath,
    [VITEST, 'run', '--project', 'weakened', '--bail', '1', '--reporter', 'json', ...tests],
    {
      timeout: TIME_LIMIT_MS,
      killSignal: 'SIGKILL',
      env: { ...process.env, IX_GUARD: String(number), IX_GUARD_FILE: file },
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    },
  )
  if (error !== undefined) return `the tests do not end: ${error.message}`
  const { testResults } = JSON.parse(stdout.slice(stdout.indexOf('{'))) as Results
  for (const { name, assertionResults } of testResults)
    for (const { status, title } of assertionResults)
      if (status === 'failed') return `${name.replace(/.*test\/kernel\/|\.test\.ts/g, '')}: ${title}`
  return 'nothing notices'
}

interface Results {
  readonly testResults: readonly {
    readonly name: string
    readonly assertionResults: readonly { readonly status: string; readonly title: string }[]
  }[]
}

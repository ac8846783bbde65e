/**
 * npm run guards [-- --file recursor.aiur ...] [-- --decisions]: weakens the kernel at one place after another, runs the tests about
 * the file until one fails, and prints it. Takes every assertion and range check out, or with --decisions forces every match on 0
 * or 1 to either arm. Exit code 1 when nothing notices one of them.
 */
import { parseArgs } from 'node:util'
import { createVitest, type Reporter, type TestCase, type TestModule } from 'vitest/node'
import { compile } from '../aiur/language/compile.js'
import { ENTRY, kernelSources } from '../kernel/sources.js'
import {
  decisionsOf,
  guardsOf,
  NO_SUCH_KERNEL,
  type Weakening,
  weakened,
  weakeningNames,
} from '../test/kernel/weakenings.js'

/** A weaker kernel may not end where the real one does. */
const TIME_LIMIT_MS = 300_000

/** Tests about a file, the quickest first. */
const TESTS: Readonly<Record<string, readonly string[]>> = {
  addresses: ['digit-advice', 'lying-advice', 'malformed', 'ingress-removal', 'primitives'],
  blake3: ['blake3', 'lying-advice'],
  blake3_bytes: ['digit-advice', 'blake3', 'lying-advice'],
  blake3_nibbles: ['digit-advice', 'blake3', 'lying-advice'],
  bytes: ['digit-advice', 'parse', 'blake3', 'lying-advice', 'malformed'],
  claim: ['walk', 'malformed', 'primitives'],
  contains: ['statements', 'statement-removal'],
  declarations: ['core', 'malformed'],
  def_eq: ['def-eq', 'core'],
  eta: ['def-eq'],
  fuel: ['fuel-removal', 'primitives'],
  inductive: ['mixed-block', 'inductive', 'recursor', 'malformed'],
  infer: ['core', 'reduction'],
  iota: ['reduction'],
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
  resolve: ['parse', 'malformed', 'ingress-removal'],
  reveal: ['statements', 'statement-removal'],
  skip_set: ['walk', 'lying-advice', 'ingress-removal'],
  string_bytes: ['string-bytes'],
  strings: ['strings', 'malformed', 'ingress-removal', 'primitives'],
  substitution: ['substitution-removal'],
  walk: ['walk', 'ingress-removal'],
  witnesses: ['witnesses', 'primitives'],
}

const NOTHING = 'nothing notices'

const { values: options } = parseArgs({
  options: { file: { type: 'string', multiple: true }, decisions: { type: 'boolean', default: false } },
})

/** The first failure of the tests that run. */
let failure: string | undefined

/** A test that cannot weaken the kernel further says nothing. */
const says = ({ message }: { message: string }): boolean => !message.includes(NO_SUCH_KERNEL)

function fails(where: string, errors: readonly { message: string }[] | undefined): void {
  if (failure !== undefined || !errors?.some(says)) return
  failure = where
  void vitest.cancelCurrentRun('test-failure')
}

const reporter: Reporter = {
  onTestCaseResult: (test: TestCase) => fails(`${nameOf(test.module)}: ${test.name}`, test.result().errors),
  onTestModuleEnd: (module: TestModule) => fails(nameOf(module), module.errors()),
}

const nameOf = ({ moduleId }: TestModule): string => moduleId.replace(/.*test\/kernel\/|\.test\.ts/g, '')

const vitest = await createVitest('test', {
  config: false,
  watch: false,
  include: ['test/kernel/*.test.ts'],
  setupFiles: ['test/kernel/weaken.ts'],
  testTimeout: TIME_LIMIT_MS,
  teardownTimeout: TIME_LIMIT_MS,
  pool: 'forks',
  maxWorkers: 1,
  reporters: [reporter],
  // Names of tests in full.
  chaiConfig: { truncateThreshold: 0 },
})
await vitest.standalone()

const sources = kernelSources()
let missed = 0
for (const source of sources) {
  const file = source.name.replace('kernel/', '')
  if (options.file !== undefined && !options.file.includes(file)) continue
  const tests = [...(TESTS[file.replace('.aiur', '')] ?? [])]
  const weakenings = options.decisions ? decisionsOf(source) : guardsOf(source)
  const names = weakeningNames(weakenings)
  for (const [i, weakening] of weakenings.entries()) {
    const answer = await sweep(source.text, weakening, tests)
    if (answer === NOTHING) missed++
    console.log(`${names[i]}\n    ${answer}`)
  }
}
await vitest.close()
process.exitCode = missed > 0 ? 1 : 0

/** Moves the file of tests that notices to the front: the next place is likely to be noticed there, too. */
async function sweep(text: string, weakening: Weakening, tests: string[]): Promise<string> {
  const weaker = { file: weakening.file, text: weakened(text, weakening) }
  try {
    const all = sources.map(each => (each.text === text ? { ...each, text: weaker.text } : each))
    compile(all, { roots: [ENTRY] })
  } catch (error) {
    return `does not compile: ${(error as Error).message.split('\n')[0]}`
  }
  for (const further of [false, true]) {
    vitest.provide('weakened', { ...weaker, further })
    for (const [i, name] of tests.entries()) {
      const found = await firstFailure(name)
      if (found === undefined) continue
      tests.unshift(...tests.splice(i, 1))
      return found
    }
  }
  return NOTHING
}

async function firstFailure(name: string): Promise<string | undefined> {
  failure = undefined
  const limit = setTimeout(() => {
    failure = `${name} does not end`
    // The second time it stops tests that do not listen.
    void vitest.cancelCurrentRun('test-failure')
    void vitest.cancelCurrentRun('test-failure')
  }, TIME_LIMIT_MS)
  const specifications = await vitest.globTestSpecifications([`test/kernel/${name}.test.ts`])
  const { unhandledErrors } = await vitest.runTestSpecifications(specifications)
  clearTimeout(limit)
  return (
    failure ?? (unhandledErrors.length > 0 ? `${name} breaks off: ${String(unhandledErrors[0])}` : undefined)
  )
}

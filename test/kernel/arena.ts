import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { compileEnvironment } from '../../ixon/compile/compile.js'
import { Environment } from '../../ixon/environment.js'
import { check } from '../../kernel/check.js'
import { InputError } from '../../lean/input-error.js'
import { openNdjson } from '../../lean/ndjson/source.js'

const FOLDER = '../shared/data/arena/'

interface ArenaCase {
  readonly file: string
  readonly test: string
  readonly group: string
  readonly expected: 'good' | 'bad'
  readonly bytes: number
}

/** Status of checking everything in an export; an export that no environment can be made of is rejected. */
async function verdictOf(file: string): Promise<string> {
  let environment: Environment
  try {
    environment = Environment.fromData(compileEnvironment(openNdjson(file)), file)
  } catch (error) {
    if (error instanceof InputError) return `rejected: ${error.message}`
    throw error
  }
  const { status, failed, undecided } = await check({
    environment,
    target: { kind: 'constants', addresses: [...environment.addresses()] },
  })
  return [status, ...[...failed, ...undecided].map(({ name, reason }) => `${name}: ${reason}`)].join('\n')
}

/** One test for each case of the kernel arena that is wanted. */
export function testArena(wanted: (bytes: number) => boolean): void {
  const index = `${FOLDER}index.json`
  if (!existsSync(index)) {
    test.skip(`no ${FOLDER}: the arena's cases are skipped`)
    console.log(`no ${FOLDER}: the arena's cases are skipped`)
    return
  }
  const { tests } = JSON.parse(readFileSync(index, 'utf8')) as { tests: ArenaCase[] }
  const cases = tests.filter(({ bytes }) => wanted(bytes))
  test.each(cases)('$group $expected $test', async ({ file, expected }) => {
    expect(await verdictOf(FOLDER + file)).toMatch(expected === 'good' ? /^accepted$/ : /^rejected/)
  })
}

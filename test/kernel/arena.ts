import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { EXIT } from '../../cli/exit.js'
import { run } from '../../cli/run.js'
import { bufferTerminal } from '../cli/buffer-terminal.js'

const FOLDER = '../shared/data/arena/'

interface ArenaCase {
  readonly file: string
  readonly test: string
  readonly group: string
  readonly expected: 'good' | 'bad'
  readonly bytes: number
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
    const terminal = bufferTerminal()
    const code = await run(['check', '--ndjson', FOLDER + file], terminal)
    expect(code, terminal.stdout.text + terminal.stderr.text).toBe(
      expected === 'good' ? EXIT.ok : EXIT.rejected,
    )
  })
}

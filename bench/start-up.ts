/**
 * npm run bench:start-up [-- --runs 10]: how long a command takes from its start to its end with everything in the cache,
 * by itself and through npx. Wall times are the user's; processor time says what is left on a busy machine.
 */

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { packageRoot } from '../cli/package-root.js'
import { fixed, median, table } from './measure.js'

const { values: options } = parseArgs({ options: { runs: { type: 'string', default: '10' } } })
const runs = Number(options.runs)
const main = join(packageRoot(), 'dist', 'cli', 'main.js')

const COMMANDS = [
  ['node --version', ['node', '--version']],
  ['ix --version', ['node', main, '--version']],
  ['ix check Nat.add', ['node', main, 'check', 'Nat.add']],
  ['ix check --shard 10', ['node', main, 'check', '--shard', '10']],
  ['npx ix --version', ['npx', 'ix', '--version']],
  ['npx ix check Nat.add', ['npx', 'ix', 'check', 'Nat.add']],
] as const

/** Seconds of one run: wall, user and system. */
function run(command: readonly string[]): [number, number, number] {
  const started = performance.now()
  const { status, stderr } = spawnSync('bash', ['-c', 'TIMEFORMAT="%U %S"; time "$@"', 'bash', ...command], {
    cwd: packageRoot(),
    encoding: 'utf8',
  })
  const wall = (performance.now() - started) / 1000
  if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}: ${stderr}`)
  const [user, system] = stderr.trim().split('\n').at(-1)!.split(' ').map(Number) as [number, number]
  return [wall, user, system]
}

const rows = COMMANDS.map(([name, command]) => {
  run(command)
  const times = Array.from({ length: runs }, () => run(command))
  const walls = times.map(([wall]) => wall)
  const processor = times.map(([, user, system]) => user + system)
  return [
    name,
    fixed(median(walls)),
    fixed(Math.min(...walls)),
    fixed(median(processor)),
    fixed(Math.min(...processor)),
  ]
})
console.log(`${runs} runs each, seconds, node ${process.version}`)
console.log(table(['command', 'wall, median', 'least', 'processor, median', 'least'], rows))

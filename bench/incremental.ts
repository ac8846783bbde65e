/**
 * What snapshots save on the bundled library: a full run that saves one, the same again with nothing changed, then with one leaf
 * changed, which is also checked in full to compare the reports. Every run is a process of its own. `--jobs N` is handed on.
 * Prints a table in Markdown for docs/lazy-and-incremental.md; ends with code 1 when a report differs from what a full run
 * says.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual, parseArgs } from 'node:util'
import { run } from '../cli/run.js'
import { type Library, writeChangedLibrary, writeLibrary } from './changed-leaf.js'

interface Shard {
  readonly id: number
  readonly seconds: number
  readonly reused?: number
  readonly partial?: boolean
  readonly rows: number
  readonly cost: number
  readonly memory: object | null
}

interface Report {
  readonly status: string
  readonly shards: readonly Shard[]
  readonly constants: number
  readonly checked: number
  readonly incremental?: {
    readonly reused: number
    readonly checkedAgain: number
    readonly stale: string | null
  }
}

interface Run {
  readonly name: string
  readonly report: Report
  /** User and system time in seconds, of all threads. */
  readonly processor: number
  readonly peakBytes: number
}

/** One run of the command line in this process: its report and what it took. */
async function inner(argv: readonly string[]): Promise<void> {
  let out = ''
  const write = (text: string): boolean => {
    out += text
    return true
  }
  const stdout = { isTTY: false, columns: 100, write }
  const stderr = { isTTY: false, columns: 100, write: (text: string) => process.stderr.write(text) }
  await run(argv, { stdout, stderr, env: process.env } as unknown as Parameters<typeof run>[1])
  const { user, system } = process.cpuUsage()
  const taken = { processor: (user + system) / 1e6, peakBytes: 1024 * process.resourceUsage().maxRSS }
  process.stdout.write(JSON.stringify({ report: JSON.parse(out), ...taken }))
}

function outer(name: string, { ixe, ixes }: Library, jobs: string, ...flags: string[]): Run {
  const argv = [
    'check',
    '--all',
    '--keep-going',
    '--json',
    '--jobs',
    jobs,
    '--ixe',
    ixe,
    '--ixes',
    ixes,
    ...flags,
  ]
  process.stderr.write(`${name}: ix ${argv.join(' ')}\n`)
  const text = execFileSync(process.execPath, [fileURLToPath(import.meta.url), '--', ...argv], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return { name, ...(JSON.parse(text) as Omit<Run, 'name'>) }
}

/** What a report says, without how it came about; without the figures of shards that were checked in part. */
function verdicts({ status, checked, constants, shards }: Report, parts: ReadonlySet<number>): unknown {
  const figures = shards.map(({ seconds: _, reused: __, partial: ___, ...shard }) => {
    if (!parts.has(shard.id)) return shard
    const { rows: _rows, cost: _cost, memory: _memory, ...verdict } = shard
    return verdict
  })
  return { status, checked, constants, shards: figures }
}

function main(jobs: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'ix-incremental-'))
  try {
    const library = writeLibrary(folder)
    const changed = writeChangedLibrary(folder)
    const snapshot = join(folder, 'library.ixsnap')
    const next = join(folder, 'changed.ixsnap')
    const first = outer('everything, saved', library, jobs, '--incr-save', snapshot)
    const runs = [
      first,
      outer('nothing changed, fast', library, jobs, '--incr-load', snapshot),
      outer('nothing changed, strict', library, jobs, '--incr-load', snapshot, '--incr-check', 'strict'),
      outer('one leaf changed', changed, jobs, '--incr-load', snapshot, '--incr-save', next, '--incr-delta'),
      outer('the changed library in full', changed, jobs),
    ]
    const references = [first, first, first, runs[4]!, runs[4]!]
    process.stdout.write(
      `| run | constants checked | taken over | processor time | of the first | peak memory |\n`,
    )
    process.stdout.write('|---|---|---|---|---|---|\n')
    runs.forEach(({ name, report, processor, peakBytes }, i) => {
      const { reused = 0, checkedAgain = report.constants } = report.incremental ?? {}
      const share = `${((100 * processor) / first.processor).toFixed(1)} %`
      const cells = [
        name,
        checkedAgain,
        reused,
        `${processor.toFixed(1)} s`,
        share,
        `${Math.round(peakBytes / 2 ** 20)} MiB`,
      ]
      process.stdout.write(`| ${cells.join(' | ')} |\n`)
      const parts = new Set(report.shards.filter(shard => shard.partial === true).map(shard => shard.id))
      if (isDeepStrictEqual(verdicts(report, parts), verdicts(references[i]!.report, parts))) return
      process.stderr.write(`${name}: the report is not that of a full run\n`)
      process.exitCode = 1
    })
    const size = (file: string): string => `${(statSync(file).size / 2 ** 20).toFixed(2)} MiB`
    process.stdout.write(`\nchanged: ${changed.leaf}; snapshot ${size(snapshot)}, delta ${size(next)}\n`)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const end = process.argv.indexOf('--')
if (end >= 0) await inner(process.argv.slice(end + 1))
else main(parseArgs({ options: { jobs: { type: 'string', default: '2' } } }).values.jobs)

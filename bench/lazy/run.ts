/**
 * What laziness saves: `npm run bench:lazy -- --library DIR` measures reading for closures of the library, eager and lazy, and
 * prints a table; `--record FILE` keeps the run, `--against FILE` compares with a kept one and fails on growth without a
 * reason (`--reasons FILE`), `--compare A B` does so for two kept runs without measuring.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import yargs from 'yargs'
import { packageRoot } from '../../cli/package-root.js'
import { gate, type Measurement, type Run, readRun } from './gate.js'
import { CONSTANT, ROOTS, VARIANTS, type Variant, WORKS, type Work } from './workloads.js'

const options = await yargs(process.argv.slice(2))
  .option('library', { type: 'string', describe: 'Folder of .olean files (default: IX_LEAN_LIBRARY)' })
  .option('roots', { type: 'string', default: ROOTS.join(), describe: 'Roots to measure' })
  .option('works', { type: 'string', default: WORKS.join(), describe: 'Workloads to measure' })
  .option('runs', { type: 'number', default: 3, describe: 'Processes per figure; the least counts' })
  .option('record', { type: 'string', describe: 'Write the figures as JSON' })
  .option('against', { type: 'string', describe: 'Compare with recorded figures' })
  .option('compare', { type: 'string', array: true, describe: 'Two recorded runs to compare instead' })
  .option('reasons', { type: 'string', describe: 'JSON: why growth of `<workload>: <metric>` is accepted' })
  .strict().argv

const { compare, against, record, reasons, runs } = options
if (compare !== undefined) {
  const [before, after] = compare
  if (before === undefined || after === undefined) throw new Error('--compare needs two recorded runs')
  process.exitCode = gate(before, readRun(after), reasons, console.log)
} else {
  const library = options.library ?? process.env.IX_LEAN_LIBRARY
  if (library === undefined) throw new Error('--library DIR or IX_LEAN_LIBRARY says where the library is')
  const roots = options.roots.split(',')
  const works = options.works.split(',')
  const run = measure(library, roots, works as Work[])
  const isAsked = (workload: string): boolean => {
    const [root, work] = workload.split(' ')
    return roots.includes(root!) && works.includes(work!)
  }
  if (record !== undefined) writeFileSync(record, `${JSON.stringify(run, null, 1)}\n`)
  if (against !== undefined) process.exitCode = gate(against, run, reasons, console.log, isAsked)
}

function measure(library: string, roots: readonly string[], works: readonly Work[]): Run {
  const folder = mkdtempSync(join(tmpdir(), 'bench-lazy-'))
  const run: Record<string, Measurement> = {}
  const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(1)
  console.log(
    '| root | work | mode | bytes read (MiB) | modules opened | peak memory (MiB) | cpu (s) | first verdict (cpu s) |',
  )
  console.log('|---|---|---|---|---|---|---|---|')
  try {
    for (const root of roots) {
      // Makes the index.
      child('workload.js', [library, root, 'header', 'all', folder])
      for (const work of works) {
        if (work === 'latency') {
          printLatencies(root, child('workload.js', [library, root, work, 'all', folder]))
          continue
        }
        for (const variant of Object.keys(VARIANTS) as Variant[]) {
          const { mode, indexed } = VARIANTS[variant]
          const figures = least([library, root, work, mode, indexed ? folder : '-'])
          const hasOwnIndex = mode !== 'all' || indexed
          const firstVerdict =
            work === 'one' && hasOwnIndex ? verdictTime(library, root, mode, indexed) : null
          run[`${root} ${work} ${variant}`] = { ...figures, firstVerdict }
          const { bytesRead, modulesOpened, peakMemory, cpu } = figures
          const seconds = (ms: number | null): string => (ms === null ? '' : (ms / 1000).toFixed(2))
          console.log(
            `| ${root} | ${work} | ${variant} | ${mib(bytesRead)} | ${modulesOpened} | ${mib(peakMemory)} | ${seconds(cpu)} | ${seconds(firstVerdict)} |`,
          )
        }
      }
    }
    return run
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Counted work is the same in every run; memory and time are at least what they must be. */
function least(args: readonly string[]): Measurement {
  const all = Array.from({ length: Math.max(1, runs) }, () => child('workload.js', args) as Measurement)
  const of = (metric: 'peakMemory' | 'cpu'): number => Math.min(...all.map(figures => figures[metric]))
  return { ...all[0]!, peakMemory: of('peakMemory'), cpu: of('cpu') }
}

function child(script: string, args: readonly string[]): unknown {
  const path = join(packageRoot(), 'dist/bench/lazy', script)
  const { status, stdout, stderr } = spawnSync(process.execPath, [path, ...args], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${args.join(' ')} ended with status ${status}: ${stderr}`)
  return JSON.parse(stdout)
}

/** Processor time in milliseconds of `ix check` of one constant, the kernel in the cache. */
function verdictTime(library: string, root: string, mode: string, indexed: boolean): number {
  const main = join(packageRoot(), 'dist/cli/main.js')
  const args = [main, 'check', '--olean', library, '--module', root, '--lazy', mode, CONSTANT[root]!]
  const once = (): number => {
    const before = childTime()
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
    if (status !== 0) throw new Error(`${args.join(' ')} ended with status ${status}: ${stderr}`)
    return childTime() - before
  }
  // The first run finds kernel and index missing.
  if (indexed) once()
  return once()
}

/** Processor time of the children that ended, in milliseconds: fields 16 and 17 of /proc/self/stat, in ticks of 10 ms. */
function childTime(): number {
  const text = readFileSync('/proc/self/stat', 'utf8')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return 10 * (Number(fields[13]) + Number(fields[14]))
}

function printLatencies(root: string, figures: unknown): void {
  const { latencies } = figures as { latencies: Record<'first' | 'second', number[]> }
  const edges = [0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32]
  const rows = (['first', 'second'] as const).map(use => {
    const sorted = latencies[use].toSorted((left, right) => left - right)
    const counts = [...edges, Number.POSITIVE_INFINITY].map(
      (edge, index) => sorted.filter(each => each < edge && each >= (edges[index - 1] ?? 0)).length,
    )
    const at = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(2)
    return `| ${root} | ${use} use | ${counts.join(' | ')} | ${at(0.5)} | ${at(0.95)} |`
  })
  console.log(
    `\n| root | elapsed ms | ${edges.map(edge => `< ${edge}`).join(' | ')} | more | median | 95 % |`,
  )
  console.log(`|---|---|${edges.map(() => '---|').join('')}---|---|---|`)
  for (const row of rows) console.log(row)
  console.log()
}

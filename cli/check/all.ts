/** `ix check --all`: every shard of a manifest. */
import { availableParallelism, totalmem } from 'node:os'
import { compiledKernel } from '../../kernel/compiled.js'
import { kernelEngine } from '../../kernel/engine.js'
import { constantsOf } from '../../shards/graph.js'
import { bundledManifest } from '../bundled.js'
import type { Context } from '../context.js'
import { openEnvironment } from '../environment.js'
import { EXIT } from '../exit.js'
import { bytes, count, duration, plural, short } from '../format.js'
import { untilInterrupted } from '../interrupt.js'
import { limitsOf } from '../limits.js'
import { readOverlays } from '../overlay.js'
import { table } from '../table.js'
import type { CheckOptions } from './options.js'
import { checkShards } from './pool.js'
import { coverageLine, openPartition } from './shard-target.js'
import type { ShardResult, ShardTask } from './shard-task.js'

export async function checkAll(options: CheckOptions, context: Context): Promise<void> {
  const limits = limitsOf(options)
  const overlay = readOverlays(options.overlay)
  const { ixe, ixes = bundledManifest(), engine, cost: model, jobs = defaultJobs(), keepGoing } = options
  const started = performance.now()
  const environment = openEnvironment(ixe)
  const partition = openPartition(environment, ixes, context)
  if (options.json !== true) context.print(coverageLine(partition))
  const tasks: ShardTask[] = partition.manifest.shards.map(({ id, blocks }) => ({
    id,
    owned: constantsOf(partition.graph, blocks),
  }))
  environment.close()
  // Compiled once, before every worker finds it missing.
  await kernelEngine(engine, await compiledKernel(overlay), true)
  const settings = { ixe, engine, model, constraints: options.constraints === true, limits, overlay }
  const label = `Checking ${plural(tasks.length, 'shard')}`
  let interrupted = false
  const results = await untilInterrupted(true, signal => {
    signal.addEventListener('abort', () => {
      interrupted = true
    })
    return checkShards(tasks, settings, {
      jobs,
      keepGoing,
      signal,
      onProgress: (done, total) => context.progress.update(label, done, total, 'constants'),
    })
  })
  context.progress.stop()
  const has = (status: ShardResult['status']): boolean => results.some(result => result.status === status)
  const status = has('rejected')
    ? 'rejected'
    : has('died') || has('undecided') || interrupted
      ? 'undecided'
      : 'accepted'
  context.exitCode = EXIT[status === 'accepted' ? 'ok' : status]
  const summary: Summary = {
    status,
    shards: tasks.length,
    results,
    interrupted,
    seconds: (performance.now() - started) / 1000,
    // In KiB on every platform.
    residentBytes: 1024 * process.resourceUsage().maxRSS,
  }
  if (options.json === true)
    context.printJson({
      target: 'all',
      engine,
      jobs,
      model,
      ...(overlay.length === 0 ? {} : { overlay: options.overlay }),
      ...summaryJson(summary),
    })
  else {
    for (const { name } of overlay)
      context.print(`by a kernel with functions of ${name}, not by the kernel itself`)
    printSummary(summary, context)
  }
}

interface Summary {
  readonly status: 'accepted' | 'rejected' | 'undecided'
  /** Of the manifest. */
  readonly shards: number
  readonly results: readonly ShardResult[]
  readonly interrupted: boolean
  readonly seconds: number
  /** Most of the process's memory that was resident at a time. */
  readonly residentBytes: number
}

/** Room for the tables of a heavy shard and what surrounds them. */
const BYTES_PER_JOB = 4 * 2 ** 30

function defaultJobs(): number {
  return Math.max(1, Math.min(availableParallelism(), Math.floor(totalmem() / BYTES_PER_JOB)))
}

const sum = (results: readonly ShardResult[], of: (result: ShardResult) => number): number =>
  results.reduce((total, result) => total + of(result), 0)

function summaryJson({ status, results, shards, interrupted, seconds, residentBytes }: Summary) {
  return {
    status,
    interrupted,
    missing: shards - results.length,
    constants: sum(results, result => result.constants),
    checked: sum(results, result => result.checked),
    rows: sum(results, result => result.rows),
    cost: sum(results, result => result.cost),
    shards: results,
    residentBytes,
    seconds,
  }
}

function printSummary(summary: Summary, context: Context): void {
  const { results, status } = summary
  const { colors } = context
  const titles = ['shard', 'constants', 'rows', 'FFT cost', 'seconds', 'memory', 'B/entry', 'verdict']
  const row = (result: ShardResult): string[] => [
    String(result.id),
    count(result.constants),
    count(result.rows),
    count(result.cost),
    result.seconds.toFixed(1),
    bytes(result.memory?.bytes ?? 0),
    result.memory === null ? '' : result.memory.bytesPerEntry.toFixed(1),
    result.status,
  ]
  context.print()
  context.terminal.stdout.write(
    table(
      titles.map(title => ({ title })),
      results.map(row),
      colors,
    ),
  )
  context.print()
  for (const result of results) {
    const shard = `shard ${result.id}:`
    if (result.error !== undefined) context.print(`${colors.red('died')} ${shard} ${result.error}`)
    for (const [word, failures] of [
      [colors.red('rejected'), result.failed],
      [colors.yellow('undecided'), result.undecided],
    ] as const)
      for (const { name, reason } of failures) context.print(`${word} ${shard} ${name}: ${reason}`)
    for (const violation of result.violations ?? [])
      context.print(`${colors.red('violated')} ${shard} ${violation}`)
  }
  if (summary.interrupted) context.print('interrupted')
  const missing = summary.shards - results.length
  const color = { accepted: colors.green, rejected: colors.red, undecided: colors.yellow }[status]
  const checked = sum(results, result => result.checked)
  const rows = sum(results, result => result.rows)
  context.print(
    `${colors.bold(color(status))} ${plural(results.length, 'shard')}${missing > 0 ? ` of ${count(summary.shards)}` : ''}: ` +
      `${plural(checked, 'constant')} checked, ${count(rows)} rows, FFT cost ${count(sum(results, r => r.cost))}`,
  )
  context.print(
    `${duration(summary.seconds)}, ${short(rows / summary.seconds)} rows/s, ` +
      `at most ${bytes(summary.residentBytes)} of memory in use`,
  )
}

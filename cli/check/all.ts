/** `ix check --all`: every shard of a manifest. */
import { availableParallelism, totalmem } from 'node:os'
import { compiledKernel } from '../../kernel/compiled.js'
import { kernelEngine } from '../../kernel/engine.js'
import { constantsOf } from '../../shards/graph.js'
import { bundledFile, bundledManifest } from '../bundled.js'
import type { Context } from '../context.js'
import { openEnvironment } from '../environment.js'
import { EXIT } from '../exit.js'
import { bytes, count, duration, plural, short } from '../format.js'
import { type IncrementalReport, IncrementalSession, type Input, reportLine } from '../incremental/session.js'
import { ShardPlans, savedResults } from '../incremental/shards.js'
import { untilInterrupted } from '../interrupt.js'
import { limitsOf } from '../limits.js'
import { readOverlays } from '../overlay.js'
import type { CheckOptions } from './options.js'
import { checkShards } from './pool.js'
import { coverageLine, coverageText, openPartition } from './shard-target.js'
import type { ShardResult, ShardTask } from './shard-task.js'

export async function checkAll(options: CheckOptions, context: Context): Promise<void> {
  const limits = limitsOf(options)
  const overlay = readOverlays(options.overlay)
  const { ixe, ixes = bundledManifest(), engine, cost: model, jobs = defaultJobs(), keepGoing } = options
  const started = performance.now()
  const inputs: Input[] = [
    { kind: 'ixe', name: 'environment', file: ixe ?? bundledFile() },
    { kind: 'ixes', name: 'manifest', file: ixes },
  ]
  const session = await IncrementalSession.begin(options, options, limits, overlay, inputs, context)
  const saved = session && savedResults(session, keepGoing)
  let interrupted = false
  let shards = saved === undefined ? 0 : session!.partition!.shards.length
  let results = saved ?? []
  if (saved !== undefined) {
    if (options.json !== true) context.print(coverageText(shards, session!.partition!.constants))
  } else {
    const environment = openEnvironment(ixe)
    const partition = openPartition(environment, ixes, context)
    if (options.json !== true) context.print(coverageLine(partition))
    const all: ShardTask[] = partition.manifest.shards.map(({ id, blocks }) => ({
      id,
      owned: constantsOf(partition.graph, blocks),
    }))
    shards = all.length
    const plans = session && new ShardPlans(session, environment, all, keepGoing, options.allow)
    const tasks = plans?.tasks() ?? all
    const constraints = options.constraints === true
    const bounds = { ...limits, jobs }
    const settings = { ixe, engine, model, constraints, limits: bounds, overlay, allow: options.allow ?? [] }
    // Compiled once, before every worker finds it missing.
    if (tasks.length > 0) await kernelEngine(engine, await compiledKernel(overlay), true)
    const label = `Checking ${plural(tasks.length, 'shard')}`
    results = await untilInterrupted(true, signal => {
      signal.addEventListener('abort', () => {
        interrupted = true
      })
      return checkShards(tasks, settings, {
        jobs,
        keepGoing,
        signal,
        // What is saved has to be at hand soon.
        ...(session?.saves === true ? { settle: SETTLE_MS } : {}),
        onProgress: (done, total) => context.progress.update(label, done, total, 'constants'),
      })
    })
    context.progress.stop()
    for (const { id, notices = [] } of results)
      for (const line of notices) context.note(`shard ${id}: ${line}`)
    if (plans !== undefined) {
      results = plans.merge(results)
      session!.indexNames(environment)
      session!.partition = { shards: all.map(({ id }) => id), constants: partition.graph.constants.length }
    }
    environment.close()
  }
  session?.save()
  const has = (status: ShardResult['status']): boolean => results.some(result => result.status === status)
  const status = has('rejected')
    ? 'rejected'
    : has('died') || has('undecided') || interrupted
      ? 'undecided'
      : 'accepted'
  context.exitCode = EXIT[status === 'accepted' ? 'ok' : status]
  const summary: Summary = {
    status,
    shards,
    results,
    interrupted,
    seconds: (performance.now() - started) / 1000,
    // In KiB on every platform.
    residentBytes: 1024 * process.resourceUsage().maxRSS,
    incremental: session?.report(...tally(results)),
  }
  session?.close()
  if (options.json === true)
    context.printJson({
      target: 'all',
      engine,
      jobs,
      model,
      ...(overlay.length === 0 ? {} : { overlay: options.overlay }),
      ...(options.allow === undefined ? {} : { allowed: options.allow }),
      ...summaryJson(summary),
    })
  else {
    if (options.allow !== undefined) context.print(`allowed: ${options.allow.join(', ')}`)
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
  readonly incremental: IncrementalReport | undefined
}

/** Room for the tables of a heavy shard and what surrounds them. */
const BYTES_PER_JOB = 4 * 2 ** 30

function defaultJobs(): number {
  return Math.max(1, Math.min(availableParallelism(), Math.floor(totalmem() / BYTES_PER_JOB)))
}

const sum = (results: readonly ShardResult[], of: (result: ShardResult) => number): number =>
  results.reduce((total, result) => total + of(result), 0)

/** Constants taken over and constants checked. */
function tally(results: readonly ShardResult[]): [reused: number, checkedAgain: number] {
  const reused = sum(results, result => result.reused ?? 0)
  return [reused, sum(results, result => result.constants) - reused]
}

/** How long shards in work may take to end after an interruption. */
const SETTLE_MS = 10_000

function summaryJson(summary: Summary) {
  const { status, results, shards, interrupted, seconds, residentBytes, incremental } = summary
  return {
    status,
    interrupted,
    missing: shards - results.length,
    constants: sum(results, result => result.constants),
    checked: sum(results, result => result.checked),
    rows: sum(results, result => result.rows),
    cost: sum(results, result => result.cost),
    shards: results.map(({ evidence: _, ...result }) => result),
    residentBytes,
    ...(incremental === undefined ? {} : { incremental }),
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
    result.partial === true ? `${result.status} *` : result.status,
  ]
  context.print()
  context.printTable(
    titles.map(title => ({ title })),
    results.map(row),
  )
  context.print()
  if (results.some(result => result.partial === true))
    context.print('* rows, cost and memory of the constants that were checked, without those taken over')
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
  const line = summary.incremental && reportLine(summary.incremental)
  if (line !== undefined) context.print(line)
  context.print(
    `${duration(summary.seconds)}, ${short(rows / summary.seconds)} rows/s, ` +
      `at most ${bytes(summary.residentBytes)} of memory in use`,
  )
}

/** `ix aiur run`. */
import type { Program } from '../aiur/bytecode.js'
import { checkConstraints } from '../aiur/circuit/constraints.js'
import { type CostModel, type CostReport, report } from '../aiur/circuit/cost.js'
import { layout } from '../aiur/circuit/layout.js'
import type { execute as executeInterpreted } from '../aiur/vm/interpreter.js'
import { IoBuffer } from '../aiur/vm/io.js'
import type { RecordView } from '../aiur/vm/record.js'
import type { executeWasm, WasmLimits } from '../aiur/wasm/engine.js'
import type { EngineName } from '../kernel/engine.js'
import { compileFile, entryOf, fieldElement, type SourceOptions } from './aiur-source.js'
import { compareCosts, costsOf, printComparison, readBaseline } from './baseline.js'
import type { Context } from './context.js'
import { costJson, memoryOf, printCost, type TableOptions, validateTable } from './cost.js'
import { EXIT } from './exit.js'
import { count, duration } from './format.js'
import { untilInterrupted } from './interrupt.js'
import { limitsOf } from './limits.js'
import {
  type Profiled,
  type ProfileOptions,
  printBy,
  printWritten,
  profileJson,
  saveProfile,
  validateProfile,
  wantsProfile,
} from './profile.js'
import { requireWritable } from './writable.js'

type RunOptions = SourceOptions &
  TableOptions &
  ProfileOptions &
  Parameters<typeof limitsOf>[0] & {
    _: (string | number)[]
    args: string[]
    entry: string | undefined
    ranks: boolean
    engine: EngineName
    cost: CostModel
    constraints: boolean | undefined
    baseline: string | undefined
  }

export async function runProgram(options: RunOptions, context: Context): Promise<void> {
  validateTable(options)
  validateProfile(options)
  requireWritable(options.profile)
  const limits = limitsOf(options)
  const baseline = options.baseline === undefined ? undefined : readBaseline(options.baseline)
  // What follows `--` is not among the positional arguments.
  const args = [...options.args, ...options._.slice(2).map(String)].map(fieldElement)
  const program = compileFile(options)
  const entry = entryOf(program, options.entry)
  const io = new IoBuffer()
  const execute = await ready(options.engine, program)
  const started = performance.now()
  const bounds: WasmLimits = {
    ...(limits.rows === undefined ? {} : { rows: limits.rows }),
    ...(limits.memory === undefined ? {} : { memoryBytes: limits.memory }),
    ...(limits.seconds === undefined ? {} : { timeoutMs: 1000 * limits.seconds }),
    ...(limits.stack === undefined ? {} : { stackMegabytes: limits.stack / 2 ** 20 }),
    onProgress: ({ rows }) => context.progress.update(`Running ${entry}`, rows, 0, 'rows'),
    onNotice: line => context.note(line),
    onDebug: (label, values) => context.note(`${label}${values.length > 0 ? `: ${values.join(', ')}` : ''}`),
  }
  const outcome = await execute(entry, args, io, bounds)
  context.progress.stop()
  const seconds = (performance.now() - started) / 1000
  const shapes = layout(program, { ranks: options.ranks })
  const { engine } = options
  const comparisonOf = (cost: CostReport) =>
    baseline === undefined ? undefined : compareCosts(baseline, costsOf(cost), options.baseline!)
  const printTable = (record: RecordView, profiled?: Profiled): void => {
    const cost = report(shapes, record, options.cost)
    const comparison = comparisonOf(cost)
    if (profiled === undefined || options.by === 'circuit') printCost(cost, context, options)
    else printBy(profiled, cost, options, context)
    if (comparison !== undefined) printComparison(comparison, context, options.top)
  }
  const recordJson = (record: RecordView) => {
    const cost = report(shapes, record, options.cost)
    const comparison = comparisonOf(cost)
    return {
      engine,
      ...costJson(cost),
      ...(comparison === undefined ? {} : { baseline: comparison }),
      memory: memoryOf(record),
      seconds: { execute: seconds },
    }
  }
  const failed = (
    reason: string,
    exitCode: typeof context.exitCode,
    details: string,
    partial: object,
  ): void => {
    context.exitCode = exitCode
    if (options.json === true) context.printJson({ entry, args, error: reason, exitCode, ...partial })
    context.note(`${context.colors.red('error:')} ${details}`)
  }
  if (!outcome.ok) {
    const { error, record } = outcome
    const undecided = error.limit || error.kind === 'notEntry' || error.kind === 'arity'
    if (error.limit && options.json !== true) printTable(record)
    const partial = error.limit ? recordJson(record) : { engine, seconds: { execute: seconds } }
    failed(error.reason, undecided ? EXIT.undecided : EXIT.rejected, error.message, partial)
    return
  }
  if (options.constraints === true) {
    const call = { entry, args, outputs: outcome.outputs, io }
    const failures = checkConstraints(shapes, outcome.record, call, {
      onProgress: (done, total) => context.progress.update('Evaluating constraints', done, total, 'rows'),
    })
    context.progress.stop()
    if (failures.length > 0) {
      failed('a constraint does not hold', EXIT.rejected, failures.join('\n'), recordJson(outcome.record))
      return
    }
  }
  let profiled: Profiled | undefined
  if (wantsProfile(options)) {
    const { profile } = await import('../aiur/circuit/profile.js')
    const call = { entry, args, outputs: outcome.outputs, io }
    const cost = report(shapes, outcome.record, options.cost)
    profiled = {
      tree: profile(shapes, outcome.record, call, cost, {
        onProgress: (done, all) => context.progress.update(`Profiling ${entry}`, done, all, 'rows'),
      }),
      constants: [],
    }
  }
  const written =
    profiled === undefined || options.profile === undefined
      ? undefined
      : saveProfile(options.profile, entry, profiled)
  if (options.json === true) {
    context.printJson({
      entry,
      args,
      outputs: outcome.outputs,
      ...recordJson(outcome.record),
      ...(profiled === undefined ? {} : profileJson(profiled, options)),
      ...(written === undefined ? {} : { profile: written }),
    })
    return
  }
  context.print(`${entry}(${args.join(', ')}) = ${outcome.outputs.join(', ') || '()'}`)
  printTable(outcome.record, profiled)
  if (written !== undefined) printWritten(written, context)
  if (options.constraints === true) context.print('all constraints hold and all lookups balance')
  const { entries } = memoryOf(outcome.record)
  // Of a short run the speed is that of its start.
  const speed = entries < SPEED_FROM ? '' : `, ${count(entries / Math.max(seconds, 1e-3))} rows/s`
  context.print(`${duration(seconds)}${speed}`)
}

/** Rows of a run whose speed is shown. */
const SPEED_FROM = 100_000

type Execute = (
  entry: string,
  args: bigint[],
  io: IoBuffer,
  limits: WasmLimits,
) => Promise<Awaited<ReturnType<typeof executeWasm>> | ReturnType<typeof executeInterpreted>>

/** Loads the engine that is asked for and compiles the program for it, which is no part of the run. */
async function ready(engine: EngineName, program: Program): Promise<Execute> {
  if (engine === 'interp') {
    const { execute } = await import('../aiur/vm/interpreter.js')
    return async (...call) => execute(program, ...call)
  }
  const { engineOf, executeWasm } = await import('../aiur/wasm/engine.js')
  await engineOf(program)
  return (entry, args, io, limits) =>
    untilInterrupted(true, signal => executeWasm(program, entry, args, io, { ...limits, signal }))
}

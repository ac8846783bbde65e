/**
 * Native execution: Aiur bytecode as WebAssembly. Outcomes, records and errors are those of the interpreter, except:
 *
 * - `limits.memoryBytes` bounds the linear memory (tables, call frames and input together; at least a few MiB).
 *   A run without it that uses up the 4 GiB of a 32-bit memory is made again in a 64-bit one where the runtime has such,
 *   up to what the system has left; a limit above 4 GiB takes a 64-bit memory at once. What was debugged before is
 *   debugged again.
 * - Running out of stack is an outcome of kind `callDepth`.
 * - Time limits and `signal` take effect within {@link CHECK_INTERVAL} new rows.
 */

import { createHash } from 'node:crypto'
import { freemem } from 'node:os'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { FunctionIndex, Program } from '../bytecode.js'
import { ExecutionError } from '../vm/error.js'
import type { IoBuffer } from '../vm/io.js'
import { type Limits, resolveEntry } from '../vm/limits.js'
import { planRanks, type RankPlan } from '../vm/ranks.js'
import { longestList } from '../vm/values.js'
import { ADDRESSES, type AddressType, hasMemory64 } from './address.js'
import { readCached, readCachedPlan, writeCached, writeCachedPlan } from './cache.js'
import { type Engine, Execution, emptyRecord, runHere, type WasmOutcome } from './execution.js'
import { type MemoryMap, mapMemory, STOP } from './memory-map.js'
import type { WasmRecord } from './record.js'
import { runInThread } from './thread.js'

/** Part of the key of the cache: to be changed with everything that changes the generated code. */
const ENGINE_VERSION = 11

/** MiB of stack: from 110 bytes a call on, ten million of them per GiB. Only what is used is taken from the system. */
export const DEFAULT_STACK_MEGABYTES = 2000

export interface WasmLimits extends Limits {
  /** MiB of the stack that calls nest on. */
  stackMegabytes?: number
  /** Runs at a time that part what the system has left of memory; default 1. */
  jobs?: number
  /** Stops the run with an outcome of kind `cancelled`. */
  signal?: AbortSignal
}

export interface CompiledModule {
  bytes: Uint8Array
  /** Under which the cache has it; empty without a cache. */
  key: string
  /** Was the module found in the cache? */
  cached: boolean
  milliseconds: number
}

export interface CompileOptions {
  /** Look the module up on disk and keep it there; on by default. */
  cache?: boolean
  /** Run the optimiser; on by default. */
  optimise?: boolean
  /** The program's {@link programDigest}, where it is known. */
  digest?: string
  /** Of the addresses of the module's memory; default 32. */
  bits?: AddressType['bits']
}

/** Generates the module of a program, or takes it from the cache. */
export async function compileModule(program: Program, options: CompileOptions = {}): Promise<CompiledModule> {
  const { cache = true, optimise = true, bits = 32 } = options
  const started = performance.now()
  const digest = cache ? (options.digest ?? programDigest(program)) : ''
  const key = cache ? `${digest}-${ENGINE_VERSION}-${bits}${optimise ? '' : '-plain'}` : ''
  const found = cache ? readCached(key) : undefined
  if (found !== undefined)
    return { bytes: found, key, cached: true, milliseconds: performance.now() - started }
  // Not loaded by those who find the module in the cache.
  const [{ emitModule }, { assemble }] = await Promise.all([import('./module.js'), import('./assemble.js')])
  const { ranks, map } = plan(program)
  const text = emitModule(ADDRESSES[bits], program, ranks, map)
  const bytes = await assemble(text, bits, optimise && longestBody(program) <= MOST_OPTIMISED)
  if (cache) {
    writeCached(key, bytes)
    writeCachedPlan(key, { ranks, map })
  }
  return { bytes, key, cached: false, milliseconds: performance.now() - started }
}

/** The optimiser's time grows faster than the length of straight-line code. */
const MOST_OPTIMISED = 3000

function longestBody(program: Program): number {
  return Math.max(...program.functions.map(f => longestList(f.body, f.inputSize)))
}

/** A digest of what the module of a program depends on. */
export function programDigest({ functions, memorySizes }: Program): string {
  const text = JSON.stringify([functions, memorySizes], (_, value) =>
    typeof value === 'bigint' ? `${value}n` : value,
  )
  return createHash('sha256').update(text).digest('hex')
}

export type { WasmOutcome } from './execution.js'

/** What engines of a program were made with, and the engines by the bits of their addresses. */
interface Engines {
  readonly options: CompileOptions
  readonly made: Map<AddressType['bits'], Promise<Engine>>
}

const engines = new WeakMap<Program, Engines>()

/** The engine of a program, made once, with the options of the first call but for `bits`. */
export function engineOf(program: Program, options: CompileOptions = {}): Promise<Engine> {
  const { bits = 32 } = options
  const found: Engines = engines.get(program) ?? { options, made: new Map() }
  engines.set(program, found)
  let engine = found.made.get(bits)
  if (engine === undefined) {
    engine = compileModule(program, { ...found.options, bits }).then(module => {
      const kept = module.key === '' ? undefined : readCachedPlan(module.key)
      return engineFrom(program, module.bytes, bits, kept as Plan | undefined)
    })
    found.made.set(bits, engine)
  }
  return engine
}

/** What code and readers of its records have to agree on, which follows from the program. */
interface Plan {
  readonly ranks: RankPlan
  readonly map: MemoryMap
}

function plan(program: Program): Plan {
  const ranks = planRanks(program)
  return { ranks, map: mapMemory(program, ranks) }
}

/**
 * How much a function runs before V8 optimises it, in bytes of its code. The default of V8 11 has hash functions of tens
 * of kilobytes optimised, for longer than a small check takes, after a few dozen calls; what is hot gets there anyway.
 * Later versions, whose defaults are their own, and other settings of the user are left alone.
 */
const TIERING_BUDGET = 10_000_000

function raiseTieringBudget(): void {
  if (process.versions.v8.startsWith('11.') && !process.execArgv.some(arg => arg.startsWith('--wasm')))
    setFlagsFromString(`--wasm-tiering-budget=${TIERING_BUDGET}`)
}

/** Makes an engine of the module that was compiled for the program, with the plan of then if it is at hand. */
export function engineFrom(
  program: Program,
  bytes: Uint8Array,
  bits: AddressType['bits'] = 32,
  { ranks, map } = plan(program),
): Engine {
  raiseTieringBudget()
  return { program, ranks, map, bits, module: new WebAssembly.Module(bytes) }
}

/**
 * Runs an entry function as `execute` of the interpreter does, in a thread of its own. `io` is read and extended in
 * place. Failures of the program and reached limits are outcomes, with the record as far as it got.
 *
 * @param entry index or name of a `pub` function
 * @param resume as for `execute`; the record's memory, and with it its memory limit, are taken over
 */
export async function executeWasm(
  program: Program,
  entry: FunctionIndex | string,
  args: bigint[],
  io: IoBuffer,
  limits: WasmLimits = {},
  resume?: WasmRecord,
): Promise<WasmOutcome> {
  const started = performance.now()
  let engine = await engineOf(program, { bits: resume?.state.bits ?? addressBits(limits) })
  const { timeoutMs, signal, onProgress } = limits
  let timer: NodeJS.Timeout | undefined
  let reports: NodeJS.Timeout | undefined
  let cancel: (() => void) | undefined
  try {
    const index = resolveEntry(program, entry, args)
    const watched = limits.watch === undefined ? undefined : program.functionIndex.get(limits.watch)
    let execution: Execution | undefined = new Execution(engine, index, args, io, limits, resume)
    let stopped = 0
    const stop = (reason: number): void => {
      stopped = reason
      execution?.stop(reason)
    }
    cancel = () => stop(STOP.cancelled)
    if (signal?.aborted) cancel()
    signal?.addEventListener('abort', cancel)
    if (timeoutMs !== undefined) timer = setTimeout(() => stop(STOP.timeout), timeoutMs)
    const report = (): void => {
      if (execution === undefined) return
      onProgress?.({ ...execution.progress(watched), seconds: (performance.now() - started) / 1000 })
    }
    if (onProgress !== undefined) reports = setInterval(report, 250)
    const stack = limits.stackMegabytes ?? DEFAULT_STACK_MEGABYTES
    const finished = await runInThread(engine, execution, index, stack)
    // However short a run is, it is reported once.
    report()
    const bytes = stopped === 0 && execution.outgrew(finished) ? bytesFor64(limits) : undefined
    if (bytes === undefined) return execution.collect(finished)
    limits.onNotice?.(
      `4 GiB of memory are used up after ${execution.progress().rows} rows: running again with 64-bit addresses`,
    )
    // A run that goes on from an earlier one has no beginning to go back to: it goes on once more.
    const left = resume === undefined ? undefined : execution.collect(finished).record
    execution = undefined
    engine = await engineOf(program, { bits: 64 })
    if (left === undefined) collectGarbage()
    execution = new Execution(engine, index, args, io, limits, left, bytes)
    if (stopped !== 0) execution.stop(stopped)
    return execution.collect(await runInThread(engine, execution, index, stack))
  } catch (error) {
    return refused(engine, error, resume)
  } finally {
    clearTimeout(timer)
    clearInterval(reports)
    if (cancel !== undefined) signal?.removeEventListener('abort', cancel)
  }
}

/** Of the memory that a run begins with. */
function addressBits({ memoryBytes = 0 }: WasmLimits): AddressType['bits'] {
  return memoryBytes > ADDRESSES[32].mostBytes && hasMemory64() ? 64 : 32
}

/** Bytes that stay for the call stack and the readers of the record. */
const RESERVE = 2 ** 30

/** Bytes for a run that has used up a 32-bit memory, which it will give back; undefined if there are no more for it. */
function bytesFor64({ memoryBytes, jobs = 1 }: WasmLimits): number | undefined {
  const { mostBytes } = ADDRESSES[32]
  if (!hasMemory64() || (memoryBytes !== undefined && memoryBytes <= mostBytes)) return undefined
  const free = process.availableMemory?.() ?? freemem()
  const bytes = Math.min(ADDRESSES[64].mostBytes, Math.floor((free - RESERVE) / jobs) + mostBytes)
  return bytes > 1.25 * mostBytes ? bytes : undefined
}

/**
 * Gives the memory of an abandoned run back to the system. The thread that waits for the next run allocates little, so
 * that this would not happen before the end.
 */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
}

/** Runs an entry on the calling thread: without time limit and cancellation, and only as deep as its stack. */
export function executeHere(
  engine: Engine,
  entry: FunctionIndex | string,
  args: bigint[],
  io: IoBuffer,
  limits: Limits = {},
  resume?: WasmRecord,
): WasmOutcome {
  const { program } = engine
  try {
    const index = resolveEntry(program, entry, args)
    const execution = new Execution(engine, index, args, io, limits, resume)
    return execution.collect(runHere(engine, execution, index))
  } catch (error) {
    return refused(engine, error, resume)
  }
}

/** The outcome of a run that did not begin. */
function refused(engine: Engine, error: unknown, resume: WasmRecord | undefined): WasmOutcome {
  if (!(error instanceof ExecutionError)) throw error
  return { ok: false, error, record: resume ?? emptyRecord(engine) }
}

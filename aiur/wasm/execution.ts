/** Sets up the linear memory of an execution and reads what is left in it afterwards. */

import type { FunctionIndex, Program } from '../bytecode.js'
import type { ExecutionError } from '../vm/error.js'
import { highWord, lowWord, normalise, toBigInt } from '../vm/goldilocks.js'
import type { IoBuffer } from '../vm/io.js'
import type { Limits } from '../vm/limits.js'
import type { RankPlan } from '../vm/ranks.js'
import { ADDRESSES, type AddressType } from './address.js'
import { type FailedRun, failure, failureAt } from './failure.js'
import { align, HEADER, type MemoryMap, PAGE } from './memory-map.js'
import { LEAST_HEAP, type MemoryState, newState, reopen, widen } from './memory-state.js'
import { WasmRecord } from './record.js'
import { SegmentedTable } from './segmented-table.js'
import { SITES_SECTION, type Site } from './sites.js'

/** A program ready to run. */
export interface Engine {
  readonly program: Program
  readonly ranks: RankPlan
  readonly map: MemoryMap
  /** Of the addresses of the module's memory. */
  readonly bits: AddressType['bits']
  readonly module: WebAssembly.Module
}

export type WasmOutcome =
  | { ok: true; outputs: bigint[]; record: WasmRecord }
  | { ok: false; error: ExecutionError; record: WasmRecord }

/** What the thread that ran the module reports. */
export interface Finished {
  /** Word number of the entry's row; 0 after a failure. */
  row: number
  failure: { name: string; message: string } | null
  /** Values of the exported globals. */
  sp: number
  depth: number
  heap: number
  rows: number
  quantum: number
  fuel: number
}

const WORD = 4294967296

export class Execution {
  readonly state: MemoryState

  /**
   * @param resume record of a failed execution of this program on the same IO, whose results are taken over; its memory
   *   is copied when the engine's has 64-bit addresses and it has not
   * @param memoryBytes of a new memory; default: the limit
   * @throws ExecutionError when the memory limit does not even hold the input
   */
  constructor(
    private readonly engine: Engine,
    private readonly entry: FunctionIndex,
    args: bigint[],
    private readonly io: IoBuffer,
    private readonly limits: Limits,
    resume?: WasmRecord,
    memoryBytes = limits.memoryBytes,
  ) {
    const { map, bits } = engine
    if (resume === undefined) this.state = newState(map, bits, memoryBytes)
    else {
      reopen(resume.state, map)
      this.state =
        resume.state.bits === bits
          ? resume.state
          : widen(resume.state, memoryBytes ?? Number.POSITIVE_INFINITY)
    }
    const { words, transfer, heap } = this.state
    words[HEADER.rowLimit / 4] = Math.min(limits.rows ?? WORD - 2, WORD - 2)
    words[HEADER.debug / 4] = limits.onDebug === undefined ? 0 : 1
    const top = 4 * words[HEADER.stackTop / 4]!
    const free = align(transfer.stage(io, heap, top, LEAST_HEAP / 2), PAGE)
    this.state.input += free - heap
    this.state.heap = free
    words[HEADER.heapStart / 4] = free / 4
    args.forEach((arg, i) => {
      words[map.scratch / 4 + 2 * i] = lowWord(normalise(arg))
      words[map.scratch / 4 + 2 * i + 1] = highWord(normalise(arg))
    })
  }

  get memory(): WebAssembly.Memory {
    return this.state.memory
  }

  /** Rows and call depth as of the module's last check, and rows of one function; safe while it runs. */
  progress(watched?: FunctionIndex): { rows: number; depth: number; watched?: number } {
    const { words } = this.state
    const progress = { rows: words[HEADER.rows / 4]!, depth: words[HEADER.depth / 4]! }
    if (watched === undefined) return progress
    return { ...progress, watched: new SegmentedTable(words, this.engine.map.functions[watched]!).count }
  }

  /** Makes the module stop at its next check. `reason`: one of STOP. */
  stop(reason: number): void {
    Atomics.store(this.state.words, HEADER.stop / 4, reason)
  }

  /** Passes a debug statement on. */
  debug(number: number, values: bigint[]): void {
    const site = this.sites()[number]
    if (site?.kind === 'debug') this.limits.onDebug?.(site.label, values)
  }

  /** Did the run end because its 32-bit memory was used up, at its full size? */
  outgrew({ failure: failed }: Finished): boolean {
    const { bits, words } = this.state
    const site = words[HEADER.failedSite / 4]!
    if (failed === null || bits !== 32 || words.byteLength < ADDRESSES[32].mostBytes || site === 0)
      return false
    const { kind } = this.sites()[site - 1]!
    return kind === 'memoryLimit' || kind === 'indexLimit'
  }

  /** The outcome, after the output of the run has been added to `io`. @throws Error when the engine itself failed */
  collect(finished: Finished): WasmOutcome {
    const { program, ranks, map } = this.engine
    const { state } = this
    const { words } = state
    state.heap = finished.heap
    state.sp = finished.sp
    state.depth = finished.depth
    // 0: the module did not begin.
    if (finished.sp !== 0) words[HEADER.frames / 4] = finished.sp / 4
    state.transfer.collect(this.io)
    const record = new WasmRecord(program, ranks, map, state)
    if (finished.failure === null) {
      const table = record.functions[this.entry]!
      const f = program.functions[this.entry]!
      const row = new SegmentedTable(words, map.functions[this.entry]!).rowAt(finished.row)
      const outputs = Array.from({ length: f.outputSize }, (_, i) =>
        toBigInt(table.word(row, 2 * (f.inputSize + i)), table.word(row, 2 * (f.inputSize + i) + 1)),
      )
      return { ok: true, outputs, record }
    }
    const tables = record.totals().bytes
    const run: FailedRun = { program, map, words, tables, sp: state.sp, depth: state.depth }
    const failed = words[HEADER.failedSite / 4]!
    if (failed !== 0)
      return { ok: false, error: failureAt(this.sites()[failed - 1]!, run, this.limits), record }
    if (finished.failure.name === 'RangeError') {
      const reason = `the stack is used up ${finished.depth} calls deep; a larger one is set with --stack-size`
      return { ok: false, error: failure('callDepth', reason, run, this.limits), record }
    }
    throw new Error(`the WebAssembly engine failed: ${finished.failure.name}: ${finished.failure.message}`)
  }

  private sites(): Site[] {
    const [section] = WebAssembly.Module.customSections(this.engine.module, SITES_SECTION)
    return JSON.parse(new TextDecoder().decode(section)) as Site[]
  }
}

/** The record of a run that did not begin. */
export function emptyRecord({ program, ranks, map, bits }: Engine): WasmRecord {
  return new WasmRecord(program, ranks, map, newState(map, bits, 0))
}

/** Runs an entry on the calling thread: without timeout, cancellation and progress, and only as deep as its stack. */
export function runHere(engine: Engine, execution: Execution, entry: FunctionIndex): Finished {
  const { memory } = execution
  const debug = (site: number, count: number) => execution.debug(site, scratchValues(engine, memory, count))
  let exports: Record<string, WebAssembly.ExportValue> = {}
  let row = 0
  let failed: Finished['failure'] = null
  try {
    exports = new WebAssembly.Instance(engine.module, { env: { memory, debug } }).exports
    ;(exports.start as () => void)()
    row = (exports[`entry_${entry}`] as () => number)() >>> 0
  } catch (error) {
    failed = { name: (error as Error).name, message: (error as Error).message }
  }
  const value = (name: string) => {
    const found = (exports[name] as WebAssembly.Global | undefined)?.value ?? 0
    return typeof found === 'bigint' ? Number(found) : found >>> 0
  }
  return {
    row,
    failure: failed,
    sp: value('sp'),
    depth: value('depth'),
    heap: value('heap'),
    rows: value('rows'),
    quantum: value('quantum'),
    fuel: value('fuel'),
  }
}

function scratchValues({ map }: Engine, memory: WebAssembly.Memory, count: number): bigint[] {
  const words = new Uint32Array(memory.buffer, map.scratch, 2 * count)
  return Array.from({ length: count }, (_, i) => toBigInt(words[2 * i]!, words[2 * i + 1]!))
}

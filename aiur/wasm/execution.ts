/** Sets up the linear memory of an execution and reads what is left in it afterwards. */

import type { FunctionIndex, Program } from '../bytecode.js'
import { ExecutionError } from '../vm/error.js'
import { highWord, lowWord, normalise, toBigInt } from '../vm/goldilocks.js'
import type { IoBuffer } from '../vm/io.js'
import type { Limits } from '../vm/machine.js'
import type { RankPlan } from '../vm/ranks.js'
import { type FailedRun, failure, failureAt } from './failure.js'
import { align, allTables, HEADER, type MemoryMap, PAGE, TABLE, type TablePlan } from './memory-map.js'
import { SITES_SECTION } from './module.js'
import { Dictionary, SegmentedTable, WasmRecord } from './record.js'
import type { Site } from './sites.js'

/** A program ready to run. */
export interface Engine {
  readonly program: Program
  readonly ranks: RankPlan
  readonly map: MemoryMap
  readonly module: WebAssembly.Module
}

export type WasmOutcome =
  | { ok: true; outputs: bigint[]; record: WasmRecord }
  | { ok: false; error: ExecutionError; record: WasmRecord }

/** What the thread that ran the module reports. */
export interface Finished {
  /** Address of the entry's row; 0 after a failure. */
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

const WASM_PAGE = 65536
const MOST_PAGES = 65536
/** Room for the first segments and frames even under the smallest memory limit. */
const LEAST_HEAP = 4 << 20
const WORD = 4294967296

export class Execution {
  readonly memory: WebAssembly.Memory
  private readonly words: Uint32Array
  /** Elements of every channel and keys of every key table (channel + key length) before the run. */
  private readonly lengths = new Map<number, number>()
  private readonly keys = new Map<number, number>()

  /** @throws ExecutionError when the memory limit does not even hold the input */
  constructor(
    private readonly engine: Engine,
    private readonly entry: FunctionIndex,
    args: bigint[],
    private readonly io: IoBuffer,
    private readonly limits: Limits,
  ) {
    const { map } = engine
    const least = Math.ceil((map.heap + LEAST_HEAP) / WASM_PAGE)
    const wanted = Math.ceil((limits.memoryBytes ?? MOST_PAGES * WASM_PAGE) / WASM_PAGE)
    const pages = Math.min(MOST_PAGES, Math.max(least, wanted))
    this.memory = newMemory(pages)
    this.words = new Uint32Array(this.memory.buffer)
    const { words } = this
    for (const table of allTables(map)) describe(words, table)
    // An address of 2^32 would not fit.
    const top = Math.min(pages * WASM_PAGE, WORD - WASM_PAGE)
    words[HEADER.rowLimit / 4] = Math.min(limits.rows ?? WORD - 2, WORD - 2)
    words[HEADER.stackTop / 4] = top
    words[HEADER.debug / 4] = limits.onDebug === undefined ? 0 : 1
    args.forEach((arg, i) => {
      words[map.scratch / 4 + 2 * i] = lowWord(normalise(arg))
      words[map.scratch / 4 + 2 * i + 1] = highWord(normalise(arg))
    })
    this.stageIo(top)
  }

  /** Rows and call depth as of the module's last check; safe while it runs. */
  progress(): { rows: number; depth: number } {
    return { rows: this.words[HEADER.rows / 4]!, depth: this.words[HEADER.depth / 4]! }
  }

  /** Makes the module stop at its next check. `reason`: one of STOP. */
  stop(reason: number): void {
    Atomics.store(this.words, HEADER.stop / 4, reason)
  }

  /** Passes a debug statement on. */
  debug(number: number, values: bigint[]): void {
    const site = this.sites()[number]
    if (site?.kind === 'debug') this.limits.onDebug?.(site.label, values)
  }

  /** The outcome, after the output of the run has been added to `io`. @throws Error when the engine itself failed */
  collect(finished: Finished): WasmOutcome {
    const { program, ranks, map } = this.engine
    const { words } = this
    const run: FailedRun = { program, map, words, sp: finished.sp, depth: finished.depth }
    const record = new WasmRecord(program, ranks, map, words, {
      rows: finished.rows + finished.quantum - finished.fuel,
      bytes: finished.heap - words[HEADER.heapStart / 4]!,
    })
    this.readIo()
    if (finished.failure === null) {
      const table = record.functions[this.entry]!
      const f = program.functions[this.entry]!
      const row = new SegmentedTable(words, map.functions[this.entry]!).rowAt(finished.row)
      const outputs = Array.from({ length: f.outputSize }, (_, i) =>
        toBigInt(table.word(row, 2 * (f.inputSize + i)), table.word(row, 2 * (f.inputSize + i) + 1)),
      )
      return { ok: true, outputs, record }
    }
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

  /** Copies the channels to the start of the heap and lists them and the keys below the frames (see $load_io). */
  private stageIo(top: number): void {
    const { io, words } = this
    const { map } = this.engine
    const channels = io.channelNumbers()
    const tables = [...map.ioKeys.keys()].map(length => ({
      length,
      tables: channels.flatMap(channel => {
        const table = io.keyTable(channel, length)
        return table === undefined ? [] : [{ channel, table }]
      }),
    }))
    let arena = 0
    for (const channel of channels) arena += 8 * io.length(channel)
    let staged = 24 * channels.length
    for (const { length, tables: found } of tables)
      for (const { table } of found) staged += table.count * 8 * (length + 3)
    let at = map.heap
    let list = (top - staged) & -8
    if (list < 0) list += WORD
    // The keys become rows of about the size of their records.
    if (at + arena + 4 * staged + LEAST_HEAP / 2 > top)
      throw new ExecutionError(
        'memoryLimit',
        `memory limit of ${top} bytes reached by ${arena + staged} bytes of input`,
      )
    const put = (value: number) => {
      words[list / 4] = value % WORD
      words[list / 4 + 1] = Math.floor(value / WORD)
      list += 8
    }
    words[HEADER.stagedChannels / 4] = list
    words[HEADER.stagedChannels / 4 + 1] = channels.length
    for (const channel of channels) {
      const length = io.length(channel)
      words.set(io.arena(channel).subarray(0, 2 * length), at / 4)
      put(channel)
      put(at)
      put(length)
      at += 8 * length
      this.lengths.set(channel, length)
    }
    tables.forEach(({ length, tables: found }, i) => {
      const header = HEADER.stagedKeys / 4 + 2 * i
      words[header] = list
      for (const { channel, table } of found) {
        words[header + 1]! += table.count
        for (let row = 0; row < table.count; row++) {
          put(channel)
          table.copyWords(row, 0, table.strideWords, words, list / 4)
          list += 4 * table.strideWords
        }
      }
      this.keys.set(length, words[header + 1]!)
    })
    words[HEADER.heapStart / 4] = align(at, PAGE)
  }

  /** Adds what the run wrote to `io`. */
  private readIo(): void {
    const { io, words } = this
    const { map } = this.engine
    const dictionary = new Dictionary(words, map)
    const channels = new SegmentedTable(words, map.channels)
    for (let row = 0; row < channels.count; row++) {
      const at = channels.position(row)
      const channel = dictionary.number(words[at]!)
      const before = this.lengths.get(channel) ?? 0
      const length = words[at + 2]!
      if (length === before) continue
      const arena = words[at + 1]! / 4
      io.appendWords(channel, words.subarray(arena + 2 * before, arena + 2 * length))
    }
    for (const [length, plan] of map.ioKeys) {
      const table = new SegmentedTable(words, plan)
      for (let row = this.keys.get(length)!; row < table.count; row++) {
        const at = table.position(row)
        const key = new Uint32Array(2 * length)
        for (let i = 0; i < length; i++) {
          key[2 * i] = dictionary.low(words[at + 1 + i]!)
          key[2 * i + 1] = dictionary.high(words[at + 1 + i]!)
        }
        const data = at + 1 + length
        const pair = (i: number) => words[data + i]! + words[data + i + 1]! * WORD
        io.setInfo(dictionary.number(words[at]!), key, 0, length, pair(0), pair(2))
      }
    }
  }
}

function describe(words: Uint32Array, plan: TablePlan): void {
  const set = (field: keyof typeof TABLE, value: number) => {
    words[(plan.descriptor + TABLE[field]) / 4] = value
  }
  set('index', HEADER.emptyIndex)
  set('strideBytes', plan.strideBytes)
  set('segmentBytes', plan.segmentBytes)
  set('segmentRows', plan.segmentRows)
  set('keyColumns', plan.keyColumns)
}

/** Pages are zero and take no room before they are touched. @throws ExecutionError */
function newMemory(pages: number): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true })
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new ExecutionError('memoryLimit', `the system gives no ${pages * WASM_PAGE} bytes of memory`)
  }
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
  const value = (name: string) => ((exports[name] as WebAssembly.Global | undefined)?.value ?? 0) >>> 0
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

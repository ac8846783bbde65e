/** The linear memory of an execution: setting it up, and getting it ready for an execution that takes its results over. */

import { ExecutionError } from '../vm/error.js'
import type { Limits } from '../vm/limits.js'
import { homeOf } from './hash.js'
import { IoTransfer } from './io-transfer.js'
import {
  allTables,
  HEADER,
  LEAST_INDEX,
  LEAST_SHIFT,
  type MemoryMap,
  SLOT_BYTES,
  TABLE,
  type TablePlan,
} from './memory-map.js'
import { SegmentedTable } from './segmented-table.js'

const WASM_PAGE = 65536
const MOST_PAGES = 65536
/** Room for the first segments and frames even under the smallest memory limit. */
export const LEAST_HEAP = 4 << 20
const WORD = 4294967296

/** A linear memory with what it contains beyond its tables: what a later execution needs to go on in it. */
export interface MemoryState {
  readonly memory: WebAssembly.Memory
  readonly words: Uint32Array
  readonly transfer: IoTransfer
  /** Bytes below the heap, and bytes of input in it. */
  readonly start: number
  input: number
  /** First byte that no table uses. */
  heap: number
  /** Innermost frame and number of frames when the execution ended. */
  sp: number
  depth: number
}

/** An empty memory for a program. @throws ExecutionError when the system gives none */
export function newState(map: MemoryMap, limits: Limits): MemoryState {
  const least = Math.ceil((map.heap + LEAST_HEAP) / WASM_PAGE)
  const wanted = Math.ceil((limits.memoryBytes ?? MOST_PAGES * WASM_PAGE) / WASM_PAGE)
  const pages = Math.min(MOST_PAGES, Math.max(least, wanted))
  const memory = newMemory(pages)
  const words = new Uint32Array(memory.buffer)
  for (const table of allTables(map)) describe(words, table)
  // An address of 2^32 would not fit.
  words[HEADER.stackTop / 4] = Math.min(pages * WASM_PAGE, WORD - WASM_PAGE)
  return {
    memory,
    words,
    transfer: new IoTransfer(words, map),
    start: map.heap,
    input: 0,
    heap: map.heap,
    sp: 0,
    depth: 0,
  }
}

/** Forgets the calls that were running when an execution failed: their places in the indexes and their promotions. */
export function reopen(state: MemoryState, map: MemoryMap): void {
  const { words } = state
  const running = new Set<TablePlan>()
  for (let d = 0, at = state.sp / 4; d < state.depth; d++) {
    const index = words[at + 1]! >>> 1
    const plan = map.functions[index]!
    const first = at + 2
    if (words[at] === 0) {
      const table = new SegmentedTable(words, plan)
      words[table.position(table.findColumns(words.subarray(first, first + plan.keyColumns))) - 1] = 0
    } else running.add(plan)
    at = first + plan.keyColumns
  }
  for (const plan of running) dropMarks(words, plan)
  state.depth = 0
  words[HEADER.failedSite / 4] = 0
  words[HEADER.stop / 4] = 0
}

function dropMarks(words: Uint32Array, plan: TablePlan): void {
  const index = words[(plan.descriptor + TABLE.index) / 4]! / 4
  const mask = words[(plan.descriptor + TABLE.mask) / 4]! / 4
  const shift = words[(plan.descriptor + TABLE.shift) / 4]!
  const old = words.slice(index, index + mask + 2)
  words.fill(0, index, index + mask + 2)
  let used = 0
  for (let i = 0; i < old.length; i += 2) {
    const entry = old[i]!
    if (entry === 0 || (entry & 1) !== 0) continue
    let slot = homeOf(old[i + 1]!, shift)
    while (words[index + slot] !== 0) slot = (slot + 2) & mask
    words[index + slot] = entry
    words[index + slot + 1] = old[i + 1]!
    used++
  }
  words[(plan.descriptor + TABLE.used) / 4] = used
}

function describe(words: Uint32Array, plan: TablePlan): void {
  const set = (field: keyof typeof TABLE, value: number) => {
    words[(plan.descriptor + TABLE[field]) / 4] = value
  }
  set('index', HEADER.emptyIndex)
  set('mask', LEAST_INDEX - SLOT_BYTES)
  set('shift', LEAST_SHIFT)
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

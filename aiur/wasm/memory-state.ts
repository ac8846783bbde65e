/** The linear memory of an execution: setting it up, and getting it ready for an execution that takes its results over. */

import { ExecutionError } from '../vm/error.js'
import { ADDRESSES, type AddressType, newMemory } from './address.js'
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
/** Room for the first segments and frames even under the smallest memory limit. */
export const LEAST_HEAP = 4 << 20
/** A linear memory with what it contains beyond its tables: what a later execution needs to go on in it. */
export interface MemoryState {
  readonly bits: AddressType['bits']
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
export function newState(map: MemoryMap, bits: AddressType['bits'], memoryBytes?: number): MemoryState {
  const { mostBytes } = ADDRESSES[bits]
  const bytes = Math.min(mostBytes, Math.max(map.heap + LEAST_HEAP, memoryBytes ?? mostBytes))
  const memory = allocate(bits, bytes)
  const words = new Uint32Array(memory.buffer)
  for (const table of allTables(map)) describe(words, table)
  setTop(words, bits)
  return {
    bits,
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

/**
 * A memory that has been reopened, as a 64-bit one of up to so many bytes: its addresses are word numbers and stay.
 *
 * @throws ExecutionError when the system gives none
 */
export function widen(state: MemoryState, memoryBytes: number): MemoryState {
  const { start, input, heap, sp, depth } = state
  const memory = allocate(
    64,
    Math.min(ADDRESSES[64].mostBytes, Math.max(memoryBytes, state.words.byteLength)),
  )
  const words = new Uint32Array(memory.buffer)
  words.set(state.words.subarray(0, heap / 4))
  setTop(words, 64)
  return { bits: 64, memory, words, transfer: state.transfer.into(words), start, input, heap, sp, depth }
}

function setTop(words: Uint32Array, bits: AddressType['bits']): void {
  // The number of bytes of the largest memory would not fit an address, nor that of its words a word.
  const top = Math.min(words.length, (ADDRESSES[bits].mostBytes - WASM_PAGE) / 4)
  words[HEADER.stackTop / 4] = top
  words[HEADER.frames / 4] = top
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
  const index = words[(plan.descriptor + TABLE.index) / 4]!
  const frames = words[HEADER.frames / 4]!
  const mask = words[(plan.descriptor + TABLE.mask) / 4]! / 4
  const shift = words[(plan.descriptor + TABLE.shift) / 4]!
  const old = words.slice(index, index + mask + 2)
  words.fill(0, index, index + mask + 2)
  let used = 0
  for (let i = 0; i < old.length; i += 2) {
    const entry = old[i]!
    if (entry === 0 || entry >= frames) continue
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
  set('index', HEADER.emptyIndex / 4)
  set('mask', LEAST_INDEX - SLOT_BYTES)
  set('shift', LEAST_SHIFT)
  set('strideBytes', plan.strideBytes)
  set('segmentBytes', plan.segmentBytes)
  set('segmentRows', plan.segmentRows)
  set('keyColumns', plan.keyColumns)
}

/** @throws ExecutionError */
function allocate(bits: AddressType['bits'], bytes: number): WebAssembly.Memory {
  try {
    return newMemory(bits, bytes)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new ExecutionError('memoryLimit', `the system gives no ${bytes} bytes of memory`)
  }
}

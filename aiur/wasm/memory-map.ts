/**
 * Where everything lies in the linear memory of an execution. The plan follows from the program alone, so that the
 * generated code and the readers of a finished run agree on it without exchanging it.
 *
 *   header | scratch | operand counts | table descriptors | heap, growing up ... call frames, growing down
 *
 * A table keeps its rows in segments of a fixed number of bytes. A row is a header (its rank and its multiplicity, as
 * far as its table has them) and one 32-bit column per value: values below {@link WIDE} stand for themselves, others for
 * entries of a dictionary. A row is referred to by its first column; addresses in memory are word numbers (`address.ts`).
 */

import type { BytecodeFunction, Op, Program } from '../bytecode.js'
import { BYTE_PAIR_OPS, NIBBLE_PAIR_OPS } from '../vm/bytes.js'
import { plainHints } from '../vm/plain-hints.js'
import { blocksOf, type RankPlan } from '../vm/ranks.js'

/** Columns at or above this are WIDE + number of a dictionary entry. */
export const WIDE = 0xf0000000

/** Word addresses of the header. */
export const HEADER = {
  /** Not 0: stop at the next check; one of {@link STOP}. */
  stop: 64,
  /** Rows and call depth as of the last check. */
  rows: 68,
  depth: 72,
  rowLimit: 76,
  /** Word numbers. */
  heapStart: 80,
  stackTop: 84,
  debug: 88,
  /** Number of the failed {@link Site} + 1, and how many operands it left in scratch. */
  failedSite: 92,
  failedOperands: 96,
  /** Staged IO: word number and number of channels; then per key table word number and number of records. */
  stagedChannels: 100,
  /** For readers of a finished run: entries of an index from this word number on are calls that were running. */
  frames: 108,
  /** Tests only: number of the operation that goes wrong in a module made with faults. */
  fault: 112,
  /** 32 free lists by the logarithm of the block size in words: word numbers. */
  freeBlocks: 128,
  /** Empty index, one line of slots. */
  emptyIndex: 256,
  stagedKeys: 320,
} as const

export const STOP = { timeout: 1, cancelled: 2 } as const

/** Byte offsets in a table descriptor. */
export const TABLE = {
  /** Rows; kept only by tables whose rows are numbered during the run. */
  count: 0,
  /** Word numbers of the next row and of the end of the last segment. */
  next: 4,
  end: 8,
  /** Word number. */
  index: 12,
  /** Bytes of the index minus the bytes of a slot. */
  mask: 16,
  used: 20,
  /** The index grows before it has more than this many entries. */
  limit: 24,
  /** Word number of the list of the segments', and its capacity. */
  directory: 28,
  directoryCapacity: 32,
  segments: 36,
  strideBytes: 40,
  segmentBytes: 44,
  segmentRows: 48,
  keyColumns: 52,
  /** What a hash is shifted by to find its line. */
  shift: 56,
} as const

export const DESCRIPTOR_BYTES = 64
/** Bytes of an index slot: word number of the row (or of a running call's arguments), then the hash. */
export const SLOT_BYTES = 8
/** The shift of an index of one line, and the logarithm of its bytes. */
export const LEAST_SHIFT = 26
export const LEAST_INDEX = 64
/** Bytes before the rows of a segment: number of its first row. */
export const SEGMENT_HEADER = 4
export const PAGE = 16384
/** A power of two. */
export const RECENT_VALUES = 1024
/** Most parameters of a WebAssembly function, less those of our own. */
const MOST_VALUES = 990

export interface TablePlan {
  /** Name in the generated code. */
  readonly name: string
  readonly descriptor: number
  readonly keyColumns: number
  readonly columns: number
  /** Per value of the key: does it take two columns, low and high half, instead of one? Shorter: the rest do not. */
  readonly wide: readonly boolean[]
  /** Column of the key that often changes by small steps (see `hash.ts`). */
  readonly sequential: number
  /** Bytes before the first column: 4 with a multiplicity, 8 with a rank too. */
  readonly headerBytes: number
  readonly strideBytes: number
  readonly segmentBytes: number
  readonly segmentRows: number
}

export interface MemoryMap {
  readonly scratch: number
  /** Bit decomposition, shift left, shift right: 256 counts each. */
  readonly byteUses: number
  /** Per operation and for the range check: 256 counts. */
  readonly nibblePairUses: number
  /** Per operation and for the range check: 65,536 counts. */
  readonly bytePairUses: number
  /** A byte per table of {@link bytePairUses}: was it used? */
  readonly bytePairUsed: number
  readonly functions: readonly TablePlan[]
  readonly memories: readonly TablePlan[]
  /** The dictionary of wide values: two raw words. */
  readonly wide: TablePlan
  /** Operands of u32RangeCheck: one raw word. */
  readonly ranges: TablePlan
  /** Pairs of rank differences: two raw words. */
  readonly rankDifferences: TablePlan
  /** Channel; word number, elements, capacity in elements of its arena. */
  readonly channels: TablePlan
  /** By key length: channel, key; index and length as raw pairs of words. */
  readonly ioKeys: ReadonlyMap<number, TablePlan>
  /** Where a plain hint leaves its results. */
  readonly hintResults: number
  /** Numbers of recently added values of the dictionary: {@link RECENT_VALUES} times the value, its number. */
  readonly recent: number
  /** First byte after the static part. */
  readonly heap: number
}

export const BYTE_PAIR_TABLES = BYTE_PAIR_OPS.length + 1
export const NIBBLE_PAIR_TABLES = NIBBLE_PAIR_OPS.length + 1

/** @throws RangeError for a function or memory with more values than a WebAssembly function takes */
export function mapMemory(program: Program, ranks: RankPlan): MemoryMap {
  const { keyLengths, longest } = survey(program)
  const scratch = HEADER.stagedKeys + 8 * (keyLengths.length + 1)
  const byteUses = align(scratch + 8 * (longest + 8), 64)
  const nibblePairUses = byteUses + 3 * 1024
  const bytePairUses = nibblePairUses + NIBBLE_PAIR_TABLES * 1024
  const bytePairUsed = bytePairUses + BYTE_PAIR_TABLES * 262144
  let descriptor = align(bytePairUsed + BYTE_PAIR_TABLES, 64)
  const table = (
    name: string,
    keyColumns: number,
    columns: number,
    headerBytes = 4,
    wide: readonly boolean[] = [],
    sequentialColumn = 0,
  ): TablePlan => {
    const strideBytes = Math.max(4, headerBytes + 4 * columns)
    let segmentBytes = PAGE
    while (segmentBytes < 8 * strideBytes) segmentBytes *= 2
    const plan = {
      name,
      descriptor,
      keyColumns,
      columns,
      wide,
      sequential: sequentialColumn,
      headerBytes,
      strideBytes,
      segmentBytes,
      segmentRows: Math.floor((segmentBytes - SEGMENT_HEADER) / strideBytes),
    }
    descriptor += DESCRIPTOR_BYTES
    return plan
  }
  const functions = program.functions.map((f, i) => {
    if (f.inputSize > MOST_VALUES)
      throw new RangeError(`${f.name} takes ${f.inputSize} values; the engine passes at most ${MOST_VALUES}`)
    // Only rows that are reached through constrained calls are counted.
    const headerBytes = !f.constrained ? 0 : ranks.ranked[i] === 1 ? 8 : 4
    const wide = wideInputs(f)
    const keyColumns = f.inputSize + wide.filter(w => w).length
    return table(`f${i}`, keyColumns, keyColumns + f.outputSize, headerBytes, wide)
  })
  const memories = program.memorySizes.map(size => {
    if (size > MOST_VALUES)
      throw new RangeError(`memory[${size}]: the engine stores at most ${MOST_VALUES} values`)
    // A list's cells end with the pointer to the cell before.
    return table(`m${size}`, size, size, 4, [], Math.max(0, size - 1))
  })
  const wide = table('wide', 2, 2, 0)
  const ranges = table('ranges', 1, 1)
  const rankDifferences = table('differences', 2, 2)
  const channels = table('channels', 1, 4, 0)
  const ioKeys = new Map(keyLengths.map(n => [n, table(`io${n}`, n + 1, n + 5, 0)]))
  descriptor = align(descriptor, 64)
  const recent = descriptor
  descriptor += 16 * RECENT_VALUES
  const hintResults = descriptor
  plainHints(program).forEach(hint => {
    descriptor = Math.max(descriptor, hintResults + 8 * (hint?.results.length ?? 0))
  })
  return {
    scratch,
    byteUses,
    nibblePairUses,
    bytePairUses,
    bytePairUsed,
    functions,
    memories,
    wide,
    ranges,
    rankDifferences,
    channels,
    ioKeys,
    hintResults,
    recent,
    heap: align(descriptor, PAGE),
  }
}

/** Inputs that are taken apart into bytes: as good as random, so that most would fill the dictionary. */
function wideInputs(f: BytecodeFunction): boolean[] {
  const wide = new Array<boolean>(f.inputSize).fill(false)
  for (const block of blocksOf(f.body))
    for (const op of block.ops) if (op.op === 'unconstrainedGToBytes' && op.a < f.inputSize) wide[op.a] = true
  return wide
}

export function allTables(map: MemoryMap): TablePlan[] {
  return [
    ...map.functions,
    ...map.memories,
    map.wide,
    map.ranges,
    map.rankDifferences,
    map.channels,
    ...map.ioKeys.values(),
  ]
}

export function align(address: number, to: number): number {
  return Math.ceil(address / to) * to
}

/** Key lengths of IO operations, and the most operands that a failure can leave in scratch. */
function survey(program: Program): { keyLengths: number[]; longest: number } {
  const lengths = new Set<number>()
  let longest = 0
  const operands = (op: Op): number => {
    switch (op.op) {
      case 'assertEq':
        return op.xs.length + op.ys.length
      case 'ioGetInfo':
      case 'ioSetInfo':
        lengths.add(op.key.length)
        return op.key.length + 3
      case 'debug':
        return op.values?.length ?? 0
      default:
        return 0
    }
  }
  for (const f of program.functions) {
    longest = Math.max(longest, f.inputSize)
    for (const block of blocksOf(f.body))
      for (const op of block.ops) longest = Math.max(longest, operands(op))
  }
  return { keyLengths: [...lengths].sort((a, b) => a - b), longest }
}

/** The record of an execution as views on its linear memory, without copying. */

import type { Program } from '../bytecode.js'
import type { RankPlan } from '../vm/ranks.js'
import type { ByteUses, RecordView } from '../vm/record.js'
import type { TableView } from '../vm/table.js'
import type { MemoryState } from './execution.js'
import { hashColumns } from './hash.js'
import {
  BYTE_PAIR_TABLES,
  type MemoryMap,
  NIBBLE_PAIR_TABLES,
  SEGMENT_HEADER,
  SLOT_BYTES,
  TABLE,
  type TablePlan,
  WIDE,
} from './memory-map.js'

/** Rows of 32-bit columns in segments; positions are in words of `memory`. */
export class SegmentedTable {
  readonly count: number
  private readonly directory: Uint32Array
  private readonly strideColumns: number
  private readonly headerColumns: number
  private readonly probed: Uint32Array

  constructor(
    readonly memory: Uint32Array,
    readonly plan: TablePlan,
  ) {
    const field = (name: keyof typeof TABLE) => memory[(plan.descriptor + TABLE[name]) / 4]!
    const segments = field('segments')
    const first = field('directory') / 4
    this.directory = memory.subarray(first, first + segments)
    const free = (field('end') - field('next')) / plan.strideBytes
    this.count = segments * plan.segmentRows - free
    this.strideColumns = plan.strideBytes / 4
    this.headerColumns = (SEGMENT_HEADER + plan.headerBytes) / 4
    this.probed = new Uint32Array(plan.keyColumns)
  }

  /** Position of the first column of a row. */
  position(row: number): number {
    const { segmentRows } = this.plan
    const segment = Math.floor(row / segmentRows)
    return (
      this.directory[segment]! / 4 + this.headerColumns + (row - segment * segmentRows) * this.strideColumns
    )
  }

  /** Row with the key, or -1. */
  findColumns(columns: ArrayLike<number>): number {
    const { memory, plan } = this
    for (let i = 0; i < plan.keyColumns; i++) this.probed[i] = columns[i]!
    const index = memory[(plan.descriptor + TABLE.index) / 4]! / 4
    const mask = memory[(plan.descriptor + TABLE.mask) / 4]! / 4
    const hash = hashColumns(this.probed, plan.keyColumns)
    for (let slot = (hash * (SLOT_BYTES / 4)) & mask; ; slot = (slot + SLOT_BYTES / 4) & mask) {
      const entry = memory[index + slot]!
      if (entry === 0) return -1
      if ((memory[index + slot + 1]! | 0) !== hash || (entry & 1) !== 0) continue
      let i = 0
      while (i < plan.keyColumns && memory[entry / 4 + i] === this.probed[i]) i++
      if (i === plan.keyColumns) return this.rowAt(entry)
    }
  }

  /** Bytes of rows with their headers, and of the index. */
  bytes(): number {
    const { memory, plan } = this
    const mask = memory[(plan.descriptor + TABLE.mask) / 4]!
    return this.directory.length * plan.segmentBytes + (mask === 0 ? 0 : mask + SLOT_BYTES)
  }

  /** Row whose first column is at a byte address. */
  rowAt(address: number): number {
    const { segmentBytes, strideBytes, headerBytes } = this.plan
    const base = address - (address % segmentBytes)
    return this.memory[base / 4]! + (address - base - SEGMENT_HEADER - headerBytes) / strideBytes
  }
}

/** Values that do not fit a column. */
export class Dictionary {
  private readonly table: SegmentedTable
  private readonly pair = new Uint32Array(2)

  constructor(
    private readonly memory: Uint32Array,
    map: MemoryMap,
  ) {
    this.table = new SegmentedTable(memory, map.wide)
  }

  low(column: number): number {
    return column < WIDE ? column : this.memory[this.table.position(column - WIDE)]!
  }

  high(column: number): number {
    return column < WIDE ? 0 : this.memory[this.table.position(column - WIDE) + 1]!
  }

  /** A column whose value is below 2^53. */
  number(column: number): number {
    return this.low(column) + this.high(column) * 4294967296
  }

  /** The column of a value, or -1 when no row can contain it. */
  column(low: number, high: number): number {
    if (high === 0 && low < WIDE) return low
    this.pair[0] = low
    this.pair[1] = high
    const row = this.table.findColumns(this.pair)
    return row < 0 ? -1 : WIDE + row
  }
}

/** A memo table or memory. */
class ValueTable extends SegmentedTable implements TableView {
  readonly keyWords: number
  readonly strideWords: number
  readonly ranked: boolean
  /** Do the rows have multiplicities? */
  private readonly counted: boolean
  /** First column of each value. */
  private readonly columns: Int32Array
  private readonly key: Float64Array

  constructor(
    memory: Uint32Array,
    plan: TablePlan,
    private readonly dictionary: Dictionary,
  ) {
    super(memory, plan)
    const wide = plan.wide.filter(w => w).length
    this.keyWords = 2 * (plan.keyColumns - wide)
    this.strideWords = 2 * (plan.columns - wide)
    this.ranked = plan.headerBytes === 8
    this.counted = plan.headerBytes > 0
    this.columns = new Int32Array(plan.columns - wide)
    for (let i = 0, column = 0; i < this.columns.length; i++) {
      this.columns[i] = column
      column += plan.wide[i] ? 2 : 1
    }
    this.key = new Float64Array(plan.keyColumns)
  }

  copyWords(row: number, from: number, to: number, target: Uint32Array, at: number): void {
    const first = this.position(row)
    for (let w = from; w < to; w++) target[at + w - from] = this.wordAt(first, w)
  }

  word(row: number, index: number): number {
    return this.wordAt(this.position(row), index)
  }

  private wordAt(first: number, index: number): number {
    const value = index >>> 1
    const half = index & 1
    const at = first + this.columns[value]!
    if (this.plan.wide[value]) return this.memory[at + half]!
    const column = this.memory[at]!
    if (column < WIDE) return half === 0 ? column : 0
    return half === 0 ? this.dictionary.low(column) : this.dictionary.high(column)
  }

  usesOf(row: number): number {
    return this.counted ? this.memory[this.position(row) - 1]! : 0
  }

  rankOf(row: number): number {
    return this.ranked ? this.memory[this.position(row) - 2]! : 0
  }

  find(words: Uint32Array, at: number): number {
    for (let i = 0; i < this.keyWords / 2; i++) {
      const low = words[at + 2 * i]!
      const high = words[at + 2 * i + 1]!
      const first = this.columns[i]!
      if (this.plan.wide[i]) {
        this.key[first] = low
        this.key[first + 1] = high
        continue
      }
      const column = this.dictionary.column(low, high)
      if (column < 0) return -1
      this.key[first] = column
    }
    return this.findColumns(this.key)
  }

  usedRows(): number {
    let rows = 0
    for (let r = 0; r < this.count; r++) if (this.usesOf(r) !== 0) rows++
    return rows
  }

  uses(): number {
    let total = 0
    for (let r = 0; r < this.count; r++) total += this.usesOf(r)
    return total
  }
}

/** Counts of operands: raw 32-bit words that stand for field elements. */
class OperandTable extends SegmentedTable implements TableView {
  readonly ranked = false
  readonly keyWords = 2 * this.plan.keyColumns
  readonly strideWords = this.keyWords

  copyWords(row: number, from: number, to: number, target: Uint32Array, at: number): void {
    for (let w = from; w < to; w++) target[at + w - from] = this.word(row, w)
  }

  word(row: number, index: number): number {
    return (index & 1) === 0 ? this.memory[this.position(row) + (index >>> 1)]! : 0
  }

  usesOf(row: number): number {
    return this.memory[this.position(row) - 1]!
  }

  rankOf(): number {
    return 0
  }

  find(words: Uint32Array, at: number): number {
    const key: number[] = []
    for (let i = 0; i < this.plan.keyColumns; i++) {
      if (words[at + 2 * i + 1] !== 0) return -1
      key.push(words[at + 2 * i]!)
    }
    return this.findColumns(key)
  }

  usedRows(): number {
    return this.count
  }

  uses(): number {
    let total = 0
    for (let r = 0; r < this.count; r++) total += this.usesOf(r)
    return total
  }
}

/** Views on the memory of a finished execution. */
export class WasmRecord implements RecordView {
  readonly functions: readonly TableView[]
  readonly memories: readonly TableView[]
  readonly byteUses: ByteUses
  readonly bytePairUses: readonly (Uint32Array | null)[]
  readonly nibblePairUses: readonly Uint32Array[]
  readonly rangeUses: TableView
  readonly rankDifferences: TableView

  constructor(
    readonly program: Program,
    readonly ranks: RankPlan,
    map: MemoryMap,
    readonly state: MemoryState,
  ) {
    const memory = state.words
    const dictionary = new Dictionary(memory, map)
    this.functions = map.functions.map(plan => new ValueTable(memory, plan, dictionary))
    this.memories = map.memories.map(plan => new ValueTable(memory, plan, dictionary))
    const counts = (address: number, count: number) => memory.subarray(address / 4, address / 4 + count)
    this.byteUses = {
      bitDecomposition: counts(map.byteUses, 256),
      shiftLeft: counts(map.byteUses + 1024, 256),
      shiftRight: counts(map.byteUses + 2048, 256),
    }
    this.nibblePairUses = Array.from({ length: NIBBLE_PAIR_TABLES }, (_, i) =>
      counts(map.nibblePairUses + 1024 * i, 256),
    )
    const used = new Uint8Array(memory.buffer, map.bytePairUsed, BYTE_PAIR_TABLES)
    this.bytePairUses = Array.from(used, (flag, i) =>
      flag === 0 ? null : counts(map.bytePairUses + 262144 * i, 65536),
    )
    this.rangeUses = new OperandTable(memory, map.ranges)
    this.rankDifferences = new OperandTable(memory, map.rankDifferences)
  }

  /** Rows of all functions and memories, and bytes of the tables: rows, indexes, dictionary and free blocks. */
  totals(): { rows: number; bytes: number } {
    let rows = 0
    for (const table of this.functions) rows += table.count
    for (const table of this.memories) rows += table.count
    const { heap, start, input } = this.state
    return { rows, bytes: heap - start - input }
  }

  memory(size: number): TableView {
    const table = this.memories[this.program.memorySizes.indexOf(size)]
    if (table === undefined) throw new Error(`the program has no memory of size ${size}`)
    return table
  }
}

/** Tables as the generated code leaves them in the linear memory. */

import { hashColumns, homeOf } from './hash.js'
import {
  HEADER,
  LEAST_INDEX,
  type MemoryMap,
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
    const first = field('directory')
    this.directory = memory.subarray(first, first + segments)
    const free = (4 * (field('end') - field('next'))) / plan.strideBytes
    this.count = segments * plan.segmentRows - free
    this.strideColumns = plan.strideBytes / 4
    this.headerColumns = (SEGMENT_HEADER + plan.headerBytes) / 4
    this.probed = new Uint32Array(plan.keyColumns)
  }

  /** Position of the first column of a row. */
  position(row: number): number {
    const { segmentRows } = this.plan
    const segment = Math.floor(row / segmentRows)
    return this.directory[segment]! + this.headerColumns + (row - segment * segmentRows) * this.strideColumns
  }

  /** Row with the key, or -1. */
  findColumns(columns: ArrayLike<number>): number {
    const { memory, plan } = this
    for (let i = 0; i < plan.keyColumns; i++) this.probed[i] = columns[i]!
    const index = memory[(plan.descriptor + TABLE.index) / 4]!
    const mask = memory[(plan.descriptor + TABLE.mask) / 4]! / 4
    const frames = memory[HEADER.frames / 4]!
    const shift = memory[(plan.descriptor + TABLE.shift) / 4]!
    const hash = hashColumns(this.probed, plan.keyColumns, plan.sequential)
    for (let slot = homeOf(hash, shift); ; slot = (slot + SLOT_BYTES / 4) & mask) {
      const entry = memory[index + slot]!
      if (entry === 0) return -1
      if ((memory[index + slot + 1]! | 0) !== hash || entry >= frames) continue
      let i = 0
      while (i < plan.keyColumns && memory[entry + i] === this.probed[i]) i++
      if (i === plan.keyColumns) return this.rowAt(entry)
    }
  }

  /** Bytes of rows with their headers, and of the index. */
  bytes(): number {
    const { memory, plan } = this
    const mask = memory[(plan.descriptor + TABLE.mask) / 4]!
    return (
      this.directory.length * plan.segmentBytes + (mask + SLOT_BYTES === LEAST_INDEX ? 0 : mask + SLOT_BYTES)
    )
  }

  /** Row whose first column is at a position. */
  rowAt(position: number): number {
    const { segmentBytes, strideBytes, headerBytes } = this.plan
    const within = position % (segmentBytes / 4)
    const first = this.memory[position - within]!
    return first + (4 * within - SEGMENT_HEADER - headerBytes) / strideBytes
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

/** The record of an execution as views on its linear memory, without copying. */

import type { Program } from '../bytecode.js'
import type { RankPlan } from '../vm/ranks.js'
import type { ByteUses, RecordView } from '../vm/record.js'
import type { TableView } from '../vm/table.js'
import { BYTE_PAIR_TABLES, type MemoryMap, NIBBLE_PAIR_TABLES, type TablePlan, WIDE } from './memory-map.js'
import type { MemoryState } from './memory-state.js'
import { Dictionary, SegmentedTable } from './segmented-table.js'

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

/**
 * What an execution leaves behind: the rows of every function and memory and the operands of every table
 * operation, all as flat arrays that another engine can fill in place.
 */

import type { Program } from '../bytecode.js'
import { BYTE_PAIR_OPS, NIBBLE_PAIR_OPS } from './bytes.js'
import type { RankPlan } from './ranks.js'
import { type Reserve, RowTable, type TableView } from './table.js'

/** Uses of the operations on one byte, counted per operand. */
export interface ByteUses {
  bitDecomposition: Uint32Array
  shiftLeft: Uint32Array
  shiftRight: Uint32Array
}

/** Multiplicity of a row that is being promoted. */
export const PROMOTING = 0xffffffff

/** A record of either engine, as its consumers see it. The members are those of {@link ExecutionRecord}. */
export interface RecordView {
  readonly program: Program
  readonly ranks: RankPlan
  readonly functions: readonly TableView[]
  readonly memories: readonly TableView[]
  readonly byteUses: ByteUses
  readonly bytePairUses: readonly (Uint32Array | null)[]
  readonly nibblePairUses: readonly Uint32Array[]
  readonly rangeUses: TableView
  readonly rankDifferences: TableView
  /** @throws Error for a size the program does not use */
  memory(size: number): TableView
  /** Rows of all functions and memories, and bytes of all tables with their indexes. */
  totals(): { rows: number; bytes: number }
}

export class ExecutionRecord implements RecordView {
  /**
   * One table per function of the program. Key: inputs; then outputs. Rows are in order of completion; rows
   * reached only without constraints have multiplicity 0 and are no rows of the circuit.
   */
  readonly functions: RowTable[]
  /** One table per entry of `program.memorySizes`: key = values, pointer = row. */
  readonly memories: RowTable[]
  /** 256 counts each. */
  readonly byteUses: ByteUses = {
    bitDecomposition: new Uint32Array(256),
    shiftLeft: new Uint32Array(256),
    shiftRight: new Uint32Array(256),
  }
  /** Per operation of `BYTE_PAIR_OPS`, then the byte range check: 65,536 counts at 256 a + b, null if unused. */
  readonly bytePairUses: (Uint32Array | null)[]
  /** Per operation of `NIBBLE_PAIR_OPS`, then the nibble range check: 256 counts at 16 a + b. */
  readonly nibblePairUses: Uint32Array[]
  /** Distinct operands of u32RangeCheck (one element a row) with their counts. */
  readonly rangeUses = new RowTable(2, 2)
  /** Distinct pairs of differences that rows with several ranked calls have to bound, with their counts. */
  readonly rankDifferences = new RowTable(4, 4)

  constructor(
    readonly program: Program,
    readonly ranks: RankPlan,
    reserve?: Reserve,
  ) {
    this.functions = program.functions.map(
      (f, i) =>
        new RowTable(2 * f.inputSize, 2 * (f.inputSize + f.outputSize), ranks.ranked[i] === 1, reserve),
    )
    this.memories = program.memorySizes.map(size => new RowTable(2 * size, 2 * size, false, reserve))
    this.bytePairUses = new Array(BYTE_PAIR_OPS.length + 1).fill(null)
    this.nibblePairUses = Array.from({ length: NIBBLE_PAIR_OPS.length + 1 }, () => new Uint32Array(256))
  }

  /**
   * Makes the record of an execution that failed usable for another one, which finds the results so far. The counts of
   * a record that was reopened are of no use.
   */
  reopen(): void {
    for (const table of this.functions) {
      table.dropMarks()
      for (let row = 0; row < table.count; row++)
        if (table.multiplicity[row] === PROMOTING) table.multiplicity[row] = 0
    }
  }

  totals(): { rows: number; bytes: number } {
    const tables = [...this.functions, ...this.memories]
    const rows = tables.reduce((sum, table) => sum + table.count, 0)
    const all = [...tables, this.rangeUses, this.rankDifferences]
    return { rows, bytes: all.reduce((sum, table) => sum + table.bytes(), 0) }
  }

  /** Memory of one size. @throws Error for a size the program does not use. */
  memory(size: number): RowTable {
    const table = this.memories[this.program.memorySizes.indexOf(size)]
    if (table === undefined) throw new Error(`the program has no memory of size ${size}`)
    return table
  }
}

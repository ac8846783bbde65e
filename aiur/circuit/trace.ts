/** Traces: the rows of every circuit, generated from the execution record on demand. */

import { highWord, lowWord, normalise } from '../vm/goldilocks.js'
import type { RecordView } from '../vm/record.js'
import type { Circuit } from './circuit.js'
import type { GadgetRows } from './gadgets.js'

/** A record holds a row that no execution leaves behind, so that there is no trace of it. */
export class RowError extends Error {
  constructor(
    readonly circuit: string,
    /** Row of the trace. */
    readonly row: number,
    readonly what: string,
  ) {
    super(`${circuit}, row ${row}: ${what}`)
  }
}

/** The main trace of a circuit; rows beyond `height` are padding of zeros. */
export interface Trace {
  readonly circuit: Circuit
  readonly height: number
  /**
   * Writes rows [start, start + count) row-major into `target`, two words per element.
   *
   * @throws RowError when the record holds a row that no execution leaves behind
   */
  fill(start: number, count: number, target: Uint32Array): void
}

/** A trace held in memory, such as one that somebody supplies. */
export class MatrixTrace implements Trace {
  constructor(
    readonly circuit: Circuit,
    readonly height: number,
    /** Row-major, two words per element. */
    readonly values: Uint32Array,
  ) {
    if (values.length !== 2 * height * circuit.columns.length)
      throw new RangeError(`${circuit.name}: a trace of ${height} rows has ${values.length} words`)
  }

  static of(trace: Trace): MatrixTrace {
    const values = new Uint32Array(2 * trace.height * trace.circuit.columns.length)
    trace.fill(0, trace.height, values)
    return new MatrixTrace(trace.circuit, trace.height, values)
  }

  fill(start: number, count: number, target: Uint32Array): void {
    const words = 2 * this.circuit.columns.length
    target.set(this.values.subarray(start * words, (start + count) * words))
  }

  get(row: number, column: number): bigint {
    const at = 2 * (row * this.circuit.columns.length + column)
    return (BigInt(this.values[at + 1]!) << 32n) | BigInt(this.values[at]!)
  }

  set(row: number, column: number, value: bigint): void {
    const at = 2 * (row * this.circuit.columns.length + column)
    this.values[at] = lowWord(normalise(value))
    this.values[at + 1] = highWord(normalise(value))
  }
}

/** Every row of a memory, those of multiplicity 0 included: pointers are consecutive. */
export function memoryTrace(circuit: Circuit, record: RecordView, table: number): Trace {
  const memory = record.memories[table]!
  const width = circuit.columns.length
  return {
    circuit,
    height: memory.usedRows() === 0 ? 0 : memory.count,
    fill(start, count, target) {
      target.fill(0, 0, 2 * width * count)
      for (let i = 0; i < count; i++) {
        const row = start + i
        const at = 2 * width * i
        target[at] = memory.usesOf(row)
        target[at + 2] = 1
        target[at + 4] = row
        memory.copyWords(row, 0, memory.strideWords, target, at + 6)
      }
    },
  }
}

export function gadgetTrace({ circuit, height, values }: GadgetRows): Trace {
  const width = circuit.columns.length
  return {
    circuit,
    height,
    fill(start, count, target) {
      for (let i = 0; i < count * width; i++) {
        const value = values[start * width + i]!
        target[2 * i] = value % 4294967296
        target[2 * i + 1] = Math.floor(value / 4294967296)
      }
    },
  }
}

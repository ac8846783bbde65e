/** Which rows of gadgets, and which entries of their tables, an execution uses, one first use after the other. */

import type { RecordView } from '../vm/record.js'
import { bytePairOnDemand, type Demands, type OnDemandGadget, range32 } from './gadget-circuits.js'
import { BYTE_RANGE, bytePairName, bytePairTableName } from './gadget-tables.js'
import { Use } from './row-uses.js'

/** Columns of a row that is filled for its demands only. */
const SCRATCH = 32

/**
 * Tells first uses apart from later ones. A row of a gadget uses others in turn: those are first used by what first used
 * the row.
 */
export class GadgetUses {
  /** Circuits that are tables, with an entry for each operation on each row: not all of them need be in use. */
  readonly tables: ReadonlySet<number>
  private readonly bytePairs: Uint8Array[] = []
  private readonly nibblePairs = new Uint8Array(4 * 256)
  private readonly bytes = new Uint8Array(3 * 256)
  private readonly ranges = new Set<number>()
  private readonly rankPairs: Uint8Array
  private readonly onDemand: (OnDemandGadget | null)[] = []
  private readonly range = range32()
  private readonly row = new Float64Array(SCRATCH)
  private readonly key = new Uint32Array(4)
  private readonly pairCircuits: number[] = []
  private readonly circuits: Record<'ranks' | 'range32' | 'bytes' | 'nibbles', number>
  private readonly demands: Demands = {
    nibbles: (operation, a, b) => this.use(Use.NibblePair, operation, a, b),
    range32: x => this.use(Use.Range32, 0, x, 0),
  }

  /**
   * @param circuitOf number of the gadget circuit with a name, -1 when the execution has none
   * @param first called with the circuit at each first use
   */
  constructor(
    private readonly record: RecordView,
    circuitOf: (name: string) => number,
    private readonly first: (circuit: number) => void,
  ) {
    this.rankPairs = new Uint8Array(record.rankDifferences.count)
    this.circuits = {
      ranks: circuitOf('RankDifferences'),
      range32: circuitOf('Range32'),
      bytes: circuitOf('Bytes1'),
      nibbles: circuitOf('Nibbles'),
    }
    const tables = new Set([this.circuits.bytes, this.circuits.nibbles])
    for (let operation = 0; operation <= BYTE_RANGE; operation++) {
      const [rows, table] = [circuitOf(bytePairName(operation)), circuitOf(bytePairTableName(operation))]
      tables.add(table)
      this.pairCircuits.push(Math.max(rows, table))
      this.onDemand.push(rows < 0 ? null : bytePairOnDemand(operation))
      this.bytePairs.push(new Uint8Array(Math.max(rows, table) < 0 ? 0 : 65536))
    }
    this.tables = tables
  }

  use(use: Use, index: number, x: number, y: number): void {
    switch (use) {
      case Use.BytePair: {
        if (!mark(this.bytePairs[index]!, 256 * x + y)) return
        this.first(this.pairCircuits[index]!)
        this.onDemand[index]?.fill(x, y, this.row, 0, this.demands)
        return
      }
      case Use.NibblePair:
        if (mark(this.nibblePairs, 256 * index + 16 * x + y)) this.first(this.circuits.nibbles)
        return
      case Use.Byte:
        if (mark(this.bytes, 256 * index + x)) this.first(this.circuits.bytes)
        return
      case Use.Range32:
        if (this.ranges.has(x)) return
        this.ranges.add(x)
        this.first(this.circuits.range32)
        this.range.fill(x, 0, this.row, 0, this.demands)
        return
      case Use.Ranks: {
        this.key[0] = x
        this.key[2] = y
        if (!mark(this.rankPairs, this.record.rankDifferences.find(this.key, 0))) return
        this.first(this.circuits.ranks)
        this.demands.range32(x)
        this.demands.range32(y)
        return
      }
      default:
        throw new Error(`no use of a gadget: ${use}`)
    }
  }
}

/** Was it not marked before? */
function mark(marks: Uint8Array, at: number): boolean {
  if (marks[at] === 1) return false
  if (at < 0 || at >= marks.length) throw new Error('an operand that the record does not count')
  marks[at] = 1
  return true
}

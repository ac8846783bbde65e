/**
 * Who causes the cost of an execution: its rows by the path of calls that first made them.
 *
 * Results are shared, so most calls make no row. A row belongs to the call that made it, which is the first one in the
 * order of the execution; a row of a memory or gadget to the row that first used it. The record does not keep that order,
 * but the program does: this runs once more over the rows of a finished record, each of them once, with all results at
 * hand. An execution that nobody asks about pays nothing.
 */

import type { FunctionIndex } from '../bytecode.js'
import type { RecordView } from '../vm/record.js'
import { type EntryCall, entryRow } from './constraints.js'
import type { CostReport } from './cost.js'
import { functionCircuit } from './function-circuit.js'
import { FunctionTrace } from './function-trace.js'
import { GadgetUses } from './gadget-uses.js'
import type { Layout } from './layout.js'
import { RowUses, Use, UseList } from './row-uses.js'

export interface ProfiledCircuit {
  readonly name: string
  readonly kind: 'function' | 'memory' | 'gadget'
  readonly rows: number
  readonly cost: number
  /** Rows, or what is used of a gadget that is a table. Each has an equal share of the circuit's rows and cost. */
  readonly entries: number
}

/** What a node of the tree stands for: a circuit and, for functions of `ProfileOptions.labels`, what a call is about. */
export interface Frame {
  /** Index in `Profile.circuits`. */
  readonly circuit: number
  readonly label?: string
}

/**
 * The tree of the calls that made rows. Calls of one function by one node are one node, and a call of a function that is
 * on the path already is that node of the path: recursion, direct or not, does not nest. Labels limit how far that goes:
 * nothing below a node with a label is taken for something above it.
 */
export interface Profile {
  readonly total: number
  readonly circuits: readonly ProfiledCircuit[]
  readonly frames: readonly Frame[]
  /** Per node its parent, which comes before it; -1 for the first, the entry call. */
  readonly parents: Int32Array
  /** Per node its frame. */
  readonly nodeFrames: Int32Array
  /** Per node the entries of its circuit that it made. */
  readonly entries: Float64Array
}

/** Rows and cost of each node without those below it. Their sums are those of the report. */
export function ownCosts({ circuits, frames, nodeFrames, entries }: Profile): {
  rows: Float64Array
  cost: Float64Array
} {
  const rows = new Float64Array(entries.length)
  const cost = new Float64Array(entries.length)
  for (let node = 0; node < entries.length; node++) {
    const circuit = circuits[frames[nodeFrames[node]!]!.circuit]!
    if (circuit.entries === 0) continue
    rows[node] = entries[node]! * (circuit.rows / circuit.entries)
    cost[node] = entries[node]! * (circuit.cost / circuit.entries)
  }
  return { rows, cost }
}

/** Of each node the sum over it and all below it. */
export function withCalls({ parents }: Profile, own: Float64Array): Float64Array {
  const sums = own.slice()
  for (let node = sums.length - 1; node > 0; node--) sums[parents[node]!]! += sums[node]!
  return sums
}

export interface ProfileOptions {
  /** Functions whose calls are told apart, with what a row is about. */
  readonly labels?: ReadonlyMap<FunctionIndex, (row: number) => string>
  /** Called now and then with rows of functions. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

/**
 * @param record of an execution that ran to its end
 * @param costs of this record
 * @throws Error when the record is not that of the call
 */
export function profile(
  layout: Layout,
  record: RecordView,
  call: EntryCall,
  costs: CostReport,
  options: ProfileOptions = {},
): Profile {
  return new Replay(layout, record, call, costs, options).run()
}

/** A use that ends a call: the node of the caller is that of its second word. */
const END = 7

class Replay {
  private readonly circuits: (Omit<ProfiledCircuit, 'entries'> & { entries: number })[]
  private readonly functions: (RowUses | undefined)[] = []
  /** Per function of the program: its circuit. */
  private readonly circuitOf = new Map<FunctionIndex, number>()
  private readonly seenRows: Uint8Array[]
  private readonly seenCells: Uint8Array[]
  private readonly gadgets: GadgetUses
  private readonly frames: Frame[] = []
  private readonly labelled = new Map<string, number>()
  private readonly parents: number[] = []
  private readonly nodeFrames: number[] = []
  private readonly entries: number[] = []
  /** Where a frame leads to from a node, at node * FRAMES + frame. */
  private readonly steps = new Map<number, number>()
  private node = -1

  constructor(
    private readonly layout: Layout,
    private readonly record: RecordView,
    private readonly call: EntryCall,
    private readonly costs: CostReport,
    private readonly options: ProfileOptions,
  ) {
    layout.functions.forEach(({ index }, i) => {
      this.circuitOf.set(index, i)
    })
    this.circuits = [...costs.circuits]
      .sort((a, b) => a.position - b.position)
      .map(({ name, kind, rows, cost }) => ({ name, kind, rows, cost, entries: 0 }))
    // Of a circuit without a label the frame is its number.
    this.circuits.forEach((_, circuit) => {
      this.frames.push({ circuit })
    })
    this.seenRows = record.functions.map(table => new Uint8Array(table.count))
    this.seenCells = record.memories.map(table => new Uint8Array(table.count))
    this.gadgets = new GadgetUses(
      record,
      name => this.circuits.findIndex(circuit => circuit.kind === 'gadget' && circuit.name === name),
      circuit => this.enter(circuit),
    )
  }

  run(): Profile {
    const { index, row } = entryRow(this.layout, this.record, this.call)
    if (row < 0) throw new Error('the record has no row of the call')
    const pending = new UseList()
    const found = new UseList()
    const all = this.costs.circuits.reduce((sum, c) => sum + (c.kind === 'function' ? c.rows : 0), 0)
    let done = 0
    pending.push(Use.Function, index, row, 0)
    while (pending.length > 0) {
      pending.length -= 3
      const head = pending.words[pending.length]!
      const x = pending.words[pending.length + 1]!
      const y = pending.words[pending.length + 2]!
      const use = head & 7
      const at = head >>> 3
      if (use === END) this.node = x | 0
      else if (use === Use.Memory) {
        if (first(this.seenCells[at]!, x)) this.enter(this.layout.functions.length + at)
      } else if (use !== Use.Function) this.gadgets.use(use, at, x, y)
      else if (first(this.seenRows[at]!, x)) {
        const caller = this.node
        this.node = this.enter(this.frameOf(at, x))
        pending.push(END, 0, caller, 0)
        if ((++done & 0x3fff) === 0) this.options.onProgress?.(done, all)
        found.length = 0
        this.usesOf(at).list(x, found)
        for (let i = found.length - 3; i >= 0; i -= 3) this.schedule(found.words, i, pending)
      }
    }
    this.requireWhole()
    return {
      total: this.costs.cost.total,
      circuits: this.circuits,
      frames: this.frames,
      parents: Int32Array.from(this.parents),
      nodeFrames: Int32Array.from(this.nodeFrames),
      entries: Float64Array.from(this.entries),
    }
  }

  private usesOf(index: FunctionIndex): RowUses {
    let uses = this.functions[index]
    if (uses === undefined) {
      const { layout, record, call } = this
      const { program, ranks, reference } = layout
      const circuit = functionCircuit(program, index, ranks, reference)
      const trace = new FunctionTrace(circuit, index, record, call.io, ranks)
      uses = new RowUses(circuit, trace, index, record, ranks)
      this.functions[index] = uses
    }
    return uses
  }

  /** What has been used before need not wait for its turn. */
  private schedule(words: Uint32Array, i: number, pending: UseList): void {
    const head = words[i]!
    const x = words[i + 1]!
    if ((head & 7) === Use.Memory && this.seenCells[head >>> 3]![x] === 1) return
    if ((head & 7) === Use.Function && this.seenRows[head >>> 3]![x] === 1) return
    pending.push(head & 7, head >>> 3, x, words[i + 2]!)
  }

  private frameOf(index: FunctionIndex, row: number): number {
    const circuit = this.circuitOf.get(index)!
    const label = this.options.labels?.get(index)?.(row)
    if (label === undefined) return circuit
    const key = `${circuit} ${label}`
    let frame = this.labelled.get(key)
    if (frame === undefined) {
      frame = this.frames.length
      this.frames.push({ circuit, label })
      this.labelled.set(key, frame)
    }
    return frame
  }

  /** Counts an entry of the frame's circuit, made by the node at hand; the node of the frame. */
  private enter(frame: number): number {
    const node = this.step(frame)
    this.entries[node]!++
    this.circuits[this.frames[frame]!.circuit]!.entries++
    return node
  }

  private step(frame: number): number {
    const key = this.node * 2 ** 26 + frame
    const known = this.steps.get(key)
    if (known !== undefined) return known
    let node = this.node
    // Up to a node with a label, included.
    while (node >= 0 && this.nodeFrames[node] !== frame)
      node = this.frames[this.nodeFrames[node]!]!.label === undefined ? this.parents[node]! : -1
    if (node < 0) {
      node = this.parents.length
      this.parents.push(this.node)
      this.nodeFrames.push(frame)
      this.entries.push(0)
    }
    this.steps.set(key, node)
    return node
  }

  /** Every row of the table of costs has been met, and no other. */
  private requireWhole(): void {
    for (const { position, name, rows } of this.costs.circuits) {
      const { entries } = this.circuits[position]!
      const whole = this.gadgets.tables.has(position) ? entries > 0 : entries === rows
      if (!whole) throw new Error(`${name}: the calls of the execution make ${entries} of ${rows} rows`)
    }
  }
}

function first(seen: Uint8Array, row: number): boolean {
  if (seen[row] === 1) return false
  seen[row] = 1
  return true
}

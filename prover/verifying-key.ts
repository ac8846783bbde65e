/** What a verifier knows of a program: its circuits and its entry functions, and their digest. */

import { type FixedTable, lookupGroups } from '../aiur/circuit/circuit.js'
import type { Expression, Expressions } from '../aiur/circuit/expression.js'
import { hash } from './hash.js'

export interface KeyLookup {
  multiplicity: Expression
  message: Expression[]
}

export interface KeyCircuit {
  name: string
  /** Columns of the main trace. */
  main: number
  /** Main columns that are read on the next row, ascending. */
  nextColumns: number[]
  fixed: FixedTable | null
  /** Only what the constraints and lookups use. */
  expressions: Expressions
  constraints: Expression[]
  lookups: KeyLookup[]
  /** Neighbouring lookups share an accumulator while the degrees of their messages add up to at most this. */
  groupDegree: number
  /** Greatest degree of a constraint or accumulator step, at least 2. */
  degree: number
}

export interface KeyEntry {
  /** Index of the function, an element of its messages. */
  index: number
  name: string
  inputs: number
  outputs: number
  /** Is a rank the last element of its message? */
  ranked: boolean
}

export interface VerifyingKey {
  circuits: KeyCircuit[]
  entries: KeyEntry[]
  digest: Uint8Array
}

/** Lookups that share an accumulator column, in order. */
export function groupsOf(circuit: KeyCircuit): KeyLookup[][] {
  const groups = lookupGroups(circuit)
  return groups.length === 0 ? [[]] : groups
}

/** Base columns of the accumulators. */
export function accumulatorColumns(circuit: KeyCircuit): number {
  return 2 * groupsOf(circuit).length
}

/** Bytes of a number. */
type Width = 1 | 2 | 4

/** Little-endian numbers into a growing buffer. */
export class KeyWriter {
  private bytes = new Uint8Array(1 << 16)
  private view = new DataView(this.bytes.buffer)
  private length = 0

  private room(count: number): number {
    const at = this.length
    if (at + count > this.bytes.length) {
      const grown = new Uint8Array(2 * (at + count))
      grown.set(this.bytes.subarray(0, at))
      this.bytes = grown
      this.view = new DataView(grown.buffer)
    }
    this.length = at + count
    return at
  }

  number(value: number, width: Width = 4): void {
    const at = this.room(width)
    if (width === 4) this.view.setUint32(at, value, true)
    else if (width === 2) this.view.setUint16(at, value, true)
    else this.view.setUint8(at, value)
  }

  /** Every `step`-th number from `first` on. */
  column(values: Uint32Array, first: number, step: number, width: Width): void {
    const count = Math.ceil((values.length - first) / step)
    let at = this.room(count * width)
    const { bytes, view } = this
    for (let i = first; i < values.length; i += step, at += width)
      if (width === 1) bytes[at] = values[i]!
      else if (width === 2) view.setUint16(at, values[i]!, true)
      else view.setUint32(at, values[i]!, true)
  }

  raw(bytes: Uint8Array): void {
    const at = this.room(bytes.length)
    this.bytes.set(bytes, at)
  }

  text(value: string): void {
    const bytes = new TextEncoder().encode(value)
    this.number(bytes.length)
    this.raw(bytes)
  }

  list<T>(values: ArrayLike<T>, write: (value: T) => void): void {
    this.number(values.length)
    for (let i = 0; i < values.length; i++) write(values[i]!)
  }

  finish(): Uint8Array {
    return this.bytes.slice(0, this.length)
  }
}

/** The digest of everything that decides whether a proof is accepted. */
export function keyDigest(circuits: readonly KeyCircuit[], entries: readonly KeyEntry[]): Uint8Array {
  const w = new KeyWriter()
  w.text('ix verifying key 2')
  writeKey(w, circuits, entries, table => w.raw(tableDigest(table)))
  return hash(w.finish())
}

/** Writes circuits and entries; `writeTable` says how tables are represented. */
export function writeKey(
  w: KeyWriter,
  circuits: readonly KeyCircuit[],
  entries: readonly KeyEntry[],
  writeTable: (table: FixedTable) => void,
): void {
  w.list(circuits, c => {
    w.text(c.name)
    w.number(c.main)
    w.number(c.groupDegree)
    w.list(c.expressions.constants, x => {
      w.number(Number(x & 0xffffffffn))
      w.number(Number(x >> 32n))
    })
    w.number(c.expressions.kinds.length)
    c.expressions.kinds.forEach((kind, i) => {
      w.number(kind, 1)
      w.number(c.expressions.a[i]!)
      w.number(c.expressions.b[i]!)
    })
    w.list(c.constraints, x => w.number(x))
    w.list(c.lookups, l => {
      w.number(l.multiplicity)
      w.list(l.message, x => w.number(x))
    })
    w.number(c.fixed === null ? 0 : 1)
    if (c.fixed !== null) writeTable(c.fixed)
  })
  w.list(entries, e => {
    w.number(e.index)
    w.text(e.name)
    w.number(e.inputs)
    w.number(e.outputs)
    w.number(e.ranked ? 1 : 0)
  })
}

/** Tables are shared between keys. */
const tableDigests = new WeakMap<FixedTable, Uint8Array>()

function tableDigest(table: FixedTable): Uint8Array {
  const known = tableDigests.get(table)
  if (known !== undefined) return known
  const w = new KeyWriter()
  writeTable(w, table)
  const digest = hash(w.finish())
  tableDigests.set(table, digest)
  return digest
}

/** Width and height, then each column in the fewest bytes that hold its values. */
export function writeTable(w: KeyWriter, { width, height, values }: FixedTable): void {
  w.number(width)
  w.number(height)
  for (let c = 0; c < width; c++) {
    let greatest = 0
    for (let r = 0; r < height; r++) greatest = Math.max(greatest, values[r * width + c]!)
    const bytes = greatest < 256 ? 1 : greatest < 65536 ? 2 : 4
    w.number(bytes)
    w.column(values, c, width, bytes)
  }
}

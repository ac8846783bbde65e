/** The calls that are running in a machine: their frames and values, what they count, and how they fail. */

import type { FunctionIndex, Program } from '../bytecode.js'
import { ExecutionError, type ExecutionErrorKind, TRACE_FRAMES, type TraceFrame } from './error.js'
import { toBigInt } from './goldilocks.js'
import type { Code } from './instruction-stream.js'
import type { IoBuffer } from './io.js'
import type { Limits } from './limits.js'
import { RareOperations } from './rare.js'
import type { ExecutionRecord } from './record.js'
import type { RowTable } from './table.js'

// Frame fields.
export const CALL = 0
export const BASE = 1
export const FUNCTION = 2
export const HASH = 3
/** Row being promoted, or -1. */
export const ROW = 4
export const UNCONSTRAINED = 5
export const FIELDS = 6

export class Activations {
  protected values = new Uint32Array(1 << 12)
  protected frames = new Int32Array(FIELDS * 64)
  protected depth = 0
  protected rows = 0
  protected readonly started = performance.now()
  protected nextReport = 250
  protected readonly rare: RareOperations

  constructor(
    protected readonly program: Program,
    protected readonly code: Code,
    protected readonly record: ExecutionRecord,
    io: IoBuffer,
    protected readonly limits: Limits,
  ) {
    this.rare = new RareOperations(record, io, code.messages, limits.onDebug)
  }

  /** Row of the key; -1 when it is new, after marking it as running. */
  protected lookup(table: RowTable, v: Uint32Array, base: number, hash: number): number {
    const { index, mask, values, strideWords, keyWords } = table
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const entry = index[slot]!
      if (entry === 0) return -1
      if (entry > 0) {
        const from = (entry - 1) * strideWords
        let i = 0
        while (i < keyWords && values[from + i] === v[base + i]) i++
        if (i === keyWords) return entry - 1
      } else {
        const frame = (-entry - 1) * FIELDS
        const from = this.frames[frame + BASE]!
        let i = 0
        while (i < keyWords && v[from + i] === v[base + i]) i++
        if (i === keyWords) this.loops(this.frames[frame + FUNCTION]!, base)
      }
    }
  }

  protected enter(
    call: number,
    base: number,
    callee: FunctionIndex,
    hash: number,
    row: number,
    unconstrained: number,
  ): void {
    const frame = this.depth * FIELDS
    if (frame + FIELDS > this.frames.length) {
      this.record.functions[0]!.reserve(this.frames.byteLength)
      const frames = new Int32Array(this.frames.length * 2)
      frames.set(this.frames)
      this.frames = frames
    }
    const { frames } = this
    frames[frame + CALL] = call
    frames[frame + BASE] = base
    frames[frame + FUNCTION] = callee
    frames[frame + HASH] = hash
    frames[frame + ROW] = row
    frames[frame + UNCONSTRAINED] = unconstrained
    this.depth++
    if (row < 0) {
      this.record.functions[callee]!.occupy(
        hash,
        -this.depth,
        mark => this.frames[(-mark - 1) * FIELDS + HASH]!,
      )
      this.countRow()
    }
  }

  protected growValues(words: number): void {
    let length = this.values.length
    while (length < words + 64) length *= 2
    this.record.functions[0]!.reserve((length - this.values.length) * 4)
    const values = new Uint32Array(length)
    values.set(this.values)
    this.values = values
  }

  protected countRow(): void {
    this.rows++
    if (this.limits.rows !== undefined && this.rows > this.limits.rows)
      throw new ExecutionError('rowLimit', `limit of ${this.limits.rows} rows reached`)
    if ((this.rows & 0x3fff) !== 0) return
    const elapsed = performance.now() - this.started
    if (this.limits.timeoutMs !== undefined && elapsed > this.limits.timeoutMs)
      throw new ExecutionError('timeLimit', `time limit of ${this.limits.timeoutMs} ms reached`)
    if (this.limits.onProgress !== undefined && elapsed >= this.nextReport) {
      this.nextReport = elapsed + 250
      const { watch } = this.limits
      const watched =
        watch === undefined
          ? undefined
          : this.record.functions[this.program.functionIndex.get(watch) ?? -1]?.count
      this.limits.onProgress({
        rows: this.rows,
        depth: this.depth,
        seconds: elapsed / 1000,
        ...(watched === undefined ? {} : { watched }),
      })
    }
  }

  protected rangePair(v: Uint32Array, bits: number, a: number, b: number): void {
    const limit = bits === 8 ? 255 : 15
    if (v[a]! > limit || v[b]! > limit || (v[a + 1]! | v[b + 1]!) !== 0)
      this.outOfRange(bits === 8 ? 'byteRange' : 'nibbleRange', `u${bits}_range_check`, a, b)
    if (bits === 8) this.rare.countBytes(v[a]!, v[b]!)
    else this.record.nibblePairUses[this.record.nibblePairUses.length - 1]![16 * v[a]! + v[b]!]!++
  }

  protected element(at: number): bigint {
    return toBigInt(this.values[at]!, this.values[at + 1]!)
  }

  protected loops(callee: FunctionIndex, base: number): never {
    const f = this.program.functions[callee]!
    const args = Array.from({ length: f.inputSize }, (_, i) => this.element(base + 2 * i))
    throw new ExecutionError(
      'infiniteLoop',
      `${f.name}(${args.join(', ')}) calls itself with the same arguments while it is still running`,
    )
  }

  protected unbound(table: RowTable, at: number): never {
    const size = this.program.memorySizes[this.record.memories.indexOf(table)]
    throw new ExecutionError(
      'unboundPointer',
      `pointer ${this.element(at)} is unbound: memory[${size}] has ${table.count} rows`,
    )
  }

  protected noCase(at: number): never {
    throw new ExecutionError('noMatchCase', `no case matches ${this.element(at)}`)
  }

  protected outOfRange(kind: ExecutionErrorKind, what: string, a: number, b: number): never {
    const operands = a === b ? `${this.element(a)}` : `${this.element(a)} and ${this.element(b)}`
    throw new ExecutionError(kind, `operand of ${what} is out of range: ${operands}`)
  }

  protected assertFailed(pc: number, fp: number): never {
    const { stream, messages } = this.code
    const count = stream[pc + 1]!
    const side = (from: number) =>
      Array.from({ length: count }, (_, i) => this.element(fp + stream[from + i]!)).join(', ')
    const message = stream[pc + 2]! < 0 ? '' : `${messages[stream[pc + 2]!]}: `
    throw new ExecutionError(
      'assertMismatch',
      `assertion failed: ${message}[${side(pc + 3)}] is not [${side(pc + 3 + count)}]`,
    )
  }

  protected trace(): TraceFrame[] {
    const trace: TraceFrame[] = []
    const landmarks = new Set((this.limits.landmarks ?? []).map(name => this.program.functionIndex.get(name)))
    for (let d = this.depth - 1; d >= 0; d--) {
      const frame = d * FIELDS
      const index = this.frames[frame + FUNCTION]!
      if (!landmarks.delete(index) && this.depth - d > TRACE_FRAMES) {
        if (landmarks.size === 0) break
        continue
      }
      const f = this.program.functions[index]!
      const base = this.frames[frame + BASE]!
      trace.push({
        function: f.name,
        args: Array.from({ length: f.inputSize }, (_, i) => this.element(base + 2 * i)),
        unconstrained: this.frames[frame + UNCONSTRAINED] === 1,
      })
    }
    return trace
  }
}

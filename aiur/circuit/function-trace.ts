/** The trace of a function: its body is run again on the inputs of every row that is in use. */

import type { Block, FunctionIndex, Op } from '../bytecode.js'
import { bytePair, nibblePair } from '../vm/bytes.js'
import { divideChains } from '../vm/divmod.js'
import { ExecutionError } from '../vm/error.js'
import { add, high, inverse, mul, sub } from '../vm/goldilocks.js'
import type { IoBuffer } from '../vm/io.js'
import { longestHint, plainHints } from '../vm/plain-hints.js'
import { blocksOf, type RankPlan } from '../vm/ranks.js'
import { u32Sum } from '../vm/rare.js'
import type { RecordView } from '../vm/record.js'
import { longestList } from '../vm/values.js'
import type { Circuit } from './circuit.js'
import type { FunctionCircuit } from './function-circuit.js'
import { RowError, type Trace } from './trace.js'
import { type HintSteps, Kind, type Step, type StepBlock, StepBuilder } from './trace-steps.js'

// Witnesses are inverses of differences of tags and small numbers, so few distinct ones: element, inverse.
const inverses = new Uint32Array(4 << 14)
let inverseHigh = 0

/** Inverse as low word, the high word in `inverseHigh`. */
function cachedInverse(lo: number, hi: number): number {
  const at = 4 * ((lo ^ Math.imul(hi, 0x9e3779b1)) & 0x3fff)
  if (inverses[at] !== lo || inverses[at + 1] !== hi) {
    const low = inverse(lo, hi)
    inverses[at] = lo
    inverses[at + 1] = hi
    inverses[at + 2] = low
    inverses[at + 3] = high
  }
  inverseHigh = inverses[at + 3]!
  return inverses[at + 2]!
}

const NO_BOUNDS: number[] = []

/** Why the row at hand cannot be filled. */
class Unfit extends Error {}

/** Rows of a function with a use, in the record's order. */
export class FunctionTrace implements Trace {
  readonly circuit: Circuit
  readonly height: number
  private readonly rows: Uint32Array
  private readonly v: Uint32Array
  private readonly key: Uint32Array
  private readonly results = new Int32Array(8)
  private prepared: StepBlock | undefined

  constructor(
    private readonly f: FunctionCircuit,
    private readonly index: FunctionIndex,
    private readonly record: RecordView,
    private readonly io: IoBuffer,
    private readonly ranks: RankPlan,
  ) {
    this.circuit = f.circuit
    const table = record.functions[index]!
    this.rows = Uint32Array.from({ length: table.usedRows() })
    let n = 0
    for (let row = 0; row < table.count; row++) if (table.usesOf(row) !== 0) this.rows[n++] = row
    this.height = n
    const { body, inputSize } = record.program.functions[index]!
    const longest = longestList(body, inputSize) + longestHint(body, plainHints(record.program))
    this.v = new Uint32Array(2 * longest + 2)
    this.key = new Uint32Array(2 * longestOperands(body))
  }

  /** The steps of the body, made when the first row is filled. */
  private body(): StepBlock {
    if (this.prepared === undefined) {
      const { index, record, ranks, f } = this
      const { body, inputSize } = record.program.functions[index]!
      const hints = plainHints(record.program)
      const hintAt = longestList(body, inputSize)
      const builder = new StepBuilder({ index, record, ranks, hints, hintAt })
      this.prepared = builder.block(body, f.plan, inputSize)
    }
    return this.prepared
  }

  fill(start: number, count: number, target: Uint32Array): void {
    const width = 2 * this.circuit.columns.length
    target.fill(0, 0, width * count)
    for (let i = 0; i < count; i++)
      try {
        this.row(this.rows[start + i]!, target, i * width)
      } catch (error) {
        if (!(error instanceof Unfit || error instanceof ExecutionError)) throw error
        throw new RowError(this.circuit.name, start + i, error.message)
      }
  }

  /** Runs the body on the row's inputs, taking the results of calls from the record. */
  private row(row: number, target: Uint32Array, base: number): void {
    const { v, record } = this
    const table = record.functions[this.index]!
    table.copyWords(row, 0, table.keyWords, v, 0)
    table.copyWords(row, 0, table.keyWords, target, base)
    target[base + 2 * this.f.multiplicity] = table.usesOf(row)

    let block = this.body()
    /** Bounds of the rank since the innermost pending match. */
    let bounds: number[] = []
    const pending: { block: StepBlock; bounds: number[] }[] = []
    for (;;) {
      const { steps } = block
      for (let i = 0; i < steps.length; i++) this.step(steps[i]!, target, base, bounds)
      switch (block.control) {
        case 'return':
          target[base + block.selector] = 1
          if (block.rank >= 0) target[base + block.rank] = table.rankOf(row)
          return
        case 'yield': {
          target[base + block.selector] = 1
          const greatest = bounds.reduce((a, b) => Math.max(a, b), 0)
          if (block.rank >= 0) target[base + block.rank] = greatest
          const join = pending.pop()!
          const words = new Uint32Array(2 * block.values.length)
          this.copy(block.values, words, 0)
          v.set(words, join.block.mergedAt)
          target.set(words, base + join.block.merged)
          bounds = join.bounds
          if (join.block.mergedRank >= 0) {
            target[base + join.block.mergedRank] = greatest
            bounds.push(greatest)
          }
          block = join.block.continuation!
          break
        }
        default: {
          if (block.control === 'matchContinue') {
            pending.push({ block, bounds })
            bounds = []
          }
          block = this.arm(block, target, base)
        }
      }
    }
  }

  /** The arm of a match that is taken. */
  private arm(block: StepBlock, target: Uint32Array, base: number): StepBlock {
    const lo = this.v[block.values[0]!]!
    const hi = this.v[block.values[0]! + 1]!
    const { cases } = block
    for (let i = 0; i < cases.length; i++) if (block.lo[i] === lo && block.hi[i] === hi) return cases[i]!
    if (block.default === null)
      throw new Unfit(`no arm for the value ${(BigInt(hi) << 32n) | BigInt(lo)} of a match`)
    for (let i = 0; i < cases.length; i++) {
      const difference = sub(lo, hi, block.lo[i]!, block.hi[i]!)
      const at = base + block.witnesses + 2 * i
      target[at] = cachedInverse(difference, high)
      target[at + 1] = inverseHigh
    }
    return block.default
  }

  /** Computes the results of a step and writes its columns. A rank bound that it brings is added to `bounds`. */
  private step(step: Step, target: Uint32Array, base: number, bounds: number[]): void {
    const { v, results } = this
    const { dst, a, b } = step
    switch (step.kind) {
      case Kind.Const:
        v[dst] = step.lo
        v[dst + 1] = step.hi
        return
      case Kind.Add:
        v[dst] = add(v[a]!, v[a + 1]!, v[b]!, v[b + 1]!)
        v[dst + 1] = high
        return
      case Kind.Sub:
        v[dst] = sub(v[a]!, v[a + 1]!, v[b]!, v[b + 1]!)
        v[dst + 1] = high
        return
      case Kind.Mul:
        v[dst] = mul(v[a]!, v[a + 1]!, v[b]!, v[b + 1]!)
        v[dst + 1] = high
        break
      case Kind.EqZero:
        if (step.column >= 0) {
          target[base + step.column - 2] = cachedInverse(v[a]!, v[a + 1]!)
          target[base + step.column - 1] = inverseHigh
        }
        this.small(dst, (v[a]! | v[a + 1]!) === 0 ? 1 : 0)
        if (step.column >= 0) target[base + step.column] = v[dst]!
        return
      case Kind.Call:
        this.call(step, target, base, bounds)
        break
      case Kind.Store: {
        const row = step.table!.find(this.gather(step.operands), 0)
        if (row < 0) throw new Unfit(`a store of ${step.operands.length} values is not in the record`)
        this.small(dst, row)
        break
      }
      case Kind.Load: {
        const table = step.table!
        if (v[a + 1] !== 0 || v[a]! >= table.count)
          throw new Unfit(`a load of ${step.count} values from pointer ${this.number(a)}, which has no row`)
        table.copyWords(v[a]!, 0, table.strideWords, v, dst)
        break
      }
      case Kind.IoGetInfo: {
        const key = step.operands.subarray(1)
        const table = this.io.keyTable(this.number(a), key.length)
        const row = table === undefined ? -1 : table.find(this.gather(key), 0)
        if (table === undefined || row < 0) throw new Unfit('a key that is not in the IO buffer')
        const from = row * table.strideWords + table.keyWords
        for (let w = 0; w < 4; w++) v[dst + w] = table.values[from + w]!
        break
      }
      case Kind.IoRead: {
        const arena = this.io.arena(this.number(a))
        const from = 2 * this.number(b)
        for (let w = 0; w < 2 * step.count; w++) v[dst + w] = arena[from + w]!
        break
      }
      case Kind.BitDecomposition:
        for (let i = 0; i < 8; i++) this.small(dst + 2 * i, (v[a]! >>> i) & 1)
        break
      case Kind.ShiftLeft:
        this.small(dst, (2 * v[a]!) & 255)
        break
      case Kind.ShiftRight:
        this.small(dst, v[a]! >>> 1)
        break
      case Kind.NibblePair:
        nibblePair(step.lo, v[a]!, v[b]!, results)
        for (let i = 0; i < step.count; i++) this.small(dst + 2 * i, results[i]!)
        break
      case Kind.BytePair:
        bytePair(step.lo, v[a]!, v[b]!, results)
        for (let i = 0; i < step.count; i++) this.small(dst + 2 * i, results[i]!)
        break
      case Kind.LessThan: {
        const x = v[a]!
        const y = v[b]!
        if (step.column >= 0) {
          const numbers = [x, (y - x - 1) >>> 0, y]
          for (let i = 0; i < 12; i++)
            target[base + step.column + 2 * i] = (numbers[i >> 2]! >>> (8 * (i & 3))) & 255
        }
        this.small(dst, x < y ? 1 : 0)
        return
      }
      case Kind.Sum: {
        const sum = u32Sum(this.gather(step.operands).slice(0, 2 * step.operands.length))
        for (let i = 0; i < 4; i++) this.small(dst + 2 * i, (sum >>> (8 * i)) & 255)
        this.small(dst + 8, Math.floor(sum / 4294967296))
        break
      }
      case Kind.ToField: {
        const { operands } = step
        let lo = 0
        let hi = 0
        for (let i = operands.length - 1; i >= 0; i--) {
          lo = mul(lo, hi, 256, 0)
          lo = add(lo, high, v[operands[i]!]!, v[operands[i]! + 1]!)
          hi = high
        }
        v[dst] = lo
        v[dst + 1] = hi
        return
      }
      case Kind.ToBytes: {
        const lo = v[a]!
        const hi = v[a + 1]!
        for (let i = 0; i < 8; i++) this.small(dst + 2 * i, ((i < 4 ? lo : hi) >>> (8 * (i & 3))) & 255)
        break
      }
      case Kind.Inverse:
        v[dst] = inverse(v[a]!, v[a + 1]!)
        v[dst + 1] = high
        break
      case Kind.DivMod: {
        const memory = step.table!
        const place = (node: Uint32Array) => memory.find(node, 0)
        const [q, r] = divideChains(step.chains!, memory, place, v[a]!, v[a + 1]!, v[b]!, v[b + 1]!)
        this.small(dst, q)
        this.small(dst + 2, r)
      }
    }
    const at = base + step.column
    for (let w = 0; w < 2 * step.shown; w++) target[at + w] = v[dst + w]!
  }

  private call(step: Step, target: Uint32Array, base: number, bounds: number[]): void {
    const { v } = this
    const { dst, hint } = step
    const table = step.table!
    // A row of a plain hint, which no execution leaves behind, is the answer of a prover who says something else.
    const row = hint !== null && table.count === 0 ? -1 : table.find(this.gather(step.operands), 0)
    if (row >= 0) {
      table.copyWords(row, table.keyWords, table.strideWords, v, dst)
      if (step.rank < 0) return
      const rank = table.rankOf(row)
      target[base + step.rank] = rank
      if (step.bounds) bounds.push(rank + 1)
    } else if (hint !== null) this.compute(hint, step)
    else throw new Unfit(`a call of ${this.nameOf(step.op)} has no row in the record`)
  }

  private compute({ at, steps, results }: HintSteps, { operands, dst }: Step): void {
    this.copy(operands, this.v, at)
    for (let i = 0; i < steps.length; i++) this.step(steps[i]!, this.v, 0, NO_BOUNDS)
    this.copy(results, this.v, dst)
  }

  private small(at: number, value: number): void {
    this.v[at] = value
    this.v[at + 1] = 0
  }

  private copy(from: Int32Array, target: Uint32Array, at: number): void {
    const { v } = this
    for (let i = 0; i < from.length; i++) {
      target[at + 2 * i] = v[from[i]!]!
      target[at + 2 * i + 1] = v[from[i]! + 1]!
    }
  }

  private gather(operands: Int32Array): Uint32Array {
    this.copy(operands, this.key, 0)
    return this.key
  }

  private number(at: number): number {
    return this.v[at]! + this.v[at + 1]! * 4294967296
  }

  private nameOf(op: Op): string {
    return op.op === 'call' ? this.record.program.functions[op.callee]!.name : op.op
  }
}

/** Most operands of an op of the body, at least those of a u32 sum. */
function longestOperands(body: Block): number {
  let longest = 12
  for (const block of blocksOf(body))
    for (const op of block.ops) {
      if (op.op === 'call') longest = Math.max(longest, op.args.length)
      if (op.op === 'store') longest = Math.max(longest, op.values.length)
      if (op.op === 'ioGetInfo') longest = Math.max(longest, op.key.length)
    }
  return longest
}

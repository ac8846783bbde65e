/** The trace of a function: its body is run again on the inputs of every row that is in use. */

import type { Block, FunctionIndex, Op, Value } from '../bytecode.js'
import { BYTE_PAIR_OPS, bytePair, NIBBLE_PAIR_OPS, nibblePair } from '../vm/bytes.js'
import { BYTE_CHAINS, divideChains, WORD_CHAINS } from '../vm/divmod.js'
import { ExecutionError } from '../vm/error.js'
import { add, high, highWord, inverse, lowWord, mul, sub } from '../vm/goldilocks.js'
import type { IoBuffer } from '../vm/io.js'
import { blocksOf, boundsRank, type RankPlan } from '../vm/ranks.js'
import { u32Sum } from '../vm/rare.js'
import type { RecordView } from '../vm/record.js'
import { longestList, resultCount } from '../vm/values.js'
import type { Circuit } from './circuit.js'
import type { BlockPlan, FunctionCircuit } from './function-circuit.js'
import { RowError, type Trace } from './trace.js'

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

/** Why the row at hand cannot be filled. */
class Unfit extends Error {}

/** Rows of a function with a use, in the record's order. */
export class FunctionTrace implements Trace {
  readonly circuit: Circuit
  readonly height: number
  private readonly rows: Uint32Array
  private readonly body: Block
  private readonly v: Uint32Array
  private readonly key: Uint32Array
  private readonly results = new Int32Array(8)

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
    this.body = body
    this.v = new Uint32Array(2 * longestList(body, inputSize) + 2)
    this.key = new Uint32Array(2 * longestOperands(body))
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

    let block = this.body
    let plan = this.f.plan
    let length = table.keyWords / 2
    /** Bounds of the rank since the innermost pending match. */
    let bounds: number[] = []
    const pending: { block: Block; plan: BlockPlan; length: number; bounds: number[] }[] = []
    const put = (column: number, lo: number, hi = 0) => {
      target[base + 2 * column] = lo
      target[base + 2 * column + 1] = hi
    }
    for (;;) {
      for (let i = 0; i < block.ops.length; i++)
        length = this.op(block.ops[i]!, plan.ops[i]!, length, target, base, bounds)
      const { control } = block
      switch (control.control) {
        case 'return':
          put(plan.selector, 1)
          if (plan.rank >= 0) put(plan.rank, table.rankOf(row))
          return
        case 'yield': {
          put(plan.selector, 1)
          const greatest = bounds.reduce((a, b) => Math.max(a, b), 0)
          if (plan.rank >= 0) put(plan.rank, greatest)
          const join = pending.pop()!
          const words = new Uint32Array(2 * control.values.length)
          control.values.forEach((value, i) => {
            words[2 * i] = v[2 * value]!
            words[2 * i + 1] = v[2 * value + 1]!
          })
          v.set(words, 2 * join.length)
          target.set(words, base + 2 * join.plan.merged)
          bounds = join.bounds
          if (join.plan.mergedRank >= 0) {
            put(join.plan.mergedRank, greatest)
            bounds.push(greatest)
          }
          length = join.length + words.length / 2
          block = join.block
          plan = join.plan.continuation!
          break
        }
        case 'match':
        case 'matchContinue': {
          if (control.control === 'matchContinue') {
            pending.push({ block: control.continuation, plan, length, bounds })
            bounds = []
          }
          const lo = v[2 * control.scrutinee]!
          const hi = v[2 * control.scrutinee + 1]!
          const value = (BigInt(hi) << 32n) | BigInt(lo)
          const taken = control.cases.findIndex(c => c.value === value)
          if (taken >= 0) {
            block = control.cases[taken]!.block
            plan = plan.cases[taken]!
          } else {
            if (control.default === null) throw new Unfit(`no arm for the value ${value} of a match`)
            control.cases.forEach((c, i) => {
              const difference = sub(lo, hi, lowWord(c.value), highWord(c.value))
              put(plan.witnesses + i, cachedInverse(difference, high), inverseHigh)
            })
            block = control.default
            plan = plan.default!
          }
        }
      }
    }
  }

  /**
   * Computes the results of an op from the values before `length`, writes its columns from `column` on, and
   * returns the new length. A rank bound that the op brings is added to `bounds`.
   */
  private op(
    op: Op,
    column: number,
    length: number,
    target: Uint32Array,
    base: number,
    bounds: number[],
  ): number {
    const { v, record, results } = this
    const dst = 2 * length
    const set = (i: number, lo: number, hi = 0) => {
      v[dst + 2 * i] = lo
      v[dst + 2 * i + 1] = hi
    }
    /** Results that are columns of their own, in order. */
    const show = (count: number, from = 0) => {
      const at = base + 2 * (column + from)
      for (let w = 0; w < 2 * count; w++) target[at + w] = v[dst + w]!
      return length + count
    }
    switch (op.op) {
      case 'const':
        set(0, lowWord(op.value), highWord(op.value))
        return length + 1
      case 'add':
        set(0, add(v[2 * op.a]!, v[2 * op.a + 1]!, v[2 * op.b]!, v[2 * op.b + 1]!), high)
        return length + 1
      case 'sub':
        set(0, sub(v[2 * op.a]!, v[2 * op.a + 1]!, v[2 * op.b]!, v[2 * op.b + 1]!), high)
        return length + 1
      case 'mul':
        set(0, mul(v[2 * op.a]!, v[2 * op.a + 1]!, v[2 * op.b]!, v[2 * op.b + 1]!), high)
        return column < 0 ? length + 1 : show(1)
      case 'eqZero': {
        set(0, (v[2 * op.a]! | v[2 * op.a + 1]!) === 0 ? 1 : 0)
        if (column < 0) return length + 1
        target[base + 2 * column] = cachedInverse(v[2 * op.a]!, v[2 * op.a + 1]!)
        target[base + 2 * column + 1] = inverseHigh
        return show(1, 1)
      }
      case 'call': {
        const table = record.functions[op.callee]!
        const row = table.find(this.gather(op.args), 0)
        if (row < 0)
          throw new Unfit(`a call of ${record.program.functions[op.callee]!.name} has no row in the record`)
        table.copyWords(row, table.keyWords, table.strideWords, v, dst)
        if (!op.unconstrained && this.ranks.ranked[op.callee] === 1) {
          const rank = table.rankOf(row)
          target[base + 2 * (column + op.outputSize)] = rank
          if (boundsRank(this.ranks, this.index, op.callee)) bounds.push(rank + 1)
        }
        return show(op.outputSize)
      }
      case 'store': {
        const row = record.memory(op.values.length).find(this.gather(op.values), 0)
        if (row < 0) throw new Unfit(`a store of ${op.values.length} values is not in the record`)
        set(0, row)
        return show(1)
      }
      case 'load': {
        const table = record.memory(op.size)
        if (v[2 * op.ptr + 1] !== 0 || v[2 * op.ptr]! >= table.count)
          throw new Unfit(`a load of ${op.size} values from pointer ${this.number(op.ptr)}, which has no row`)
        table.copyWords(v[2 * op.ptr]!, 0, table.strideWords, v, dst)
        return show(op.size)
      }
      case 'ioGetInfo': {
        const table = this.io.keyTable(this.number(op.channel), op.key.length)
        const row = table === undefined ? -1 : table.find(this.gather(op.key), 0)
        if (table === undefined || row < 0) throw new Unfit('a key that is not in the IO buffer')
        const from = row * table.strideWords + table.keyWords
        for (let w = 0; w < 4; w++) v[dst + w] = table.values[from + w]!
        return show(2)
      }
      case 'ioRead': {
        const arena = this.io.arena(this.number(op.channel))
        const from = 2 * this.number(op.idx)
        for (let w = 0; w < 2 * op.len; w++) v[dst + w] = arena[from + w]!
        return show(op.len)
      }
      case 'assertEq':
      case 'ioSetInfo':
      case 'ioWrite':
      case 'debug':
      case 'u8RangeCheck':
      case 'u4RangeCheck':
      case 'u32RangeCheck':
        return length
      case 'u8BitDecomposition':
        for (let i = 0; i < 8; i++) set(i, (v[2 * op.a]! >>> i) & 1)
        return show(8)
      case 'u8ShiftLeft':
        set(0, (2 * v[2 * op.a]!) & 255)
        return show(1)
      case 'u8ShiftRight':
        set(0, v[2 * op.a]! >>> 1)
        return show(1)
      case 'u4Xor':
      case 'u4XorSplit3': {
        nibblePair(NIBBLE_PAIR_OPS.indexOf(op.op), v[2 * op.a]!, v[2 * op.b]!, results)
        const count = resultCount(op)
        for (let i = 0; i < count; i++) set(i, results[i]!)
        return show(count)
      }
      case 'u32LessThan': {
        const a = v[2 * op.a]!
        const b = v[2 * op.b]!
        const numbers = [a, (b - a - 1) >>> 0, b]
        for (let i = 0; i < 12; i++) {
          target[base + 2 * (column + i)] = (numbers[i >> 2]! >>> (8 * (i & 3))) & 255
        }
        set(0, a < b ? 1 : 0)
        return length + 1
      }
      case 'unconstrainedU32Add':
      case 'unconstrainedU32Add3': {
        const operands = op.op === 'unconstrainedU32Add' ? [op.a, op.b] : [op.a, op.b, op.c]
        const sum = u32Sum(this.gather(operands.flat()).slice(0, 8 * operands.length))
        for (let i = 0; i < 4; i++) set(i, (sum >>> (8 * i)) & 255)
        set(4, Math.floor(sum / 4294967296))
        show(4)
        return length + 5
      }
      case 'u32ToField': {
        let lo = 0
        let hi = 0
        for (const byte of op.bytes.slice().reverse()) {
          lo = mul(lo, hi, 256, 0)
          lo = add(lo, high, v[2 * byte]!, v[2 * byte + 1]!)
          hi = high
        }
        set(0, lo, hi)
        return length + 1
      }
      case 'unconstrainedGToBytes':
        for (let i = 0; i < 8; i++) set(i, (v[2 * op.a + (i >> 2)]! >>> (8 * (i & 3))) & 255)
        return show(8)
      case 'unconstrainedGInverse':
        set(0, inverse(v[2 * op.a]!, v[2 * op.a + 1]!), high)
        return show(1)
      case 'unconstrainedBigUintDivMod':
      case 'unconstrainedLimbsDivMod': {
        const shape = op.op === 'unconstrainedBigUintDivMod' ? BYTE_CHAINS : WORD_CHAINS
        const memory = record.memory(shape.size)
        const [q, r] = divideChains(
          shape,
          memory,
          node => memory.find(node, 0),
          v[2 * op.a]!,
          v[2 * op.a + 1]!,
          v[2 * op.b]!,
          v[2 * op.b + 1]!,
        )
        set(0, q)
        set(1, r)
        return show(2)
      }
      default: {
        bytePair(BYTE_PAIR_OPS.indexOf(op.op), v[2 * op.a]!, v[2 * op.b]!, results)
        const count = resultCount(op)
        for (let i = 0; i < count; i++) set(i, results[i]!)
        // The carry of a sum and the borrow of a difference are expressions.
        show(op.op === 'u8Add' || op.op === 'u8Sub' ? 1 : count)
        return length + count
      }
    }
  }

  private gather(values: Value[]): Uint32Array {
    const { v, key } = this
    for (let i = 0; i < values.length; i++) {
      key[2 * i] = v[2 * values[i]!]!
      key[2 * i + 1] = v[2 * values[i]! + 1]!
    }
    return key
  }

  private number(value: Value): number {
    return this.v[2 * value]! + this.v[2 * value + 1]! * 4294967296
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

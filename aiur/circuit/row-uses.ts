/** What a row of a function uses of other circuits, in the order of its execution. */

import type { Block, Case, FunctionIndex, Op, Value } from '../bytecode.js'
import { BYTE_PAIR_OPS, bytePair, NIBBLE_PAIR_OPS } from '../vm/bytes.js'
import { add, high, highWord, lowWord, mul, sub } from '../vm/goldilocks.js'
import { boundsRank, type RankPlan } from '../vm/ranks.js'
import { u32Sum } from '../vm/rare.js'
import type { RecordView } from '../vm/record.js'
import { longestList, resultCount } from '../vm/values.js'
import type { BlockPlan, FunctionCircuit } from './function-circuit.js'
import { BYTE_RANGE, NIBBLE_RANGE } from './gadget-tables.js'
import type { Trace } from './trace.js'

/** What is used. `index`, `x` and `y` of a use mean: */
export enum Use {
  /** Function of the program, row. */
  Function = 0,
  /** Memory of the program, row. */
  Memory = 1,
  /** Operation as `RecordView.bytePairUses` numbers them, and its operands. */
  BytePair = 2,
  /** Operation as `RecordView.nibblePairUses` numbers them, and its operands. */
  NibblePair = 3,
  /** Bit decomposition, shift left, shift right; operand. */
  Byte = 4,
  /** Operand x of a 32-bit range check. */
  Range32 = 5,
  /** A pair of rank differences. */
  Ranks = 6,
}

/** A growing list of uses, with three words each. */
export class UseList {
  words = new Uint32Array(1 << 10)
  length = 0

  push(use: number, index: number, x: number, y: number): void {
    if (this.length + 3 > this.words.length) {
      const words = new Uint32Array(2 * this.words.length)
      words.set(this.words)
      this.words = words
    }
    this.words[this.length++] = use | (index << 3)
    this.words[this.length++] = x
    this.words[this.length++] = y
  }
}

const BYTE_PAIR_NUMBERS: ReadonlyMap<string, number> = new Map(BYTE_PAIR_OPS.map((op, i) => [op, i]))
const BYTE_OPS = ['u8BitDecomposition', 'u8ShiftLeft', 'u8ShiftRight']

/** A match that goes on after its arm. */
interface Pending {
  readonly block: Block
  readonly plan: BlockPlan
  readonly length: number
  readonly bounds: number[]
}

/** Lists what single rows of a function use: the operations of its body, on the values that its trace holds. */
export class RowUses {
  /** Per row of the record its row in the trace; of the others nothing. */
  private readonly rowOfTrace: Uint32Array
  private readonly columns: Uint32Array
  private readonly v: Uint32Array
  private readonly results = new Int32Array(8)
  private key = new Uint32Array(32)
  private readonly body: Block
  private readonly inputs: number
  private uses = new UseList()
  /** Words of the cases of a match. */
  private readonly cases = new Map<BlockPlan, Uint32Array>()

  constructor(
    private readonly f: FunctionCircuit,
    private readonly trace: Trace,
    private readonly index: FunctionIndex,
    private readonly record: RecordView,
    private readonly ranks: RankPlan,
  ) {
    const table = record.functions[index]!
    this.rowOfTrace = new Uint32Array(table.count)
    let used = 0
    for (let row = 0; row < table.count; row++) {
      this.rowOfTrace[row] = used
      if (table.usesOf(row) !== 0) used++
    }
    const { body, inputSize } = record.program.functions[index]!
    this.body = body
    this.inputs = inputSize
    this.columns = new Uint32Array(2 * trace.circuit.columns.length)
    this.v = new Uint32Array(2 * longestList(body, inputSize) + 2)
  }

  /** Appends the uses of a row of the record. @throws RowError when no execution leaves such a row behind */
  list(row: number, uses: UseList): void {
    const { v, columns, trace } = this
    this.uses = uses
    trace.fill(this.rowOfTrace[row]!, 1, columns)
    v.set(columns.subarray(0, 2 * this.inputs))
    let block = this.body
    let plan = this.f.plan
    let length = this.inputs
    /** Bounds of the rank since the innermost pending match. */
    let bounds: number[] = []
    const pending: Pending[] = []
    for (;;) {
      for (let i = 0; i < block.ops.length; i++)
        length = this.operation(block.ops[i]!, plan.ops[i]!, length, bounds)
      const { control } = block
      switch (control.control) {
        case 'return':
          if (plan.rank >= 0)
            this.bounded(columns[2 * plan.rank]!, [...pending.flatMap(outer => outer.bounds), ...bounds])
          return
        case 'yield': {
          if (plan.rank >= 0) this.bounded(columns[2 * plan.rank]!, bounds)
          const join = pending.pop()!
          this.read(join.plan.merged, join.length, control.values.length)
          length = join.length + control.values.length
          bounds = join.bounds
          if (join.plan.mergedRank >= 0) bounds.push(columns[2 * join.plan.mergedRank]!)
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
          const taken = this.taken(control.cases, plan, control.scrutinee)
          block = taken < 0 ? control.default! : control.cases[taken]!.block
          plan = taken < 0 ? plan.default! : plan.cases[taken]!
        }
      }
    }
  }

  /** Which case of a match a value takes; -1 for the default. */
  private taken(cases: readonly Case[], plan: BlockPlan, scrutinee: Value): number {
    let values = this.cases.get(plan)
    if (values === undefined) {
      values = Uint32Array.from(cases.flatMap(({ value }) => [lowWord(value), highWord(value)]))
      this.cases.set(plan, values)
    }
    const low = this.v[2 * scrutinee]!
    const highPart = this.v[2 * scrutinee + 1]!
    for (let i = 0; i < cases.length; i++)
      if (values[2 * i] === low && values[2 * i + 1] === highPart) return i
    return -1
  }

  /** Adds the uses of an operation, and its results to the values; the new number of values. */
  private operation(op: Op, column: number, length: number, bounds: number[]): number {
    const { v, uses, results, record } = this
    switch (op.op) {
      case 'const':
        return this.put(length, lowWord(op.value), highWord(op.value))
      case 'add':
        return this.put(length, add(v[2 * op.a]!, v[2 * op.a + 1]!, v[2 * op.b]!, v[2 * op.b + 1]!), high)
      case 'sub':
        return this.put(length, sub(v[2 * op.a]!, v[2 * op.a + 1]!, v[2 * op.b]!, v[2 * op.b + 1]!), high)
      case 'mul':
        if (column >= 0) return this.read(column, length, 1)
        return this.put(length, mul(v[2 * op.a]!, v[2 * op.a + 1]!, v[2 * op.b]!, v[2 * op.b + 1]!), high)
      case 'eqZero':
        return this.put(length, (v[2 * op.a]! | v[2 * op.a + 1]!) === 0 ? 1 : 0)
      case 'call': {
        if (!op.unconstrained) {
          const called = record.functions[op.callee]!.find(this.gather(op.args), 0)
          uses.push(Use.Function, op.callee, called, 0)
          if (boundsRank(this.ranks, this.index, op.callee))
            bounds.push(this.columns[2 * (column + op.outputSize)]! + 1)
        }
        return this.read(column, length, op.outputSize)
      }
      case 'store':
        uses.push(Use.Memory, this.memory(op.values.length), this.columns[2 * column]!, 0)
        return this.read(column, length, 1)
      case 'load':
        uses.push(Use.Memory, this.memory(op.size), v[2 * op.ptr]!, 0)
        return this.read(column, length, op.size)
      case 'u8BitDecomposition':
      case 'u8ShiftLeft':
      case 'u8ShiftRight':
        uses.push(Use.Byte, BYTE_OPS.indexOf(op.op), v[2 * op.a]!, 0)
        return this.read(column, length, resultCount(op))
      case 'u4Xor':
      case 'u4XorSplit3':
        uses.push(Use.NibblePair, NIBBLE_PAIR_OPS.indexOf(op.op), v[2 * op.a]!, v[2 * op.b]!)
        return this.read(column, length, resultCount(op))
      case 'u4RangeCheck':
        uses.push(Use.NibblePair, NIBBLE_RANGE, v[2 * op.a]!, v[2 * op.b]!)
        return length
      case 'u8RangeCheck':
        uses.push(Use.BytePair, BYTE_RANGE, v[2 * op.a]!, v[2 * op.b]!)
        return length
      case 'u32RangeCheck':
        uses.push(Use.Range32, 0, v[2 * op.a]!, 0)
        return length
      case 'u32LessThan': {
        const a = v[2 * op.a]!
        const b = v[2 * op.b]!
        for (const x of [a, (b - a - 1) >>> 0, b]) {
          uses.push(Use.BytePair, BYTE_RANGE, x & 255, (x >>> 8) & 255)
          uses.push(Use.BytePair, BYTE_RANGE, (x >>> 16) & 255, x >>> 24)
        }
        return this.put(length, a < b ? 1 : 0)
      }
      case 'unconstrainedU32Add':
      case 'unconstrainedU32Add3': {
        const operands = op.op === 'unconstrainedU32Add' ? [op.a, op.b] : [op.a, op.b, op.c]
        const sum = u32Sum(this.gather(operands.flat()).subarray(0, 8 * operands.length))
        return this.put(this.read(column, length, 4), Math.floor(sum / 4294967296))
      }
      case 'u32ToField': {
        let [lo, hi] = [0, 0]
        for (const byte of op.bytes.slice().reverse()) {
          lo = mul(lo, hi, 256, 0)
          lo = add(lo, high, v[2 * byte]!, v[2 * byte + 1]!)
          hi = high
        }
        return this.put(length, lo, hi)
      }
      case 'assertEq':
      case 'ioSetInfo':
      case 'ioWrite':
      case 'debug':
        return length
      case 'ioGetInfo':
      case 'ioRead':
      case 'unconstrainedGToBytes':
      case 'unconstrainedGInverse':
      case 'unconstrainedBigUintDivMod':
      case 'unconstrainedLimbsDivMod':
        return this.read(column, length, resultCount(op))
      default: {
        const operation = BYTE_PAIR_NUMBERS.get(op.op)!
        const a = v[2 * op.a]!
        const b = v[2 * op.b]!
        uses.push(Use.BytePair, operation, a, b)
        bytePair(operation, a, b, results)
        const count = resultCount(op)
        for (let i = 0; i < count; i++) this.put(length + i, results[i]!)
        return length + count
      }
    }
  }

  /** The rank of a path, shown to be at least these bounds. */
  private bounded(rank: number, bounds: readonly number[]): void {
    for (let i = 0; i < bounds.length; i += 2)
      this.uses.push(Use.Ranks, 0, rank - bounds[i]!, i + 1 < bounds.length ? rank - bounds[i + 1]! : 0)
  }

  private put(value: number, lo: number, hi = 0): number {
    this.v[2 * value] = lo
    this.v[2 * value + 1] = hi
    return value + 1
  }

  /** Takes values from columns of the trace. */
  private read(column: number, value: number, count: number): number {
    const { v, columns } = this
    for (let w = 0; w < 2 * count; w++) v[2 * value + w] = columns[2 * column + w]!
    return value + count
  }

  private memory(size: number): number {
    return this.record.program.memorySizes.indexOf(size)
  }

  private gather(values: readonly Value[]): Uint32Array {
    if (this.key.length < 2 * values.length) this.key = new Uint32Array(2 * values.length)
    const words = this.key
    for (let i = 0; i < values.length; i++) {
      words[2 * i] = this.v[2 * values[i]!]!
      words[2 * i + 1] = this.v[2 * values[i]! + 1]!
    }
    return words
  }
}

/** What a row of a function uses of other circuits, in the order of its execution. */

import type { BytePairOp, Op, Value } from '../bytecode.js'
import { BYTE_PAIR_OPS, NIBBLE_PAIR_OPS } from '../vm/bytes.js'
import { FunctionTrace, type Pending } from './function-trace.js'
import { BYTE_RANGE, NIBBLE_RANGE } from './gadget-tables.js'

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

/** Runs single rows of a function and lists their uses. What advice needs is no use. */
export class RowUses extends FunctionTrace {
  private readonly scratch = new Uint32Array(2 * this.circuit.columns.length)
  private uses = new UseList()

  /** Appends the uses of a row of the record. @throws Error when no execution leaves such a row behind */
  list(row: number, uses: UseList): void {
    this.uses = uses
    this.row(row, this.scratch, 0)
  }

  protected override op(
    op: Op,
    column: number,
    length: number,
    target: Uint32Array,
    base: number,
    bounds: number[],
  ): number {
    const { record, uses } = this
    const after = super.op(op, column, length, target, base, bounds)
    switch (op.op) {
      case 'call':
        if (!op.unconstrained)
          uses.push(Use.Function, op.callee, record.functions[op.callee]!.find(this.gather(op.args), 0), 0)
        break
      case 'store':
        uses.push(Use.Memory, this.memory(op.values.length), this.low(length), 0)
        break
      case 'load':
        uses.push(Use.Memory, this.memory(op.size), this.low(op.ptr), 0)
        break
      case 'u8BitDecomposition':
      case 'u8ShiftLeft':
      case 'u8ShiftRight':
        uses.push(Use.Byte, BYTE_OPS.indexOf(op.op), this.low(op.a), 0)
        break
      case 'u4Xor':
      case 'u4XorSplit3':
        uses.push(Use.NibblePair, NIBBLE_PAIR_OPS.indexOf(op.op), this.low(op.a), this.low(op.b))
        break
      case 'u4RangeCheck':
        uses.push(Use.NibblePair, NIBBLE_RANGE, this.low(op.a), this.low(op.b))
        break
      case 'u8RangeCheck':
        uses.push(Use.BytePair, BYTE_RANGE, this.low(op.a), this.low(op.b))
        break
      case 'u32RangeCheck':
        uses.push(Use.Range32, 0, this.low(op.a), 0)
        break
      case 'u32LessThan': {
        const [a, b] = [this.low(op.a), this.low(op.b)]
        for (const x of [a, (b - a - 1) >>> 0, b]) {
          uses.push(Use.BytePair, BYTE_RANGE, x & 255, (x >>> 8) & 255)
          uses.push(Use.BytePair, BYTE_RANGE, (x >>> 16) & 255, x >>> 24)
        }
        break
      }
      default: {
        const operation = BYTE_PAIR_NUMBERS.get(op.op)
        if (operation === undefined) break
        const { a, b } = op as Extract<Op, { op: BytePairOp }>
        uses.push(Use.BytePair, operation, this.low(a), this.low(b))
      }
    }
    return after
  }

  protected override bound(rank: number, bounds: readonly number[], left: readonly Pending[] = []): void {
    const all = [...left.flatMap(outer => outer.bounds), ...bounds]
    for (let i = 0; i < all.length; i += 2)
      this.uses.push(Use.Ranks, 0, rank - all[i]!, i + 1 < all.length ? rank - all[i + 1]! : 0)
  }

  private memory(size: number): number {
    return this.record.program.memorySizes.indexOf(size)
  }

  /** Low word of a value; operands that tables hold have no other. */
  private low(value: Value): number {
    return this.v[2 * value]!
  }
}

/** The columns, constraints and lookups of single operations (aiur.md 6). */

import type { FunctionIndex, Op, Program, Value } from '../bytecode.js'
import { BYTE_PAIR_OPS, NIBBLE_PAIR_OPS } from '../vm/bytes.js'
import { P } from '../vm/goldilocks.js'
import { boundsRank, type RankPlan } from '../vm/ranks.js'
import { resultCount } from '../vm/values.js'
import { CHANNEL } from './channels.js'
import type { Expression } from './expression.js'
import type { RowBuilder } from './row-builder.js'

/** Values of a path: expressions with their tracked degrees (5.2), which decide about columns. */
export interface Values {
  e: Expression[]
  degrees: number[]
}

const inverse256 = inversePower(8n)
const inverse2to32 = inversePower(32n)

function inversePower(bits: bigint): bigint {
  // 2^192 = 1 modulo p
  return 2n ** (192n - bits) % P
}

/** Adds the operations of one function to its row. */
export class OperationConstraints {
  constructor(
    private readonly row: RowBuilder,
    private readonly program: Program,
    private readonly index: FunctionIndex,
    private readonly ranks: RankPlan,
  ) {}

  /** Adds an op; the rank bound that a call brings. */
  add(op: Op, values: Values, s: Expression): Expression | null {
    const { row } = this
    const { e, builder } = row
    const at = (v: Value) => values.e[v]!
    const push = (expression: Expression, degree = 1) => {
      values.e.push(e.withDegree(expression, degree))
      values.degrees.push(degree)
    }
    const columns = (count: number, what: string) =>
      Array.from({ length: count }, (_, i) => {
        const column = row.advice(`${what} ${i}`)
        push(column)
        return column
      })
    const degree = (vs: Value[]) => Math.max(0, ...vs.map(v => values.degrees[v]!))
    const n = values.e.length
    switch (op.op) {
      case 'const':
        push(e.constant(op.value), 0)
        return null
      case 'add':
        push(e.add(at(op.a), at(op.b)), degree([op.a, op.b]))
        return null
      case 'sub':
        push(e.sub(at(op.a), at(op.b)), degree([op.a, op.b]))
        return null
      case 'mul': {
        const product = e.mul(at(op.a), at(op.b))
        const total = values.degrees[op.a]! + values.degrees[op.b]!
        if (total < 2) {
          push(product, total)
          return null
        }
        const z = columns(1, 'product')[0]!
        builder.constrain(e.mul(s, e.sub(z, product)), `value ${n} = value ${op.a} * value ${op.b}`)
        return null
      }
      case 'eqZero': {
        const a = at(op.a)
        if (values.degrees[op.a] === 0) {
          push(a === e.zero ? e.one : e.zero, 0)
          return null
        }
        const d = row.advice('inverse or zero')
        const x = columns(1, 'is zero')[0]!
        builder.constrain(e.mul(s, e.mul(a, x)), `eq_zero(value ${op.a}): operand or result is zero`)
        builder.constrain(
          e.mul(s, e.sub(e.add(e.mul(a, d), x), e.one)),
          `eq_zero(value ${op.a}): zero operand has result one`,
        )
        return null
      }
      case 'call': {
        const callee = this.program.functions[op.callee]!
        if (op.args.length !== callee.inputSize || op.outputSize !== callee.outputSize)
          throw new RangeError(
            `${this.program.functions[this.index]!.name} calls ${callee.name} with ${op.args.length} values for ${op.outputSize}`,
          )
        const outputs = columns(op.outputSize, `result of function ${op.callee}`)
        if (op.unconstrained) return null
        const message = [e.constant(CHANNEL.function), e.constant(op.callee), ...op.args.map(at), ...outputs]
        let bound: Expression | null = null
        if (this.ranks.ranked[op.callee] === 1) {
          const rank = row.advice(`rank of function ${op.callee}`)
          message.push(rank)
          if (boundsRank(this.ranks, this.index, op.callee)) bound = e.add(rank, e.one)
        }
        row.demand(s, message, `call of function ${op.callee}`)
        return bound
      }
      case 'store': {
        const pointer = columns(1, 'pointer')[0]!
        const message = [CHANNEL.memory, op.values.length].map(c => e.constant(c))
        row.demand(s, [...message, pointer, ...op.values.map(at)], `store of ${op.values.length} values`)
        return null
      }
      case 'load': {
        const loaded = columns(op.size, 'loaded')
        const message = [CHANNEL.memory, op.size].map(c => e.constant(c))
        row.demand(s, [...message, at(op.ptr), ...loaded], `load(${op.size}) of value ${op.ptr}`)
        return null
      }
      case 'assertEq': {
        const label = op.message === undefined ? 'assert_eq' : `assert_eq ${JSON.stringify(op.message)}`
        op.xs.forEach((x, i) => {
          builder.constrain(e.mul(s, e.sub(at(x), at(op.ys[i]!))), `${label}: value ${x} = value ${op.ys[i]}`)
        })
        return null
      }
      case 'ioSetInfo':
      case 'ioWrite':
      case 'debug':
        return null
      case 'u8BitDecomposition': {
        const bits = columns(8, 'bit')
        row.demand(s, [e.constant(CHANNEL.bitDecomposition), at(op.a), ...bits], 'u8_bit_decomposition')
        return null
      }
      case 'u8ShiftLeft':
      case 'u8ShiftRight': {
        const channel = op.op === 'u8ShiftLeft' ? CHANNEL.shiftLeft : CHANNEL.shiftRight
        row.demand(s, [e.constant(channel), at(op.a), ...columns(1, 'shifted')], op.op)
        return null
      }
      case 'u8RangeCheck':
      case 'u4RangeCheck': {
        const channel = op.op === 'u8RangeCheck' ? CHANNEL.byteRange : CHANNEL.nibbleRange
        row.demand(s, [e.constant(channel), at(op.a), at(op.b)], op.op)
        return null
      }
      case 'u32RangeCheck':
        row.demand(s, [e.constant(CHANNEL.range32), at(op.a)], op.op)
        return null
      case 'u4Xor':
      case 'u4XorSplit3': {
        const channel = CHANNEL.nibblePair + NIBBLE_PAIR_OPS.indexOf(op.op)
        const results = columns(resultCount(op), op.op)
        row.demand(s, [e.constant(channel), at(op.a), at(op.b), ...results], op.op)
        return null
      }
      case 'u32LessThan':
        this.lessThan32(at(op.a), at(op.b), values, s)
        return null
      case 'unconstrainedU32Add':
      case 'unconstrainedU32Add3': {
        const bytes = columns(4, 'byte of the sum')
        const operands = op.op === 'unconstrainedU32Add' ? [op.a, op.b] : [op.a, op.b, op.c]
        const sum = e.sum(operands.map(o => e.pack(o.map(at), 256)))
        push(e.scale(e.sub(sum, e.pack(bytes, 256)), inverse2to32))
        return null
      }
      case 'u32ToField':
        push(e.pack(op.bytes.map(at), 256), degree(op.bytes))
        return null
      case 'ioGetInfo':
      case 'ioRead':
      case 'unconstrainedGToBytes':
      case 'unconstrainedGInverse':
      case 'unconstrainedBigUintDivMod':
      case 'unconstrainedLimbsDivMod':
        columns(resultCount(op), op.op)
        return null
      case 'u8Add':
      case 'u8Sub': {
        const low = columns(1, op.op)[0]!
        const message = [e.constant(CHANNEL.bytePair + BYTE_PAIR_OPS.indexOf(op.op)), at(op.a), at(op.b), low]
        row.demand(s, message, op.op)
        const carry =
          op.op === 'u8Add' ? e.sub(e.add(at(op.a), at(op.b)), low) : e.sub(e.add(low, at(op.b)), at(op.a))
        push(e.scale(carry, inverse256))
        return null
      }
      default: {
        const channel = CHANNEL.bytePair + BYTE_PAIR_OPS.indexOf(op.op)
        const results = columns(resultCount(op), op.op)
        row.demand(s, [e.constant(channel), at(op.a), at(op.b), ...results], op.op)
        return null
      }
    }
  }

  /** a < b for 32-bit numbers: bytes of a, of c = b - a - 1 mod 2^32 and of b; a + c + 1 carries unless a < b. */
  private lessThan32(a: Expression, b: Expression, values: Values, s: Expression): void {
    const { row } = this
    const { e, builder } = row
    const bytes = (what: string) => [0, 1, 2, 3].map(i => row.advice(`u32_less_than ${what} byte ${i}`))
    const x = bytes('left')
    const y = bytes('difference')
    const z = bytes('right')
    builder.constrain(e.mul(s, e.sub(a, e.pack(x, 256))), 'u32_less_than: bytes of the left operand')
    builder.constrain(e.mul(s, e.sub(b, e.pack(z, 256))), 'u32_less_than: bytes of the right operand')
    let carry = e.one
    for (let k = 0; k < 4; k++) {
      carry = e.scale(e.sub(e.sum([x[k]!, y[k]!, carry]), z[k]!), inverse256)
      builder.constrain(e.mul(s, e.boolean(carry)), `u32_less_than: carry ${k} is boolean`)
    }
    for (const limbs of [x, y, z])
      for (const i of [0, 2])
        row.demand(s, [e.constant(CHANNEL.byteRange), limbs[i]!, limbs[i + 1]!], 'u32_less_than: bytes')
    values.e.push(e.sub(e.one, carry))
    values.degrees.push(1)
  }
}

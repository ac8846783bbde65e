/** The constraint system of a function (aiur.md 6), built from its bytecode independently of function-shape.ts. */

import type { Block, BytecodeFunction, Control, FunctionIndex, Op, Program, Value } from '../bytecode.js'
import { BYTE_PAIR_OPS, NIBBLE_PAIR_OPS } from '../vm/bytes.js'
import { P } from '../vm/goldilocks.js'
import { armsBoundRank, boundsRank, type RankPlan } from '../vm/ranks.js'
import { resultCount } from '../vm/values.js'
import { CHANNEL } from './channels.js'
import { type Circuit, CircuitBuilder, circuitDegree } from './circuit.js'
import { type Expression, ExpressionBuilder } from './expression.js'
import { cheapestGroupDegree, groupingOrder } from './grouping.js'

/** Where the columns of a block lie; parallel to the block, for the trace generator. */
export interface BlockPlan {
  /** First column of each op, -1 for ops without columns. */
  ops: number[]
  /** return and yield: column of the selector. */
  selector: number
  /** return and yield: column of the row's rank if it needs one, else -1. */
  rank: number
  cases: BlockPlan[]
  default: BlockPlan | null
  /** First inequality witness of the default. */
  witnesses: number
  /** matchContinue: first merged column. */
  merged: number
  /** matchContinue: column of the merged rank bound, -1 without one. */
  mergedRank: number
  continuation: BlockPlan | null
}

export interface FunctionCircuit {
  circuit: Circuit
  plan: BlockPlan
  /** Column of the multiplicity. */
  multiplicity: number
}

/** A leaf that ends an arm of a matchContinue. */
interface Yield {
  selector: Expression
  values: Expression[]
  degrees: number[]
  /** Rank bound contributed by the arm. */
  rank: Expression
}

interface Join {
  ranked: boolean
  /** Values that an arm yields. */
  size: number
  yields: Yield[]
}

/** Values of a path: expressions with their tracked degrees (5.2), which decide about columns. */
interface Values {
  e: Expression[]
  degrees: number[]
}

/** A lookup slot with the messages of the arms that share it. */
interface Slot {
  messages: { selector: Expression; elements: Expression[]; label: string }[]
}

const inverse256 = inversePower(8n)
const inverse2to32 = inversePower(32n)

function inversePower(bits: bigint): bigint {
  // 2^192 = 1 modulo p
  return 2n ** (192n - bits) % P
}

/**
 * @param reference as `Layout.reference`
 * @throws RangeError when a message would not have the length that its function fixes (channels.ts)
 */
export function functionCircuit(
  program: Program,
  index: FunctionIndex,
  ranks: RankPlan,
  reference: boolean,
): FunctionCircuit {
  return new FunctionBuilder(program, index, ranks, reference).build()
}

class FunctionBuilder {
  private readonly e = new ExpressionBuilder()
  private readonly builder = new CircuitBuilder(this.e)
  private readonly selectors: Expression[]
  private readonly multiplicity: Expression
  /** Columns and slots in use at this point; arms go back to the match. */
  private next: number
  private slot = 1
  private readonly slots: Slot[] = [{ messages: [] }]
  private outer: Expression[] = []

  private readonly f: BytecodeFunction

  constructor(
    private readonly program: Program,
    private readonly index: FunctionIndex,
    private readonly ranks: RankPlan,
    private readonly reference: boolean,
  ) {
    const f = program.functions[index]!
    this.f = f
    const { builder } = this
    for (let i = 0; i < f.inputSize; i++) builder.column(`input ${i}`)
    this.selectors = Array.from({ length: f.selectors }, (_, i) => builder.column(`selector ${i}`))
    this.multiplicity = builder.column('multiplicity')
    this.next = builder.columns.length
  }

  build(): FunctionCircuit {
    const { e, builder, f } = this
    this.selectors.forEach((s, i) => {
      builder.constrain(e.boolean(s), `selector ${i} is boolean`)
    })
    const values: Values = {
      e: Array.from({ length: f.inputSize }, (_, i) => e.column(i)),
      degrees: new Array<number>(f.inputSize).fill(1),
    }
    const root = this.blockSelector(f.body)
    const plan = this.block(f.body, values, root, [], null)
    // A row whose selectors are all off provides nothing.
    builder.constrain(
      e.mul(this.multiplicity, e.sub(e.one, root)),
      'multiplicity of a row without a selected leaf is zero',
    )
    const lookups = this.slots.map(({ messages }, i) => ({
      multiplicity: i === 0 ? e.sub(e.zero, this.multiplicity) : e.sum(messages.map(m => m.selector)),
      message: this.merged(messages),
      label: [...new Set(messages.map(m => m.label))].join(' | '),
    }))
    const degrees = lookups.map(l => l.message.reduce((d, x) => Math.max(d, e.degree(x)), 0))
    const order = this.reference ? degrees.map((_, i) => i) : groupingOrder(degrees)
    const constraints = circuitDegree(builder.finish(f.name, 'function', 1))
    const groupDegree = this.reference
      ? f.selectors === 1
        ? 2
        : 1
      : cheapestGroupDegree(
          order.map(i => degrees[i]!),
          constraints,
        )
    for (const i of order) builder.lookup(lookups[i]!.multiplicity, lookups[i]!.message, lookups[i]!.label)
    return {
      circuit: builder.finish(f.name, 'function', groupDegree),
      plan,
      multiplicity: f.inputSize + f.selectors,
    }
  }

  /** Sum of the selectors by which control can leave the block, its continuation excluded. */
  private blockSelector(block: Block): Expression {
    const { control } = block
    if (control.control === 'return' || control.control === 'yield') return this.selectors[control.selector]!
    const arms = control.cases.map(c => this.blockSelector(c.block))
    if (control.default !== null) arms.push(this.blockSelector(control.default))
    return this.e.sum(arms)
  }

  private block(
    block: Block,
    values: Values,
    selector: Expression,
    before: Expression[],
    join: Join | null,
  ): BlockPlan {
    const { e, builder } = this
    builder.constrain(e.boolean(selector), 'selector of a block is boolean')
    const bounds = before.slice()
    const plan: BlockPlan = {
      ops: [],
      selector: -1,
      rank: -1,
      cases: [],
      default: null,
      witnesses: -1,
      merged: -1,
      mergedRank: -1,
      continuation: null,
    }
    for (const op of block.ops) {
      const first = this.next
      const bound = this.op(op, values, selector)
      plan.ops.push(this.next > first ? first : -1)
      if (bound !== null) bounds.push(bound)
    }
    this.control(block.control, values, selector, bounds, join, plan)
    return plan
  }

  private control(
    control: Control,
    values: Values,
    selector: Expression,
    bounds: Expression[],
    join: Join | null,
    plan: BlockPlan,
  ): void {
    const { e, builder, f } = this
    switch (control.control) {
      case 'return': {
        if (control.values.length !== f.outputSize)
          throw new RangeError(`${f.name} returns ${control.values.length} values of ${f.outputSize}`)
        const message = [
          e.constant(CHANNEL.function),
          e.constant(this.index),
          ...values.e.slice(0, f.inputSize),
          ...control.values.map(v => values.e[v]!),
        ]
        plan.selector = f.inputSize + control.selector
        if (this.ranks.ranked[this.index] === 1)
          message.push(this.rank([...this.outer, ...bounds], selector, plan))
        this.slots[0]!.messages.push({ selector, elements: message, label: 'return' })
        return
      }
      case 'yield': {
        if (join === null) throw new RangeError(`${f.name} yields outside of a matchContinue`)
        if (control.values.length !== join.size)
          throw new RangeError(`${f.name} yields ${control.values.length} values of ${join.size}`)
        plan.selector = f.inputSize + control.selector
        join.yields.push({
          selector,
          values: control.values.map(v => values.e[v]!),
          degrees: control.values.map(v => values.degrees[v]!),
          rank: join.ranked ? this.rank(bounds, selector, plan) : e.zero,
        })
        return
      }
      case 'match':
        this.arms(control, values, bounds, join, plan)
        return
      case 'matchContinue': {
        const ranked = armsBoundRank(control, this.ranks, this.index)
        const inner: Join = { ranked, size: control.outputSize, yields: [] }
        const saved = this.outer
        this.outer = [...saved, ...bounds]
        this.arms(control, values, [], inner, plan)
        this.outer = saved
        plan.merged = this.next
        const merged: Expression[] = []
        const merge = (what: string, of: (y: Yield) => Expression) => {
          const z = this.advice(what)
          const sum = e.sum(inner.yields.map(y => e.mul(y.selector, of(y))))
          builder.constrain(e.mul(selector, e.sub(z, sum)), `${what} of a match is the yielded one`)
          return z
        }
        for (let i = 0; i < control.outputSize; i++) merged.push(merge(`value ${i}`, y => y.values[i]!))
        if (inner.ranked) plan.mergedRank = this.next
        const after = inner.ranked ? [...bounds, merge('rank bound', y => y.rank)] : bounds
        // No arm yields: the continuation is never selected, but it is laid out.
        const yielded = e.withDegree(e.sum(inner.yields.map(y => y.selector)), 1)
        builder.constrain(
          e.sub(this.blockSelector(control.continuation), yielded),
          'a match continues exactly when an arm yields',
        )
        const rest: Values = {
          e: [...values.e, ...merged],
          degrees: [...values.degrees, ...new Array<number>(control.outputSize).fill(1)],
        }
        plan.continuation = this.block(control.continuation, rest, yielded, after, join)
      }
    }
  }

  private arms(
    control: Control & { control: 'match' | 'matchContinue' },
    values: Values,
    bounds: Expression[],
    join: Join | null,
    plan: BlockPlan,
  ): void {
    const { e, builder } = this
    const start = { next: this.next, slot: this.slot }
    const most = { ...start }
    const scrutinee = values.e[control.scrutinee]!
    const arm = (block: Block, selector: Expression) => {
      const copy = { e: values.e.slice(), degrees: values.degrees.slice() }
      const made = this.block(block, copy, selector, bounds, join)
      most.next = Math.max(most.next, this.next)
      most.slot = Math.max(most.slot, this.slot)
      this.next = start.next
      this.slot = start.slot
      return made
    }
    for (const c of control.cases) {
      const selector = this.blockSelector(c.block)
      builder.constrain(
        e.mul(selector, e.sub(scrutinee, e.constant(c.value))),
        `case ${c.value} of a match on value ${control.scrutinee}`,
      )
      plan.cases.push(arm(c.block, selector))
    }
    if (control.default !== null) {
      plan.witnesses = this.next
      const selector = this.blockSelector(control.default)
      for (const c of control.cases) {
        const w = this.advice('inequality witness')
        const difference = e.sub(scrutinee, e.constant(c.value))
        builder.constrain(
          e.mul(selector, e.sub(e.mul(difference, w), e.one)),
          `default of a match on value ${control.scrutinee} excludes ${c.value}`,
        )
      }
      plan.default = arm(control.default, selector)
    }
    this.next = most.next
    this.slot = most.slot
  }

  /** The rank of a path: at least every bound, or exactly the bound if it is alone. */
  private rank(bounds: Expression[], selector: Expression, plan: BlockPlan): Expression {
    const { e } = this
    if (bounds.length === 0) return e.zero
    if (bounds.length === 1) return bounds[0]!
    plan.rank = this.next
    const rank = this.advice('rank')
    for (let i = 0; i < bounds.length; i += 2) {
      const second = bounds[i + 1]
      const message = [
        e.constant(CHANNEL.rankDifferences),
        e.sub(rank, bounds[i]!),
        second === undefined ? e.zero : e.sub(rank, second),
      ]
      this.demand(selector, message, 'rank exceeds the ranks of the callees')
    }
    return rank
  }

  /** The next auxiliary column; arms reuse the columns of their siblings. */
  private advice(name: string): Expression {
    const { builder } = this
    const column = this.next++
    if (column < builder.columns.length) return this.e.column(column)
    return builder.column(`${name} [${column}]`)
  }

  private demand(selector: Expression, message: Expression[], label: string): void {
    const slot = this.slot++
    if (slot === this.slots.length) this.slots.push({ messages: [] })
    this.slots[slot]!.messages.push({ selector, elements: message, label })
  }

  /**
   * The message of a slot. That of several arms is the sum weighted by their selectors, of which at most one is on. The
   * message of a single arm needs no weight: where its selector is off, so is the multiplicity, and what is looked up
   * zero times may be anything. For a returned message that is what the constraint on the multiplicity says; its
   * channel, index and inputs are the same in all leaves.
   */
  private merged(messages: Slot['messages']): Expression[] {
    const { e, f } = this
    const [first] = messages
    const alone = this.reference ? f.selectors === 1 : messages.length === 1
    const bare = !this.reference && messages === this.slots[0]!.messages && this.returnsNothing
    if (alone || bare) return first!.elements
    const length = Math.max(...messages.map(m => m.elements.length))
    return Array.from({ length }, (_, i) =>
      e.sum(messages.filter(m => i < m.elements.length).map(m => e.mul(m.selector, m.elements[i]!))),
    )
  }

  private get returnsNothing(): boolean {
    return this.f.outputSize === 0 && this.ranks.ranked[this.index] !== 1
  }

  /** Adds an op; the rank bound that a call brings. */
  private op(op: Op, values: Values, s: Expression): Expression | null {
    const { e, builder } = this
    const at = (v: Value) => values.e[v]!
    const push = (expression: Expression, degree = 1) => {
      values.e.push(e.withDegree(expression, degree))
      values.degrees.push(degree)
    }
    const columns = (count: number, what: string) =>
      Array.from({ length: count }, (_, i) => {
        const column = this.advice(`${what} ${i}`)
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
        const d = this.advice('inverse or zero')
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
            `${this.f.name} calls ${callee.name} with ${op.args.length} values for ${op.outputSize}`,
          )
        const outputs = columns(op.outputSize, `result of function ${op.callee}`)
        if (op.unconstrained) return null
        const message = [e.constant(CHANNEL.function), e.constant(op.callee), ...op.args.map(at), ...outputs]
        let bound: Expression | null = null
        if (this.ranks.ranked[op.callee] === 1) {
          const rank = this.advice(`rank of function ${op.callee}`)
          message.push(rank)
          if (boundsRank(this.ranks, this.index, op.callee)) bound = e.add(rank, e.one)
        }
        this.demand(s, message, `call of function ${op.callee}`)
        return bound
      }
      case 'store': {
        const pointer = columns(1, 'pointer')[0]!
        const message = [CHANNEL.memory, op.values.length].map(c => e.constant(c))
        this.demand(s, [...message, pointer, ...op.values.map(at)], `store of ${op.values.length} values`)
        return null
      }
      case 'load': {
        const loaded = columns(op.size, 'loaded')
        const message = [CHANNEL.memory, op.size].map(c => e.constant(c))
        this.demand(s, [...message, at(op.ptr), ...loaded], `load(${op.size}) of value ${op.ptr}`)
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
        this.demand(s, [e.constant(CHANNEL.bitDecomposition), at(op.a), ...bits], 'u8_bit_decomposition')
        return null
      }
      case 'u8ShiftLeft':
      case 'u8ShiftRight': {
        const channel = op.op === 'u8ShiftLeft' ? CHANNEL.shiftLeft : CHANNEL.shiftRight
        this.demand(s, [e.constant(channel), at(op.a), ...columns(1, 'shifted')], op.op)
        return null
      }
      case 'u8RangeCheck':
      case 'u4RangeCheck': {
        const channel = op.op === 'u8RangeCheck' ? CHANNEL.byteRange : CHANNEL.nibbleRange
        this.demand(s, [e.constant(channel), at(op.a), at(op.b)], op.op)
        return null
      }
      case 'u32RangeCheck':
        this.demand(s, [e.constant(CHANNEL.range32), at(op.a)], op.op)
        return null
      case 'u4Xor':
      case 'u4XorSplit3': {
        const channel = CHANNEL.nibblePair + NIBBLE_PAIR_OPS.indexOf(op.op)
        const results = columns(resultCount(op), op.op)
        this.demand(s, [e.constant(channel), at(op.a), at(op.b), ...results], op.op)
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
        this.demand(s, message, op.op)
        const carry =
          op.op === 'u8Add' ? e.sub(e.add(at(op.a), at(op.b)), low) : e.sub(e.add(low, at(op.b)), at(op.a))
        push(e.scale(carry, inverse256))
        return null
      }
      default: {
        const channel = CHANNEL.bytePair + BYTE_PAIR_OPS.indexOf(op.op)
        const results = columns(resultCount(op), op.op)
        this.demand(s, [e.constant(channel), at(op.a), at(op.b), ...results], op.op)
        return null
      }
    }
  }

  /** a < b for 32-bit numbers: bytes of a, of c = b - a - 1 mod 2^32 and of b; a + c + 1 carries unless a < b. */
  private lessThan32(a: Expression, b: Expression, values: Values, s: Expression): void {
    const { e, builder } = this
    const bytes = (what: string) => [0, 1, 2, 3].map(i => this.advice(`u32_less_than ${what} byte ${i}`))
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
        this.demand(s, [e.constant(CHANNEL.byteRange), limbs[i]!, limbs[i + 1]!], 'u32_less_than: bytes')
    values.e.push(e.sub(e.one, carry))
    values.degrees.push(1)
  }
}

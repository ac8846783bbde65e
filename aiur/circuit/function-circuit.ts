/** The constraint system of a function (aiur.md 6), built from its bytecode independently of function-shape.ts. */

import type { Block, BytecodeFunction, Control, FunctionIndex, Program } from '../bytecode.js'
import { armsBoundRank, type RankPlan } from '../vm/ranks.js'
import { CHANNEL } from './channels.js'
import { type Circuit, circuitDegree } from './circuit.js'
import type { Expression } from './expression.js'
import { cheapestGroupDegree, groupingOrder } from './grouping.js'
import { OperationConstraints, type Values } from './operation-constraints.js'
import { RowBuilder, type Slot } from './row-builder.js'

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
  private readonly row = new RowBuilder()
  private readonly e = this.row.e
  private readonly builder = this.row.builder
  private readonly operations: OperationConstraints
  private readonly selectors: Expression[]
  private readonly multiplicity: Expression
  /** Bounds from before the enclosing matchContinues. */
  private outer: Expression[] = []
  private readonly f: BytecodeFunction

  constructor(
    program: Program,
    private readonly index: FunctionIndex,
    private readonly ranks: RankPlan,
    private readonly reference: boolean,
  ) {
    const f = program.functions[index]!
    this.f = f
    this.operations = new OperationConstraints(this.row, program, index, ranks)
    const { builder } = this
    for (let i = 0; i < f.inputSize; i++) builder.column(`input ${i}`)
    this.selectors = Array.from({ length: f.selectors }, (_, i) => builder.column(`selector ${i}`))
    this.multiplicity = builder.column('multiplicity')
    this.row.next = builder.columns.length
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
    const lookups = this.row.slots.map(({ messages }, i) => ({
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
      const first = this.row.next
      const bound = this.operations.add(op, values, selector)
      plan.ops.push(this.row.next > first ? first : -1)
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
        this.row.slots[0]!.messages.push({ selector, elements: message, label: 'return' })
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
        plan.merged = this.row.next
        const merged: Expression[] = []
        const merge = (what: string, of: (y: Yield) => Expression) => {
          const z = this.row.advice(what)
          const sum = e.sum(inner.yields.map(y => e.mul(y.selector, of(y))))
          builder.constrain(e.mul(selector, e.sub(z, sum)), `${what} of a match is the yielded one`)
          return z
        }
        for (let i = 0; i < control.outputSize; i++) merged.push(merge(`value ${i}`, y => y.values[i]!))
        if (inner.ranked) plan.mergedRank = this.row.next
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
    const start = { next: this.row.next, slot: this.row.slot }
    const most = { ...start }
    const scrutinee = values.e[control.scrutinee]!
    const arm = (block: Block, selector: Expression) => {
      const copy = { e: values.e.slice(), degrees: values.degrees.slice() }
      const made = this.block(block, copy, selector, bounds, join)
      most.next = Math.max(most.next, this.row.next)
      most.slot = Math.max(most.slot, this.row.slot)
      this.row.next = start.next
      this.row.slot = start.slot
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
      plan.witnesses = this.row.next
      const selector = this.blockSelector(control.default)
      for (const c of control.cases) {
        const w = this.row.advice('inequality witness')
        const difference = e.sub(scrutinee, e.constant(c.value))
        builder.constrain(
          e.mul(selector, e.sub(e.mul(difference, w), e.one)),
          `default of a match on value ${control.scrutinee} excludes ${c.value}`,
        )
      }
      plan.default = arm(control.default, selector)
    }
    this.row.next = most.next
    this.row.slot = most.slot
  }

  /** The rank of a path: at least every bound, or exactly the bound if it is alone. */
  private rank(bounds: Expression[], selector: Expression, plan: BlockPlan): Expression {
    const { e } = this
    if (bounds.length === 0) return e.zero
    if (bounds.length === 1) return bounds[0]!
    plan.rank = this.row.next
    const rank = this.row.advice('rank')
    for (let i = 0; i < bounds.length; i += 2) {
      const second = bounds[i + 1]
      const message = [
        e.constant(CHANNEL.rankDifferences),
        e.sub(rank, bounds[i]!),
        second === undefined ? e.zero : e.sub(rank, second),
      ]
      this.row.demand(selector, message, 'rank exceeds the ranks of the callees')
    }
    return rank
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
    const bare = !this.reference && messages === this.row.slots[0]!.messages && this.returnsNothing
    if (alone || bare) return first!.elements
    const length = Math.max(...messages.map(m => m.elements.length))
    return Array.from({ length }, (_, i) =>
      e.sum(messages.filter(m => i < m.elements.length).map(m => e.mul(m.selector, m.elements[i]!))),
    )
  }

  private get returnsNothing(): boolean {
    return this.f.outputSize === 0 && this.ranks.ranked[this.index] !== 1
  }
}

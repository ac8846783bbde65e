/**
 * Columns, lookups and degrees of the circuit of a function by the rules of aiur.md section 5, as arithmetic over its
 * bytecode. The constraint systems in constraints.ts are built independently and must agree.
 */

import type { Block, BytecodeFunction, Control, FunctionIndex, Op } from '../bytecode.js'
import { armsBoundRank, boundsRank, type RankPlan } from '../vm/ranks.js'
import { resultCount } from '../vm/values.js'
import type { CircuitShape } from './circuit-shape.js'
import { cheapestGroupDegree, groupingOrder, groupSizes, quotientDegreeOf, stepDegree } from './grouping.js'

export interface FunctionShape extends CircuitShape {
  kind: 'function'
  /** Columns after the selectors, the multiplicity first. */
  auxiliaries: number
}

/** @param reference as `Layout.reference` */
export function functionShape(
  f: BytecodeFunction,
  index: FunctionIndex,
  ranks: RankPlan,
  reference: boolean,
): FunctionShape {
  const { auxiliaries, messages, groupDegree, degree } = new Measure(f, index, ranks, reference).run()
  const main = f.inputSize + f.selectors + auxiliaries
  const lookups = messages.length
  const groups = groupSizes(messages, groupDegree)
  const stage2 = 2 * groups.length
  const quotientDegree = quotientDegreeOf(Math.max(degree, stepDegree(messages, groups)))
  return {
    name: f.name,
    kind: 'function',
    auxiliaries,
    main,
    lookups,
    groupDegree,
    stage2,
    quotientDegree,
    width: main + stage2 + 2 * quotientDegree,
    classicWidth: main + 2 * (1 + lookups),
  }
}

interface Measured {
  auxiliaries: number
  /** Degrees of the messages in the order in which they are grouped. */
  messages: number[]
  groupDegree: number
  /** Of the constraints that are no accumulator steps. */
  degree: number
}

/** A lookup slot: how many demands of alternative arms it serves, and the greatest degree of their messages. */
interface Slot {
  demands: number
  degree: number
}

/** The matchContinue that the yields of the arms being measured belong to. */
interface Join {
  /** Do the arms merge a rank bound? */
  ranked: boolean
  /** Greatest degree of a yielded value. */
  degree: number
}

/**
 * Walks a body as a circuit builder would and adds up columns and lookups. `bounds` counts the calls of a path
 * (since the innermost matchContinue whose arm it is in) that bound the rank of the row.
 */
class Measure {
  private auxiliaries = 1
  private lookups = 0
  private degree = 2
  private readonly slots: Slot[] = []
  /** Leaves that return, and the degree of the message they provide. */
  private returns = 0
  private returned: number
  /** Bounds from before the enclosing matchContinues. */
  private outer = 0

  constructor(
    private readonly f: BytecodeFunction,
    private readonly index: FunctionIndex,
    private readonly ranks: RankPlan,
    private readonly reference: boolean,
  ) {
    this.returned = f.inputSize > 0 ? 1 : 0
  }

  run(): Measured {
    const { f } = this
    this.block(f.body, new Array<number>(f.inputSize).fill(1), 0, null)
    // A message of one leaf only is sent as it is, others are weighted by the selectors of their leaves.
    const raw = (alternatives: number) => f.selectors === 1 || (!this.reference && alternatives === 1)
    const bare = !this.reference && f.outputSize === 0 && this.ranks.ranked[this.index] !== 1
    const messages = [
      this.returned + (raw(this.returns) || bare ? 0 : 1),
      ...this.slots.map(({ demands, degree }) => degree + (raw(demands) ? 0 : 1)),
    ]
    const { auxiliaries, degree } = this
    if (this.reference) {
      const groupDegree = f.selectors === 1 ? 2 : 1
      return { auxiliaries, messages, groupDegree, degree }
    }
    const ordered = groupingOrder(messages).map(i => messages[i]!)
    return { auxiliaries, messages: ordered, groupDegree: cheapestGroupDegree(ordered, degree), degree }
  }

  private lookup(degree: number): void {
    const slot = this.slots[this.lookups]
    if (slot === undefined) this.slots.push({ demands: 1, degree })
    else {
      slot.demands++
      slot.degree = Math.max(slot.degree, degree)
    }
    this.lookups++
  }

  private block(block: Block, degrees: number[], before: number, join: Join | null): void {
    let bounds = before
    for (const op of block.ops) bounds += this.op(op, degrees)
    this.control(block.control, degrees, bounds, join)
  }

  private control(control: Control, degrees: number[], bounds: number, join: Join | null): void {
    const greatest = (values: number[]) => Math.max(0, ...values.map(v => degrees[v]!))
    switch (control.control) {
      case 'return':
        this.returns++
        this.returned = Math.max(this.returned, greatest(control.values))
        if (this.ranks.ranked[this.index] === 1) this.rank(this.outer + bounds)
        return
      case 'yield':
        if (join === null) throw new RangeError(`${this.f.name} yields outside of a matchContinue`)
        join.degree = Math.max(join.degree, greatest(control.values))
        if (join.ranked) this.rank(bounds)
        return
      case 'match':
        this.arms(control, degrees, bounds, join)
        return
      case 'matchContinue': {
        const inner: Join = { ranked: armsBoundRank(control, this.ranks, this.index), degree: 0 }
        const saved = this.outer
        this.outer += bounds
        this.arms(control, degrees, 0, inner)
        this.outer = saved
        this.auxiliaries += control.outputSize + (inner.ranked ? 1 : 0)
        if (inner.degree > 0 || inner.ranked) this.degree = 3
        const merged = new Array<number>(control.outputSize).fill(1)
        this.block(control.continuation, [...degrees, ...merged], bounds + (inner.ranked ? 1 : 0), join)
      }
    }
  }

  /** The rank that respects `bounds` bounds: 0, the bound itself, or a column with pairs of differences. */
  private rank(bounds: number): void {
    if (bounds > 0) this.returned = 1
    if (bounds < 2) return
    this.auxiliaries++
    for (let i = 0; i < bounds; i += 2) this.lookup(1)
  }

  private arms(
    control: Control & { control: 'match' | 'matchContinue' },
    degrees: number[],
    bounds: number,
    join: Join | null,
  ): void {
    const { auxiliaries, lookups } = this
    let most = { auxiliaries, lookups }
    const arm = (block: Block, witnesses: number) => {
      this.auxiliaries = auxiliaries + witnesses
      this.lookups = lookups
      this.block(block, degrees.slice(), bounds, join)
      most = {
        auxiliaries: Math.max(most.auxiliaries, this.auxiliaries),
        lookups: Math.max(most.lookups, this.lookups),
      }
    }
    for (const c of control.cases) arm(c.block, 0)
    if (control.default !== null) {
      if (control.cases.length > 0 && degrees[control.scrutinee] === 1) this.degree = 3
      arm(control.default, control.cases.length)
    }
    this.auxiliaries = most.auxiliaries
    this.lookups = most.lookups
  }

  /** Adds an op up; 1 if it is a call that bounds the rank. */
  private op(op: Op, degrees: number[]): number {
    const degree = (values: number[]) => Math.max(0, ...values.map(v => degrees[v]!))
    const columns = (count: number) => {
      this.auxiliaries += count
      for (let i = 0; i < count; i++) degrees.push(1)
    }
    switch (op.op) {
      case 'const':
        degrees.push(0)
        return 0
      case 'add':
      case 'sub':
        degrees.push(degree([op.a, op.b]))
        return 0
      case 'mul': {
        const product = degrees[op.a]! + degrees[op.b]!
        degrees.push(Math.min(product, 1))
        if (product < 2) return 0
        this.auxiliaries++
        this.degree = 3
        return 0
      }
      case 'eqZero':
        degrees.push(degrees[op.a]!)
        if (degrees[op.a] === 0) return 0
        this.auxiliaries += 2
        this.degree = 3
        return 0
      case 'call':
        columns(op.outputSize)
        if (op.unconstrained) return 0
        if (this.ranks.ranked[op.callee] === 1) this.auxiliaries++
        this.lookup(op.outputSize + this.ranks.ranked[op.callee]! > 0 ? 1 : degree(op.args))
        return boundsRank(this.ranks, this.index, op.callee) ? 1 : 0
      case 'store':
        columns(1)
        this.lookup(1)
        return 0
      case 'load':
        columns(op.size)
        this.lookup(op.size > 0 ? 1 : degree([op.ptr]))
        return 0
      case 'u8Add':
      case 'u8Sub':
        this.auxiliaries++
        degrees.push(1, 1)
        this.lookup(1)
        return 0
      case 'u8RangeCheck':
      case 'u4RangeCheck':
        this.lookup(degree([op.a, op.b]))
        return 0
      case 'u32RangeCheck':
        this.lookup(degree([op.a]))
        return 0
      case 'u32LessThan':
        this.auxiliaries += 12
        degrees.push(1)
        for (let i = 0; i < 6; i++) this.lookup(1)
        this.degree = 3
        return 0
      case 'unconstrainedU32Add':
      case 'unconstrainedU32Add3':
        columns(4)
        degrees.push(1)
        return 0
      case 'u32ToField':
        degrees.push(degree(op.bytes))
        return 0
      case 'assertEq':
      case 'ioSetInfo':
      case 'ioWrite':
      case 'debug':
        return 0
      case 'ioGetInfo':
      case 'ioRead':
      case 'unconstrainedGToBytes':
      case 'unconstrainedGInverse':
      case 'unconstrainedBigUintDivMod':
      case 'unconstrainedLimbsDivMod':
        columns(resultCount(op))
        return 0
      default:
        columns(resultCount(op))
        this.lookup(1)
        return 0
    }
  }
}

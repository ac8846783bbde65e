/**
 * Columns, lookups and degrees of every circuit by the rules of aiur.md section 5, as arithmetic over the
 * bytecode. The constraint systems in constraints.ts are built independently and must agree.
 */

import type { Block, BytecodeFunction, Control, FunctionIndex, Op, Program } from '../bytecode.js'
import { armsBoundRank, boundsRank, planRanks, type RankPlan, withoutRanks } from '../vm/ranks.js'
import { resultCount } from '../vm/values.js'

export interface CircuitShape {
  name: string
  kind: 'function' | 'memory' | 'gadget'
  /** Columns of the main trace. */
  main: number
  /** Lookups of a row, the provided message included. */
  lookups: number
  /** Lookups that share one accumulator column: 1 or 2. */
  groupSize: number
  /** Base columns of the accumulators: 2 per group. */
  stage2: number
  quotientDegree: number
  /** Committed columns: main + stage2 + 2 * quotientDegree. */
  width: number
  /** Width of the classic accounting (aiur.md 5.5, P438). */
  classicWidth: number
}

export interface FunctionLayout extends CircuitShape {
  kind: 'function'
  index: FunctionIndex
  inputs: number
  selectors: number
  /** Columns after the selectors, the multiplicity first. */
  auxiliaries: number
  /** Does a row carry a rank (the last element of its message)? */
  ranked: boolean
  /** For functions that recurse without a rank: the input that every self call changes, and by what. */
  step: { input: number; change: bigint } | null
  /** The same circuit laid out without ranks: what it pays for them is the difference. */
  unranked: Pick<CircuitShape, 'main' | 'lookups' | 'stage2' | 'quotientDegree' | 'width' | 'classicWidth'>
}

export interface MemoryLayout extends CircuitShape {
  kind: 'memory'
  size: number
}

export interface Layout {
  program: Program
  ranks: RankPlan
  /** Constrained functions by index. */
  functions: FunctionLayout[]
  /** Memories by ascending size. */
  memories: MemoryLayout[]
}

export interface LayoutOptions {
  /** Ranks make calls well-founded; without them widths are those of the reference. Default true. */
  ranks?: boolean
}

export function layout(program: Program, options: LayoutOptions = {}): Layout {
  const ranks = options.ranks === false ? withoutRanks(program) : planRanks(program)
  const bare = withoutRanks(program)
  const functions: FunctionLayout[] = []
  program.functions.forEach((f, index) => {
    if (!f.constrained) return
    const unranked = functionShape(new Measure(f, index, bare).run())
    const { main, lookups, stage2, quotientDegree, width, classicWidth } = unranked
    functions.push({
      ...functionShape(new Measure(f, index, ranks).run()),
      name: f.name,
      index,
      inputs: f.inputSize,
      selectors: f.selectors,
      ranked: ranks.ranked[index] === 1,
      step: ranks.steps[index] ?? null,
      unranked: { main, lookups, stage2, quotientDegree, width, classicWidth },
    })
  })
  return { program, ranks, functions, memories: program.memorySizes.map(memoryLayout) }
}

/** Columns multiplicity, selector, pointer and the values; one lookup with selector-weighted arguments. */
function memoryLayout(size: number): MemoryLayout {
  const main = size + 3
  return {
    name: `memory[${size}]`,
    kind: 'memory',
    size,
    main,
    lookups: 1,
    groupSize: 1,
    stage2: 2,
    quotientDegree: 2,
    width: main + 6,
    classicWidth: size + 11,
  }
}

interface Measured {
  f: BytecodeFunction
  auxiliaries: number
  lookups: number
  degree: number
}

function functionShape({
  f,
  auxiliaries,
  lookups,
  degree,
}: Measured): Omit<FunctionLayout, 'index' | 'inputs' | 'selectors' | 'ranked' | 'step' | 'unranked'> {
  const main = f.inputSize + f.selectors + auxiliaries
  const groupSize = f.selectors === 1 && lookups >= 2 ? 2 : 1
  const stage2 = 2 * Math.max(1, Math.ceil(lookups / groupSize))
  const quotientDegree = quotientDegreeOf(degree)
  return {
    name: f.name,
    kind: 'function',
    auxiliaries,
    main,
    lookups,
    groupSize,
    stage2,
    quotientDegree,
    width: main + stage2 + 2 * quotientDegree,
    classicWidth: main + 2 * (1 + lookups),
  }
}

/** nextPow2(max(degree, 2) - 1) */
export function quotientDegreeOf(degree: number): number {
  let q = 1
  while (q < Math.max(degree, 2) - 1) q *= 2
  return q
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
  /** Degrees of the op messages in order, and of the return message. */
  private readonly messages: number[] = []
  private returned: number
  /** Bounds from before the enclosing matchContinues. */
  private outer = 0

  constructor(
    private readonly f: BytecodeFunction,
    private readonly index: FunctionIndex,
    private readonly ranks: RankPlan,
  ) {
    this.returned = f.inputSize > 0 ? 1 : 0
  }

  run(): Measured {
    const { f } = this
    this.block(f.body, new Array<number>(f.inputSize).fill(1), 0, null)
    const lookups = this.lookups + 1
    const messages = [this.returned, ...this.messages]
    let { degree } = this
    if (f.selectors > 1) degree = Math.max(degree, 2 + Math.max(...messages))
    else {
      const size = lookups >= 2 ? 2 : 1
      for (let at = 0; at < lookups; at += size)
        degree = Math.max(degree, 1 + messages.slice(at, at + size).reduce((a, b) => a + b, 0))
    }
    return { f, auxiliaries: this.auxiliaries, lookups, degree }
  }

  private lookup(degree: number): void {
    this.lookups++
    this.messages.push(degree)
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

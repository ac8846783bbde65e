/**
 * Traces with one cell changed. Since the honest traces satisfy everything and their lookups balance, a change of one row
 * is accepted exactly when that row (and the one before, which sees it as its next) still satisfies its constraints and
 * provides and demands what it did; so only these are evaluated. Independently of the circuits, `pinnedColumns` says which
 * cells a row's bytecode hands on to something that is checked.
 */
import type { Block, BytecodeFunction, Op } from '../../aiur/bytecode.js'
import type { Circuit } from '../../aiur/circuit/circuit.js'
import { constraintSystem, traces } from '../../aiur/circuit/constraints.js'
import { NodeKind } from '../../aiur/circuit/expression.js'
import type { BlockPlan, FunctionCircuit } from '../../aiur/circuit/function-circuit.js'
import type { Trace } from '../../aiur/circuit/trace.js'
import { normalise } from '../../aiur/vm/goldilocks.js'
import type { RankPlan } from '../../aiur/vm/ranks.js'
import { resultCount } from '../../aiur/vm/values.js'
import type { KernelRun } from '../../kernel/verdict.js'

type Row = bigint[]

/** A circuit in use: its trace, and for a function what its bytecode says. */
export interface Target {
  readonly trace: Trace
  /** Columns of this row that have to keep their values. */
  pinned(row: number): ReadonlySet<number>
}

/** All circuits that a run uses. */
export function targetsOf({ layout, record, call }: KernelRun): Target[] {
  const system = constraintSystem(layout)
  const functions = new Map(
    system.functions.map((f, i) => [f.circuit, { f, index: layout.functions[i]!.index }]),
  )
  return traces(system, layout, record, call.io).map(trace => {
    const known = functions.get(trace.circuit)
    if (known === undefined) return { trace, pinned: row => pinnedOfTable(trace, row, rowOf(trace, row)) }
    const body = layout.program.functions[known.index]!
    return { trace, pinned: row => pinnedColumns(body, known.f, layout.ranks, rowOf(trace, row)) }
  })
}

export function rowOf(trace: Trace, row: number): Row {
  const width = trace.circuit.columns.length
  const words = new Uint32Array(2 * width)
  trace.fill(row, 1, words)
  return Array.from({ length: width }, (_, i) => (BigInt(words[2 * i + 1]!) << 32n) | BigInt(words[2 * i]!))
}

/** What is broken by a row of a trace with another value in one column; undefined if nothing is. */
export function changesOf(trace: Trace, row: number): (column: number, value: bigint) => string | undefined {
  const { circuit, height } = trace
  const padded = (height & (height - 1)) !== 0
  const moves = (r: number) => r + 1 < height || padded
  const honest = rowOf(trace, row)
  const after = row + 1 < height ? rowOf(trace, row + 1) : padded ? honest.map(() => 0n) : rowOf(trace, 0)
  const before = contributions(circuit, evaluate(circuit, honest, after, row, moves(row)))
  const seen =
    row > 0 && circuit.expressions.kinds.includes(NodeKind.next) ? rowOf(trace, row - 1) : undefined
  const violated = (values: bigint[]) =>
    circuit.constraints.find(each => values[each.expression] !== 0n)?.label
  return (column, value) => {
    const forged = honest.with(column, normalise(value))
    const values = evaluate(circuit, forged, height === 1 && !padded ? forged : after, row, moves(row))
    const label =
      violated(values) ?? (seen && violated(evaluate(circuit, seen, forged, row - 1, moves(row - 1))))
    if (label !== undefined) return label
    const now = contributions(circuit, values)
    for (const key of new Set([...before.keys(), ...now.keys()]))
      if (before.get(key)?.times !== now.get(key)?.times) return (now.get(key) ?? before.get(key))!.label
    return undefined
  }
}

/** Values of all nodes. */
function evaluate(circuit: Circuit, row: Row, next: Row, at: number, moves: boolean): bigint[] {
  const { kinds, a, b, constants } = circuit.expressions
  const values: bigint[] = []
  for (let node = 0; node < kinds.length; node++) {
    const x = a[node]!
    const y = b[node]!
    switch (kinds[node]) {
      case NodeKind.constant:
        values.push(constants[x]!)
        break
      case NodeKind.column:
        values.push(row[x]!)
        break
      case NodeKind.next:
        values.push(next[x]!)
        break
      case NodeKind.fixed:
        values.push(BigInt(circuit.fixed!.values[at * circuit.fixed!.width + x]!))
        break
      case NodeKind.transition:
        values.push(moves ? 1n : 0n)
        break
      case NodeKind.add:
        values.push(normalise(values[x]! + values[y]!))
        break
      case NodeKind.sub:
        values.push(normalise(values[x]! - values[y]!))
        break
      default:
        values.push(normalise(values[x]! * values[y]!))
    }
  }
  return values
}

/** Messages of a row, and how often it demands them. */
function contributions(circuit: Circuit, values: bigint[]): Map<string, { times: bigint; label: string }> {
  const messages = new Map<string, { times: bigint; label: string }>()
  for (const { multiplicity, message, label } of circuit.lookups) {
    if (values[multiplicity] === 0n) continue
    const elements = message.map(e => values[e]!)
    while (elements.at(-1) === 0n) elements.pop()
    const key = elements.join()
    const times = normalise((messages.get(key)?.times ?? 0n) + values[multiplicity]!)
    messages.set(key, { times, label })
  }
  return messages
}

/** All cells of gadgets and memories, but for what stands in a memory and is never read. */
function pinnedOfTable({ circuit, height }: Trace, row: number, values: Row): ReadonlySet<number> {
  const all = new Set(circuit.columns.keys())
  if (circuit.kind !== 'memory' || values[0] !== 0n) return all
  // Multiplicity; selector where another row follows, pointer where there is another row.
  return new Set([0, ...(row + 1 < height ? [1] : []), ...(height > 1 ? [2] : [])])
}

/** A value of a path: the columns that it is made of. */
type Support = ReadonlySet<number>

class Path {
  readonly pinned = new Set<number>()
  private values: Support[]

  constructor(
    f: BytecodeFunction,
    private readonly ranks: RankPlan,
    private readonly row: Row,
  ) {
    const head = f.inputSize + f.selectors + 1
    for (let column = 0; column < head; column++) this.pinned.add(column)
    this.values = Array.from({ length: f.inputSize }, (_, i) => new Set([i]))
  }

  /** The arm's yielded values, or null when the path returns. */
  block(block: Block, plan: BlockPlan): Support[] | null {
    block.ops.forEach((op, i) => {
      this.op(op, plan.ops[i]!)
    })
    const { control } = block
    switch (control.control) {
      case 'return':
      case 'yield':
        if (plan.rank >= 0) this.pinned.add(plan.rank)
        if (control.control === 'yield') return control.values.map(v => this.values[v]!)
        this.check(control.values)
        return null
      case 'match':
        return this.arm(block, plan)
      case 'matchContinue': {
        const saved = this.values.slice()
        const yielded = this.arm(block, plan)
        if (yielded === null) return null
        yielded.forEach((support, i) => {
          for (const column of support) this.pinned.add(column)
          this.pinned.add(plan.merged + i)
        })
        if (plan.mergedRank >= 0) this.pinned.add(plan.mergedRank)
        this.values = [...saved, ...yielded.map((_, i) => new Set([plan.merged + i]))]
        return this.block(control.continuation, plan.continuation!)
      }
    }
  }

  private arm({ control }: Block, plan: BlockPlan): Support[] | null {
    if (control.control !== 'match' && control.control !== 'matchContinue') throw new Error('no match')
    this.check([control.scrutinee])
    for (const [i, each] of control.cases.entries())
      if (this.taken(each.block, plan.cases[i]!)) return this.block(each.block, plan.cases[i]!)
    control.cases.forEach((_, i) => {
      this.pinned.add(plan.witnesses + i)
    })
    return this.block(control.default!, plan.default!)
  }

  /** Does the path leave by one of the block's own leaves? */
  private taken({ control }: Block, plan: BlockPlan): boolean {
    if (control.control === 'return' || control.control === 'yield') return this.row[plan.selector] === 1n
    const cases = control.cases.some((each, i) => this.taken(each.block, plan.cases[i]!))
    return cases || (control.default !== null && this.taken(control.default, plan.default!))
  }

  private check(values: readonly number[]): void {
    for (const value of values) for (const column of this.values[value]!) this.pinned.add(column)
  }

  private op(op: Op, first: number): void {
    const { values } = this
    const join = (of: readonly number[], ...more: number[]) =>
      new Set([...of.flatMap(v => [...values[v]!]), ...more])
    /** Results that are columns, checked or not. */
    const columns = (count: number, pinned: boolean, from = first) => {
      for (let i = 0; i < count; i++) {
        if (pinned) this.pinned.add(from + i)
        values.push(new Set([from + i]))
      }
    }
    switch (op.op) {
      case 'const':
        values.push(new Set())
        return
      case 'add':
      case 'sub':
        values.push(join([op.a, op.b]))
        return
      case 'mul':
        if (first < 0) values.push(join([op.a, op.b]))
        else {
          this.check([op.a, op.b])
          columns(1, true)
        }
        return
      case 'eqZero':
        if (first < 0) values.push(new Set())
        else {
          this.check([op.a])
          // The inverse of zero may be anything.
          if (this.row[first + 1] === 0n) this.pinned.add(first)
          columns(1, true, first + 1)
        }
        return
      case 'call':
        if (!op.unconstrained) {
          this.check(op.args)
          if (this.ranks.ranked[op.callee] === 1) this.pinned.add(first + op.outputSize)
        }
        columns(op.outputSize, !op.unconstrained)
        return
      case 'store':
        this.check(op.values)
        columns(1, true)
        return
      case 'load':
        this.check([op.ptr])
        columns(op.size, true)
        return
      case 'assertEq':
        this.check([...op.xs, ...op.ys])
        return
      case 'u8RangeCheck':
      case 'u4RangeCheck':
        this.check([op.a, op.b])
        return
      case 'u32RangeCheck':
        this.check([op.a])
        return
      case 'ioSetInfo':
      case 'ioWrite':
      case 'debug':
        return
      case 'u8BitDecomposition':
      case 'u8ShiftLeft':
      case 'u8ShiftRight':
        this.check([op.a])
        columns(resultCount(op), true)
        return
      case 'u32LessThan':
        this.check([op.a, op.b])
        for (let i = 0; i < 12; i++) this.pinned.add(first + i)
        values.push(new Set(Array.from({ length: 12 }, (_, i) => first + i)))
        return
      case 'unconstrainedU32Add':
      case 'unconstrainedU32Add3': {
        const operands = op.op === 'unconstrainedU32Add' ? [op.a, op.b] : [op.a, op.b, op.c]
        columns(4, false)
        values.push(join(operands.flat(), first, first + 1, first + 2, first + 3))
        return
      }
      case 'u32ToField':
        values.push(join(op.bytes))
        return
      case 'ioGetInfo':
      case 'ioRead':
      case 'unconstrainedGToBytes':
      case 'unconstrainedGInverse':
      case 'unconstrainedBigUintDivMod':
      case 'unconstrainedLimbsDivMod':
        columns(resultCount(op), false)
        return
      case 'u8Add':
      case 'u8Sub':
        this.check([op.a, op.b])
        columns(1, true)
        values.push(join([op.a, op.b], first))
        return
      default:
        this.check([op.a, op.b])
        columns(resultCount(op), true)
    }
  }
}

/** Columns of a function's row that go into a call, a memory, a table, an assertion, a match or the result. */
export function pinnedColumns(
  f: BytecodeFunction,
  { plan }: FunctionCircuit,
  ranks: RankPlan,
  row: Row,
): ReadonlySet<number> {
  const path = new Path(f, ranks, row)
  path.block(f.body, plan)
  return path.pinned
}

/** The trace with another value in one cell. */
export function withCell(trace: Trace, row: number, column: number, value: bigint): Trace {
  const { circuit, height } = trace
  return {
    circuit,
    height,
    fill(start, count, target) {
      trace.fill(start, count, target)
      if (row < start || row >= start + count) return
      const at = 2 * ((row - start) * circuit.columns.length + column)
      target[at] = Number(normalise(value) & 0xffffffffn)
      target[at + 1] = Number(normalise(value) >> 32n)
    },
  }
}

/** One more, zero, and what stands in the same column of another row, as far as they are something else. */
export function otherValues(trace: Trace, row: number, column: number, other: number): bigint[] {
  const honest = rowOf(trace, row)[column]!
  const values = [normalise(honest + 1n), 0n, rowOf(trace, other)[column]!]
  return [...new Set(values)].filter(value => value !== honest)
}

/** Rows of a trace by what is pinned in them, at most `limit` of a kind, among some hundred from a random one on. */
export function rowsOfEveryKind(target: Target, limit: number, random: (below: number) => number): number[] {
  const { height } = target.trace
  const counts = new Map<string, number>()
  const rows: number[] = []
  const start = random(height)
  for (let i = 0; i < Math.min(height, 40 * limit * limit); i++) {
    const row = (start + i) % height
    const kind = [...target.pinned(row)].join()
    const count = counts.get(kind) ?? 0
    if (count >= limit) continue
    counts.set(kind, count + 1)
    rows.push(row)
  }
  return rows
}

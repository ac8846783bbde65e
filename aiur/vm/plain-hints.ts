/**
 * Hints that leave no row.
 *
 * A function that only runs unconstrained has no circuit, and nothing demands its rows: a row is only what saves another
 * evaluation. Where a function is a few operations without branches, memory and IO that cannot fail, computing its
 * results costs less than finding them, so its calls are expanded where they stand: they leave no row of the function nor
 * of what it calls, count towards no limit, and are no frame of a trace of calls.
 *
 * Why this changes nothing else: the results are a function of the arguments; there is no failure that a row or a frame
 * would tell of; and no operation in here counts a use, stores, reads or writes.
 *
 * Who fills the trace of a caller computes the results again. They are advice: an answer of a prover who says something
 * else is a row put into the function's table, which is empty after an execution.
 */

import {
  type Block,
  BYTE_PAIR_RESULTS,
  type BytecodeFunction,
  type BytePairOp,
  NIBBLE_PAIR_RESULTS,
  type NibblePairOp,
  type Op,
  type Program,
  type Value,
} from '../bytecode.js'
import { blocksOf } from './ranks.js'
import { operandsOf } from './values.js'

export type HintOp = Extract<
  Op,
  {
    op:
      | 'const'
      | 'add'
      | 'sub'
      | 'mul'
      | 'eqZero'
      | 'u8BitDecomposition'
      | 'u8ShiftLeft'
      | 'u8ShiftRight'
      | BytePairOp
      | NibblePairOp
      | 'u32LessThan'
      | 'u32ToField'
      | 'unconstrainedGToBytes'
  }
>

/** The operations of a call, those of the calls inside it in their places. */
export interface PlainHint {
  /** Operands below the number of inputs are inputs, others results of the operations before. */
  readonly ops: readonly HintOp[]
  readonly results: readonly Value[]
  /** What each result does not exceed when it is computed, as far as that is below the field's elements. */
  readonly bounds: readonly number[]
  /** Values in all: inputs and results of operations. */
  readonly length: number
}

/** Most operations of a hint, its calls among them. */
const MOST_OPERATIONS = 128

const planned = new WeakMap<Program, readonly (PlainHint | null)[]>()

/** By function; null for those whose calls leave rows. */
export function plainHints(program: Program): readonly (PlainHint | null)[] {
  let plan = planned.get(program)
  if (plan === undefined) {
    plan = program.functions.map(f => (f.constrained || f.entry ? null : new Expansion(program, f).hint))
    planned.set(program, plan)
  }
  return plan
}

/** Values of the longest hint that a body calls. */
export function longestHint(body: Block, hints: readonly (PlainHint | null)[]): number {
  let longest = 0
  for (const { ops } of blocksOf(body))
    for (const op of ops) if (op.op === 'call') longest = Math.max(longest, hints[op.callee]?.length ?? 0)
  return longest
}

class Expansion {
  readonly hint: PlainHint | null
  private readonly ops: HintOp[] = []
  /** Upper bounds of the values so far. */
  private readonly bounds: number[]
  private left = MOST_OPERATIONS

  constructor(
    private readonly program: Program,
    f: BytecodeFunction,
  ) {
    this.bounds = new Array<number>(f.inputSize).fill(Number.POSITIVE_INFINITY)
    const results = this.call(f, [...this.bounds.keys()])
    this.hint = results && {
      ops: this.ops,
      results,
      bounds: results.map(v => this.bounds[v]!),
      length: this.bounds.length,
    }
  }

  /** Values of the results; null if a call might fail, take long or have effects. */
  private call({ body, outputSize }: BytecodeFunction, args: readonly Value[]): Value[] | null {
    const { ops, control } = body
    if (control.control !== 'return' || control.values.length !== outputSize) return null
    const values = args.slice()
    for (const op of ops) {
      if (--this.left < 0 || operandsOf(op).some(v => values[v] === undefined)) return null
      const results = this.operation(op, values)
      if (results === null) return null
      values.push(...results)
    }
    const results = control.values.map(v => values[v])
    return results.every(v => v !== undefined) ? results : null
  }

  private operation(op: Op, values: readonly Value[]): Value[] | null {
    if (op.op === 'call') {
      const callee = this.program.functions[op.callee]
      if (callee === undefined || op.outputSize !== callee.outputSize) return null
      if (op.args.length !== callee.inputSize) return null
      return this.call(
        callee,
        op.args.map(v => values[v]!),
      )
    }
    const bounds = boundsOf(op, v => this.bounds[values[v]!]!)
    if (bounds === null) return null
    this.ops.push(withOperands(op as HintOp, values))
    const first = this.bounds.length
    this.bounds.push(...bounds)
    return bounds.map((_, i) => first + i)
  }
}

/** The operation on what `values` has at its operands. */
export function withOperands(op: HintOp, values: readonly Value[]): HintOp {
  if (op.op === 'const') return op
  if (op.op === 'u32ToField') return { ...op, bytes: op.bytes.map(v => values[v]!) }
  return 'b' in op ? { ...op, a: values[op.a]!, b: values[op.b]! } : { ...op, a: values[op.a]! }
}

/** Bounds of the results of a {@link HintOp}; null if it might fail on operands within theirs, and for other operations. */
function boundsOf(op: Exclude<Op, { op: 'call' }>, bound: (v: Value) => number): number[] | null {
  const all = (most: number, results: number[]) =>
    operandsOf(op).every(v => bound(v) <= most) ? results : null
  /** Bound of an exact sum or product, which must not wrap around. */
  const exact = (most: number) => [most < Number.MAX_SAFE_INTEGER ? most : Number.POSITIVE_INFINITY]
  switch (op.op) {
    case 'const':
      return exact(Number(op.value))
    case 'add':
      return exact(bound(op.a) + bound(op.b))
    case 'mul':
      return exact(bound(op.a) * bound(op.b))
    case 'sub':
    case 'u32ToField':
      return [Number.POSITIVE_INFINITY]
    case 'eqZero':
      return [1]
    case 'unconstrainedGToBytes':
      return new Array<number>(8).fill(255)
    case 'u8BitDecomposition':
      return all(255, new Array<number>(8).fill(1))
    case 'u8ShiftLeft':
      return all(255, [255])
    case 'u8ShiftRight':
      return all(255, [bound(op.a) >> 1])
    case 'u8And':
      return all(255, [Math.min(bound(op.a), bound(op.b))])
    case 'u8LessThan':
      return all(255, [1])
    case 'u32LessThan':
      return all(0xffffffff, [1])
    case 'u4Xor':
    case 'u4XorSplit3':
      return all(15, new Array<number>(NIBBLE_PAIR_RESULTS[op.op]).fill(15))
    case 'u8Xor':
    case 'u8Or':
    case 'u8Add':
    case 'u8Sub':
    case 'u8Mul':
    case 'u8ChainRotr7':
    case 'u8ChainRotr4':
    case 'u8XorSplit7':
    case 'u8XorSplit4':
      return all(255, new Array<number>(BYTE_PAIR_RESULTS[op.op]).fill(255))
    default:
      return null
  }
}

/**
 * Advice functions whose results the code computes at once while their rows wait.
 *
 * Such a function is never constrained, total, without memory, IO or branches, so that its results need no table; but a
 * call leaves a row. Hints on hashed words make millions of rows whose places in the index are all over the memory, and
 * each costs a wait for it. So calls are queued, and a full queue is worked off in two passes: the first reads the
 * places of all, which the processor does for many at the same time, the second makes the calls.
 *
 * Why the tables are those of calls made at once: the rows of a function appear in the order of its first calls, which
 * the queue keeps; calls of a queued function that are due have no effects but their rows and those of functions that
 * are called from nowhere else ({@link planDeferred}); and before a run ends by itself or fails the queues are worked
 * off. Under a row limit every call is worked off at once, so that the limit ends the run at the same row.
 */

import {
  BYTE_PAIR_RESULTS,
  type BytecodeFunction,
  type FunctionIndex,
  NIBBLE_PAIR_RESULTS,
  type Op,
  type Program,
} from '../bytecode.js'
import { blocksOf } from '../vm/ranks.js'

/** Calls that wait at most. */
export const QUEUE_LENGTH = 256

/** Longest body, calls within it included. */
const MOST_OPERATIONS = 128

/** Where the calls of a function wait. */
export interface Queue {
  readonly function: FunctionIndex
  /** Number of waiting calls: one word; then their arguments, eight bytes each. */
  readonly address: number
}

/** Functions whose calls can wait. */
export function planDeferred(program: Program): FunctionIndex[] {
  const callers = program.functions.map(() => new Set<FunctionIndex>())
  program.functions.forEach((f, i) => {
    for (const callee of calleesOf(f)) callers[callee]?.add(i)
  })
  const nested = new Set<FunctionIndex>()
  const candidates = program.functions.flatMap((f, i) => {
    if (f.constrained || f.entry || f.inputSize === 0 || callers[i]!.size === 0) return []
    const bounds = new Array<number>(f.inputSize).fill(Number.POSITIVE_INFINITY)
    const inner = new Set<FunctionIndex>()
    const left = { operations: MOST_OPERATIONS }
    if (boundsOfResults(program, f, bounds, inner, left) === null) return []
    // What it calls must be called from inside only: its rows wait with those of f.
    const inside = new Set([i, ...inner])
    for (const g of inner)
      if (program.functions[g]!.entry || [...callers[g]!].some(caller => !inside.has(caller))) return []
    for (const g of inner) nested.add(g)
    return [i]
  })
  return candidates.filter(i => !nested.has(i))
}

function calleesOf(f: BytecodeFunction): FunctionIndex[] {
  return blocksOf(f.body).flatMap(b => b.ops.flatMap(op => (op.op === 'call' ? [op.callee] : [])))
}

/**
 * Upper bounds of a function's results given those of its arguments; null if a call might fail, take long or have
 * effects. Adds the functions that it calls to `inner`.
 */
function boundsOfResults(
  program: Program,
  f: BytecodeFunction,
  args: readonly number[],
  inner: Set<FunctionIndex>,
  left: { operations: number },
): number[] | null {
  const { ops, control } = f.body
  if (control.control !== 'return' || control.values.length !== f.outputSize) return null
  const bounds = args.slice()
  for (const op of ops) {
    if (--left.operations < 0) return null
    if (op.op === 'call') {
      const callee = program.functions[op.callee]
      if (callee === undefined || callee.constrained || op.outputSize !== callee.outputSize) return null
      if (op.args.length !== callee.inputSize) return null
      inner.add(op.callee)
      const results = boundsOfResults(
        program,
        callee,
        op.args.map(v => bounds[v]!),
        inner,
        left,
      )
      if (results === null) return null
      bounds.push(...results)
    } else {
      const results = boundsOf(op, v => bounds[v] ?? Number.POSITIVE_INFINITY)
      if (results === null) return null
      bounds.push(...results)
    }
  }
  return control.values.map(v => bounds[v] ?? Number.POSITIVE_INFINITY)
}

/** Of an operation that cannot fail on operands within the bounds. */
function boundsOf(op: Exclude<Op, { op: 'call' }>, bound: (v: number) => number): number[] | null {
  const all = (most: number, ...operands: number[]) => operands.every(v => bound(v) <= most)
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
      return [Number.POSITIVE_INFINITY]
    case 'eqZero':
      return [1]
    case 'unconstrainedGToBytes':
      return new Array<number>(8).fill(255)
    case 'u8BitDecomposition':
      return all(255, op.a) ? new Array<number>(8).fill(1) : null
    case 'u8ShiftLeft':
    case 'u8ShiftRight':
      return all(255, op.a) ? [255] : null
    case 'u32LessThan':
      return all(0xffffffff, op.a, op.b) ? [1] : null
    case 'u4Xor':
    case 'u4XorSplit3':
      return all(15, op.a, op.b) ? new Array<number>(NIBBLE_PAIR_RESULTS[op.op]).fill(15) : null
    case 'u8Xor':
    case 'u8And':
    case 'u8Or':
    case 'u8LessThan':
    case 'u8Add':
    case 'u8Sub':
    case 'u8Mul':
    case 'u8ChainRotr7':
    case 'u8ChainRotr4':
    case 'u8XorSplit7':
    case 'u8XorSplit4':
      return all(255, op.a, op.b) ? new Array<number>(BYTE_PAIR_RESULTS[op.op]).fill(255) : null
    case 'u32ToField':
      return [Number.POSITIVE_INFINITY]
    default:
      return null
  }
}

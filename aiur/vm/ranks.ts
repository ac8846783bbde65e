/**
 * Which functions need ranks so that no row can support itself through a circle of calls
 * (docs/well-founded-calls.md).
 */

import type { Block, BytecodeFunction, Control, FunctionIndex, Program, Value } from '../bytecode.js'
import { normalise, P } from './goldilocks.js'
import { resultCount } from './values.js'

export interface RankPlan {
  /** Strongly connected component of each function in the graph of constrained calls. */
  component: Int32Array
  /** 1 for functions whose rows carry a rank. */
  ranked: Uint8Array
  /** Self-recursive functions that need no rank: the input that every self call changes by a constant. */
  steps: ({ input: number; change: bigint } | null)[]
}

/** Largest constant change of an input that is accepted in place of a rank. */
const MAX_STEP = 1n << 31n

/**
 * All traces together have fewer rows. A path checks at most MAX_CHECKS ranks one after the other, each by a difference
 * below 2^32, so around a circle of k rows the ranks would change by less than k (MAX_CHECKS 2^32 + 1) < p.
 */
export const MAX_ROWS = 2 ** 29
const MAX_CHECKS = 7

/** @throws RangeError for a function whose matches are nested too deeply for {@link MAX_ROWS} */
export function planRanks(program: Program): RankPlan {
  const count = program.functions.length
  const callees = program.functions.map(f => (f.constrained ? constrainedCalls(f) : []))
  const component = components(callees)
  const size = new Int32Array(count)
  for (let f = 0; f < count; f++) size[component[f]!]!++
  const ranked = new Uint8Array(count)
  const steps: RankPlan['steps'] = new Array(count).fill(null)
  for (let f = 0; f < count; f++) {
    const recursive = size[component[f]!]! > 1 || callees[f]!.includes(f)
    if (!recursive) continue
    const step = size[component[f]!] === 1 ? constantStep(program.functions[f]!, f) : null
    if (step !== null) steps[f] = step
    else {
      const { name, body } = program.functions[f]!
      if (yieldDepth(body) + 1 > MAX_CHECKS)
        throw new RangeError(
          `${name}: matches with a continuation are nested more than ${MAX_CHECKS - 1} deep`,
        )
      ranked[f] = 1
    }
  }
  return { component, ranked, steps }
}

/** A plan under which no function carries a rank: the circuits of the reference. */
export function withoutRanks(program: Program): RankPlan {
  const count = program.functions.length
  return {
    component: Int32Array.from({ length: count }, (_, f) => f),
    ranked: new Uint8Array(count),
    steps: new Array(count).fill(null),
  }
}

/** Does a constrained call of `callee` in a body of `caller` bound the caller's rank? */
export function boundsRank(plan: RankPlan, caller: FunctionIndex, callee: FunctionIndex): boolean {
  return plan.ranked[callee] === 1 && plan.component[caller] === plan.component[callee]
}

/** Does an arm that can yield contain a call that bounds the rank? */
export function armsBoundRank(
  control: Control & { control: 'match' | 'matchContinue' },
  ranks: RankPlan,
  caller: FunctionIndex,
): boolean {
  if (ranks.ranked[caller] !== 1) return false
  const blocks = control.cases.map(c => c.block)
  if (control.default !== null) blocks.push(control.default)
  return blocks.some(block => yieldsBound(block, ranks, caller))
}

/** Can the block yield (to the enclosing matchContinue) after a call that bounds the rank? */
function yieldsBound(block: Block, ranks: RankPlan, caller: FunctionIndex, before = false): boolean {
  const bound =
    before ||
    block.ops.some(op => op.op === 'call' && !op.unconstrained && boundsRank(ranks, caller, op.callee))
  const { control } = block
  if (control.control === 'return') return false
  if (control.control === 'yield') return bound
  const inner = control.cases.map(c => c.block)
  if (control.default !== null) inner.push(control.default)
  if (control.control === 'match') return inner.some(b => yieldsBound(b, ranks, caller, bound))
  return yieldsBound(control.continuation, ranks, caller, bound || armsBoundRank(control, ranks, caller))
}

/** All blocks of a function, outer before inner, without recursion. */
export function blocksOf(body: Block): Block[] {
  const blocks = [body]
  for (let i = 0; i < blocks.length; i++) {
    const control = blocks[i]!.control
    if (control.control !== 'match' && control.control !== 'matchContinue') continue
    for (const c of control.cases) blocks.push(c.block)
    if (control.default !== null) blocks.push(control.default)
    if (control.control === 'matchContinue') blocks.push(control.continuation)
  }
  return blocks
}

/** The most matches whose arms a block lies in and goes on after: the rank of a call in it is merged so often. */
function yieldDepth(body: Block): number {
  let deepest = 0
  const work = [{ block: body, depth: 0 }]
  for (let item = work.pop(); item !== undefined; item = work.pop()) {
    const { depth } = item
    const { control } = item.block
    deepest = Math.max(deepest, depth)
    if (control.control !== 'match' && control.control !== 'matchContinue') continue
    const inside = control.control === 'matchContinue' ? depth + 1 : depth
    for (const c of control.cases) work.push({ block: c.block, depth: inside })
    if (control.default !== null) work.push({ block: control.default, depth: inside })
    if (control.control === 'matchContinue') work.push({ block: control.continuation, depth })
  }
  return deepest
}

function constrainedCalls(f: BytecodeFunction): FunctionIndex[] {
  const callees = new Set<FunctionIndex>()
  for (const block of blocksOf(f.body))
    for (const op of block.ops) if (op.op === 'call' && !op.unconstrained) callees.add(op.callee)
  return [...callees]
}

/** Tarjan's algorithm with an explicit stack; component numbers are arbitrary but deterministic. */
function components(edges: FunctionIndex[][]): Int32Array {
  const count = edges.length
  const component = new Int32Array(count).fill(-1)
  const order = new Int32Array(count).fill(-1)
  const low = new Int32Array(count)
  const open: number[] = []
  let next = 0
  let found = 0
  for (let root = 0; root < count; root++) {
    if (order[root] !== -1) continue
    const path: { node: number; edge: number }[] = [{ node: root, edge: 0 }]
    while (path.length > 0) {
      const top = path[path.length - 1]!
      const { node } = top
      if (top.edge === 0) {
        order[node] = low[node] = next++
        open.push(node)
      }
      const target = edges[node]![top.edge++]
      if (target === undefined) {
        if (low[node] === order[node]) {
          for (;;) {
            const member = open.pop()!
            component[member] = found
            if (member === node) break
          }
          found++
        }
        path.pop()
        const parent = path[path.length - 1]
        if (parent !== undefined) low[parent.node] = Math.min(low[parent.node]!, low[node]!)
      } else if (order[target] === -1) {
        path.push({ node: target, edge: 0 })
      } else if (component[target] === -1) {
        low[node] = Math.min(low[node]!, order[target]!)
      }
    }
  }
  return component
}

/** A value as input + constant (input >= 0), as a constant (-1), or unknown (-2). */
interface Affine {
  input: number
  constant: bigint
}

const UNKNOWN: Affine = { input: -2, constant: 0n }

/**
 * The input that every self call of `f` changes by one and the same constant c != 0: around a circle of k rows
 * the input would change by k c, which is not 0 modulo p for k < 2^32 and |c| < 2^31.
 */
function constantStep(f: BytecodeFunction, self: FunctionIndex): { input: number; change: bigint } | null {
  const candidates = new Map<number, bigint | null>()
  for (let i = 0; i < f.inputSize; i++) candidates.set(i, null)
  const work: { block: Block; values: Affine[] }[] = [
    {
      block: f.body,
      values: Array.from({ length: f.inputSize }, (_, input) => ({ input, constant: 0n })),
    },
  ]
  for (;;) {
    const item = work.pop()
    if (item === undefined) break
    const values = item.values
    const value = (v: Value) => values[v] ?? UNKNOWN
    for (const op of item.block.ops) {
      if (op.op === 'const') values.push({ input: -1, constant: op.value })
      else if (op.op === 'add' || op.op === 'sub')
        values.push(affineSum(value(op.a), value(op.b), op.op === 'sub'))
      else {
        if (op.op === 'call' && !op.unconstrained && op.callee === self) {
          for (const [input, change] of candidates) {
            const argument = value(op.args[input]!)
            const difference = normalise(argument.constant)
            const small = difference !== 0n && (difference < MAX_STEP || P - difference < MAX_STEP)
            if (argument.input !== input || !small || (change !== null && change !== difference))
              candidates.delete(input)
            else candidates.set(input, difference)
          }
        }
        for (let i = resultCount(op); i > 0; i--) values.push(UNKNOWN)
      }
    }
    const control = item.block.control
    if (control.control !== 'match' && control.control !== 'matchContinue') continue
    for (const c of control.cases) work.push({ block: c.block, values: values.slice() })
    if (control.default !== null) work.push({ block: control.default, values: values.slice() })
    if (control.control === 'matchContinue') {
      const merged = new Array<Affine>(control.outputSize).fill(UNKNOWN)
      work.push({ block: control.continuation, values: [...values, ...merged] })
    }
  }
  for (const [input, change] of candidates) if (change !== null) return { input, change }
  return null
}

function affineSum(a: Affine, b: Affine, negate: boolean): Affine {
  const constant = normalise(negate ? a.constant - b.constant : a.constant + b.constant)
  if (a.input === -2 || b.input === -2) return UNKNOWN
  if (b.input === -1) return { input: a.input, constant }
  if (a.input === -1 && !negate) return { input: b.input, constant }
  return UNKNOWN
}

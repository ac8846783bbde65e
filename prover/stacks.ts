/**
 * Packing of traces into common columns (docs/protocol.md, "Stacks"): a stack of height N holds circuits of heights
 * n <= N on disjoint cosets of the subgroups of order n, so that its columns are as many as those of its widest circuit.
 */

import { blinders, degreeBound, LOG_BLOWUP, type Parameters } from './parameters.js'

/** A trace to pack. */
export interface Part {
  logHeight: number
  mainColumns: number
  accumulatorColumns: number
  /** Greatest degree of its constraints in its columns. */
  degree: number
}

/** Where a trace lies. */
export interface Slot<T extends Part> {
  part: T
  /** First row in bit-reversed order, a multiple of the height. */
  position: number
}

export interface Stack<T extends Part> {
  logHeight: number
  mainColumns: number
  accumulatorColumns: number
  slots: Slot<T>[]
}

/** What the size of a stack depends on. */
interface StackRows {
  readonly logHeight: number
  readonly slots: readonly { readonly part: Pick<Part, 'degree' | 'logHeight'> }[]
}

/** Smallest domain before blow-up, as a logarithm. */
const MIN_LOG_SIZE = 2

/**
 * Costs of a packing, in the time that it takes to commit one point (before blow-up) of a column: what the bytes of a
 * column in a proof are worth, and the evaluation of the constraints of a circuit at a point of their quotient per
 * column of its own. Measured on kernel checks of a few hundred circuits.
 */
const COLUMN_COST = 4096
const CONSTRAINT_COST = 1 / 8

function cost<T extends Part>(stack: Stack<T>, p: Parameters): number {
  const size = 2 ** logSizeOf(p, stack)
  const points = Math.ceil(quotientLength(p, stack) / size) * size
  const own = stack.slots.reduce((sum, { part }) => sum + part.mainColumns + part.accumulatorColumns, 0)
  return (
    (stack.mainColumns + stack.accumulatorColumns) * (size + COLUMN_COST) + own * points * CONSTRAINT_COST
  )
}

/** Blinders of the columns of a stack. */
export function blindersOf(p: Parameters, { slots }: StackRows): number {
  return blinders(p, new Set(slots.map(s => s.part.logHeight)).size)
}

/**
 * The quotient of a trace in a stack, a constraint divided by what vanishes on its rows, has degree below this.
 *
 * @param length coefficients of the columns of the stack
 */
export function ownQuotientLength(length: number, part: Pick<Part, 'degree' | 'logHeight'>): number {
  return part.degree * length - 2 ** part.logHeight
}

/** Coefficients of the columns of a stack. */
export function columnLength(p: Parameters, stack: StackRows): number {
  return 2 ** stack.logHeight + blindersOf(p, stack)
}

/** The quotients of all traces of a stack have degree below this. */
export function quotientLength(p: Parameters, stack: StackRows): number {
  const length = columnLength(p, stack)
  return stack.slots.reduce((most, { part }) => Math.max(most, ownQuotientLength(length, part)), 0)
}

/** Log of the least domain, before blow-up, that the columns of a stack fit with their blinders, and its quotient blown up. */
export function logSizeOf(p: Parameters, stack: StackRows): number {
  const length = columnLength(p, stack)
  const quotient = quotientLength(p, stack)
  let logSize = MIN_LOG_SIZE
  while (degreeBound(p, 2 ** logSize) < length || 2 ** (logSize + LOG_BLOWUP) < quotient) logSize++
  return logSize
}

/**
 * Packs all traces up to one height into stacks of that height, larger ones into stacks of their own height; the
 * height with the least cost. Depends on nothing but its arguments.
 */
export function pack<T extends Part>(parts: readonly T[], p: Parameters): Stack<T>[] {
  // wide ones first, so that stacks hold circuits of similar width
  const order = parts.map((part, i) => ({ part, i }))
  const width = (t: T) => t.mainColumns + t.accumulatorColumns
  order.sort((a, b) => width(b.part) - width(a.part) || b.part.logHeight - a.part.logHeight || a.i - b.i)
  const sorted = order.map(o => o.part)
  let best: Stack<T>[] = []
  let least = Number.POSITIVE_INFINITY
  const highest = parts.reduce((h, t) => Math.max(h, t.logHeight), 0)
  for (let height = 1; height <= highest; height++) {
    const stacks = packAt(sorted, height)
    const total = stacks.reduce((sum, stack) => sum + cost(stack, p), 0)
    if (total < least) {
      least = total
      best = stacks
    }
  }
  return best
}

/** A stack that is being filled: per log size, positions of free blocks, ascending. */
interface Open<T extends Part> {
  stack: Stack<T>
  free: number[][]
  /** Free rows. */
  left: number
}

function packAt<T extends Part>(sorted: readonly T[], common: number): Stack<T>[] {
  const stacks: Stack<T>[] = []
  /** Stacks with free rows, by height. */
  const open = new Map<number, Open<T>[]>()
  for (const part of sorted) {
    const height = Math.max(common, part.logHeight)
    let candidates = open.get(height)
    if (candidates === undefined) {
      candidates = []
      open.set(height, candidates)
    }
    let position = -1
    let at = 0
    for (; at < candidates.length; at++) {
      position = take(candidates[at]!.free, part.logHeight)
      if (position >= 0) break
    }
    if (position < 0) {
      const free = Array.from({ length: height + 1 }, () => [] as number[])
      free[height]!.push(0)
      const stack = { logHeight: height, mainColumns: 0, accumulatorColumns: 0, slots: [] }
      stacks.push(stack)
      candidates.push({ stack, free, left: 2 ** height })
      position = take(free, part.logHeight)
    }
    const target = candidates[at]!
    const { stack } = target
    stack.slots.push({ part, position })
    stack.mainColumns = Math.max(stack.mainColumns, part.mainColumns)
    stack.accumulatorColumns = Math.max(stack.accumulatorColumns, part.accumulatorColumns)
    target.left -= 2 ** part.logHeight
    if (target.left === 0) candidates.splice(at, 1)
  }
  return stacks
}

/** The first free block of 2^log rows of the smallest size that fits, split as needed; -1 if there is none. */
function take(free: number[][], log: number): number {
  let size = log
  while (size < free.length && free[size]!.length === 0) size++
  if (size >= free.length) return -1
  const position = free[size]!.shift()!
  while (size > log) {
    size--
    free[size]!.unshift(position + 2 ** size)
  }
  return position
}

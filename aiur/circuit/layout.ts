/** The layout of a program: columns, lookups and degrees of all its circuits, without their constraints. */

import type { FunctionIndex, Program } from '../bytecode.js'
import { planRanks, type RankPlan, withoutRanks } from '../vm/ranks.js'
import type { CircuitShape } from './circuit-shape.js'
import { type FunctionShape, functionShape } from './function-shape.js'

export interface FunctionLayout extends FunctionShape {
  index: FunctionIndex
  inputs: number
  selectors: number
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
  /** Laid out as the reference does: no ranks, all messages of branching functions weighted, pairs of lookups. */
  reference: boolean
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
  const reference = options.ranks === false
  const ranks = reference ? withoutRanks(program) : planRanks(program)
  const bare = withoutRanks(program)
  const functions: FunctionLayout[] = []
  program.functions.forEach((f, index) => {
    if (!f.constrained) return
    const unranked = functionShape(f, index, bare, reference)
    const { main, lookups, stage2, quotientDegree, width, classicWidth } = unranked
    functions.push({
      ...functionShape(f, index, ranks, reference),
      index,
      inputs: f.inputSize,
      selectors: f.selectors,
      ranked: ranks.ranked[index] === 1,
      step: ranks.steps[index] ?? null,
      unranked: { main, lookups, stage2, quotientDegree, width, classicWidth },
    })
  })
  const memories = program.memorySizes.map(size => memoryLayout(size, reference))
  return { program, ranks, reference, functions, memories }
}

/** Columns multiplicity, selector, pointer and the values; one lookup. The reference weights it by the selector. */
function memoryLayout(size: number, reference: boolean): MemoryLayout {
  const main = size + 3
  const quotientDegree = reference ? 2 : 1
  return {
    name: `memory[${size}]`,
    kind: 'memory',
    size,
    main,
    lookups: 1,
    groupDegree: 1,
    stage2: 2,
    quotientDegree,
    width: main + 2 + 2 * quotientDegree,
    classicWidth: size + 11,
  }
}

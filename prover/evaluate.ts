/** The constraints of a circuit at one point of K, from opened values. */

import { type Expressions, NodeKind } from '../aiur/circuit/expression.js'
import {
  type Extension,
  extension,
  minus,
  ONE,
  plus,
  powerOfTwo,
  ROOT,
  scale,
  times,
  ZERO,
} from './extension.js'
import { inverseHeight, lastRow } from './points.js'
import type { ActiveCircuit } from './shape.js'
import { groupsOf } from './verifying-key.js'

/** Opened columns of a circuit. */
export interface Opened {
  main: readonly Extension[]
  /** Main columns at the next row, by column. */
  next: ReadonlyMap<number, Extension>
  fixed: readonly Extension[]
  accumulators: readonly Extension[]
  /** The first accumulator at the next row, two base columns. */
  nextAccumulator: readonly [Extension, Extension]
}

export interface Challenges {
  beta: Extension
  gamma: Extension
  /** Weight of the masks; zero if the proof does not hide. */
  mask: Extension
  /** Folds the constraints. */
  alpha: Extension
}

/** beta + sum of elements_i gamma^i */
export function messageOf(elements: readonly Extension[], { beta, gamma }: Challenges): Extension {
  let sum = ZERO
  for (let i = elements.length - 1; i >= 0; i--) sum = plus(times(sum, gamma), elements[i]!)
  return plus(sum, beta)
}

/** Values of the circuit's constraints at a point, in order: its own, then one per group of lookups. */
export function constraintsAt(
  { circuit, logHeight, mainColumns, shift }: ActiveCircuit,
  opened: Opened,
  point: Extension,
  /** Sum of the circuit's lookups, masked. */
  total: Extension,
  challenges: Challenges,
): Extension[] {
  const values = nodesAt(circuit.expressions, opened, point, lastRow(shift, logHeight))
  const result = circuit.constraints.map(c => values[c]!)
  const groups = groupsOf(circuit)
  const slot = (j: number) => plus(opened.accumulators[2 * j]!, times(opened.accumulators[2 * j + 1]!, ROOT))
  const { lo0, hi0 } = inverseHeight(logHeight)
  const share = scale(total, lo0, hi0)
  let end = plus(plus(opened.nextAccumulator[0], times(opened.nextAccumulator[1], ROOT)), share)
  if (mainColumns > circuit.main) {
    const weight = times(challenges.mask, plus(ONE, times(ROOT, point)))
    end = minus(end, times(weight, opened.main[circuit.main]!))
  }
  groups.forEach((group, j) => {
    let product = ONE
    let numerator = ZERO
    for (const { multiplicity, message } of group) {
      const m = messageOf(
        message.map(e => values[e]!),
        challenges,
      )
      numerator = plus(times(numerator, m), times(product, values[multiplicity]!))
      product = times(product, m)
    }
    const target = j === groups.length - 1 ? end : slot(j + 1)
    result.push(minus(times(product, minus(target, slot(j))), numerator))
  })
  return result
}

/** @param last the point of the last row */
function nodesAt(x: Expressions, opened: Opened, point: Extension, last: Extension): Extension[] {
  const values: Extension[] = []
  for (let i = 0; i < x.kinds.length; i++) {
    const a = x.a[i]!
    const b = x.b[i]!
    switch (x.kinds[i]) {
      case NodeKind.constant:
        values.push(extension(x.constants[a]!))
        break
      case NodeKind.column:
        values.push(opened.main[a]!)
        break
      case NodeKind.next:
        values.push(opened.next.get(a)!)
        break
      case NodeKind.fixed:
        values.push(opened.fixed[a]!)
        break
      case NodeKind.transition:
        values.push(minus(point, last))
        break
      case NodeKind.add:
        values.push(plus(values[a]!, values[b]!))
        break
      case NodeKind.sub:
        values.push(minus(values[a]!, values[b]!))
        break
      case NodeKind.mul:
        values.push(times(values[a]!, values[b]!))
        break
    }
  }
  return values
}

/** x^n - shift^n: what vanishes on the rows of the circuit, and nowhere outside of F. */
export function vanishing(point: Extension, { logHeight, shift }: ActiveCircuit): Extension {
  return minus(powerOfTwo(point, logHeight), powerOfTwo(extension(shift), logHeight))
}

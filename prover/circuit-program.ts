/** Expressions of a circuit as vector programs. */

import { NodeKind } from '../aiur/circuit/expression.js'
import { toBigInt } from '../aiur/vm/goldilocks.js'
import type { Pair, ProgramBuilder, Value } from './engine/program.js'
import type { Extension } from './extension.js'
import type { KeyCircuit, KeyLookup } from './verifying-key.js'

/** Where the columns of a row are. */
export interface RowInputs {
  main: readonly Value[]
  next: ReadonlyMap<number, Value>
  fixed: readonly Value[]
  transition: Value
}

export function pairOf(x: Extension): readonly [bigint, bigint] {
  return [toBigInt(x.lo0, x.hi0), toBigInt(x.lo1, x.hi1)]
}

/** Nodes that the roots need. */
export function neededNodes({ expressions }: KeyCircuit, roots: Iterable<number>): Uint8Array {
  const { kinds, a, b } = expressions
  const needed = new Uint8Array(kinds.length)
  for (const root of roots) needed[root] = 1
  for (let i = kinds.length - 1; i >= 0; i--)
    if (needed[i] === 1 && kinds[i]! >= NodeKind.add) {
      needed[a[i]!] = 1
      needed[b[i]!] = 1
    }
  return needed
}

/** Values of the needed nodes; others are 0. */
export function nodeValues(
  builder: ProgramBuilder,
  { expressions }: KeyCircuit,
  needed: Uint8Array,
  row: RowInputs,
): Value[] {
  const { kinds, a, b, constants } = expressions
  const values: Value[] = []
  kinds.forEach((kind, i) => {
    const [x, y] = [a[i]!, b[i]!]
    if (needed[i] === 0) values.push(0n)
    else
      switch (kind) {
        case NodeKind.constant:
          values.push(constants[x]!)
          break
        case NodeKind.column:
          values.push(row.main[x]!)
          break
        case NodeKind.next:
          values.push(row.next.get(x)!)
          break
        case NodeKind.fixed:
          values.push(row.fixed[x]!)
          break
        case NodeKind.transition:
          values.push(row.transition)
          break
        case NodeKind.add:
          values.push(builder.add(values[x]!, values[y]!))
          break
        case NodeKind.sub:
          values.push(builder.sub(values[x]!, values[y]!))
          break
        case NodeKind.mul:
          values.push(builder.mul(values[x]!, values[y]!))
          break
      }
  })
  return values
}

/** beta + sum of the elements times powers of gamma. */
export function messagePair(
  builder: ProgramBuilder,
  lookup: KeyLookup,
  values: readonly Value[],
  beta: readonly [bigint, bigint],
  /** At least as many as the longest message has elements. */
  gammas: readonly (readonly [bigint, bigint])[],
): Pair {
  const elements = lookup.message.map(e => values[e]!)
  return [0, 1].map(c =>
    builder.weighted(
      beta[c as 0 | 1],
      elements,
      elements.map((_, i) => gammas[i]![c as 0 | 1]),
    ),
  ) as unknown as Pair
}

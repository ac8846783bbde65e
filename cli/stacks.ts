/** Which circuits of an execution share columns in a proof (docs/protocol.md, "Stacks"). */
import type { CircuitCost } from '../aiur/circuit/cost.js'
import { type Parameters, parameters } from '../prover/parameters.js'
import { logHeightOf } from '../prover/shape.js'
import { type Part, pack } from '../prover/stacks.js'

export interface Stacks {
  readonly count: number
  /** Of the main trace and the accumulators, in all stacks. */
  readonly columns: number
  /** `h:i` for the i-th stack of height 2^h; undefined for a circuit without rows. */
  of(circuit: CircuitCost): string | undefined
}

interface Placed extends Part {
  readonly circuit: CircuitCost
}

/** The stacks of a proof of this execution. A proof that hides gives each circuit one more column. */
export function stacksOf(circuits: readonly CircuitCost[], p: Parameters = parameters('default')): Stacks {
  const parts = circuits
    .filter(circuit => circuit.rows > 0)
    .sort((a, b) => a.position - b.position)
    .map(
      (circuit): Placed => ({
        circuit,
        logHeight: logHeightOf(circuit.rows),
        mainColumns: circuit.main + (p.hiding ? 1 : 0),
        accumulatorColumns: circuit.stage2,
        // degrees are 2, 3 or, with wide groups of lookups, 5
        degree: circuit.quotientDegree + 1,
      }),
    )
  const stacks = pack(parts, p)
  const names = new Map<CircuitCost, string>()
  const ordinals = new Map<number, number>()
  for (const { logHeight, slots } of stacks) {
    const ordinal = (ordinals.get(logHeight) ?? 0) + 1
    ordinals.set(logHeight, ordinal)
    for (const { part } of slots) names.set(part.circuit, `${logHeight}:${ordinal}`)
  }
  return {
    count: stacks.length,
    columns: stacks.reduce((sum, s) => sum + s.mainColumns + s.accumulatorColumns, 0),
    of: circuit => names.get(circuit),
  }
}

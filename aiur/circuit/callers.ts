/** Circuits of a profile by what they cost together with the calls that they made first. */

import { ownCosts, type Profile, withCalls } from './profile.js'

export interface CalledCircuit {
  readonly name: string
  readonly kind: 'function' | 'memory' | 'gadget'
  readonly rows: number
  /** Of its own rows. */
  readonly cost: number
  /** With all that its calls made, recursive ones once. Those of several circuits overlap. */
  readonly inclusive: number
  /** Who called it, or used it, with what part of `inclusive`; by falling cost. The entry function has none. */
  readonly callers: readonly { readonly name: string; readonly cost: number }[]
}

/** Circuits with rows, by falling inclusive cost. */
export function calledCircuits(profile: Profile): CalledCircuit[] {
  const { circuits, frames, parents, nodeFrames } = profile
  const own = ownCosts(profile)
  const inclusive = withCalls(profile, own.cost)
  const circuitOf = (node: number): number => frames[nodeFrames[node]!]!.circuit
  const sums = circuits.map(() => ({ rows: 0, cost: 0, inclusive: 0, callers: new Map<number, number>() }))
  for (let node = 0; node < parents.length; node++) {
    const circuit = circuitOf(node)
    const sum = sums[circuit]!
    sum.rows += own.rows[node]!
    sum.cost += own.cost[node]!
    let above = parents[node]!
    while (above >= 0 && circuitOf(above) !== circuit) above = parents[above]!
    // The outermost call has those inside.
    if (above >= 0) continue
    sum.inclusive += inclusive[node]!
    if (node === 0) continue
    const caller = circuitOf(parents[node]!)
    sum.callers.set(caller, (sum.callers.get(caller) ?? 0) + inclusive[node]!)
  }
  return circuits
    .map(({ name, kind }, i) => ({
      name,
      kind,
      ...sums[i]!,
      callers: [...sums[i]!.callers]
        .map(([caller, part]) => ({ name: circuits[caller]!.name, cost: part }))
        .filter(({ cost }) => cost > 0)
        .sort((a, b) => b.cost - a.cost || (a.name < b.name ? -1 : 1)),
    }))
    .filter(({ rows }) => rows > 0)
    .sort((a, b) => b.inclusive - a.inclusive || (a.name < b.name ? -1 : 1))
}

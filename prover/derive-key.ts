/** The verifying key of a compiled program. */

import { type Circuit, circuitDegree } from '../aiur/circuit/circuit.js'
import {
  type ConstraintSystem,
  constraintSystem,
  type UsedConstraintSystem,
} from '../aiur/circuit/constraints.js'
import { type Expression, type Expressions, NodeKind } from '../aiur/circuit/expression.js'
import { gadgetCircuits } from '../aiur/circuit/gadgets.js'
import type { Layout } from '../aiur/circuit/layout.js'
import type { RecordView } from '../aiur/vm/record.js'
import { type KeyCircuit, type KeyEntry, keyDigest, type VerifyingKey } from './verifying-key.js'

/** Constraints of higher degree have no room in the evaluation domain (docs/protocol.md). */
const MAX_DEGREE = 5

/** A verifying key with the circuits that it was made from, in the same order. */
export interface ProvingKey {
  key: VerifyingKey
  system: UsedConstraintSystem
  /** Null for functions that an execution does not use. */
  circuits: (Circuit | null)[]
}

/** For every execution. */
export interface WholeProvingKey extends ProvingKey {
  system: ConstraintSystem
  circuits: Circuit[]
}

/** @throws Error when a circuit breaks a rule that soundness rests on */
export function deriveKey(layout: Layout): WholeProvingKey {
  const system = constraintSystem(layout)
  const circuits = [...system.functions.map(f => f.circuit), ...system.memories, ...gadgetCircuits(layout)]
  const keys = circuits.map(keyCircuit)
  const entries: KeyEntry[] = []
  layout.program.functions.forEach((f, index) => {
    if (!f.entry) return
    const { name, inputSize: inputs, outputSize: outputs } = f
    entries.push({ index, name, inputs, outputs, ranked: layout.ranks.ranked[index] === 1 })
  })
  return { key: { circuits: keys, entries, digest: keyDigest(keys, entries) }, system, circuits }
}

/**
 * The proving key for one execution from the verifying key of its layout, which takes longer to derive than a small proof: only the
 * circuits with rows are built.
 *
 * @throws Error when the key is not that of the layout
 */
export function provingKey(key: VerifyingKey, layout: Layout, record: RecordView): ProvingKey {
  const system = constraintSystem(layout, record)
  const circuits = [
    ...system.functions.map(f => f?.circuit ?? null),
    ...system.memories,
    ...gadgetCircuits(layout),
  ]
  const fits = (c: Circuit | null, { name, main, constraints, lookups }: KeyCircuit): boolean =>
    c === null ||
    (c.name === name &&
      c.columns.length === main &&
      c.constraints.length === constraints.length &&
      c.lookups.length === lookups.length)
  if (circuits.length !== key.circuits.length || !circuits.every((c, i) => fits(c, key.circuits[i]!)))
    throw new Error('the verifying key is not that of the program')
  return { key, system, circuits }
}

/** The circuit as a verifier sees it. */
export function keyCircuit(circuit: Circuit): KeyCircuit {
  const { expressions } = circuit
  const roots = [
    ...circuit.constraints.map(c => c.expression),
    ...circuit.lookups.flatMap(l => [l.multiplicity, ...l.message]),
  ]
  const { expressions: kept, renumber } = prune(expressions, roots)
  const degree = Math.max(2, circuitDegree(circuit))
  if (degree > MAX_DEGREE) throw new Error(`${circuit.name}: degree ${degree} is above ${MAX_DEGREE}`)
  checkTransitions(circuit, degree)
  checkChannels(circuit)
  const next = new Set<number>()
  kept.kinds.forEach((kind, i) => {
    if (kind === NodeKind.next) next.add(kept.a[i]!)
  })
  return {
    name: circuit.name,
    main: circuit.columns.length,
    nextColumns: [...next].sort((a, b) => a - b),
    fixed: circuit.fixed,
    expressions: kept,
    constraints: circuit.constraints.map(c => renumber[c.expression]!),
    lookups: circuit.lookups.map(l => ({
      multiplicity: renumber[l.multiplicity]!,
      message: l.message.map(e => renumber[e]!),
    })),
    groupDegree: circuit.groupDegree,
    degree,
  }
}

/** Keeps the nodes that the roots need, in order. */
function prune(
  x: Expressions,
  roots: readonly Expression[],
): { expressions: Expressions; renumber: Int32Array } {
  const used = new Uint8Array(x.kinds.length)
  for (const root of roots) used[root] = 1
  for (let i = used.length - 1; i >= 0; i--)
    if (used[i] === 1 && x.kinds[i]! >= NodeKind.add) {
      used[x.a[i]!] = 1
      used[x.b[i]!] = 1
    }
  const renumber = new Int32Array(x.kinds.length).fill(-1)
  const kinds: number[] = []
  const a: number[] = []
  const b: number[] = []
  const degrees: number[] = []
  const constants: bigint[] = []
  x.kinds.forEach((kind, i) => {
    if (used[i] === 0) return
    renumber[i] = kinds.length
    kinds.push(kind)
    degrees.push(x.degrees[i]!)
    if (kind === NodeKind.constant) {
      a.push(constants.length)
      constants.push(x.constants[x.a[i]!]!)
    } else a.push(kind >= NodeKind.add ? renumber[x.a[i]!]! : x.a[i]!)
    b.push(kind >= NodeKind.add ? renumber[x.b[i]!]! : x.b[i]!)
  })
  return {
    expressions: {
      kinds: Uint8Array.from(kinds),
      a: Int32Array.from(a),
      b: Int32Array.from(b),
      constants,
      degrees: Uint8Array.from(degrees),
    },
    renumber,
  }
}

/**
 * The transition selector counts as degree 0 but is a polynomial of degree 1: fewer than `degree` of them may be
 * multiplied into one constraint, and lookups may use none (stark.md 2.1).
 */
function checkTransitions(circuit: Circuit, degree: number): void {
  const { kinds, a, b } = circuit.expressions
  const factors = new Int32Array(kinds.length)
  kinds.forEach((kind, i) => {
    if (kind === NodeKind.transition) factors[i] = 1
    else if (kind === NodeKind.mul) factors[i] = factors[a[i]!]! + factors[b[i]!]!
    else if (kind > NodeKind.transition) factors[i] = Math.max(factors[a[i]!]!, factors[b[i]!]!)
  })
  const fail = (what: string) => {
    throw new Error(`${circuit.name}: ${what} has too many transition selectors`)
  }
  for (const c of circuit.constraints) if (factors[c.expression]! >= degree) fail(c.label)
  for (const l of circuit.lookups)
    for (const e of [l.multiplicity, ...l.message]) if (factors[e]! > 0) fail(l.label)
}

/** A message has at least a channel. That it fixes its own length is checked where it is built (function-circuit.ts). */
function checkChannels(circuit: Circuit): void {
  for (const l of circuit.lookups)
    if (l.message.length === 0) throw new Error(`${circuit.name}: ${l.label} has no channel`)
}

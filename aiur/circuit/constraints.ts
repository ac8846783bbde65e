/** The constraint systems of a program, and the check that an execution satisfies them. */

import { highWord, lowWord, normalise, toBigInt } from '../vm/goldilocks.js'
import type { IoBuffer } from '../vm/io.js'
import type { RankPlan } from '../vm/ranks.js'
import type { RecordView } from '../vm/record.js'
import { CHANNEL } from './channels.js'
import { type CheckOptions, type ConstraintFailure, checkTraces } from './check.js'
import { type Circuit, circuitShape } from './circuit.js'
import type { CircuitShape } from './circuit-shape.js'
import { type FunctionCircuit, functionCircuit } from './function-circuit.js'
import { FunctionTrace } from './function-trace.js'
import { gadgetRows } from './gadgets.js'
import type { Layout } from './layout.js'
import { memoryCircuit } from './memory-circuit.js'
import { gadgetTrace, memoryTrace, type Trace } from './trace.js'

export { ConstraintFailure } from './check.js'

/** Circuits of functions and memories, aligned with the layout. */
export interface ConstraintSystem {
  functions: FunctionCircuit[]
  memories: Circuit[]
}

/** Of the functions with rows in an execution; null for the others. */
export interface UsedConstraintSystem {
  functions: (FunctionCircuit | null)[]
  memories: Circuit[]
}

/** Builds all constraint systems. @throws Error when one does not have the shape that the layout says */
export function constraintSystem(layout: Layout): ConstraintSystem
/** Builds those that an execution uses. */
export function constraintSystem(layout: Layout, record: RecordView): UsedConstraintSystem
export function constraintSystem(layout: Layout, record?: RecordView): UsedConstraintSystem {
  const functions = layout.functions.map(f => {
    if (record !== undefined && record.functions[f.index]!.usedRows() === 0) return null
    const built = functionCircuit(layout.program, f.index, layout.ranks, layout.reference)
    requireShape(f, circuitShape(built.circuit))
    return built
  })
  const memories = layout.memories.map(m => {
    const built = memoryCircuit(m.size, layout.reference)
    requireShape(m, circuitShape(built))
    return built
  })
  return { functions, memories }
}

function requireShape(laidOut: CircuitShape, built: CircuitShape): void {
  for (const key of ['main', 'lookups', 'groupDegree', 'stage2', 'quotientDegree', 'width'] as const)
    if (laidOut[key] !== built[key])
      throw new Error(
        `${laidOut.name}: the layout has ${key} ${laidOut[key]}, its constraint system ${built[key]}`,
      )
}

/** The entry call that an execution claims. */
export interface EntryCall {
  /** Name or index of the entry function. */
  entry: string | number
  args: readonly bigint[]
  outputs: readonly bigint[]
  /** The IO of the execution, as it was left. */
  io: IoBuffer
}

/** Traces of all circuits that have rows. */
export function traces(
  system: UsedConstraintSystem,
  layout: Layout,
  record: RecordView,
  io: IoBuffer,
): Trace[] {
  const ranked = hasRanks(layout.ranks)
  return [
    ...system.functions.flatMap((f, i) =>
      f === null ? [] : new FunctionTrace(f, layout.functions[i]!.index, record, io, layout.ranks),
    ),
    ...system.memories.map((circuit, i) => memoryTrace(circuit, record, i)),
    ...gadgetRows(record, { ranks: ranked }).map(gadgetTrace),
  ].filter(trace => trace.height > 0)
}

function hasRanks(plan: RankPlan): boolean {
  return plan.ranked.some(r => r === 1)
}

/** The function of an entry call and its row in the record, -1 when there is none. @throws RangeError */
export function entryRow(
  layout: Layout,
  record: RecordView,
  call: Omit<EntryCall, 'io'>,
): { index: number; row: number } {
  const { program } = layout
  const index = typeof call.entry === 'string' ? program.functionIndex.get(call.entry) : call.entry
  const f = index === undefined ? undefined : program.functions[index]
  if (index === undefined || f === undefined || !f.entry)
    throw new RangeError(`${call.entry} is not an entry function`)
  if (call.args.length !== f.inputSize || call.outputs.length !== f.outputSize)
    throw new RangeError(`a claim about ${f.name} has ${f.inputSize} inputs and ${f.outputSize} outputs`)
  const words = new Uint32Array(2 * f.inputSize)
  call.args.forEach((x, i) => {
    words[2 * i] = lowWord(normalise(x))
    words[2 * i + 1] = highWord(normalise(x))
  })
  return { index, row: record.functions[index]!.find(words, 0) }
}

/**
 * The message that a verifier demands for an entry call. The rank of a ranked entry is part of the claim; any
 * value will do, the record's is taken.
 */
export function claimMessage(layout: Layout, record: RecordView, call: Omit<EntryCall, 'io'>): bigint[] {
  const { index, row } = entryRow(layout, record, call)
  const message = [BigInt(CHANNEL.function), BigInt(index), ...call.args, ...call.outputs].map(normalise)
  if (layout.ranks.ranked[index] === 1)
    message.push(row < 0 ? 0n : toBigInt(record.functions[index]!.rankOf(row), 0))
  return message
}

/**
 * Checks that the execution satisfies every constraint on every row and that all lookups balance.
 *
 * @returns what does not hold; empty if all does
 */
export function checkConstraints(
  layout: Layout,
  record: RecordView,
  call: EntryCall,
  options: CheckOptions = {},
): ConstraintFailure[] {
  const system = constraintSystem(layout)
  return checkTraces(traces(system, layout, record, call.io), [claimMessage(layout, record, call)], options)
}

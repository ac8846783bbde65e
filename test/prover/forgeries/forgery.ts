/** What a forgery is, and how one is made of honest traces. */

import type { Program } from '../../../aiur/bytecode.js'
import type { MatrixTrace } from '../../../aiur/circuit/trace.js'
import type { Claim } from '../../../prover/shape.js'
import type { Forger } from '../forger.js'

export const HOLD = /constraints at height class/
export const BALANCE = /lookups do not balance/

export interface Forgery {
  program: Program
  /** Arguments of the honest run that it starts from; nothing for a program that has none. */
  args?: number[]
  /** Changes the honest traces and the claim, or replaces them. */
  forge: (
    traces: MatrixTrace[],
    claim: Claim,
    forger: Forger,
  ) => { traces?: MatrixTrace[]; claim?: Partial<Claim> }
  /** What rejects it; without it the forgery is accepted. */
  rule: RegExp
  /** The part of the verifier that notices. */
  reason: RegExp
}

/** Forgeries by title. */
export type Forgeries = Record<string, Forgery>

export const claimed = (
  inputs: number[],
  outputs: number[],
  entry = 0,
  rank: bigint | null = null,
): Claim => ({
  entry,
  inputs: inputs.map(BigInt),
  outputs: outputs.map(BigInt),
  rank,
})

/** The trace of a circuit. */
export const named = (traces: MatrixTrace[], name: string) => traces.find(t => t.circuit.name === name)!

/** Sets a cell of the first column whose name begins so. */
export const set = (trace: MatrixTrace, row: number, column: string, value: bigint) => {
  const index = trace.circuit.columns.findIndex(c => c.startsWith(column))
  if (index < 0) throw new Error(`${trace.circuit.name} has columns ${trace.circuit.columns.join()}`)
  trace.set(row, index, value)
}

/** A prover that proves whatever traces it is given, and keys with constraints taken out. */

import type { Program } from '../../aiur/bytecode.js'
import type { Circuit } from '../../aiur/circuit/circuit.js'
import { traces as tracesOf } from '../../aiur/circuit/constraints.js'
import { layout } from '../../aiur/circuit/layout.js'
import { MatrixTrace } from '../../aiur/circuit/trace.js'
import { execute } from '../../aiur/vm/interpreter.js'
import { IoBuffer } from '../../aiur/vm/io.js'
import { deriveKey, keyCircuit, type ProvingKey } from '../../prover/derive-key.js'
import type { Parameters } from '../../prover/parameters.js'
import { claimOf, proveTraces } from '../../prover/prove.js'
import type { Claim } from '../../prover/shape.js'
import { verify } from '../../prover/verify.js'
import { keyDigest } from '../../prover/verifying-key.js'

/** Weak and quick: what is tested is rejected before any query. */
export const QUICK: Parameters = { hiding: false, queries: 6, queryWork: 0, target: 20, finalLog: 3 }

/** A program with its key; `without` removes constraints and lookups by label. */
export class Forger {
  readonly proving: ProvingKey
  private readonly shapes
  private readonly originals: Circuit[]

  constructor(
    readonly program: Program,
    options: { ranks?: boolean; without?: RegExp } = {},
  ) {
    this.shapes = layout(program, { ranks: options.ranks ?? true })
    const whole = deriveKey(this.shapes)
    this.originals = whole.circuits
    const { without } = options
    if (without === undefined) this.proving = whole
    else {
      const kept = <T extends { label: string }>(list: T[]) => list.filter(x => !without.test(x.label))
      const circuits = whole.circuits.map(c => ({
        ...c,
        constraints: kept(c.constraints),
        lookups: kept(c.lookups),
      }))
      const before = whole.circuits.reduce((n, c) => n + c.constraints.length + c.lookups.length, 0)
      const after = circuits.reduce((n, c) => n + c.constraints.length + c.lookups.length, 0)
      if (before === after) throw new Error(`nothing is called ${without}`)
      const keys = circuits.map(keyCircuit)
      const { entries } = whole.key
      this.proving = {
        ...whole,
        circuits,
        key: { circuits: keys, entries, digest: keyDigest(keys, entries) },
      }
    }
  }

  /** Traces and claim of an honest run of the entry, the last function. */
  honest(args: readonly bigint[]): { traces: MatrixTrace[]; claim: Claim } {
    const entry = this.program.functions.length - 1
    const io = new IoBuffer()
    const outcome = execute(this.program, entry, [...args], io)
    if (!outcome.ok) throw outcome.error
    const traces = tracesOf(this.proving.system, this.shapes, outcome.record, io).map(MatrixTrace.of)
    const call = { entry, args, outputs: outcome.outputs }
    return { traces, claim: claimOf(this.shapes, outcome.record, call) }
  }

  /** A trace of given rows for a circuit. */
  trace(name: string, rows: readonly (readonly (number | bigint)[])[]): MatrixTrace {
    const circuit = this.originals.find(c => c.name === name)!
    const width = circuit.columns.length
    const trace = new MatrixTrace(circuit, rows.length, new Uint32Array(2 * rows.length * width))
    rows.forEach((row, r) => {
      if (row.length !== width) throw new RangeError(`${name} has columns ${circuit.columns.join()}`)
      row.forEach((value, c) => {
        trace.set(r, c, BigInt(value))
      })
    })
    return trace
  }

  /** Proves the traces, whatever they are; the reason of the rejection, or null. */
  attempt(traces: readonly MatrixTrace[], claim: Claim, parameters = QUICK): string | null {
    const renamed = traces.map(t => {
      const circuit = this.proving.circuits[this.originals.indexOf(t.circuit)]!
      return new MatrixTrace(circuit, t.height, t.values)
    })
    const { bytes } = proveTraces(this.proving, renamed, claim, { parameters })
    const verdict = verify(this.proving.key, claim, bytes, parameters)
    return verdict.accepted ? null : verdict.reason
  }
}

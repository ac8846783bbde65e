/** A prover that proves whatever traces it is given, and keys with constraints taken out. */

import type { Program } from '../../aiur/bytecode.js'
import type { Circuit } from '../../aiur/circuit/circuit.js'
import { traces as tracesOf } from '../../aiur/circuit/constraints.js'
import { type Expressions, NodeKind } from '../../aiur/circuit/expression.js'
import { layout } from '../../aiur/circuit/layout.js'
import { MatrixTrace } from '../../aiur/circuit/trace.js'
import { P } from '../../aiur/vm/goldilocks.js'
import { execute } from '../../aiur/vm/interpreter.js'
import { IoBuffer } from '../../aiur/vm/io.js'
import { deriveKey, keyCircuit, type WholeProvingKey } from '../../prover/derive-key.js'
import type { Parameters } from '../../prover/parameters.js'
import { claimMessage } from '../../prover/protocol.js'
import { claimOf, proveTraces } from '../../prover/prove.js'
import type { Claim } from '../../prover/shape.js'
import { verify } from '../../prover/verify.js'
import { keyDigest } from '../../prover/verifying-key.js'

/** Weak and quick: what is tested is rejected before any query. */
export const QUICK: Parameters = { hiding: false, queries: 6, queryWork: 0, target: 20, finalLog: 3 }

/** A program with its key; `without` removes constraints and lookups by label. */
export class Forger {
  readonly proving: WholeProvingKey
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

  /**
   * Sets every multiplicity to what the traces and the claim demand of its row, as a cheater would: messages that
   * nobody provides stay unbalanced. Works for the system with or without its rules.
   */
  settle(traces: readonly MatrixTrace[], claim: Claim): void {
    const demands = new Map<string, bigint>()
    const add = (message: readonly bigint[], count: bigint) => {
      const key = trimmed(message)
      demands.set(key, mod((demands.get(key) ?? 0n) + count))
    }
    add(claimMessage(claim), 1n)
    const providers: { trace: MatrixTrace; row: number; column: number; message: string }[] = []
    for (const trace of traces) {
      const { columns, expressions, lookups } = this.circuitOf(trace)
      for (let row = 0; row < trace.height; row++) {
        const values = evaluate(expressions, trace, row)
        for (const { multiplicity, message } of lookups) {
          const elements = message.map(e => values[e]!)
          const { kinds, a, b } = expressions
          const column = kinds[multiplicity] === NodeKind.sub ? a[b[multiplicity]!]! : -1
          if (column >= 0 && columns[column]!.startsWith('multiplicity'))
            providers.push({ trace, row, column, message: trimmed(elements) })
          else add(elements, values[multiplicity]!)
        }
      }
    }
    for (const { trace, row, column, message } of providers) {
      trace.set(row, column, demands.get(message) ?? 0n)
      demands.delete(message)
    }
  }

  private circuitOf({ circuit }: MatrixTrace): Circuit {
    return this.proving.circuits[this.originals.indexOf(circuit)]!
  }

  /** Proves the traces, whatever they are; the reason of the rejection, or null. */
  attempt(traces: readonly MatrixTrace[], claim: Claim, parameters = QUICK): string | null {
    const renamed = traces.map(t => new MatrixTrace(this.circuitOf(t), t.height, t.values))
    const { bytes } = proveTraces(this.proving, renamed, claim, { parameters })
    const verdict = verify(this.proving.key, claim, bytes, parameters)
    return verdict.accepted ? null : verdict.reason
  }
}

const mod = (x: bigint) => ((x % P) + P) % P

/** Messages are compared without their trailing zeros. */
function trimmed(message: readonly bigint[]): string {
  return message.join().replace(/(,0)+$/, '')
}

/** Every expression on a row, in bigint. The next row of the last one is the first. */
function evaluate({ kinds, a, b, constants }: Expressions, trace: MatrixTrace, row: number): bigint[] {
  const { fixed } = trace.circuit
  const values: bigint[] = []
  kinds.forEach((kind, i) => {
    const [x, y] = [a[i]!, b[i]!]
    const value = () => {
      if (kind === NodeKind.constant) return constants[x]!
      if (kind === NodeKind.column) return trace.get(row, x)
      if (kind === NodeKind.next) return trace.get((row + 1) % trace.height, x)
      if (kind === NodeKind.fixed) return BigInt(fixed!.values[row * fixed!.width + x]!)
      if (kind === NodeKind.transition) return row + 1 < trace.height ? 1n : 0n
      const [p, q] = [values[x]!, values[y]!]
      return mod(kind === NodeKind.add ? p + q : kind === NodeKind.sub ? p - q : p * q)
    }
    values.push(value())
  })
  return values
}

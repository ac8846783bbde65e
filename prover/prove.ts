/** The prover: from traces to the bytes of a proof. docs/protocol.md has the messages in order. */

import {
  type EntryCall,
  claimMessage as recordedClaim,
  traces as tracesOf,
} from '../aiur/circuit/constraints.js'
import type { Layout } from '../aiur/circuit/layout.js'
import type { Trace } from '../aiur/circuit/trace.js'
import type { RecordView } from '../aiur/vm/record.js'
import { accumulators, type LookupChallenges } from './accumulators.js'
import { type Columns, coefficientsOf, newColumns, piecesOf } from './columns.js'
import type { ProvingKey } from './derive-key.js'
import { type Extension, powers, ZERO } from './extension.js'
import { batchInputs, commitLayer, finalPolynomial, foldLayer, type Layer } from './fri.js'
import { grind } from './grind.js'
import { distinct } from './merkle.js'
import { type ClassSets, classOpenings, openAll } from './openings.js'
import { degreeBound, LOG_BLOWUP, type Parameters, type Security, sliceBlinders } from './parameters.js'
import { type Commitment, commit, commitColumns } from './polynomials.js'
import { ProofWriter, type Section, writeHeader } from './proof-bytes.js'
import { openTranscript } from './protocol.js'
import { type TreeName, writeLayers, writeRows } from './queries.js'
import { type QuotientChallenges, quotientCoefficients } from './quotient.js'
import { sliceQuotient } from './quotient-slices.js'
import { type Random, randomSource } from './random.js'
import {
  type ActiveCircuit,
  type Claim,
  claimProblem,
  logHeightOf,
  type Shape,
  type StackShape,
  shapeOf,
} from './shape.js'
import { oneThread, runAll, type Threads } from './threads.js'
import { fillColumns, maskRows } from './trace-columns.js'
import type { Transcript } from './transcript.js'
import { outOfDomainPoint } from './verify.js'

/** Columns of a stack that are committed at a time. */
const COMMITTED_COLUMNS = 8

export type Phase = 'trace' | 'commit' | 'lookups' | 'quotient' | 'openings' | 'fri' | 'queries'

export interface ProveOptions {
  parameters: Parameters
  /** For tests; the default is the platform's cryptographic generator. */
  random?: Random
  /** Called when a phase begins, and during it with the part of its current step that has begun. */
  onPhase?: (phase: Phase, begun: number) => void
  /** What computes; the default is the calling thread alone. The proof does not depend on it. */
  threads?: Threads
}

export interface Proof {
  bytes: Uint8Array
  claim: Claim
  security: Security
  /** What the bytes are. */
  sections: Section[]
  /** Milliseconds by phase. */
  times: Record<Phase, number>
  /** Bytes of the low-degree extension of all committed columns. */
  committedBytes: number
}

/** The claim of an execution. */
export function claimOf(layout: Layout, record: RecordView, call: Omit<EntryCall, 'io'>): Claim {
  const message = recordedClaim(layout, record, call)
  const entry = Number(message[1])
  const { inputSize, outputSize } = layout.program.functions[entry]!
  return {
    entry,
    inputs: message.slice(2, 2 + inputSize),
    outputs: message.slice(2 + inputSize, 2 + inputSize + outputSize),
    rank: message[2 + inputSize + outputSize] ?? null,
  }
}

/** Proves an execution. */
export function prove(
  key: ProvingKey,
  layout: Layout,
  record: RecordView,
  call: EntryCall,
  options: ProveOptions,
): Proof {
  const traces = tracesOf(key.system, layout, record, call.io)
  return proveTraces(key, traces, claimOf(layout, record, call), options)
}

/**
 * Proves given traces of circuits of the key, without checking them: of traces that break a constraint it makes a
 * proof that a verifier rejects.
 */
export function proveTraces(
  key: ProvingKey,
  traces: readonly Trace[],
  claim: Claim,
  options: ProveOptions,
): Proof {
  return new Prover(key, traces, claim, options).run()
}

class Prover {
  private readonly threads: Threads
  private readonly w = new ProofWriter()
  private readonly p: Parameters
  private readonly random: Random
  private readonly shape: Shape
  private readonly traces: Trace[] = []
  private readonly transcript: Transcript
  private readonly sets: ClassSets[]
  private readonly commitments = {} as Record<TreeName, Commitment>
  private readonly times = {} as Record<Phase, number>
  private phase: Phase = 'trace'
  private since = performance.now()

  constructor(
    key: ProvingKey,
    traces: readonly Trace[],
    private readonly claim: Claim,
    private readonly options: ProveOptions,
  ) {
    const problem = claimProblem(key.key, claim)
    if (problem !== null) throw new RangeError(problem)
    this.threads = options.threads ?? oneThread()
    this.p = options.parameters
    this.random = options.random ?? randomSource()
    this.threads.onPiece = (begun, pieces) => options.onPhase?.(this.phase, begun / pieces)
    this.begin('trace')
    const heights = new Int8Array(key.circuits.length).fill(-1)
    const byCircuit = new Map(key.circuits.map((c, i) => [c, i]))
    const ordered: Trace[] = []
    for (const trace of traces) {
      const index = byCircuit.get(trace.circuit)
      if (index === undefined) throw new RangeError(`${trace.circuit.name} is no circuit of the key`)
      heights[index] = logHeightOf(trace.height)
      ordered[index] = trace
    }
    this.shape = shapeOf(key.key, heights, this.p)
    this.traces = this.shape.active.map(a => ordered[a.index]!)
    this.threads.setup(this.shape)
    writeHeader(this.w, { parameters: this.p, keyDigest: key.key.digest, claim, heights })
    this.w.section('header')
    this.transcript = openTranscript(key.key, this.p, claim, heights)
    this.sets = this.shape.classes.map(c => {
      const bound = degreeBound(this.p, 2 ** c.logSize)
      const set = (columns: number) => newColumns(this.threads.share, c.logSize, bound, columns)
      return {
        main: set(c.mainColumns),
        accumulators: set(c.accumulatorColumns),
        quotient: set(c.quotientColumns),
      }
    })
  }

  run(): Proof {
    const { shape, transcript, threads, p, w } = this
    const { work } = shape.security
    const { classes } = shape
    const rows = this.commitTraces()
    this.work(work.lookup)
    const beta = transcript.extension()
    const gamma = transcript.extension()
    const mask = p.hiding ? transcript.extension() : ZERO
    const longest = Math.max(...shape.active.flatMap(a => a.circuit.lookups.map(l => l.message.length)), 1)
    const gammas = powers(gamma, longest)

    this.begin('lookups')
    const totals = this.commitAccumulators(rows, { beta, gammas, mask })
    for (const total of totals) this.value(total)
    w.section('sums of the lookups')

    this.begin('quotient')
    this.work(work.constraints)
    const alphas = powers(transcript.extension(), shape.constraints)
    this.commitQuotient(totals, { beta, gammas, mask, alphas })

    this.begin('openings')
    this.work(work.outOfDomain)
    const zeta = outOfDomainPoint(transcript)
    const openings = classes.map((c, i) => classOpenings(c, this.sets[i]!, zeta))
    const values = openAll(threads, openings.flat())
    for (const group of values) for (const x of group) this.value(x)
    w.section('opened values')
    this.work(work.batch)
    const batch = transcript.extension()

    this.begin('fri')
    const opened = classes.map((c, i) => ({
      shape: c,
      sets: this.sets[i]!,
      openings: openings[i]!,
      values: values.splice(0, openings[i]!.length),
      masked: i === 0 && p.hiding,
    }))
    const inputs = batchInputs(threads, opened, batch)
    const layers = this.foldAll(new Map(classes.map((c, i) => [c.logDomain, inputs[i]!])))

    this.begin('queries')
    this.work(p.queryWork)
    const logDomain = classes[0]!.logDomain
    const drawn = Array.from({ length: p.queries }, () => transcript.bits(logDomain))
    const indices = distinct(
      drawn.sort((a, b) => a - b),
      0,
    )
    writeRows(w, classes, this.sets, this.commitments, indices)
    writeLayers(w, layers, indices, logDomain)
    this.begin('queries')
    threads.onPiece = undefined
    const committed = this.sets.flatMap(s => Object.values(s) as Columns[])
    return {
      bytes: w.finish(),
      claim: this.claim,
      security: shape.security,
      sections: w.sections,
      times: this.times,
      committedBytes: committed.reduce((n, set) => n + set.evaluations.byteLength, 0),
    }
  }

  private begin(phase: Phase): void {
    const now = performance.now()
    this.times[this.phase] = (this.times[this.phase] ?? 0) + now - this.since
    this.since = now
    this.phase = phase
    this.options.onPhase?.(phase, 0)
  }

  private commitment(root: Uint8Array): void {
    this.w.raw(root)
    this.w.section('roots')
    this.transcript.absorb(root)
  }

  private value(x: Extension): void {
    this.w.extension(x)
    this.transcript.absorbExtension(x)
  }

  private work(bits: number): void {
    if (bits === 0) return
    this.w.u32(grind(this.threads.own.engine, this.transcript, bits))
    this.w.section('work')
  }

  /** Hashes the rows of evaluated columns. */
  private commit(name: TreeName): void {
    const sets = this.sets.map(s => s[name])
    const commitment = commit(this.threads, sets, this.p.hiding ? this.random : null)
    this.commitments[name] = commitment
    this.commitment(commitment.tree.root())
  }

  /** Main columns in row order, by active circuit. Stacks are evaluated while others are filled. */
  private commitTraces(): Uint32Array[] {
    const { shape, threads, p, random } = this
    const masks = p.hiding ? maskRows(shape.active, random) : []
    const position = new Map(shape.active.map((a, i) => [a, i]))
    const rows: Uint32Array[] = []
    shape.classes.forEach((c, set) => {
      for (const stack of c.stacks) {
        for (const active of stack.circuits) {
          const { circuit, logHeight, mainColumns } = active
          const i = position.get(active)!
          const height = 2 ** logHeight
          const columns = threads.share(2 * height * mainColumns)
          fillColumns(active, this.traces[i]!, columns)
          if (p.hiding) columns.set(masks[i]!, 2 * circuit.main * height)
          rows[i] = columns
        }
        this.startStack('main', set, stack, stack.mainAt, stack.mainColumns, i => rows[position.get(i)!]!)
      }
    })
    this.begin('commit')
    threads.finish()
    this.commit('main')
    return rows
  }

  /** Begins to interpolate, blind and evaluate the columns of a stack. */
  private startStack(
    name: 'main' | 'accumulators',
    set: number,
    { logHeight, circuits, blinders: count }: StackShape,
    first: number,
    columns: number,
    rowsOf: (active: ActiveCircuit) => Uint32Array,
  ): void {
    const { threads, random } = this
    const drawn = threads.share(2 * count * columns)
    random.elements(drawn)
    const parts = circuits.map(active => ({
      values: rowsOf(active),
      logHeight: active.logHeight,
      position: active.position,
    }))
    const stack = { set: 0, first, logHeight, parts, blinders: drawn, count }
    const pieces = piecesOf([columns], COMMITTED_COLUMNS)
    threads.start(commitColumns, { sets: [this.sets[set]![name]], stacks: [stack], pieces }, pieces.length)
  }

  /** Empties the list of rows: nothing needs them after that. */
  private commitAccumulators(rows: Uint32Array[], challenges: LookupChallenges): Extension[] {
    const { shape, threads } = this
    const { columns, totals } = accumulators(threads, shape.active, rows, challenges)
    rows.length = 0
    const position = new Map(shape.active.map((a, i) => [a, i]))
    shape.classes.forEach((c, set) => {
      for (const stack of c.stacks)
        this.startStack(
          'accumulators',
          set,
          stack,
          stack.accumulatorAt,
          stack.accumulatorColumns,
          active => columns[position.get(active)!]!,
        )
    })
    threads.finish()
    this.commit('accumulators')
    return totals
  }

  private commitQuotient(totals: readonly Extension[], challenges: QuotientChallenges): void {
    const { threads, shape, sets, p, random } = this
    const coefficients = quotientCoefficients(threads, shape, sets, totals, challenges)
    shape.classes.forEach((c, i) => {
      const { quotient } = sets[i]!
      coefficients[i]!.forEach((words, k) => {
        sliceQuotient(c, words, s => coefficientsOf(quotient, 2 * s + k), sliceBlinders(p), random)
      })
      for (let column = 2 * c.slices; column < c.quotientColumns; column++)
        random.elements(coefficientsOf(quotient, column))
    })
    const quotients = sets.map(s => s.quotient)
    const pieces = piecesOf(
      quotients.map(s => s.columns),
      1,
    )
    runAll(threads, commitColumns, { sets: quotients, stacks: null, pieces }, pieces.length)
    this.commit('quotient')
  }

  private foldAll(inputs: ReadonlyMap<number, [Uint32Array, Uint32Array]>): Layer[] {
    const { threads, shape, transcript, p } = this
    const { engine } = threads.own
    const layers: Layer[] = []
    let log = shape.classes[0]!.logDomain
    let values = inputs.get(log)!
    for (; log > shape.finalLog + LOG_BLOWUP; log--) {
      const layer = commitLayer(threads, values, log, p.hiding ? this.random : null)
      layers.push(layer)
      this.commitment(layer.tree.root())
      this.work(shape.security.work.fold)
      values = foldLayer(engine, values, log, transcript.extension(), inputs.get(log - 1))
    }
    for (const x of finalPolynomial(engine, values, log).slice(0, shape.finalLength)) this.value(x)
    this.w.section('last FRI polynomial')
    return layers
  }
}

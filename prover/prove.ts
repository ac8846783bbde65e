/** The prover: from traces to the bytes of a proof. docs/protocol.md has the messages in order. */

import {
  type EntryCall,
  claimMessage as recordedClaim,
  traces as tracesOf,
} from '../aiur/circuit/constraints.js'
import type { Layout } from '../aiur/circuit/layout.js'
import type { Trace } from '../aiur/circuit/trace.js'
import { normalise, P } from '../aiur/vm/goldilocks.js'
import type { RecordView } from '../aiur/vm/record.js'
import { accumulators, writeFixed } from './accumulators.js'
import type { ProvingKey } from './derive-key.js'
import { inverseOf, rootOfUnity } from './domain.js'
import { Engine } from './engine/engine.js'
import { VectorOp } from './engine/field-code.js'
import { type Extension, extension, minus, powers, times, ZERO } from './extension.js'
import {
  batchInput,
  batchOrder,
  type ClassSets,
  commitLayer,
  finalPolynomial,
  foldLayer,
  type Layer,
  openAt,
} from './fri.js'
import { grind } from './grind.js'
import { distinct, siblingsOf } from './merkle.js'
import {
  blinders,
  degreeBound,
  LOG_BLOWUP,
  type Parameters,
  type Security,
  sliceBlinders,
} from './parameters.js'
import {
  blind,
  ColumnSet,
  commit,
  extend,
  Interpolator,
  interpolateCosets,
  rowBytes,
  saltList,
} from './polynomials.js'
import { ProofWriter, type Section, writeHeader } from './proof-bytes.js'
import { openTranscript } from './protocol.js'
import { evaluateQuotient } from './quotient.js'
import { type Random, randomSource } from './random.js'
import {
  type ActiveCircuit,
  type Claim,
  claimProblem,
  logHeightOf,
  type Shape,
  type SizeClass,
  type StackShape,
  shapeOf,
} from './shape.js'
import type { Transcript } from './transcript.js'
import type { Tree } from './tree.js'
import { outOfDomainPoint } from './verify.js'

export type Phase = 'trace' | 'commit' | 'lookups' | 'quotient' | 'openings' | 'fri' | 'queries'

export interface ProveOptions {
  parameters: Parameters
  /** For tests; the default is the platform's cryptographic generator. */
  random?: Random
  /** Called when a phase begins. */
  onPhase?: (phase: Phase) => void
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
  private readonly engine = new Engine()
  private readonly w = new ProofWriter()
  private readonly p: Parameters
  private readonly random: Random
  private readonly shape: Shape
  private readonly transcript: Transcript
  /** Main columns in row order, masks included, by circuit; gone once their lookups are summed. */
  private readonly rows = new Map<ActiveCircuit, Uint32Array>()
  private readonly sets: ClassSets[] = []
  private readonly fixed = new Map<ActiveCircuit, ColumnSet>()
  private readonly times = {} as Record<Phase, number>
  private phase: Phase = 'trace'
  private since = performance.now()

  constructor(
    private readonly key: ProvingKey,
    traces: readonly Trace[],
    private readonly claim: Claim,
    private readonly options: ProveOptions,
  ) {
    const problem = claimProblem(key.key, claim)
    if (problem !== null) throw new RangeError(problem)
    this.p = options.parameters
    this.random = options.random ?? randomSource()
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
    this.engine.prepare(this.shape.classes[0]!.logDomain)
    writeHeader(this.w, { parameters: this.p, keyDigest: key.key.digest, claim, heights })
    this.w.section('header')
    this.transcript = openTranscript(key.key, this.p, claim, heights)
    this.begin('trace')
    for (const active of this.shape.active)
      this.rows.set(active, this.traceColumns(active, ordered[active.index]!))
    this.maskAccumulators()
  }

  run(): Proof {
    const { shape, transcript, engine, p, w } = this
    const { work } = shape.security
    const { classes } = shape
    this.begin('commit')
    for (const c of classes) this.sets.push(this.classSets(c))
    const trees = { main: this.commitMain() } as Record<'main' | 'accumulators' | 'quotient', Tree>
    this.commitment(trees.main)
    this.work(work.lookup)
    const beta = transcript.extension()
    const gamma = transcript.extension()
    const mask = p.hiding ? transcript.extension() : ZERO
    const longest = Math.max(...shape.active.flatMap(a => a.circuit.lookups.map(l => l.message.length)), 1)
    const gammas = powers(gamma, longest)

    this.begin('lookups')
    const totals = this.commitAccumulators({ beta, gammas, mask })
    trees.accumulators = this.commit(this.sets.map(s => s.accumulators))
    this.commitment(trees.accumulators)
    for (const active of shape.active) this.value(totals.get(active)!)
    w.section('sums of the lookups')

    this.begin('quotient')
    this.work(work.constraints)
    const alphas = powers(transcript.extension(), shape.constraints)
    classes.forEach((c, i) => {
      this.quotient(c, i, totals, { beta, gammas, mask, alphas })
    })
    trees.quotient = this.commit(this.sets.map(s => s.quotient))
    this.commitment(trees.quotient)

    this.begin('openings')
    this.work(work.outOfDomain)
    const zeta = outOfDomainPoint(transcript)
    const values = classes.map((c, i) => this.open(c, this.sets[i]!, zeta))
    w.section('opened values')
    this.work(work.batch)
    const batch = transcript.extension()

    this.begin('fri')
    const inputs = new Map(
      classes.map((c, i) => {
        const masked = i === 0 && p.hiding
        return [c.logDomain, batchInput(engine, c, this.sets[i]!, masked, values[i]!, zeta, batch)]
      }),
    )
    const layers = this.foldAll(inputs)
    this.begin('queries')
    this.work(p.queryWork)
    const logDomain = classes[0]!.logDomain
    const drawn = Array.from({ length: p.queries }, () => transcript.bits(logDomain))
    const indices = distinct(
      drawn.sort((a, b) => a - b),
      0,
    )
    this.openRows(trees, indices)
    this.openLayers(layers, indices, logDomain)
    this.begin('queries')
    const committed = this.sets.flatMap(s => Object.values(s) as ColumnSet[])
    return {
      bytes: w.finish(),
      claim: this.claim,
      security: shape.security,
      sections: w.sections,
      times: this.times,
      committedBytes: committed.reduce((n, set) => n + 8 * set.columns * set.rows, 0),
    }
  }

  private begin(phase: Phase): void {
    const now = performance.now()
    this.times[this.phase] = (this.times[this.phase] ?? 0) + now - this.since
    this.since = now
    this.phase = phase
    this.options.onPhase?.(phase)
  }

  private commitment(tree: Tree): void {
    const root = tree.root()
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
    this.w.u32(grind(this.engine, this.transcript, bits))
    this.w.section('work')
  }

  private commit(sets: readonly ColumnSet[]): Tree {
    return commit(this.engine, sets, this.p.hiding ? this.random : null)
  }

  /** Main columns of a circuit in row order, with room for the mask. */
  private traceColumns({ circuit, logHeight, mainColumns }: ActiveCircuit, trace: Trace): Uint32Array {
    const height = 2 ** logHeight
    const { main } = circuit
    const columns = new Uint32Array(2 * height * mainColumns)
    const block = Math.min(trace.height, Math.max(1, Math.floor(65536 / main)))
    const rows = new Uint32Array(2 * main * block)
    for (let start = 0; start < trace.height; start += block) {
      const count = Math.min(block, trace.height - start)
      trace.fill(start, count, rows)
      for (let c = 0; c < main; c++) {
        let to = 2 * (c * height + start)
        for (let from = 2 * c, r = 0; r < count; r++, from += 2 * main) {
          columns[to++] = rows[from]!
          columns[to++] = rows[from + 1]!
        }
      }
    }
    return columns
  }

  /**
   * Gives each mask column random values on rows 0 and 1 such that the weighted sums of all masks, which hide the
   * sums of the lookups, cancel.
   */
  private maskAccumulators(): void {
    if (!this.p.hiding) return
    const { active } = this.shape
    let left: [bigint, bigint] = [0n, 0n]
    active.forEach(({ circuit, logHeight, shift }, i) => {
      const rows = this.rows.get(active[i]!)!
      // the points of rows 0 and 1
      const [x0, x1] = [shift, (shift * rootOfUnity(logHeight)) % P]
      const words = new Uint32Array(4)
      this.random.elements(words)
      let m0 = (BigInt(words[1]!) << 32n) | BigInt(words[0]!)
      let m1 = (BigInt(words[3]!) << 32n) | BigInt(words[2]!)
      if (i === active.length - 1) {
        // m0 + m1 = -left0, x0 m0 + x1 m1 = -left1
        m1 = normalise((x0 * left[0] - left[1]) * inverseOf(normalise(x1 - x0)))
        m0 = normalise(-left[0] - m1)
      }
      left = [(left[0] + m0 + m1) % P, (left[1] + x0 * m0 + x1 * m1) % P]
      const at = 2 * circuit.main * 2 ** logHeight
      for (const [k, m] of [m0, m1].entries()) {
        rows[at + 2 * k] = Number(m & 0xffffffffn)
        rows[at + 2 * k + 1] = Number(m >> 32n)
      }
    })
  }

  private classSets(c: SizeClass): ClassSets {
    const bound = degreeBound(this.p, 2 ** c.logSize)
    const set = (columns: number) => new ColumnSet(c.logSize, bound, columns)
    return {
      main: set(c.mainColumns),
      accumulators: set(c.accumulatorColumns),
      quotient: set(c.quotientColumns),
    }
  }

  private commitMain(): Tree {
    this.shape.classes.forEach((c, i) => {
      for (const stack of c.stacks) this.interpolate(this.sets[i]!.main, stack.mainAt, stack, this.rows)
      for (const active of c.circuits)
        if (active.circuit.fixed !== null) this.fixed.set(active, this.table(c, active))
    })
    return this.commit(this.sets.map(s => s.main))
  }

  /** Interpolates and blinds the columns of a stack. */
  private interpolate(
    set: ColumnSet,
    first: number,
    { logHeight, circuits }: StackShape,
    rows: ReadonlyMap<ActiveCircuit, Uint32Array>,
  ): void {
    const { engine, p, random } = this
    engine.scope(() => {
      const interpolator = new Interpolator(engine, logHeight)
      for (let column = 0; ; column++) {
        let placed = false
        interpolator.clear()
        for (const circuit of circuits) {
          const words = 2 * 2 ** circuit.logHeight
          const values = rows.get(circuit)!.subarray(column * words, (column + 1) * words)
          if (values.length === 0) continue
          interpolator.place(values, circuit.logHeight, circuit.position)
          placed = true
        }
        if (!placed) return
        const coefficients = set.column(first + column)
        coefficients.set(interpolator.finish())
        blind(coefficients, 2 ** logHeight, blinders(p), random, engine)
      }
    })
  }

  /** Evaluations of a preprocessed table on the cosets of the quotient. */
  private table(c: SizeClass, active: ActiveCircuit): ColumnSet {
    const { engine } = this
    const { logHeight, shift } = active
    const { width, height } = active.circuit.fixed!
    const set = new ColumnSet(c.logSize, 2 ** c.logSize, width, c.cosets)
    engine.scope(() => {
      const interpolator = new Interpolator(engine, logHeight)
      const values = engine.allocate(8 * height)
      const scale = engine.allocate(8 * height)
      const code = engine.allocate(16)
      engine.geometric(scale, height, 1n, inverseOf(shift))
      for (let i = 0; i < width; i++) {
        writeFixed(engine, values, active, i, 0, height)
        interpolator.place(engine.view(values, 2 * height).slice(), logHeight, 0)
        engine.write(values, interpolator.finish())
        engine.write(code, Uint32Array.of(VectorOp.mul, values, values, scale))
        engine.run(code, 1, 8 * height)
        set.column(i).set(engine.view(values, 2 * height))
      }
    })
    extend(engine, set)
    return set
  }

  private commitAccumulators(challenges: {
    beta: Extension
    gammas: Extension[]
    mask: Extension
  }): Map<ActiveCircuit, Extension> {
    const totals = new Map<ActiveCircuit, Extension>()
    this.shape.classes.forEach((c, i) => {
      for (const stack of c.stacks) {
        const rows = new Map<ActiveCircuit, Uint32Array>()
        for (const active of stack.circuits) {
          const { columns, total } = accumulators(this.engine, active, this.rows.get(active)!, challenges)
          totals.set(active, total)
          rows.set(active, columns)
        }
        for (const active of stack.circuits) this.rows.delete(active)
        this.interpolate(this.sets[i]!.accumulators, stack.accumulatorAt, stack, rows)
      }
    })
    return totals
  }

  private quotient(
    c: SizeClass,
    index: number,
    totals: ReadonlyMap<ActiveCircuit, Extension>,
    challenges: { beta: Extension; gammas: Extension[]; mask: Extension; alphas: Extension[] },
  ): void {
    const { engine, p, random } = this
    const sets = this.sets[index]!
    const length = 2 ** c.logSize * c.cosets
    const coordinates = engine.scope(() => {
      const target: [number, number] = [engine.allocate(8 * length), engine.allocate(8 * length)]
      const columns = { main: sets.main, accumulators: sets.accumulators, fixed: this.fixed }
      evaluateQuotient(engine, c, columns, totals, challenges, target)
      return target.map(at => {
        interpolateCosets(engine, at, c.logSize, c.cosets)
        return engine.view(at, 2 * length).slice()
      })
    })
    const { quotient } = sets
    const blinding = 2 * sliceBlinders(p)
    coordinates.forEach((coefficients, k) => {
      let before: Uint32Array | undefined
      for (let s = 0; s < c.slices; s++) {
        const column = quotient.column(2 * s + k)
        column.set(coefficients.subarray(2 * s * c.sliceLength, 2 * (s + 1) * c.sliceLength))
        if (before !== undefined) subtract(column, before)
        if (blinding > 0 && s + 1 < c.slices) {
          before = new Uint32Array(blinding)
          random.elements(before)
          column.set(before, 2 * c.sliceLength)
        }
      }
    })
    for (let column = 2 * c.slices; column < c.quotientColumns; column++)
      random.elements(quotient.column(column))
  }

  /** Values of all columns of a class at their points, in the order of the batch. */
  private open(c: SizeClass, sets: ClassSets, zeta: Extension): Extension[][] {
    const values = batchOrder(c, sets).map((columns, g) => {
      const point = g === 0 ? zeta : times(zeta, extension(rootOfUnity(c.next[g - 1]!.logHeight)))
      return openAt(this.engine, sets.main.bound, point, columns)
    })
    for (const group of values) for (const x of group) this.value(x)
    return values
  }

  private foldAll(inputs: ReadonlyMap<number, [Uint32Array, Uint32Array]>): Layer[] {
    const { engine, shape, transcript, p } = this
    const layers: Layer[] = []
    let log = shape.classes[0]!.logDomain
    let values = inputs.get(log)!
    for (; log > shape.finalLog + LOG_BLOWUP; log--) {
      const layer = commitLayer(engine, values, log, p.hiding ? this.random : null)
      layers.push(layer)
      this.commitment(layer.tree)
      this.work(shape.security.work.fold)
      values = foldLayer(engine, values, log, transcript.extension(), inputs.get(log - 1))
    }
    for (const x of finalPolynomial(engine, values, log).slice(0, shape.finalLength)) this.value(x)
    this.w.section('last FRI polynomial')
    return layers
  }

  private openRows(
    trees: Record<'main' | 'accumulators' | 'quotient', Tree>,
    indices: readonly number[],
  ): void {
    const { shape, sets, w } = this
    const { classes } = shape
    const logDomain = classes[0]!.logDomain
    for (const tree of ['main', 'accumulators', 'quotient'] as const) {
      classes.forEach((c, i) => {
        const set = sets[i]![tree]
        const columns = Array.from({ length: set.columns }, (_, k) => set.values(k))
        for (const index of distinct(indices, logDomain - c.logDomain))
          w.raw(rowBytes([...columns, ...saltList(set.salts)], index))
      })
      w.section(`rows (${tree})`)
      for (const at of siblingsOf(logDomain, indices)) w.raw(trees[tree].digest(at.log, at.index))
      w.section(`paths (${tree})`)
    }
  }

  private openLayers(layers: readonly Layer[], indices: readonly number[], logDomain: number): void {
    const { w } = this
    let level = indices
    let log = logDomain
    for (const { values, salts, tree } of layers) {
      const [c0, c1] = values
      const known = new Set(level)
      const pairs = distinct(level, 1)
      for (const pair of pairs) {
        for (const i of [2 * pair, 2 * pair + 1]) {
          if (known.has(i)) continue
          w.words(c0[2 * i]!, c0[2 * i + 1]!)
          w.words(c1[2 * i]!, c1[2 * i + 1]!)
        }
        if (salts !== null) w.raw(rowBytes(saltList(salts), pair))
      }
      w.section('FRI values')
      log--
      for (const at of siblingsOf(log, pairs)) w.raw(tree.digest(at.log, at.index))
      w.section('FRI paths')
      level = pairs
    }
  }
}

/** target - subtrahend on the first elements. */
function subtract(target: Uint32Array, subtrahend: Uint32Array): void {
  for (let i = 0; i < subtrahend.length; i += 2) {
    const difference = minus(
      { lo0: target[i]!, hi0: target[i + 1]!, lo1: 0, hi1: 0 },
      { lo0: subtrahend[i]!, hi0: subtrahend[i + 1]!, lo1: 0, hi1: 0 },
    )
    target[i] = difference.lo0
    target[i + 1] = difference.hi0
  }
}

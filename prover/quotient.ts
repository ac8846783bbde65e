/**
 * The quotient of a size class: the sum of folded constraints over vanishing polynomials. Each circuit is evaluated on
 * as many cosets as its own degree needs. Circuits with equally many are added up as values and interpolated together;
 * the rest is added up as coefficients, and since each sum is determined by its values, that is the same polynomial.
 */

import { P } from '../aiur/vm/goldilocks.js'
import { writeFixed } from './accumulators.js'
import { messagePair, neededNodes, nodeValues, pairOf } from './circuit-program.js'
import { type Columns, newColumns, type Piece, piecesOf, valuesOf } from './columns.js'
import { inverseOf, power, rootOfUnity } from './domain.js'
import type { Engine } from './engine/engine.js'
import { VectorOp } from './engine/field-code.js'
import { type Pair, ProgramBuilder } from './engine/program.js'
import { type Extension, extension, times } from './extension.js'
import { cosetList, Extender, Interpolator, interpolateCosets } from './polynomials.js'
import type { ActiveCircuit, Shape, SizeClass } from './shape.js'
import { runAll, type Thread, type Threads } from './threads.js'
import { groupsOf } from './verifying-key.js'

const BLOCK_ROWS = 256

export interface QuotientChallenges {
  beta: Extension
  gammas: readonly Extension[]
  mask: Extension
  /** Powers of the folding challenge, for all constraints. */
  alphas: readonly Extension[]
}

/** A class, its committed columns, and its points. */
export interface ClassColumns {
  main: Columns
  accumulators: Columns
  /** Evaluations of the tables of its circuits, by position in the class. */
  fixed: ReadonlyMap<number, Columns>
  /** The points of the cosets, in bit-reversed order. */
  points: Uint32Array
}

/** The circuits of a class that are evaluated on so many cosets. */
interface CosetGroup {
  class: number
  cosets: number
  /** By thread: the sum of the circuits that the thread has done, two coordinate vectors. */
  partial: readonly (readonly [Uint32Array, Uint32Array])[]
}

export interface EvaluateConstraints {
  challenges: QuotientChallenges
  classes: readonly ClassColumns[]
  /** Masked sums of the lookups, by active circuit. */
  totals: readonly Extension[]
  groups: readonly CosetGroup[]
  /** Position of the circuit in its class, and its group. */
  circuits: readonly { circuit: number; group: number }[]
  /** Rows of one of these circuits on its cosets. */
  pieces: readonly Piece[]
}

export interface EvaluateTable {
  tables: readonly { class: number; circuit: number; values: Columns }[]
}

export interface InterpolateQuotient {
  /** Coordinates of the quotients of classes, as coefficients at `target`: by group the vectors to add up. */
  vectors: readonly {
    class: number
    groups: readonly { cosets: number; summands: readonly Uint32Array[] }[]
    target: Uint32Array
  }[]
}

/** Rows times columns of a piece, about. */
const PIECE_CELLS = 2 ** 20

/** Coefficients of the quotient of each class, by coordinate. */
export function quotientCoefficients(
  threads: Threads,
  shape: Shape,
  columns: readonly { main: Columns; accumulators: Columns }[],
  totals: readonly Extension[],
  challenges: QuotientChallenges,
): [Uint32Array, Uint32Array][] {
  const { share } = threads
  const tables = shape.classes.flatMap((c, i) =>
    c.circuits.flatMap(({ circuit, cosets }, k) =>
      circuit.fixed === null
        ? []
        : [
            {
              class: i,
              circuit: k,
              values: newColumns(share, c.logSize, 2 ** c.logSize, circuit.fixed.width, cosets),
            },
          ],
    ),
  )
  threads.start(evaluateTable, { tables }, tables.length)
  const classes = shape.classes.map((c, i) => ({
    ...columns[i]!,
    fixed: new Map(tables.filter(t => t.class === i).map(t => [t.circuit, t.values])),
    points: classPoints(threads, c),
  }))
  threads.finish()
  const pair = (words: number): [Uint32Array, Uint32Array] => [share(words), share(words)]
  const groups = shape.classes.flatMap((c, i) =>
    [...new Set(c.circuits.map(active => active.cosets))].map(cosets => ({
      class: i,
      cosets,
      partial: Array.from({ length: threads.count }, () => pair(2 * 2 ** c.logSize * cosets)),
    })),
  )
  const circuits = shape.classes.flatMap((c, i) =>
    c.circuits.map((active, circuit) => ({
      active,
      circuit,
      group: groups.findIndex(g => g.class === i && g.cosets === active.cosets),
      rows: 2 ** c.logSize * active.cosets,
    })),
  )
  const pieces = piecesOf(
    circuits.map(c => c.rows),
    k => {
      const { mainColumns, accumulatorColumns } = circuits[k]!.active
      return 2 ** Math.max(8, Math.floor(Math.log2(PIECE_CELLS / (mainColumns + accumulatorColumns))))
    },
  )
  const places = circuits.map(({ circuit, group }) => ({ circuit, group }))
  const args = { challenges, classes, totals, groups, circuits: places, pieces }
  runAll(threads, evaluateConstraints, args, pieces.length)
  const coefficients = shape.classes.map(c =>
    pair(2 * 2 ** c.logSize * Math.max(...c.circuits.map(active => active.cosets))),
  )
  const vectors = shape.classes.flatMap((_, i) =>
    ([0, 1] as const).map(k => ({
      class: i,
      groups: groups
        .filter(g => g.class === i)
        .map(({ cosets, partial }) => ({ cosets, summands: partial.map(sums => sums[k]) })),
      target: coefficients[i]![k],
    })),
  )
  runAll(threads, interpolateQuotient, { vectors }, vectors.length)
  return coefficients
}

/** All points of the domain; circuits use as many as they have cosets. */
function classPoints({ own: { engine }, share }: Threads, c: SizeClass): Uint32Array {
  const words = 2 * 2 ** c.logDomain
  const result = share(words)
  engine.scope(() => {
    const points = engine.allocate(4 * words)
    engine.points(points, c.logDomain, 7n)
    result.set(engine.view(points, words))
  })
  return result
}

/** Evaluates a preprocessed table on the cosets of the quotient of its circuit. */
export function evaluateTable({ engine, shape }: Thread, { tables }: EvaluateTable, piece: number): void {
  const { class: index, circuit, values: set } = tables[piece]!
  const c = shape!.classes[index]!
  const active = c.circuits[circuit]!
  const { logHeight, shift, cosets } = active
  const { width, height } = active.circuit.fixed!
  engine.scope(() => {
    const interpolator = new Interpolator(engine, logHeight)
    const extender = new Extender(engine, c.logSize, set.bound, cosetList(cosets))
    const coefficients = engine.allocate(8 * set.bound)
    const scale = engine.allocate(8 * height)
    const result = engine.allocate(8 * set.rows)
    const code = engine.allocate(16)
    engine.geometric(scale, height, 1n, inverseOf(shift))
    engine.write(code, Uint32Array.of(VectorOp.mul, coefficients, coefficients, scale))
    for (let i = 0; i < width; i++) {
      writeFixed(engine, coefficients, active, i, 0, height)
      interpolator.place(engine.view(coefficients, 2 * height).slice(), logHeight, 0)
      const finished = interpolator.finish()
      engine
        .view(coefficients, 2 * set.bound)
        .fill(0)
        .set(finished)
      engine.run(code, 1, 8 * height)
      extender.run(coefficients, result)
      valuesOf(set, i).set(engine.view(result, 2 * set.rows))
    }
  })
}

/** Adds the folded constraints of a circuit over what vanishes on its rows, on some rows of its cosets. */
export function evaluateConstraints(
  { engine, index, shape }: Thread,
  { challenges, classes, totals, groups, circuits, pieces }: EvaluateConstraints,
  piece: number,
): void {
  const { of, from, to } = pieces[piece]!
  const { circuit, group } = circuits[of]!
  const { class: number, partial } = groups[group]!
  const c = shape!.classes[number]!
  const active = c.circuits[circuit]!
  const columns = classes[number]!
  const total = totals[shape!.active.indexOf(active)]!
  engine.scope(() => {
    evaluateCircuit(engine, c, active, columns, total, challenges, {
      fixed: columns.fixed.get(circuit),
      vanishing: inverseVanishing(engine, c, active),
      target: partial[index]!,
      from,
      to,
    })
  })
}

/** Adds up what the threads have, interpolates it and adds up the groups. */
export function interpolateQuotient(
  { engine, shape }: Thread,
  { vectors }: InterpolateQuotient,
  piece: number,
): void {
  const { class: number, groups, target } = vectors[piece]!
  const { logSize } = shape!.classes[number]!
  const most = 4 * target.length
  engine.scope(() => {
    const [result, sum, summand, code] = [most, most, most, 16].map(n => engine.allocate(n)) as [
      number,
      number,
      number,
      number,
    ]
    const add = (to: number, from: number, bytes: number) => {
      engine.write(code, Uint32Array.of(VectorOp.add, to, to, from))
      engine.run(code, 1, bytes)
    }
    engine.view(result, target.length).fill(0)
    for (const { cosets, summands } of groups) {
      const bytes = 8 * 2 ** logSize * cosets
      engine.write(sum, summands[0]!)
      for (const words of summands.slice(1)) {
        engine.write(summand, words)
        add(sum, summand, bytes)
      }
      interpolateCosets(engine, sum, logSize, cosets)
      add(result, sum, bytes)
    }
    target.set(engine.view(result, target.length))
  })
}

/** 1 / (x^n - shift^n) per run of n rows of its cosets: in bit-reversed order x^n is constant on them. */
function inverseVanishing(
  engine: Engine,
  c: SizeClass,
  { logHeight, shift, cosets }: ActiveCircuit,
): Uint32Array {
  const all = 2 ** (c.logDomain - logHeight)
  const runs = cosets * 2 ** (c.logSize - logHeight)
  const height = 2n ** BigInt(logHeight)
  return engine.scope(() => {
    const [values, scratch, code] = [8 * all, 8 * runs, 32].map(n => engine.allocate(n)) as [
      number,
      number,
      number,
    ]
    // the first points of the runs, in bit-reversed order themselves, to the n-th power
    engine.points(values, c.logDomain - logHeight, power(7n, height))
    engine.scalars(code + 16, [P - power(shift, height)])
    engine.write(code, Uint32Array.of(VectorOp.addScalar, values, values, code + 16))
    engine.run(code, 1, 8 * runs)
    engine.kernels.invertAll(values, 8 * runs, scratch)
    return engine.view(values, 2 * runs).slice()
  })
}

/**
 * Row of the argument times the root of the trace, within runs of 2^logHeight rows in bit-reversed order: that root
 * has the order of the run, so rows of different runs never follow each other. Adds 1 to a number whose bits are
 * reversed: the carry goes down.
 */
function nextInRun(row: number, logHeight: number): number {
  let bit = 2 ** logHeight / 2
  while ((row & bit) !== 0) {
    row ^= bit
    bit >>= 1
  }
  return row | bit
}

interface Place {
  fixed: Columns | undefined
  vanishing: Uint32Array
  target: readonly [Uint32Array, Uint32Array]
  from: number
  to: number
}

function evaluateCircuit(
  engine: Engine,
  c: SizeClass,
  active: ActiveCircuit,
  columns: ClassColumns,
  total: Extension,
  challenges: QuotientChallenges,
  { fixed: fixedSet, vanishing, target, from, to }: Place,
): void {
  const { circuit, logHeight, mainColumns, accumulatorColumns } = active
  const size = 2 ** c.logSize
  const rows = Math.min(size, BLOCK_ROWS)
  const b = new ProgramBuilder()
  const x = b.input()
  const inverse = b.input()
  const before: Pair = [b.input(), b.input()]
  const inputs = (count: number) => Array.from({ length: count }, () => b.input())
  const main = inputs(mainColumns)
  const accumulators = inputs(accumulatorColumns)
  const fixed = inputs(circuit.fixed?.width ?? 0)
  const next = new Map(circuit.nextColumns.map(column => [column, b.input()]))
  const nextAccumulator: Pair = [b.input(), b.input()]

  const last = (active.shift * inverseOf(rootOfUnity(logHeight))) % P
  const needed = neededNodes(circuit, [
    ...circuit.constraints,
    ...circuit.lookups.flatMap(l => [l.multiplicity, ...l.message]),
  ])
  const values = nodeValues(b, circuit, needed, { main, next, fixed, transition: b.sub(x, last) })
  const alpha = (i: number) => pairOf(challenges.alphas[active.firstConstraint + i]!)

  // constraints of the circuit: values of F times powers of alpha
  const own = circuit.constraints.map(e => values[e]!)
  const weights = own.map((_, i) => alpha(i))
  let folded: Pair = [0, 1].map(k =>
    b.weighted(
      0n,
      own,
      weights.map(w => w[k as 0 | 1]),
    ),
  ) as unknown as Pair

  const beta = pairOf(challenges.beta)
  const gammas = challenges.gammas.map(pairOf)
  const share = pairOf(times(total, extension(inverseOf(2n ** BigInt(logHeight)))))
  let end: Pair = b.addPair(nextAccumulator, share)
  if (mainColumns > circuit.main) {
    const [c0, c1] = pairOf(challenges.mask)
    const weight: Pair = [b.add(b.mul(x, (7n * c1) % P), c0), b.add(b.mul(x, c0), c1)]
    end = b.subPair(end, b.scalePair(weight, main[circuit.main]!))
  }
  const groups = groupsOf(circuit)
  groups.forEach((group, j) => {
    let product: Pair | null = null
    let numerator: Pair = [0n, 0n]
    for (const lookup of group) {
      const message = messagePair(b, lookup, values, beta, gammas)
      const multiplicity = values[lookup.multiplicity]!
      if (product === null) {
        numerator = [multiplicity, 0n]
        product = message
      } else {
        numerator = b.addPair(b.mulPair(numerator, message), b.scalePair(product, multiplicity))
        product = b.mulPair(product, message)
      }
    }
    const slot = (i: number): Pair => [accumulators[2 * i]!, accumulators[2 * i + 1]!]
    const difference = b.subPair(j === groups.length - 1 ? end : slot(j + 1), slot(j))
    const step = b.subPair(product === null ? difference : b.mulPair(product, difference), numerator)
    folded = b.addPair(folded, b.mulPair(step, alpha(own.length + j)))
  })
  const result = b.addPair(before, b.scalePair(folded, inverse))
  const outputs = [b.output(result[0]), b.output(result[1])]
  const program = b.finish(engine, rows)

  const following = new Uint32Array(rows)
  for (let start = from; start < to; start += rows) {
    let input = 0
    const words = () => engine.words
    const at = () => program.inputs[input++]!
    const copy = (source: Uint32Array) => engine.write(at(), source.subarray(2 * start, 2 * (start + rows)))
    copy(columns.points)
    fillRuns(engine.view(at(), 2 * rows), vanishing, start, logHeight)
    copy(target[0])
    copy(target[1])
    for (let i = 0; i < mainColumns; i++) copy(valuesOf(columns.main, active.mainAt + i))
    for (let i = 0; i < accumulatorColumns; i++)
      copy(valuesOf(columns.accumulators, active.accumulatorAt + i))
    for (let i = 0; i < fixed.length; i++) copy(valuesOf(fixedSet!, i))
    for (let r = 0; r < rows; r++) following[r] = 2 * nextInRun(start + r, logHeight)
    const ahead = (set: Columns, column: number) => {
      const values = valuesOf(set, column)
      const to = at() / 4
      const memory = words()
      for (let r = 0; r < rows; r++) {
        const from = following[r]!
        memory[to + 2 * r] = values[from]!
        memory[to + 2 * r + 1] = values[from + 1]!
      }
    }
    for (const column of circuit.nextColumns) ahead(columns.main, active.mainAt + column)
    ahead(columns.accumulators, active.accumulatorAt)
    ahead(columns.accumulators, active.accumulatorAt + 1)
    program.run(rows)
    outputs.forEach((output, k) => {
      target[k]!.set(engine.view(program.outputs[output]!, 2 * rows), 2 * start)
    })
  }
}

/** Repeats each element of `values` on the rows of its run. */
function fillRuns(target: Uint32Array, values: Uint32Array, start: number, logRun: number): void {
  const run = 2 ** logRun
  for (let i = 0; i < target.length / 2; i++) {
    const index = Math.floor((start + i) / run)
    target[2 * i] = values[2 * index]!
    target[2 * i + 1] = values[2 * index + 1]!
  }
}

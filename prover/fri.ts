/** FRI for the prover: batching into one input per height, folding, and the opened pairs (stark.md 3.7). */

import { P } from '../aiur/vm/goldilocks.js'
import { pairOf } from './circuit-program.js'
import { COSETS, coefficientsOf, type Piece, piecesOf, valuesOf } from './columns.js'
import { domainPoint, inverseOf } from './domain.js'
import type { Engine } from './engine/engine.js'
import { VectorOp } from './engine/field-code.js'
import { type Extension, plus, powers, times, ZERO } from './extension.js'
import { TREE_KEYS } from './hash.js'
import type { ClassSets, Opening } from './openings.js'
import { LOG_BLOWUP } from './parameters.js'
import { Extender, leafDigests, saltColumns } from './polynomials.js'
import type { Random } from './random.js'
import type { SizeClass } from './shape.js'
import { runAll, type Thread, type Threads } from './threads.js'
import { Tree } from './tree.js'

/** The FRI input of a class in work. */
export interface ClassBatch {
  logSize: number
  /** The random input is added: the last two quotient columns. */
  mask: readonly [Uint32Array, Uint32Array] | null
  groups: readonly {
    opening: Opening
    /** Weights of the columns. */
    weights: readonly Extension[]
    /** Weighted sum of the opened values. */
    value: Extension
    /** Coefficients of the weighted sum of the columns, by coordinate. */
    sum: readonly [Uint32Array, Uint32Array]
  }[]
  /** The input on the domain of the class, by coordinate. */
  target: readonly [Uint32Array, Uint32Array]
}

export interface BatchCombine {
  classes: readonly ClassBatch[]
  /** Coefficients of a group, groups numbered in the order of the classes. */
  pieces: readonly Piece[]
}

export interface BatchDivide {
  classes: readonly ClassBatch[]
}

const COMBINED_COLUMNS = 32
const COMBINED_ROWS = 1024

/** Adds up some coefficients of the columns of a group. */
export function batchCombine({ engine }: Thread, { classes, pieces }: BatchCombine, piece: number): void {
  const { of, from, to } = pieces[piece]!
  const { opening, weights, sum } = classes.flatMap(c => c.groups)[of]!
  const count = to - from
  engine.scope(() => {
    const totals = [engine.allocate(8 * count), engine.allocate(8 * count)]
    for (const at of totals) engine.view(at, 2 * count).fill(0)
    const part = engine.allocate(8 * count)
    const vectors = Array.from({ length: COMBINED_COLUMNS }, () => engine.allocate(8 * count))
    const scalars = engine.allocate(8 * (2 * COMBINED_COLUMNS + 1))
    const list = engine.allocate(4 * (2 * COMBINED_COLUMNS + 1))
    for (let first = 0; first < weights.length; first += COMBINED_COLUMNS) {
      const columns = opening.columns.slice(first, first + COMBINED_COLUMNS)
      columns.forEach(({ set, column }, i) => {
        engine.write(vectors[i]!, coefficientsOf(set, column).subarray(2 * from, 2 * to))
      })
      engine.scalars(scalars, [
        0n,
        ...weights.slice(first, first + COMBINED_COLUMNS).flatMap(w => [...pairOf(w)]),
      ])
      totals.forEach((at, k) => {
        const terms = columns.flatMap((_, i) => [vectors[i]!, scalars + 8 * (2 * i + 1 + k)])
        engine.write(list, Uint32Array.from([scalars, ...terms]))
        engine.step(VectorOp.weightedSum, part, list, columns.length, count)
        engine.step(VectorOp.add, at, at, part, count)
      })
    }
    totals.forEach((at, k) => {
      sum[k]!.set(engine.view(at, 2 * count), 2 * from)
    })
  })
}

/** One coset of the input of a class: sum over its groups of (value - polynomial) / (point - x). */
export function batchDivide({ engine }: Thread, { classes }: BatchDivide, piece: number): void {
  const { logSize, groups, mask, target } = classes[Math.floor(piece / COSETS)]!
  const coset = piece % COSETS
  const rows = 2 ** logSize
  const { bound } = groups[0]!.opening
  engine.scope(() => {
    const extender = new Extender(engine, logSize, bound, [coset])
    const sum: [number, number] = [engine.allocate(8 * rows), engine.allocate(8 * rows)]
    for (const at of sum) engine.view(at, 2 * rows).fill(0)
    const points = engine.allocate(8 * rows)
    engine.points(points, logSize, domainPoint(coset * rows, logSize + LOG_BLOWUP))
    const coefficients = engine.allocate(8 * bound)
    const [n0, n1, d0, norm, scratch] = Array.from({ length: 5 }, () => engine.allocate(8 * rows)) as [
      number,
      number,
      number,
      number,
      number,
    ]
    const scalars = engine.allocate(32)
    for (const { opening, value, sum: combined } of groups) {
      engine.write(coefficients, combined[0])
      extender.run(coefficients, n0)
      engine.write(coefficients, combined[1])
      extender.run(coefficients, n1)
      const [z0, z1] = pairOf(opening.point)
      engine.scalars(scalars, [...pairOf(value), z0, (z1 * z1 * (P - 7n)) % P])
      engine.step(VectorOp.rsubScalar, n0, n0, scalars, rows)
      engine.step(VectorOp.rsubScalar, n1, n1, scalars + 8, rows)
      // 1 / (z - x) = (z0 - x - z1 X) / norm
      engine.step(VectorOp.rsubScalar, d0, points, scalars + 16, rows)
      engine.step(VectorOp.mul, norm, d0, d0, rows)
      engine.step(VectorOp.addScalar, norm, norm, scalars + 24, rows)
      engine.kernels.invertAll(norm, 8 * rows, scratch)
      engine.step(VectorOp.mul, n0, n0, norm, rows)
      engine.step(VectorOp.mul, n1, n1, norm, rows)
      engine.scalars(scalars, [((P - 7n) * z1) % P, (P - z1) % P])
      engine.step(VectorOp.mul, scratch, n0, d0, rows)
      engine.step(VectorOp.add, sum[0], sum[0], scratch, rows)
      engine.step(VectorOp.mulAddScalar, sum[0], n1, scalars, rows)
      engine.step(VectorOp.mul, scratch, n1, d0, rows)
      engine.step(VectorOp.add, sum[1], sum[1], scratch, rows)
      engine.step(VectorOp.mulAddScalar, sum[1], n0, scalars + 8, rows)
    }
    const range = [2 * coset * rows, 2 * (coset + 1) * rows] as const
    sum.forEach((at, k) => {
      if (mask !== null) {
        engine.write(scratch, mask[k]!.subarray(...range))
        engine.step(VectorOp.add, at, at, scratch, rows)
      }
      target[k]!.set(engine.view(at, 2 * rows), range[0])
    })
  })
}

/** A class to batch: its openings and the opened values, parallel to them. */
export interface OpenedClass {
  shape: SizeClass
  sets: ClassSets
  openings: readonly Opening[]
  values: readonly (readonly Extension[])[]
  /** Whether the last two quotient columns are the random input. */
  masked: boolean
}

/** FRI inputs of classes on their domains, as coordinate vectors. */
export function batchInputs(
  threads: Threads,
  opened: readonly OpenedClass[],
  challenge: Extension,
): [Uint32Array, Uint32Array][] {
  const { share } = threads
  const classes = opened.map(({ shape: c, sets, openings, values, masked }) => {
    const { bound, rows } = sets.main
    const terms = openings.reduce((n, o) => n + o.columns.length, 0)
    const weights = powers(challenge, terms, masked ? challenge : undefined)
    let used = 0
    const groups = openings.map((opening, g) => {
      const own = weights.slice(used, used + opening.columns.length)
      used += own.length
      const value = own.reduce((sum, w, i) => plus(sum, times(w, values[g]![i]!)), ZERO)
      return { opening, weights: own, value, sum: [share(2 * bound), share(2 * bound)] as const }
    })
    const mask = masked
      ? ([valuesOf(sets.quotient, 2 * c.slices), valuesOf(sets.quotient, 2 * c.slices + 1)] as const)
      : null
    const target: [Uint32Array, Uint32Array] = [share(2 * rows), share(2 * rows)]
    return { logSize: c.logSize, mask, groups, target }
  })
  const pieces = piecesOf(
    classes.flatMap(c => c.groups.map(g => g.opening.bound)),
    COMBINED_ROWS,
  )
  runAll(threads, batchCombine, { classes, pieces }, pieces.length)
  runAll(threads, batchDivide, { classes }, COSETS * classes.length)
  return classes.map(c => c.target)
}

/** A committed layer: its pairs, salts and tree. */
export interface Layer {
  /** Coordinates of the values, bit-reversed. */
  values: [Uint32Array, Uint32Array]
  salts: Uint32Array | null
  tree: Tree
}

/** Commits the pairs (f_2j, f_2j+1) of a layer. */
export function commitLayer(
  threads: Threads,
  values: [Uint32Array, Uint32Array],
  log: number,
  random: Random | null,
): Layer {
  const pairs = 2 ** (log - 1)
  const { share } = threads
  const { engine } = threads.own
  // c0 of the even ones, c1 of the even ones, c0 of the odd ones, c1 of the odd ones
  const columns = share(8 * pairs)
  engine.scope(() => {
    const source = engine.allocate(16 * pairs)
    const [even, odd] = [engine.allocate(8 * pairs), engine.allocate(8 * pairs)]
    values.forEach((coordinate, k) => {
      engine.write(source, coordinate)
      engine.kernels.deinterleave(source, even, odd, 8 * pairs)
      columns.set(engine.view(even, 2 * pairs), 2 * pairs * k)
      columns.set(engine.view(odd, 2 * pairs), 2 * pairs * (k + 2))
    })
  })
  const salts = saltColumns(share, pairs, random)
  const [digests] = leafDigests(threads, [
    { rows: pairs, columns: [columns, ...(salts === null ? [] : [salts])] },
  ])
  return { values, salts, tree: new Tree(threads, new Map([[log - 1, digests!]]), TREE_KEYS) }
}

/** The next layer: folded with the challenge, plus challenge^2 times the input of its height. */
export function foldLayer(
  engine: Engine,
  values: [Uint32Array, Uint32Array],
  log: number,
  challenge: Extension,
  input: [Uint32Array, Uint32Array] | undefined,
): [Uint32Array, Uint32Array] {
  const count = 2 ** (log - 1)
  return engine.scope(() => {
    const source: [number, number] = [engine.allocate(16 * count), engine.allocate(16 * count)]
    const target: [number, number] = [engine.allocate(8 * count), engine.allocate(8 * count)]
    source.forEach((at, k) => {
      engine.write(at, values[k]!)
    })
    const half = (x: bigint) => (x * inverseOf(2n)) % P
    const [c0, c1] = pairOf(challenge)
    engine.fold(source, target, log - 1, [half(c0), half(c1)])
    if (input !== undefined) {
      source.forEach((at, k) => {
        engine.write(at, input[k]!)
      })
      const [s0, s1] = pairOf(times(challenge, challenge))
      const scalars = engine.allocate(32)
      engine.scalars(scalars, [s0, s1, (7n * s1) % P])
      engine.step(VectorOp.mulAddScalar, target[0], source[0], scalars, count)
      engine.step(VectorOp.mulAddScalar, target[0], source[1], scalars + 16, count)
      engine.step(VectorOp.mulAddScalar, target[1], source[1], scalars, count)
      engine.step(VectorOp.mulAddScalar, target[1], source[0], scalars + 8, count)
    }
    return target.map(at => engine.view(at, 2 * count).slice()) as [Uint32Array, Uint32Array]
  })
}

/** Coefficients of the last layer, a polynomial over the subgroup. */
export function finalPolynomial(
  engine: Engine,
  values: [Uint32Array, Uint32Array],
  log: number,
): Extension[] {
  const coordinates = values.map(words =>
    engine.scope(() => {
      const at = engine.allocate(8 * 2 ** log)
      const scalar = engine.allocate(8)
      engine.write(at, words)
      engine.inverse(at, log)
      engine.scalars(scalar, [inverseOf(2n ** BigInt(log))])
      engine.step(VectorOp.mulScalar, at, at, scalar, 2 ** log)
      return engine.view(at, 2 * 2 ** log).slice()
    }),
  ) as [Uint32Array, Uint32Array]
  const [c0, c1] = coordinates
  return Array.from({ length: 2 ** log }, (_, i) => ({
    lo0: c0[2 * i]!,
    hi0: c0[2 * i + 1]!,
    lo1: c1[2 * i]!,
    hi1: c1[2 * i + 1]!,
  }))
}

/** FRI for the prover: batching into one input per height, folding, and the opened pairs (stark.md 3.7). */

import { P } from '../aiur/vm/goldilocks.js'
import { pairOf } from './circuit-program.js'
import { inverseOf, rootOfUnity } from './domain.js'
import type { Engine } from './engine/engine.js'
import { VectorOp } from './engine/field-code.js'
import { type Extension, extension, plus, powers, times, ZERO } from './extension.js'
import { TREE_KEYS } from './hash.js'
import { type ColumnSet, Extender, leafDigests, saltColumns, saltList } from './polynomials.js'
import type { Random } from './random.js'
import type { SizeClass } from './shape.js'
import { Tree } from './tree.js'

/** The committed sets of a class. */
export interface ClassSets {
  main: ColumnSet
  accumulators: ColumnSet
  quotient: ColumnSet
}

/** Runs one instruction over vectors. */
function step(engine: Engine, op: number, target: number, a: number, b: number, count: number): void {
  engine.scope(() => {
    const code = engine.allocate(16)
    engine.write(code, Uint32Array.of(op, target, a, b))
    engine.run(code, 1, 8 * count)
  })
}

/** Powers of z at [first, second]: coordinate vectors of `count` elements. */
export function extensionPowers(
  engine: Engine,
  z: Extension,
  count: number,
  target: readonly [number, number],
): void {
  engine.scope(() => {
    const scalars = engine.allocate(32)
    const [t0, t1] = target
    engine.scalars(t0, [1n])
    engine.scalars(t1, [0n])
    let power = z
    for (let done = 1; done < count; done *= 2, power = times(power, power)) {
      const more = Math.min(done, count - done)
      const [z0, z1] = pairOf(power)
      engine.scalars(scalars, [z0, z1, (7n * z1) % P])
      step(engine, VectorOp.mulScalar, t0 + 8 * done, t0, scalars, more)
      step(engine, VectorOp.mulAddScalar, t0 + 8 * done, t1, scalars + 16, more)
      step(engine, VectorOp.mulScalar, t1 + 8 * done, t0, scalars + 8, more)
      step(engine, VectorOp.mulAddScalar, t1 + 8 * done, t1, scalars, more)
    }
  })
}

/** A column to open at a point. */
export interface ColumnAt {
  set: ColumnSet
  column: number
}

/** Values of columns of one class at a point. */
export function openAt(
  engine: Engine,
  bound: number,
  point: Extension,
  columns: readonly ColumnAt[],
): Extension[] {
  return engine.scope(() => {
    const table: [number, number] = [engine.allocate(8 * bound), engine.allocate(8 * bound)]
    extensionPowers(engine, point, bound, table)
    const coefficients = engine.allocate(8 * bound)
    const result = engine.allocate(16)
    return columns.map(({ set, column }) => {
      engine.write(coefficients, set.column(column))
      engine.kernels.dot(coefficients, table[0], 8 * bound, result)
      engine.kernels.dot(coefficients, table[1], 8 * bound, result + 8)
      const [lo0, hi0, lo1, hi1] = engine.view(result, 4) as unknown as [number, number, number, number]
      return { lo0, hi0, lo1, hi1 }
    })
  })
}

/** Columns of a class in the order of the batch: those opened at zeta, then per height those at the next row. */
export function batchOrder(c: SizeClass, sets: ClassSets): ColumnAt[][] {
  const all = (set: ColumnSet, count: number) =>
    Array.from({ length: count }, (_, column) => ({ set, column }))
  return [
    [
      ...all(sets.main, c.mainColumns),
      ...all(sets.accumulators, c.accumulatorColumns),
      ...all(sets.quotient, 2 * c.slices),
    ],
    ...c.next.map(group => group.columns.map(({ tree, column }) => ({ set: sets[tree], column }))),
  ]
}

/**
 * The FRI input of a class on its domain, as coordinate vectors in JavaScript memory.
 *
 * @param values opened values, parallel to {@link batchOrder}
 * @param masked whether the last two quotient columns are the random input
 */
export function batchInput(
  engine: Engine,
  c: SizeClass,
  sets: ClassSets,
  masked: boolean,
  values: readonly (readonly Extension[])[],
  zeta: Extension,
  challenge: Extension,
): [Uint32Array, Uint32Array] {
  const { bound, rows } = sets.main
  const order = batchOrder(c, sets)
  const weights = powers(
    challenge,
    order.reduce((n, group) => n + group.length, 0),
    masked ? challenge : undefined,
  )
  return engine.scope(() => {
    const extender = new Extender(engine, c.logSize, bound)
    const sum: [number, number] = [engine.allocate(8 * rows), engine.allocate(8 * rows)]
    for (const at of sum) engine.view(at, 2 * rows).fill(0)
    const points = engine.allocate(8 * rows)
    engine.points(points, c.logDomain, 7n)
    const coefficients = engine.allocate(8 * bound)
    const combined: [number, number] = [engine.allocate(8 * bound), engine.allocate(8 * bound)]
    const vectors = Array.from({ length: 5 }, () => engine.allocate(8 * rows)) as [
      number,
      number,
      number,
      number,
      number,
    ]
    const scalars = engine.allocate(32)
    let weight = 0
    order.forEach((columns, g) => {
      const point = g === 0 ? zeta : times(zeta, extension(rootOfUnity(c.next[g - 1]!.logHeight)))
      for (const at of combined) engine.view(at, 2 * bound).fill(0)
      let value = ZERO
      columns.forEach(({ set, column }, i) => {
        const w = weights[weight++]!
        value = plus(value, times(w, values[g]![i]!))
        engine.write(coefficients, set.column(column))
        engine.scalars(scalars, pairOf(w))
        step(engine, VectorOp.mulAddScalar, combined[0], coefficients, scalars, bound)
        step(engine, VectorOp.mulAddScalar, combined[1], coefficients, scalars + 8, bound)
      })
      const [n0, n1, d0, norm, scratch] = vectors
      extender.run(combined[0], n0)
      extender.run(combined[1], n1)
      const [z0, z1] = pairOf(point)
      engine.scalars(scalars, [...pairOf(value), z0, (z1 * z1 * (P - 7n)) % P])
      step(engine, VectorOp.rsubScalar, n0, n0, scalars, rows)
      step(engine, VectorOp.rsubScalar, n1, n1, scalars + 8, rows)
      // 1 / (z - x) = (z0 - x - z1 X) / norm
      step(engine, VectorOp.rsubScalar, d0, points, scalars + 16, rows)
      step(engine, VectorOp.mul, norm, d0, d0, rows)
      step(engine, VectorOp.addScalar, norm, norm, scalars + 24, rows)
      engine.kernels.invertAll(norm, 8 * rows, scratch)
      step(engine, VectorOp.mul, n0, n0, norm, rows)
      step(engine, VectorOp.mul, n1, n1, norm, rows)
      engine.scalars(scalars, [((P - 7n) * z1) % P, (P - z1) % P])
      step(engine, VectorOp.mul, scratch, n0, d0, rows)
      step(engine, VectorOp.add, sum[0], sum[0], scratch, rows)
      step(engine, VectorOp.mulAddScalar, sum[0], n1, scalars, rows)
      step(engine, VectorOp.mul, scratch, n1, d0, rows)
      step(engine, VectorOp.add, sum[1], sum[1], scratch, rows)
      step(engine, VectorOp.mulAddScalar, sum[1], n0, scalars + 8, rows)
    })
    if (masked)
      sum.forEach((at, k) => {
        engine.write(vectors[0], sets.quotient.values(2 * c.slices + k))
        step(engine, VectorOp.add, at, at, vectors[0], rows)
      })
    return sum.map(at => engine.view(at, 2 * rows).slice()) as [Uint32Array, Uint32Array]
  })
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
  engine: Engine,
  values: [Uint32Array, Uint32Array],
  log: number,
  random: Random | null,
): Layer {
  const pairs = 2 ** (log - 1)
  const columns = engine.scope(() => {
    const source = engine.allocate(16 * pairs)
    const [even, odd] = [engine.allocate(8 * pairs), engine.allocate(8 * pairs)]
    const split = values.map(coordinate => {
      engine.write(source, coordinate)
      engine.kernels.deinterleave(source, even, odd, 8 * pairs)
      return [engine.view(even, 2 * pairs).slice(), engine.view(odd, 2 * pairs).slice()] as const
    })
    return [split[0]![0], split[1]![0], split[0]![1], split[1]![1]]
  })
  const salts = saltColumns(pairs, random)
  const digests = leafDigests(engine, pairs, [...columns, ...saltList(salts)])
  return { values, salts, tree: new Tree(engine, new Map([[log - 1, digests]]), TREE_KEYS) }
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
      step(engine, VectorOp.mulAddScalar, target[0], source[0], scalars, count)
      step(engine, VectorOp.mulAddScalar, target[0], source[1], scalars + 16, count)
      step(engine, VectorOp.mulAddScalar, target[1], source[1], scalars, count)
      step(engine, VectorOp.mulAddScalar, target[1], source[0], scalars + 8, count)
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
      step(engine, VectorOp.mulScalar, at, at, scalar, 2 ** log)
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

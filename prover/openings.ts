/** Committed columns at zeta and at the points that follow it. */

import { P } from '../aiur/vm/goldilocks.js'
import { pairOf } from './circuit-program.js'
import { type Columns, coefficientsOf, type Piece, piecesOf } from './columns.js'
import { rootOfUnity } from './domain.js'
import type { Engine } from './engine/engine.js'
import { VectorOp } from './engine/field-code.js'
import { type Extension, extension, times } from './extension.js'
import type { SizeClass } from './shape.js'
import { runAll, type Thread, type Threads } from './threads.js'

/** The committed sets of a class. */
export interface ClassSets {
  main: Columns
  accumulators: Columns
  quotient: Columns
}

/** Powers of z at [first, second]: coordinate vectors of `count` elements. */
function extensionPowers(
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
      engine.step(VectorOp.mulScalar, t0 + 8 * done, t0, scalars, more)
      engine.step(VectorOp.mulAddScalar, t0 + 8 * done, t1, scalars + 16, more)
      engine.step(VectorOp.mulScalar, t1 + 8 * done, t0, scalars + 8, more)
      engine.step(VectorOp.mulAddScalar, t1 + 8 * done, t1, scalars, more)
    }
  })
}

/** A column to open at a point. */
export interface ColumnAt {
  set: Columns
  column: number
}

/** Columns of one class and a point. */
export interface Opening {
  point: Extension
  bound: number
  columns: readonly ColumnAt[]
}

export interface OpenColumns {
  openings: readonly Opening[]
  /** Columns of an opening. */
  pieces: readonly Piece[]
  /** By opening, four words for each column. */
  values: readonly Uint32Array[]
}

/** Columns of an opening that share powers of the point. */
const OPENED_COLUMNS = 32

/** Evaluates columns at a point. */
export function openColumns(
  { engine }: Thread,
  { openings, pieces, values }: OpenColumns,
  piece: number,
): void {
  const { of, from, to } = pieces[piece]!
  const { point, bound, columns } = openings[of]!
  engine.scope(() => {
    const table: [number, number] = [engine.allocate(8 * bound), engine.allocate(8 * bound)]
    extensionPowers(engine, point, bound, table)
    const coefficients = engine.allocate(8 * bound)
    const result = engine.allocate(16)
    for (let i = from; i < to; i++) {
      const { set, column } = columns[i]!
      engine.write(coefficients, coefficientsOf(set, column))
      engine.kernels.dot(coefficients, table[0], 8 * bound, result)
      engine.kernels.dot(coefficients, table[1], 8 * bound, result + 8)
      values[of]!.set(engine.view(result, 4), 4 * i)
    }
  })
}

/** Values of columns at points, parallel to the openings. */
export function openAll(threads: Threads, openings: readonly Opening[]): Extension[][] {
  const values = openings.map(o => threads.share(4 * o.columns.length))
  const pieces = piecesOf(
    openings.map(o => o.columns.length),
    OPENED_COLUMNS,
  )
  runAll(threads, openColumns, { openings, pieces, values }, pieces.length)
  return values.map(words =>
    Array.from({ length: words.length / 4 }, (_, i) => ({
      lo0: words[4 * i]!,
      hi0: words[4 * i + 1]!,
      lo1: words[4 * i + 2]!,
      hi1: words[4 * i + 3]!,
    })),
  )
}

/** Openings of a class in the order of the batch: the columns at zeta, then per height those at the next row. */
export function classOpenings(c: SizeClass, sets: ClassSets, zeta: Extension): Opening[] {
  const { bound } = sets.main
  const all = (set: Columns, count: number) => Array.from({ length: count }, (_, column) => ({ set, column }))
  return [
    {
      point: zeta,
      bound,
      columns: [
        ...all(sets.main, c.mainColumns),
        ...all(sets.accumulators, c.accumulatorColumns),
        ...all(sets.quotient, 2 * c.slices),
      ],
    },
    ...c.next.map(group => ({
      point: times(zeta, extension(rootOfUnity(group.logHeight))),
      bound,
      columns: group.columns.map(({ tree, column }) => ({ set: sets[tree], column })),
    })),
  ]
}

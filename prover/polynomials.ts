/** Committed polynomials: interpolation, blinding, evaluation on the domain, and the tree over them. */

import { P } from '../aiur/vm/goldilocks.js'
import { domainPoint, inverseOf, power } from './domain.js'
import type { Engine } from './engine/engine.js'
import { VectorOp } from './engine/field-code.js'
import { TREE_KEYS } from './hash.js'
import { LOG_BLOWUP } from './parameters.js'
import type { Random } from './random.js'
import { LeafHasher, Tree } from './tree.js'

export const COSETS = 2 ** LOG_BLOWUP

/** Words of salt behind every row. */
const SALT_WORDS = 4

/** The polynomials of one height class in one tree, two words per element. */
export class ColumnSet {
  readonly size: number
  /** Column c has coefficients at [2 c bound, 2 (c + 1) bound). */
  readonly coefficients: Uint32Array
  /** Column c has values at [2 c rows, 2 (c + 1) rows), rows in bit-reversed order. */
  evaluations = new Uint32Array(0)
  /** Two columns of random words if the rows are salted. */
  salts: Uint32Array | null = null
  readonly rows: number

  constructor(
    readonly logSize: number,
    readonly bound: number,
    readonly columns: number,
    /** Cosets of 2^logSize points that evaluations are kept on. */
    cosets = COSETS,
  ) {
    this.size = 2 ** logSize
    this.rows = cosets * this.size
    this.coefficients = new Uint32Array(2 * bound * columns)
  }

  column(index: number): Uint32Array {
    return this.coefficients.subarray(2 * this.bound * index, 2 * this.bound * (index + 1))
  }

  values(index: number): Uint32Array {
    return this.evaluations.subarray(2 * this.rows * index, 2 * this.rows * (index + 1))
  }
}

/** Interpolates columns of stacks of one height. Lives in a scope of the engine. */
export class Interpolator {
  private readonly natural: number
  private readonly reversed: number
  private readonly program: number
  private readonly size: number

  constructor(
    private readonly engine: Engine,
    private readonly log: number,
  ) {
    this.size = 2 ** log
    this.natural = engine.allocate(8 * this.size)
    this.reversed = engine.allocate(8 * this.size)
    const scalar = engine.allocate(8)
    engine.scalars(scalar, [inverseOf(BigInt(this.size))])
    this.program = engine.allocate(16)
    engine.write(this.program, Uint32Array.of(VectorOp.mulScalar, this.reversed, this.reversed, scalar))
    this.clear()
  }

  /** Starts a column of zeros. */
  clear(): void {
    this.engine.view(this.reversed, 2 * this.size).fill(0)
  }

  /** Puts 2^log values, in row order, on the coset that begins at a position in bit-reversed order. */
  place(values: Uint32Array, log: number, position: number): void {
    const { engine, natural, reversed } = this
    engine.write(natural, values)
    engine.kernels.reverseOrder(reversed + 8 * position, natural, 8 * 2 ** log)
  }

  /** Coefficients of the column, in engine memory until the next one. */
  finish(): Uint32Array {
    const { engine, reversed, size, log } = this
    engine.inverse(reversed, log)
    engine.run(this.program, 1, 8 * size)
    return engine.view(reversed, 2 * size)
  }
}

/**
 * Adds r(X) (X^height - 1) for a random r of `count` coefficients: the values on the trace domain stay, any `count`
 * others become independent and uniform.
 */
export function blind(
  coefficients: Uint32Array,
  height: number,
  count: number,
  random: Random,
  engine: Engine,
): void {
  if (count === 0) return
  const r = new Uint32Array(2 * count)
  random.elements(r)
  engine.scope(() => {
    const [target, blinders, program] = [coefficients.length * 4, 8 * count, 16].map(n =>
      engine.allocate(n),
    ) as [number, number, number]
    engine.write(target, coefficients)
    engine.write(blinders, r)
    engine.write(program, Uint32Array.of(VectorOp.sub, target, target, blinders))
    engine.run(program, 1, 8 * count)
    const high = target + 8 * height
    engine.write(program, Uint32Array.of(VectorOp.add, high, high, blinders))
    engine.run(program, 1, 8 * count)
    coefficients.set(engine.view(target, coefficients.length))
  })
}

/** Evaluates polynomials on cosets of 2^log points (stark.md 8.3). Lives in a scope of the engine. */
export class Extender {
  /** Shift of each coset. */
  readonly shifts: bigint[]
  private readonly tables: number[]
  private readonly program: number
  private readonly rest: number

  constructor(
    private readonly engine: Engine,
    private readonly log: number,
    private readonly bound: number,
    cosets = COSETS,
  ) {
    const size = 2 ** log
    this.shifts = Array.from({ length: cosets }, (_, c) => domainPoint(c * size, log + LOG_BLOWUP))
    this.tables = this.shifts.map(shift => {
      const table = engine.allocate(8 * bound)
      engine.geometric(table, bound, 1n, shift)
      return table
    })
    this.program = engine.allocate(32)
    this.rest = engine.allocate(8 * Math.max(1, bound - size))
  }

  /** Values of the polynomial at `coefficients` on all cosets, one after the other at `target`. */
  run(coefficients: number, target: number): void {
    const { engine, log, bound, program, rest } = this
    const size = 2 ** log
    this.tables.forEach((table, c) => {
      const at = target + 8 * size * c
      engine.write(program, Uint32Array.of(VectorOp.mul, at, coefficients, table))
      engine.run(program, 1, 8 * size)
      if (bound > size) {
        // X^size is 1 on the coset once it is scaled to a subgroup
        engine.write(program, Uint32Array.of(VectorOp.mul, rest, coefficients + 8 * size, table + 8 * size))
        engine.run(program, 1, 8 * (bound - size))
        engine.write(program, Uint32Array.of(VectorOp.add, at, at, rest))
        engine.run(program, 1, 8 * (bound - size))
      }
      engine.forward(at, log)
    })
  }
}

/** Evaluates all columns; `tile` sees them in groups of eight vectors, `stride` bytes apart. */
export function extend(
  engine: Engine,
  set: ColumnSet,
  tile: (at: number, stride: number, count: number) => void = () => {},
): void {
  const { columns, rows, size, bound, logSize } = set
  set.evaluations = new Uint32Array(2 * rows * columns)
  engine.scope(() => {
    const extender = new Extender(engine, logSize, bound, rows / size)
    const coefficients = engine.allocate(8 * bound)
    // one more row, so that columns do not fall on the same cache lines
    const stride = 8 * rows + 64
    const vectors = engine.allocate(8 * stride)
    for (let first = 0; first < columns; first += 8) {
      const count = Math.min(8, columns - first)
      for (let i = 0; i < count; i++) {
        engine.write(coefficients, set.column(first + i))
        extender.run(coefficients, vectors + i * stride)
        set.values(first + i).set(engine.view(vectors + i * stride, 2 * rows))
      }
      tile(vectors, stride, count)
    }
  })
}

/** Gathers columns of any origin into blocks of eight for the leaf hasher. */
class Blocks {
  private readonly at: number
  private pending = 0

  constructor(
    private readonly engine: Engine,
    private readonly hasher: LeafHasher,
    private readonly rows: number,
  ) {
    this.at = engine.allocate(8 * 8 * rows)
  }

  push(column: Uint32Array): void {
    this.engine.write(this.at + 8 * this.rows * this.pending, column)
    if (++this.pending === 8) this.flush()
  }

  flush(): void {
    if (this.pending > 0) this.hasher.absorb(this.at, 8 * this.rows, this.pending)
    this.pending = 0
  }
}

/** Digests of rows given as columns of values. */
export function leafDigests(engine: Engine, rows: number, columns: readonly Uint32Array[]): Uint32Array {
  return engine.scope(() => {
    const hasher = new LeafHasher(engine, rows, columns.length, TREE_KEYS.leaf)
    const blocks = new Blocks(engine, hasher, rows)
    for (const column of columns) blocks.push(column)
    blocks.flush()
    return engine.view(hasher.finish(), 8 * rows).slice()
  })
}

/** Random columns behind the rows, or none. */
export function saltColumns(rows: number, random: Random | null): Uint32Array | null {
  if (random === null) return null
  const salts = new Uint32Array(SALT_WORDS * rows)
  random.words(salts)
  return salts
}

/** Splits salts into columns. */
export function saltList(salts: Uint32Array | null): Uint32Array[] {
  return salts === null ? [] : [salts.subarray(0, salts.length / 2), salts.subarray(salts.length / 2)]
}

/** Evaluates and commits classes of distinct sizes. Rows are salted when there is randomness. */
export function commit(engine: Engine, sets: readonly ColumnSet[], random: Random | null): Tree {
  const leaves = new Map<number, Uint32Array>()
  for (const set of sets) {
    set.salts = saltColumns(set.rows, random)
    const salts = saltList(set.salts)
    const digests = engine.scope(() => {
      const hasher = new LeafHasher(engine, set.rows, set.columns + salts.length, TREE_KEYS.leaf)
      const blocks = new Blocks(engine, hasher, set.rows)
      extend(engine, set, (at, stride, count) => {
        if (count === 8) hasher.absorb(at, stride, count)
        else for (let i = 0; i < count; i++) blocks.push(engine.view(at + i * stride, 2 * set.rows))
      })
      for (const salt of salts) blocks.push(salt)
      blocks.flush()
      return engine.view(hasher.finish(), 8 * set.rows).slice()
    })
    leaves.set(set.logSize + LOG_BLOWUP, digests)
  }
  return new Tree(engine, leaves, TREE_KEYS)
}

/** Row `index` of a set as bytes, salt included. */
export function rowBytes(columns: readonly Uint32Array[], index: number): Uint8Array {
  const bytes = new Uint8Array(8 * columns.length)
  const view = new DataView(bytes.buffer)
  columns.forEach((column, i) => {
    view.setUint32(8 * i, column[2 * index]!, true)
    view.setUint32(8 * i + 4, column[2 * index + 1]!, true)
  })
  return bytes
}

/**
 * Coefficients of a polynomial of degree below cosets * size from its values on the cosets, one after the other at
 * `values` in bit-reversed order; overwrites them. On a coset s H, X^size is s^size, so each inverse transform gives
 * the combination of the slices of `size` coefficients with the powers of s^size.
 */
export function interpolateCosets(engine: Engine, values: number, log: number, cosets: number): void {
  const size = 2 ** log
  const shifts = Array.from({ length: cosets }, (_, c) => domainPoint(c * size, log + LOG_BLOWUP))
  engine.scope(() => {
    const table = engine.allocate(8 * size)
    const program = engine.allocate(16 * (cosets + 1))
    const scalars = engine.allocate(8 * cosets * cosets)
    const result = engine.allocate(8 * size * cosets)
    shifts.forEach((shift, c) => {
      const at = values + 8 * size * c
      engine.inverse(at, log)
      engine.geometric(table, size, inverseOf(BigInt(size)), inverseOf(shift))
      engine.write(program, Uint32Array.of(VectorOp.mul, at, at, table))
      engine.run(program, 1, 8 * size)
    })
    const inverse = inverseVandermonde(shifts.map(s => power(s, BigInt(size))))
    engine.scalars(scalars, inverse.flat())
    for (let i = 0; i < cosets; i++) {
      const target = result + 8 * size * i
      const code = Array.from({ length: cosets }, (_, c) => [
        c === 0 ? VectorOp.mulScalar : VectorOp.mulAddScalar,
        target,
        values + 8 * size * c,
        scalars + 8 * (i * cosets + c),
      ])
      engine.write(program, Uint32Array.from(code.flat()))
      engine.run(program, cosets, 8 * size)
    }
    engine.words.copyWithin(values / 4, result / 4, result / 4 + 2 * size * cosets)
  })
}

/** The matrix that maps values at the points to coefficients. */
function inverseVandermonde(points: readonly bigint[]): bigint[][] {
  const n = points.length
  const matrix = Array.from({ length: n }, () => new Array<bigint>(n).fill(0n))
  points.forEach((point, c) => {
    // the Lagrange polynomial of the point
    let coefficients = [1n]
    let denominator = 1n
    points.forEach((other, d) => {
      if (c === d) return
      const next = new Array<bigint>(coefficients.length + 1).fill(0n)
      coefficients.forEach((x, i) => {
        next[i + 1] = (next[i + 1]! + x) % P
        next[i] = (next[i]! + (P - other) * x) % P
      })
      coefficients = next
      denominator = (denominator * (point + P - other)) % P
    })
    const scale = inverseOf(denominator)
    coefficients.forEach((x, i) => {
      matrix[i]![c] = (x * scale) % P
    })
  })
  return matrix
}

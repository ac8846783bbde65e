/** Committed polynomials: interpolation, blinding, evaluation on the domain, and the tree over them. */

import { P } from '../aiur/vm/goldilocks.js'
import { type Columns, coefficientsOf, type Piece, piecesOf, type Share, valuesOf } from './columns.js'
import { domainPoint, inverseOf, power } from './domain.js'
import type { Engine } from './engine/engine.js'
import { VectorOp } from './engine/field-code.js'
import { TREE_KEYS } from './hash.js'
import { LOG_BLOWUP } from './parameters.js'
import type { Random } from './random.js'
import { runAll, type Thread, type Threads } from './threads.js'
import { LeafHasher, Tree } from './tree.js'

/** Words of salt behind every row. */
const SALT_WORDS = 4

/** Rows that are hashed at a time. */
const HASHED_ROWS = 1024

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

/** Numbers of the first cosets. */
export function cosetList(count: number): number[] {
  return Array.from({ length: count }, (_, c) => c)
}

/** Evaluates polynomials on cosets of 2^log points (stark.md 8.3). Lives in a scope of the engine. */
export class Extender {
  private readonly tables: number[]
  private readonly program: number
  private readonly rest: number

  /** @param cosets their numbers */
  constructor(
    private readonly engine: Engine,
    private readonly log: number,
    private readonly bound: number,
    cosets: readonly number[],
  ) {
    const size = 2 ** log
    this.tables = cosets.map(c => {
      const table = engine.allocate(8 * bound)
      engine.geometric(table, bound, 1n, domainPoint(c * size, log + LOG_BLOWUP))
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

/** Traces to put on one stack. */
export interface StackRows {
  set: number
  /** Its first column in the set. */
  first: number
  logHeight: number
  parts: {
    /** Column after column, 2^logHeight elements each. */
    values: Uint32Array
    logHeight: number
    /** First row in bit-reversed order. */
    position: number
  }[]
  /** `count` random elements for each column. */
  blinders: Uint32Array
  count: number
}

export interface CommitColumns {
  sets: readonly Columns[]
  /** Stacks to interpolate. Without them the columns have their coefficients. */
  stacks: readonly StackRows[] | null
  /** Columns of a stack, or of a set. */
  pieces: readonly Piece[]
}

/** Interpolates and blinds columns, and evaluates them on all cosets. */
export function commitColumns(
  { engine }: Thread,
  { sets, stacks, pieces }: CommitColumns,
  piece: number,
): void {
  const { of, from, to } = pieces[piece]!
  const stack = stacks === null ? null : stacks[of]!
  const set = sets[stack === null ? of : stack.set]!
  const { logSize, bound, rows } = set
  engine.scope(() => {
    const interpolator = stack === null ? null : new StackInterpolator(engine, stack, bound)
    const extender = new Extender(engine, logSize, bound, cosetList(rows / 2 ** logSize))
    const own = engine.allocate(8 * bound)
    const values = engine.allocate(8 * rows)
    for (let i = from; i < to; i++) {
      const column = (stack?.first ?? 0) + i
      const coefficients = coefficientsOf(set, column)
      const at = interpolator?.column(i) ?? own
      if (interpolator === null) engine.write(own, coefficients)
      else coefficients.set(engine.view(at, 2 * bound))
      extender.run(at, values)
      valuesOf(set, column).set(engine.view(values, 2 * rows))
    }
  })
}

/** Columns that a stack has: those of its widest part. */
export function stackColumns({ parts }: StackRows): number {
  return Math.max(...parts.map(p => p.values.length / 2 ** (p.logHeight + 1)))
}

/** Makes the coefficients of the columns of a stack. Lives in a scope of the engine. */
class StackInterpolator {
  private readonly interpolator: Interpolator
  private readonly coefficients: number
  private readonly blinders: number
  private readonly code: number

  constructor(
    private readonly engine: Engine,
    private readonly stack: StackRows,
    private readonly bound: number,
  ) {
    this.interpolator = new Interpolator(engine, stack.logHeight)
    this.coefficients = engine.allocate(8 * bound)
    this.blinders = engine.allocate(8 * stack.count)
    this.code = engine.allocate(32)
  }

  /** Address of the coefficients of a column, until the next one. */
  column(index: number): number {
    const { engine, stack, interpolator, coefficients, bound } = this
    interpolator.clear()
    for (const { values, logHeight, position } of stack.parts) {
      const words = 2 * 2 ** logHeight
      const own = values.subarray(index * words, (index + 1) * words)
      if (own.length > 0) interpolator.place(own, logHeight, position)
    }
    const finished = interpolator.finish()
    engine
      .view(coefficients, 2 * bound)
      .fill(0)
      .set(finished)
    this.blind(index)
    return coefficients
  }

  /**
   * Adds r(X) (X^height - 1) for a random r of `count` coefficients: the values on the trace domain stay, any `count`
   * others become independent and uniform.
   */
  private blind(index: number): void {
    const { engine, stack, coefficients, blinders, code } = this
    const { count, logHeight } = stack
    if (count === 0) return
    engine.write(blinders, stack.blinders.subarray(2 * count * index, 2 * count * (index + 1)))
    const high = coefficients + 8 * 2 ** logHeight
    // one after the other: with more blinders than rows they overlap
    engine.write(code, Uint32Array.of(VectorOp.sub, coefficients, coefficients, blinders))
    engine.write(code + 16, Uint32Array.of(VectorOp.add, high, high, blinders))
    engine.run(code, 1, 8 * count)
    engine.run(code + 16, 1, 8 * count)
  }
}

/** Columns of rows to hash, and where their digests go: word by word. */
export interface RowsToHash {
  rows: number
  /** Columns of values one after the other, in this order. */
  columns: readonly Uint32Array[]
  digests: Uint32Array
}

export interface HashRows {
  matrices: readonly RowsToHash[]
  pieces: readonly Piece[]
}

/** Hashes rows of a matrix. */
export function hashRows({ engine }: Thread, { matrices, pieces }: HashRows, piece: number): void {
  const { of, from, to } = pieces[piece]!
  const { rows, columns, digests } = matrices[of]!
  const count = to - from
  // not a power of two, so that columns do not fall on the same cache lines
  const stride = 8 * count + 64
  engine.scope(() => {
    const width = columns.reduce((sum, words) => sum + words.length / (2 * rows), 0)
    const hasher = new LeafHasher(engine, count, width, TREE_KEYS.leaf)
    const tile = engine.allocate(8 * stride)
    let pending = 0
    const flush = () => {
      if (pending > 0) hasher.absorb(tile, stride, pending)
      pending = 0
    }
    for (const words of columns)
      for (let at = 0; at < words.length; at += 2 * rows) {
        engine.write(tile + stride * pending, words.subarray(at + 2 * from, at + 2 * to))
        if (++pending === 8) flush()
      }
    flush()
    const found = hasher.finish()
    for (let w = 0; w < 8; w++) digests.set(engine.view(found + 4 * count * w, count), rows * w + from)
  })
}

/** Digests of the rows of matrices. */
export function leafDigests(
  threads: Threads,
  matrices: readonly { rows: number; columns: readonly Uint32Array[] }[],
): Uint32Array[] {
  const args = matrices.map(({ rows, columns }) => ({ rows, columns, digests: threads.share(8 * rows) }))
  const pieces = piecesOf(
    matrices.map(m => m.rows),
    HASHED_ROWS,
  )
  runAll(threads, hashRows, { matrices: args, pieces }, pieces.length)
  return args.map(m => m.digests)
}

/** Random columns behind the rows, or none. */
export function saltColumns(share: Share, rows: number, random: Random | null): Uint32Array | null {
  if (random === null) return null
  const salts = share(SALT_WORDS * rows)
  random.words(salts)
  return salts
}

/** Splits salts into columns. */
export function saltList(salts: Uint32Array | null): Uint32Array[] {
  return salts === null ? [] : [salts.subarray(0, salts.length / 2), salts.subarray(salts.length / 2)]
}

/** A tree over classes of distinct sizes, and the salts of their rows. */
export interface Commitment {
  tree: Tree
  /** By class, two columns each; null without salts. */
  salts: (Uint32Array | null)[]
}

/** Commits evaluated columns. Rows are salted when there is randomness. */
export function commit(threads: Threads, sets: readonly Columns[], random: Random | null): Commitment {
  const salts = sets.map(set => saltColumns(threads.share, set.rows, random))
  const digests = leafDigests(
    threads,
    sets.map((set, i) => ({
      rows: set.rows,
      columns: [set.evaluations, ...(salts[i] === null ? [] : [salts[i]!])],
    })),
  )
  const leaves = new Map(sets.map((set, i) => [set.logSize + LOG_BLOWUP, digests[i]!]))
  return { tree: new Tree(threads, leaves, TREE_KEYS), salts }
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

/** Straight-line programs over vectors of field elements, for the kernel `run`. */

import { normalise, P } from '../../aiur/vm/goldilocks.js'
import type { Engine } from './engine.js'
import { VectorOp } from './field-code.js'

/** A constant, or the number of a vector. */
export type Value = bigint | number

/** A value of K by its coordinates. */
export type Pair = readonly [Value, Value]

interface Instruction {
  op: number
  target: number
  a: number
  /** Vector, or scalar for operations with one; the number of terms of a weighted sum. */
  b: number
  /** Vectors and scalars of a weighted sum that starts with scalar `a`. */
  terms?: { vectors: number[]; scalars: number[] }
}

/** Calls with every vector that an instruction reads, and a number. */
function forOperands(
  { op, a, b, terms }: Instruction,
  visit: (vector: number, i: number) => void,
  i: number,
): void {
  if (terms !== undefined) for (const vector of terms.vectors) visit(vector, i)
  else {
    visit(a, i)
    if (op <= VectorOp.mul) visit(b, i)
  }
}

/** Collects instructions; vectors get places when their first definition is reached and lose them after the last use. */
export class ProgramBuilder {
  private readonly instructions: Instruction[] = []
  private readonly scalars: bigint[] = []
  private readonly scalarIndex = new Map<bigint, number>()
  private vectors = 0
  private readonly inputs: number[] = []
  private readonly outputs: number[] = []
  private readonly marks: number[] = []

  input(): number {
    const vector = this.vectors++
    this.inputs.push(vector)
    return vector
  }

  /** Keeps a vector after the run; the result is its position among the outputs. */
  output(value: Value): number {
    this.outputs.push(this.vector(value))
    return this.outputs.length - 1
  }

  /** The value as a vector, constants too. */
  vector(value: Value): number {
    if (typeof value === 'number') return value
    // 0 x + value from any vector; programs have inputs
    const zero = this.withScalar(VectorOp.mulScalar, this.inputs[0]!, 0n)
    return this.withScalar(VectorOp.addScalar, zero, value)
  }

  /** A vector of its own with the same value. */
  copy(value: Value): number {
    return this.withScalar(VectorOp.addScalar, this.vector(value), 0n)
  }

  /** Ends a part of the program: its outputs may be changed before the next part runs. */
  mark(): void {
    this.marks.push(this.instructions.length)
  }

  add(x: Value, y: Value): Value {
    if (typeof x === 'bigint') {
      if (typeof y === 'bigint') return (x + y) % P
      return x === 0n ? y : this.withScalar(VectorOp.addScalar, y, x)
    }
    if (typeof y === 'bigint') return this.add(y, x)
    return this.emit(VectorOp.add, x, y)
  }

  sub(x: Value, y: Value): Value {
    if (typeof y === 'bigint') return this.add(x, normalise(-y))
    if (typeof x === 'bigint') return this.withScalar(VectorOp.rsubScalar, y, x)
    return this.emit(VectorOp.sub, x, y)
  }

  mul(x: Value, y: Value): Value {
    if (typeof x === 'bigint') {
      if (typeof y === 'bigint') return (x * y) % P
      if (x === 0n) return 0n
      return x === 1n ? y : this.withScalar(VectorOp.mulScalar, y, x)
    }
    if (typeof y === 'bigint') return this.mul(y, x)
    return this.emit(VectorOp.mul, x, y)
  }

  /** constant + sum of values_i weights_i */
  weighted(constant: bigint, values: readonly Value[], weights: readonly bigint[]): Value {
    let rest = constant
    const vectors: number[] = []
    const scalars: number[] = []
    values.forEach((value, i) => {
      const weight = weights[i]!
      if (typeof value === 'bigint') rest = (rest + value * weight) % P
      else if (weight !== 0n) {
        vectors.push(value)
        scalars.push(this.scalar(weight))
      }
    })
    if (vectors.length === 0) return rest
    const target = this.vectors++
    const terms = { vectors, scalars }
    this.instructions.push({
      op: VectorOp.weightedSum,
      target,
      a: this.scalar(rest),
      b: vectors.length,
      terms,
    })
    return target
  }

  addPair(x: Pair, y: Pair): Pair {
    return [this.add(x[0], y[0]), this.add(x[1], y[1])]
  }

  subPair(x: Pair, y: Pair): Pair {
    return [this.sub(x[0], y[0]), this.sub(x[1], y[1])]
  }

  /** The product of K, X^2 = 7. */
  mulPair(x: Pair, y: Pair): Pair {
    const low = this.mul(x[0], y[0])
    const high = this.mul(x[1], y[1])
    // (x0 + x1)(y0 + y1) - low - high
    const cross = this.mul(this.add(x[0], x[1]), this.add(y[0], y[1]))
    return [this.add(low, this.mul(7n, high)), this.sub(this.sub(cross, low), high)]
  }

  /** Of an element of K and one of F. */
  scalePair(x: Pair, factor: Value): Pair {
    return [this.mul(x[0], factor), this.mul(x[1], factor)]
  }

  /** Lays the program out in memory for vectors of `rows` elements. */
  finish(engine: Engine, rows: number): VectorProgram {
    const last = new Int32Array(this.vectors).fill(-1)
    const use = (vector: number, i: number) => {
      last[vector] = i
    }
    this.instructions.forEach((instruction, i) => {
      forOperands(instruction, use, i)
      use(instruction.target, i)
    })
    const places = new Int32Array(this.vectors).fill(-1)
    let used = 0
    const free: number[] = []
    const place = (vector: number) => {
      if (places[vector] === -1) places[vector] = free.pop() ?? used++
    }
    for (const vector of this.inputs) place(vector)
    const pinned = new Uint8Array(this.vectors)
    for (const vector of [...this.inputs, ...this.outputs]) pinned[vector] = 1
    let position = 0
    const release = (vector: number, i: number) => {
      if (last[vector] !== i || pinned[vector] === 1) return
      free.push(places[vector]!)
      last[vector] = -2
    }
    let listed = 0
    for (const instruction of this.instructions) {
      place(instruction.target)
      const i = position++
      forOperands(instruction, release, i)
      release(instruction.target, i)
      if (instruction.terms !== undefined) listed += 1 + 2 * instruction.b
    }
    const stride = 8 * rows
    const base = engine.allocate(used * stride)
    const scalars = engine.allocate(8 * this.scalars.length + 8)
    engine.scalars(scalars, this.scalars)
    const address = (vector: number) => base + places[vector]! * stride
    const lists = engine.allocate(4 * listed)
    const code = engine.allocate(16 * this.instructions.length)
    // valid from here on: nothing is allocated any more
    const { words } = engine
    let at = code / 4
    let list = lists / 4
    for (const { op, target, a, b, terms } of this.instructions) {
      words[at++] = op
      words[at++] = address(target)
      if (terms === undefined) {
        words[at++] = address(a)
        words[at++] = op <= VectorOp.mul ? address(b) : scalars + 8 * b
        continue
      }
      words[at++] = 4 * list
      words[at++] = b
      words[list++] = scalars + 8 * a
      for (let k = 0; k < b; k++) {
        words[list++] = address(terms.vectors[k]!)
        words[list++] = scalars + 8 * terms.scalars[k]!
      }
    }
    return new VectorProgram(
      engine,
      code,
      [0, ...this.marks, this.instructions.length],
      this.inputs.map(address),
      this.outputs.map(address),
    )
  }

  private scalar(value: bigint): number {
    let index = this.scalarIndex.get(value)
    if (index === undefined) {
      index = this.scalars.push(value) - 1
      this.scalarIndex.set(value, index)
    }
    return index
  }

  private withScalar(op: number, a: number, scalar: bigint): number {
    return this.emit(op, a, this.scalar(scalar))
  }

  private emit(op: number, a: number, b: number): number {
    const target = this.vectors++
    this.instructions.push({ op, target, a, b })
    return target
  }
}

/** A program in memory, with the addresses of its inputs and outputs. */
export class VectorProgram {
  constructor(
    private readonly engine: Engine,
    private readonly code: number,
    /** First instruction of each part, and the end. */
    private readonly parts: readonly number[],
    readonly inputs: readonly number[],
    readonly outputs: readonly number[],
  ) {}

  run(rows: number, part = 0): void {
    const first = this.parts[part]!
    this.engine.run(this.code + 16 * first, this.parts[part + 1]! - first, 8 * rows)
  }
}

/**
 * Polynomials over the columns of a circuit as one list of nodes, operands before their users, equal nodes
 * shared. The form is data: its degree is computed here, and it can be evaluated over any extension of the
 * field or compiled.
 */

import { normalise } from '../vm/goldilocks.js'

/** Index of a node. */
export type Expression = number

export const NodeKind = {
  /** a: index into `constants` */
  constant: 0,
  /** a: column of the main trace on this row */
  column: 1,
  /** a: column of the main trace on the next row (cyclic) */
  next: 2,
  /** a: preprocessed column on this row */
  fixed: 3,
  /** 0 on the last row, non-zero elsewhere (X - w^-1; degree 0 in units of the height) */
  transition: 4,
  add: 5,
  sub: 6,
  mul: 7,
} as const

/** A finished list of nodes: kind and operands of node i. */
export interface Expressions {
  kinds: Uint8Array
  a: Int32Array
  b: Int32Array
  constants: readonly bigint[]
  /** Degree of each node in the columns. */
  degrees: Uint8Array
}

export class ExpressionBuilder {
  private readonly kinds: number[] = []
  private readonly a: number[] = []
  private readonly b: number[] = []
  private readonly degrees: number[] = []
  private readonly constants: bigint[] = []
  private readonly constantNode = new Map<bigint, Expression>()
  private readonly known = new Map<number, Expression>()

  readonly zero = this.constant(0n)
  readonly one = this.constant(1n)

  constant(value: bigint | number): Expression {
    const c = normalise(BigInt(value))
    const found = this.constantNode.get(c)
    if (found !== undefined) return found
    this.constants.push(c)
    const node = this.push(NodeKind.constant, this.constants.length - 1, 0, 0)
    this.constantNode.set(c, node)
    return node
  }

  column(index: number): Expression {
    return this.node(NodeKind.column, index, 0, 1)
  }

  next(index: number): Expression {
    return this.node(NodeKind.next, index, 0, 1)
  }

  fixed(index: number): Expression {
    return this.node(NodeKind.fixed, index, 0, 1)
  }

  transition(): Expression {
    return this.node(NodeKind.transition, 0, 0, 0)
  }

  add(x: Expression, y: Expression): Expression {
    const cx = this.constantOf(x)
    const cy = this.constantOf(y)
    if (cx !== null && cy !== null) return this.constant(cx + cy)
    if (cx === 0n) return y
    if (cy === 0n) return x
    return this.node(NodeKind.add, Math.min(x, y), Math.max(x, y), Math.max(this.degree(x), this.degree(y)))
  }

  sub(x: Expression, y: Expression): Expression {
    const cx = this.constantOf(x)
    const cy = this.constantOf(y)
    if (cx !== null && cy !== null) return this.constant(cx - cy)
    if (cy === 0n) return x
    if (x === y) return this.zero
    return this.node(NodeKind.sub, x, y, Math.max(this.degree(x), this.degree(y)))
  }

  mul(x: Expression, y: Expression): Expression {
    const cx = this.constantOf(x)
    const cy = this.constantOf(y)
    if (cx !== null && cy !== null) return this.constant(cx * cy)
    if (cx === 0n || cy === 0n) return this.zero
    if (cx === 1n) return y
    if (cy === 1n) return x
    return this.node(NodeKind.mul, Math.min(x, y), Math.max(x, y), this.degree(x) + this.degree(y))
  }

  scale(x: Expression, factor: bigint | number): Expression {
    return this.mul(x, this.constant(factor))
  }

  sum(terms: readonly Expression[]): Expression {
    return terms.reduce((total, term) => this.add(total, term), this.zero)
  }

  /** Sum of terms[i] * base^i. */
  pack(terms: readonly Expression[], base: number): Expression {
    return this.sum(terms.map((term, i) => this.scale(term, BigInt(base) ** BigInt(i))))
  }

  /** x (1 - x) */
  boolean(x: Expression): Expression {
    return this.mul(x, this.sub(this.one, x))
  }

  degree(x: Expression): number {
    return this.degrees[x]!
  }

  /**
   * The same value with the degree that it has before x - x and 0 x are simplified: layouts are computed without looking at
   * values, and the degree decides which lookups share an accumulator.
   */
  withDegree(x: Expression, degree: number): Expression {
    if (degree !== 1 || this.degree(x) > 0) return x
    const nothing = this.node(NodeKind.mul, this.zero, this.column(0), 1)
    return this.node(NodeKind.add, Math.min(x, nothing), Math.max(x, nothing), 1)
  }

  finish(): Expressions {
    return {
      kinds: Uint8Array.from(this.kinds),
      a: Int32Array.from(this.a),
      b: Int32Array.from(this.b),
      constants: this.constants.slice(),
      degrees: Uint8Array.from(this.degrees),
    }
  }

  private constantOf(x: Expression): bigint | null {
    return this.kinds[x] === NodeKind.constant ? this.constants[this.a[x]!]! : null
  }

  private node(kind: number, a: number, b: number, degree: number): Expression {
    // Node numbers stay far below 2^24, so the key is exact in a double.
    const key = (a * 0x1000000 + b) * 8 + kind
    if (a >= 0x1000000 || b >= 0x1000000) throw new RangeError('a circuit has too many expressions')
    const found = this.known.get(key)
    if (found !== undefined) return found
    const made = this.push(kind, a, b, degree)
    this.known.set(key, made)
    return made
  }

  private push(kind: number, a: number, b: number, degree: number): Expression {
    this.kinds.push(kind)
    this.a.push(a)
    this.b.push(b)
    this.degrees.push(degree)
    return this.kinds.length - 1
  }
}

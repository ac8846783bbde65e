/** A circuit as data: columns, constraints and lookups over one list of expressions. */

import type { CircuitShape } from './circuit-shape.js'
import type { Expression, ExpressionBuilder, Expressions } from './expression.js'
import { groupSizes, quotientDegreeOf } from './grouping.js'

export interface Constraint {
  /** Must be zero on every row. */
  expression: Expression
  /** The construct of the program that it enforces. */
  label: string
}

export interface Lookup {
  /** Positive: the row demands the message so often; negative: it provides it. */
  multiplicity: Expression
  /** Elements of the message, the channel first; shorter messages are padded with zeros. */
  message: Expression[]
  label: string
}

/** Preprocessed columns, fixed with the verifying key. */
export interface FixedTable {
  width: number
  height: number
  /** Row-major, values below 2^32. */
  values: Uint32Array
}

export interface Circuit {
  name: string
  kind: CircuitShape['kind']
  /** Names of the columns of the main trace. */
  columns: string[]
  fixed: FixedTable | null
  expressions: Expressions
  constraints: Constraint[]
  lookups: Lookup[]
  /** Neighbouring lookups share an accumulator while the degrees of their messages add up to at most this. */
  groupDegree: number
}

/** Greatest total degree of a constraint and of an accumulator step (stark.md 2.3). */
export function circuitDegree(circuit: Circuit): number {
  const { degrees } = circuit.expressions
  let degree = 0
  for (const c of circuit.constraints) degree = Math.max(degree, degrees[c.expression]!)
  for (const group of lookupGroups(circuit)) {
    const total = group.reduce((d, l) => d + messageDegree(l, degrees), 0)
    degree = Math.max(degree, total + 1)
    for (const l of group)
      degree = Math.max(degree, degrees[l.multiplicity]! + total - messageDegree(l, degrees))
  }
  return degree
}

/** Greatest degree of an element. */
export function messageDegree(lookup: { message: Expression[] }, degrees: ArrayLike<number>): number {
  return lookup.message.reduce((d, e) => Math.max(d, degrees[e]!), 0)
}

/** The lookups that share an accumulator, in order. */
export function lookupGroups<T extends { message: Expression[] }>(circuit: {
  lookups: readonly T[]
  groupDegree: number
  expressions: Pick<Expressions, 'degrees'>
}): T[][] {
  const { lookups, groupDegree, expressions } = circuit
  const sizes = groupSizes(
    lookups.map(l => messageDegree(l, expressions.degrees)),
    groupDegree,
  )
  let at = 0
  return sizes.map(size => {
    at += size
    return lookups.slice(at - size, at)
  })
}

/** The shape that the constraint system needs. */
export function circuitShape(circuit: Circuit): CircuitShape {
  const main = circuit.columns.length
  const lookups = circuit.lookups.length
  const stage2 = 2 * Math.max(1, lookupGroups(circuit).length)
  const quotientDegree = quotientDegreeOf(circuitDegree(circuit))
  return {
    name: circuit.name,
    kind: circuit.kind,
    main,
    lookups,
    groupDegree: circuit.groupDegree,
    stage2,
    quotientDegree,
    width: main + stage2 + 2 * quotientDegree,
    classicWidth: main + 2 * (1 + lookups),
  }
}

/** Collects the parts of a circuit; equal constraints are kept once. */
export class CircuitBuilder {
  readonly columns: string[] = []
  readonly constraints: Constraint[] = []
  readonly lookups: Lookup[] = []
  private readonly constrained = new Set<Expression>()

  constructor(readonly e: ExpressionBuilder) {}

  column(name: string): Expression {
    this.columns.push(name)
    return this.e.column(this.columns.length - 1)
  }

  constrain(expression: Expression, label: string): void {
    if (expression === this.e.zero || this.constrained.has(expression)) return
    this.constrained.add(expression)
    this.constraints.push({ expression, label })
  }

  lookup(multiplicity: Expression, message: Expression[], label: string): void {
    this.lookups.push({ multiplicity, message, label })
  }

  finish(
    name: string,
    kind: CircuitShape['kind'],
    groupDegree: number,
    fixed: FixedTable | null = null,
  ): Circuit {
    const { columns, constraints, lookups } = this
    return { name, kind, columns, fixed, expressions: this.e.finish(), constraints, lookups, groupDegree }
  }
}

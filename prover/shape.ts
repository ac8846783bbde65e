/**
 * What a proof consists of, as far as key, parameters and heights decide it: the heights at which polynomials are
 * committed, their columns in order, the points they are opened at and the work before each challenge. Prover and
 * verifier derive it alike; nothing of it is in the proof.
 */

import { ceilLog2, TWO_ADICITY } from './domain.js'
import {
  blinders,
  degreeBound,
  LOG_BLOWUP,
  type Parameters,
  type Security,
  security,
  sliceBlinders,
} from './parameters.js'
import { accumulatorColumns, groupsOf, type KeyCircuit, type VerifyingKey } from './verifying-key.js'

/** A circuit with rows. */
export interface ActiveCircuit {
  /** Position among all circuits of the key. */
  index: number
  circuit: KeyCircuit
  /** Rows of the trace, padding included: 2^logHeight. */
  logHeight: number
  /** Committed main columns: those of the trace, then the mask of the accumulator if the proof hides. */
  mainColumns: number
  accumulatorColumns: number
  /** Position of its first main and accumulator column among those of its class. */
  mainAt: number
  accumulatorAt: number
  /** Exponent of the challenge that folds its first constraint. */
  firstConstraint: number
}

/** The circuits whose polynomials are committed over one domain. */
export interface SizeClass {
  /** Polynomials are shorter than degreeBound(2^logSize); evaluations are at 2^(logSize + 2) points. */
  logSize: number
  logDomain: number
  circuits: ActiveCircuit[]
  mainColumns: number
  accumulatorColumns: number
  /** The quotient of the class has degree below this. */
  quotientLength: number
  /** It is evaluated on so many cosets of 2^logSize points. */
  cosets: number
  sliceLength: number
  slices: number
  /** Quotient slices, two columns each; the largest class adds two for the random FRI input if the proof hides. */
  quotientColumns: number
  /** Columns opened at zeta times a root of unity, grouped by the height of the circuit. */
  next: { logHeight: number; columns: NextColumn[] }[]
}

/** A column opened at the next row. */
export interface NextColumn {
  tree: 'main' | 'accumulators'
  /** Position among the columns of the class. */
  column: number
  circuit: ActiveCircuit
  /** Position among the columns of the circuit. */
  own: number
}

export interface Shape {
  active: ActiveCircuit[]
  /** By falling size. */
  classes: SizeClass[]
  constraints: number
  finalLog: number
  /** Coefficients of the last FRI polynomial. */
  finalLength: number
  security: Security
}

/** Smallest height, so that the mask of an accumulator reaches both coordinates. */
const MIN_LOG_HEIGHT = 1
const MIN_LOG_SIZE = 2

/** All traces together have to stay below this, so that ranks and multiplicities do not wrap. */
const MAX_ROWS = 2 ** 32 - 1

export function logHeightOf(rows: number): number {
  return Math.max(MIN_LOG_HEIGHT, ceilLog2(rows))
}

/**
 * @param heights log height per circuit of the key, -1 for circuits without rows
 * @throws RangeError when the heights are not admissible
 */
export function shapeOf(key: VerifyingKey, heights: ArrayLike<number>, p: Parameters): Shape {
  const active: ActiveCircuit[] = []
  const classes = new Map<number, SizeClass>()
  let rows = 0
  let constraints = 0
  let messages = 1
  let messageLength = 0
  for (let index = 0; index < key.circuits.length; index++) {
    const logHeight = heights[index]!
    if (logHeight < 0) continue
    const circuit = key.circuits[index]!
    if (logHeight < MIN_LOG_HEIGHT)
      throw new RangeError(`${circuit.name}: height 2^${logHeight} is too small`)
    if (circuit.fixed !== null && circuit.fixed.height !== 2 ** logHeight)
      throw new RangeError(
        `${circuit.name}: a table of ${circuit.fixed.height} rows has height 2^${logHeight}`,
      )
    const height = 2 ** logHeight
    rows += height
    let logSize = MIN_LOG_SIZE
    while (degreeBound(p, 2 ** logSize) < height + blinders(p)) logSize++
    if (logSize + LOG_BLOWUP > TWO_ADICITY - 2)
      throw new RangeError(`${circuit.name}: height 2^${logHeight} is too large`)
    let group = classes.get(logSize)
    if (group === undefined) {
      group = emptyClass(logSize)
      classes.set(logSize, group)
    }
    const made: ActiveCircuit = {
      index,
      circuit,
      logHeight,
      mainColumns: circuit.main + (p.hiding ? 1 : 0),
      accumulatorColumns: accumulatorColumns(circuit),
      mainAt: group.mainColumns,
      accumulatorAt: group.accumulatorColumns,
      firstConstraint: constraints,
    }
    active.push(made)
    group.circuits.push(made)
    group.mainColumns += made.mainColumns
    group.accumulatorColumns += made.accumulatorColumns
    group.quotientLength = Math.max(group.quotientLength, circuit.degree * (height + blinders(p)) - height)
    constraints += circuit.constraints.length + groupsOf(circuit).length
    messages += height * circuit.lookups.length
    for (const l of circuit.lookups) messageLength = Math.max(messageLength, l.message.length)
  }
  if (active.length === 0) throw new RangeError('no circuit has rows')
  if (rows >= MAX_ROWS) throw new RangeError(`${rows} rows are too many`)
  const sorted = [...classes.values()].sort((a, b) => b.logSize - a.logSize)
  sorted.forEach((c, i) => {
    finishClass(c, p, i === 0)
  })
  const finalLog = Math.min(p.finalLog, sorted[sorted.length - 1]!.logSize)
  const batch = sorted.reduce((sum, c) => sum + batchTerms(c) * 2 ** c.logDomain, 0)
  return {
    active,
    classes: sorted,
    constraints,
    finalLog,
    finalLength: degreeBound(p, 2 ** finalLog),
    security: security(p, { logDomain: sorted[0]!.logDomain, messages, messageLength, constraints, batch }),
  }
}

/** Columns in the batch of a class, once per point. */
function batchTerms(c: SizeClass): number {
  const next = c.next.reduce((sum, group) => sum + group.columns.length, 0)
  return c.mainColumns + c.accumulatorColumns + c.quotientColumns + next
}

function emptyClass(logSize: number): SizeClass {
  return {
    logSize,
    logDomain: logSize + LOG_BLOWUP,
    circuits: [],
    mainColumns: 0,
    accumulatorColumns: 0,
    quotientLength: 0,
    cosets: 0,
    sliceLength: 0,
    slices: 0,
    quotientColumns: 0,
    next: [],
  }
}

function finishClass(c: SizeClass, p: Parameters, largest: boolean): void {
  const size = 2 ** c.logSize
  c.cosets = Math.ceil(c.quotientLength / size)
  if (c.cosets > 2 ** LOG_BLOWUP) throw new RangeError('a quotient does not fit its domain')
  c.sliceLength = Math.min(size, degreeBound(p, size) - sliceBlinders(p))
  c.slices = Math.ceil(c.quotientLength / c.sliceLength)
  c.quotientColumns = 2 * c.slices + (largest && p.hiding ? 2 : 0)
  const groups = new Map<number, NextColumn[]>()
  for (const circuit of c.circuits) {
    const columns = groups.get(circuit.logHeight) ?? []
    groups.set(circuit.logHeight, columns)
    for (const own of circuit.circuit.nextColumns)
      columns.push({ tree: 'main', column: circuit.mainAt + own, circuit, own })
    for (const own of [0, 1])
      columns.push({ tree: 'accumulators', column: circuit.accumulatorAt + own, circuit, own })
  }
  c.next = [...groups]
    .map(([logHeight, columns]) => ({ logHeight, columns }))
    .sort((a, b) => a.logHeight - b.logHeight)
}

/** The claim: a call of an entry function. */
export interface Claim {
  /** Index of the function. */
  entry: number
  inputs: readonly bigint[]
  outputs: readonly bigint[]
  /** Rank of the row, for ranked entries; any value is accepted. */
  rank: bigint | null
}

/** What is wrong with a claim for a key, or null. */
export function claimProblem(key: VerifyingKey, claim: Claim): string | null {
  const entry = key.entries.find(e => e.index === claim.entry)
  if (entry === undefined) return `function ${claim.entry} is not an entry function of the verifying key`
  const { name, inputs, outputs, ranked } = entry
  if (claim.inputs.length !== inputs || claim.outputs.length !== outputs)
    return `a claim about ${name} has ${inputs} inputs and ${outputs} outputs`
  if ((claim.rank !== null) !== ranked) return `a claim about ${name} has ${ranked ? 'a' : 'no'} rank`
  return null
}

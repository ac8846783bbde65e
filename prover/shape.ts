/**
 * What a proof consists of, as far as key, parameters and heights decide it: the heights at which polynomials are
 * committed, their columns in order, the points they are opened at and the work before each challenge. Prover and
 * verifier derive it alike; nothing of it is in the proof.
 */

import { MAX_ROWS } from '../aiur/vm/ranks.js'
import { ceilLog2, power, reverseBits, rootOfUnity } from './domain.js'
import {
  degreeBound,
  LOG_BLOWUP,
  MAX_LOG_HEIGHT,
  type Parameters,
  type Security,
  security,
  sliceBlinders,
} from './parameters.js'
import { blindersOf, columnLength, logSizeOf, ownQuotientLength, type Part, pack } from './stacks.js'
import { accumulatorColumns, groupsOf, type KeyCircuit, type VerifyingKey } from './verifying-key.js'

/** A circuit with rows. */
export interface ActiveCircuit extends Part {
  /** Position among all circuits of the key. */
  index: number
  circuit: KeyCircuit
  /** Rows of the trace, padding included: 2^logHeight. */
  logHeight: number
  /** Main columns: those of the trace, then the mask of the accumulator if the proof hides. */
  mainColumns: number
  accumulatorColumns: number
  /** First row within its stack in bit-reversed order. */
  position: number
  /** Row r is at the point shift * w^r, w of order 2^logHeight. */
  shift: bigint
  /** Its first main and accumulator column among those of its class: the stack's. */
  mainAt: number
  accumulatorAt: number
  /** Exponent of the challenge that folds its first constraint. */
  firstConstraint: number
  /** Its part of the quotient is evaluated on so many cosets of the domain of its class before blow-up. */
  cosets: number
}

/** Circuits that share columns. */
export interface StackShape {
  logHeight: number
  /** Random coefficients of each column. */
  blinders: number
  mainColumns: number
  accumulatorColumns: number
  mainAt: number
  accumulatorAt: number
  circuits: ActiveCircuit[]
}

/** The stacks whose polynomials are committed over one domain. */
export interface SizeClass {
  /** Polynomials are shorter than degreeBound(2^logSize); evaluations are at 2^(logSize + 2) points. */
  logSize: number
  logDomain: number
  stacks: StackShape[]
  circuits: ActiveCircuit[]
  mainColumns: number
  accumulatorColumns: number
  /** The quotient of the class has degree below this. */
  quotientLength: number
  sliceLength: number
  slices: number
  /** Quotient slices, two columns each; the largest class adds two for the random FRI input if the proof hides. */
  quotientColumns: number
  /** Columns opened at zeta times the root of unity of a trace height, by rising height. */
  next: { logHeight: number; columns: NextColumn[] }[]
}

/** A column opened at the next row. */
export interface NextColumn {
  tree: 'main' | 'accumulators'
  /** Position among the columns of the class. */
  column: number
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

export function logHeightOf(rows: number): number {
  return Math.max(MIN_LOG_HEIGHT, ceilLog2(rows))
}

/**
 * @param heights log height per circuit of the key, -1 for circuits without rows
 * @throws RangeError when the heights are not admissible
 */
export function shapeOf(key: VerifyingKey, heights: ArrayLike<number>, p: Parameters): Shape {
  const active: ActiveCircuit[] = []
  let rows = 0
  let constraints = 0
  let messages = 1
  // the claim is a message, too, whether its circuit has rows or not
  let messageLength = key.entries.reduce((n, e) => Math.max(n, 3 + e.inputs + e.outputs), 0)
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
    if (logHeight > MAX_LOG_HEIGHT)
      throw new RangeError(`${circuit.name}: height 2^${logHeight} is too large`)
    rows += height
    active.push({
      index,
      circuit,
      logHeight,
      mainColumns: circuit.main + (p.hiding ? 1 : 0),
      accumulatorColumns: accumulatorColumns(circuit),
      degree: circuit.degree,
      position: 0,
      shift: 1n,
      mainAt: 0,
      accumulatorAt: 0,
      firstConstraint: constraints,
      cosets: 0,
    })
    constraints += circuit.constraints.length + groupsOf(circuit).length
    messages += height * circuit.lookups.length
    for (const l of circuit.lookups) messageLength = Math.max(messageLength, l.message.length)
  }
  if (active.length === 0) throw new RangeError('no circuit has rows')
  if (rows >= MAX_ROWS) throw new RangeError(`${rows} rows are too many`)
  const sorted = classesOf(active, p)
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

/** Packs the circuits and places their columns; classes by falling size. */
function classesOf(active: ActiveCircuit[], p: Parameters): SizeClass[] {
  const classes = new Map<number, SizeClass>()
  for (const packed of pack(active, p)) {
    const { logHeight, mainColumns, accumulatorColumns, slots } = packed
    const logSize = logSizeOf(p, packed)
    const c = classes.get(logSize) ?? emptyClass(logSize)
    classes.set(logSize, c)
    const columns = columnLength(p, packed)
    const stack: StackShape = {
      logHeight,
      blinders: blindersOf(p, packed),
      mainColumns,
      accumulatorColumns,
      mainAt: c.mainColumns,
      accumulatorAt: c.accumulatorColumns,
      circuits: slots.map(s => s.part),
    }
    for (const { part, position } of slots) {
      const log = logHeight - part.logHeight
      part.position = position
      part.shift = power(rootOfUnity(logHeight), BigInt(reverseBits(position / 2 ** part.logHeight, log)))
      part.mainAt = stack.mainAt
      part.accumulatorAt = stack.accumulatorAt
      const length = ownQuotientLength(columns, part)
      part.cosets = Math.ceil(length / 2 ** logSize)
      if (part.cosets > 2 ** LOG_BLOWUP) throw new RangeError('a quotient does not fit its domain')
      c.quotientLength = Math.max(c.quotientLength, length)
    }
    c.stacks.push(stack)
    c.circuits.push(...stack.circuits)
    c.mainColumns += mainColumns
    c.accumulatorColumns += accumulatorColumns
  }
  return [...classes.values()].sort((a, b) => b.logSize - a.logSize)
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
    stacks: [],
    circuits: [],
    mainColumns: 0,
    accumulatorColumns: 0,
    quotientLength: 0,
    sliceLength: 0,
    slices: 0,
    quotientColumns: 0,
    next: [],
  }
}

function finishClass(c: SizeClass, p: Parameters, largest: boolean): void {
  const size = 2 ** c.logSize
  c.sliceLength = Math.min(size, degreeBound(p, size) - sliceBlinders(p))
  c.slices = Math.ceil(c.quotientLength / c.sliceLength)
  c.quotientColumns = 2 * c.slices + (largest && p.hiding ? 2 : 0)
  c.next = nextColumns(c)
}

/** Every column that some circuit of a height reads on the next row, once per height. */
function nextColumns(c: SizeClass): SizeClass['next'] {
  const groups = new Map<number, { main: Set<number>; accumulators: Set<number> }>()
  for (const { circuit, logHeight, mainAt, accumulatorAt } of c.circuits) {
    const group = groups.get(logHeight) ?? { main: new Set(), accumulators: new Set() }
    groups.set(logHeight, group)
    for (const own of circuit.nextColumns) group.main.add(mainAt + own)
    for (const own of [0, 1]) group.accumulators.add(accumulatorAt + own)
  }
  return [...groups]
    .map(([logHeight, group]) => ({
      logHeight,
      columns: (['main', 'accumulators'] as const).flatMap(tree =>
        [...group[tree]].sort((a, b) => a - b).map(column => ({ tree, column })),
      ),
    }))
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

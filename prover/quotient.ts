/** The quotient of a height class: the sum of folded constraints over vanishing polynomials, on cosets. */

import { P } from '../aiur/vm/goldilocks.js'
import { messagePair, neededNodes, nodeValues, pairOf } from './circuit-program.js'
import { inverseOf, power, reverseBits, rootOfUnity } from './domain.js'
import type { Engine } from './engine/engine.js'
import { VectorOp } from './engine/field-code.js'
import { type Pair, ProgramBuilder } from './engine/program.js'
import { type Extension, extension, times } from './extension.js'
import { LOG_BLOWUP } from './parameters.js'
import type { ColumnSet } from './polynomials.js'
import type { ActiveCircuit, SizeClass } from './shape.js'
import { groupsOf } from './verifying-key.js'

const BLOCK_ROWS = 256

export interface QuotientChallenges {
  beta: Extension
  gammas: readonly Extension[]
  mask: Extension
  /** Powers of the folding challenge, for all constraints. */
  alphas: readonly Extension[]
}

/** Committed columns of a class and the evaluations of the tables of its circuits. */
export interface ClassColumns {
  main: ColumnSet
  accumulators: ColumnSet
  fixed: ReadonlyMap<ActiveCircuit, ColumnSet>
}

/**
 * Adds up all circuits of the class on its cosets into two vectors of engine memory.
 *
 * @param totals masked sum of the lookups of each circuit
 */
export function evaluateQuotient(
  engine: Engine,
  c: SizeClass,
  columns: ClassColumns,
  totals: ReadonlyMap<ActiveCircuit, Extension>,
  challenges: QuotientChallenges,
  target: readonly [number, number],
): void {
  const size = 2 ** c.logSize
  const rows = c.cosets * size
  for (const at of target) engine.view(at, 2 * rows).fill(0)
  engine.scope(() => {
    const points = engine.allocate(8 * size * 2 ** LOG_BLOWUP)
    engine.points(points, c.logDomain, 7n)
    const orders = new Map<number, Uint32Array>()
    for (const active of c.circuits) {
      const { logHeight } = active
      if (!orders.has(logHeight)) orders.set(logHeight, nextRows(c.logSize, logHeight))
      const vanishing = inverseVanishing(engine, c, active)
      engine.scope(() =>
        evaluateCircuit(engine, c, active, columns, totals.get(active)!, challenges, {
          points,
          vanishing,
          next: orders.get(logHeight)!,
          target,
        }),
      )
    }
  })
}

/** 1 / (x^n - shift^n) per run of n rows: in bit-reversed order x^n is constant on them. */
function inverseVanishing(engine: Engine, c: SizeClass, { logHeight, shift }: ActiveCircuit): Uint32Array {
  const runs = 2 ** (c.logDomain - logHeight)
  const height = 2n ** BigInt(logHeight)
  return engine.scope(() => {
    const [values, scratch, code] = [8 * runs, 8 * runs, 32].map(n => engine.allocate(n)) as [
      number,
      number,
      number,
    ]
    // the first points of the runs, in bit-reversed order themselves, to the n-th power
    engine.points(values, c.logDomain - logHeight, power(7n, height))
    engine.scalars(code + 16, [P - power(shift, height)])
    engine.write(code, Uint32Array.of(VectorOp.addScalar, values, values, code + 16))
    engine.run(code, 1, 8 * runs)
    engine.kernels.invertAll(values, 8 * runs, scratch)
    return engine.view(values, 2 * runs).slice()
  })
}

/** Row of the argument times the root of the trace, within a coset in bit-reversed order. */
function nextRows(logSize: number, logHeight: number): Uint32Array {
  const size = 2 ** logSize
  const shift = 2 ** (logSize - logHeight)
  return Uint32Array.from({ length: size }, (_, r) =>
    reverseBits((reverseBits(r, logSize) + shift) % size, logSize),
  )
}

interface Place {
  points: number
  vanishing: Uint32Array
  next: Uint32Array
  target: readonly [number, number]
}

function evaluateCircuit(
  engine: Engine,
  c: SizeClass,
  active: ActiveCircuit,
  columns: ClassColumns,
  total: Extension,
  challenges: QuotientChallenges,
  { points, vanishing, next: nextRow, target }: Place,
): void {
  const { circuit, logHeight, mainColumns, accumulatorColumns } = active
  const size = 2 ** c.logSize
  const rows = Math.min(size, BLOCK_ROWS)
  const b = new ProgramBuilder()
  const x = b.input()
  const inverse = b.input()
  const before: Pair = [b.input(), b.input()]
  const inputs = (count: number) => Array.from({ length: count }, () => b.input())
  const main = inputs(mainColumns)
  const accumulators = inputs(accumulatorColumns)
  const fixed = inputs(circuit.fixed?.width ?? 0)
  const next = new Map(circuit.nextColumns.map(column => [column, b.input()]))
  const nextAccumulator: Pair = [b.input(), b.input()]

  const last = (active.shift * inverseOf(rootOfUnity(logHeight))) % P
  const needed = neededNodes(circuit, [
    ...circuit.constraints,
    ...circuit.lookups.flatMap(l => [l.multiplicity, ...l.message]),
  ])
  const values = nodeValues(b, circuit, needed, { main, next, fixed, transition: b.sub(x, last) })
  const alpha = (i: number) => pairOf(challenges.alphas[active.firstConstraint + i]!)

  // constraints of the circuit: values of F times powers of alpha
  const own = circuit.constraints.map(e => values[e]!)
  const weights = own.map((_, i) => alpha(i))
  let folded: Pair = [0, 1].map(k =>
    b.weighted(
      0n,
      own,
      weights.map(w => w[k as 0 | 1]),
    ),
  ) as unknown as Pair

  const beta = pairOf(challenges.beta)
  const gammas = challenges.gammas.map(pairOf)
  const share = pairOf(times(total, extension(inverseOf(2n ** BigInt(logHeight)))))
  let end: Pair = b.addPair(nextAccumulator, share)
  if (mainColumns > circuit.main) {
    const [c0, c1] = pairOf(challenges.mask)
    const weight: Pair = [b.add(b.mul(x, (7n * c1) % P), c0), b.add(b.mul(x, c0), c1)]
    end = b.subPair(end, b.scalePair(weight, main[circuit.main]!))
  }
  const groups = groupsOf(circuit)
  groups.forEach((group, j) => {
    let product: Pair | null = null
    let numerator: Pair = [0n, 0n]
    for (const lookup of group) {
      const message = messagePair(b, lookup, values, beta, gammas)
      const multiplicity = values[lookup.multiplicity]!
      if (product === null) {
        numerator = [multiplicity, 0n]
        product = message
      } else {
        numerator = b.addPair(b.mulPair(numerator, message), b.scalePair(product, multiplicity))
        product = b.mulPair(product, message)
      }
    }
    const slot = (i: number): Pair => [accumulators[2 * i]!, accumulators[2 * i + 1]!]
    const difference = b.subPair(j === groups.length - 1 ? end : slot(j + 1), slot(j))
    const step = b.subPair(product === null ? difference : b.mulPair(product, difference), numerator)
    folded = b.addPair(folded, b.mulPair(step, alpha(own.length + j)))
  })
  const result = b.addPair(before, b.scalePair(folded, inverse))
  const outputs = [b.output(result[0]), b.output(result[1])]
  const program = b.finish(engine, rows)

  const fixedSet = columns.fixed.get(active)
  for (let start = 0; start < c.cosets * size; start += rows) {
    let input = 0
    const words = () => engine.words
    const at = () => program.inputs[input++]!
    const copy = (source: number) => {
      const to = at() / 4
      const from = source / 4 + 2 * start
      words().copyWithin(to, from, from + 2 * rows)
    }
    copy(points)
    fillRuns(engine.view(at(), 2 * rows), vanishing, start, logHeight)
    copy(target[0])
    copy(target[1])
    const block = (set: ColumnSet, column: number) => {
      const values = set.values(column)
      engine.write(at(), values.subarray(2 * start, 2 * (start + rows)))
    }
    for (let i = 0; i < mainColumns; i++) block(columns.main, active.mainAt + i)
    for (let i = 0; i < accumulatorColumns; i++) block(columns.accumulators, active.accumulatorAt + i)
    for (let i = 0; i < fixed.length; i++) block(fixedSet!, i)
    const ahead = (set: ColumnSet, column: number) => {
      const values = set.values(column)
      const coset = Math.floor(start / size) * size
      const to = at() / 4
      const memory = words()
      for (let r = 0; r < rows; r++) {
        const from = 2 * (coset + nextRow[start - coset + r]!)
        memory[to + 2 * r] = values[from]!
        memory[to + 2 * r + 1] = values[from + 1]!
      }
    }
    for (const column of circuit.nextColumns) ahead(columns.main, active.mainAt + column)
    ahead(columns.accumulators, active.accumulatorAt)
    ahead(columns.accumulators, active.accumulatorAt + 1)
    program.run(rows)
    outputs.forEach((output, k) => {
      const from = program.outputs[output]! / 4
      words().copyWithin(target[k]! / 4 + 2 * start, from, from + 2 * rows)
    })
  }
}

/** Repeats each element of `values` on the rows of its run. */
function fillRuns(target: Uint32Array, values: Uint32Array, start: number, logRun: number): void {
  const run = 2 ** logRun
  for (let i = 0; i < target.length / 2; i++) {
    const index = Math.floor((start + i) / run)
    target[2 * i] = values[2 * index]!
    target[2 * i + 1] = values[2 * index + 1]!
  }
}

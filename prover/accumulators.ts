/** The second stage: running sums of the lookups of a circuit (stark.md 2.3), from its trace. */

import { normalise, P, toBigInt } from '../aiur/vm/goldilocks.js'
import { messagePair, neededNodes, nodeValues, pairOf } from './circuit-program.js'
import { inverseOf, power, rootOfUnity } from './domain.js'
import type { Engine } from './engine/engine.js'
import { VectorOp } from './engine/field-code.js'
import { ProgramBuilder, type Value } from './engine/program.js'
import { type Extension, extension } from './extension.js'
import type { ActiveCircuit } from './shape.js'
import { groupsOf } from './verifying-key.js'

const BLOCK_ROWS = 256

export interface LookupChallenges {
  beta: Extension
  /** Powers of gamma from 0 on. */
  gammas: readonly Extension[]
  mask: Extension
}

export interface Accumulators {
  /** Column after column, rows in order. */
  columns: Uint32Array
  /** Sum of all lookups of the circuit plus its mask. */
  total: Extension
}

/** @param trace main columns, mask included, one after the other in row order */
export function accumulators(
  engine: Engine,
  active: ActiveCircuit,
  trace: Uint32Array,
  challenges: LookupChallenges,
): Accumulators {
  const { circuit, logHeight, mainColumns, shift } = active
  const height = 2 ** logHeight
  const rows = Math.min(height, BLOCK_ROWS)
  const groups = groupsOf(circuit)
  const columns = new Uint32Array(2 * height * 2 * groups.length)
  const total = engine.scope(() => {
    const b = new ProgramBuilder()
    const x = b.input()
    const main = Array.from({ length: mainColumns }, () => b.input())
    const next = new Map(circuit.nextColumns.map(c => [c, b.input()]))
    const fixed = Array.from({ length: circuit.fixed?.width ?? 0 }, () => b.input())
    const needed = neededNodes(
      circuit,
      circuit.lookups.flatMap(l => [l.multiplicity, ...l.message]),
    )
    // no lookup reads the transition selector (derive-key.ts)
    const values = nodeValues(b, circuit, needed, { main, next, fixed, transition: 0n })
    const beta = pairOf(challenges.beta)
    const gammas = challenges.gammas.map(pairOf)
    const messages = circuit.lookups.map(l => messagePair(b, l, values, beta, gammas))
    const norms = messages.map(([m0, m1]) => {
      const norm = b.vector(b.sub(b.mul(m0, m0), b.mul(7n, b.mul(m1, m1))))
      return { norm, output: b.output(norm) }
    })
    b.mark()
    const sums: [Value, Value][] = []
    let lookup = 0
    for (const group of groups) {
      let sum: [Value, Value] = [0n, 0n]
      for (const { multiplicity } of group) {
        const [m0, m1] = messages[lookup]!
        const weight = b.mul(norms[lookup]!.norm, values[multiplicity]!)
        sum = [b.add(sum[0], b.mul(m0, weight)), b.sub(sum[1], b.mul(m1, weight))]
        lookup++
      }
      sums.push(sum)
    }
    let rowSum: [Value, Value] = [0n, 0n]
    for (const sum of sums) rowSum = [b.add(rowSum[0], sum[0]), b.add(rowSum[1], sum[1])]
    if (mainColumns > circuit.main) {
      // mask (1 + theta x), theta the root of 7
      const [c0, c1] = pairOf(challenges.mask)
      const weight: [Value, Value] = [b.add(b.mul(x, (7n * c1) % P), c0), b.add(b.mul(x, c0), c1)]
      const mask = main[circuit.main]!
      rowSum = [b.add(rowSum[0], b.mul(weight[0], mask)), b.add(rowSum[1], b.mul(weight[1], mask))]
    }
    const entering = rowSum.map(value => b.vector(b.copy(value)))
    const enteringOutputs = entering.map(v => b.output(v))
    b.mark()
    const slots: Value[] = [...entering]
    sums.slice(0, -1).forEach((sum, g) => {
      slots.push(b.add(slots[2 * g]!, sum[0]), b.add(slots[2 * g + 1]!, sum[1]))
    })
    const slotOutputs = slots.map(v => b.output(v))
    const program = b.finish(engine, rows)

    const scratch = engine.allocate(8 * rows)
    const carries = [engine.allocate(8), engine.allocate(8)]
    for (const carry of carries) engine.scalars(carry, [0n])
    const root = rootOfUnity(logHeight)
    for (let start = 0; start < height; start += rows) {
      engine.geometric(program.inputs[0]!, rows, (shift * power(root, BigInt(start))) % P, root)
      let input = 1
      for (let c = 0; c < mainColumns; c++) {
        const at = 2 * (c * height + start)
        engine.write(program.inputs[input++]!, trace.subarray(at, at + 2 * rows))
      }
      for (const c of circuit.nextColumns) {
        const target = program.inputs[input++]!
        const column = trace.subarray(2 * c * height, 2 * (c + 1) * height)
        const wraps = start + rows === height
        engine.write(target, column.subarray(2 * (start + 1), 2 * (start + rows + (wraps ? 0 : 1))))
        if (wraps) engine.write(target + 8 * (rows - 1), column.subarray(0, 2))
      }
      for (let c = 0; c < fixed.length; c++)
        writeFixed(engine, program.inputs[input++]!, active, c, start, rows)
      program.run(rows, 0)
      for (const { output } of norms) engine.kernels.invertAll(program.outputs[output]!, 8 * rows, scratch)
      program.run(rows, 1)
      enteringOutputs.forEach((output, c) => {
        engine.kernels.prefixSum(program.outputs[output]!, 8 * rows, carries[c]!)
      })
      program.run(rows, 2)
      slotOutputs.forEach((output, c) => {
        columns.set(engine.view(program.outputs[output]!, 2 * rows), 2 * (c * height + start))
      })
    }
    const { words } = engine
    const [c0, c1] = carries.map(carry => toBigInt(words[carry / 4]!, words[carry / 4 + 1]!)) as [
      bigint,
      bigint,
    ]
    return [c0, c1] as const
  })
  distribute(engine, columns, height, total)
  return { columns, total: extension(...total) }
}

/** Subtracts r total / height from every accumulator on row r, so that the last row leads back to the first. */
function distribute(
  engine: Engine,
  columns: Uint32Array,
  height: number,
  total: readonly [bigint, bigint],
): void {
  const perRow = inverseOf(BigInt(height))
  engine.scope(() => {
    const [column, carry, code] = [8 * height, 8, 16].map(n => engine.allocate(n)) as [number, number, number]
    const shares = total.map(x => {
      const at = engine.allocate(8 * height)
      engine.geometric(at, height, normalise(-x * perRow), 1n)
      engine.scalars(carry, [0n])
      engine.kernels.prefixSum(at, 8 * height, carry)
      return at
    })
    for (let c = 0; c * 2 * height < columns.length; c++) {
      const words = columns.subarray(2 * c * height, 2 * (c + 1) * height)
      engine.write(column, words)
      engine.write(code, Uint32Array.of(VectorOp.add, column, column, shares[c % 2]!))
      engine.run(code, 1, 8 * height)
      words.set(engine.view(column, 2 * height))
    }
  })
}

export function writeFixed(
  engine: Engine,
  target: number,
  { circuit }: ActiveCircuit,
  column: number,
  start: number,
  rows: number,
): void {
  const { width, values } = circuit.fixed!
  const { words } = engine
  for (let r = 0; r < rows; r++) {
    words[target / 4 + 2 * r] = values[(start + r) * width + column]!
    words[target / 4 + 2 * r + 1] = 0
  }
}

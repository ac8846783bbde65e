/** The second stage: running sums of the lookups of a circuit (stark.md 2.3), from its trace. */

import { normalise, P, toBigInt } from '../aiur/vm/goldilocks.js'
import { messagePair, neededNodes, nodeValues, pairOf } from './circuit-program.js'
import { type Piece, piecesOf } from './columns.js'
import { inverseOf, power, rootOfUnity } from './domain.js'
import type { Engine } from './engine/engine.js'
import { VectorOp } from './engine/field-code.js'
import { ProgramBuilder, type Value } from './engine/program.js'
import { type Extension, extension } from './extension.js'
import type { ActiveCircuit } from './shape.js'
import { runAll, type Thread, type Threads } from './threads.js'
import { groupsOf } from './verifying-key.js'

const BLOCK_ROWS = 256

export interface LookupChallenges {
  beta: Extension
  /** Powers of gamma from 0 on. */
  gammas: readonly Extension[]
  mask: Extension
}

export interface LookupSums {
  challenges: LookupChallenges
  /** The n-th item is the n-th active circuit. */
  circuits: readonly {
    /** Main columns, mask included, one after the other in row order. */
    trace: Uint32Array
    /** Where the running sums go, column after column. */
    columns: Uint32Array
  }[]
  /** Rows of a circuit; its running sums start at 0 in each piece. */
  pieces: readonly Piece[]
  /** Four words for each piece: the sum of its rows. */
  totals: Uint32Array
}

/** Rows of a circuit that are summed at a time. */
const SUMMED_ROWS = 8192

/** Running sums of all lookups of the active circuits, and their totals with the masks. */
export function accumulators(
  threads: Threads,
  active: readonly ActiveCircuit[],
  traces: readonly Uint32Array[],
  challenges: LookupChallenges,
): { columns: Uint32Array[]; totals: Extension[] } {
  const heights = active.map(a => 2 ** a.logHeight)
  const circuits = active.map((a, i) => ({
    trace: traces[i]!,
    columns: threads.share(2 * heights[i]! * a.accumulatorColumns),
  }))
  const pieces = piecesOf(heights, SUMMED_ROWS)
  const totals = threads.share(4 * pieces.length)
  runAll(threads, lookupSums, { challenges, circuits, pieces, totals }, pieces.length)
  const sums = active.map(() => [0n, 0n] as [bigint, bigint])
  const before = pieces.map(({ of }, i) => {
    const sum = sums[of]!
    const start = [...sum] as const
    for (const k of [0, 1]) {
      const at = 4 * i + 2 * k
      sum[k] = (sum[k]! + toBigInt(totals[at]!, totals[at + 1]!)) % P
    }
    return start
  })
  // - r total / height on row r, so that the last row leads back to the first
  const starts = pieces.map(({ of, from }, i) => {
    const step = sums[of]!.map(total => normalise(-total * inverseOf(BigInt(heights[of]!)))) as [
      bigint,
      bigint,
    ]
    return { step, start: before[i]!.map((x, k) => (x + step[k]! * BigInt(from)) % P) as [bigint, bigint] }
  })
  runAll(
    threads,
    spreadTotals,
    { columns: circuits.map(c => c.columns), heights, pieces, starts },
    pieces.length,
  )
  return { columns: circuits.map(c => c.columns), totals: sums.map(([c0, c1]) => extension(c0, c1)) }
}

/** Running sums over some rows of a circuit. */
export function lookupSums(thread: Thread, args: LookupSums, piece: number): void {
  const { engine } = thread
  const { of, from, to } = args.pieces[piece]!
  const active = thread.shape!.active[of]!
  const { challenges } = args
  const { trace, columns } = args.circuits[of]!
  const { circuit, logHeight, mainColumns, shift } = active
  const height = 2 ** logHeight
  const rows = Math.min(to - from, BLOCK_ROWS)
  const groups = groupsOf(circuit)
  engine.scope(() => {
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
    for (let start = from; start < to; start += rows) {
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
    carries.forEach((carry, k) => {
      args.totals.set(engine.view(carry, 2), 4 * piece + 2 * k)
    })
  })
}

export interface SpreadTotals {
  columns: readonly Uint32Array[]
  heights: readonly number[]
  pieces: readonly Piece[]
  /** What is added to the first row of a piece, and how much more on each row, by coordinate. */
  starts: readonly { start: readonly [bigint, bigint]; step: readonly [bigint, bigint] }[]
}

/** Adds what comes before the rows and their share of the total to some rows of all accumulators of a circuit. */
export function spreadTotals({ engine }: Thread, args: SpreadTotals, piece: number): void {
  const { of, from, to } = args.pieces[piece]!
  const { start, step } = args.starts[piece]!
  const [columns, height] = [args.columns[of]!, args.heights[of]!]
  const count = to - from
  engine.scope(() => {
    const [column, carry, code] = [8 * count, 8, 16].map(n => engine.allocate(n)) as [number, number, number]
    const shares = step.map((x, k) => {
      const at = engine.allocate(8 * count)
      engine.geometric(at, count, x, 1n)
      engine.scalars(carry, [start[k]!])
      engine.kernels.prefixSum(at, 8 * count, carry)
      return at
    })
    for (let c = 0; c * 2 * height < columns.length; c++) {
      const words = columns.subarray(2 * (c * height + from), 2 * (c * height + to))
      engine.write(column, words)
      engine.write(code, Uint32Array.of(VectorOp.add, column, column, shares[c % 2]!))
      engine.run(code, 1, 8 * count)
      words.set(engine.view(column, 2 * count))
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

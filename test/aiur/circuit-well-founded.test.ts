import { describe, expect, test } from 'vitest'
import type { BytecodeFunction, Program } from '../../aiur/bytecode.js'
import { checkTraces } from '../../aiur/circuit/check.js'
import { checkConstraints, constraintSystem } from '../../aiur/circuit/constraints.js'
import { gadgetRows } from '../../aiur/circuit/gadgets.js'
import { layout } from '../../aiur/circuit/layout.js'
import { gadgetTrace, MatrixTrace } from '../../aiur/circuit/trace.js'
import { P } from '../../aiur/vm/goldilocks.js'
import { execute } from '../../aiur/vm/interpreter.js'
import { IoBuffer } from '../../aiur/vm/io.js'
import { MAX_ROWS, planRanks } from '../../aiur/vm/ranks.js'
import { ExecutionRecord } from '../../aiur/vm/record.js'
import {
  block,
  call,
  constant,
  fibonacci,
  fn,
  listWalk,
  match,
  program,
  ret,
  yields,
} from './bytecode-builder.js'

type Row = (number | bigint)[]

/** Checks supplied rows: function rows by function index, memory rows by size, gadgets by their uses. */
function supplied(
  p: Program,
  ranks: boolean,
  rows: Record<number, Row[]>,
  claim: Row,
  memories: Record<number, Row[]> = {},
  record?: ExecutionRecord,
): string[] {
  const shapes = layout(p, { ranks })
  const system = constraintSystem(shapes)
  const matrix = (circuit: (typeof system)['memories'][number], cells: Row[]) => {
    const trace = new MatrixTrace(
      circuit,
      cells.length,
      new Uint32Array(2 * cells.length * circuit.columns.length),
    )
    cells.forEach((row, r) => {
      expect(row, circuit.columns.join()).toHaveLength(circuit.columns.length)
      row.forEach((value, c) => {
        trace.set(r, c, BigInt(value))
      })
    })
    return trace
  }
  const made = [
    ...system.functions.map((f, i) => matrix(f.circuit, rows[shapes.functions[i]!.index] ?? [])),
    ...system.memories.map((m, i) => matrix(m, memories[shapes.memories[i]!.size] ?? [])),
    ...(record === undefined ? [] : gadgetRows(record, { ranks }).map(gadgetTrace)),
  ]
  return checkTraces(made, [claim.map(BigInt)]).map(String)
}

/** Ranks that a forger might try. */
const ranksToTry = [0n, 1n, 2n, P - 1n, P - 2n, 1n << 32n]

const passes = (callee: number): BytecodeFunction['body'] => block([call(callee, [0])], ret(0, 1))

/** Two calls of itself in the innermost of `depth` matches that go on, each of which merges a rank with another call's. */
function nested(depth: number): Program {
  const inner = (left: number): BytecodeFunction['body'] =>
    left === 0
      ? block([call(0, [0]), call(0, [0])], yields(0, 1))
      : {
          ops: [call(0, [0])],
          control: {
            control: 'matchContinue',
            scrutinee: 0,
            cases: [{ value: 0n, block: inner(left - 1) }],
            default: null,
            outputSize: 1,
            continuation: block([], left === depth ? ret(left, 0) : yields(left, 0)),
          },
        }
  return program(fn('f', 1, 1, inner(depth)))
}

test('ranks of a circle cannot wrap: a path has few checks, and traces have few rows', () => {
  const p = nested(6)
  const checks = constraintSystem(layout(p)).functions[0]!.circuit.columns.filter(c => c.startsWith('rank ['))
  expect(checks.length).toBe(7)
  // differences and steps around a circle of all rows, as integers
  expect(BigInt(MAX_ROWS) * (BigInt(checks.length) * 2n ** 32n + 1n)).toBeLessThan(P)
  expect(() => layout(nested(7))).toThrow('f: matches with a continuation are nested more than 6 deep')
})

describe('no circle of calls supports a row', () => {
  test('a row that supports itself', () => {
    const p = program(fn('f', 1, 1, passes(0)))
    // input, selector, multiplicity, result
    expect(supplied(p, false, { 0: [[3, 1, 2, 42]] }, [1, 0, 3, 42])).toEqual([])
    for (const r of ranksToTry)
      for (const claimed of [r, r + 1n])
        expect(supplied(p, true, { 0: [[3, 1, 2, 42, r]] }, [1, 0, 3, 42, claimed]).length).toBeGreaterThan(0)
  })

  test('circles of two and three functions', () => {
    const two = program(fn('g', 1, 1, passes(1)), fn('f', 1, 1, passes(0)))
    expect(supplied(two, false, { 0: [[3, 1, 1, 42]], 1: [[3, 1, 2, 42]] }, [1, 1, 3, 42])).toEqual([])
    for (const r of ranksToTry)
      for (const s of [r, r + 1n, r - 1n])
        expect(
          supplied(two, true, { 0: [[3, 1, 1, 42, r]], 1: [[3, 1, 2, 42, s]] }, [1, 1, 3, 42, s + 1n]).length,
        ).toBeGreaterThan(0)

    const three = program(fn('h', 1, 1, passes(2)), fn('g', 1, 1, passes(0)), fn('f', 1, 1, passes(1)))
    const rows = { 0: [[3, 1, 1, 42]], 1: [[3, 1, 1, 42]], 2: [[3, 1, 2, 42]] }
    expect(supplied(three, false, rows, [1, 2, 3, 42])).toEqual([])
    for (const r of ranksToTry) {
      const ranked = { 0: [[3, 1, 1, 42, r]], 1: [[3, 1, 1, 42, r + 1n]], 2: [[3, 1, 2, 42, r + 2n]] }
      expect(supplied(three, true, ranked, [1, 2, 3, 42, r + 3n]).length).toBeGreaterThan(0)
    }
  })

  test('a row with two calls has to bound both ranks', () => {
    const p = program(fn('f', 1, 1, block([call(0, [0]), call(0, [0])], ret(0, 1))))
    // input, selector, multiplicity, result, (rank,) result, (rank, own rank)
    expect(supplied(p, false, { 0: [[3, 1, 3, 42, 42]] }, [1, 0, 3, 42])).toEqual([])
    for (const r of ranksToTry) {
      const record = new ExecutionRecord(p, planRanks(p))
      // The differences r - (r + 1) would have to be below 2^32.
      const row = record.rankDifferences.intern(new Uint32Array([0xffffffff, 0, 0xffffffff, 0]), 0)
      record.rankDifferences.multiplicity[row] = 1
      const failures = supplied(p, true, { 0: [[3, 1, 3, 42, r, 42, r, r]] }, [1, 0, 3, 42, r], {}, record)
      expect(failures.length).toBeGreaterThan(0)
    }
  })

  test('a difference that is no 32-bit number is not provided', () => {
    const p = fibonacci()
    const shapes = layout(p)
    expect(shapes.functions[0]!.ranked).toBe(true)
    const io = new IoBuffer()
    const outcome = execute(p, 0, [6n], io)
    if (!outcome.ok) throw outcome.error
    const rows = gadgetRows(outcome.record, { ranks: true })
    const made = rows.map(r => MatrixTrace.of(gadgetTrace(r)))
    const range = made.find(t => t.circuit.name === 'Range32')!
    // Put p - 1 in place of the number of row 0: by one wide "nibble", the others zero.
    for (let c = 2; c < 10; c++) range.set(0, c, c === 2 ? P - 1n : 0n)
    const failures = checkTraces(made, []).filter(f => f.circuit === 'Range32' && /nibble/.test(f.what))
    expect(failures.length).toBeGreaterThan(0)
  })

  test('a circle through a call that is promoted', () => {
    // main calls #f(x) and then f(x); f supports itself
    const p = program(
      fn(
        'f',
        1,
        1,
        block([], match(0, [[0, block([constant(1)], ret(0, 1))]], block([call(0, [0])], ret(1, 1)))),
      ),
      fn(
        'main',
        1,
        1,
        block([call(0, [0], 1, true), call(0, [0]), { op: 'assertEq', xs: [1], ys: [2] }], ret(0, 2)),
      ),
    )
    const third = (x: bigint) => {
      let r = 1n
      for (let e = P - 2n, b = x; e > 0n; e >>= 1n, b = (b * b) % P) if (e & 1n) r = (r * b) % P
      return r
    }
    const w = third(3n)
    // f: input, two selectors, multiplicity, witness, result (, rank); main: input, selector, multiplicity, two results (, rank)
    expect(supplied(p, false, { 0: [[3, 0, 1, 2, w, 42]], 1: [[3, 1, 1, 42, 42]] }, [1, 1, 3, 42])).toEqual(
      [],
    )
    for (const r of ranksToTry)
      for (const s of [r, r + 1n])
        expect(
          supplied(p, true, { 0: [[3, 0, 1, 2, w, 42, r]], 1: [[3, 1, 1, 42, 42, s]] }, [1, 1, 3, 42]).length,
        ).toBeGreaterThan(0)
  })

  test('cyclic data that a ranked function traverses', () => {
    const p = listWalk()
    expect(layout(p).functions[0]!.ranked).toBe(true)
    // input, selectors, multiplicity, loaded tag and next, result (, rank)
    const rows = (...ranks: bigint[]) => ({
      0: [
        [0, 0, 1, 2, 1, 1, 42, ...ranks.slice(0, 1)],
        [1, 0, 1, 1, 1, 0, 42, ...ranks.slice(1)],
      ],
    })
    const memory = {
      2: [
        [1, 1, 0, 1, 1],
        [1, 1, 1, 1, 0],
      ],
    }
    expect(supplied(p, false, rows(), [1, 0, 0, 42], memory)).toEqual([])
    for (const r of ranksToTry)
      for (const s of [r, r + 1n, r - 1n])
        expect(supplied(p, true, rows(r, s), [1, 0, 0, 42, r + 1n], memory).length).toBeGreaterThan(0)
  })
})

describe('which functions carry ranks', () => {
  const counting = (step: bigint) =>
    program(
      fn(
        'f',
        2,
        1,
        block(
          [],
          match(
            1,
            [[0, block([], ret(0, 0))]],
            block([constant(step), { op: 'sub', a: 1, b: 2 }, call(0, [0, 3])], ret(1, 4)),
          ),
        ),
      ),
    )

  test('none for an input that every self call changes by the same small constant', () => {
    expect(layout(counting(1n)).functions[0]).toMatchObject({
      ranked: false,
      step: { input: 1, change: P - 1n },
    })
    expect(layout(counting(1n << 40n)).functions[0]!.ranked).toBe(true)
    expect(layout(counting(0n)).functions[0]!.ranked).toBe(true)
    // fib calls itself with n - 1 and n - 2
    expect(layout(fibonacci()).functions[0]!.ranked).toBe(true)
  })

  test('none for calls that leave a component, one column for callers from outside', () => {
    const p = program(
      fn('leaf', 1, 1, block([], ret(0, 0))),
      fn(
        'f',
        1,
        1,
        block([], match(0, [[0, block([call(0, [0])], ret(0, 1))]], block([call(1, [0])], ret(1, 1)))),
      ),
      fn('main', 1, 1, block([call(1, [0])], ret(0, 1))),
    )
    const [leaf, f, main] = layout(p).functions
    expect([leaf!.ranked, f!.ranked, main!.ranked]).toEqual([false, true, false])
    expect(main!.width - main!.unranked.width).toBe(1)
    expect(f!.width - f!.unranked.width).toBe(1)
    expect(leaf!.width).toBe(leaf!.unranked.width)
  })

  test('ranks of an honest execution satisfy the constraints', () => {
    const p = fibonacci()
    const io = new IoBuffer()
    const outcome = execute(p, 0, [30n], io)
    if (!outcome.ok) throw outcome.error
    const table = outcome.record.functions[0]!
    expect(Array.from(table.rank!.subarray(0, 5))).toEqual([0, 0, 1, 2, 3])
    const call = { entry: 0, args: [30n], outputs: outcome.outputs, io }
    expect(checkConstraints(layout(p), outcome.record, call).map(String)).toEqual([])
    // Differences of a single pair (0, 1), except for fib(2).
    expect(outcome.record.rankDifferences.count).toBe(2)
  })
})

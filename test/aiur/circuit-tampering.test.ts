import { expect, test } from 'vitest'
import type { Op, Program } from '../../aiur/bytecode.js'
import { checkTraces } from '../../aiur/circuit/check.js'
import type { Circuit } from '../../aiur/circuit/circuit.js'
import { claimMessage, constraintSystem, traces } from '../../aiur/circuit/constraints.js'
import { bytePairOnDemand, range32, rankDifferences } from '../../aiur/circuit/gadget-circuits.js'
import { BYTE_RANGE } from '../../aiur/circuit/gadget-tables.js'
import { layout } from '../../aiur/circuit/layout.js'
import { MatrixTrace } from '../../aiur/circuit/trace.js'
import { compile } from '../../aiur/language/compile.js'
import { execute } from '../../aiur/vm/interpreter.js'
import { IoBuffer } from '../../aiur/vm/io.js'
import {
  block,
  call,
  constant,
  factorial,
  fibonacci,
  fn,
  match,
  program,
  ret,
  single,
  twoStores,
  yields,
} from './bytecode-builder.js'
import { PROGRAMS } from './programs.js'

/** Honest traces of an execution, and their check. */
function honest(p: Program, args: bigint[], io = new IoBuffer()) {
  const entry = p.functions.length - 1
  const outcome = execute(p, entry, args, io)
  if (!outcome.ok) throw outcome.error
  const shapes = layout(p)
  const made = traces(constraintSystem(shapes), shapes, outcome.record, io).map(MatrixTrace.of)
  const claim = claimMessage(shapes, outcome.record, { entry, args, outputs: outcome.outputs })
  return { made, check: () => checkTraces(made, [claim], { maxFailures: 1 }) }
}

/**
 * Changes every cell, one at a time, and requires rejection. `free` tells the columns that the row leaves
 * unused. Of tables only rows in use are tried, and row 0.
 */
function everyCellCounts(
  p: Program,
  args: bigint[],
  free: (column: number, trace: MatrixTrace, row: number) => boolean = () => false,
  io = new IoBuffer(),
): number {
  const { made, check } = honest(p, args, io)
  expect(check().map(String)).toEqual([])
  let cells = 0
  for (const trace of made) {
    const table = trace.circuit.fixed !== null
    for (let row = 0; row < trace.height; row++) {
      for (let column = 0; column < trace.circuit.columns.length; column++) {
        if (trace.circuit.kind === 'function' && free(column, trace, row)) continue
        const value = trace.get(row, column)
        if (table && value === 0n && row !== 0) continue
        trace.set(row, column, value + 1n)
        if (check().length === 0)
          throw new Error(`${trace.circuit.name} row ${row}: ${trace.circuit.columns[column]} is not checked`)
        trace.set(row, column, value)
        cells++
      }
    }
  }
  return cells
}

const pair = (op: string): Op => ({ op, a: 0, b: 1 }) as Op
const quad = (from: number) => [0, 1, 2, 3].map(i => from + i)

test.each<[string, Program, number[]]>([
  ['mul', single(2, pair('mul')), [3, 5]],
  ['eqZero of zero', single(1, { op: 'eqZero', a: 0 }), [0]],
  ['eqZero', single(1, { op: 'eqZero', a: 0 }), [5]],
  ['store', single(2, { op: 'store', values: [0, 1] }), [3, 5]],
  ['load', single(2, { op: 'load', size: 2, ptr: 2 }, { op: 'store', values: [0, 1] }), [3, 5]],
  ['assertEq', single(2, { op: 'assertEq', xs: [0], ys: [1] }), [4, 4]],
  ['u8BitDecomposition', single(1, { op: 'u8BitDecomposition', a: 0 }), [77]],
  ['u8ShiftLeft', single(1, { op: 'u8ShiftLeft', a: 0 }), [200]],
  ['u8ShiftRight', single(1, { op: 'u8ShiftRight', a: 0 }), [45]],
  ...[
    'u8Xor',
    'u8And',
    'u8Or',
    'u8LessThan',
    'u8Add',
    'u8Sub',
    'u8Mul',
    'u8ChainRotr7',
    'u8ChainRotr4',
    'u8XorSplit7',
    'u8XorSplit4',
    'u8RangeCheck',
  ].map((op): [string, Program, number[]] => [op, single(2, pair(op)), [157, 203]]),
  ...['u4Xor', 'u4XorSplit3', 'u4RangeCheck'].map((op): [string, Program, number[]] => [
    op,
    single(2, pair(op)),
    [9, 6],
  ]),
  ['u32RangeCheck', single(1, { op: 'u32RangeCheck', a: 0 }), [0x12345678]],
  ['u32LessThan', single(2, pair('u32LessThan')), [300, 70000]],
  [
    'unconstrainedU32Add',
    single(8, { op: 'unconstrainedU32Add', a: quad(0), b: quad(4) }),
    [9, 8, 7, 6, 255, 4, 3, 2],
  ],
  ['unconstrainedGToBytes', single(1, { op: 'unconstrainedGToBytes', a: 0 }), [123456]],
  ['unconstrainedGInverse', single(1, { op: 'unconstrainedGInverse', a: 0 }), [7]],
])('%s: no cell of the trace can be changed', (name, p, args) => {
  // input, selector, multiplicity, inverse of the operand: any number does when that is zero
  const free = (column: number) => name === 'eqZero of zero' && column === 3
  expect(everyCellCounts(p, args.map(BigInt), free)).toBeGreaterThan(2)
})

test('matches, merges, calls and recursion: no cell in use can be changed', () => {
  // input, two selectors, multiplicity; the rest belongs to the default arm
  const base = (column: number, trace: MatrixTrace, row: number) => trace.get(row, 1) === 1n && column > 3
  expect(everyCellCounts(factorial(), [3n], base)).toBe(3 * 7 + 4)
  const merge = program(
    fn('f', 1, 1, {
      ops: [],
      control: {
        control: 'matchContinue',
        scrutinee: 0,
        cases: [{ value: 7n, block: block([constant(10)], yields(0, 1)) }],
        default: block([{ op: 'mul', a: 0, b: 0 }], yields(1, 1)),
        outputSize: 1,
        continuation: block([constant(1), { op: 'add', a: 1, b: 2 }], ret(2, 3)),
      },
    }),
  )
  // the arm of 7 leaves witness and product of the default arm unused
  expect(everyCellCounts(merge, [7n], column => column === 5 || column === 6)).toBe(6)
  expect(everyCellCounts(merge, [8n])).toBe(8)
  // input, three selectors, multiplicity; ten rows: nine columns more in the default arm with its ranks
  const leaf = (column: number, trace: MatrixTrace, row: number) => trace.get(row, 3) === 0n && column > 4
  expect(everyCellCounts(fibonacci(), [5n], leaf)).toBeGreaterThan(4 * 12 + 2 * 5)
})

test('a row with all selectors off provides nothing', () => {
  const functions: [Program, bigint[]][] = [
    [single(2, pair('mul')), [3n, 5n]],
    [program(fn('f', 1, 1, block([], match(0, [[1, block([], ret(0, 0))]], block([], ret(1, 0)))))), [1n]],
  ]
  for (const [p, args] of functions) {
    const { made, check } = honest(p, args)
    const trace = made[0]!
    const { inputSize, selectors } = p.functions[0]!
    for (let s = 0; s < selectors; s++) trace.set(0, inputSize + s, 0n)
    expect(check().map(f => f.what)).toContain('multiplicity of a row without a selected leaf is zero')
  }
  const { made, check } = honest(single(1, { op: 'store', values: [0] }), [3n])
  made[1]!.set(0, 1, 0n)
  expect(check().map(f => f.what)).toContain('multiplicity of an unused row is zero')
})

test('an arm without lookups contributes to no message', () => {
  // Arm 0 stores, arm 1 has no lookup; both share the slot.
  const p = program(
    fn(
      'f',
      1,
      1,
      block(
        [],
        match(
          0,
          [
            [0, block([{ op: 'store', values: [0] }], ret(0, 1))],
            [1, block([], ret(1, 0))],
          ],
          null,
        ),
      ),
    ),
  )
  const { made, check } = honest(p, [1n])
  expect(made.map(t => t.circuit.name)).toEqual(['f'])
  expect(check()).toEqual([])
})

test('memory pointers are consecutive and tables keep their height', () => {
  const { made, check } = honest(twoStores(), [3n, 5n])
  const memory = made[1]!
  memory.set(1, 2, 7n)
  expect(check().map(f => f.what)).toEqual(['pointers of successive rows are consecutive'])
  memory.set(1, 2, 1n)
  expect(check()).toEqual([])

  const table = honest(single(1, { op: 'u8ShiftLeft', a: 0 }), [3n])
  const bytes = table.made[1]!
  table.made[1] = new MatrixTrace(bytes.circuit, 128, bytes.values.slice(0, bytes.values.length / 2))
  expect(table.check().map(String)).toEqual(['Bytes1: a table of 256 rows has a trace of 128'])
})

test('a call of a function that has no row is not balanced', () => {
  const p = program(
    fn('g', 1, 1, block([{ op: 'mul', a: 0, b: 0 }], ret(0, 1))),
    fn('f', 1, 1, block([call(0, [0])], ret(0, 1))),
  )
  const { made } = honest(p, [3n])
  const failures = checkTraces(made.slice(1), [[1n, 1n, 3n, 9n]])
  expect(failures.map(String)).toEqual([
    'f, row 0: call of function 0: message function(0, 3, 9) is demanded 1 times too often',
  ])
})

test('in no circuit can a row provide anything with its selectors off', () => {
  let providers = 0
  const check = (circuit: Circuit, selectors: number[], multiplicity: number) => {
    const trace = new MatrixTrace(circuit, 1, new Uint32Array(2 * circuit.columns.length))
    for (let c = 0; c < circuit.columns.length; c++)
      trace.set(0, c, selectors.includes(c) ? 0n : c === multiplicity ? 1n : BigInt(1000 + 37 * c))
    const broken = checkTraces([trace], [], { maxFailures: 100 }).filter(f => f.kind === 'constraint')
    expect(broken.length, circuit.name).toBeGreaterThan(0)
    providers++
  }
  for (const { name, source, tags } of PROGRAMS) {
    const p = compile([{ name, text: source }], { tags })
    const shapes = layout(p)
    const system = constraintSystem(shapes)
    system.functions.forEach((f, i) => {
      const { inputs, selectors } = shapes.functions[i]!
      const off = Array.from({ length: selectors }, (_, s) => inputs + s)
      check(f.circuit, off, f.multiplicity)
    })
    for (const m of system.memories) check(m, [1], 0)
  }
  for (let op = 0; op <= BYTE_RANGE; op++) check(bytePairOnDemand(op).circuit, [0], 1)
  check(range32().circuit, [0], 1)
  check(rankDifferences().circuit, [0], 1)
  expect(providers).toBeGreaterThan(70)
})

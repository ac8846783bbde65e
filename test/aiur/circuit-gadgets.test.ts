import { expect, test } from 'vitest'
import type { Op, Program } from '../../aiur/bytecode.js'
import { checkConstraints } from '../../aiur/circuit/constraints.js'
import { report } from '../../aiur/circuit/cost.js'
import { gadgetRows, gadgets } from '../../aiur/circuit/gadgets.js'
import { layout } from '../../aiur/circuit/layout.js'
import { BYTE_PAIR_OPS } from '../../aiur/vm/bytes.js'
import { execute } from '../../aiur/vm/interpreter.js'
import { IoBuffer } from '../../aiur/vm/io.js'
import { block, call, constant, factorial, fn, match, program, ret } from './bytecode-builder.js'

/** all(a, b) applies the op to (a, b), (a, b - 1), ... (a, 0), and below a; rows are the pairs. */
function grid(op: Op): Program {
  return program(
    fn('pair', 2, 0, block([op], ret(0))),
    fn(
      'line',
      2,
      0,
      block(
        [call(0, [0, 1], 0)],
        match(
          1,
          [[0, block([], ret(0))]],
          block([constant(1), { op: 'sub', a: 1, b: 2 }, call(1, [0, 3], 0)], ret(1)),
        ),
      ),
    ),
    fn(
      'all',
      2,
      0,
      block(
        [call(1, [0, 1], 0)],
        match(
          0,
          [[0, block([], ret(0))]],
          block([constant(1), { op: 'sub', a: 0, b: 2 }, call(2, [3, 1], 0)], ret(1)),
        ),
      ),
    ),
  )
}

function run(p: Program, args: bigint[]) {
  const io = new IoBuffer()
  const entry = p.functions.length - 1
  const outcome = execute(p, entry, args, io)
  if (!outcome.ok) throw outcome.error
  const shapes = layout(p)
  const check = () =>
    checkConstraints(shapes, outcome.record, { entry, args, outputs: outcome.outputs, io }).map(String)
  return { record: outcome.record, shapes, check }
}

test('an execution without byte operations pays nothing for them', () => {
  const { record, shapes, check } = run(factorial(), [20n])
  expect(gadgetRows(record, { ranks: true })).toEqual([])
  expect(report(shapes, record).cost.floor).toBe(0)
  expect(check()).toEqual([])
})

test('a few byte operations cost far less than five million', () => {
  const { record, shapes } = run(grid({ op: 'u8Xor', a: 0, b: 1 }), [3n, 3n])
  const costs = report(shapes, record)
  expect(costs.circuits.filter(c => c.kind === 'gadget').map(c => [c.name, c.rows])).toEqual([
    ['Nibbles', 256],
    ['u8Xor', 16],
  ])
  expect(costs.cost.floor).toBeLessThan(200_000)
  expect(costs.cost.floor).toBeGreaterThan(100_000)
})

test.each([...BYTE_PAIR_OPS, 'u8RangeCheck'])('%s holds on a sample of all pairs, on demand', name => {
  const { record, check } = run(grid({ op: name, a: 0, b: 1 } as Op), [255n, 5n])
  const rows = gadgetRows(record, { ranks: true })
  expect(rows.map(r => r.circuit.name)).toEqual([name, 'Nibbles'])
  expect(rows[0]!.height).toBe(256 * 6)
  expect(check()).toEqual([])
})

test('the preprocessed table takes over where it is cheaper', () => {
  const { record, check } = run(grid({ op: 'u8Mul', a: 0, b: 1 }), [255n, 150n])
  expect(gadgetRows(record, { ranks: true }).map(r => [r.circuit.name, r.height])).toEqual([
    ['u8Mul (table)', 65536],
  ])
  expect(check()).toEqual([])
})

test('counts survive the growth of their tables', () => {
  // f(n) = range check of n, f(n - 1) and, twice deeper in rank, f(n - 1) again through g
  const p = program(
    fn('g', 1, 0, block([call(1, [0], 0)], ret(0))),
    fn(
      'f',
      1,
      0,
      block(
        [{ op: 'u32RangeCheck', a: 0 }],
        match(
          0,
          [[0, block([], ret(0))]],
          block(
            [
              constant(1),
              { op: 'sub', a: 0, b: 1 },
              constant(0),
              call(0, [2], 0),
              call(1, [3], 0),
              call(1, [2], 0),
            ],
            ret(1),
          ),
        ),
      ),
    ),
  )
  const { record, check } = run(p, [100n])
  expect(record.rangeUses.count).toBe(101)
  expect(record.rankDifferences.count).toBeGreaterThan(100)
  expect(Array.from(record.rangeUses.multiplicity.subarray(0, 101))).toEqual(new Array(101).fill(1))
  expect(check()).toEqual([])
})

test('32-bit range checks have one row per distinct number', () => {
  const p = program(
    fn(
      'f',
      3,
      0,
      block(
        [0, 1, 2, 0].map((a): Op => ({ op: 'u32RangeCheck', a })),
        ret(0),
      ),
    ),
  )
  const { record, check } = run(p, [0n, 0xffffffffn, 0x12345678n])
  const [range] = gadgetRows(record, { ranks: true })
  expect([range!.circuit.name, range!.height]).toEqual(['Range32', 3])
  expect(check()).toEqual([])
})

test('shapes of the gadgets', () => {
  const shapes = Object.fromEntries(
    gadgets(layout(program(fn('f', 1, 1, block([call(0, [0])], ret(0, 1)))))).map(g => [
      g.name,
      [g.main, g.lookups, g.stage2, g.quotientDegree, g.width],
    ]),
  )
  expect(shapes).toMatchObject({
    Nibbles: [3, 3, 6, 1, 11],
    Bytes1: [3, 3, 6, 1, 11],
    u8Xor: [8, 3, 6, 1, 16],
    u8Add: [8, 4, 4, 2, 16],
    u8Mul: [10, 5, 6, 2, 20],
    u8RangeCheck: [6, 3, 6, 1, 14],
    'u8Xor (table)': [1, 1, 2, 1, 5],
    Range32: [10, 5, 6, 2, 20],
    RankDifferences: [4, 3, 6, 1, 12],
  })
})

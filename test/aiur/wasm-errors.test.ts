import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Op, Program } from '../../aiur/bytecode.js'
import { P } from '../../aiur/vm/goldilocks.js'
import { execute } from '../../aiur/vm/interpreter.js'
import { IoBuffer } from '../../aiur/vm/io.js'
import { resultCount } from '../../aiur/vm/values.js'
import { executeHere } from '../../aiur/wasm/engine.js'
import { block, call, constant, fn, match, program, ret, yields } from './bytecode-builder.js'
import { differenceHere, differenceOfOutcomes, plainEngine } from './compare-engines.js'
import { randomProgram } from './random-program.js'

/** A function that applies one op to its inputs and returns all results. */
function single(inputs: number, op: Op, ...before: Op[]): Program {
  const start = inputs + before.reduce((n, o) => n + resultCount(o), 0)
  const results = Array.from({ length: resultCount(op) }, (_, i) => start + i)
  return program(fn('f', inputs, results.length, block([...before, op], ret(0, ...results))))
}

const pair = (op: string): Op => ({ op, a: 0, b: 1 }) as Op
const W32 = 2 ** 32
const W = BigInt(W32)

function io(): IoBuffer {
  const buffer = new IoBuffer()
  buffer.put(3, [4], [10, 20, 2 ** 40])
  buffer.put(3, [4, 2 ** 33], [30])
  return buffer
}

async function expectEqual(p: Program, args: (number | bigint)[], limits = {}): Promise<void> {
  const engine = await plainEngine(p)
  expect(differenceHere(engine, p.functions.length - 1, args.map(BigInt), io, limits)).toBe(null)
}

describe('failures are those of the interpreter, with the same message, trace, record and IO', () => {
  const limbs = pair('unconstrainedLimbsDivMod')
  const bytes = (first: number): Op => ({ op: 'store', values: [first, 1, 1, 1, 1, 1, 1, 1, 1, 1] })
  test.each([
    ['byteRange', single(2, pair('u8Add')), [256, 0]],
    ['byteRange', single(2, pair('u8Xor')), [1, P - 1n]],
    ['byteRange, one operand', single(1, { op: 'u8Mul', a: 0, b: 0 }), [700]],
    ['byteRange', single(2, pair('u8RangeCheck')), [0, 256]],
    ['byteRange', single(1, { op: 'u8ShiftLeft', a: 0 }), [256]],
    [
      'byteRange of a sum',
      single(2, { op: 'unconstrainedU32Add', a: [0, 0, 0, 1], b: [0, 0, 0, 0] }),
      [1, 256],
    ],
    ['nibbleRange', single(2, pair('u4Xor')), [16, 0]],
    ['nibbleRange', single(2, pair('u4RangeCheck')), [0, 16]],
    ['u32Range', single(2, pair('u32LessThan')), [W, 0]],
    ['u32Range', single(1, { op: 'u32RangeCheck', a: 0 }), [W]],
    ['assertMismatch', single(2, { op: 'assertEq', xs: [0, 0], ys: [1, 0], message: 'm' }), [1, P - 1n]],
    ['assertLength', single(2, { op: 'assertEq', xs: [0], ys: [0, 1] }), [1, 2]],
    ['unboundPointer', single(1, { op: 'load', size: 2, ptr: 0 }), [0]],
    ['unboundPointer', single(1, { op: 'load', size: 2, ptr: 0 }, { op: 'store', values: [0, 0] }), [1]],
    ['unboundPointer', single(1, { op: 'load', size: 2, ptr: 0 }), [P - 1n]],
    ['ioUnknownKey', single(2, { op: 'ioGetInfo', channel: 0, key: [1] }), [3, 5]],
    ['ioUnknownKey, wide', single(2, { op: 'ioGetInfo', channel: 0, key: [1] }), [3, P - 1n]],
    ['ioOutOfBounds', single(2, { op: 'ioRead', channel: 0, idx: 1, len: 2 }), [3, 3]],
    ['ioOutOfBounds, wide', single(2, { op: 'ioRead', channel: 0, idx: 1, len: 0 }), [3, P - 1n]],
    ['ioOutOfBounds, no channel', single(2, { op: 'ioRead', channel: 0, idx: 1, len: 1 }), [9, 0]],
    ['ioKeySet', single(2, { op: 'ioSetInfo', channel: 0, key: [1], idx: 0, len: 0 }), [3, 4]],
    ['ioChannel', single(1, { op: 'ioWrite', channel: 0, data: [0] }), [1n << 60n]],
    ['ioChannel', single(1, { op: 'ioGetInfo', channel: 0, key: [0] }), [1n << 53n]],
    ['invalidMemorySize', single(2, limbs), [0, 0]],
    ['badLimbChain outside', single(2, limbs, { op: 'store', values: [0, 1, 0] }), [5, 7]],
    ['badLimbChain cyclic', single(2, limbs, constant(0), { op: 'store', values: [2, 2, 2] }), [0, 0]],
    ['badLimbChain of another kind', single(2, limbs, { op: 'store', values: [1, 1, 1] }), [0, 5]],
    [
      'badLimbChain with a large limb',
      single(2, limbs, constant(0), { op: 'store', values: [2, 1, 1] }),
      [0, W],
    ],
    [
      'badLimbChain with a large byte',
      single(2, pair('unconstrainedBigUintDivMod'), constant(0), bytes(2)),
      [0, 256],
    ],
    ['yieldOutside', program(fn('f', 1, 1, block([], yields(0, 0)))), [1]],
    ['noMatchCase', program(fn('f', 1, 1, block([], match(0, [[7, block([], ret(0, 0))]], null)))), [P - 1n]],
    ['arity', program(fn('f', 1, 1, block([], ret(0, 0)))), []],
    ['none at all', program(fn('f', 0, 0, block([], ret(0)))), []],
  ] as [string, Program, (number | bigint)[]][])('%s', async (_, p, args) => expectEqual(p, args))

  test('a call that needs its own result', async () => {
    const g = fn('g', 2, 1, block([call(1, [1])], ret(0, 2)))
    await expectEqual(program(g, fn('f', 1, 1, block([call(0, [0, 0])], ret(0, 1)))), [P - 3n])
  })

  test('effects that are repeated when a row is promoted', async () => {
    const write: Op = { op: 'ioWrite', channel: 0, data: [0, 0] }
    const g = fn('g', 1, 1, block([write, { op: 'mul', a: 0, b: 0 }], ret(0, 1)))
    const ops = [call(0, [0], 1, true), call(0, [0]), call(0, [0]), call(0, [0], 1, true)]
    await expectEqual(program(g, fn('f', 1, 2, block(ops, ret(0, 1, 4)))), [5])
  })

  test('limits on rows, at every number of them', async () => {
    const p = program(
      fn('g', 1, 1, block([{ op: 'store', values: [0, 0] }], ret(0, 1))),
      fn(
        'f',
        1,
        1,
        block(
          [call(0, [0]), constant(1), { op: 'add', a: 0, b: 2 }, { op: 'store', values: [3] }, call(1, [3])],
          ret(0, 5),
        ),
      ),
    )
    const engine = await plainEngine(p)
    for (let rows = 0; rows < 40; rows++)
      expect(differenceHere(engine, 'f', [P - 5n], io, { rows })).toBe(null)
    expect(differenceHere(engine, 'f', [P - 5n], io, { rows: 5000, landmarks: ['f', 'g'] })).toBe(null)
  })
})

test('random bytecode leaves the same outcome, record and IO', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 4 }), fc.nat(4), async (seed, count, n) => {
      const p = randomProgram(seed, count)
      await expectEqual(p, [n, 5], { rows: 5000 })
    }),
    { numRuns: 25 },
  )
})

test('divisions of long chains', async () => {
  const shapes = [
    { op: 'unconstrainedLimbsDivMod', size: 3, elements: 1, top: 2 ** 32 },
    { op: 'unconstrainedBigUintDivMod', size: 10, elements: 8, top: 256 },
  ] as const
  for (const { op, size, elements, top } of shapes) {
    const limit = { maxLength: 9 * elements, size: 'max' as const }
    const element = fc.oneof(fc.constantFrom(0, 1, top - 1, top / 2), fc.nat(top - 1))
    const digits = fc.array(element, limit)
    await fc.assert(
      fc.asyncProperty(digits, digits, async (a, b) => {
        const ops: Op[] = [constant(0), constant(1)]
        let next = 2
        const put = (value: number): number => {
          ops.push(constant(value))
          return next++
        }
        const chain = (list: number[]): number => {
          ops.push({ op: 'store', values: [1, ...new Array(size - 1).fill(0)] })
          let pointer = next++
          const limbs = Math.ceil(list.length / elements)
          for (let i = limbs - 1; i >= 0; i--) {
            const limb = Array.from({ length: elements }, (_, j) => put(list[i * elements + j] ?? 0))
            ops.push({ op: 'store', values: [0, ...limb, pointer] })
            pointer = next++
          }
          return pointer
        }
        const [x, y] = [chain(a), chain(b)]
        ops.push({ op, a: x, b: y })
        const p = program(fn('f', 0, 2, block(ops, ret(0, next, next + 1))))
        await expectEqual(p, [])
      }),
      { numRuns: 25 },
    )
  }
})

test('an execution goes on from the record of a failed one', async () => {
  const key = (key: number): Op => ({ op: 'ioGetInfo', channel: key, key: [key] })
  // h(n) stores, recurses and at 0 needs the key [0] of channel 0, once as a hint and once constrained
  const h = fn(
    'h',
    1,
    1,
    block(
      [{ op: 'store', values: [0, 0] }],
      match(
        0,
        [[0, block([key(0)], ret(0, 2))]],
        block([constant(1), { op: 'sub', a: 0, b: 2 }, call(1, [3], 1, true), call(0, [3])], ret(1, 5)),
      ),
    ),
  )
  const hint = fn('hint', 1, 1, block([{ op: 'mul', a: 0, b: 0 }, call(0, [0])], ret(0, 2)))
  const p = program(h, hint, fn('f', 1, 1, block([call(1, [0], 1, true), call(0, [0])], ret(0, 2))))
  const engine = await plainEngine(p)
  const [left, right] = [io(), io()]
  let [a, b] = [execute(p, 'f', [60n], left), executeHere(engine, 'f', [60n], right)]
  expect(a.ok || a.error.kind).toBe('ioUnknownKey')
  expect(differenceOfOutcomes(a, left, b, right)).toBe(null)
  for (const buffer of [left, right]) {
    buffer.put(0, [0], [W32 - 1, 5])
    buffer.put(3, [11], [12])
  }
  a = execute(p, 'f', [61n], left, {}, a.record)
  b = executeHere(engine, 'f', [61n], right, {}, b.record)
  expect(a.ok).toBe(true)
  expect(differenceOfOutcomes(a, left, b, right)).toBe(null)
})

test('a promotion that failed is undone for the execution that goes on', async () => {
  const write: Op = { op: 'ioSetInfo', channel: 0, key: [0], idx: 0, len: 0 }
  const g = fn('g', 1, 1, block([write], ret(0, 0)))
  const p = program(g, fn('f', 1, 1, block([call(0, [0], 1, true), call(0, [0])], ret(0, 2))))
  const engine = await plainEngine(p)
  const [left, right] = [io(), io()]
  const [a, b] = [execute(p, 'f', [7n], left), executeHere(engine, 'f', [7n], right)]
  expect(a.ok || a.error.kind).toBe('ioKeySet')
  expect(differenceOfOutcomes(a, left, b, right)).toBe(null)
  const [c, d] = [
    execute(p, 'f', [7n], left, {}, a.record),
    executeHere(engine, 'f', [7n], right, {}, b.record),
  ]
  expect(differenceOfOutcomes(c, left, d, right)).toBe(null)
})

test('inputs that are taken apart into bytes keep their values in rows, traces and promotions', async () => {
  const bytes: Op = { op: 'unconstrainedGToBytes', a: 1 }
  const g = fn('g', 3, 2, block([bytes], match(2, [[9, block([], ret(0, 3, 10))]], null)))
  const ops = [call(0, [0, 1, 2], 2, true), call(0, [0, 1, 2], 2), call(0, [1, 1, 2], 2)]
  const p = program(g, fn('f', 3, 2, block(ops, ret(0, 3, 8))))
  for (const value of [0n, 0xf0000000n, W, P - 1n]) {
    await expectEqual(p, [P - 2n, value, 9])
    await expectEqual(p, [P - 2n, value, 8])
  }
})

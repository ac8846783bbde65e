import { describe, expect, test } from 'vitest'
import type { Op, Program } from '../../aiur/bytecode.js'
import { P } from '../../aiur/vm/goldilocks.js'
import { execute } from '../../aiur/vm/interpreter.js'
import { IoBuffer } from '../../aiur/vm/io.js'
import { resultCount } from '../../aiur/vm/values.js'
import { block, call, constant, fn, program, ret, yields } from './bytecode-builder.js'

/** A function that applies one op to its inputs and returns all results. */
function single(inputs: number, op: Op, ...before: Op[]): Program {
  const start = inputs + before.reduce((n, o) => n + resultCount(o), 0)
  const results = Array.from({ length: resultCount(op) }, (_, i) => start + i)
  return program(fn('f', inputs, results.length, block([...before, op], ret(0, ...results))))
}

const outcome = (p: Program, args: (number | bigint)[], io = new IoBuffer()) =>
  execute(p, p.functions.length - 1, args.map(BigInt), io)

function outputs(p: Program, args: (number | bigint)[], io = new IoBuffer()): number[] {
  const result = outcome(p, args, io)
  if (!result.ok) throw result.error
  return result.outputs.map(Number)
}

function kind(p: Program, args: (number | bigint)[], io = new IoBuffer()): string {
  const result = outcome(p, args, io)
  return result.ok ? 'ok' : result.error.kind
}

describe('values of operations', () => {
  const pair = (op: string): Op => ({ op, a: 0, b: 1 }) as Op
  test.each([
    ['u8Xor', 45, 131, [174]],
    ['u8And', 45, 131, [1]],
    ['u8Or', 45, 131, [175]],
    ['u8Add', 45, 131, [176, 0]],
    ['u8Add', 200, 131, [75, 1]],
    ['u8Sub', 45, 131, [170, 1]],
    ['u8Mul', 45, 131, [7, 23]],
    ['u8Mul', 255, 255, [1, 254]],
    ['u8LessThan', 45, 131, [1]],
    ['u8ChainRotr7', 45, 131, [6, 1, 90]],
    ['u8ChainRotr4', 45, 131, [50, 8, 208]],
    ['u8XorSplit7', 45, 131, [1, 92]],
    ['u8XorSplit4', 45, 131, [10, 224]],
    ['u4Xor', 9, 12, [5]],
    ['u4XorSplit3', 9, 3, [1, 4]],
    ['u32LessThan', 300, 500, [1]],
    ['u32LessThan', 500, 500, [0]],
    ['u32LessThan', 0xffffffff, 0, [0]],
  ])('%s(%i, %i)', (op, a, b, expected) => {
    expect(outputs(single(2, pair(op)), [a, b])).toEqual(expected)
  })

  test('shifts, bits and bytes', () => {
    expect(outputs(single(1, { op: 'u8ShiftRight', a: 0 }), [45])).toEqual([22])
    expect(outputs(single(1, { op: 'u8ShiftLeft', a: 0 }), [200])).toEqual([144])
    expect(outputs(single(1, { op: 'u8BitDecomposition', a: 0 }), [42])).toEqual([0, 1, 0, 1, 0, 1, 0, 0])
    expect(outputs(single(1, { op: 'unconstrainedGToBytes', a: 0 }), [P - 1n])).toEqual([
      0, 0, 0, 0, 255, 255, 255, 255,
    ])
    expect(outputs(single(4, { op: 'u32ToField', bytes: [0, 1, 2, 3] }), [1, 2, 3, 4])).toEqual([0x04030201])
    const seven = single(1, { op: 'unconstrainedGInverse', a: 0 })
    const inverse = outcome(seven, [7])
    expect(inverse.ok && (inverse.outputs[0]! * 7n) % P).toBe(1n)
    expect(outputs(seven, [0])).toEqual([0])
  })

  test('sums of u32 numbers', () => {
    const two = single(8, { op: 'unconstrainedU32Add', a: [0, 1, 2, 3], b: [4, 5, 6, 7] })
    expect(outputs(two, [255, 255, 255, 255, 1, 0, 0, 0])).toEqual([0, 0, 0, 0, 1])
    const max = new Array(12).fill(255)
    const a = [0, 1, 2, 3]
    const three = single(12, { op: 'unconstrainedU32Add3', a, b: a.map(i => i + 4), c: a.map(i => i + 8) })
    expect(outputs(three, max)).toEqual([253, 255, 255, 255, 2])
  })

  test('division hints', () => {
    // chains of 32-bit limbs: [0, limb, next], end [1, 0, 0]
    const zero: Op[] = [constant(0), constant(1)]
    const chains = (op: Op['op']): Program =>
      program(
        fn(
          'f',
          3,
          6,
          block(
            [
              ...zero,
              { op: 'store', values: [4, 3, 3] },
              { op: 'store', values: [3, 1, 5] },
              { op: 'store', values: [3, 0, 6] },
              { op: 'store', values: [3, 2, 5] },
              { op, a: 7, b: 8 } as Op,
              { op: 'load', size: 3, ptr: 9 },
              { op: 'load', size: 3, ptr: 10 },
            ],
            ret(0, 11, 12, 13, 14, 15, 16),
          ),
        ),
      )
    const divide = chains('unconstrainedLimbsDivMod')
    const run = (lo: number, hi: number, divisor: number) => outputs(divide, [lo, hi, divisor])
    expect(run(300, 0, 7).slice(0, 2)).toEqual([0, 42])
    expect(run(300, 0, 7).slice(3, 5)).toEqual([0, 6])
    expect(run(0, 2, 2).slice(0, 2)).toEqual([0, 0])
    expect(run(300, 5, 0).slice(0, 3)).toEqual([1, 0, 0])
    expect(run(300, 5, 0).slice(3, 5)).toEqual([0, 300])
  })
})

describe('errors', () => {
  const pair = (op: string): Op => ({ op, a: 0, b: 1 }) as Op
  test.each([
    ['byteRange', single(2, pair('u8Add')), [256, 0]],
    ['byteRange', single(2, pair('u8RangeCheck')), [0, 256]],
    ['byteRange', single(1, { op: 'u8ShiftLeft', a: 0 }), [256]],
    ['nibbleRange', single(2, pair('u4Xor')), [16, 0]],
    ['nibbleRange', single(2, pair('u4RangeCheck')), [0, 16]],
    ['u32Range', single(2, pair('u32LessThan')), [1n << 32n, 0]],
    ['u32Range', single(1, { op: 'u32RangeCheck', a: 0 }), [1n << 32n]],
    ['assertMismatch', single(2, { op: 'assertEq', xs: [0], ys: [1], message: 'm' }), [1, 2]],
    ['assertLength', single(2, { op: 'assertEq', xs: [0], ys: [0, 1] }), [1, 2]],
    ['unboundPointer', single(1, { op: 'load', size: 2, ptr: 0 }), [0]],
    ['unboundPointer', single(1, { op: 'load', size: 2, ptr: 0 }), [P - 1n]],
    ['ioUnknownKey', single(2, { op: 'ioGetInfo', channel: 0, key: [1] }), [3, 4]],
    ['ioOutOfBounds', single(2, { op: 'ioRead', channel: 0, idx: 1, len: 1 }), [3, 0]],
    ['ioChannel', single(1, { op: 'ioWrite', channel: 0, data: [0] }), [1n << 60n]],
    ['invalidMemorySize', single(2, pair('unconstrainedLimbsDivMod')), [0, 0]],
    ['badLimbChain', single(2, pair('unconstrainedLimbsDivMod'), { op: 'store', values: [0, 1, 0] }), [5, 7]],
    ['yieldOutside', program(fn('f', 1, 1, block([], yields(0, 0)))), [1]],
    ['arity', program(fn('f', 1, 1, block([], ret(0, 0)))), []],
  ] as [string, Program, (number | bigint)[]][])('%s', (expected, p, args) => {
    expect(kind(p, args)).toBe(expected)
  })

  test('only entries can be run', () => {
    const p = program(fn('g', 1, 1, block([], ret(0, 0))), fn('f', 1, 1, block([call(0, [0])], ret(0, 1))))
    const inner = execute(p, 'g', [1n], new IoBuffer())
    expect(!inner.ok && inner.error.kind).toBe('notEntry')
    const unknown = execute(p, 'h', [1n], new IoBuffer())
    expect(!unknown.ok && unknown.error.kind).toBe('notEntry')
  })

  test('a promoted row must give the values it gave unconstrained', () => {
    // g pops a counter: it reads channel 1 at the length that channel 2's key records
    const g = fn(
      'g',
      1,
      2,
      block(
        [
          constant(1),
          { op: 'ioGetInfo', channel: 1, key: [0] },
          { op: 'ioSetInfo', channel: 1, key: [1], idx: 0, len: 0 },
        ],
        ret(0, 2, 3),
      ),
    )
    const p = program(g, fn('f', 1, 2, block([call(0, [0], 2, true), call(0, [0], 2)], ret(0, 3, 4))))
    const io = new IoBuffer()
    io.put(1, [5], [9])
    // The replay repeats the effect, which is refused.
    expect(kind(p, [5], io)).toBe('ioKeySet')
  })

  test('the message of an assertion and the arguments of the calls are shown', () => {
    const p = program(
      fn('g', 2, 0, block([{ op: 'assertEq', xs: [0], ys: [1], message: 'must agree' }], ret(0))),
      fn('f', 1, 0, block([constant(8), call(0, [0, 1], 0, true)], ret(0))),
    )
    const result = outcome(p, [7])
    expect(!result.ok && result.error.message).toBe(
      'assertion failed: must agree: [7] is not [8]\n  in #g(7, 8)\n  in f(7)',
    )
  })
})

describe('input and output', () => {
  test('reads what was put, writes and sets keys', () => {
    const io = new IoBuffer()
    io.put(3, [7], [10, 20])
    io.put(3, [8, 9], [2 ** 40])
    expect(io.info(3, [8, 9])).toEqual({ index: 2, length: 1 })
    const p = program(
      fn(
        'f',
        1,
        3,
        block(
          [
            constant(3),
            { op: 'ioGetInfo', channel: 1, key: [0] },
            { op: 'ioRead', channel: 1, idx: 2, len: 2 },
            constant(4),
            { op: 'ioWrite', channel: 6, data: [4, 5, 5] },
            { op: 'ioSetInfo', channel: 6, key: [0], idx: 2, len: 1 },
          ],
          ret(0, 4, 5, 3),
        ),
      ),
    )
    expect(outputs(p, [7], io)).toEqual([10, 20, 2])
    expect(io.read(4, 0, 3)).toEqual([10n, 20n, 20n])
    expect(io.info(4, [7])).toEqual({ index: 0, length: 3 })
    expect(() => io.put(3, [7], [])).toThrow(/already has the key/)
    expect(() => io.put(3, [1], [-1])).toThrow(RangeError)
    expect(() => io.read(4, 2, 2)).toThrow(RangeError)
  })

  test('a memo hit repeats no effect', () => {
    const p = program(
      fn(
        'g',
        1,
        0,
        block(
          [
            { op: 'ioWrite', channel: 0, data: [0] },
            { op: 'debug', label: 'g' },
          ],
          ret(0),
        ),
      ),
      fn('f', 1, 0, block([call(0, [0], 0), call(0, [0], 0), call(0, [0], 0, true)], ret(0))),
    )
    const io = new IoBuffer()
    const labels: string[] = []
    const result = execute(p, 'f', [6n], io, { onDebug: label => labels.push(label) })
    expect(result.ok).toBe(true)
    expect(io.length(6)).toBe(1)
    expect(labels).toEqual(['g'])
  })
})

test('values yielded over one another are moved in parallel', () => {
  // the arm yields (v2, v1) where v1 is the first merged position
  const p = program(
    fn('f', 1, 2, {
      ops: [],
      control: {
        control: 'matchContinue',
        scrutinee: 0,
        cases: [{ value: 1n, block: block([constant(10), constant(20)], yields(0, 2, 1)) }],
        default: null,
        outputSize: 2,
        continuation: block([], ret(1, 1, 2)),
      },
    }),
  )
  expect(outputs(p, [1])).toEqual([20, 10])
})

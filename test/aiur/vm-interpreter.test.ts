import { expect, test } from 'vitest'
import type { Program } from '../../aiur/bytecode.js'
import { execute } from '../../aiur/vm/interpreter.js'
import { IoBuffer } from '../../aiur/vm/io.js'
import { block, call, constant, factorial, fibonacci, fn, match, program, ret } from './bytecode-builder.js'

function run(p: Program, args: bigint[], io = new IoBuffer()) {
  const outcome = execute(p, p.functions.length - 1, args, io)
  if (!outcome.ok) throw outcome.error
  return outcome
}

function failure(p: Program, args: bigint[], limits = {}, io = new IoBuffer()) {
  const outcome = execute(p, p.functions.length - 1, args, io, limits)
  if (outcome.ok) throw new Error(`expected a failure, got ${outcome.outputs}`)
  return outcome.error
}

test('factorial and Fibonacci numbers, rows in order of completion, multiplicities', () => {
  const fact = run(factorial(), [5n])
  expect(fact.outputs).toEqual([120n])
  const table = fact.record.functions[0]!
  expect(table.count).toBe(6)
  expect(Array.from({ length: 6 }, (_, r) => table.values[r * table.strideWords])).toEqual([0, 1, 2, 3, 4, 5])

  const fib = run(fibonacci(), [10n])
  expect(fib.outputs).toEqual([89n])
  const uses = fib.record.functions[0]!
  const byInput = Object.fromEntries(
    Array.from({ length: uses.count }, (_, r) => [uses.values[r * uses.strideWords]!, uses.multiplicity[r]!]),
  )
  expect(byInput).toEqual({ 0: 1, 1: 2, 2: 2, 3: 2, 4: 2, 5: 2, 6: 2, 7: 2, 8: 2, 9: 1, 10: 1 })
})

test('a recursion two million calls deep', () => {
  const outcome = run(factorial(), [2_000_000n])
  expect(outcome.record.functions[0]!.count).toBe(2_000_001)
})

test('a call that needs its own result is an error with the trace', () => {
  const p = program(
    fn('g', 1, 1, block([call(1, [0])], ret(0, 1))),
    fn('f', 1, 1, block([call(0, [0])], ret(0, 1))),
  )
  const error = failure(p, [3n])
  expect(error.kind).toBe('infiniteLoop')
  expect(error.reason).toMatch(/f\(3\)/)
  expect(error.trace.map(frame => frame.function)).toEqual(['g', 'f'])
})

test('limits on rows, memory and time end the run with the record so far', () => {
  const count = program(
    fn('f', 1, 1, block([constant(1), { op: 'add', a: 0, b: 1 }, call(0, [2])], ret(0, 3))),
  )
  expect(failure(count, [0n], { rows: 1000 }).kind).toBe('rowLimit')
  expect(failure(count, [0n], { memoryBytes: 1 << 20 }).kind).toBe('memoryLimit')
  const late = failure(count, [0n], { timeoutMs: 20 })
  expect(late.kind).toBe('timeLimit')
  expect(late.limit).toBe(true)
  expect(late.depth).toBeGreaterThan(1000)
  expect(late.trace).toHaveLength(16)
})

test('a row first met unconstrained is promoted by running it again', () => {
  const p = program(
    fn('leaf', 1, 1, block([{ op: 'mul', a: 0, b: 0 }], ret(0, 1))),
    fn('mid', 1, 1, block([call(0, [0]), constant(1), { op: 'add', a: 1, b: 2 }], ret(0, 3))),
    fn(
      'main',
      1,
      1,
      block([call(1, [0], 1, true), call(1, [0]), { op: 'assertEq', xs: [1], ys: [2] }], ret(0, 2)),
    ),
  )
  const outcome = run(p, [3n])
  expect(outcome.outputs).toEqual([10n])
  expect(outcome.record.functions.map(t => t.usedRows())).toEqual([1, 1, 1])
})

test('a match without a fitting case', () => {
  const p = program(fn('f', 1, 1, block([], match(0, [[7, block([], ret(0, 0))]], null))))
  expect(run(p, [7n]).outputs).toEqual([7n])
  expect(failure(p, [8n])).toMatchObject({ kind: 'noMatchCase', reason: 'no case matches 8' })
})

test('an error shows the landmarks asked for, however deep the calls went on', () => {
  const fails = block([{ op: 'assertEq', xs: [0], ys: [1] }], ret(0, 0))
  const down = block(
    [constant(1), { op: 'sub', a: 0, b: 1 }],
    match(0, [[0, fails]], block([call(0, [2])], ret(1, 3))),
  )
  const deep = program(fn('down', 1, 1, down), fn('main', 1, 1, block([call(0, [0])], ret(0, 1))))
  const error = failure(deep, [1000n], { landmarks: ['main'] })
  expect(error.kind).toBe('assertMismatch')
  expect(error.trace).toHaveLength(17)
  expect(error.trace[16]).toEqual({ function: 'main', args: [1000n], unconstrained: false })
  expect(error.depth).toBe(1002)
})

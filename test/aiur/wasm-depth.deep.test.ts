import { expect, test } from 'vitest'
import { IoBuffer } from '../../aiur/vm/io.js'
import { executeWasm } from '../../aiur/wasm/engine.js'
import { block, call, constant, factorial, fn, program, ret } from './bytecode-builder.js'

test('a recursion ten million calls deep runs within the default stack', async () => {
  const p = factorial()
  const outcome = await executeWasm(p, p.functions.length - 1, [10_000_000n], new IoBuffer())
  if (!outcome.ok) throw outcome.error
  expect(outcome.record.functions[0]!.count).toBe(10_000_001)
})

test('a recursion without end uses the stack up and says so', async () => {
  const p = program(fn('f', 1, 1, block([constant(1), { op: 'add', a: 0, b: 1 }, call(0, [2])], ret(0, 3))))
  const outcome = await executeWasm(p, 'f', [0n], new IoBuffer())
  expect(outcome.ok || outcome.error.kind).toBe('callDepth')
  expect(outcome.ok ? 0 : outcome.error.depth).toBeGreaterThan(10_000_000)
})

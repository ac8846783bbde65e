import { expect, test } from 'vitest'
import { checkConstraints } from '../../aiur/circuit/constraints.js'
import { layout } from '../../aiur/circuit/layout.js'
import { execute } from '../../aiur/vm/interpreter.js'
import { IoBuffer } from '../../aiur/vm/io.js'
import { limbsOf, natProgram, OPERATIONS, type Operation } from './nat-program.js'

const program = natProgram()
const circuits = layout(program)

const LIMB = 1n << 32n
const A = LIMB ** 5n - 12345n * LIMB ** 2n - 1n
const B = LIMB ** 3n - LIMB + 987654321n

const OPERANDS: Partial<Record<Operation, [bigint, bigint]>> = {
  pow: [LIMB + 7n, 13n],
  powOk: [A, 1000n],
  shl: [A, 77n],
  shr: [A, 77n],
  gcd: [A * 91n, B * 91n],
}

test.each(OPERATIONS)('every constraint holds and all lookups balance: %s', operation => {
  const [a, b] = OPERANDS[operation] ?? [A, B]
  const io = new IoBuffer()
  io.put(0, [0], limbsOf(a))
  io.put(0, [1], limbsOf(b))
  const args = [BigInt(OPERATIONS.indexOf(operation))]
  const outcome = execute(program, 'run', args, io)
  if (!outcome.ok) throw outcome.error
  const call = { entry: 'run', args, outputs: outcome.outputs, io }
  expect(checkConstraints(circuits, outcome.record, call).map(String)).toEqual([])
})

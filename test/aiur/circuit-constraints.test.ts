import { describe, expect, test } from 'vitest'
import type { BytecodeFunction } from '../../aiur/bytecode.js'
import { checkConstraints, constraintSystem } from '../../aiur/circuit/constraints.js'
import { layout } from '../../aiur/circuit/layout.js'
import { compile } from '../../aiur/language/compile.js'
import { execute } from '../../aiur/vm/interpreter.js'
import { IoBuffer } from '../../aiur/vm/io.js'
import { block, call, fn, program, ret, yields } from './bytecode-builder.js'
import { PROGRAMS } from './programs.js'

describe('every self-check program satisfies its constraints', () => {
  const runnable = PROGRAMS.filter(p => p.runs !== undefined)
  test.each(runnable)('$name', p => {
    const program = compile([{ name: `${p.name}.aiur`, text: p.source }], { tags: p.tags })
    for (const ranks of [false, true]) {
      const shapes = layout(program, { ranks })
      for (const run of p.runs!) {
        const io = new IoBuffer()
        const args = [...run.args]
        const outcome = execute(program, run.entry, args, io)
        if (!outcome.ok) throw outcome.error
        const call = { entry: run.entry, args, outputs: outcome.outputs, io }
        expect(checkConstraints(shapes, outcome.record, call).map(String)).toEqual([])
        const wrong = outcome.outputs.map((x, i) => (i === 0 ? x + 1n : x))
        const failures = checkConstraints(shapes, outcome.record, { ...call, outputs: wrong })
        expect(failures.length).toBeGreaterThan(0)
        expect(failures[0]!.kind).toBe('lookup')
      }
    }
  })
})

describe('a message of another length than its function has is refused', () => {
  const identity = fn('g', 2, 1, block([], ret(0, 0)))
  const merge = (size: number): BytecodeFunction['body'] => ({
    ops: [],
    control: {
      control: 'matchContinue',
      scrutinee: 0,
      cases: [{ value: 0n, block: block([], yields(0, 0)) }],
      default: null,
      outputSize: size,
      continuation: block([], ret(1, 0)),
    },
  })
  test.each<[string, BytecodeFunction, string]>([
    [
      'a call with too few arguments',
      fn('f', 1, 1, block([call(0, [0])], ret(0, 1))),
      'f calls g with 1 values',
    ],
    [
      'a call with too few results',
      fn('f', 1, 0, block([call(0, [0, 0], 0)], ret(0))),
      'f calls g with 2 values for 0',
    ],
    [
      'a call with too many results',
      fn('f', 1, 2, block([call(0, [0, 0], 2)], ret(0, 1, 2))),
      'f calls g with 2 values for 2',
    ],
    ['a return of too few values', fn('f', 1, 2, block([], ret(0, 0))), 'f returns 1 values of 2'],
    ['a yield of too few values', fn('f', 1, 1, merge(2)), 'f yields 1 values of 2'],
  ])('%s', (_, f, reason) => {
    expect(() => constraintSystem(layout(program(identity, f)))).toThrow(reason)
  })
})

import { describe, expect, test } from 'vitest'
import { checkConstraints } from '../../aiur/circuit/constraints.js'
import { layout } from '../../aiur/circuit/layout.js'
import { compile } from '../../aiur/language/compile.js'
import { execute } from '../../aiur/vm/interpreter.js'
import { IoBuffer } from '../../aiur/vm/io.js'
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

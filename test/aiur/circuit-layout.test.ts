import { expect, test } from 'vitest'
import { circuitShape } from '../../aiur/circuit/circuit.js'
import { report } from '../../aiur/circuit/cost.js'
import { functionCircuit } from '../../aiur/circuit/function-circuit.js'
import { layout } from '../../aiur/circuit/layout.js'
import { memoryCircuit } from '../../aiur/circuit/memory-circuit.js'
import { compile } from '../../aiur/language/compile.js'
import { execute } from '../../aiur/vm/interpreter.js'
import { IoBuffer } from '../../aiur/vm/io.js'
import { type LanguageProgram, PROGRAMS } from './programs.js'

const build = (p: LanguageProgram) => compile([{ name: `${p.name}.aiur`, text: p.source }], { tags: p.tags })

test.each(PROGRAMS)('$name is laid out as the reference does', p => {
  const program = build(p)
  const shapes = layout(program, { ranks: false })
  for (const expected of p.circuits) {
    const f = shapes.functions.find(s => s.index === program.functionIndex.get(expected.name))!
    expect([f.inputs, f.selectors, f.auxiliaries, f.lookups], expected.name).toEqual(expected.layout)
    if (expected.classicWidth !== undefined) expect(f.classicWidth).toBe(expected.classicWidth)
    if (expected.committed !== undefined) {
      const { main, stage2, quotientDegree, width } = f
      expect({ main, stage2, quotientDegree, width }, expected.name).toEqual(expected.committed)
    }
  }
  if (p.memorySizes !== undefined) expect(shapes.memories.map(m => m.size)).toEqual(p.memorySizes)
})

test.each(PROGRAMS)('$name: its constraint systems have the widths and degrees of the layout', p => {
  const program = build(p)
  for (const ranks of [false, true]) {
    const shapes = layout(program, { ranks })
    for (const f of shapes.functions) {
      const { circuit } = functionCircuit(program, f.index, shapes.ranks, shapes.reference)
      expect(f).toMatchObject(circuitShape(circuit))
    }
    for (const m of shapes.memories) {
      const { classicWidth: _, ...shape } = circuitShape(memoryCircuit(m.size, shapes.reference))
      expect(m).toMatchObject(shape)
    }
  }
})

test.each(PROGRAMS.filter(p => p.runs !== undefined))('$name runs with the rows and costs expected', p => {
  const program = build(p)
  const shapes = layout(program, { ranks: false })
  for (const run of p.runs!) {
    const outcome = execute(program, run.entry, [...run.args], new IoBuffer())
    if (!outcome.ok) throw outcome.error
    expect(outcome.outputs).toEqual(run.result)
    const classic = report(shapes, outcome.record, 'rows')
    const current = report(shapes, outcome.record, 'transforms')
    for (const [name, expected] of Object.entries(run.rows ?? {})) {
      const circuit = current.circuits.find(c => c.name === name)!
      expect({ rows: circuit.rows, hits: circuit.hits }, name).toEqual(expected)
    }
    if (run.classicCost !== undefined)
      expect(classic.cost.total - classic.cost.floor).toBeCloseTo(run.classicCost, 3)
    if (run.transformsCost !== undefined)
      expect(current.cost.total - current.cost.floor).toBeCloseTo(run.transformsCost, 3)
  }
})

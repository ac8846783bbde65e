import { expect, test } from 'vitest'
import type { Program } from '../../aiur/bytecode.js'
import { report } from '../../aiur/circuit/cost.js'
import { layout } from '../../aiur/circuit/layout.js'
import { execute } from '../../aiur/vm/interpreter.js'
import { IoBuffer } from '../../aiur/vm/io.js'
import { stacksOf } from '../../cli/stacks.js'
import { deriveKey } from '../../prover/derive-key.js'
import { parameters } from '../../prover/parameters.js'
import { prove } from '../../prover/prove.js'
import { shapeOf } from '../../prover/shape.js'
import { inspect } from '../../prover/verify.js'
import { factorial, fibonacci } from '../aiur/bytecode-builder.js'

test.each<[string, Program, bigint, boolean]>([
  ['fibonacci, hiding', fibonacci(), 90n, true],
  ['fibonacci', fibonacci(), 90n, false],
  ['factorial', factorial(), 200n, false],
])('the stacks of a report are those of the proof: %s', (_, program, arg, hiding) => {
  const io = new IoBuffer()
  const outcome = execute(program, 0, [arg], io)
  if (!outcome.ok) throw outcome.error
  const shapes = layout(program)
  const p = parameters('fast', { hiding })
  const key = deriveKey(shapes)
  const call = { entry: 0, args: [arg], outputs: outcome.outputs, io }
  const proof = prove(key, shapes, outcome.record, call, { parameters: p })
  const { classes } = shapeOf(key.key, inspect(proof.bytes).heights, p)
  const proven = classes.flatMap(c =>
    c.stacks.map(s =>
      s.circuits
        .map(a => a.circuit.name)
        .sort()
        .join(),
    ),
  )

  const { circuits } = report(shapes, outcome.record)
  const stacks = stacksOf(circuits, p)
  const named = new Map<string, string[]>()
  for (const c of circuits.filter(x => x.rows > 0))
    named.set(stacks.of(c)!, [...(named.get(stacks.of(c)!) ?? []), c.name])
  const reported = [...named.values()].map(members => members.sort().join())
  expect(reported.sort()).toEqual(proven.sort())
  expect(stacks.count).toBe(proven.length)
  expect(stacks.columns).toBe(classes.reduce((sum, c) => sum + c.mainColumns + c.accumulatorColumns, 0))
  for (const circuit of circuits) if (circuit.rows === 0) expect(stacks.of(circuit)).toBeUndefined()
})

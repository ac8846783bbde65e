import { afterEach, expect, test, vi } from 'vitest'
import type { Op } from '../../aiur/bytecode.js'
import { layout } from '../../aiur/circuit/layout.js'
import { execute } from '../../aiur/vm/interpreter.js'
import { IoBuffer } from '../../aiur/vm/io.js'
import { deriveKey } from '../../prover/derive-key.js'
import { parameters } from '../../prover/parameters.js'
import { prove } from '../../prover/prove.js'
import { randomSource } from '../../prover/random.js'
import type { Shape } from '../../prover/shape.js'
import { verify } from '../../prover/verify.js'
import { block, call, constant, fn, program, ret } from '../aiur/bytecode-builder.js'

/** What shapes the prover computes, and changes to them. */
const shapes = vi.hoisted(() => ({ seen: [] as Shape[], change: (_: Shape) => {} }))

vi.mock(import('../../prover/shape.js'), async original => {
  const own = await original()
  return {
    ...own,
    shapeOf(...args) {
      const shape = own.shapeOf(...args)
      shapes.change(shape)
      shapes.seen.push(shape)
      return shape
    },
  }
})

afterEach(() => {
  shapes.change = () => {}
})

/**
 * Calls of a successor function with some distinct arguments, so many calls that the circuit that makes them gets
 * groups of four lookups.
 */
function wide(distinct: number) {
  const successor = fn('successor', 1, 1, block([constant(1), { op: 'add', a: 0, b: 1 }], ret(0, 2)))
  const calls: Op[] = Array.from({ length: 220 }, (_, i) => call(0, [i % distinct]))
  return program(successor, fn('wide', 1, 1, block(calls, ret(0, calls.length))))
}

function proven(hiding: boolean, distinct: number) {
  const compiled = wide(distinct)
  const entry = compiled.functions.length - 1
  const io = new IoBuffer()
  const args = [5n]
  const outcome = execute(compiled, entry, args, io)
  if (!outcome.ok) throw outcome.error
  const laidOut = layout(compiled)
  const key = deriveKey(laidOut)
  const p = parameters('fast', { hiding })
  let state = 1
  const random = randomSource(target => {
    for (let i = 0; i < target.length; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      target[i] = state
    }
  })
  shapes.seen.length = 0
  const claimed = { entry, args, outputs: outcome.outputs, io }
  const proof = prove(key, laidOut, outcome.record, claimed, { parameters: p, random })
  const [shape] = shapes.seen
  return { bytes: proof.bytes, shape: shape!, verdict: verify(key.key, proof.claim, proof.bytes, p) }
}

// so many arguments that both circuits are in one size class
test.each([
  [true, 128],
  [false, 4],
])(
  'circuits on as many cosets as they need: the proof is that of all on the most (hiding: %s)',
  (hiding, distinct) => {
    const own = proven(hiding, distinct)
    expect(own.verdict).toMatchObject({ accepted: true })
    expect(Math.max(...own.shape.active.map(a => a.degree))).toBe(5)
    const mixed = own.shape.classes.filter(c => new Set(c.circuits.map(a => a.cosets)).size > 1)
    expect(mixed.some(c => c.circuits.some(a => a.degree === 5))).toBe(true)
    shapes.change = shape => {
      for (const c of shape.classes)
        for (const active of c.circuits) active.cosets = Math.ceil(c.quotientLength / 2 ** c.logSize)
    }
    const common = proven(hiding, distinct)
    expect(common.shape.active.map(a => a.cosets)).not.toEqual(own.shape.active.map(a => a.cosets))
    expect(Buffer.compare(common.bytes, own.bytes)).toBe(0)
  },
)

import { layout } from '../../aiur/circuit/layout.js'
import { execute } from '../../aiur/vm/interpreter.js'
import { IoBuffer } from '../../aiur/vm/io.js'
import { deriveKey } from '../../prover/derive-key.js'
import type { Parameters } from '../../prover/parameters.js'
import { type Proof, prove } from '../../prover/prove.js'
import type { VerifyingKey } from '../../prover/verifying-key.js'
import { fibonacci } from '../aiur/bytecode-builder.js'

/** A proof with several height classes, tables, ranks and work of every kind. */
export function fibonacciProof(arg: bigint, p: Parameters): { key: VerifyingKey; proof: Proof } {
  const program = fibonacci()
  const io = new IoBuffer()
  const outcome = execute(program, 0, [arg], io)
  if (!outcome.ok) throw outcome.error
  const shapes = layout(program)
  const proving = deriveKey(shapes)
  const call = { entry: 0, args: [arg], outputs: outcome.outputs, io }
  return { key: proving.key, proof: prove(proving, shapes, outcome.record, call, { parameters: p }) }
}

export const SMALL: Parameters = { hiding: true, queries: 8, queryWork: 4, target: 118, finalLog: 4 }

/** Reproducible numbers below a bound. */
export function numbers(seed: number): (below: number) => number {
  let state = seed >>> 0
  return below => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** Bits of a proof to flip, as many in each of its kinds of sections. */
export function flips(
  proof: Proof,
  count: number,
  seed: number,
): { at: number; bit: number; section: string }[] {
  const byName = new Map<string, number[]>()
  for (const { name, start, end } of proof.sections) {
    const list = byName.get(name) ?? []
    for (let at = start; at < end; at++) list.push(at)
    byName.set(name, list)
  }
  const result: { at: number; bit: number; section: string }[] = []
  const random = numbers(seed)
  const names = [...byName.keys()]
  for (let i = 0; i < count; i++) {
    const section = names[i % names.length]!
    const list = byName.get(section)!
    result.push({ at: list[random(list.length)]!, bit: random(8), section })
  }
  return result
}

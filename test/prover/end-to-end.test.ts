import { describe, expect, test } from 'vitest'
import type { Program } from '../../aiur/bytecode.js'
import { layout } from '../../aiur/circuit/layout.js'
import { execute } from '../../aiur/vm/interpreter.js'
import { IoBuffer } from '../../aiur/vm/io.js'
import { deriveKey } from '../../prover/derive-key.js'
import { type Parameters, parameters } from '../../prover/parameters.js'
import { prove } from '../../prover/prove.js'
import { verify } from '../../prover/verify.js'
import { factorial, fibonacci } from '../aiur/bytecode-builder.js'

function proven(p: Program, args: bigint[], params: Parameters) {
  const entry = p.functions.length - 1
  const io = new IoBuffer()
  const outcome = execute(p, entry, args, io)
  if (!outcome.ok) throw outcome.error
  const shapes = layout(p)
  const key = deriveKey(shapes)
  const proof = prove(
    key,
    shapes,
    outcome.record,
    { entry, args, outputs: outcome.outputs, io },
    { parameters: params },
  )
  return { key: key.key, proof }
}

describe.each([true, false])('hiding %s', hiding => {
  test.each<[string, Program, bigint[]]>([
    ['factorial', factorial(), [5n]],
    ['fibonacci', fibonacci(), [20n]],
  ])('%s', (_, p, args) => {
    const params = parameters('fast', { hiding })
    const { key, proof } = proven(p, args, params)
    expect(verify(key, proof.claim, proof.bytes, params)).toMatchObject({ accepted: true })
    const wrong = { ...proof.claim, outputs: proof.claim.outputs.map(x => x + 1n) }
    expect(verify(key, wrong, proof.bytes, params)).toMatchObject({ accepted: false })
  })
})

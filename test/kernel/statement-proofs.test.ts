/** Proofs of Reveal and Contains claims, each under the key of its own program. */
import { expect, test } from 'vitest'
import { bundledEnvironment } from '../../cli/bundled.js'
import { addressOf } from '../../ixon/address.js'
import { canonicalRoot } from '../../ixon/merkle.js'
import { runContains } from '../../kernel/contains.js'
import { revealedBy, runReveal } from '../../kernel/reveal.js'
import type { StatementOutcome } from '../../kernel/statement.js'
import { deriveKey } from '../../prover/derive-key.js'
import { parameters } from '../../prover/parameters.js'
import { prove } from '../../prover/prove.js'
import { oneThread } from '../../prover/threads.js'
import { verify } from '../../prover/verify.js'
import { membershipPath } from '../../shards/merkle.js'

const FAST = parameters('fast', { hiding: false })

function proven(outcome: StatementOutcome) {
  if (!outcome.ok) throw new Error(outcome.error.message)
  const { layout, record, call } = outcome.run
  const key = deriveKey(layout)
  const proof = prove(key, layout, record, call, { parameters: FAST, threads: oneThread() })
  return { key: key.key, proof }
}

test('a proof is about its claim, under its own key', async () => {
  const leaves = [0, 1, 2].map(i => addressOf(Uint8Array.of(i)))
  const constant = leaves[2]!
  const path = membershipPath(leaves, constant)!
  const environment = bundledEnvironment()
  const commitment = environment.addressOf('Nat.add')!
  const definition = revealedBy(environment.constant(commitment))
  const contains = proven(
    await runContains({ kind: 'contains', tree: canonicalRoot(leaves)!, constant }, path),
  )
  const reveal = proven(
    await runReveal({ kind: 'reveal', commitment, constant: definition }, environment.bytes(commitment)),
  )
  for (const { key, proof } of [contains, reveal]) {
    expect(verify(key, proof.claim, proof.bytes, FAST).accepted).toBe(true)
    const other = { ...proof.claim, inputs: proof.claim.inputs.with(0, proof.claim.inputs[0]! ^ 1n) }
    expect(verify(key, other, proof.bytes, FAST).accepted).toBe(false)
  }
  expect(verify(contains.key, reveal.proof.claim, reveal.proof.bytes, FAST).accepted).toBe(false)
})

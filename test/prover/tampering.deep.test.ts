import { expect, test } from 'vitest'
import { verify } from '../../prover/verify.js'
import { fibonacciProof, flips, SMALL } from './tampering.js'

test('ten thousand flipped bits', () => {
  const { key, proof } = fibonacciProof(40n, SMALL)
  for (const { at, bit, section } of flips(proof, 12_000)) {
    const bytes = proof.bytes.slice()
    bytes[at]! ^= 1 << bit
    expect(verify(key, proof.claim, bytes, SMALL).accepted, `${section}, byte ${at}`).toBe(false)
  }
})

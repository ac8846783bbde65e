import { describe, expect, test } from 'vitest'
import type { Parameters } from '../../prover/parameters.js'
import { parameters } from '../../prover/parameters.js'
import { ProofReader } from '../../prover/proof-bytes.js'
import { inspect, verify } from '../../prover/verify.js'
import { fibonacciProof, flips, SMALL } from './tampering.js'

const { key, proof } = fibonacciProof(40n, SMALL)
const other = fibonacciProof(41n, SMALL)

const accepts = (bytes: Uint8Array, claim = proof.claim, p = SMALL) => verify(key, claim, bytes, p).accepted

test('the untouched proof is accepted and says what it is', () => {
  expect(accepts(proof.bytes)).toBe(true)
  expect(accepts(other.proof.bytes, other.proof.claim)).toBe(true)
  expect(inspect(proof.bytes)).toMatchObject({ parameters: SMALL, claim: proof.claim, keyDigest: key.digest })
  expect(proof.sections.at(-1)!.end).toBe(proof.bytes.length)
  const { lookup, outOfDomain, batch, fold } = proof.security.work
  expect(Math.min(lookup, outOfDomain, batch, fold)).toBeGreaterThan(0)
})

test('flipped bits', () => {
  for (const { at, bit, section } of flips(proof, 600)) {
    const bytes = proof.bytes.slice()
    bytes[at]! ^= 1 << bit
    expect(accepts(bytes), `${section}, byte ${at}`).toBe(false)
  }
})

test('truncated and extended', () => {
  for (let length = 0; length < proof.bytes.length; length += 997)
    expect(accepts(proof.bytes.slice(0, length))).toBe(false)
  expect(accepts(Uint8Array.from([...proof.bytes, 0]))).toBe(false)
  expect(accepts(new Uint8Array(0))).toBe(false)
})

test('parts of another proof of the same key', () => {
  const names = new Set(proof.sections.map(s => s.name))
  for (const name of names) {
    const mine = proof.sections.filter(s => s.name === name)
    const theirs = other.proof.sections.filter(s => s.name === name)
    const bytes: number[] = []
    let at = 0
    mine.forEach((section, i) => {
      bytes.push(...proof.bytes.slice(at, section.start))
      const part = theirs[Math.min(i, theirs.length - 1)]!
      bytes.push(...other.proof.bytes.slice(part.start, part.end))
      at = section.end
    })
    bytes.push(...proof.bytes.slice(at))
    expect(accepts(Uint8Array.from(bytes)), name).toBe(false)
    expect(accepts(Uint8Array.from(bytes), other.proof.claim), name).toBe(false)
  }
})

test('another encoding of a field element', () => {
  // p + x for x below 2^32 - 1 is the same element
  const p = 0xffffffff00000001n
  const bytes = proof.bytes.slice()
  const view = new DataView(bytes.buffer)
  const input = 59
  expect(view.getBigUint64(input, true)).toBe(proof.claim.inputs[0])
  view.setBigUint64(input, proof.claim.inputs[0]! + p, true)
  expect(verify(key, proof.claim, bytes, SMALL)).toMatchObject({
    reason: 'byte 59: a field element is not canonical',
  })
  for (const bad of [p, p + 1n, 2n ** 64n - 1n]) {
    const words = new BigUint64Array([1n, bad])
    const readers = [1, 2].map(() => new ProofReader(new Uint8Array(words.buffer))) as [
      ProofReader,
      ProofReader,
    ]
    expect(() => readers[0].extension()).toThrow('not canonical')
    expect(() => readers[1].row(2)).toThrow('not canonical')
  }
})

test('sums of two circuits that still cancel', () => {
  const { start } = proof.sections.find(s => s.name === 'sums of the lookups')!
  const bytes = proof.bytes.slice()
  const view = new DataView(bytes.buffer)
  const p = 0xffffffff00000001n
  const shift = (at: number, by: bigint) =>
    view.setBigUint64(at, (view.getBigUint64(at, true) + by + p) % p, true)
  shift(start, 5n)
  shift(start + 16, -5n)
  const verdict = verify(key, proof.claim, bytes, SMALL)
  expect(verdict.accepted).toBe(false)
  expect(verdict).not.toMatchObject({ reason: 'the lookups do not balance' })
})

describe('public inputs', () => {
  const rejects = (claim: Partial<typeof proof.claim>, reason: RegExp) => {
    const verdict = verify(key, { ...proof.claim, ...claim }, proof.bytes, SMALL)
    expect(verdict).toMatchObject({ accepted: false, reason: expect.stringMatching(reason) })
  }

  test('claims', () => {
    rejects({ inputs: [39n] }, /another claim/)
    rejects({ outputs: [0n] }, /another claim/)
    rejects({ outputs: [] }, /1 inputs and 1 outputs/)
    rejects({ entry: 1 }, /not an entry/)
    rejects({ rank: 3n }, /another claim/)
    rejects({ rank: null }, /a rank/)
  })

  test('keys and parameters', () => {
    const digest = key.digest.slice()
    digest[0]! ^= 1
    expect(verify({ ...key, digest }, proof.claim, proof.bytes, SMALL)).toMatchObject({
      reason: 'the proof was made for another verifying key',
    })
    const others: Parameters[] = [
      { ...SMALL, hiding: false },
      { ...SMALL, queries: 7 },
      { ...SMALL, queryWork: 3 },
      { ...SMALL, target: 117 },
      { ...SMALL, finalLog: 5 },
      parameters('default'),
    ]
    for (const p of others)
      expect(verify(key, proof.claim, proof.bytes, p)).toMatchObject({
        reason: 'the proof was made under other parameters',
      })
  })
})

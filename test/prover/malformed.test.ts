/** Damage of every kind ends in a rejection with one reason, whatever the bytes. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { InputError } from '../../lean/input-error.js'
import { inspect, ProofError, verify } from '../../prover/verify.js'
import { encodeClaim } from '../../shards/claim.js'
import { claimHeader, isClaimedProof, readClaimedProof } from '../../shards/claimed-proof.js'
import { fibonacciProof, SMALL } from './tampering.js'

const { key, proof } = fibonacciProof(20n, SMALL)
const whole = proof.bytes

/** Where parts begin: damage there passes the checks of lengths. */
const borders = [...new Set(proof.sections.flatMap(({ start, end }) => [start, end]))]
const place = fc.oneof(fc.constantFrom(...borders), fc.nat(whole.length), fc.nat(300))
const word = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  fc.constantFrom(
    0n,
    1n,
    0xffffffff00000000n,
    0xffffffff00000001n,
    2n ** 64n - 1n,
    2n ** 32n - 1n,
    2n ** 31n,
  ),
)

type Damage = (bytes: Uint8Array) => Uint8Array

const joined = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts))

const damages: fc.Arbitrary<Damage> = fc.oneof(
  // a cut, and bytes after the end
  place.map(
    (at): Damage =>
      bytes =>
        bytes.slice(0, at),
  ),
  fc.uint8Array({ minLength: 1, maxLength: 40 }).map(
    (more): Damage =>
      bytes =>
        joined(bytes, more),
  ),
  // words and bytes overwritten
  fc.tuple(place, word).map(
    ([at, value]): Damage =>
      bytes => {
        const copy = bytes.slice()
        if (at + 8 <= copy.length) new DataView(copy.buffer).setBigUint64(at, value, true)
        return copy
      },
  ),
  fc.tuple(place, fc.uint8Array({ minLength: 1, maxLength: 4 })).map(
    ([at, by]): Damage =>
      bytes => {
        const copy = bytes.slice()
        copy.set(by.subarray(0, Math.max(0, copy.length - at)), Math.min(at, copy.length))
        return copy
      },
  ),
  // a stretch left out, twice, elsewhere, or filled with one byte
  fc.tuple(place, place, place).map(
    ([x, y, z]): Damage =>
      bytes => {
        const [from, to] = [Math.min(x, y), Math.max(x, y)]
        return joined(bytes.subarray(0, from), bytes.subarray(to), bytes.subarray(z))
      },
  ),
  fc.tuple(place, place).map(
    ([x, y]): Damage =>
      bytes => {
        const [from, to] = [Math.min(x, y), Math.max(x, y)]
        return joined(bytes.subarray(0, to), bytes.subarray(from))
      },
  ),
  fc.tuple(place, place, place).map(
    ([x, y, z]): Damage =>
      bytes => {
        const [from, to] = [Math.min(x, y), Math.max(x, y)]
        const copy = bytes.slice()
        copy.set(
          bytes.subarray(from, Math.min(to, from + copy.length - Math.min(z, copy.length))),
          Math.min(z, copy.length),
        )
        return copy
      },
  ),
  fc.tuple(place, place, fc.nat(255)).map(
    ([x, y, by]): Damage =>
      bytes => {
        return bytes.slice().fill(by, Math.min(x, y), Math.max(x, y))
      },
  ),
  // nothing but noise, with and without the first bytes of a proof
  fc.tuple(fc.nat(80), fc.uint8Array({ maxLength: 400 })).map(
    ([kept, noise]): Damage =>
      bytes => {
        return joined(bytes.subarray(0, kept), noise)
      },
  ),
)
const damaged = fc
  .array(damages, { minLength: 1, maxLength: 3 })
  .map(list => list.reduce((bytes, damage) => damage(bytes), whole))
  .filter(bytes => Buffer.compare(bytes, whole) !== 0)

const RUNS = Number(process.env.IX_FUZZ_RUNS ?? 400)
const oneLine = /^[^\n]+$/

test('damaged proofs', () => {
  fc.assert(
    fc.property(damaged, bytes => {
      const verdict = verify(key, proof.claim, bytes, SMALL)
      expect(verdict).toEqual({ accepted: false, reason: expect.stringMatching(oneLine) })
      try {
        inspect(bytes)
      } catch (error) {
        expect(error).toBeInstanceOf(ProofError)
      }
    }),
    { numRuns: RUNS },
  )
})

test('damaged claims in front of proofs', () => {
  const address = 'ab'.repeat(32)
  const claim = { kind: 'contains' as const, tree: address, constant: 'cd'.repeat(32) }
  const front = joined(claimHeader(claim), Uint8Array.of(1, 2, 3))
  expect(encodeClaim(claim).length).toBeLessThan(front.length)
  expect(readClaimedProof(front, 'a.ixp').claim).toEqual(claim)
  fc.assert(
    fc.property(fc.array(damages, { minLength: 1, maxLength: 3 }), list => {
      const bytes = list.reduce((some, damage) => damage(some), front)
      if (!isClaimedProof(bytes)) return
      try {
        readClaimedProof(bytes, 'a.ixp')
      } catch (error) {
        expect(error).toBeInstanceOf(InputError)
        expect((error as Error).message).toMatch(oneLine)
      }
    }),
    { numRuns: RUNS },
  )
})

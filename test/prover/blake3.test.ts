import { blake3 as noble } from '@noble/hashes/blake3.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { blake3, blake3Pair } from '../../prover/blake3.js'

test('BLAKE3 as @noble/hashes computes it', () => {
  const bytes = Uint8Array.from({ length: 10_000 }, (_, i) => (i * 251) >> 3)
  const key = bytes.slice(100, 132)
  // around the borders of blocks, chunks and subtrees
  const lengths = [
    0, 1, 3, 63, 64, 65, 127, 128, 1023, 1024, 1025, 2047, 2048, 2049, 3072, 4096, 4097, 5120, 8192, 9999,
  ]
  for (const length of lengths) {
    expect(blake3(bytes.subarray(1, 1 + length))).toEqual(noble(bytes.slice(1, 1 + length)))
    expect(blake3(bytes.subarray(3, 3 + length), key)).toEqual(noble(bytes.slice(3, 3 + length), { key }))
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), x => {
      expect(blake3(x)).toEqual(noble(x))
    }),
  )
  const digest = fc.uint8Array({ minLength: 32, maxLength: 32 })
  fc.assert(
    fc.property(digest, digest, (left, right) => {
      const both = Uint8Array.from([...left, ...right])
      expect(blake3Pair(left, right)).toEqual(noble(both))
      expect(blake3Pair(left, right, key)).toEqual(noble(both, { key }))
    }),
  )
})

import { blake3 } from '@noble/hashes/blake3.js'
import { expect, it } from 'vitest'
import { MOST_SHORT_BYTES, ShortHash } from '../../ixon/short-hash.js'

it('equals BLAKE3 for every length up to a chunk', () => {
  const hash = new ShortHash()
  const out = new Int32Array(9)
  // Bytes of an earlier, longer input stay behind in the buffer.
  for (const order of [1, -1]) {
    for (let i = 0; i <= MOST_SHORT_BYTES; i++) {
      const length = order === 1 ? i : MOST_SHORT_BYTES - i
      for (let at = 0; at < length; at++) hash.bytes[at] = (at * 7 + length) & 255
      const expected = blake3(hash.bytes.slice(0, length))
      hash.digest(length, out, 1)
      expect(Buffer.from(out.buffer, 4, 32).equals(expected)).toBe(true)
    }
  }
})

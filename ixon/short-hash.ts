/**
 * BLAKE3 of inputs of at most one chunk (1024 bytes), on words in place. The sharing pass hashes every subterm of a
 * library; the general implementation spends most of its time there on set-up and copies.
 */

const IV = Int32Array.of(
  0x6a09e667,
  0xbb67ae85,
  0x3c6ef372,
  0xa54ff53a,
  0x510e527f,
  0x9b05688c,
  0x1f83d9ab,
  0x5be0cd19,
)

const PERMUTATION = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8]
const ROUNDS = 7
const CHUNK_START = 1
const CHUNK_END = 2
const ROOT = 8
const BLOCK_BYTES = 64

export const MOST_SHORT_BYTES = 1024

/** Message word of every mixing step, round by round. */
const SCHEDULE = schedule()

function schedule(): Uint8Array {
  const table = new Uint8Array(16 * ROUNDS)
  let words = Array.from({ length: 16 }, (_, i) => i)
  for (let round = 0; round < ROUNDS; round++) {
    table.set(words, 16 * round)
    words = PERMUTATION.map(from => words[from]!)
  }
  return table
}

/** A buffer of one chunk whose first bytes can be hashed. */
export class ShortHash {
  readonly bytes = new Uint8Array(MOST_SHORT_BYTES)
  /** The same memory, little-endian as on every platform that Node.js supports. */
  readonly #words = new Int32Array(this.bytes.buffer)
  readonly #chaining = new Int32Array(8)

  /** Writes the digest of the first `length` bytes to `out`, 8 words from `offset` on. */
  digest(length: number, out: Int32Array, offset: number): void {
    const blocks = Math.max(1, Math.ceil(length / BLOCK_BYTES))
    this.bytes.fill(0, length, blocks * BLOCK_BYTES)
    const chaining = this.#chaining
    chaining.set(IV)
    for (let block = 0; block < blocks; block++) {
      const last = block === blocks - 1
      const flags = (block === 0 ? CHUNK_START : 0) | (last ? CHUNK_END | ROOT : 0)
      const used = last ? length - block * BLOCK_BYTES : BLOCK_BYTES
      compress(chaining, this.#words, 16 * block, used, flags)
    }
    out.set(chaining, offset)
  }
}

/** Replaces the chaining value by the one after the block of 16 words at `at`. */
function compress(h: Int32Array, m: Int32Array, at: number, used: number, flags: number): void {
  let v0 = h[0]!
  let v1 = h[1]!
  let v2 = h[2]!
  let v3 = h[3]!
  let v4 = h[4]!
  let v5 = h[5]!
  let v6 = h[6]!
  let v7 = h[7]!
  let v8 = IV[0]!
  let v9 = IV[1]!
  let v10 = IV[2]!
  let v11 = IV[3]!
  let v12 = 0
  let v13 = 0
  let v14 = used
  let v15 = flags
  for (let r = 0; r < 16 * ROUNDS; r += 16) {
    v0 = (v0 + v4 + m[at + SCHEDULE[r + 0]!]!) | 0
    v12 ^= v0
    v12 = (v12 >>> 16) | (v12 << 16)
    v8 = (v8 + v12) | 0
    v4 ^= v8
    v4 = (v4 >>> 12) | (v4 << 20)
    v0 = (v0 + v4 + m[at + SCHEDULE[r + 1]!]!) | 0
    v12 ^= v0
    v12 = (v12 >>> 8) | (v12 << 24)
    v8 = (v8 + v12) | 0
    v4 ^= v8
    v4 = (v4 >>> 7) | (v4 << 25)
    v1 = (v1 + v5 + m[at + SCHEDULE[r + 2]!]!) | 0
    v13 ^= v1
    v13 = (v13 >>> 16) | (v13 << 16)
    v9 = (v9 + v13) | 0
    v5 ^= v9
    v5 = (v5 >>> 12) | (v5 << 20)
    v1 = (v1 + v5 + m[at + SCHEDULE[r + 3]!]!) | 0
    v13 ^= v1
    v13 = (v13 >>> 8) | (v13 << 24)
    v9 = (v9 + v13) | 0
    v5 ^= v9
    v5 = (v5 >>> 7) | (v5 << 25)
    v2 = (v2 + v6 + m[at + SCHEDULE[r + 4]!]!) | 0
    v14 ^= v2
    v14 = (v14 >>> 16) | (v14 << 16)
    v10 = (v10 + v14) | 0
    v6 ^= v10
    v6 = (v6 >>> 12) | (v6 << 20)
    v2 = (v2 + v6 + m[at + SCHEDULE[r + 5]!]!) | 0
    v14 ^= v2
    v14 = (v14 >>> 8) | (v14 << 24)
    v10 = (v10 + v14) | 0
    v6 ^= v10
    v6 = (v6 >>> 7) | (v6 << 25)
    v3 = (v3 + v7 + m[at + SCHEDULE[r + 6]!]!) | 0
    v15 ^= v3
    v15 = (v15 >>> 16) | (v15 << 16)
    v11 = (v11 + v15) | 0
    v7 ^= v11
    v7 = (v7 >>> 12) | (v7 << 20)
    v3 = (v3 + v7 + m[at + SCHEDULE[r + 7]!]!) | 0
    v15 ^= v3
    v15 = (v15 >>> 8) | (v15 << 24)
    v11 = (v11 + v15) | 0
    v7 ^= v11
    v7 = (v7 >>> 7) | (v7 << 25)
    v0 = (v0 + v5 + m[at + SCHEDULE[r + 8]!]!) | 0
    v15 ^= v0
    v15 = (v15 >>> 16) | (v15 << 16)
    v10 = (v10 + v15) | 0
    v5 ^= v10
    v5 = (v5 >>> 12) | (v5 << 20)
    v0 = (v0 + v5 + m[at + SCHEDULE[r + 9]!]!) | 0
    v15 ^= v0
    v15 = (v15 >>> 8) | (v15 << 24)
    v10 = (v10 + v15) | 0
    v5 ^= v10
    v5 = (v5 >>> 7) | (v5 << 25)
    v1 = (v1 + v6 + m[at + SCHEDULE[r + 10]!]!) | 0
    v12 ^= v1
    v12 = (v12 >>> 16) | (v12 << 16)
    v11 = (v11 + v12) | 0
    v6 ^= v11
    v6 = (v6 >>> 12) | (v6 << 20)
    v1 = (v1 + v6 + m[at + SCHEDULE[r + 11]!]!) | 0
    v12 ^= v1
    v12 = (v12 >>> 8) | (v12 << 24)
    v11 = (v11 + v12) | 0
    v6 ^= v11
    v6 = (v6 >>> 7) | (v6 << 25)
    v2 = (v2 + v7 + m[at + SCHEDULE[r + 12]!]!) | 0
    v13 ^= v2
    v13 = (v13 >>> 16) | (v13 << 16)
    v8 = (v8 + v13) | 0
    v7 ^= v8
    v7 = (v7 >>> 12) | (v7 << 20)
    v2 = (v2 + v7 + m[at + SCHEDULE[r + 13]!]!) | 0
    v13 ^= v2
    v13 = (v13 >>> 8) | (v13 << 24)
    v8 = (v8 + v13) | 0
    v7 ^= v8
    v7 = (v7 >>> 7) | (v7 << 25)
    v3 = (v3 + v4 + m[at + SCHEDULE[r + 14]!]!) | 0
    v14 ^= v3
    v14 = (v14 >>> 16) | (v14 << 16)
    v9 = (v9 + v14) | 0
    v4 ^= v9
    v4 = (v4 >>> 12) | (v4 << 20)
    v3 = (v3 + v4 + m[at + SCHEDULE[r + 15]!]!) | 0
    v14 ^= v3
    v14 = (v14 >>> 8) | (v14 << 24)
    v9 = (v9 + v14) | 0
    v4 ^= v9
    v4 = (v4 >>> 7) | (v4 << 25)
  }
  h[0] = v0 ^ v8
  h[1] = v1 ^ v9
  h[2] = v2 ^ v10
  h[3] = v3 ^ v11
  h[4] = v4 ^ v12
  h[5] = v5 ^ v13
  h[6] = v6 ^ v14
  h[7] = v7 ^ v15
}

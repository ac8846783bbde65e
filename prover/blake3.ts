/**
 * BLAKE3 for the verifier: the compression with all state in local variables, which is several times faster than a
 * general implementation. Same results as @noble/hashes (test/prover/blake3.test.ts).
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

const CHUNK_START = 1
const CHUNK_END = 2
const PARENT = 4
const ROOT = 8
const KEYED = 16
const CHUNK = 1024

/** Message words of round r at [16 r, 16 (r + 1)). */
const SCHEDULE = schedule()

function schedule(): Uint8Array {
  const permutation = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8]
  const result = new Uint8Array(7 * 16)
  for (let i = 0; i < 16; i++) result[i] = i
  for (let i = 16; i < result.length; i++) result[i] = result[i - (i % 16) - 16 + permutation[i % 16]!]!
  return result
}

/** The message block of the next compression. */
const words = new Int32Array(16)

/** Compresses `words`: cv becomes the new chaining value. */
function compress(cv: Int32Array, counter: number, length: number, flags: number): void {
  let v0 = cv[0]!
  let v1 = cv[1]!
  let v2 = cv[2]!
  let v3 = cv[3]!
  let v4 = cv[4]!
  let v5 = cv[5]!
  let v6 = cv[6]!
  let v7 = cv[7]!
  let v8 = IV[0]!
  let v9 = IV[1]!
  let v10 = IV[2]!
  let v11 = IV[3]!
  let v12 = counter | 0
  let v13 = 0
  let v14 = length
  let v15 = flags
  let x = 0
  for (let s = 0; s < 112; s += 16) {
    v0 = (v0 + v4 + words[SCHEDULE[s + 0]!]!) | 0
    x = v12 ^ v0
    v12 = (x >>> 16) | (x << 16)
    v8 = (v8 + v12) | 0
    x = v4 ^ v8
    v4 = (x >>> 12) | (x << 20)
    v0 = (v0 + v4 + words[SCHEDULE[s + 1]!]!) | 0
    x = v12 ^ v0
    v12 = (x >>> 8) | (x << 24)
    v8 = (v8 + v12) | 0
    x = v4 ^ v8
    v4 = (x >>> 7) | (x << 25)
    v1 = (v1 + v5 + words[SCHEDULE[s + 2]!]!) | 0
    x = v13 ^ v1
    v13 = (x >>> 16) | (x << 16)
    v9 = (v9 + v13) | 0
    x = v5 ^ v9
    v5 = (x >>> 12) | (x << 20)
    v1 = (v1 + v5 + words[SCHEDULE[s + 3]!]!) | 0
    x = v13 ^ v1
    v13 = (x >>> 8) | (x << 24)
    v9 = (v9 + v13) | 0
    x = v5 ^ v9
    v5 = (x >>> 7) | (x << 25)
    v2 = (v2 + v6 + words[SCHEDULE[s + 4]!]!) | 0
    x = v14 ^ v2
    v14 = (x >>> 16) | (x << 16)
    v10 = (v10 + v14) | 0
    x = v6 ^ v10
    v6 = (x >>> 12) | (x << 20)
    v2 = (v2 + v6 + words[SCHEDULE[s + 5]!]!) | 0
    x = v14 ^ v2
    v14 = (x >>> 8) | (x << 24)
    v10 = (v10 + v14) | 0
    x = v6 ^ v10
    v6 = (x >>> 7) | (x << 25)
    v3 = (v3 + v7 + words[SCHEDULE[s + 6]!]!) | 0
    x = v15 ^ v3
    v15 = (x >>> 16) | (x << 16)
    v11 = (v11 + v15) | 0
    x = v7 ^ v11
    v7 = (x >>> 12) | (x << 20)
    v3 = (v3 + v7 + words[SCHEDULE[s + 7]!]!) | 0
    x = v15 ^ v3
    v15 = (x >>> 8) | (x << 24)
    v11 = (v11 + v15) | 0
    x = v7 ^ v11
    v7 = (x >>> 7) | (x << 25)
    v0 = (v0 + v5 + words[SCHEDULE[s + 8]!]!) | 0
    x = v15 ^ v0
    v15 = (x >>> 16) | (x << 16)
    v10 = (v10 + v15) | 0
    x = v5 ^ v10
    v5 = (x >>> 12) | (x << 20)
    v0 = (v0 + v5 + words[SCHEDULE[s + 9]!]!) | 0
    x = v15 ^ v0
    v15 = (x >>> 8) | (x << 24)
    v10 = (v10 + v15) | 0
    x = v5 ^ v10
    v5 = (x >>> 7) | (x << 25)
    v1 = (v1 + v6 + words[SCHEDULE[s + 10]!]!) | 0
    x = v12 ^ v1
    v12 = (x >>> 16) | (x << 16)
    v11 = (v11 + v12) | 0
    x = v6 ^ v11
    v6 = (x >>> 12) | (x << 20)
    v1 = (v1 + v6 + words[SCHEDULE[s + 11]!]!) | 0
    x = v12 ^ v1
    v12 = (x >>> 8) | (x << 24)
    v11 = (v11 + v12) | 0
    x = v6 ^ v11
    v6 = (x >>> 7) | (x << 25)
    v2 = (v2 + v7 + words[SCHEDULE[s + 12]!]!) | 0
    x = v13 ^ v2
    v13 = (x >>> 16) | (x << 16)
    v8 = (v8 + v13) | 0
    x = v7 ^ v8
    v7 = (x >>> 12) | (x << 20)
    v2 = (v2 + v7 + words[SCHEDULE[s + 13]!]!) | 0
    x = v13 ^ v2
    v13 = (x >>> 8) | (x << 24)
    v8 = (v8 + v13) | 0
    x = v7 ^ v8
    v7 = (x >>> 7) | (x << 25)
    v3 = (v3 + v4 + words[SCHEDULE[s + 14]!]!) | 0
    x = v14 ^ v3
    v14 = (x >>> 16) | (x << 16)
    v9 = (v9 + v14) | 0
    x = v4 ^ v9
    v4 = (x >>> 12) | (x << 20)
    v3 = (v3 + v4 + words[SCHEDULE[s + 15]!]!) | 0
    x = v14 ^ v3
    v14 = (x >>> 8) | (x << 24)
    v9 = (v9 + v14) | 0
    x = v4 ^ v9
    v4 = (x >>> 7) | (x << 25)
  }
  cv[0] = v0 ^ v8
  cv[1] = v1 ^ v9
  cv[2] = v2 ^ v10
  cv[3] = v3 ^ v11
  cv[4] = v4 ^ v12
  cv[5] = v5 ^ v13
  cv[6] = v6 ^ v14
  cv[7] = v7 ^ v15
}

const keyWords = new WeakMap<Uint8Array, Int32Array>()
let lastKey: Uint8Array | undefined
let lastWords: Int32Array = IV

/** A key as words; keys are few and constant, and one is used many times in a row. */
function wordsOf(key: Uint8Array): Int32Array {
  if (key !== lastKey) {
    lastWords = lookUp(key)
    lastKey = key
  }
  return lastWords
}

function lookUp(key: Uint8Array): Int32Array {
  let result = keyWords.get(key)
  if (result === undefined) {
    const view = new DataView(key.buffer, key.byteOffset, key.byteLength)
    result = Int32Array.from({ length: 8 }, (_, i) => view.getInt32(4 * i, true))
    keyWords.set(key, result)
  }
  return result
}

/** Chaining value of a chunk, bytes [start, end) of the input, into cv. */
function chunk(
  view: DataView,
  start: number,
  end: number,
  index: number,
  key: Int32Array,
  keyed: number,
  root: number,
  cv: Int32Array,
): void {
  cv.set(key)
  let at = start
  let flags = keyed | CHUNK_START
  do {
    const length = Math.min(64, end - at)
    const whole = length >> 2
    for (let i = 0; i < whole; i++) words[i] = view.getInt32(at + 4 * i, true)
    for (let i = whole; i < 16; i++) words[i] = 0
    for (let i = 4 * whole; i < length; i++) words[whole]! |= view.getUint8(at + i) << (8 * (i & 3))
    at += length
    if (at === end) flags |= CHUNK_END | root
    compress(cv, index, length, flags)
    flags = keyed
  } while (at < end)
}

/** Into the right value. */
function parent(left: Int32Array, right: Int32Array, key: Int32Array, flags: number): void {
  words.set(left, 0)
  words.set(right, 8)
  right.set(key)
  compress(right, 0, 64, flags | PARENT)
}

/** Values of complete subtrees of the input, larger ones first; one more for the value in work. */
const stack = Array.from({ length: 43 }, () => new Int32Array(8))

/** BLAKE3-256, keyed if there is a key of 32 bytes. Inputs up to 2^42 bytes. */
export function blake3(input: Uint8Array, key?: Uint8Array): Uint8Array {
  const start = key === undefined ? IV : wordsOf(key)
  const keyed = key === undefined ? 0 : KEYED
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength)
  const chunks = Math.max(1, Math.ceil(input.length / CHUNK))
  let depth = 0
  for (let i = 0; i < chunks - 1; i++) {
    chunk(view, i * CHUNK, (i + 1) * CHUNK, i, start, keyed, 0, stack[depth]!)
    for (let total = i + 1; total % 2 === 0; total /= 2) {
      depth--
      parent(stack[depth]!, stack[depth + 1]!, start, keyed)
      stack[depth]!.set(stack[depth + 1]!)
    }
    depth++
  }
  const cv = stack[depth]!
  chunk(view, (chunks - 1) * CHUNK, input.length, chunks - 1, start, keyed, chunks === 1 ? ROOT : 0, cv)
  while (depth > 0) {
    depth--
    parent(stack[depth]!, cv, start, keyed | (depth === 0 ? ROOT : 0))
  }
  return digestOf(cv)
}

/** BLAKE3-256 of two digests, one after the other. */
export function blake3Pair(left: Uint8Array, right: Uint8Array, key?: Uint8Array): Uint8Array {
  const start = key === undefined ? IV : wordsOf(key)
  const cv = stack[0]!
  cv.set(start)
  for (let i = 0; i < 8; i++) {
    const at = 4 * i
    words[i] = left[at]! | (left[at + 1]! << 8) | (left[at + 2]! << 16) | (left[at + 3]! << 24)
    words[i + 8] = right[at]! | (right[at + 1]! << 8) | (right[at + 2]! << 16) | (right[at + 3]! << 24)
  }
  compress(cv, 0, 64, CHUNK_START | CHUNK_END | ROOT | (key === undefined ? 0 : KEYED))
  return digestOf(cv)
}

function digestOf(cv: Int32Array): Uint8Array {
  const digest = new Uint8Array(32)
  for (let i = 0; i < 8; i++) {
    const word = cv[i]!
    digest[4 * i] = word
    digest[4 * i + 1] = word >> 8
    digest[4 * i + 2] = word >> 16
    digest[4 * i + 3] = word >> 24
  }
  return digest
}

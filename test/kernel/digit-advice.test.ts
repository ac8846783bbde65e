/**
 * Digits of words are advice. For each word that a function splits, lies that put it together all the same (a digit is another,
 * and a digit out of range makes up for it) or do not (one digit is another): nothing but the true result may come of them.
 */
import { expect, test } from 'vitest'
import { compile } from '../../aiur/language/compile.js'
import { execute } from '../../aiur/vm/interpreter.js'
import { IoBuffer } from '../../aiur/vm/io.js'
import { kernelSources } from '../../kernel/sources.js'
import { CHANNEL } from '../../kernel/witness.js'

const P = 2n ** 64n - 2n ** 32n + 1n
const LIE = 30
const ASKED = 31

const ENTRY = `
pub fn compressed(n: G, flags: G) -> [G; 8] {
  let h = [11, 22, 33, 44, 1359893119, 66, 77, 88];
  compress(h, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 4294967295], 305419896, n, flags)
}
pub fn unpacked(word: G) -> [G; 4] {
  let List.Cons(a, p) = load(cons_word(word, zeros(0)));
  let List.Cons(b, q) = load(p);
  let List.Cons(c, r) = load(q);
  let List.Cons(d, _) = load(r);
  [a, b, c, d]
}
pub fn index(i: G, n: G) -> [G; 3] {
  let List.Cons(a, p) = load(cons_index(i, n, zeros(2)));
  let List.Cons(b, q) = load(p);
  let List.Cons(c, _) = load(q);
  [a, b, c]
}
pub fn at_least(a: G, least: G) { assert_at_least(a, least); }
pub fn exclusive_or(x: G, y: G) -> G { limb_xor(x, y) }
`

/** Advice: the digits of a word, other ones if the channel says so. */
const OVERLAY = `
fn word_nibbles(x: G) -> [G; 8] { told(x, 0, nibbles_of_word(x)) }
fn nibbles_hint(x: G) -> [G; 8] { told(x, 0, nibbles_of_word(x)) }
fn nibbles_of_word(x: G) -> [G; 8] {
  let b = unconstrained_g_to_bytes(x);
  let (h0, h1, h2, h3) = (high_nibble(b[0]), high_nibble(b[1]), high_nibble(b[2]), high_nibble(b[3]));
  [b[0] - 16 * h0, h0, b[1] - 16 * h1, h1, b[2] - 16 * h2, h2, b[3] - 16 * h3, h3]
}
fn word_bytes(x: G) -> [U8; 4] {
  let b = unconstrained_g_to_bytes(x);
  let d = told(x, 1, [b[0], b[1], b[2], b[3], 0, 0, 0, 0]);
  [u8_from_field_unsafe(d[0]), u8_from_field_unsafe(d[1]), u8_from_field_unsafe(d[2]), u8_from_field_unsafe(d[3])]
}
fn told(x: G, kind: G, honest: [G; 8]) -> [G; 8] {
  io_write(${ASKED}, [x]);
  let (at, _) = io_get_info(${LIE}, [0]);
  let l = io_read(${LIE}, at, 18);
  match l[0] + 4294967296 * l[1] - x {
    0 => [l[2] + 4294967296 * l[3], l[4] + 4294967296 * l[5], l[6] + 4294967296 * l[7], l[8] + 4294967296 * l[9],
      l[10] + 4294967296 * l[11], l[12] + 4294967296 * l[13], l[14] + 4294967296 * l[15], l[16] + 4294967296 * l[17]],
    _ => honest,
  }
}
`

const ENTRIES = ['compressed', 'unpacked', 'index', 'at_least', 'exclusive_or'] as const
const program = compile([...kernelSources(), { name: 'entry', text: ENTRY }], {
  roots: [...ENTRIES],
  overlay: [{ name: 'overlay', text: OVERLAY }],
})

interface Lie {
  readonly word: bigint
  readonly digits: readonly bigint[]
}

/** No word is asked for that has no digits. */
const HONEST: Lie = { word: P - 1n, digits: [0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n] }

/** Result and words whose digits were asked for; undefined when it is rejected. */
function run(entry: (typeof ENTRIES)[number], args: readonly bigint[], { word, digits }: Lie, byBytes = 0) {
  const io = new IoBuffer()
  io.put(CHANNEL.hashing, [0], [byBytes])
  const halves = [word, ...digits].flatMap(value => [Number(value % 2n ** 32n), Number(value >> 32n)])
  io.put(LIE, [0], halves)
  const outcome = execute(program, entry, [...args], io)
  const asked = io.length(ASKED) === 0 ? [] : io.read(ASKED, 0, io.length(ASKED))
  return { result: outcome.ok ? outcome.outputs.map(String).join(' ') : undefined, asked: new Set(asked) }
}

const inField = (value: bigint): bigint => ((value % P) + P) % P

/** 1 / base^n */
function inverse(base: bigint, n: number): bigint {
  let power = 1n
  for (let i = 0; i < n; i++) power = (power * base) % P
  let result = 1n
  for (let e = P - 2n, square = power; e > 0n; e >>= 1n, square = (square * square) % P)
    if (e & 1n) result = (result * square) % P
  return result
}

/** @param base of the digits @param n how many there are of the word */
function* liesAbout(word: bigint, base: bigint, n: number): Generator<Lie> {
  const digits = Array.from({ length: 8 }, (_, i) => (i < n ? (word / base ** BigInt(i)) % base : 0n))
  for (let i = 0; i < n; i++) {
    const other = digits[i]! ^ 1n
    yield { word, digits: digits.with(i, other) }
    const difference = digits[i]! - other
    for (let j = 0; j < n; j++) {
      if (j === i) continue
      const weight = j < i ? base ** BigInt(i - j) : inverse(base, j - i)
      yield { word, digits: digits.with(i, other).with(j, inField(digits[j]! + difference * weight)) }
    }
  }
  // All of it in the lowest digit.
  yield { word, digits: digits.map((_, i) => (i === 0 ? word : 0n)) }
}

/** Lies, one in so many, that are accepted and change the result. */
function believed(
  entry: (typeof ENTRIES)[number],
  args: readonly bigint[],
  right: string | undefined,
  every = 1,
  byBytes = 0,
): string[] {
  const wrong: string[] = []
  let count = 0
  for (const word of run(entry, args, HONEST, byBytes).asked)
    for (const lie of liesAbout(word, byBytes === 1 ? 256n : 16n, byBytes === 1 ? 4 : 8)) {
      if (count++ % every !== 0) continue
      const { result } = run(entry, args, lie, byBytes)
      if (result !== undefined && result !== right) wrong.push(`${args}: ${word} as ${lie.digits}`)
    }
  expect(count).toBeGreaterThan(0)
  return wrong
}

test.each([0, 1])('a compression, by bytes: %i', byBytes => {
  const args = [64n, 11n]
  const { result, asked } = run('compressed', args, HONEST, byBytes)
  expect(result).toBeDefined()
  expect(asked.size).toBeGreaterThan(200)
  expect(believed('compressed', args, result, 7, byBytes)).toEqual([])
})

test('a word of a stream', () => {
  for (const word of [0n, 0x12345678n, 0xffffffffn, 2n ** 32n, 2n ** 32n + 5n, P - 3n]) {
    const { result } = run('unpacked', [word], HONEST)
    expect(result !== undefined).toBe(word < 2n ** 32n)
    expect(believed('unpacked', [word], result)).toEqual([])
  }
})

test('an index, in as many bytes as advice says', () => {
  const encoding = (i: bigint): string =>
    i < 128n ? `${i} 0 0` : i < 256n ? `128 ${i} 0` : `129 ${i % 256n} ${i / 256n}`
  for (const i of [0n, 5n, 127n, 128n, 200n, 255n, 256n, 300n, 4095n, 65535n, 65536n, 2n ** 17n, P - 1n]) {
    const right = i < 65536n ? encoding(i) : undefined
    const results = [1n, 2n, 3n].map(n => run('index', [i, n], HONEST).result)
    expect(results.filter(result => result !== undefined)).toEqual(right === undefined ? [] : [right])
    for (const n of [1n, 2n, 3n]) expect(believed('index', [i, n], right)).toEqual([])
  }
})

test('a byte that is large enough', () => {
  for (const [a, least] of [
    [0n, 8n],
    [7n, 8n],
    [5n, 128n],
    [127n, 128n],
    [31n, 32n],
  ] as const) {
    expect(run('at_least', [a, least], HONEST).result).toBeUndefined()
    expect(believed('at_least', [a, least], undefined)).toEqual([])
  }
  expect(run('at_least', [255n, 128n], HONEST).result).toBe('')
})

test('an exclusive or of limbs', () => {
  for (const [x, y] of [
    [0x12345678n, 0xfedcba98n],
    [3n, 0n],
    [0xffffffffn, 1n],
  ] as const) {
    const right = String(x ^ y)
    expect(run('exclusive_or', [x, y], HONEST).result).toBe(right)
    expect(believed('exclusive_or', [x, y], right)).toEqual([])
  }
})

/** What operations of the bundled library on literals come to, against JavaScript. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { apply, constant, literal, same } from './library-terms.js'

const append = (a: string, b: string) => apply('String.append', literal(a), literal(b))
const bytesIn = (a: string) => apply('String.utf8ByteSize', literal(a))
const decide = (a: string, b: string) =>
  apply(
    'Decidable.decide',
    apply(constant('Eq', 1), constant('String'), literal(a), literal(b)),
    apply('String.decEq', literal(a), literal(b)),
  )

// One to four bytes for a character, and the neighbours of the surrogates.
const text = fc.string({
  unit: fc.constantFrom(
    ...'abcxyz \0\u{7f}\u{80}é\u{7ff}\u{800}漢\u{d7ff}\u{e000}\u{ffff}\u{10000}😀\u{10ffff}',
  ),
  maxLength: 6,
})

test('operations on strings are what they are in JavaScript', async () => {
  await fc.assert(
    fc.asyncProperty(text, text, async (a, b) => {
      const bytes = BigInt(new TextEncoder().encode(a).length)
      expect(await same(append(a, b), literal(a + b))).toBe(true)
      expect(await same(bytesIn(a), literal(bytes))).toBe(true)
      expect(await same(bytesIn(a), literal(bytes + 1n))).toBe(false)
      expect(await same(decide(a, b), constant(a === b ? 'Bool.true' : 'Bool.false'))).toBe(true)
      expect(await same(decide(a, b), constant(a === b ? 'Bool.false' : 'Bool.true'))).toBe(false)
      expect(await same(literal(a), literal(b))).toBe(a === b)
    }),
    { numRuns: 8, seed: 20261121 },
  )
}, 240_000)

test.each([
  ['in another order', append('abcd', 'efgh'), literal('efghabcd')],
  ['one short', append('abcd', 'efgh'), literal('abcdefg')],
  ['with another character', append('abcd', 'éfgh'), literal('abcdefgh')],
  ['of one part only', apply('String.append', literal('abcd')), apply('String.append', literal('abce'))],
  ['a size in characters', bytesIn('ééééé'), literal(5n)],
])('not equal: %s', async (_name, a, b) => {
  expect(await same(a, b)).toBe(false)
})

test('long literals', async () => {
  const long = 'the quick brown fox jumps over the lazy dog, '.repeat(5)
  expect(await same(bytesIn(long), literal(BigInt(long.length)))).toBe(true)
  expect(await same(append(long, long), literal(long + long))).toBe(true)
  expect(await same(decide(long, long), constant('Bool.true'))).toBe(true)
  expect(await same(decide(`${long}a`, `${long}b`), constant('Bool.false'))).toBe(true)
}, 120_000)

const nat = (value: bigint) => literal(value)
const int = (value: bigint) =>
  value < 0n ? apply('Int.negSucc', nat(-value - 1n)) : apply('Int.ofNat', nat(value))
const bool = (value: boolean) => constant(value ? 'Bool.true' : 'Bool.false')
const size = (value: bigint) => (value < 0n ? -value : value)
const remainder = (a: bigint, b: bigint) => (b === 0n ? a : ((a % b) + size(b)) % size(b))
const quotient = (a: bigint, b: bigint) => (b === 0n ? 0n : (a - remainder(a, b)) / b)

const INTEGERS: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  'Int.add': (a, b) => a + b,
  'Int.sub': (a, b) => a - b,
  'Int.mul': (a, b) => a * b,
  'Int.ediv': quotient,
  'Int.emod': remainder,
}

const integer = fc.oneof(
  fc.bigInt({ min: -3n, max: 3n }),
  fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }),
  fc.constantFrom(2n ** 32n, -(2n ** 32n), 2n ** 64n - 1n, -(2n ** 64n)),
)

test('operations on integers are what they are in JavaScript', async () => {
  await fc.assert(
    fc.asyncProperty(integer, integer, fc.constantFrom(...Object.keys(INTEGERS)), async (a, b, name) => {
      const is = INTEGERS[name]!(a, b)
      expect(await same(apply(name, int(a), int(b)), int(is))).toBe(true)
      expect(await same(apply(name, int(a), int(b)), int(is + 1n))).toBe(false)
      expect(await same(apply('Int.neg', int(a)), int(-a))).toBe(true)
      const decision = apply('Int.decLt', int(a), int(b))
      const proposition = apply(
        constant('LT.lt', 0),
        constant('Int'),
        constant('Int.instLTInt'),
        int(a),
        int(b),
      )
      expect(await same(apply('Decidable.decide', proposition, decision), bool(a < b))).toBe(true)
      expect(await same(apply('Decidable.decide', proposition, decision), bool(a >= b))).toBe(false)
    }),
    { numRuns: 8, seed: 20261121 },
  )
}, 240_000)

const vector = (width: bigint, value: bigint) => apply('BitVec.ofNat', nat(width), nat(value))

test('operations on bit vectors are what they are in JavaScript', async () => {
  const width = fc.constantFrom(0n, 1n, 8n, 33n, 64n)
  const value = fc.bigInt({ min: 0n, max: 2n ** 70n })
  await fc.assert(
    fc.asyncProperty(width, value, value, async (w, a, b) => {
      const [x, y] = [a % 2n ** w, b % 2n ** w]
      const sum = (x + y) % 2n ** w
      const added = apply('BitVec.add', nat(w), vector(w, a), vector(w, b))
      expect(await same(apply('BitVec.toNat', nat(w), added), nat(sum))).toBe(true)
      expect(await same(apply('BitVec.toNat', nat(w), added), nat(sum + 1n))).toBe(false)
      const less = apply('BitVec.ult', nat(w), vector(w, a), vector(w, b))
      expect(await same(less, bool(x < y))).toBe(true)
      expect(await same(less, bool(x >= y))).toBe(false)
    }),
    { numRuns: 8, seed: 20261121 },
  )
}, 240_000)

import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  add,
  high,
  highWord,
  inverse,
  lowWord,
  mul,
  normalise,
  P,
  reduce,
  sub,
  toBigInt,
} from '../../aiur/vm/goldilocks.js'

const edges = [
  0n,
  1n,
  2n,
  0xffffffffn,
  0x100000000n,
  0x100000001n,
  P - 1n,
  P - 2n,
  P - 0xffffffffn,
  P / 2n,
  0xffffffff00000000n,
]
const element = fc.oneof(
  fc.constantFrom(...edges.map(normalise)),
  fc.bigInt({ min: 0n, max: P - 1n }),
  fc.bigInt({ min: 0n, max: 1n << 33n }),
)

const binary = (f: typeof add, a: bigint, b: bigint) =>
  toBigInt(f(lowWord(a), highWord(a), lowWord(b), highWord(b)), high)

test('addition, subtraction and multiplication agree with big integers', () => {
  const check = (a: bigint, b: bigint) => {
    expect(binary(add, a, b)).toBe(normalise(a + b))
    expect(binary(sub, a, b)).toBe(normalise(a - b))
    expect(binary(mul, a, b)).toBe(normalise(a * b))
  }
  for (const a of edges.map(normalise)) for (const b of edges.map(normalise)) check(a, b)
  fc.assert(fc.property(element, element, check), { numRuns: 20_000 })
})

test('128-bit values are reduced', () => {
  const word = fc.oneof(fc.constantFrom(0, 1, 0xffffffff, 0xfffffffe), fc.nat(0xffffffff))
  fc.assert(
    fc.property(word, word, word, word, (w0, w1, w2, w3) => {
      const value = BigInt(w0) + (BigInt(w1) << 32n) + (BigInt(w2) << 64n) + (BigInt(w3) << 96n)
      expect(toBigInt(reduce(w0, w1, w2, w3), high)).toBe(value % P)
    }),
    { numRuns: 20_000 },
  )
})

test('inverses', () => {
  expect(inverse(0, 0)).toBe(0)
  fc.assert(
    fc.property(element, a => {
      fc.pre(a !== 0n)
      const i = toBigInt(inverse(lowWord(a), highWord(a)), high)
      expect((a * i) % P).toBe(1n)
    }),
    { numRuns: 500 },
  )
})

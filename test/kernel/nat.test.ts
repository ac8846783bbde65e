import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { limbsOf, natProgram, numberOf, type Operation, runLimbs, runNumbers } from './nat-program.js'

const program = natProgram()

const LIMB = 1n << 32n
/** Limbs at the borders of carries, borrows and canonical digits. */
const BORDER = [0n, 1n, 2n, LIMB / 2n - 1n, LIMB / 2n, LIMB - 2n, LIMB - 1n]

const limb = fc.oneof(fc.constantFrom(...BORDER), fc.bigInt({ min: 0n, max: LIMB - 1n }))

function number(maxLimbs: number): fc.Arbitrary<bigint> {
  return fc.array(limb, { maxLength: maxLimbs, size: 'max' }).map(numberOf)
}

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? a : gcd(b, a % b)
}

function bits(a: bigint): bigint {
  return a === 0n ? 0n : BigInt(a.toString(2).length)
}

const cmp = (a: bigint, b: bigint) => (a === b ? 0n : a < b ? 1n : 2n)

/** What every operation means, its sizes in limbs, and how many random cases it gets. */
const MEANING: [Operation, (a: bigint, b: bigint) => bigint, number, number, number][] = [
  ['add', (a, b) => a + b, 40, 40, 100],
  ['sub', (a, b) => (a < b ? 0n : a - b), 40, 40, 100],
  ['mul', (a, b) => a * b, 40, 40, 60],
  ['div', (a, b) => (b === 0n ? 0n : a / b), 40, 20, 60],
  ['mod', (a, b) => (b === 0n ? a : a % b), 40, 20, 60],
  ['gcd', gcd, 4, 4, 20],
  ['land', (a, b) => a & b, 40, 40, 40],
  ['lor', (a, b) => a | b, 40, 40, 40],
  ['xor', (a, b) => a ^ b, 40, 40, 40],
  ['log2', a => (a === 0n ? 0n : bits(a) - 1n), 40, 0, 40],
  ['bits', bits, 40, 0, 40],
  ['succ', a => a + 1n, 40, 0, 40],
  ['pred', a => a - 1n, 40, 0, 40],
  ['cmp', cmp, 40, 40, 60],
  ['eq', (a, b) => (a === b ? 1n : 0n), 40, 40, 60],
  ['le', (a, b) => (a <= b ? 1n : 0n), 40, 40, 60],
]

const FLAGS = new Set<Operation>(['cmp', 'eq', 'le', 'powOk'])

function expectResult(op: Operation, a: bigint, b: bigint, value: bigint): void {
  const words = runNumbers(program, op, a, b)
  expect(words, `${op} ${a} ${b}`).toEqual(FLAGS.has(op) ? [value] : limbsOf(value).map(BigInt))
}

test.each(MEANING)('%s agrees with bigint and is canonical', (op, meaning, sizeA, sizeB, runs) => {
  for (const a of [...BORDER, LIMB, LIMB * LIMB - 1n, LIMB * LIMB]) {
    for (const b of sizeB === 0 ? [0n] : [...BORDER, LIMB, LIMB * LIMB - 1n, LIMB * LIMB]) {
      if (op === 'pred' && a === 0n) continue
      expectResult(op, a, b, meaning(a, b))
    }
  }
  fc.assert(
    fc.property(number(sizeA), number(sizeB), (a, b) => {
      if (op === 'pred' && a === 0n) return
      expectResult(op, a, b, meaning(a, b))
    }),
    { numRuns: runs },
  )
})

test('equal and nearly equal numbers compare as they should', () => {
  fc.assert(
    fc.property(number(20), fc.constantFrom(-1n, 0n, 1n), (a, d) => {
      const b = a + d < 0n ? 0n : a + d
      expectResult('cmp', a, b, cmp(a, b))
      expectResult('eq', a, b, a === b ? 1n : 0n)
      expectResult('sub', a, b, a < b ? 0n : a - b)
    }),
    { numRuns: 40 },
  )
})

test('shifts by every amount of bits and by whole words', () => {
  const shift = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 1400 })).map(BigInt)
  fc.assert(
    fc.property(number(40), shift, (a, n) => {
      expectResult('shr', a, n, a >> n)
      expectResult('shl', a, n, a << n)
    }),
    { numRuns: 80 },
  )
  for (let n = 0n; n <= 33n; n++) {
    expectResult('shr', LIMB * LIMB - 1n, n, (LIMB * LIMB - 1n) >> n)
    expectResult('shl', LIMB - 1n, n, (LIMB - 1n) << n)
  }
  expectResult('shr', LIMB * LIMB, LIMB, 0n)
  expectResult('shr', LIMB * LIMB, LIMB - 1n, 0n)
  expectResult('shl', 0n, 77n, 0n)
})

test('a shift by 2^32 or more leaves nothing, or is not done', () => {
  for (const n of [LIMB, LIMB * LIMB - 1n, LIMB * LIMB, LIMB ** 3n])
    expectResult('shr', LIMB ** 5n - 1n, n, 0n)
  // 2^27 limbs are too many for a test: the same where a limb of the amount stands for a single one.
  const short = readFileSync(new URL('../../kernel/nat.aiur', import.meta.url), 'utf8')
    .match(/^fn limbs_shr_large[\s\S]*?^}/m)![0]
    .replace('134217728 * k', 'k')
  const shift = (a: bigint) => runLimbs(natProgram(short), 'shr', limbsOf(a), limbsOf(3n * LIMB))
  expect(shift(LIMB ** 3n - 1n).words).toEqual([])
  const { outcome } = shift(LIMB ** 3n)
  expect(outcome.ok ? '' : outcome.error.message).toMatch(/leaves something/)
})

test('powers', () => {
  fc.assert(
    fc.property(number(3), fc.integer({ min: 0, max: 12 }).map(BigInt), (a, n) => {
      expectResult('pow', a, n, a ** n)
    }),
    { numRuns: 40 },
  )
  expectResult('pow', 2n, 16384n, 2n ** 16384n)
  expectResult('pow', 0n, 0n, 1n)
})

test('exponents that could exhaust the machine are declined', () => {
  expectResult('powOk', 2n, 1n << 20n, 1n)
  expectResult('powOk', 2n, (1n << 20n) + 1n, 0n)
  expectResult('powOk', 0n, 1n << 24n, 1n)
  expectResult('powOk', 0n, (1n << 24n) + 1n, 0n)
  expectResult('powOk', 2n, LIMB, 0n)
  expectResult('powOk', 1n << 4000n, 1000n, 0n)
})

test('there is no predecessor of zero', () => {
  expect(runLimbs(program, 'pred', [], []).outcome.ok).toBe(false)
})

test('literals must be canonical and their limbs below 2^32', () => {
  expect(runLimbs(program, 'add', [1], [1]).outcome.ok).toBe(true)
  expect(runLimbs(program, 'add', [1, 0], [1]).outcome.ok).toBe(false)
  expect(runLimbs(program, 'add', [0], [1]).outcome.ok).toBe(false)
  expect(runLimbs(program, 'add', [2 ** 32], [1]).outcome.ok).toBe(false)
  expect(runLimbs(program, 'add', [1, 2 ** 33], [1]).outcome.ok).toBe(false)
})

/** Advice replaced by a lie; the operation that relies on it must fail. The value is what honest advice gives. */
const LIES: [string, string, Operation, bigint, bigint, bigint][] = [
  ['no carry', 'fn high_word_hint(v: G) -> G { 0 }', 'add', LIMB - 1n, 1n, LIMB],
  ['a carry too many', 'fn high_word_hint(v: G) -> G { 1 }', 'add', 5n, 1n, 6n],
  ['a carry of two', 'fn high_word_hint(v: G) -> G { 2 }', 'add', LIMB - 1n, LIMB - 1n, 2n * LIMB - 2n],
  [
    'high word too small',
    'fn high_word_hint(v: G) -> G { 0 }',
    'mul',
    LIMB - 1n,
    LIMB - 1n,
    (LIMB - 1n) ** 2n,
  ],
  // 3 + p = 4 + 2^32 (2^32 - 1): the other decomposition of a small product.
  ['product plus p', 'fn high_word_hint(v: G) -> G { 4294967295 }', 'mul', 3n, 1n, 3n],
  ['less for greater', 'fn limb_less_hint(x: G, y: G) -> G { 1 }', 'cmp', 9n, 5n, 2n],
  ['greater for less', 'fn limb_less_hint(x: G, y: G) -> G { 0 }', 'cmp', 5n, 9n, 1n],
  ['a comparison bit of two', 'fn limb_less_hint(x: G, y: G) -> G { 2 }', 'cmp', 5n, 9n, 1n],
  ['no borrow', 'fn borrow_hint(x: G, y: G, c: G) -> G { 0 }', 'sub', LIMB, 1n, LIMB - 1n],
  ['a borrow too many', 'fn borrow_hint(x: G, y: G, c: G) -> G { 1 }', 'sub', 9n, 1n, 8n],
  [
    'quotient zero',
    'fn div_hint(a: Limbs, b: Limbs) -> (Limbs, Limbs) { (store(List.Nil), a) }',
    'div',
    9n,
    2n,
    4n,
  ],
  [
    'remainder zero',
    'fn div_hint(a: Limbs, b: Limbs) -> (Limbs, Limbs) { (limbs_small(4), store(List.Nil)) }',
    'mod',
    9n,
    2n,
    1n,
  ],
  [
    'quotient with a zero limb',
    'fn div_hint(a: Limbs, b: Limbs) -> (Limbs, Limbs) { (store(List.Cons(4, store(List.Cons(0, store(List.Nil))))), limbs_small(1)) }',
    'div',
    9n,
    2n,
    4n,
  ],
  [
    'remainder with a zero limb',
    'fn div_hint(a: Limbs, b: Limbs) -> (Limbs, Limbs) { (limbs_small(4), store(List.Cons(0, store(List.Nil)))) }',
    'mod',
    8n,
    2n,
    0n,
  ],
  // (-1) * 2 + 11 = 9 in the field.
  [
    'quotient out of range',
    'fn div_hint(a: Limbs, b: Limbs) -> (Limbs, Limbs) { (store(List.Cons(0 - 1, store(List.Nil))), limbs_small(1)) }',
    'div',
    9n,
    2n,
    4n,
  ],
  ['half too large', 'fn half_hint(x: G) -> G { x * 9223372034707292161 }', 'log2', 9n, 0n, 3n],
  ['half too small', 'fn half_hint(x: G) -> G { 3 }', 'log2', 9n, 0n, 3n],
  ['shift by no words', 'fn shift_hint(x: G, n: G) -> G { 0 }', 'shl', 1n, 40n, 1n << 40n],
  ['bits shifted out too few', 'fn shift_hint(x: G, n: G) -> G { 0 }', 'shr', 9n, 1n, 4n],
  [
    'wrong nibbles',
    'fn nibbles_hint(x: G) -> [G; 8] { [x, 0, 0, 0, 0, 0, 0, 0] }',
    'xor',
    0x12n,
    0x21n,
    0x33n,
  ],
  [
    'nibbles of another number',
    'fn nibbles_hint(x: G) -> [G; 8] { [1, 0, 0, 0, 0, 0, 0, 0] }',
    'land',
    3n,
    3n,
    3n,
  ],
]

test.each(LIES)('advice: %s', (_name, overlay, op, a, b, honest) => {
  expectResult(op, a, b, honest)
  const { outcome } = runLimbs(natProgram(overlay), op, limbsOf(a), limbsOf(b))
  expect(outcome.ok).toBe(false)
  if (!outcome.ok) expect(outcome.error.kind).toMatch(/assert|range|match|Range/i)
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { P, toBigInt } from '../../aiur/vm/goldilocks.js'
import { coefficientsOf, newColumns, piecesOf, valuesOf } from '../../prover/columns.js'
import { domainPoint, inverseOf, power, reverseBits, rootOfUnity } from '../../prover/domain.js'
import { Engine } from '../../prover/engine/engine.js'
import { type Extension, extension } from '../../prover/extension.js'
import { batchInputs, finalPolynomial, foldLayer } from '../../prover/fri.js'
import { classOpenings, openAll } from '../../prover/openings.js'
import {
  degreeBound,
  LOG_BLOWUP,
  parameters,
  rate,
  security,
  sliceBlinders,
} from '../../prover/parameters.js'
import { commitColumns, interpolateCosets } from '../../prover/polynomials.js'
import type { SizeClass } from '../../prover/shape.js'
import { columnLength, logSizeOf, type Part, pack, quotientLength } from '../../prover/stacks.js'
import { tablesAt } from '../../prover/table-evaluation.js'
import { oneThread, runAll } from '../../prover/threads.js'

/** The challenge field in bigint, as slow as can be. */
type K = readonly [bigint, bigint]
const mod = (x: bigint) => ((x % P) + P) % P
const K = {
  of: (x: bigint): K => [mod(x), 0n],
  add: (x: K, y: K): K => [mod(x[0] + y[0]), mod(x[1] + y[1])],
  sub: (x: K, y: K): K => [mod(x[0] - y[0]), mod(x[1] - y[1])],
  mul: (x: K, y: K): K => [mod(x[0] * y[0] + 7n * x[1] * y[1]), mod(x[0] * y[1] + x[1] * y[0])],
  inv: (x: K): K => {
    const norm = inverseOf(mod(x[0] * x[0] - 7n * x[1] * x[1]))
    return [mod(x[0] * norm), mod(-x[1] * norm)]
  },
}
const slow = (x: Extension): K => [toBigInt(x.lo0, x.hi0), toBigInt(x.lo1, x.hi1)]
const fast = (x: K): Extension => extension(x[0], x[1])

const element = fc.bigInt({ min: 0n, max: P - 1n })
const elements = (count: number, seed: number) => fc.sample(element, { numRuns: count, seed })

const words = (values: bigint[]) => new Uint32Array(BigUint64Array.from(values).buffer)
const numbers = (w: Uint32Array) => [...new BigUint64Array(w.slice().buffer)]

const horner = (coefficients: bigint[], x: K): K =>
  coefficients.reduceRight((sum: K, c) => K.add(K.mul(sum, x), K.of(c)), [0n, 0n])

/** Sum of alpha^j (p_j(z) - p_j(x)) / (z - x). */
function reducedOpening(z: K, x: bigint, alpha: K, atX: bigint[], atZ: K[]): K {
  let sum: K = [0n, 0n]
  let weight: K = [1n, 0n]
  const denominator = K.inv(K.sub(z, K.of(x)))
  atX.forEach((value, j) => {
    sum = K.add(sum, K.mul(weight, K.mul(K.sub(atZ[j]!, K.of(value)), denominator)))
    weight = K.mul(weight, alpha)
  })
  return sum
}

test('published query point and reduced opening', () => {
  // stark.md 10
  const x = domainPoint(5, 3)
  expect(x).toBe(117440512n)
  const alpha: K = [0x1111111111111111n, 2n]
  const opening = reducedOpening(
    [0x123456789an, 0xabcdef01n],
    x,
    alpha,
    [11n, 22n, 33n],
    [
      [100n, 1n],
      [200n, 2n],
      [300n, 3n],
    ],
  )
  expect(opening).toEqual([7130765474285082575n, 12254464995725315436n])
})

test('folding and roll-in against bigint', () => {
  const engine = new Engine()
  engine.prepare(8)
  const log = 5
  const n = 2 ** log
  const f = [elements(n, 1), elements(n, 2)]
  const input = [elements(n / 2, 3), elements(n / 2, 4)]
  const challenge: K = [elements(1, 5)[0]!, elements(1, 6)[0]!]
  const pair = (values: bigint[][]) => values.map(words) as [Uint32Array, Uint32Array]
  const folded = foldLayer(engine, pair(f), log, fast(challenge), pair(input)).map(numbers)
  for (let j = 0; j < n / 2; j++) {
    const [a, b] = [2 * j, 2 * j + 1].map(i => [f[0]![i]!, f[1]![i]!] as const) as [K, K]
    const s = power(rootOfUnity(log), BigInt(reverseBits(j, log - 1)))
    const even = K.mul(K.add(a, b), K.of(inverseOf(2n)))
    const odd = K.mul(K.sub(a, b), K.of(inverseOf(2n * s)))
    const rolled = K.mul(K.mul(challenge, challenge), [input[0]![j]!, input[1]![j]!])
    expect([folded[0]![j], folded[1]![j]]).toEqual(K.add(K.add(even, K.mul(challenge, odd)), rolled))
  }
  const last = finalPolynomial(engine, pair(f), log).map(slow)
  for (let i = 0; i < n; i++) {
    const x = K.of(power(rootOfUnity(log), BigInt(reverseBits(i, log))))
    const value = last.reduceRight((sum: K, c) => K.add(K.mul(sum, x), c), [0n, 0n])
    expect(value).toEqual([f[0]![i], f[1]![i]])
  }
})

test('evaluation, opening and batching of a class against bigint', () => {
  const threads = oneThread()
  threads.own.engine.prepare(8)
  const logSize = 4
  const bound = 20
  const set = (columns: number, seed: number) => {
    const made = newColumns(threads.share, logSize, bound, columns)
    made.coefficients.set(words(elements(columns * bound, seed)))
    const pieces = piecesOf([columns], 2)
    runAll(threads, commitColumns, { sets: [made], stacks: null, pieces }, pieces.length)
    return made
  }
  const sets = { main: set(9, 1), accumulators: set(4, 2), quotient: set(6, 3) }
  const c = {
    logSize,
    logDomain: logSize + 2,
    mainColumns: 9,
    accumulatorColumns: 4,
    slices: 2,
    quotientColumns: 6,
    next: [
      { logHeight: 2, columns: [{ tree: 'accumulators', column: 1 }] },
      {
        logHeight: 3,
        columns: [
          { tree: 'main', column: 7 },
          { tree: 'accumulators', column: 0 },
        ],
      },
    ],
  } as unknown as SizeClass
  const zeta: K = [123n, 456n]
  const alpha: K = [777n, 888n]
  const points = [zeta, K.mul(zeta, K.of(rootOfUnity(2))), K.mul(zeta, K.of(rootOfUnity(3)))]
  const openings = classOpenings(c, sets, fast(zeta))
  const coefficients = openings.map(({ columns }) =>
    columns.map(({ set: s, column }) => numbers(coefficientsOf(s, column))),
  )
  const values = openAll(threads, openings)
  values.forEach((group, g) => {
    expect(group.map(slow)).toEqual(coefficients[g]!.map(p => horner(p, points[g]!)))
  })
  const evaluations = numbers(valuesOf(sets.main, 3))
  for (let r = 0; r < 64; r++)
    expect(evaluations[r]).toBe(horner(numbers(coefficientsOf(sets.main, 3)), K.of(domainPoint(r, 6)))[0])
  for (const masked of [false, true]) {
    const opened = { shape: c, sets, openings, values, masked }
    const input = batchInputs(threads, [opened], fast(alpha))[0]!.map(numbers)
    for (const r of [0, 1, 17, 63]) {
      const x = domainPoint(r, 6)
      let expected: K = masked
        ? ([4, 5].map(k => horner(numbers(coefficientsOf(sets.quotient, k)), K.of(x))[0]) as unknown as K)
        : [0n, 0n]
      let weight: K = masked ? alpha : [1n, 0n]
      coefficients.forEach((group, g) => {
        const atX = group.map(p => horner(p, K.of(x))[0])
        const opening = reducedOpening(points[g]!, x, alpha, atX, values[g]!.map(slow))
        expected = K.add(expected, K.mul(weight, opening))
        for (let i = 0; i < group.length; i++) weight = K.mul(weight, alpha)
      })
      expect([input[0]![r], input[1]![r]]).toEqual(expected)
    }
  }
})

test('interpolation from cosets', () => {
  const engine = new Engine()
  engine.prepare(8)
  for (const cosets of [1, 2, 3, 4]) {
    const coefficients = elements(cosets * 8, cosets)
    const at = engine.allocate(8 * 8 * cosets)
    engine.scalars(
      at,
      Array.from({ length: 8 * cosets }, (_, r) => horner(coefficients, K.of(domainPoint(r, 5)))[0]),
    )
    interpolateCosets(engine, at, 3, cosets)
    expect(numbers(engine.view(at, 16 * cosets))).toEqual(coefficients)
  }
})

test('tables at a point against interpolation', () => {
  const engine = new Engine()
  engine.prepare(5)
  for (const [log, shift] of [
    [3, 1n],
    [5, rootOfUnity(7)],
  ] as const) {
    const height = 2 ** log
    const values = Uint32Array.from(elements(2 * height, log), x => Number(x & 0xffffffffn))
    const table = { width: 2, height, values }
    const point: K = [987654321n, 123456789n]
    const found = tablesAt(fast(point))(table, shift).map(slow)
    for (const column of [0, 1]) {
      const at = engine.allocate(8 * height)
      engine.scalars(
        at,
        Array.from({ length: height }, (_, r) => BigInt(values[2 * reverseBits(r, log) + column]!)),
      )
      engine.inverse(at, log)
      const coefficients = numbers(engine.view(at, 2 * height)).map(c => (c * inverseOf(BigInt(height))) % P)
      expect(found[column]).toEqual(horner(coefficients, K.mul(point, K.of(inverseOf(shift)))))
    }
  }
})

test('stacks hold every trace once, on disjoint aligned blocks', () => {
  const p = parameters('default')
  const part = fc.record({
    logHeight: fc.integer({ min: 1, max: 9 }),
    mainColumns: fc.nat(40),
    accumulatorColumns: fc.nat(9),
    degree: fc.integer({ min: 2, max: 5 }),
  })
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 60 }), (parts: Part[]) => {
      const stacks = pack(parts, p)
      const placed = stacks.flatMap(s => s.slots.map(slot => slot.part))
      expect(new Set(placed)).toEqual(new Set(parts))
      expect(placed.length).toBe(parts.length)
      for (const stack of stacks) {
        const size = 2 ** logSizeOf(p, stack)
        expect(degreeBound(p, size)).toBeGreaterThanOrEqual(columnLength(p, stack))
        expect(2 ** LOG_BLOWUP * size).toBeGreaterThanOrEqual(quotientLength(p, stack))
        expect(degreeBound(p, size)).toBeGreaterThanOrEqual(2 * sliceBlinders(p))
        const used = new Set<number>()
        for (const { part: t, position } of stack.slots) {
          expect(position % 2 ** t.logHeight).toBe(0)
          expect(t.mainColumns).toBeLessThanOrEqual(stack.mainColumns)
          expect(t.accumulatorColumns).toBeLessThanOrEqual(stack.accumulatorColumns)
          for (let i = 0; i < 2 ** t.logHeight; i++) {
            expect(position + i).toBeLessThan(2 ** stack.logHeight)
            expect(used.has(position + i)).toBe(false)
            used.add(position + i)
          }
        }
      }
    }),
    { numRuns: 40 },
  )
})

test('security of the presets', () => {
  const size = { logDomain: 22, messages: 2 ** 25, messageLength: 60, constraints: 40_000, batch: 2 ** 36 }
  for (const hiding of [true, false]) {
    const normal = security(parameters('default', { hiding }), size)
    for (const [term, bits] of Object.entries(normal.terms)) expect(bits, term).toBeGreaterThanOrEqual(100)
    expect(normal.proven).toBeGreaterThanOrEqual(100)
    const quick = security(parameters('fast', { hiding }), size)
    expect(quick.proven).toBeGreaterThanOrEqual(50)
    expect(quick.proven).toBeLessThan(60)
  }
  expect(rate(parameters('default'))).toBe(9 / 32)
  // stark.md 3.9: 118 queries at rate 1/4 are 80 bits before work
  expect(rate(parameters('default', { hiding: false }))).toBe(1 / 4)
  expect(118 * -Math.log2((1 + 1 / 4) / 2)).toBeGreaterThan(80)
  expect(() => security(parameters('default'), { ...size, batch: 2 ** 53 })).toThrow('too large')
  for (const log of [1, 5, 8, 10, 12]) {
    const p = parameters('default')
    const sizes = [3, 5].map(degree =>
      logSizeOf(p, { logHeight: log, slots: [{ part: { logHeight: log, degree } }] }),
    )
    expect(degreeBound(p, 2 ** sizes[0]!)).toBeGreaterThanOrEqual(2 ** log + 2 * p.queries + 4)
    // 5 (1024 + 254) - 1024 points fit into four times 2048; 5 (4096 + 254) - 4096 do not into four times 4096
    expect(sizes[1]! - sizes[0]!).toBe(log === 10 ? 0 : 1)
  }
})

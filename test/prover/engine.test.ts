import { blake3 } from '@noble/hashes/blake3.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { P, toBigInt } from '../../aiur/vm/goldilocks.js'
import { inverseOf, power, reverseBits, rootOfUnity } from '../../prover/domain.js'
import { FLAG, IV } from '../../prover/engine/blake3-code.js'
import { Engine } from '../../prover/engine/engine.js'
import { VectorOp } from '../../prover/engine/field-code.js'
import { type Extension, extension, invert, plus, scale, times } from '../../prover/extension.js'

const element = fc.oneof(
  fc.bigInt({ min: 0n, max: P - 1n }),
  fc.constantFrom(0n, 1n, P - 1n, P - 2n, 0xffffffffn, 1n << 32n, 0xffffffff00000000n, 0xfffffffeffffffffn),
)

const read = (engine: Engine, at: number, count: number) =>
  Array.from({ length: count }, (_, i) =>
    toBigInt(engine.words[at / 4 + 2 * i]!, engine.words[at / 4 + 2 * i + 1]!),
  )

const pair = (x: Extension) => [toBigInt(x.lo0, x.hi0), toBigInt(x.lo1, x.hi1)] as const

test('extension field against bigint', () => {
  const mod = (x: bigint) => ((x % P) + P) % P
  fc.assert(
    fc.property(element, element, element, element, (a, b, c, d) => {
      const [x, y] = [extension(a, b), extension(c, d)]
      expect(pair(plus(x, y))).toEqual([mod(a + c), mod(b + d)])
      expect(pair(times(x, y))).toEqual([mod(a * c + 7n * b * d), mod(a * d + b * c)])
      expect(pair(scale(x, Number(c & 0xffffffffn), Number(c >> 32n)))).toEqual([mod(a * c), mod(b * c)])
      if ((a | b) !== 0n) expect(pair(times(x, invert(x)))).toEqual([1n, 0n])
    }),
  )
  // stark.md 10
  expect((0xfedcba9876543210n * 0x123456789abcdef0n) % P).toBe(0xfaeafd1f6c7bbad4n)
  expect(pair(invert(extension(0xfedcba9876543210n)))).toEqual([0x660864b72e6d1d61n, 0n])
})

const BOTH = [true, false].map(on => [on, { transforms: on, vectors: on }] as const)

describe('vectors', () => {
  test.each(BOTH)('operations against bigint, SIMD %s', (_, simd) => {
    const engine = new Engine(simd)
    // the last element is alone
    const n = 63
    const lists = engine.allocate(64)
    const [a, b, t, program] = [0, 1, 2, 3].map(() => engine.allocate(8 * n)) as [
      number,
      number,
      number,
      number,
    ]
    const mod = (x: bigint) => ((x % P) + P) % P
    const expected: Record<
      Exclude<keyof typeof VectorOp, 'weightedSum'>,
      (x: bigint, y: bigint, s: bigint, t: bigint) => bigint
    > = {
      add: (x, y) => x + y,
      sub: (x, y) => x - y,
      mul: (x, y) => x * y,
      addScalar: (x, _, s) => x + s,
      rsubScalar: (x, _, s) => s - x,
      mulScalar: (x, _, s) => x * s,
      mulAddScalar: (x, _, s, before) => before + x * s,
    }
    fc.assert(
      fc.property(fc.array(element, { minLength: 3 * n, maxLength: 3 * n }), values => {
        const [xs, ys, ts] = [0, 1, 2].map(i => values.slice(i * n, (i + 1) * n)) as [
          bigint[],
          bigint[],
          bigint[],
        ]
        engine.scalars(a, xs)
        engine.scalars(b, ys)
        for (const [name, f] of Object.entries(expected)) {
          const op = VectorOp[name as keyof typeof expected]
          engine.scalars(t, ts)
          engine.write(program, Uint32Array.of(op, t, a, b))
          engine.run(program, 1, 8 * n)
          expect(read(engine, t, n)).toEqual(xs.map((x, i) => mod(f(x, ys[i]!, ys[0]!, ts[i]!))))
        }
        // start + 2 terms of other vectors and one of the same
        engine.scalars(a, xs)
        engine.scalars(b, ys)
        const list = [b, a, b + 8, b, b + 16, a, b + 24]
        engine.write(lists, Uint32Array.from(list))
        engine.write(program, Uint32Array.of(VectorOp.weightedSum, t, lists, 3))
        engine.run(program, 1, 8 * n)
        expect(read(engine, t, n)).toEqual(
          xs.map((x, i) => mod(ys[0]! + x * ys[1]! + ys[i]! * ys[2]! + x * ys[3]!)),
        )
        const nonzero = xs.map(x => x || 5n)
        engine.scalars(a, nonzero)
        engine.kernels.invertAll(a, 8 * n, t)
        expect(read(engine, a, n)).toEqual(nonzero.map(inverseOf))
        engine.scalars(t, [9n])
        engine.scalars(b, ys)
        engine.kernels.prefixSum(b, 8 * n, t)
        expect(read(engine, b, n)).toEqual(ys.map((_, i) => ys.slice(0, i).reduce((x, y) => mod(x + y), 9n)))
        expect(read(engine, t, 1)).toEqual([ys.reduce((x, y) => mod(x + y), 9n)])
      }),
      { numRuns: 30 },
    )
  })

  test.each(BOTH)('transforms against evaluation, SIMD %s', (_, simd) => {
    const engine = new Engine(simd)
    engine.prepare(7)
    for (const log of [0, 1, 2, 3, 4, 5, 6]) {
      const n = 2 ** log
      const at = engine.allocate(8 * n)
      const coefficients = fc.sample(element, { numRuns: n, seed: log })
      engine.scalars(at, coefficients)
      engine.forward(at, log)
      const values = Array.from({ length: n }, (_, r) => {
        const x = power(rootOfUnity(log), BigInt(reverseBits(r, log)))
        return coefficients.reduceRight((sum, c) => (sum * x + c) % P, 0n)
      })
      expect(read(engine, at, n)).toEqual(values)
      engine.inverse(at, log)
      expect(read(engine, at, n)).toEqual(coefficients.map(c => (c * BigInt(n)) % P))
      engine.points(at, log, 7n)
      expect(read(engine, at, n)).toEqual(
        values.map((_, r) => (7n * power(rootOfUnity(log), BigInt(reverseBits(r, log)))) % P),
      )
      engine.geometric(at, n, 3n, 5n)
      expect(read(engine, at, n)).toEqual(values.map((_, r) => (3n * power(5n, BigInt(r))) % P))
    }
  })

  test.each(BOTH)('transforms longer than what is done pass by pass, SIMD %s', (_, simd) => {
    for (const log of [15, 16]) {
      const engine = new Engine(simd)
      engine.prepare(log)
      const n = 2 ** log
      const at = engine.allocate(8 * n)
      const words = new Uint32Array(2 * n)
      // a sparse polynomial, so that it is evaluated fast
      const terms = [3, 1000, n / 2 + 1, n - 2].map((k, i) => ({ k, c: (P - 5n) / BigInt(i + 2) }))
      for (const { k, c } of terms) words.set([Number(c & 0xffffffffn), Number(c >> 32n)], 2 * k)
      engine.write(at, words)
      engine.forward(at, log)
      for (const row of [0, 1, 5, 12345, n - 1]) {
        const x = power(rootOfUnity(log), BigInt(reverseBits(row, log)))
        expect(read(engine, at + 8 * row, 1)).toEqual([
          terms.reduce((sum, { k, c }) => (sum + c * power(x, BigInt(k))) % P, 0n),
        ])
      }
      engine.inverse(at, log)
      const scaled = new Map(terms.map(({ k, c }) => [k, (c * BigInt(n)) % P]))
      const found = read(engine, at, n)
      expect(found.every((x, k) => x === (scaled.get(k) ?? 0n))).toBe(true)
    }
  })

  test('the published fold', () => {
    // stark.md 10: row 5 of log height 3
    const engine = new Engine()
    engine.prepare(4)
    const [s0, s1, t0, t1] = [0, 1, 2, 3].map(() => engine.allocate(128)) as [number, number, number, number]
    const same = (digit: bigint) => 0x1111111111111111n * digit
    engine.scalars(s0 + 80, [same(1n), same(3n)])
    engine.scalars(s1 + 80, [same(2n), same(4n)])
    const half = (x: bigint) => (x * inverseOf(2n)) % P
    engine.fold([s0, s1], [t0, t1], 3, [half(same(5n)), half(same(6n))])
    expect([read(engine, t0 + 40, 1)[0], read(engine, t1 + 40, 1)[0]]).toEqual([
      9349172584842537206n,
      984486879173118962n,
    ])
  })
})

describe('hashing', () => {
  const bytesOf = (values: bigint[]) => {
    const bytes = new Uint8Array(8 * values.length)
    const view = new DataView(bytes.buffer)
    values.forEach((x, i) => {
      view.setBigUint64(8 * i, x, true)
    })
    return bytes
  }
  const digest = (engine: Engine, at: number, stride: number, i: number) => {
    const out = new Uint32Array(8)
    for (let w = 0; w < 8; w++) out[w] = engine.words[(at + w * stride) / 4 + i]!
    return new Uint8Array(out.buffer)
  }

  test('a block of rows and the nodes above against @noble/hashes', () => {
    const engine = new Engine()
    const rows = 8
    for (const columns of [1, 3, 8]) {
      const values = fc.sample(element, { numRuns: rows * columns, seed: columns })
      const tile = engine.allocate(8 * rows * columns)
      engine.scalars(tile, values)
      const [cv, up, mixed, key] = [0, 1, 2, 3].map(() => engine.allocate(8 * 4 * rows)) as [
        number,
        number,
        number,
        number,
      ]
      for (let w = 0; w < 8; w++)
        engine.words.fill(IV[w]!, (cv + 4 * rows * w) / 4, (cv + 4 * rows * (w + 1)) / 4)
      for (let w = 0; w < 8; w++) engine.words.fill(IV[w]!, key / 4 + 4 * w, key / 4 + 4 * w + 4)
      const flags = FLAG.chunkStart | FLAG.chunkEnd | FLAG.root
      engine.words.fill(0, 16, 16 + 64)
      engine.kernels.absorb(tile, 8 * rows, columns, rows, cv, 4 * rows, flags, 8 * columns, 0)
      const row = (r: number) => bytesOf(Array.from({ length: columns }, (_, c) => values[c * rows + r]!))
      for (let r = 0; r < rows; r++) expect(digest(engine, cv, 4 * rows, r)).toEqual(blake3(row(r)))
      engine.kernels.parents(cv, 4 * rows, up, 4 * rows, rows / 2, flags, key)
      engine.kernels.merge(cv, up, mixed, 4 * rows, rows / 2, flags, key)
      for (let r = 0; r < rows / 2; r++) {
        const parent = blake3(Uint8Array.from([...blake3(row(2 * r)), ...blake3(row(2 * r + 1))]))
        expect(digest(engine, up, 4 * rows, r)).toEqual(parent)
        expect(digest(engine, mixed, 4 * rows, r)).toEqual(
          blake3(Uint8Array.from([...blake3(row(r)), ...parent])),
        )
      }
    }
  })
})

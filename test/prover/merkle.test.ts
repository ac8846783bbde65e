import { blake3 } from '@noble/hashes/blake3.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { P, toBigInt } from '../../aiur/vm/goldilocks.js'
import { Engine } from '../../prover/engine/engine.js'
import { grind } from '../../prover/grind.js'
import { hash, hashPair, TREE_KEYS, type TreeKeys } from '../../prover/hash.js'
import { distinct, rootOf, siblingsOf } from '../../prover/merkle.js'
import { oneThread } from '../../prover/threads.js'
import { Transcript } from '../../prover/transcript.js'
import { LeafHasher, Tree } from '../../prover/tree.js'

const PLAIN: TreeKeys = { leaf: undefined, node: undefined }

type Matrix = bigint[][]

const rowBytes = (rows: bigint[]) => {
  const bytes = new Uint8Array(8 * rows.length)
  const view = new DataView(bytes.buffer)
  rows.forEach((x, i) => {
    view.setBigUint64(8 * i, x, true)
  })
  return bytes
}

const wordsOf = (digest: Uint8Array) => {
  const view = new DataView(digest.buffer, digest.byteOffset)
  return [0, 1, 2, 3].map(i => view.getBigUint64(8 * i, true) % P)
}

/** stark.md 3.2, literally. */
function slowTree(matrices: Matrix[], keys: TreeKeys): Uint8Array[][] {
  const leaf = (height: number, j: number) =>
    hash(rowBytes(matrices.filter(m => m.length === height).flatMap(m => m[j]!)), keys.leaf)
  let height = Math.max(...matrices.map(m => m.length))
  let layer = Array.from({ length: height }, (_, j) => leaf(height, j))
  const layers = [layer]
  while (layer.length > 1) {
    height /= 2
    layer = Array.from({ length: height }, (_, j) => hashPair(layer[2 * j]!, layer[2 * j + 1]!, keys.node))
    if (matrices.some(m => m.length === height))
      layer = layer.map((node, j) => hashPair(node, leaf(height, j), keys.node))
    layers.unshift(layer)
  }
  return layers
}

function engineTree(engine: Engine, matrices: Matrix[], keys: TreeKeys): Tree {
  const leaves = new Map<number, Uint32Array>()
  for (const height of new Set(matrices.map(m => m.length))) {
    const rows = Array.from({ length: height }, (_, j) =>
      matrices.filter(m => m.length === height).flatMap(m => m[j]!),
    )
    leaves.set(Math.log2(height), leafDigests(engine, rows, keys))
  }
  return new Tree(oneThread(engine), leaves, keys)
}

function leafDigests(engine: Engine, rows: bigint[][], keys: TreeKeys): Uint32Array {
  return engine.scope(() => {
    // kernels work on four rows at a time
    const height = Math.max(4, rows.length)
    const width = rows[0]!.length
    const hasher = new LeafHasher(engine, height, width, keys.leaf)
    const tile = engine.allocate(8 * height * 8)
    for (let c = 0; c < width; c += 8) {
      const count = Math.min(8, width - c)
      for (let i = 0; i < count; i++)
        engine.scalars(
          tile + 8 * height * i,
          Array.from({ length: height }, (_, r) => rows[r]?.[c + i] ?? 0n),
        )
      hasher.absorb(tile, 8 * height, count)
    }
    return engine.view(hasher.finish(), 8 * height).slice()
  })
}

test('published leaf, node and tree', () => {
  // stark.md 10
  const engine = new Engine()
  const numbers = (n: number) => Array.from({ length: n }, (_, i) => BigInt(i + 1))
  const digests = leafDigests(engine, [numbers(17)], PLAIN)
  const first = new Uint8Array(Uint32Array.from({ length: 8 }, (_, w) => digests[4 * w]!).buffer)
  expect(wordsOf(first)).toEqual([
    8431665677194841246n,
    4495111673672851816n,
    7709594803249897978n,
    12683511314940902790n,
  ])
  expect(wordsOf(hash(rowBytes(numbers(3))))).toEqual([
    4163513704854067712n,
    9384471110237386207n,
    13671380075168847140n,
    1533933974187331481n,
  ])
  expect(wordsOf(hashPair(rowBytes([1n, 2n, 3n, 4n]), rowBytes([5n, 6n, 7n, 8n]), undefined))).toEqual(
    [16432952784711837466n, 12565756115261032165n % P, 6915939387221618258n, 11123773279136987111n].map(
      (x, i) => (i === 1 ? 12565756115161032165n : x),
    ),
  )
  const zeros = (height: number, width: number): Matrix =>
    Array.from({ length: height }, () => new Array<bigint>(width).fill(0n))
  const matrices = [zeros(8, 2), zeros(4, 3), zeros(2, 1)]
  matrices[0]![5] = [11n, 12n]
  matrices[1]![2] = [107n, 108n, 109n]
  matrices[2]![1] = [202n]
  const root = [4722047561722553901n, 2839201037098837684n, 4926058068911485563n, 1219861215742277604n]
  expect(wordsOf(slowTree(matrices, PLAIN)[0]![0]!)).toEqual(root)
  expect(wordsOf(engineTree(engine, matrices, PLAIN).root())).toEqual(root)
})

test('trees of many widths and heights, opened at many rows', () => {
  const engine = new Engine()
  const matrix = (log: number, width: number, seed: number): Matrix => {
    const cells = fc.sample(fc.bigInt({ min: 0n, max: P - 1n }), { numRuns: 2 ** log * width, seed })
    return Array.from({ length: 2 ** log }, (_, r) => cells.slice(r * width, (r + 1) * width))
  }
  // widths around the borders of blocks and chunks
  const shapes: [number, number][][] = [
    [[4, 1]],
    [
      [4, 8],
      [4, 9],
      [3, 127],
    ],
    [
      [5, 128],
      [3, 129],
      [2, 3],
    ],
    [
      [4, 257],
      [4, 400],
      [2, 130],
    ],
  ]
  shapes.forEach((shape, s) => {
    const matrices = shape.map(([log, width], i) => matrix(log, width, 10 * s + i))
    const slow = slowTree(matrices, TREE_KEYS)
    const tree = engineTree(engine, matrices, TREE_KEYS)
    slow.forEach((layer, log) => {
      layer.forEach((digest, i) => {
        expect(tree.digest(log, i)).toEqual(digest)
      })
    })
    const heights = [...new Set(shape.map(([log]) => log))]
    const log = Math.max(...heights)
    for (const indices of fc.sample(fc.uniqueArray(fc.nat(2 ** log - 1), { minLength: 1 }), {
      numRuns: 20,
      seed: s,
    })) {
      indices.sort((a, b) => a - b)
      const leaves = new Map(
        heights.map(h => [
          h,
          distinct(indices, log - h).map(j =>
            hash(rowBytes(matrices.filter(m => m.length === 2 ** h).flatMap(m => m[j]!)), TREE_KEYS.leaf),
          ),
        ]),
      )
      const siblings = siblingsOf(log, indices).map(at => tree.digest(at.log, at.index))
      let used = 0
      expect(rootOf(log, indices, leaves, () => siblings[used++]!, TREE_KEYS)).toEqual(tree.root())
      expect(used).toBe(siblings.length)
    }
  })
})

test('published transcript', () => {
  // stark.md 10
  const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex')).reverse()
  const one = new Transcript(new Uint8Array(0))
  one.absorb(bytes('0102030405060708'))
  expect(one.bits(20)).toBe(1019203)
  const two = new Transcript(new Uint8Array(0))
  two.absorb(bytes('0102030405060708'))
  two.absorb(bytes('1122334455667788'))
  const draw = () => {
    const x = two.extension()
    return [BigInt(x.hi0) * 2n ** 32n + BigInt(x.lo0), BigInt(x.hi1) * 2n ** 32n + BigInt(x.lo1)]
  }
  expect(draw()).toEqual([17795849114622667264n, 4116843485681689527n])
  expect(draw()).toEqual([11768399386651893439n, 10948618071942561750n])
  two.absorbNumber(0xdeadbeef)
  expect(draw()).toEqual([12096272534537655203n, 11431251745744402868n])
  two.absorbNumber(0x0a0b0c0d01020304n)
  two.absorbNumber(2)
  expect(two.bits(20)).toBe(458922)
})

test('the transcript against a literal one', () => {
  // stark.md A.1
  class Slow {
    output: number[] = []
    constructor(public input: number[]) {}
    absorb(b: Uint8Array) {
      this.output = []
      this.input.push(...b)
    }
    byte() {
      if (this.output.length === 0) {
        this.input = [...blake3(Uint8Array.from(this.input))]
        this.output = this.input.slice()
      }
      return this.output.pop()!
    }
    u64() {
      let x = 0n
      for (let i = 0n; i < 8n; i++) x += BigInt(this.byte()) << (8n * i)
      return x
    }
    element(): bigint {
      const x = this.u64()
      return x < P ? x : this.element()
    }
  }
  fc.assert(
    fc.property(
      fc.uint8Array(),
      fc.array(fc.oneof(fc.uint8Array({ maxLength: 400 }), fc.nat(32), fc.constant('extension' as const))),
      (seed, steps) => {
        const fast = new Transcript(seed)
        const slow = new Slow([...seed])
        for (const step of steps) {
          if (step === 'extension') {
            const x = fast.extension()
            expect([toBigInt(x.lo0, x.hi0), toBigInt(x.lo1, x.hi1)]).toEqual([slow.element(), slow.element()])
          } else if (typeof step !== 'number') {
            fast.absorb(step)
            slow.absorb(step)
          } else expect(BigInt(fast.bits(step))).toBe(slow.u64() % 2n ** BigInt(step))
        }
      },
    ),
  )
})

test('work against a search one by one', () => {
  const engine = new Engine()
  for (const bits of [0, 1, 5, 9, 13])
    for (const text of ['a', 'bc']) {
      const seed = new TextEncoder().encode(text)
      const fast = new Transcript(seed)
      const slow = new Transcript(seed)
      let least = 0
      while (!slow.copy().work(bits, least)) least++
      slow.work(bits, least)
      expect(grind(engine, fast, bits)).toBe(least)
      expect(fast.bits(32)).toBe(slow.bits(32))
    }
})

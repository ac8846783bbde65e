import { expect, test } from 'vitest'
import type { Program } from '../../aiur/bytecode.js'
import { layout } from '../../aiur/circuit/layout.js'
import { execute } from '../../aiur/vm/interpreter.js'
import { IoBuffer } from '../../aiur/vm/io.js'
import { deriveKey } from '../../prover/derive-key.js'
import { blinders, degreeBound, type Parameters, parameters } from '../../prover/parameters.js'
import { type Proof, prove } from '../../prover/prove.js'
import { type Random, randomSource } from '../../prover/random.js'
import { verify } from '../../prover/verify.js'
import { block, constant, fn, program, ret } from '../aiur/bytecode-builder.js'

/** Reads a word that the claim does not mention, squares it and returns 7. */
const secret: Program = program(
  fn(
    'secret',
    0,
    1,
    block(
      [
        constant(0),
        { op: 'ioRead', channel: 0, idx: 0, len: 1 },
        { op: 'mul', a: 1, b: 1 },
        { op: 'store', values: [1, 2] },
        constant(7),
      ],
      ret(0, 4),
    ),
  ),
)

const shapes = layout(secret)
const key = deriveKey(shapes)

function proofOf(witness: number, p: Parameters, random: Random): Proof {
  const io = new IoBuffer()
  io.put(0, [], [witness])
  const outcome = execute(secret, 'secret', [], io)
  if (!outcome.ok) throw outcome.error
  const call = { entry: 'secret', args: [], outputs: outcome.outputs, io }
  return prove(key, shapes, outcome.record, call, { parameters: p, random })
}

/** Reproducible randomness (xorshift128). */
function seeded(seed: number): Random {
  const s = Uint32Array.of(seed, 0x9e3779b9, 0x243f6a88, 0xb7e15162)
  const next = () => {
    let t = s[3]!
    t ^= t << 11
    t ^= t >>> 8
    s.copyWithin(1, 0, 3)
    s[0] = t ^ s[1]! ^ (s[1]! >>> 19)
    return s[0]!
  }
  for (let i = 0; i < 64; i++) next()
  return randomSource(target => {
    for (let i = 0; i < target.length; i++) target[i] = next()
  })
}

/** Every field element that a proof opens: sums, values at zeta, rows, folded values. */
function openedValues({ bytes, sections }: Proof): bigint[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const values: bigint[] = []
  const read = (name: string, limit: number) => {
    for (const { start, end } of sections.filter(s => s.name === name))
      for (let at = start; at + 8 <= Math.min(end, start + 8 * limit); at += 8)
        values.push(view.getBigUint64(at, true))
  }
  read('sums of the lookups', 100)
  read('opened values', 1000)
  // the first row of each tree: later ones begin after salts, which are random anyway
  for (const tree of ['main', 'accumulators', 'quotient']) read(`rows (${tree})`, 4)
  read('FRI values', 2)
  read('last FRI polynomial', 8)
  return values
}

const BINS = 8
const RUNS = 96

/** Largest chi-square statistic over all opened positions of the difference between two samples. */
function distance(a: bigint[][], b: bigint[][]): number {
  const positions = a[0]!.length
  let worst = 0
  for (let i = 0; i < positions; i++) {
    const counts = [a, b].map(sample => {
      const bins = new Array<number>(BINS).fill(0)
      for (const values of sample) bins[Number(values[i]! >> 61n)]!++
      return bins
    }) as [number[], number[]]
    let statistic = 0
    for (let k = 0; k < BINS; k++) {
      const [x, y] = [counts[0][k]!, counts[1][k]!]
      if (x + y > 0) statistic += (x - y) ** 2 / (x + y)
    }
    worst = Math.max(worst, statistic)
  }
  return worst
}

const small = (hiding: boolean): Parameters => ({ hiding, queries: 3, queryWork: 0, target: 20, finalLog: 3 })

function samples(p: Parameters): [bigint[][], bigint[][]] {
  const random = seeded(2024)
  return [3, 0x123456789abc].map(witness =>
    Array.from({ length: RUNS }, () => openedValues(proofOf(witness, p, random))),
  ) as [bigint[][], bigint[][]]
}

// About 120 positions with 7 degrees of freedom: above 40 has probability 1e-4 for all of them together.
const THRESHOLD = 40

test('proofs of one statement from two witnesses cannot be told apart by what they open', () => {
  const [a, b] = samples(small(true))
  expect(a[0]!.length).toBeGreaterThan(60)
  expect(distance(a, b)).toBeLessThan(THRESHOLD)
})

test('without hiding they can', () => {
  const [a, b] = samples(small(false))
  // every proof of a witness opens the same values, and they differ between the witnesses
  for (const values of a) expect(values).toEqual(a[0])
  expect(distance(a, b)).toBeGreaterThan(2 * THRESHOLD)
})

test('two proofs of one witness share no commitment when they hide', () => {
  const [x, y] = [seeded(1), seeded(2)].map(random => proofOf(5, small(true), random)) as [Proof, Proof]
  const roots = (p: Proof) =>
    p.sections.filter(s => s.name === 'roots').map(s => p.bytes.slice(s.start, s.end).join())
  for (const [i, root] of roots(x).entries()) expect(roots(y)[i]).not.toBe(root)
  for (const proof of [x, y])
    expect(verify(key.key, proof.claim, proof.bytes, small(true)).accepted).toBe(true)
  expect(Buffer.from(x.bytes).equals(Buffer.from(proofOf(5, small(true), seeded(1)).bytes))).toBe(true)
})

test('a column has more blinders than a verifier learns of it', () => {
  for (const preset of ['default', 'fast'] as const) {
    const p = parameters(preset)
    // Rows at x; the quotient at x stands for values at x and g x; values at zeta and g zeta are two of F each.
    expect(blinders(p)).toBeGreaterThanOrEqual(2 * p.queries + 4)
    for (const size of [256, 1024, 4096]) expect(degreeBound(p, size) - size).toBe(size / 4)
    expect(blinders(parameters(preset, { hiding: false }))).toBe(0)
  }
})

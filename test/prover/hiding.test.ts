import { describe, expect, test } from 'vitest'
import type { Program } from '../../aiur/bytecode.js'
import { layout } from '../../aiur/circuit/layout.js'
import { execute } from '../../aiur/vm/interpreter.js'
import { IoBuffer } from '../../aiur/vm/io.js'
import { deriveKey } from '../../prover/derive-key.js'
import { rootOfUnity } from '../../prover/domain.js'
import {
  type Extension,
  extension,
  invert,
  isZero,
  minus,
  ONE,
  plus,
  powerOfTwo,
  powers,
  times,
  ZERO,
} from '../../prover/extension.js'
import {
  blinders,
  degreeBound,
  MAX_LOG_HEIGHT,
  type Parameters,
  parameters,
  sliceBlinders,
} from '../../prover/parameters.js'
import { domainElement } from '../../prover/points.js'
import { type Proof, prove } from '../../prover/prove.js'
import { type Random, randomSource } from '../../prover/random.js'
import { columnLength, pack } from '../../prover/stacks.js'
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

/** Rank of a matrix over K, which is changed. */
function rankOf(rows: Extension[][]): number {
  const width = rows[0]!.length
  let rank = 0
  for (let column = 0; column < width && rank < rows.length; column++) {
    const pivot = rows.findIndex((row, i) => i >= rank && !isZero(row[column]!))
    if (pivot < 0) continue
    const taken = rows[pivot]!
    rows[pivot] = rows[rank]!
    rows[rank] = taken
    const scale = invert(taken[column]!)
    for (const row of rows.slice(rank + 1)) {
      const factor = times(row[column]!, scale)
      if (isZero(factor)) continue
      for (let i = column; i < width; i++) row[i] = minus(row[i]!, times(factor, taken[i]!))
    }
    rank++
  }
  return rank
}

/** A sum of weighted values of a column. */
type Form = readonly { at: Extension; weight: Extension }[]

/**
 * What a proof shows of an accumulator: its values at the queries x, at zeta and w zeta with their conjugates, and by the
 * quotient at each query a combination of its values at w x over all heights.
 */
function shown(rows: readonly number[], logs: readonly number[], random: Random): Form[] {
  const drawn = () => {
    const words = new Uint32Array(4)
    random.elements(words)
    return { lo0: words[0]!, hi0: words[1]!, lo1: words[2]!, hi1: words[3]! }
  }
  const roots = logs.map(log => extension(rootOfUnity(log)))
  const conjugate = (z: Extension) => {
    const { lo1, hi1 } = minus(ZERO, z)
    return { ...z, lo1, hi1 }
  }
  const zeta = drawn()
  const opened = [zeta, ...roots.map(w => times(w, zeta))].flatMap(z => [z, conjugate(z)])
  const points = rows.map(domainElement)
  const values = [...points, ...opened].map((at): Form => [{ at, weight: ONE }])
  return [...values, ...points.map(x => roots.map(w => ({ at: times(w, x), weight: drawn() })))]
}

/** Forms in the blinders: coefficients of a multiple of X^N - 1, N the height of the stack. */
function inBlinders(forms: readonly Form[], logHeight: number, count: number): Extension[][] {
  return forms.map(form => {
    const sum = new Array<Extension>(count).fill(ZERO)
    for (const { at, weight } of form) {
      const factor = times(weight, minus(powerOfTwo(at, logHeight), ONE))
      for (const [i, x] of powers(at, count, factor).entries()) sum[i] = plus(sum[i]!, x)
    }
    return sum
  })
}

/** Forms in the values at all of their points, as if these were independent. */
function inValues(forms: readonly Form[]): Extension[][] {
  const key = ({ lo0, hi0, lo1, hi1 }: Extension) => [lo0, hi0, lo1, hi1].join()
  const points = [...new Set(forms.flat().map(({ at }) => key(at)))]
  return forms.map(form => {
    const sum = new Array<Extension>(points.length).fill(ZERO)
    for (const { at, weight } of form) {
      const i = points.indexOf(key(at))
      sum[i] = plus(sum[i]!, weight)
    }
    return sum
  })
}

describe('a column has as many blinders as a verifier learns values of it', () => {
  const random = seeded(77)
  const p = { ...small(true), queries: 12 }
  const spread = Array.from({ length: p.queries }, (_, i) => 5 * i + 3)
  // the rows that follow are queries, too, at heights up to 8, and some of them at others
  const block = Array.from({ length: p.queries }, (_, i) => i)

  test.each([
    ['one height', [3]],
    ['two heights', [1, 2]],
    ['five heights', [1, 2, 3, 4, 5]],
    ['eight heights', [1, 2, 3, 4, 5, 6, 7, 8]],
  ])('in a stack of %s', (_, logs) => {
    const all = logs.length === 1 ? logs : [...logs, Math.max(...logs) + 1]
    const parts = all.map(logHeight => ({ logHeight, mainColumns: 3, accumulatorColumns: 2, degree: 3 }))
    // the highest fills a stack, the others fill one together
    const stack = pack(parts, p).find(s => s.slots.length === logs.length)!
    const count = columnLength(p, stack) - 2 ** stack.logHeight
    // where queries meet, the proof has only those dependences that there are for every trace
    for (const rows of [spread, block]) {
      const forms = shown(rows, logs, random)
      expect(forms.length).toBe(2 * p.queries + 2 * (1 + logs.length))
      const rank = rankOf(inValues(forms))
      expect(rankOf(inBlinders(forms, stack.logHeight, count))).toBe(rank)
      if (rows === block && logs.length < 3) expect(rank).toBeLessThan(forms.length)
    }
  })

  test('by the presets', () => {
    for (const preset of ['default', 'fast'] as const) {
      const p = parameters(preset)
      for (const heights of [1, 5, MAX_LOG_HEIGHT])
        expect(blinders(p, heights)).toBeGreaterThanOrEqual(2 * p.queries + 2 * (1 + heights))
      expect(sliceBlinders(p)).toBeGreaterThanOrEqual(p.queries + 2)
      for (const size of [256, 1024, 4096]) expect(degreeBound(p, size) - size).toBe(size / 8)
      expect(blinders(parameters(preset, { hiding: false }), 5)).toBe(0)
    }
  })
})

test('random elements may be any canonical ones, and no others', () => {
  const high = 0xffffffff
  // p - 1, p and 2^32 + 9 at first; p + 4 and 7 2^32 for the second one
  const given = [0, high, 1, high, 9, 1, 5, high, 0, 7]
  const source = randomSource(target => {
    for (let i = 0; i < target.length; i++) target[i] = given.shift()!
  })
  const words = new Uint32Array(6)
  source.elements(words)
  expect([...words]).toEqual([0, high, 0, 7, 9, 1])
  expect(given).toEqual([])
})

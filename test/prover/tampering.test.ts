import { describe, expect, test } from 'vitest'
import { layout } from '../../aiur/circuit/layout.js'
import { execute } from '../../aiur/vm/interpreter.js'
import { IoBuffer } from '../../aiur/vm/io.js'
import { deriveKey } from '../../prover/derive-key.js'
import type { Parameters } from '../../prover/parameters.js'
import { parameters } from '../../prover/parameters.js'
import { ProofReader } from '../../prover/proof-bytes.js'
import { prove } from '../../prover/prove.js'
import { shapeOf } from '../../prover/shape.js'
import { inspect, verify } from '../../prover/verify.js'
import { block, fn, program, ret } from '../aiur/bytecode-builder.js'
import { fibonacciProof, flips, numbers, SMALL } from './tampering.js'

const { key, proof } = fibonacciProof(40n, SMALL)
const other = fibonacciProof(41n, SMALL)

const accepts = (bytes: Uint8Array, claim = proof.claim, p = SMALL) => verify(key, claim, bytes, p).accepted

test('the untouched proof is accepted and says what it is', () => {
  expect(accepts(proof.bytes)).toBe(true)
  expect(accepts(other.proof.bytes, other.proof.claim)).toBe(true)
  expect(inspect(proof.bytes)).toMatchObject({ parameters: SMALL, claim: proof.claim, keyDigest: key.digest })
  expect(proof.sections.at(-1)!.end).toBe(proof.bytes.length)
  const { lookup, outOfDomain, batch, fold } = proof.security.work
  expect(Math.min(lookup, outOfDomain, batch, fold)).toBeGreaterThan(0)
})

test('flipped bits', () => {
  const seed = 12345
  for (const { at, bit, section } of flips(proof, 600, seed)) {
    const bytes = proof.bytes.slice()
    bytes[at]! ^= 1 << bit
    expect(accepts(bytes), `${section}, byte ${at}, bit ${bit}, seed ${seed}`).toBe(false)
  }
})

test('the sections are all of the proof', () => {
  let at = 0
  for (const { start, end } of proof.sections) {
    expect(start).toBe(at)
    at = end
  }
  expect(at).toBe(proof.bytes.length)
})

test('bytes left out, inserted, or taken from another proof after a cut', () => {
  const random = numbers(7)
  const cut = (upTo: Uint8Array, at: number, then: Uint8Array) => {
    const bytes = new Uint8Array(at + then.length)
    bytes.set(upTo.subarray(0, at))
    bytes.set(then, at)
    return bytes
  }
  for (let i = 0; i < 100; i++) {
    const at = random(proof.bytes.length)
    const count = 1 + random(40)
    const { bytes } = proof
    expect(accepts(cut(bytes, at, bytes.subarray(at + count))), `${count} without ${at}`).toBe(false)
    expect(accepts(cut(bytes, at, bytes.subarray(Math.max(0, at - count)))), `${count} at ${at}`).toBe(false)
    expect(accepts(cut(bytes, at, other.proof.bytes.subarray(at))), `cut at ${at}`).toBe(false)
  }
})

test('rows and pairs in another order', () => {
  const { heights } = inspect(proof.bytes)
  const { classes, active } = shapeOf(key, heights, SMALL)
  const first = (name: string) => proof.sections.find(s => s.name === name)!
  const exchange = (start: number, length: number) => {
    const bytes = proof.bytes.slice()
    bytes.set(proof.bytes.subarray(start + length, start + 2 * length), start)
    bytes.set(proof.bytes.subarray(start, start + length), start + length)
    expect(bytes).not.toEqual(proof.bytes)
    return bytes
  }
  const salted = (columns: number) => 8 * columns + 16
  const c = classes[0]!
  const swapped: [string, number, number][] = [
    ['rows (main)', first('rows (main)').start, salted(c.mainColumns)],
    ['rows (accumulators)', first('rows (accumulators)').start, salted(c.accumulatorColumns)],
    ['rows (quotient)', first('rows (quotient)').start, salted(c.quotientColumns)],
    ['paths (main)', first('paths (main)').start, 32],
    ['FRI paths', first('FRI paths').start, 32],
    ['sums of the lookups', first('sums of the lookups').start, 16],
    ['opened values', first('opened values').start, 16],
    ['last FRI polynomial', first('last FRI polynomial').start, 16],
  ]
  expect(active.length).toBeGreaterThan(1)
  for (const [name, start, length] of swapped) expect(accepts(exchange(start, length)), name).toBe(false)
})

test('heights', () => {
  const { heights } = inspect(proof.bytes)
  const end = proof.sections[0]!.end
  heights.forEach((height, i) => {
    for (const changed of [0, 1, 2, 3, 8, 9, 17, 20, 27, 33, 64, 65, 255]) {
      if (changed === height + 1) continue
      const bytes = proof.bytes.slice()
      bytes[end - heights.length + i] = changed
      expect(accepts(bytes), `circuit ${i} with ${changed}`).toBe(false)
    }
  })
})

test('truncated and extended', () => {
  for (let length = 0; length < proof.bytes.length; length += 997)
    expect(accepts(proof.bytes.slice(0, length))).toBe(false)
  expect(accepts(Uint8Array.from([...proof.bytes, 0]))).toBe(false)
  expect(accepts(new Uint8Array(0))).toBe(false)
})

test('parts of another proof of the same key', () => {
  const names = new Set(proof.sections.map(s => s.name))
  for (const name of names) {
    const mine = proof.sections.filter(s => s.name === name)
    const theirs = other.proof.sections.filter(s => s.name === name)
    const bytes: number[] = []
    let at = 0
    mine.forEach((section, i) => {
      bytes.push(...proof.bytes.slice(at, section.start))
      const part = theirs[Math.min(i, theirs.length - 1)]!
      bytes.push(...other.proof.bytes.slice(part.start, part.end))
      at = section.end
    })
    bytes.push(...proof.bytes.slice(at))
    expect(accepts(Uint8Array.from(bytes)), name).toBe(false)
    expect(accepts(Uint8Array.from(bytes), other.proof.claim), name).toBe(false)
  }
})

test('another encoding of a field element', () => {
  // p + x for x below 2^32 - 1 is the same element
  const p = 0xffffffff00000001n
  const bytes = proof.bytes.slice()
  const view = new DataView(bytes.buffer)
  const input = 59
  expect(view.getBigUint64(input, true)).toBe(proof.claim.inputs[0])
  view.setBigUint64(input, proof.claim.inputs[0]! + p, true)
  expect(verify(key, proof.claim, bytes, SMALL)).toMatchObject({
    reason: 'byte 59: a field element is not canonical',
  })
  for (const bad of [p, p + 1n, 2n ** 64n - 1n]) {
    const words = new BigUint64Array([1n, bad])
    const readers = [1, 2].map(() => new ProofReader(new Uint8Array(words.buffer))) as [
      ProofReader,
      ProofReader,
    ]
    expect(() => readers[0].extension()).toThrow('not canonical')
    expect(() => readers[1].row(2)).toThrow('not canonical')
  }
})

test('elements that are not canonical, wherever the proof has elements', () => {
  const p = 0xffffffff00000001n
  const names = ['sums of the lookups', 'opened values', 'last FRI polynomial', 'FRI values']
  const rows = ['main', 'accumulators', 'quotient'].map(tree => `rows (${tree})`)
  for (const name of [...names, ...rows]) {
    const { start } = proof.sections.find(s => s.name === name)!
    for (const [at, value] of [
      [start, p],
      [start + 8, p + 1n],
      [start, 2n ** 64n - 1n],
    ] as const) {
      const bytes = proof.bytes.slice()
      new DataView(bytes.buffer).setBigUint64(at, value, true)
      expect(verify(key, proof.claim, bytes, SMALL), name).toEqual({
        accepted: false,
        reason: `byte ${at}: a field element is not canonical`,
      })
    }
  }
})

test('sums of two circuits that still cancel', () => {
  const { start } = proof.sections.find(s => s.name === 'sums of the lookups')!
  const bytes = proof.bytes.slice()
  const view = new DataView(bytes.buffer)
  const p = 0xffffffff00000001n
  const shift = (at: number, by: bigint) =>
    view.setBigUint64(at, (view.getBigUint64(at, true) + by + p) % p, true)
  shift(start, 5n)
  shift(start + 16, -5n)
  const verdict = verify(key, proof.claim, bytes, SMALL)
  expect(verdict.accepted).toBe(false)
  expect(verdict).not.toMatchObject({ reason: 'the lookups do not balance' })
})

test('each of many public inputs', () => {
  // swaps two of its inputs and forgets the third
  const swap = program(fn('swap', 3, 2, block([], ret(0, 1, 0))))
  const io = new IoBuffer()
  const args = [5n, 7n, 0n]
  const outcome = execute(swap, 0, args, io)
  if (!outcome.ok) throw outcome.error
  const shapes = layout(swap)
  const proving = deriveKey(shapes)
  const call = { entry: 0, args, outputs: outcome.outputs, io }
  const { bytes, claim } = prove(proving, shapes, outcome.record, call, { parameters: SMALL })
  const verdict = (changed: Partial<typeof claim>) =>
    verify(proving.key, { ...claim, ...changed }, bytes, SMALL).accepted
  expect(verdict({})).toBe(true)
  for (const part of ['inputs', 'outputs'] as const)
    claim[part].forEach((x, i) => {
      for (const other of [x + 1n, x - 1n, 0n, 7n, 0xffffffff00000001n + x]) {
        if (other === x) continue
        expect(verdict({ [part]: claim[part].with(i, other) }), `${part} ${i}: ${other}`).toBe(false)
      }
    })
  expect(verdict({ inputs: [7n, 5n, 0n] })).toBe(false)
  expect(verdict({ inputs: [5n, 7n], outputs: [0n, 7n, 5n] })).toBe(false)
  expect(verdict({ inputs: [5n, 7n] })).toBe(false)
})

describe('public inputs', () => {
  const rejects = (claim: Partial<typeof proof.claim>, reason: RegExp) => {
    const verdict = verify(key, { ...proof.claim, ...claim }, proof.bytes, SMALL)
    expect(verdict).toMatchObject({ accepted: false, reason: expect.stringMatching(reason) })
  }

  test('claims', () => {
    rejects({ inputs: [39n] }, /another claim/)
    rejects({ outputs: [0n] }, /another claim/)
    rejects({ outputs: [] }, /1 inputs and 1 outputs/)
    rejects({ entry: 1 }, /not an entry/)
    rejects({ rank: 3n }, /another claim/)
    rejects({ rank: null }, /a rank/)
  })

  test('keys and parameters', () => {
    const digest = key.digest.slice()
    digest[0]! ^= 1
    expect(verify({ ...key, digest }, proof.claim, proof.bytes, SMALL)).toMatchObject({
      reason: 'the proof was made for another verifying key',
    })
    const others: Parameters[] = [
      { ...SMALL, hiding: false },
      { ...SMALL, queries: 7 },
      { ...SMALL, queryWork: 3 },
      { ...SMALL, target: 117 },
      { ...SMALL, finalLog: 5 },
      parameters('default'),
    ]
    for (const p of others)
      expect(verify(key, proof.claim, proof.bytes, p)).toMatchObject({
        reason: 'the proof was made under other parameters',
      })
  })
})

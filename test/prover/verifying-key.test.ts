import { expect, test } from 'vitest'
import { CircuitBuilder } from '../../aiur/circuit/circuit.js'
import { ExpressionBuilder } from '../../aiur/circuit/expression.js'
import { layout } from '../../aiur/circuit/layout.js'
import { deriveKey, keyCircuit } from '../../prover/derive-key.js'
import { decodeKey, encodeKey, KeyError } from '../../prover/key-file.js'
import { MAX_LOG_HEIGHT, parameters } from '../../prover/parameters.js'
import { shapeOf } from '../../prover/shape.js'
import { verify } from '../../prover/verify.js'
import { keyDigest } from '../../prover/verifying-key.js'
import { factorial, fibonacci } from '../aiur/bytecode-builder.js'
import { fibonacciProof, SMALL } from './tampering.js'

test('a key survives its file and verifies as before', () => {
  const { key, proof } = fibonacciProof(30n, SMALL)
  const read = decodeKey(encodeKey(key))
  expect(read.digest).toEqual(key.digest)
  expect(verify(read, proof.claim, proof.bytes, SMALL).accepted).toBe(true)
})

test('a damaged file is another key or none', () => {
  const whole = deriveKey(layout(fibonacci())).key
  const circuits = whole.circuits.filter(c => c.fixed === null || c.fixed.height <= 256)
  const key = { circuits, entries: whole.entries, digest: keyDigest(circuits, whole.entries) }
  const bytes = encodeKey(key)
  expect(decodeKey(bytes)).toEqual(key)
  expect(() => decodeKey(bytes.slice(0, bytes.length - 1))).toThrow(KeyError)
  expect(() => decodeKey(Uint8Array.from([...bytes, 0]))).toThrow('followed by more')
  for (let i = 0; i < 300; i++) {
    const changed = bytes.slice()
    changed[(i * 7919) % bytes.length]! ^= 1 << (i % 8)
    try {
      expect(decodeKey(changed).digest).not.toEqual(key.digest)
    } catch (error) {
      expect(error).toBeInstanceOf(KeyError)
    }
  }
})

test('counts in a file are checked before anything is allocated', () => {
  const { key } = deriveKey(layout(factorial()))
  const circuit = key.circuits.find(c => c.name === 'Nibbles')!
  const of = (changed: Partial<typeof circuit>) =>
    encodeKey({ ...key, circuits: [{ ...circuit, ...changed }], entries: [] })
  expect(decodeKey(of({})).circuits.length).toBe(1)
  expect(() => decodeKey(of({ main: 2 ** 32 - 1 }))).toThrow('4294967295 is not below')
  const end = of({}).length
  const bytes = of({})
  // width and height of the table, five columns of 256 numbers, and the number of entries end the file
  const table = end - 4 - 5 * (4 + 256) - 8
  const view = new DataView(bytes.buffer)
  expect([view.getUint32(table, true), view.getUint32(table + 4, true)]).toEqual([5, 256])
  view.setUint32(table + 4, 2 ** 24, true)
  expect(() => decodeKey(bytes)).toThrow('a preprocessed table is too large')
})

test('the digest depends on every part of a system', () => {
  const { key } = deriveKey(layout(fibonacci()))
  const [first, ...rest] = key.circuits as [(typeof key.circuits)[0], ...typeof key.circuits]
  const [entry] = key.entries as [(typeof key.entries)[0]]
  const fixed = rest.find(c => c.fixed !== null)!
  const table = { ...fixed.fixed!, values: fixed.fixed!.values.map((x, i) => (i === 5 ? x + 1 : x)) }
  const changed = [
    keyDigest([{ ...first, constraints: first.constraints.slice(1) }, ...rest], key.entries),
    keyDigest([{ ...first, lookups: first.lookups.slice(1) }, ...rest], key.entries),
    keyDigest([{ ...first, main: first.main + 1 }, ...rest], key.entries),
    keyDigest([first, ...rest.map(c => (c === fixed ? { ...c, fixed: table } : c))], key.entries),
    keyDigest(rest, key.entries),
    keyDigest(key.circuits, [{ ...entry, outputs: 2 }]),
    keyDigest(key.circuits, [{ ...entry, ranked: !entry.ranked }]),
    deriveKey(layout(factorial())).key.digest,
  ].map(String)
  expect(new Set([...changed, String(key.digest)]).size).toBe(changed.length + 1)
  expect(keyDigest(key.circuits, key.entries)).toEqual(key.digest)
  expect(deriveKey(layout(fibonacci())).key.digest).toEqual(key.digest)
})

test('heights that would let ranks wrap, or that no domain holds, are refused', () => {
  const { key } = deriveKey(layout(fibonacci()))
  const free = key.circuits.flatMap((c, i) => (c.fixed === null ? [i] : []))
  const shape = (count: number, logHeight: number) => {
    const heights = new Int8Array(key.circuits.length).fill(-1)
    for (const i of free.slice(0, count)) heights[i] = logHeight
    return shapeOf(key, heights, parameters('default'))
  }
  expect(shape(7, MAX_LOG_HEIGHT).active.length).toBe(7)
  expect(() => shape(8, MAX_LOG_HEIGHT)).toThrow(`${2 ** 29} rows are too many`)
  for (const logHeight of [MAX_LOG_HEIGHT + 1, 64, 127])
    expect(() => shape(1, logHeight)).toThrow('too large')
  expect(() => shape(1, 0)).toThrow('too small')
  expect(() => shape(0, 1)).toThrow('no circuit has rows')
})

test('the error of the lookups counts the message of the claim, even if its circuit has no rows', () => {
  const { key } = deriveKey(layout(fibonacci()))
  const range = key.circuits.findIndex(c => c.name === 'Range32')
  const heights = new Int8Array(key.circuits.length).fill(-1)
  heights[range] = 4
  const bits = (inputs: number) => {
    const entries = key.entries.map(e => ({ ...e, inputs }))
    const { terms, work } = shapeOf({ ...key, entries }, heights, SMALL).security
    return terms.lookup - work.lookup
  }
  expect(bits(1)).toBe(bits(0))
  expect(bits(1) - bits(1000)).toBe(7)
})

test('circuits that the protocol has no room for are refused', () => {
  const circuit = (make: (b: CircuitBuilder, x: number) => void) => {
    const builder = new CircuitBuilder(new ExpressionBuilder())
    make(builder, builder.column('x'))
    return builder.finish('odd', 'function', 1)
  }
  const power = (b: CircuitBuilder, x: number, n: number): number =>
    n === 1 ? x : b.e.mul(power(b, x, n - 1), x)
  expect(keyCircuit(circuit((b, x) => b.constrain(power(b, x, 5), 'fifth power'))).degree).toBe(5)
  expect(() => keyCircuit(circuit((b, x) => b.constrain(power(b, x, 6), 'sixth power')))).toThrow('degree 6')
  const gated = (b: CircuitBuilder, x: number, times: number) =>
    Array.from({ length: times }).reduce((sum: number) => b.e.mul(sum, b.e.transition()), x)
  expect(keyCircuit(circuit((b, x) => b.constrain(gated(b, x, 1), 'once'))).degree).toBe(2)
  expect(() => keyCircuit(circuit((b, x) => b.constrain(gated(b, x, 2), 'twice')))).toThrow('transition')
  expect(() => keyCircuit(circuit((b, x) => b.lookup(gated(b, x, 1), [b.e.one], 'lookup')))).toThrow(
    'transition',
  )
})

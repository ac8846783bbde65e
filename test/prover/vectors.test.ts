import { expect, test } from 'vitest'
import { CircuitBuilder } from '../../aiur/circuit/circuit.js'
import { ExpressionBuilder } from '../../aiur/circuit/expression.js'
import { MatrixTrace } from '../../aiur/circuit/trace.js'
import { high, highWord, inverse, lowWord, mul, P, toBigInt } from '../../aiur/vm/goldilocks.js'
import { keyCircuit, type ProvingKey } from '../../prover/derive-key.js'
import { power, rootOfUnity } from '../../prover/domain.js'
import { Engine } from '../../prover/engine/engine.js'
import { VectorOp } from '../../prover/engine/field-code.js'
import { extension, times } from '../../prover/extension.js'
import { proveTraces } from '../../prover/prove.js'
import type { Claim } from '../../prover/shape.js'
import { verify } from '../../prover/verify.js'
import { keyDigest } from '../../prover/verifying-key.js'
import { QUICK } from './forger.js'

/** The vectors of stark.md that the tests of hashing, transcript, folding and costs do not have. */

test('product and inverse, in every implementation', () => {
  const [a, b] = [0xfedcba9876543210n, 0x123456789abcdef0n]
  const product = 0xfaeafd1f6c7bbad4n
  const inverted = 0x660864b72e6d1d61n
  const words = [lowWord(a), highWord(a), lowWord(b), highWord(b)] as const
  const lo = mul(...words)
  expect(toBigInt(lo, high)).toBe(product)
  const low = inverse(words[0], words[1])
  expect(toBigInt(low, high)).toBe(inverted)
  const { lo0, hi0, lo1, hi1 } = times(extension(a), extension(b))
  expect([toBigInt(lo0, hi0), lo1, hi1]).toEqual([product, 0, 0])
  const engine = new Engine()
  const [x, y, scratch, code] = [16, 16, 16, 16].map(n => engine.allocate(n)) as [
    number,
    number,
    number,
    number,
  ]
  engine.scalars(x, [a, a])
  engine.scalars(y, [b, b])
  engine.write(code, Uint32Array.of(VectorOp.mul, y, x, y))
  engine.run(code, 1, 16)
  engine.kernels.invertAll(x, 16, scratch)
  const read = (at: number) => toBigInt(engine.words[at / 4]!, engine.words[at / 4 + 1]!)
  expect([read(y), read(y + 8), read(x), read(x + 8)]).toEqual([product, product, inverted, inverted])
})

test('roots of unity', () => {
  const roots: [number, bigint][] = [
    [0, 1n],
    [1, P - 1n],
    [2, 2n ** 48n],
    [3, P - 2n ** 24n],
    [4, P - 2n ** 60n],
    [5, 2n ** 78n % P],
    [6, 2n ** 39n],
    [7, 0xf80007ff08000001n],
    [8, 0xbf79143ce60ca966n],
    [16, 0x54df9630bf79450en],
    [20, 0x30ba2ecd5e93e76dn],
    [32, 1753635133440165772n],
  ]
  for (const [log, root] of roots) {
    expect(rootOfUnity(log), `order 2^${log}`).toBe(root)
    expect(power(root, 2n ** BigInt(log))).toBe(1n)
  }
})

/** The published toy system: squares of numbers below 16, whose arguments a table provides, and a bystander. */
function toy(gated: boolean) {
  const table = new CircuitBuilder(new ExpressionBuilder())
  const used = table.column('multiplicity')
  table.lookup(table.e.sub(table.e.zero, used), [table.e.constant(2), table.e.fixed(0)], 'number')
  const fixed = { width: 1, height: 16, values: Uint32Array.from({ length: 16 }, (_, i) => i) }

  const square = new CircuitBuilder(new ExpressionBuilder())
  const { e } = square
  const [input, selector, multiplicity, output] = ['in', 'sel', 'mult', 'out'].map(c => square.column(c)) as [
    number,
    number,
    number,
    number,
  ]
  square.constrain(e.sub(e.mul(selector, selector), selector), 'boolean')
  square.constrain(e.mul(selector, e.sub(output, e.mul(input, input))), 'square')
  if (gated) square.constrain(e.mul(multiplicity, e.sub(e.one, selector)), 'gate')
  square.lookup(e.sub(e.zero, multiplicity), [e.constant(1), e.constant(5), input, output], 'return')
  square.lookup(selector, [e.constant(2), input], 'argument')

  const bystander = new CircuitBuilder(new ExpressionBuilder())
  const count = bystander.column('count')
  const { e: b } = bystander
  bystander.constrain(b.mul(b.transition(), b.sub(b.next(0), b.add(count, b.one))), 'counts')

  const circuits = [
    table.finish('table', 'gadget', 1, fixed),
    square.finish('square', 'function', 2),
    bystander.finish('bystander', 'function', 1),
  ]
  const keys = circuits.map(keyCircuit)
  const entries = [{ index: 5, name: 'square', inputs: 1, outputs: 1, ranked: false }]
  const key = { circuits: keys, entries, digest: keyDigest(keys, entries) }
  // the prover of given traces asks for nothing but circuits and their key
  const proving = { key, circuits } as ProvingKey
  const attempt = (rows: number[][], result: number, uses: number[], withBystander: boolean) => {
    const traceOf = (i: number, cells: number[][]) =>
      new MatrixTrace(circuits[i]!, cells.length, Uint32Array.from(cells.flat().flatMap(x => [x, 0])))
    const traces = [
      traceOf(
        0,
        Array.from({ length: 16 }, (_, v) => [uses.filter(u => u === v).length]),
      ),
      traceOf(1, rows),
      ...(withBystander ? [traceOf(2, [[7], [8], [9], [10]])] : []),
    ]
    const claim: Claim = { entry: 5, inputs: [7n], outputs: [BigInt(result)], rank: null }
    const { bytes } = proveTraces(proving, traces, claim, { parameters: QUICK })
    return verify(key, claim, bytes, QUICK)
  }
  return attempt
}

test('the toy system', () => {
  const honest = [[7, 1, 1, 49]]
  const forged = [[7, 0, 1, 12345]]
  for (const withBystander of [true, false]) {
    const attempt = toy(true)
    expect(attempt(honest, 49, [7], withBystander)).toMatchObject({ accepted: true })
    expect(attempt(honest, 50, [7], withBystander)).toMatchObject({ reason: 'the lookups do not balance' })
    expect(attempt([[7, 1, 1, 50]], 50, [7], withBystander)).toMatchObject({ accepted: false })
    expect(attempt(forged, 12345, [], withBystander)).toMatchObject({ accepted: false })
    // this is why a row that is not selected must have multiplicity 0
    expect(toy(false)(forged, 12345, [], withBystander)).toMatchObject({ accepted: true })
  }
})

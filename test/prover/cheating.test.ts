import { describe, expect, test } from 'vitest'
import type { Op, Program } from '../../aiur/bytecode.js'
import { MatrixTrace } from '../../aiur/circuit/trace.js'
import { BYTE_PAIR_OPS, NIBBLE_PAIR_OPS } from '../../aiur/vm/bytes.js'
import { P } from '../../aiur/vm/goldilocks.js'
import { keyCircuit } from '../../prover/derive-key.js'
import { inverseOf } from '../../prover/domain.js'
import type { Claim } from '../../prover/shape.js'
import { block, factorial, fibonacci, fn, program, ret, single } from '../aiur/bytecode-builder.js'
import { Forger, QUICK } from './forger.js'
import { COMPARISON_FORGERIES } from './forgeries/comparisons.js'
import { BALANCE, claimed, type Forgeries, named, set } from './forgeries/forgery.js'
import { branches, FUNCTION_FORGERIES, square } from './forgeries/functions.js'
import { GADGET_FORGERIES } from './forgeries/gadgets.js'
import { MEMORY_FORGERIES } from './forgeries/memory.js'
import { RANK_FORGERIES } from './forgeries/ranks.js'

const forgeries: Forgeries = {
  ...FUNCTION_FORGERIES,
  ...MEMORY_FORGERIES,
  ...GADGET_FORGERIES,
  ...COMPARISON_FORGERIES,
  ...RANK_FORGERIES,
}

/** What a forgery starts from; nothing for a program that has no honest run. */
function honestRun(forger: Forger, args?: number[]): { traces: MatrixTrace[]; claim: Claim } {
  return args === undefined ? { traces: [], claim: claimed([], []) } : forger.honest(args.map(BigInt))
}

describe('a forged trace is rejected, and accepted by a system without the rule', () => {
  test.each(Object.entries(forgeries))('%s', (_, { program: p, args, forge, rule, reason }) => {
    const attempt = (without?: RegExp) => {
      const forger = new Forger(p, without === undefined ? {} : { without })
      const honest = honestRun(forger, args)
      const forged = forge(honest.traces, honest.claim, forger)
      const traces = forged.traces ?? honest.traces
      const claim = { ...honest.claim, ...forged.claim }
      forger.settle(traces, claim)
      return forger.attempt(traces, claim)
    }
    expect(attempt()).toMatch(reason)
    expect(attempt(rule)).toBeNull()
  })
})

/** A chain of nibble operations: x := x xor y, 240 times, so that four lookups share an accumulator. */
const manyLookups = (): Program => {
  const ops: Op[] = Array.from({ length: 240 }, (_, i) => ({ op: 'u4Xor', a: i === 0 ? 0 : i + 1, b: 1 }))
  return program(fn('f', 2, 1, block(ops, ret(0, 241))))
}

test.each([true, false])('a circuit of degree 5: its honest trace and forged ones (hiding %s)', hiding => {
  const forger = new Forger(manyLookups())
  const parameters = { ...QUICK, hiding }
  const { traces, claim } = forger.honest([9n, 6n])
  expect(keyCircuit(named(traces, 'f').circuit).degree).toBe(5)
  expect(claim.outputs).toEqual([9n])
  expect(forger.attempt(traces, claim, parameters)).toBeNull()
  for (const column of [4, 100, 243]) {
    const f = named(traces, 'f')
    const value = f.get(0, column)
    f.set(0, column, value ^ 1n)
    const forged = column === 243 ? { ...claim, outputs: [value ^ 1n] } : claim
    expect(forger.attempt(traces, forged, parameters)).toMatch(BALANCE)
    f.set(0, column, value)
  }
})

test('a multiplicity that nobody demands, one too small, and a demand without a row', () => {
  const forger = new Forger(square())
  for (const multiplicity of [2n, 0n, P - 1n]) {
    const { traces, claim } = forger.honest([3n])
    set(named(traces, 'g'), 0, 'multiplicity', multiplicity)
    expect(forger.attempt(traces, claim)).toMatch(BALANCE)
  }
  const { traces, claim } = forger.honest([3n])
  const zeros = new MatrixTrace(traces[0]!.circuit, 1, new Uint32Array(traces[0]!.values.length))
  expect(forger.attempt([zeros, ...traces.slice(1)], claim)).toMatch(BALANCE)
})

const pair = (op: string): Op => ({ op, a: 0, b: 1 }) as Op

describe('a result that its channel does not provide', () => {
  const channels: [string, Program, number[]][] = [
    ['memory, store', single(2, { op: 'store', values: [0, 1] }), [3, 5]],
    ['memory, load', single(2, { op: 'load', size: 2, ptr: 2 }, { op: 'store', values: [0, 1] }), [3, 5]],
    ['bit decomposition', single(1, { op: 'u8BitDecomposition', a: 0 }), [77]],
    ['shift left', single(1, { op: 'u8ShiftLeft', a: 0 }), [200]],
    ['shift right', single(1, { op: 'u8ShiftRight', a: 0 }), [45]],
    ...BYTE_PAIR_OPS.map((op): [string, Program, number[]] => [op, single(2, pair(op)), [157, 203]]),
    ...NIBBLE_PAIR_OPS.map((op): [string, Program, number[]] => [op, single(2, pair(op)), [9, 6]]),
  ]
  test.each(channels)('%s', (name, p, args) => {
    const forger = new Forger(p)
    const { traces, claim } = forger.honest(args.map(BigInt))
    expect(forger.attempt(traces, claim)).toBeNull()
    const f = named(traces, 'f')
    // inputs, selector and multiplicity come first; the last column is a result
    const column = f.circuit.columns.length - 1
    const value = f.get(0, column)
    f.set(0, column, value + 1n)
    const outputs = claim.outputs.slice()
    const at = outputs.lastIndexOf(value)
    expect(at).toBeGreaterThanOrEqual(0)
    outputs[at] = value + 1n
    // carry and borrow are computed from the sum
    const share = inverseOf(256n)
    if (name === 'u8Add') outputs[1] = (outputs[1]! - share + P) % P
    if (name === 'u8Sub') outputs[1] = (outputs[1]! + share) % P
    const forged = { ...claim, outputs }
    forger.settle(traces, forged)
    expect(forger.attempt(traces, forged)).toMatch(BALANCE)
    // without the demand that changed, nothing notices
    const label = f.circuit.lookups.at(-1)!.label.replace(/[()]/g, '\\$&')
    const careless = new Forger(p, { without: new RegExp(`^${label}$`) })
    const again = careless.honest(args.map(BigInt))
    named(again.traces, 'f').set(0, column, value + 1n)
    careless.settle(again.traces, forged)
    expect(careless.attempt(again.traces, forged)).toBeNull()
  })

  test('32-bit range and comparison', () => {
    const range = new Forger(single(1, { op: 'u32RangeCheck', a: 0 }))
    const run = range.honest([0x12345678n])
    expect(range.attempt(run.traces, run.claim)).toBeNull()
    set(named(run.traces, 'f'), 0, 'input 0', 1n << 32n)
    expect(range.attempt(run.traces, { ...run.claim, inputs: [1n << 32n] })).toMatch(BALANCE)

    const less = new Forger(single(2, pair('u32LessThan')))
    const compared = less.honest([300n, 70000n])
    expect(less.attempt(compared.traces, compared.claim)).toBeNull()
    for (const column of ['u32_less_than left byte 0', 'u32_less_than difference byte 1']) {
      const f = named(compared.traces, 'f')
      const index = f.circuit.columns.findIndex(c => c.startsWith(column))
      const value = f.get(0, index)
      f.set(0, index, value + 256n)
      expect(less.attempt(compared.traces, compared.claim), column).not.toBeNull()
      f.set(0, index, value)
    }
  })
})

test('hiding does not hide a forgery', () => {
  const hiding = { ...QUICK, hiding: true }
  for (const [name, { program: p, args, forge, reason }] of Object.entries(forgeries)) {
    const forger = new Forger(p)
    const honest = honestRun(forger, args)
    if (honest.traces.length > 0) expect(forger.attempt(honest.traces, honest.claim, hiding), name).toBeNull()
    const { traces, claim } = honestRun(forger, args)
    const forged = forge(traces, claim, forger)
    const stated = { ...claim, ...forged.claim }
    forger.settle(forged.traces ?? traces, stated)
    expect(forger.attempt(forged.traces ?? traces, stated, hiding), name).toMatch(reason)
  }
})

test('every cell of a trace in use counts', () => {
  const cases: [Program, number][] = [
    [factorial(), 3],
    [fibonacci(), 4],
    [branches, 8],
  ]
  for (const [p, arg] of cases) {
    const forger = new Forger(p)
    const { traces, claim } = forger.honest([BigInt(arg)])
    expect(forger.attempt(traces, claim)).toBeNull()
    const trace = traces[0]!
    // the last row of the record is the entry's, which takes the longest path
    const row = trace.height - 1
    for (let column = 0; column < trace.circuit.columns.length; column++) {
      const value = trace.get(row, column)
      if (value === 0n) continue
      trace.set(row, column, value + 1n)
      expect(forger.attempt(traces, claim), trace.circuit.columns[column]).not.toBeNull()
      trace.set(row, column, value)
    }
  }
})

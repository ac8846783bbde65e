import { describe, expect, test } from 'vitest'
import { MatrixTrace } from '../../aiur/circuit/trace.js'
import { keyCircuit, type WholeProvingKey } from '../../prover/derive-key.js'
import { proveTraces } from '../../prover/prove.js'
import type { Claim } from '../../prover/shape.js'
import { verify } from '../../prover/verify.js'
import type { KeyEntry } from '../../prover/verifying-key.js'
import { block, constant, fn, program, ret, single } from '../aiur/bytecode-builder.js'
import { Forger, QUICK } from './forger.js'
import { BALANCE, HOLD, named, set } from './forgeries/forgery.js'
import { square } from './forgeries/functions.js'

describe('false claims', () => {
  const forger = new Forger(square())
  const { traces, claim } = forger.honest([3n])

  /** A prover that claims other entries under the digest of the honest key. */
  const claiming = ({ proving }: Forger, entries: KeyEntry[]): WholeProvingKey => ({
    ...proving,
    key: { ...proving.key, entries },
  })

  test('of a function that is no entry', () => {
    const [f] = forger.proving.key.entries
    const liar = claiming(forger, [{ ...f!, index: 0, name: 'g' }])
    const g: Claim = { ...claim, entry: 0 }
    const given = forger.honest([3n]).traces
    forger.settle(given.slice(0, 1), g)
    const { bytes } = proveTraces(liar, given.slice(0, 1), g, { parameters: QUICK })
    expect(verify(liar.key, g, bytes, QUICK).accepted).toBe(true)
    expect(verify(forger.proving.key, g, bytes, QUICK)).toMatchObject({
      reason: 'function 0 is not an entry function of the verifying key',
    })
  })

  test('without their last, zero, output', () => {
    const zero = new Forger(program(fn('f', 1, 2, block([constant(0)], ret(0, 0, 1)))))
    const run = zero.honest([5n])
    expect(zero.attempt(run.traces, run.claim)).toBeNull()
    // the linear form of the lookups does not see a trailing zero; the arity of the entry does
    const short: Claim = { ...run.claim, outputs: [5n] }
    const liar = claiming(zero, [{ ...zero.proving.key.entries[0]!, outputs: 1 }])
    const { bytes } = proveTraces(liar, run.traces, short, { parameters: QUICK })
    expect(verify(liar.key, short, bytes, QUICK).accepted).toBe(true)
    expect(verify(zero.proving.key, short, bytes, QUICK)).toMatchObject({
      reason: 'a claim about f has 1 inputs and 2 outputs',
    })
    expect(verify(zero.proving.key, run.claim, bytes, QUICK)).toMatchObject({
      reason: 'the proof is about another claim',
    })
  })

  test("from a preprocessed table of the prover's own", () => {
    const shift = new Forger(single(1, { op: 'u8ShiftLeft', a: 0 }))
    const run = shift.honest([200n])
    const wrong: Claim = { ...run.claim, outputs: [7n] }
    set(named(run.traces, 'f'), 0, 'shifted', 7n)
    // row 200: 2 x mod 256 is column 9 of 11
    const circuits = shift.proving.circuits.map(c => {
      if (c.name !== 'Bytes1') return c
      const values = c.fixed!.values.slice()
      values[11 * 200 + 9] = 7
      return { ...c, fixed: { ...c.fixed!, values } }
    })
    const keys = circuits.map(keyCircuit)
    const liar = { ...shift.proving, circuits, key: { ...shift.proving.key, circuits: keys } }
    const moved = run.traces.map(t => {
      const circuit = circuits[shift.proving.circuits.indexOf(t.circuit)]!
      return new MatrixTrace(circuit, t.height, t.values)
    })
    const { bytes } = proveTraces(liar, moved, wrong, { parameters: QUICK })
    expect(verify(liar.key, wrong, bytes, QUICK).accepted).toBe(true)
    expect(verify(shift.proving.key, wrong, bytes, QUICK)).toMatchObject({
      reason: expect.stringMatching(HOLD),
    })
  })

  test('of another result', () => {
    expect(forger.attempt(traces, { ...claim, outputs: [10n] })).toMatch(BALANCE)
    expect(forger.attempt(traces, { ...claim, inputs: [4n] })).toMatch(BALANCE)
  })

  test('whose circuit is left out', () => {
    expect(forger.attempt(traces.slice(0, 1), claim)).toMatch(BALANCE)
    expect(forger.attempt(traces.slice(1), claim)).toMatch(BALANCE)
  })
})

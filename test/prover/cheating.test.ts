import { describe, expect, test } from 'vitest'
import type { Op, Program } from '../../aiur/bytecode.js'
import { MatrixTrace } from '../../aiur/circuit/trace.js'
import { BYTE_PAIR_OPS, NIBBLE_PAIR_OPS } from '../../aiur/vm/bytes.js'
import { P } from '../../aiur/vm/goldilocks.js'
import { resultCount } from '../../aiur/vm/values.js'
import { keyCircuit, type ProvingKey } from '../../prover/derive-key.js'
import { inverseOf } from '../../prover/domain.js'
import { proveTraces } from '../../prover/prove.js'
import type { Claim } from '../../prover/shape.js'
import { verify } from '../../prover/verify.js'
import type { KeyEntry } from '../../prover/verifying-key.js'
import {
  block,
  call,
  constant,
  factorial,
  fibonacci,
  fn,
  match,
  program,
  ret,
  yields,
} from '../aiur/bytecode-builder.js'
import { Forger, QUICK } from './forger.js'

const HOLD = /constraints at height class/
const BALANCE = /lookups do not balance/

/** A function of one operation. */
function single(inputs: number, op: Op, ...before: Op[]): Program {
  const start = inputs + before.reduce((n, o) => n + resultCount(o), 0)
  const results = Array.from({ length: resultCount(op) }, (_, i) => start + i)
  return program(fn('f', inputs, results.length, block([...before, op], ret(0, ...results))))
}

interface Forgery {
  program: Program
  args?: number[]
  /** Changes the honest traces and the claim, or replaces them. */
  forge: (
    traces: MatrixTrace[],
    claim: Claim,
    forger: Forger,
  ) => { traces?: MatrixTrace[]; claim?: Partial<Claim> }
  /** What rejects it; without it the forgery is accepted. */
  rule: RegExp
  /** The part of the verifier that notices. */
  reason: RegExp
  ranks?: boolean
}

const claimed = (inputs: number[], outputs: number[], entry = 0, rank: bigint | null = null): Claim => ({
  entry,
  inputs: inputs.map(BigInt),
  outputs: outputs.map(BigInt),
  rank,
})

const named = (traces: MatrixTrace[], name: string) => traces.find(t => t.circuit.name === name)!

const set = (trace: MatrixTrace, row: number, column: string, value: bigint) => {
  const index = trace.circuit.columns.findIndex(c => c.startsWith(column))
  if (index < 0) throw new Error(`${trace.circuit.name} has columns ${trace.circuit.columns.join()}`)
  trace.set(row, index, value)
}

const branches = program(
  fn('f', 1, 1, {
    ops: [],
    control: {
      control: 'matchContinue',
      scrutinee: 0,
      cases: [{ value: 7n, block: block([constant(10)], yields(0, 1)) }],
      default: block([{ op: 'mul', a: 0, b: 0 }], yields(1, 1)),
      outputSize: 1,
      continuation: block([constant(1), { op: 'add', a: 1, b: 2 }], ret(2, 3)),
    },
  }),
)

const arms = program(
  fn(
    'f',
    1,
    1,
    block(
      [],
      match(
        0,
        [
          [1, block([constant(5)], ret(0, 1))],
          [2, block([constant(6)], ret(1, 1))],
        ],
        null,
      ),
    ),
  ),
)

const square = (): Program =>
  program(
    fn('g', 1, 1, block([{ op: 'mul', a: 0, b: 0 }], ret(0, 1))),
    fn('f', 1, 1, block([call(0, [0])], ret(0, 1))),
  )

const twoStores = program(
  fn(
    'f',
    2,
    2,
    block(
      [
        { op: 'store', values: [0] },
        { op: 'store', values: [1] },
      ],
      ret(0, 2, 3),
    ),
  ),
)

/** Calls itself twice with its own argument: only a forged row has a result. */
const twice = program(fn('f', 1, 1, block([call(0, [0]), call(0, [0])], ret(0, 1))))

/** Sets the columns of a 32-bit comparison to small numbers: left, right - left - 1, right. */
function comparison(f: MatrixTrace, left: number, difference: number, right: number): void {
  for (const [name, value] of Object.entries({ left, difference, right }))
    for (let i = 0; i < 4; i++) set(f, 0, `u32_less_than ${name} byte ${i}`, i === 0 ? BigInt(value) : 0n)
}

/** Lets the byte range check have rows for these bytes, each beside a zero. */
function bytesOf(traces: MatrixTrace[], ...bytes: number[]): MatrixTrace[] {
  const range = named(traces, 'u8RangeCheck')
  const { circuit } = range
  const pairs = [...new Set([...bytes, 0])]
  const rows = new MatrixTrace(
    circuit,
    pairs.length,
    new Uint32Array(2 * pairs.length * circuit.columns.length),
  )
  pairs.forEach((byte, row) => {
    const cells = { active: 1, 'a low nibble': byte & 15, 'a high nibble': byte >> 4 }
    for (const [column, value] of Object.entries(cells)) set(rows, row, column, BigInt(value))
  })
  return traces.map(t => (t === range ? rows : t))
}

const forgeries: Record<string, Forgery> = {
  'wrong product': {
    program: single(2, { op: 'mul', a: 0, b: 1 }),
    args: [3, 5],
    forge: ([f]) => {
      set(f!, 0, 'product', 16n)
      return { claim: { outputs: [16n] } }
    },
    rule: /value 2 = value 0/,
    reason: HOLD,
  },
  'is_zero of a number that is not': {
    program: single(1, { op: 'eqZero', a: 0 }),
    args: [5],
    forge: ([f]) => {
      set(f!, 0, 'inverse', 0n)
      set(f!, 0, 'is zero', 1n)
      return { claim: { outputs: [1n] } }
    },
    rule: /operand or result is zero/,
    reason: HOLD,
  },
  'zero is not zero': {
    program: single(1, { op: 'eqZero', a: 0 }),
    args: [0],
    forge: ([f]) => {
      set(f!, 0, 'is zero', 0n)
      return { claim: { outputs: [0n] } }
    },
    rule: /zero operand has result one/,
    reason: HOLD,
  },
  'assertion that does not hold': {
    program: single(2, { op: 'assertEq', xs: [0], ys: [1] }),
    args: [4, 4],
    forge: ([f]) => {
      set(f!, 0, 'input 1', 5n)
      return { claim: { inputs: [4n, 5n] } }
    },
    rule: /assert_eq/,
    reason: HOLD,
  },
  'multiplicity of a row that is not selected': {
    program: single(2, { op: 'mul', a: 0, b: 1 }),
    args: [3, 5],
    forge: ([f]) => {
      set(f!, 0, 'selector', 0n)
      set(f!, 0, 'product', 12345n)
      return { claim: { outputs: [12345n] } }
    },
    rule: /row without a selected leaf/,
    reason: HOLD,
  },
  'a selector that is not boolean': {
    program: single(1, { op: 'store', values: [0] }),
    args: [3],
    forge: traces => {
      // demands the store twice, which is provided twice
      set(named(traces, 'f'), 0, 'selector', 2n)
      set(named(traces, 'memory[1]'), 0, 'multiplicity', 2n)
      return {}
    },
    rule: /selector 0 is boolean|selector of a block is boolean|selected leaf/,
    reason: HOLD,
  },
  'two selectors': {
    program: arms,
    args: [1],
    forge: ([f]) => {
      // selectors a + b = 1 with neither of them boolean provide a mixture of both results
      const half = inverseOf(2n)
      set(f!, 0, 'selector 0', half)
      set(f!, 0, 'selector 1', half)
      return { claim: { outputs: [(11n * half) % P] } }
    },
    rule: /selector \d is boolean|selector of a block is boolean|case/,
    reason: HOLD,
  },
  'the wrong case': {
    program: arms,
    args: [1],
    forge: ([f]) => {
      set(f!, 0, 'selector 0', 0n)
      set(f!, 0, 'selector 1', 1n)
      return { claim: { outputs: [6n] } }
    },
    rule: /case 2/,
    reason: HOLD,
  },
  'the default in spite of a case': {
    program: branches,
    args: [7],
    forge: ([f]) => {
      set(f!, 0, 'selector 0', 0n)
      set(f!, 0, 'selector 1', 1n)
      f!.circuit.columns.forEach((name, c) => {
        if (name.startsWith('product')) f!.set(0, c, 49n)
        if (name.startsWith('value 0')) f!.set(0, c, 49n)
      })
      return { claim: { outputs: [50n] } }
    },
    rule: /default of a match/,
    reason: HOLD,
  },
  'a merged value that no arm yields': {
    program: branches,
    args: [7],
    forge: ([f]) => {
      set(f!, 0, 'value 0', 77n)
      return { claim: { outputs: [78n] } }
    },
    rule: /of a match is the yielded one/,
    reason: HOLD,
  },
  'an arm without its continuation': {
    program: branches,
    args: [7],
    forge: ([f]) => {
      set(f!, 0, 'selector 2', 0n)
      return {}
    },
    rule: /continues exactly when/,
    reason: HOLD,
  },
  'wrong result of a call': {
    program: square(),
    args: [3],
    forge: traces => {
      set(named(traces, 'f'), 0, 'result', 10n)
      return { claim: { outputs: [10n] } }
    },
    rule: /call of function 0/,
    reason: BALANCE,
  },
  'two contents under one pointer': {
    program: twoStores,
    args: [3, 5],
    forge: traces => {
      named(traces, 'memory[1]').set(1, 2, 0n)
      const f = named(traces, 'f')
      f.circuit.columns.forEach((name, c) => {
        if (name.startsWith('pointer')) f.set(0, c, 0n)
      })
      return { claim: { outputs: [0n, 0n] } }
    },
    rule: /consecutive/,
    reason: HOLD,
  },
  'a gap between memory rows': {
    program: twoStores,
    args: [3, 5],
    forge: (traces, _, forger) => {
      const memory = forger.trace('memory[1]', [
        [1, 1, 0, 3],
        [0, 0, P - 1n, 0],
        [1, 1, 0, 5],
        [0, 0, 0, 0],
      ])
      const f = named(traces, 'f')
      f.circuit.columns.forEach((name, c) => {
        if (name.startsWith('pointer')) f.set(0, c, 0n)
      })
      return { traces: [f, memory], claim: { outputs: [0n, 0n] } }
    },
    rule: /prefix/,
    reason: HOLD,
  },
  'a number that is no byte': {
    program: single(2, { op: 'u8RangeCheck', a: 0, b: 1 }),
    args: [3, 5],
    forge: traces => {
      set(named(traces, 'f'), 0, 'input 0', 300n)
      return { claim: { inputs: [300n, 5n] } }
    },
    rule: /u8RangeCheck/,
    reason: BALANCE,
  },
  'a byte of wide nibbles': {
    program: single(2, { op: 'u8RangeCheck', a: 0, b: 1 }),
    args: [3, 5],
    forge: traces => {
      set(named(traces, 'f'), 0, 'input 0', 300n)
      const range = named(traces, 'u8RangeCheck')
      set(range, 0, 'a low nibble', 300n)
      return { claim: { inputs: [300n, 5n] } }
    },
    rule: /range of nibbles|u4_range_check/,
    reason: BALANCE,
  },
  'a carry that is not boolean': {
    program: single(2, { op: 'u8LessThan', a: 0, b: 1 }),
    args: [3, 5],
    forge: traces => {
      // low = 0 instead of 254: the borrow becomes 2 / 256
      const gadget = named(traces, 'u8LessThan')
      const nibbles = named(traces, 'Nibbles')
      const was = [gadget.get(0, 6), gadget.get(0, 7)]
      set(gadget, 0, 'low low nibble', 0n)
      set(gadget, 0, 'low high nibble', 0n)
      const use = (x: bigint, y: bigint, by: bigint) => {
        const row = Number(16n * x + y)
        nibbles.set(row, 2, nibbles.get(row, 2) + by)
      }
      use(was[0]!, was[1]!, -1n)
      use(0n, 0n, 1n)
      const borrow = (2n * inverseOf(256n)) % P
      set(named(traces, 'f'), 0, 'u8LessThan', borrow)
      return { claim: { outputs: [borrow] } }
    },
    rule: /carry is boolean/,
    reason: HOLD,
  },
  'content that was not stored': {
    program: single(2, { op: 'load', size: 2, ptr: 2 }, { op: 'store', values: [0, 1] }),
    args: [3, 5],
    forge: ([f, ...others], claim) => {
      set(f!, 0, 'loaded 0', 4n)
      return { traces: [f!, ...others], claim: { outputs: [4n, ...claim.outputs.slice(1)] } }
    },
    rule: /^load/,
    reason: BALANCE,
  },
  'the pointer of another content': {
    program: twoStores,
    args: [3, 5],
    forge: ([f, ...others]) => {
      set(f!, 0, 'pointer 0 [5]', 0n)
      return { traces: [f!, ...others], claim: { outputs: [0n, 0n] } }
    },
    rule: /^store/,
    reason: BALANCE,
  },
  'a memory row that is not selected': {
    program: single(1, { op: 'store', values: [0] }),
    args: [3],
    forge: traces => {
      set(named(traces, 'memory[1]'), 0, 'selector', 0n)
      return {}
    },
    rule: /multiplicity of an unused row/,
    reason: HOLD,
  },
  'a continuation without an arm': {
    program: branches,
    args: [7],
    forge: ([f]) => {
      set(f!, 0, 'selector 0', 0n)
      set(f!, 0, 'value 0', 99n)
      return { claim: { outputs: [100n] } }
    },
    rule: /continues exactly when|selected leaf/,
    reason: HOLD,
  },
  'wrong product of bytes': {
    program: single(2, { op: 'u8Mul', a: 0, b: 1 }),
    args: [7, 11],
    forge: traces => {
      set(named(traces, 'f'), 0, 'u8Mul 0', 78n)
      set(named(traces, 'u8Mul'), 0, 'low low nibble', 14n)
      return { claim: { outputs: [78n, 0n] } }
    },
    rule: /product of the operands/,
    reason: HOLD,
  },
  'a result of a gadget row that is not active': {
    program: single(2, { op: 'u8Xor', a: 0, b: 1 }),
    args: [7, 11],
    forge: traces => {
      set(named(traces, 'f'), 0, 'u8Xor', 13n)
      const gadget = named(traces, 'u8Xor')
      set(gadget, 0, 'active', 0n)
      set(gadget, 0, 'xor low nibble', 13n)
      return { claim: { outputs: [13n] } }
    },
    rule: /multiplicity of an inactive row/,
    reason: HOLD,
  },
  'a gadget row that is active half': {
    program: single(2, { op: 'u8RangeCheck', a: 0, b: 1 }),
    args: [7, 11],
    forge: traces => {
      set(named(traces, 'u8RangeCheck'), 0, 'active', inverseOf(2n))
      return {}
    },
    rule: /active is boolean|multiplicity of an inactive row/,
    reason: HOLD,
  },
  'wrong xor of nibbles': {
    program: single(2, { op: 'u8Xor', a: 0, b: 1 }),
    args: [7, 11],
    forge: traces => {
      set(named(traces, 'f'), 0, 'u8Xor', 13n)
      set(named(traces, 'u8Xor'), 0, 'xor low nibble', 13n)
      return { claim: { outputs: [13n] } }
    },
    rule: /^xor of nibbles$/,
    reason: BALANCE,
  },
  'wrong top bit of a split': {
    program: single(2, { op: 'u8XorSplit7', a: 0, b: 1 }),
    args: [157, 203],
    forge: traces => {
      set(named(traces, 'f'), 0, 'u8XorSplit7 0', 1n)
      set(named(traces, 'u8XorSplit7'), 0, 'top bit', 1n)
      return { claim: { outputs: [1n, 172n] } }
    },
    rule: /xor of nibbles, split/,
    reason: BALANCE,
  },
  'a number of 33 bits': {
    program: single(1, { op: 'u32RangeCheck', a: 0 }),
    args: [0x12345678],
    forge: traces => {
      set(named(traces, 'f'), 0, 'input 0', 1n << 32n)
      return { claim: { inputs: [1n << 32n] } }
    },
    rule: /u32RangeCheck/,
    reason: BALANCE,
  },
  'a number of 33 bits with a wide nibble': {
    program: single(1, { op: 'u32RangeCheck', a: 0 }),
    args: [0x12345678],
    forge: traces => {
      set(named(traces, 'f'), 0, 'input 0', 1n << 32n)
      const gadget = named(traces, 'Range32')
      for (let i = 0; i < 8; i++) set(gadget, 0, `nibble ${i}`, i === 7 ? 16n : 0n)
      return { claim: { inputs: [1n << 32n] } }
    },
    rule: /range of nibbles/,
    reason: BALANCE,
  },
  'a comparison of other numbers, left': {
    program: single(2, { op: 'u32LessThan', a: 0, b: 1 }),
    args: [5, 3],
    forge: ([f, ...others]) => {
      // 2 < 3
      comparison(f!, 2, 0, 3)
      return { traces: [f!, ...bytesOf(others, 2, 0, 3)], claim: { outputs: [1n] } }
    },
    rule: /bytes of the left operand/,
    reason: HOLD,
  },
  'a comparison of other numbers, right': {
    program: single(2, { op: 'u32LessThan', a: 0, b: 1 }),
    args: [5, 3],
    forge: ([f, ...others]) => {
      // 5 < 6
      comparison(f!, 5, 0, 6)
      return { traces: [f!, ...bytesOf(others, 5, 0, 6)], claim: { outputs: [1n] } }
    },
    rule: /bytes of the right operand/,
    reason: HOLD,
  },
  'a comparison with carries that are not boolean': {
    program: single(2, { op: 'u32LessThan', a: 0, b: 1 }),
    args: [5, 3],
    forge: ([f, ...others]) => {
      comparison(f!, 5, 0, 3)
      const carry = (3n * inverseOf(2n ** 32n)) % P
      return { traces: [f!, ...bytesOf(others, 5, 0, 3)], claim: { outputs: [(1n - carry + P) % P] } }
    },
    rule: /carry \d is boolean/,
    reason: HOLD,
  },
  'a comparison with a negative byte': {
    program: single(2, { op: 'u32LessThan', a: 0, b: 1 }),
    args: [5, 3],
    forge: ([f, ...others]) => {
      comparison(f!, 5, 0, 3)
      set(f!, 0, 'u32_less_than difference byte 0', -3n)
      return { traces: [f!, ...bytesOf(others, 5, 0, 3)], claim: { outputs: [1n] } }
    },
    rule: /u32_less_than: bytes$/,
    reason: BALANCE,
  },
  'a row that needs itself twice': {
    program: twice,
    forge: (_, __, forger) => ({
      traces: [forger.trace('f', [[3, 1, 3, 42, 7, 42, 7, 7]])],
      claim: claimed([3], [42], 0, 7n),
    }),
    rule: /rank exceeds the ranks of the callees/,
    reason: BALANCE,
  },
  'a row that needs itself twice, by a negative difference': {
    program: twice,
    forge: (_, __, forger) => ({
      traces: [
        forger.trace('f', [[3, 1, 3, 42, 7, 42, 7, 7]]),
        forger.trace('RankDifferences', [[1, 1, -1, -1]]),
      ],
      claim: claimed([3], [42], 0, 7n),
    }),
    rule: /[xy] below 2\^32/,
    reason: BALANCE,
  },
}

/** The honest run that a forgery starts from; nothing for a program that has none. */
function run(forger: Forger, p: Program, args: number[]): { traces: MatrixTrace[]; claim: Claim } {
  return p === twice ? { traces: [], claim: claimed([], []) } : forger.honest(args.map(BigInt))
}

describe('a forged trace is rejected, and accepted by a system without the rule', () => {
  test.each(Object.entries(forgeries))('%s', (_, { program: p, args = [], forge, rule, reason }) => {
    const attempt = (without?: RegExp) => {
      const forger = new Forger(p, without === undefined ? {} : { without })
      const honest = run(forger, p, args)
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
  for (const [name, { program: p, args = [], forge, reason }] of Object.entries(forgeries)) {
    const forger = new Forger(p)
    const honest = run(forger, p, args)
    if (honest.traces.length > 0) expect(forger.attempt(honest.traces, honest.claim, hiding), name).toBeNull()
    const { traces, claim } = run(forger, p, args)
    const forged = forge(traces, claim, forger)
    const stated = { ...claim, ...forged.claim }
    forger.settle(forged.traces ?? traces, stated)
    expect(forger.attempt(forged.traces ?? traces, stated, hiding), name).toMatch(reason)
  }
})

describe('circles', () => {
  const passes = (callee: number) => block([call(callee, [0])], ret(0, 1))
  const ranks = [0n, 1n, P - 1n, 1n << 32n]

  test('a call that supports itself', () => {
    const p = program(fn('f', 1, 1, passes(0)))
    const unranked = new Forger(p, { ranks: false })
    expect(unranked.attempt([unranked.trace('f', [[3, 1, 2, 42]])], claimed([3], [42]))).toBeNull()
    const forger = new Forger(p)
    for (const r of ranks)
      for (const claimedRank of [r, r + 1n].map(x => x % P))
        expect(
          forger.attempt([forger.trace('f', [[3, 1, 2, 42, r]])], claimed([3], [42], 0, claimedRank)),
        ).toMatch(BALANCE)
  })

  test('two functions that support each other', () => {
    const p = program(fn('g', 1, 1, passes(1)), fn('f', 1, 1, passes(0)))
    const rows = (forger: Forger, g: (number | bigint)[], f: (number | bigint)[]) => [
      forger.trace('g', [[3, 1, 1, 42, ...g]]),
      forger.trace('f', [[3, 1, 2, 42, ...f]]),
    ]
    const unranked = new Forger(p, { ranks: false })
    expect(unranked.attempt(rows(unranked, [], []), claimed([3], [42], 1))).toBeNull()
    const forger = new Forger(p)
    for (const r of ranks)
      expect(forger.attempt(rows(forger, [r], [r + 1n]), claimed([3], [42], 1, (r + 2n) % P))).toMatch(
        BALANCE,
      )
  })

  test('three functions in a circle', () => {
    const p = program(fn('h', 1, 1, passes(2)), fn('g', 1, 1, passes(0)), fn('f', 1, 1, passes(1)))
    const rows = (forger: Forger, rank: (x: bigint) => bigint[]) => [
      forger.trace('h', [[3, 1, 1, 42, ...rank(2n)]]),
      forger.trace('g', [[3, 1, 1, 42, ...rank(0n)]]),
      forger.trace('f', [[3, 1, 2, 42, ...rank(1n)]]),
    ]
    const unranked = new Forger(p, { ranks: false })
    expect(
      unranked.attempt(
        rows(unranked, () => []),
        claimed([3], [42], 2),
      ),
    ).toBeNull()
    const forger = new Forger(p)
    for (const r of ranks)
      expect(
        forger.attempt(
          rows(forger, x => [(r + x) % P]),
          claimed([3], [42], 2, (r + 2n) % P),
        ),
      ).toMatch(BALANCE)
  })

  test('a list that contains itself', () => {
    const p = program(
      fn(
        'all',
        1,
        1,
        block(
          [{ op: 'load', size: 2, ptr: 0 }],
          match(
            1,
            [
              [0, block([constant(0)], ret(0, 3))],
              [1, block([call(0, [2])], ret(1, 3))],
            ],
            null,
          ),
        ),
      ),
    )
    const attempt = (forger: Forger, rank: (number | bigint)[], claim: Claim) =>
      forger.attempt(
        [
          forger.trace('all', [[0, 0, 1, 2, 1, 0, 42, ...rank]]),
          forger.trace('memory[2]', [[1, 1, 0, 1, 0]]),
        ],
        claim,
      )
    expect(attempt(new Forger(p, { ranks: false }), [], claimed([0], [42]))).toBeNull()
    for (const r of ranks)
      expect(attempt(new Forger(p), [r], claimed([0], [42], 0, (r + 1n) % P))).toMatch(BALANCE)
  })
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

describe('claims', () => {
  const forger = new Forger(square())
  const { traces, claim } = forger.honest([3n])

  /** A prover that claims other entries under the digest of the honest key. */
  const claiming = ({ proving }: Forger, entries: KeyEntry[]): ProvingKey => ({
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

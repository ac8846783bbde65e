/** Forged operands and results of the table operations. */

import { P } from '../../../aiur/vm/goldilocks.js'
import { inverseOf } from '../../../prover/domain.js'
import { single } from '../../aiur/bytecode-builder.js'
import { BALANCE, type Forgeries, HOLD, named, set } from './forgery.js'

export const GADGET_FORGERIES: Forgeries = {
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
}

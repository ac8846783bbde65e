/** Forged comparisons of 32-bit numbers. */

import { MatrixTrace } from '../../../aiur/circuit/trace.js'
import { P } from '../../../aiur/vm/goldilocks.js'
import { inverseOf } from '../../../prover/domain.js'
import { single } from '../../aiur/bytecode-builder.js'
import { BALANCE, type Forgeries, HOLD, named, set } from './forgery.js'

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

export const COMPARISON_FORGERIES: Forgeries = {
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
}

/** Forged rows of functions: results of operations, selectors and matches. */

import type { Program } from '../../../aiur/bytecode.js'
import { P } from '../../../aiur/vm/goldilocks.js'
import { inverseOf } from '../../../prover/domain.js'
import {
  block,
  call,
  constant,
  fn,
  match,
  program,
  ret,
  single,
  yields,
} from '../../aiur/bytecode-builder.js'
import { BALANCE, type Forgeries, HOLD, named, set } from './forgery.js'

export const branches = program(
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

/** A function that calls one which squares. */
export const square = (): Program =>
  program(
    fn('g', 1, 1, block([{ op: 'mul', a: 0, b: 0 }], ret(0, 1))),
    fn('f', 1, 1, block([call(0, [0])], ret(0, 1))),
  )

export const FUNCTION_FORGERIES: Forgeries = {
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
}

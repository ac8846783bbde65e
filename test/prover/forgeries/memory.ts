/** Forged pointers, rows and contents of memories. */

import { P } from '../../../aiur/vm/goldilocks.js'
import { single, twoStores } from '../../aiur/bytecode-builder.js'
import { BALANCE, type Forgeries, HOLD, named, set } from './forgery.js'

export const MEMORY_FORGERIES: Forgeries = {
  'two contents under one pointer': {
    program: twoStores(),
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
    program: twoStores(),
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
    program: twoStores(),
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
}

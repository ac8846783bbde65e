/** Random terminating programs for property tests: mutual recursion on a falling counter, all kinds of control. */

import type { Block, Op, Program, Value } from '../../aiur/bytecode.js'
import { resultCount } from '../../aiur/vm/values.js'
import { fn, program } from './bytecode-builder.js'

const BYTE_OPS = [
  'u8Xor',
  'u8And',
  'u8Or',
  'u8LessThan',
  'u8Add',
  'u8Sub',
  'u8Mul',
  'u8XorSplit7',
  'u8RangeCheck',
]

/** Small deterministic generator (mulberry32). */
function generator(seed: number): (below: number) => number {
  let state = seed | 0
  return below => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

interface Scope {
  length: number
  /** Values known to be bytes. */
  bytes: Value[]
  /** Values that hold pointers into memory[2]. */
  pointers: Value[]
  /** Calls still allowed on the path. */
  calls: number
}

/**
 * `count` functions of (n, x). With n = 0 they end; otherwise they may call any function with n - 1. The entry
 * is the last.
 */
export function randomProgram(seed: number, count: number): Program {
  const pick = generator(seed)
  const functions = Array.from({ length: count }, (_, index) => {
    let selectors = 0
    const counter = pick(2) === 0 ? 3 : 5
    const end = (scope: Scope, outputs: number, leaf: 'return' | 'yield'): Block['control'] => ({
      control: leaf,
      selector: selectors++,
      values: Array.from({ length: outputs }, () => pick(scope.length)),
    })
    const ops = (scope: Scope): Op[] => {
      const made: Op[] = []
      const emit = (op: Op) => {
        made.push(op)
        const at = scope.length
        scope.length += resultCount(op)
        return at
      }
      const any = () => pick(scope.length)
      for (let i = pick(5); i > 0; i--) {
        switch (pick(12)) {
          case 0:
            scope.bytes.push(emit({ op: 'const', value: BigInt(pick(256)) }))
            break
          case 1:
            emit({ op: 'add', a: any(), b: any() })
            break
          case 2:
            emit({ op: 'sub', a: any(), b: any() })
            break
          case 3:
            emit({ op: 'mul', a: any(), b: any() })
            break
          case 4:
            emit({ op: 'eqZero', a: any() })
            break
          case 5:
            scope.pointers.push(emit({ op: 'store', values: [any(), any()] }))
            break
          case 6:
            if (scope.pointers.length > 0)
              emit({ op: 'load', size: 2, ptr: scope.pointers[pick(scope.pointers.length)]! })
            break
          case 7: {
            if (scope.bytes.length === 0) break
            const byte = () => scope.bytes[pick(scope.bytes.length)]!
            emit({ op: BYTE_OPS[pick(BYTE_OPS.length)]!, a: byte(), b: byte() } as Op)
            break
          }
          case 8: {
            const x = any()
            emit({ op: 'assertEq', xs: [x], ys: [x] })
            break
          }
          case 9:
            if (scope.bytes.length > 0) {
              const byte = scope.bytes[pick(scope.bytes.length)]!
              emit({ op: 'u32LessThan', a: byte, b: scope.bytes[0]! })
            }
            break
          default:
            if (scope.calls > 0) {
              scope.calls--
              emit({
                op: 'call',
                callee: pick(count),
                args: [counter, any()],
                outputSize: 2,
                unconstrained: pick(6) === 0,
              })
            }
        }
      }
      return made
    }
    const copy = (scope: Scope): Scope => ({
      ...scope,
      bytes: scope.bytes.slice(),
      pointers: scope.pointers.slice(),
    })
    const block = (scope: Scope, depth: number, outputs: number, inArm: boolean): Block => {
      const body = ops(scope)
      const kind = depth === 0 ? 0 : pick(3)
      if (kind === 0) return { ops: body, control: endOf(scope, outputs, inArm) }
      const scrutinee = pick(scope.length)
      const arms = (out: number, arm: boolean) => {
        const cases = Array.from({ length: pick(3) }, (_, i) => ({
          value: BigInt(i),
          block: block(copy(scope), depth - 1, out, arm),
        }))
        return { cases, default: block(copy(scope), depth - 1, out, arm) }
      }
      if (kind === 1) return { ops: body, control: { control: 'match', scrutinee, ...arms(outputs, inArm) } }
      const merged = 1 + pick(2)
      const chosen = arms(merged, true)
      const after = { ...scope, length: scope.length + merged }
      return {
        ops: body,
        control: {
          control: 'matchContinue',
          scrutinee,
          ...chosen,
          outputSize: merged,
          continuation: block(after, depth - 1, outputs, inArm),
        },
      }
    }
    /** The end of an arm: mostly a yield, sometimes a return with the function's two outputs. */
    const endOf = (scope: Scope, outputs: number, inArm: boolean): Block['control'] =>
      inArm && pick(5) > 0 ? end(scope, outputs, 'yield') : end(scope, 2, 'return')
    const scope = (length: number, calls: number): Scope => ({ length, bytes: [], pointers: [], calls })
    const base = block(scope(2, 0), 1, 2, false)
    // n - 1, and the same through memory, where it is no longer known to be the input less a constant
    const prefix: Op[] = [
      { op: 'const', value: 1n },
      { op: 'sub', a: 0, b: 2 },
      { op: 'store', values: [3, 3] },
      { op: 'load', size: 2, ptr: 4 },
    ]
    const inner = block(scope(7, 2 + pick(2)), 2, 2, false)
    const body: Block = {
      ops: [],
      control: {
        control: 'match',
        scrutinee: 0,
        cases: [{ value: 0n, block: base }],
        default: { ops: [...prefix, ...inner.ops], control: inner.control },
      },
    }
    return fn(`f${index}`, 2, 2, body)
  })
  return program(...functions)
}

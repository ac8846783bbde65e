/** Small helpers to write bytecode by hand. */

import type { Block, BytecodeFunction, Case, Op, Program, Value } from '../../aiur/bytecode.js'
import { blocksOf } from '../../aiur/vm/ranks.js'
import { resultCount } from '../../aiur/vm/values.js'

export const ret = (selector: number, ...values: Value[]): Block['control'] => ({
  control: 'return',
  selector,
  values,
})

export const yields = (selector: number, ...values: Value[]): Block['control'] => ({
  control: 'yield',
  selector,
  values,
})

export const block = (ops: Op[], control: Block['control']): Block => ({ ops, control })

export const match = (scrutinee: Value, cases: [number, Block][], rest: Block | null): Block['control'] => ({
  control: 'match',
  scrutinee,
  cases: cases.map(([value, body]): Case => ({ value: BigInt(value), block: body })),
  default: rest,
})

export const call = (callee: number, args: Value[], outputSize = 1, unconstrained = false): Op => ({
  op: 'call',
  callee,
  args,
  outputSize,
  unconstrained,
})

export const constant = (value: number | bigint): Op => ({ op: 'const', value: BigInt(value) })

/** Function whose leaves are counted from its body. The last function of a program is its entry. */
export function fn(name: string, inputSize: number, outputSize: number, body: Block): BytecodeFunction {
  const leaves = blocksOf(body).filter(b => b.control.control === 'return' || b.control.control === 'yield')
  return {
    name,
    aliases: [name],
    inputSize,
    outputSize,
    selectors: leaves.length,
    body,
    entry: false,
    constrained: false,
  }
}

/** Program of the functions; the last one is the entry. */
export function program(...functions: BytecodeFunction[]): Program {
  functions[functions.length - 1]!.entry = true
  const sizes = new Set<number>()
  const work = [functions.length - 1]
  const reached = new Set(work)
  for (;;) {
    const index = work.pop()
    if (index === undefined) break
    functions[index]!.constrained = true
    for (const b of blocksOf(functions[index]!.body))
      for (const op of b.ops)
        if (op.op === 'call' && !op.unconstrained && !reached.has(op.callee)) {
          reached.add(op.callee)
          work.push(op.callee)
        }
  }
  for (const f of functions)
    for (const b of blocksOf(f.body))
      for (const op of b.ops) {
        if (op.op === 'store') sizes.add(op.values.length)
        if (op.op === 'load') sizes.add(op.size)
      }
  return {
    functions,
    memorySizes: [...sizes].sort((a, b) => a - b),
    functionIndex: new Map(functions.map((f, i) => [f.name, i])),
  }
}

/** A program of one operation, whose results it returns; other operations come before it. */
export function single(inputs: number, op: Op, ...before: Op[]): Program {
  const start = inputs + before.reduce((n, o) => n + resultCount(o), 0)
  const results = Array.from({ length: resultCount(op) }, (_, i) => start + i)
  return program(fn('f', inputs, results.length, block([...before, op], ret(0, ...results))))
}

/** fact(n) = n == 0 ? 1 : n * fact(n - 1) */
export function factorial(): Program {
  return program(
    fn(
      'fact',
      1,
      1,
      block(
        [],
        match(
          0,
          [[0, block([constant(1)], ret(0, 1))]],
          block([constant(1), { op: 'sub', a: 0, b: 1 }, call(0, [2]), { op: 'mul', a: 0, b: 3 }], ret(1, 4)),
        ),
      ),
    ),
  )
}

/** fib(n): 1, 1, fib(n - 1) + fib(n - 2) */
export function fibonacci(): Program {
  const one = () => block([constant(1)], ret(0, 1))
  return program(
    fn(
      'fib',
      1,
      1,
      block(
        [],
        match(
          0,
          [
            [0, one()],
            [1, block([constant(1)], ret(1, 1))],
          ],
          block(
            [
              constant(1),
              { op: 'sub', a: 0, b: 1 },
              call(0, [2]),
              constant(2),
              { op: 'sub', a: 0, b: 4 },
              call(0, [5]),
              { op: 'add', a: 3, b: 6 },
            ],
            ret(2, 7),
          ),
        ),
      ),
    ),
  )
}

/** Stores each of its two arguments. */
export function twoStores(): Program {
  return program(
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
}

/** all(l) = match load(l) { [0, _] => 0, [1, next] => all(next) } */
export function listWalk(): Program {
  return program(
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
}

/**
 * WebAssembly code for number-theoretic transforms (stark.md 8.2, A.4), one pass over blocks at a time. Block j of a
 * pass has the twiddle at position j of a table in bit-reversed order: w_j = root^rev(j).
 */

import type { FunctionBuilder, Local, ModuleBuilder } from './assembler.js'
import type { Factor, Lanes } from './lanes.js'

/** A pass over the blocks of `span` bytes in [data, end); `first` is the position of the first one's twiddle. */
export type Pass = (data: number, end: number, span: number, twiddles: number, first: number) => void

/** @param suffix of the names of the kernels */
export function defineTransforms(
  module: ModuleBuilder,
  lanesFor: (f: FunctionBuilder) => Lanes,
  suffix: string,
): void {
  const pass = (
    name: string,
    legs: 2 | 4,
    butterfly: (lanes: Lanes, f: FunctionBuilder, x: Local[], twiddles: Factor[]) => void,
  ) => {
    module.function(name + suffix, ['i32', 'i32', 'i32', 'i32', 'i32'], f => {
      const [data, end, span, table, first] = [0, 1, 2, 3, 4].map(i => f.parameter(i)) as [
        Local,
        Local,
        Local,
        Local,
        Local,
      ]
      const lanes = lanesFor(f)
      const at = Array.from({ length: legs }, () => f.local('i32'))
      const [stop, leg] = [f.local('i32'), f.local('i32')]
      const twiddles = Array.from({ length: legs === 2 ? 1 : 3 }, () => lanes.factor())
      const x = Array.from({ length: legs }, () => lanes.local())
      f.get(span)
        .i32(legs === 2 ? 1 : 2)
        .op('i32.shr_u')
        .set(leg)
      const twiddle = (factor: Factor, shift: number, offset: number) => {
        f.get(table)
          .get(first)
          .i32(3 + shift)
          .op('i32.shl', 'i32.add')
        lanes.loadScalar(offset)
        lanes.setFactor(factor)
      }
      f.loop(() => {
        twiddle(twiddles[0]!, 0, 0)
        if (legs === 4) {
          twiddle(twiddles[1]!, 1, 0)
          twiddle(twiddles[2]!, 1, 8)
        }
        f.get(data).tee(at[0]!)
        for (let i = 1; i < legs; i++) f.get(leg).op('i32.add').tee(at[i]!)
        f.get(leg).op('i32.add').set(stop)
        const last = at[legs - 1]!
        f.loop(() => {
          x.forEach((value, i) => {
            f.get(at[i]!)
            lanes.load()
            f.set(value)
          })
          butterfly(lanes, f, x, twiddles)
          x.forEach((value, i) => {
            f.get(at[i]!).get(value)
            lanes.store()
          })
          for (const address of at.slice(0, -1)) f.get(address).i32(lanes.bytes).op('i32.add').set(address)
          f.get(last).i32(lanes.bytes).op('i32.add').tee(last).get(stop).op('i32.lt_u').branchIf(0)
        })
        f.get(first).i32(1).op('i32.add').set(first)
        f.get(stop).tee(data).get(end).op('i32.lt_u').branchIf(0)
      })
    })
  }

  /** x, y -> x + w y, x - w y */
  const forward = (lanes: Lanes, f: FunctionBuilder, x: Local, y: Local, w: Factor, t: Local) => {
    lanes.mul(y, w)
    f.set(t)
    lanes.sub(x, t)
    f.set(y)
    lanes.add(x, t)
    f.set(x)
  }
  /** x, y -> x + y, w (x - y) */
  const inverse = (lanes: Lanes, f: FunctionBuilder, x: Local, y: Local, w: Factor, t: Local) => {
    lanes.sub(x, y)
    f.set(t)
    lanes.add(x, y)
    f.set(x)
    lanes.mul(t, w)
    f.set(y)
  }

  pass('forwardPairs', 2, (lanes, f, [x, y], [w]) => {
    forward(lanes, f, x!, y!, w!, lanes.local())
  })
  pass('forwardQuads', 4, (lanes, f, [x0, x1, x2, x3], [w, u, v]) => {
    const t = lanes.local()
    forward(lanes, f, x0!, x2!, w!, t)
    forward(lanes, f, x1!, x3!, w!, t)
    forward(lanes, f, x0!, x1!, u!, t)
    forward(lanes, f, x2!, x3!, v!, t)
  })
  pass('inversePairs', 2, (lanes, f, [x, y], [w]) => {
    inverse(lanes, f, x!, y!, w!, lanes.local())
  })
  pass('inverseQuads', 4, (lanes, f, [x0, x1, x2, x3], [w, u, v]) => {
    const t = lanes.local()
    inverse(lanes, f, x0!, x1!, u!, t)
    inverse(lanes, f, x2!, x3!, v!, t)
    inverse(lanes, f, x0!, x2!, w!, t)
    inverse(lanes, f, x1!, x3!, w!, t)
  })
}

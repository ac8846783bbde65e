/**
 * WebAssembly code for kernels over vectors of Goldilocks elements (stark.md 1.1, 8.2): folding, inverses, prefix
 * sums and straight-line programs over blocks of rows.
 */

import type { FunctionBuilder, Local, ModuleBuilder } from './assembler.js'
import { type Factor, type Lanes, ScalarLanes } from './lanes.js'

const P_MINUS_2 = 0xfffffffeffffffffn

/** Numbers of the instructions of {@link defineFieldKernels}'s `run`. */
export const VectorOp = {
  add: 0,
  sub: 1,
  mul: 2,
  addScalar: 3,
  rsubScalar: 4,
  mulScalar: 5,
  mulAddScalar: 6,
  weightedSum: 7,
} as const

/** Kernels that work on one element at a time. */
export function defineFieldKernels(module: ModuleBuilder): void {
  defineVectors(module)
  defineMoves(module)
  defineInverse(module)
  defineFold(module)
}

function defineVectors(module: ModuleBuilder): void {
  /** (vector, byte length, carry address): exclusive prefix sum that starts at the carry and leaves the total there. */
  module.function('prefixSum', ['i32', 'i32', 'i32'], f => {
    const [at, bytes, carry] = [0, 1, 2].map(i => f.parameter(i)) as [Local, Local, Local]
    const end = f.local('i32')
    const [sum, x] = [f.local('i64'), f.local('i64')]
    const field = new ScalarLanes(f)
    f.get(at).get(bytes).op('i32.add').set(end)
    f.get(carry).load64().set(sum)
    f.count(at, end, 8, () => {
      f.get(at).load64().set(x)
      f.get(at).get(sum).store64()
      field.add(sum, x)
      f.set(sum)
    })
    f.get(carry).get(sum).store64()
  })
}

function defineMoves(module: ModuleBuilder): void {
  /** (target, source, byte length): moves 2^log elements to the positions with the bits of their own reversed. */
  module.function('reverseOrder', ['i32', 'i32', 'i32'], f => {
    const [target, source, bytes] = [0, 1, 2].map(i => f.parameter(i)) as [Local, Local, Local]
    const [at, to, bit] = [f.local('i32'), f.local('i32'), f.local('i32')]
    f.count(at, bytes, 8, () => {
      f.get(target).get(to).op('i32.add').get(source).get(at).op('i32.add').load64().store64()
      // adds one to `to` from its highest bit down
      f.get(bytes).i32(1).op('i32.shr_u').set(bit)
      f.block(() => {
        f.loop(() => {
          f.get(to).get(bit).op('i32.and', 'i32.eqz').branchIf(1)
          f.get(to).get(bit).op('i32.sub').set(to)
          f.get(bit).i32(1).op('i32.shr_u').set(bit)
          f.branch(0)
        })
      })
      f.get(to).get(bit).op('i32.add').set(to)
    })
  })

  /** (source, even, odd, byte length of a target): parts elements at even and odd positions. */
  module.function('deinterleave', ['i32', 'i32', 'i32', 'i32'], f => {
    const [source, even, odd, bytes] = [0, 1, 2, 3].map(i => f.parameter(i)) as Local[]
    const at = f.local('i32')
    f.count(at, bytes!, 8, () => {
      f.get(even!).get(at).op('i32.add').get(source!).load64().store64()
      f.get(odd!).get(at).op('i32.add').get(source!).load64(8).store64()
      f.get(source!).i32(16).op('i32.add').set(source!)
    })
  })

  /** (a, b, byte length, target): the sum of a_i b_i. */
  module.function('dot', ['i32', 'i32', 'i32', 'i32'], f => {
    const [a, b, bytes, target] = [0, 1, 2, 3].map(i => f.parameter(i)) as Local[]
    const at = f.local('i32')
    const x = f.local('i64')
    const field = new ScalarLanes(f)
    const y = field.factor()
    const sum = field.sum()
    f.i64(0n)
    sum.start()
    f.count(at, bytes!, 8, () => {
      f.get(a!).get(at).op('i32.add').load64().set(x)
      f.get(b!).get(at).op('i32.add').load64()
      field.setFactor(y)
      sum.accumulate(x, y)
    })
    f.get(target!)
    sum.finish()
    f.store64()
  })
}

function defineInverse(module: ModuleBuilder): void {
  /** (vector, byte length, scratch of the same length): inverts all elements, none of them zero. */
  module.function('invertAll', ['i32', 'i32', 'i32'], f => {
    const [vector, bytes, scratch] = [0, 1, 2].map(i => f.parameter(i)) as [Local, Local, Local]
    const at = f.local('i32')
    const [product, x, base] = [f.local('i64'), f.local('i64'), f.local('i64')]
    const bits = f.local('i64')
    const field = new ScalarLanes(f)
    const factor = field.factor()
    const by = (y: Local) => {
      f.get(y)
      field.setFactor(factor)
    }
    f.i64(1n).set(product)
    f.count(at, bytes, 8, () => {
      f.get(scratch).get(at).op('i32.add').get(product).store64()
      f.get(vector).get(at).op('i32.add').load64()
      field.setFactor(factor)
      field.mul(product, factor)
      f.set(product)
    })
    // product^(p - 2)
    f.get(product).set(base)
    f.i64(1n).set(product)
    f.i64(P_MINUS_2).set(bits)
    f.loop(() => {
      by(base)
      f.get(bits).i64(1n).op('i64.and', 'i64.eqz', 'i32.eqz')
      f.if(() => {
        field.mul(product, factor)
        f.set(product)
      })
      field.mul(base, factor)
      f.set(base)
      f.get(bits).i64(1n).op('i64.shr_u').tee(bits).op('i64.eqz', 'i32.eqz').branchIf(0)
    })
    f.block(() => {
      f.loop(() => {
        f.get(at).op('i32.eqz').branchIf(1)
        f.get(at).i32(8).op('i32.sub').set(at)
        f.get(vector).get(at).op('i32.add').load64().set(x)
        f.get(scratch).get(at).op('i32.add').load64().set(base)
        by(product)
        f.get(vector).get(at).op('i32.add')
        field.mul(base, factor)
        f.store64()
        field.mul(x, factor)
        f.set(product)
        f.branch(0)
      })
    })
  })
}

function defineFold(module: ModuleBuilder): void {
  /**
   * (source c0, source c1, target c0, target c1, target byte length, inverse twiddles, challenge address): the FRI
   * fold (stark.md 3.7), target_j = (a + b) / 2 + challenge (a - b) / (2 s_j). The address holds challenge / 2.
   */
  module.function('fold', ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'], f => {
    const [s0, s1, t0, t1, bytes, twiddles, challenge] = [0, 1, 2, 3, 4, 5, 6].map(i =>
      f.parameter(i),
    ) as Local[]
    const at = f.local('i32')
    const from = f.local('i32')
    const i64 = () => f.local('i64')
    const [a, b, d0, d1, sum, u, v] = Array.from({ length: 7 }, i64) as Local[]
    const field = new ScalarLanes(f)
    const [w, b0, b1, seven, half] = Array.from({ length: 5 }, () => field.factor()) as Factor[]
    f.get(challenge!).load64()
    field.setFactor(b0!)
    f.get(challenge!).load64(8)
    field.setFactor(b1!)
    f.i64(7n)
    field.setFactor(seven!)
    f.i64(0x7fffffff80000001n)
    field.setFactor(half!)
    f.count(at, bytes!, 8, () => {
      f.get(twiddles!).get(at).op('i32.add').load64()
      field.setFactor(w!)
      const difference = (source: Local, d: Local) => {
        f.get(source).get(at).i32(1).op('i32.shl', 'i32.add').set(from)
        f.get(from).load64().set(a!)
        f.get(from).load64(8).set(b!)
        field.sub(a!, b!)
        f.set(d)
        field.mul(d, w!)
        f.set(d)
      }
      difference(s0!, d0!)
      difference(s1!, d1!)
      const result = (source: Local, target: Local, x: Factor, y: Factor, twist: boolean) => {
        f.get(source).get(at).i32(1).op('i32.shl', 'i32.add').set(from)
        f.get(from).load64().set(a!)
        f.get(from).load64(8).set(b!)
        field.add(a!, b!)
        f.set(sum!)
        field.mul(sum!, half!)
        f.set(sum!)
        field.mul(d0!, x)
        f.set(u!)
        field.mul(d1!, y)
        f.set(v!)
        if (twist) {
          field.mul(v!, seven!)
          f.set(v!)
        }
        field.add(u!, v!)
        f.set(u!)
        f.get(target).get(at).op('i32.add')
        field.add(sum!, u!)
        f.store64()
      }
      result(s0!, t0!, b0!, b1!, true)
      result(s1!, t1!, b1!, b0!, false)
    })
  })
}

/**
 * (program, instructions, first byte, end): straight-line code over [first, end) of vectors of elements. An instruction
 * is four words: operation, target, first and second operand, addresses all; scalars are at the second operand. The
 * second operand of a weighted sum is its number of terms and the first a list of them: a scalar to start with, then
 * the addresses of a vector and a scalar for each.
 *
 * @param suffix of the name of the kernel
 */
export function defineRun(
  module: ModuleBuilder,
  lanesFor: (f: FunctionBuilder) => Lanes,
  suffix: string,
): void {
  module.function(`run${suffix}`, ['i32', 'i32', 'i32', 'i32'], f => {
    const [pc, count, first, stop] = [0, 1, 2, 3].map(i => f.parameter(i)) as [Local, Local, Local, Local]
    const lanes = lanesFor(f)
    const i32 = () => f.local('i32')
    const [end, target, a, b, at, term] = Array.from({ length: 6 }, i32) as Local[]
    const [x, y, s] = [lanes.local(), lanes.local(), lanes.local()]
    const factor = lanes.factor()
    const sum = lanes.sum()
    f.get(pc).get(count).i32(4).op('i32.shl', 'i32.add').set(end!)
    const load = (base: Local, into: Local) => {
      f.get(base).get(at!).op('i32.add')
      lanes.load()
      f.set(into)
    }
    const loop = (body: () => void) => {
      f.get(first).set(at!)
      f.count(at!, stop, lanes.bytes, body)
    }
    /** Each element of the target from x, the first operand. */
    const map = (body: () => void) => () =>
      loop(() => {
        load(a!, x)
        f.get(target!).get(at!).op('i32.add')
        body()
        lanes.store()
      })
    const setScalar = () => {
      f.get(b!)
      lanes.loadScalar()
      f.set(s)
    }
    const setFactor = () => {
      f.get(b!)
      lanes.loadScalar()
      lanes.setFactor(factor)
    }
    const after = (prepare: () => void, body: () => void) => () => {
      prepare()
      body()
    }
    const bodies: (() => void)[] = [
      map(() => {
        load(b!, y)
        lanes.add(x, y)
      }),
      map(() => {
        load(b!, y)
        lanes.sub(x, y)
      }),
      map(() => {
        f.get(b!).get(at!).op('i32.add')
        lanes.load()
        lanes.setFactor(factor)
        lanes.mul(x, factor)
      }),
      after(
        setScalar,
        map(() => lanes.add(x, s)),
      ),
      after(
        setScalar,
        map(() => lanes.sub(s, x)),
      ),
      after(
        setFactor,
        map(() => lanes.mul(x, factor)),
      ),
      after(
        setFactor,
        map(() => {
          lanes.mul(x, factor)
          f.set(x)
          load(target!, y)
          lanes.add(y, x)
        }),
      ),
      () => {
        f.get(a!).get(b!).i32(3).op('i32.shl', 'i32.add').i32(4).op('i32.add').set(b!)
        loop(() => {
          f.get(a!).load32()
          lanes.loadScalar()
          sum.start()
          f.get(a!).i32(4).op('i32.add').set(term!)
          f.count(term!, b!, 8, () => {
            f.get(term!).load32().get(at!).op('i32.add')
            lanes.load()
            f.set(x)
            f.get(term!).load32(4)
            lanes.loadScalar()
            lanes.setFactor(factor)
            sum.accumulate(x, factor)
          })
          f.get(target!).get(at!).op('i32.add')
          sum.finish()
          lanes.store()
        })
      },
    ]
    f.count(pc, end!, 16, () => {
      f.get(pc).load32(4).set(target!)
      f.get(pc).load32(8).set(a!)
      f.get(pc).load32(12).set(b!)
      const nest = (depth: number): void => {
        if (depth === 0) {
          f.block(() =>
            f
              .get(pc)
              .load32()
              .branchTable(
                bodies.slice(1).map((_, i) => i),
                bodies.length - 1,
              ),
          )
          return
        }
        f.block(() => {
          nest(depth - 1)
          bodies[depth - 1]!()
          f.branch(bodies.length - depth)
        })
      }
      f.block(() => {
        nest(bodies.length - 1)
        bodies[bodies.length - 1]!()
      })
    })
  })
}

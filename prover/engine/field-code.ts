/**
 * WebAssembly code for Goldilocks arithmetic (stark.md 1.1, 8.2) and the kernels over vectors of canonical
 * u64 elements: transforms, folding, inverses, prefix sums and straight-line programs over blocks of rows.
 */

import type { FunctionBuilder, Local, ModuleBuilder } from './assembler.js'

const EPSILON = 0xffffffffn
const P_MINUS_1 = 0xffffffff00000000n

/** Scratch locals of the macros. */
class Field {
  private readonly t: Local[]

  constructor(private readonly f: FunctionBuilder) {
    this.t = Array.from({ length: 6 }, () => f.local('i64'))
  }

  /** Stack: any u64 -> canonical. */
  canonical(): void {
    const { f } = this
    const x = this.t[0]!
    f.tee(x).i64(EPSILON).i64(0n).get(x).i64(P_MINUS_1).op('i64.gt_u', 'select', 'i64.add')
  }

  /** Leaves the canonical product of two locals. */
  mul(a: Local, b: Local): void {
    const { f } = this
    const [, ll, mid, mid2, hi, t] = this.t as [Local, Local, Local, Local, Local, Local]
    const low = (x: Local) => f.get(x).i64(EPSILON).op('i64.and')
    const top = (x: Local) => f.get(x).i64(32n).op('i64.shr_u')
    low(a)
    low(b)
    f.op('i64.mul').set(ll)
    low(a)
    top(b)
    f.op('i64.mul')
    top(ll)
    f.op('i64.add').set(mid)
    top(a)
    low(b)
    f.op('i64.mul')
    low(mid)
    f.op('i64.add').set(mid2)
    top(a)
    top(b)
    f.op('i64.mul')
    top(mid)
    f.op('i64.add')
    top(mid2)
    f.op('i64.add').set(hi)
    // lo - (hi >> 32), then + (hi mod 2^32) (2^32 - 1)
    f.get(mid2).i64(32n).op('i64.shl')
    low(ll)
    f.op('i64.or').tee(t)
    top(hi)
    f.op('i64.sub').tee(mid)
    f.i64(EPSILON).i64(0n).get(t)
    top(hi)
    f.op('i64.lt_u', 'select', 'i64.sub').set(mid)
    low(hi)
    f.tee(hi).i64(32n).op('i64.shl').get(hi).op('i64.sub').tee(t)
    f.get(mid).op('i64.add').tee(mid).i64(EPSILON).i64(0n).get(mid).get(t).op('i64.lt_u', 'select', 'i64.add')
    this.canonical()
  }

  /** Leaves a + b in u64, not canonical, for a canonical b. */
  addLazy(a: Local, b: Local): void {
    const { f } = this
    const t = this.t[1]!
    f.get(a)
      .get(b)
      .op('i64.add')
      .tee(t)
      .i64(EPSILON)
      .i64(0n)
      .get(t)
      .get(b)
      .op('i64.lt_u', 'select', 'i64.add')
  }

  /** Leaves a - b in u64, not canonical, for a canonical b. */
  subLazy(a: Local, b: Local): void {
    const { f } = this
    f.get(a).get(b).op('i64.sub').i64(EPSILON).i64(0n).get(a).get(b).op('i64.lt_u', 'select', 'i64.sub')
  }

  add(a: Local, b: Local): void {
    this.addLazy(a, b)
    this.canonical()
  }

  sub(a: Local, b: Local): void {
    this.subLazy(a, b)
    this.canonical()
  }
}

/** Numbers of the instructions of {@link defineFieldKernels}'s `run`. */
export const VectorOp = {
  add: 0,
  sub: 1,
  mul: 2,
  addScalar: 3,
  rsubScalar: 4,
  mulScalar: 5,
  mulAddScalar: 6,
} as const

export function defineFieldKernels(module: ModuleBuilder): void {
  defineTransforms(module)
  defineVectors(module)
  defineMoves(module)
  defineInverse(module)
  defineFold(module)
  defineRun(module)
}

function defineTransforms(module: ModuleBuilder): void {
  /** (data, byte length, twiddles): natural order in, bit-reversed out (stark.md A.4). */
  module.function('forward', ['i32', 'i32', 'i32'], f => {
    const [data, bytes, twiddles] = [0, 1, 2].map(i => f.parameter(i)) as [Local, Local, Local]
    const [end, half, block, stop, at, other, twiddle] = Array.from({ length: 7 }, () =>
      f.local('i32'),
    ) as Local[]
    const [w, x, y] = Array.from({ length: 3 }, () => f.local('i64')) as Local[]
    const field = new Field(f)
    f.get(data!).get(bytes).op('i32.add').set(end!)
    f.get(bytes).set(half!)
    f.block(() => {
      f.loop(() => {
        f.get(half!).i32(1).op('i32.shr_u').tee(half!).i32(8).op('i32.lt_u').branchIf(1)
        f.get(data).set(block!)
        f.get(twiddles).set(twiddle!)
        f.loop(() => {
          f.get(twiddle!).load64().set(w!)
          f.get(block!).tee(at!).get(half!).op('i32.add').tee(stop!).set(other!)
          f.loop(() => {
            f.get(other!).load64().set(y!)
            field.mul(w!, y!)
            f.set(y!)
            f.get(at!).load64().set(x!)
            f.get(at!)
            field.addLazy(x!, y!)
            f.store64()
            f.get(other!)
            field.subLazy(x!, y!)
            f.store64()
            f.get(other!).i32(8).op('i32.add').set(other!)
            f.get(at!).i32(8).op('i32.add').tee(at!).get(stop!).op('i32.lt_u').branchIf(0)
          })
          f.get(twiddle!).i32(8).op('i32.add').set(twiddle!)
          f.get(other!).tee(block!).get(end!).op('i32.lt_u').branchIf(0)
        })
        f.branch(0)
      })
    })
    f.get(data).set(at!)
    f.count(at!, end!, 8, () => {
      f.get(at!).get(at!).load64()
      field.canonical()
      f.store64()
    })
  })

  /** (data, byte length, inverse twiddles): bit-reversed in, natural order out, not scaled. */
  module.function('inverse', ['i32', 'i32', 'i32'], f => {
    const [data, bytes, twiddles] = [0, 1, 2].map(i => f.parameter(i)) as [Local, Local, Local]
    const [end, half, block, stop, at, other, twiddle] = Array.from({ length: 7 }, () =>
      f.local('i32'),
    ) as Local[]
    const [w, x, y, d] = Array.from({ length: 4 }, () => f.local('i64')) as Local[]
    const field = new Field(f)
    f.get(data).get(bytes).op('i32.add').set(end!)
    f.i32(8).set(half!)
    f.block(() => {
      f.loop(() => {
        f.get(half!).get(bytes).op('i32.ge_u').branchIf(1)
        f.get(data).set(block!)
        f.get(twiddles).set(twiddle!)
        f.loop(() => {
          f.get(twiddle!).load64().set(w!)
          f.get(block!).tee(at!).get(half!).op('i32.add').tee(stop!).set(other!)
          f.loop(() => {
            f.get(other!).load64().set(y!)
            f.get(at!).load64().set(x!)
            f.get(at!)
            field.add(x!, y!)
            f.store64()
            field.subLazy(x!, y!)
            f.set(d!)
            f.get(other!)
            field.mul(w!, d!)
            f.store64()
            f.get(other!).i32(8).op('i32.add').set(other!)
            f.get(at!).i32(8).op('i32.add').tee(at!).get(stop!).op('i32.lt_u').branchIf(0)
          })
          f.get(twiddle!).i32(8).op('i32.add').set(twiddle!)
          f.get(other!).tee(block!).get(end!).op('i32.lt_u').branchIf(0)
        })
        f.get(half!).i32(1).op('i32.shl').set(half!)
        f.branch(0)
      })
    })
  })
}

function defineVectors(module: ModuleBuilder): void {
  /** (vector, byte length, carry address): exclusive prefix sum that starts at the carry and leaves the total there. */
  module.function('prefixSum', ['i32', 'i32', 'i32'], f => {
    const [at, bytes, carry] = [0, 1, 2].map(i => f.parameter(i)) as [Local, Local, Local]
    const end = f.local('i32')
    const [sum, x] = [f.local('i64'), f.local('i64')]
    const field = new Field(f)
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

  /** (target, byte length, ratio address): target_i = target_0 ratio^i. */
  module.function('geometric', ['i32', 'i32', 'i32'], f => {
    const [at, bytes, ratio] = [0, 1, 2].map(i => f.parameter(i)) as [Local, Local, Local]
    const end = f.local('i32')
    const [x, r] = [f.local('i64'), f.local('i64')]
    const field = new Field(f)
    f.get(at).get(bytes).op('i32.add').set(end)
    f.get(at).load64().set(x)
    f.get(ratio).load64().set(r)
    f.get(at).i32(8).op('i32.add').set(at)
    f.count(at, end, 8, () => {
      field.mul(x, r)
      f.set(x)
      f.get(at).get(x).store64()
    })
  })
}

function defineMoves(module: ModuleBuilder): void {
  /** (target, source, table of byte offsets, count): target_i = element of the source at table_i. */
  module.function('gather', ['i32', 'i32', 'i32', 'i32'], f => {
    const [target, source, table, count] = [0, 1, 2, 3].map(i => f.parameter(i)) as Local[]
    const end = f.local('i32')
    f.get(table!).get(count!).i32(2).op('i32.shl', 'i32.add').set(end)
    f.count(table!, end, 4, () => {
      f.get(target!).get(source!).get(table!).load32().op('i32.add').load64().store64()
      f.get(target!).i32(8).op('i32.add').set(target!)
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
    const [sum, x, y] = [f.local('i64'), f.local('i64'), f.local('i64')]
    const field = new Field(f)
    f.count(at, bytes!, 8, () => {
      f.get(a!).get(at).op('i32.add').load64().set(x)
      f.get(b!).get(at).op('i32.add').load64().set(y)
      field.mul(x, y)
      f.set(x)
      field.add(sum, x)
      f.set(sum)
    })
    f.get(target!).get(sum).store64()
  })
}

function defineInverse(module: ModuleBuilder): void {
  /** (vector, byte length, scratch of the same length): inverts all elements, none of them zero. */
  module.function('invertAll', ['i32', 'i32', 'i32'], f => {
    const [vector, bytes, scratch] = [0, 1, 2].map(i => f.parameter(i)) as [Local, Local, Local]
    const at = f.local('i32')
    const [product, x, base] = [f.local('i64'), f.local('i64'), f.local('i64')]
    const bits = f.local('i64')
    const field = new Field(f)
    f.i64(1n).set(product)
    f.count(at, bytes, 8, () => {
      f.get(scratch).get(at).op('i32.add').get(product).store64()
      f.get(vector).get(at).op('i32.add').load64().set(x)
      field.mul(product, x)
      f.set(product)
    })
    // product^(p - 2)
    f.get(product).set(base)
    f.i64(1n).set(product)
    f.i64(P_MINUS_1 - 1n).set(bits)
    f.loop(() => {
      f.get(bits).i64(1n).op('i64.and', 'i64.eqz', 'i32.eqz')
      f.if(() => {
        field.mul(product, base)
        f.set(product)
      })
      field.mul(base, base)
      f.set(base)
      f.get(bits).i64(1n).op('i64.shr_u').tee(bits).op('i64.eqz', 'i32.eqz').branchIf(0)
    })
    f.block(() => {
      f.loop(() => {
        f.get(at).op('i32.eqz').branchIf(1)
        f.get(at).i32(8).op('i32.sub').set(at)
        f.get(vector).get(at).op('i32.add').load64().set(x)
        f.get(scratch).get(at).op('i32.add').load64().set(base)
        f.get(vector).get(at).op('i32.add')
        field.mul(product, base)
        f.store64()
        field.mul(product, x)
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
    const [a, b, w, b0, b1, d0, d1, sum, half, u, v, seven] = Array.from({ length: 12 }, i64) as Local[]
    const field = new Field(f)
    f.get(challenge!).load64().set(b0!)
    f.get(challenge!).load64(8).set(b1!)
    f.i64(7n).set(seven!)
    f.i64(0x7fffffff80000001n).set(half!)
    f.count(at, bytes!, 8, () => {
      f.get(twiddles!).get(at).op('i32.add').load64().set(w!)
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
      const result = (source: Local, target: Local, x: Local, y: Local, twist: boolean) => {
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

function defineRun(module: ModuleBuilder): void {
  /**
   * (program, instructions, bytes of a vector): straight-line code over vectors of elements. An instruction is four
   * words: operation, target, first and second operand, addresses all; scalars are at the second operand.
   */
  module.function('run', ['i32', 'i32', 'i32'], f => {
    const [pc, count, bytes] = [0, 1, 2].map(i => f.parameter(i)) as [Local, Local, Local]
    const i32 = () => f.local('i32')
    const [end, target, a, b, at] = Array.from({ length: 5 }, i32) as Local[]
    const [x, y, s] = [f.local('i64'), f.local('i64'), f.local('i64')]
    const field = new Field(f)
    f.get(pc).get(count).i32(4).op('i32.shl', 'i32.add').set(end!)
    const load = (base: Local, into: Local) => f.get(base).get(at!).op('i32.add').load64().set(into)
    const over = (body: () => void) => {
      f.i32(0).set(at!)
      f.count(at!, bytes, 8, () => {
        load(a!, x)
        f.get(target!).get(at!).op('i32.add')
        body()
        f.store64()
      })
    }
    const binary = (body: () => void) => () =>
      over(() => {
        load(b!, y)
        body()
      })
    const bodies: (() => void)[] = [
      binary(() => field.add(x, y)),
      binary(() => field.sub(x, y)),
      binary(() => field.mul(x, y)),
      () => over(() => field.add(x, s)),
      () => over(() => field.sub(s, x)),
      () => over(() => field.mul(x, s)),
      () =>
        over(() => {
          field.mul(x, s)
          f.set(x)
          load(target!, y)
          field.add(y, x)
        }),
    ]
    f.count(pc, end!, 16, () => {
      f.get(pc).load32(4).set(target!)
      f.get(pc).load32(8).set(a!)
      f.get(pc).load32(12).tee(b!).load64().set(s)
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

/**
 * WebAssembly code for BLAKE3 on four inputs at once (stark.md 8.4). Chaining values lie word by word: word w of
 * input i at `base + w * stride + 4 i`. All counts are rounded up to fours, so strides hold at least 16 bytes.
 */

import type { FunctionBuilder, Local, ModuleBuilder } from './assembler.js'

export const FLAG = { chunkStart: 1, chunkEnd: 2, parent: 4, root: 8, keyed: 16 } as const

export const IV = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
] as const

const PERMUTATION = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8]

const ROTATE_16 = [2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13]
const ROTATE_8 = [1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12]
const EVEN_WORDS = [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27]
const ODD_WORDS = EVEN_WORDS.map(x => x + 4)

/** @param scratch address of 256 bytes for a message block and 16 bytes of zeros after it */
export function defineHashKernels(module: ModuleBuilder, scratch: number): void {
  const compress = defineCompress(module, scratch)
  const i32s = (n: number) => new Array<'i32'>(n).fill('i32')

  /**
   * (columns, column stride, columns 0..8, rows, chaining values, stride, flags, block length, counter): one block of
   * every row, eight bytes per column, the columns each a vector of u64; updates the chaining values in place.
   */
  module.function('absorb', i32s(9), f => {
    const p = Array.from({ length: 9 }, (_, i) => f.parameter(i))
    const [columns, columnStride, count, rows, cv, stride, flags, length, counter] = p as Local[]
    const [row, from] = [f.local('i32'), f.local('i32')]
    const [x, y] = [f.local('v128'), f.local('v128')]
    f.count(row, rows!, 4, () => {
      f.get(columns!).get(row).i32(3).op('i32.shl', 'i32.add').set(from)
      f.block(() => {
        for (let c = 0; c < 8; c++) {
          f.get(count!).i32(c).op('i32.eq').branchIf(0)
          f.get(from).loadVector().set(x)
          f.get(from).loadVector(16).set(y)
          f.i32(scratch)
            .get(x)
            .get(y)
            .shuffle(EVEN_WORDS)
            .storeVector(32 * c)
          f.i32(scratch)
            .get(x)
            .get(y)
            .shuffle(ODD_WORDS)
            .storeVector(32 * c + 16)
          f.get(from).get(columnStride!).op('i32.add').set(from)
        }
      })
      f.get(cv!).get(row).i32(2).op('i32.shl', 'i32.add').tee(from).get(stride!)
      f.get(from).get(stride!).get(flags!).get(length!).get(counter!).call(compress)
    })
  })

  /** (children, stride, parents, stride, count, flags, key): compresses neighbours, parent i of children 2i, 2i + 1. */
  module.function('parents', i32s(7), f => {
    const p = Array.from({ length: 7 }, (_, i) => f.parameter(i))
    const [children, stride, parents, parentStride, count, flags, key] = p as Local[]
    const [i, from] = [f.local('i32'), f.local('i32')]
    const [x, y] = [f.local('v128'), f.local('v128')]
    f.count(i, count!, 4, () => {
      f.get(children!).get(i).i32(3).op('i32.shl', 'i32.add').set(from)
      for (let w = 0; w < 8; w++) {
        f.get(from).loadVector().set(x)
        f.get(from).loadVector(16).set(y)
        f.i32(scratch)
          .get(x)
          .get(y)
          .shuffle(EVEN_WORDS)
          .storeVector(16 * w)
        f.i32(scratch)
          .get(x)
          .get(y)
          .shuffle(ODD_WORDS)
          .storeVector(16 * (w + 8))
        f.get(from).get(stride!).op('i32.add').set(from)
      }
      f.get(key!).i32(0).get(parents!).get(i).i32(2).op('i32.shl', 'i32.add')
      f.get(parentStride!).get(flags!).i32(64).i32(0).call(compress)
    })
  })

  /** (left, right, target, stride, count, flags, key): compresses pairs of values at equal positions. */
  module.function('merge', i32s(7), f => {
    const p = Array.from({ length: 7 }, (_, i) => f.parameter(i))
    const [left, right, target, stride, count, flags, key] = p as Local[]
    const [i, from] = [f.local('i32'), f.local('i32')]
    f.count(i, count!, 4, () => {
      const side = (base: Local, at: number) => {
        f.get(base).get(i).i32(2).op('i32.shl', 'i32.add').set(from)
        for (let w = 0; w < 8; w++) {
          f.i32(scratch)
            .get(from)
            .loadVector()
            .storeVector(16 * (at + w))
          f.get(from).get(stride!).op('i32.add').set(from)
        }
      }
      side(left!, 0)
      side(right!, 8)
      f.get(key!).i32(0).get(target!).get(i).i32(2).op('i32.shl', 'i32.add')
      f.get(stride!).get(flags!).i32(64).i32(0).call(compress)
    })
  })
}

/**
 * (cv, stride, target, stride, flags, block length, counter): compresses the message block at `scratch`. A stride of 0
 * for the chaining value means eight vectors of equal words, 16 bytes each: a key.
 */
function defineCompress(module: ModuleBuilder, scratch: number): FunctionBuilder {
  return module.function(
    'compress',
    ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
    f => {
      const [cv, stride, target, targetStride, flags, length, counter] = [0, 1, 2, 3, 4, 5, 6].map(i =>
        f.parameter(i),
      ) as Local[]
      const v = Array.from({ length: 16 }, () => f.local('v128'))
      const t = f.local('v128')
      f.get(stride!).op('i32.eqz')
      f.if(() => f.i32(16).set(stride!))
      for (let w = 0; w < 8; w++) {
        f.get(cv!).loadVector().set(v[w]!)
        f.get(cv!).get(stride!).op('i32.add').set(cv!)
      }
      for (let w = 0; w < 4; w++)
        f.i32(IV[w]!)
          .vector('i32x4.splat')
          .set(v[8 + w]!)
      f.get(counter!).vector('i32x4.splat').set(v[12]!)
      f.i32(0).vector('i32x4.splat').set(v[13]!)
      f.get(length!).vector('i32x4.splat').set(v[14]!)
      f.get(flags!).vector('i32x4.splat').set(v[15]!)
      const word = (w: number) => f.i32(scratch).loadVector(16 * w)
      const shifts = (x: Local, right: number) => {
        f.tee(t)
          .i32(right)
          .vector('i32x4.shr_u')
          .get(t)
          .i32(32 - right)
        f.vector('i32x4.shl').vector('v128.or').set(x)
      }
      const g = (a: Local, b: Local, c: Local, d: Local, m0: number, m1: number) => {
        f.get(a).get(b).vector('i32x4.add')
        word(m0).vector('i32x4.add').tee(a).get(d).vector('v128.xor').tee(d).get(d).shuffle(ROTATE_16).tee(d)
        f.get(c).vector('i32x4.add').tee(c).get(b).vector('v128.xor')
        shifts(b, 12)
        f.get(a).get(b).vector('i32x4.add')
        word(m1).vector('i32x4.add').tee(a).get(d).vector('v128.xor').tee(d).get(d).shuffle(ROTATE_8).tee(d)
        f.get(c).vector('i32x4.add').tee(c).get(b).vector('v128.xor')
        shifts(b, 7)
      }
      let m = Array.from({ length: 16 }, (_, i) => i)
      for (let round = 0; round < 7; round++) {
        for (let i = 0; i < 4; i++) g(v[i]!, v[4 + i]!, v[8 + i]!, v[12 + i]!, m[2 * i]!, m[2 * i + 1]!)
        for (let i = 0; i < 4; i++)
          g(
            v[i]!,
            v[4 + ((i + 1) & 3)]!,
            v[8 + ((i + 2) & 3)]!,
            v[12 + ((i + 3) & 3)]!,
            m[8 + 2 * i]!,
            m[9 + 2 * i]!,
          )
        m = PERMUTATION.map(i => m[i]!)
      }
      for (let w = 0; w < 8; w++) {
        f.get(target!)
          .get(v[w]!)
          .get(v[w + 8]!)
          .vector('v128.xor')
          .storeVector()
        f.get(target!).get(targetStride!).op('i32.add').set(target!)
      }
    },
    false,
  )
}

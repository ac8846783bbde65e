/**
 * Goldilocks arithmetic (stark.md 1.1, 8.2) as WebAssembly code, over one element at a time or over two in a SIMD
 * register. All operands and results are canonical.
 */

import type { FunctionBuilder, Local } from './assembler.js'

const EPSILON = 0xffffffffn
const P = 0xffffffff00000001n
const SIGN = 1n << 63n

/** An operand of several products, taken apart once. */
export type Factor = readonly Local[]

/** Emits code for vectors of {@link bytes} bytes on the operand stack. */
export interface Lanes {
  /** Bytes of a register: 8 or 16. */
  readonly bytes: number
  local(): Local
  /** Stack: address -> the elements there. */
  load(offset?: number): void
  /** Stack: address -> the element there in all lanes. */
  loadScalar(offset?: number): void
  /** Stack: address, elements -> . */
  store(offset?: number): void
  /** Leaves a + b. */
  add(a: Local, b: Local): void
  /** Leaves a - b. */
  sub(a: Local, b: Local): void
  factor(): Factor
  /** Stack: elements -> . */
  setFactor(factor: Factor): void
  /** Leaves the product. */
  mul(a: Local, b: Factor): void
  /** Sums of products that are reduced once. */
  sum(): ProductSum
}

/** Adds up fewer than 2^30 products. */
export interface ProductSum {
  /** Starts with an element, taken from the stack. */
  start(): void
  accumulate(a: Local, b: Factor): void
  /** Leaves the sum. */
  finish(): void
}

export class ScalarLanes implements Lanes {
  readonly bytes = 8
  private readonly t: Local[]

  constructor(private readonly f: FunctionBuilder) {
    this.t = Array.from({ length: 7 }, () => f.local('i64'))
  }

  local(): Local {
    return this.f.local('i64')
  }

  load(offset = 0): void {
    this.f.load64(offset)
  }

  loadScalar(offset = 0): void {
    this.f.load64(offset)
  }

  store(offset = 0): void {
    this.f.store64(offset)
  }

  /** a - (p - b), plus p if that is negative */
  add(a: Local, b: Local): void {
    const { f } = this
    const d = this.t[0]!
    f.i64(P).get(b).op('i64.sub').set(d)
    f.get(a).get(d).op('i64.sub').i64(P).i64(0n).get(a).get(d).op('i64.lt_u', 'select', 'i64.add')
  }

  sub(a: Local, b: Local): void {
    const { f } = this
    f.get(a).get(b).op('i64.sub').i64(P).i64(0n).get(a).get(b).op('i64.lt_u', 'select', 'i64.add')
  }

  factor(): Factor {
    return [this.local(), this.local(), this.local()]
  }

  setFactor(factor: Factor): void {
    const [whole, low, high] = factor as [Local, Local, Local]
    const { f } = this
    f.tee(whole).i64(EPSILON).op('i64.and').set(low)
    f.get(whole).i64(32n).op('i64.shr_u').set(high)
  }

  mul(a: Local, factor: Factor): void {
    const { f } = this
    const [b, bl, bh] = factor as [Local, Local, Local]
    const [al, ah, middle, carry] = this.t as [Local, Local, Local, Local]
    f.get(a).i64(EPSILON).op('i64.and').set(al)
    f.get(a).i64(32n).op('i64.shr_u').set(ah)
    f.get(al).get(bh).op('i64.mul').get(al).get(bl).op('i64.mul').i64(32n).op('i64.shr_u', 'i64.add')
    f.set(middle)
    f.get(ah).get(bl).op('i64.mul').get(middle).i64(EPSILON).op('i64.and', 'i64.add').set(carry)
    f.get(a).get(b).op('i64.mul')
    f.get(ah).get(bh).op('i64.mul').get(middle).i64(32n).op('i64.shr_u', 'i64.add')
    f.get(carry).i64(32n).op('i64.shr_u', 'i64.add')
    this.reduce()
  }

  /** Stack: low and high word of 128 bits -> canonical, by 2^64 = 2^32 - 1 and 2^96 = -1. */
  private reduce(): void {
    const { f } = this
    const [low, high, top, x] = this.t as [Local, Local, Local, Local]
    f.set(high).set(low)
    f.get(high).i64(32n).op('i64.shr_u').set(top)
    f.get(low).get(top).op('i64.sub')
    f.i64(EPSILON).i64(0n).get(low).get(top).op('i64.lt_u', 'select', 'i64.sub').set(x)
    f.get(high).i64(EPSILON).op('i64.and').tee(high).i64(32n).op('i64.shl').get(high).op('i64.sub').set(high)
    f.get(x).get(high).op('i64.add').tee(x)
    f.i64(EPSILON).i64(0n).get(x).get(high).op('i64.lt_u', 'select', 'i64.add').tee(x)
    f.i64(EPSILON).i64(0n).get(x).i64(P).op('i64.ge_u', 'select', 'i64.add')
  }

  sum(): ProductSum {
    const { f, t } = this
    const [, , , , , al, ah] = t as Local[]
    const words = Array.from({ length: 4 }, () => f.local('i64'))
    const [w0, w1, w2, w3] = words as [Local, Local, Local, Local]
    const product = this.local()
    return {
      start: () => {
        f.tee(product).i64(EPSILON).op('i64.and').set(w0)
        f.get(product).i64(32n).op('i64.shr_u').set(w1)
        f.i64(0n).tee(w2).set(w3)
      },
      accumulate: (a, factor) => {
        const [, bl, bh] = factor as [Local, Local, Local]
        f.get(a).i64(EPSILON).op('i64.and').set(al!)
        f.get(a).i64(32n).op('i64.shr_u').set(ah!)
        const add = (x: Local, y: Local, low: Local, high: Local) => {
          f.get(x)
            .get(y)
            .op('i64.mul')
            .tee(product)
            .i64(EPSILON)
            .op('i64.and')
            .get(low)
            .op('i64.add')
            .set(low)
          f.get(product).i64(32n).op('i64.shr_u').get(high).op('i64.add').set(high)
        }
        add(al!, bl, w0, w1)
        add(al!, bh, w1, w2)
        add(ah!, bl, w1, w2)
        add(ah!, bh, w2, w3)
      },
      finish: () => {
        // carries between words of 32 bits; what is left of w3 is a small multiple of 2^96 = -1
        const carry = (from: Local, to: Local) =>
          f.get(to).get(from).i64(32n).op('i64.shr_u', 'i64.add').set(to)
        carry(w0, w1)
        carry(w1, w2)
        // w3 (2^96) + w2 (2^64) = w2 (2^32 - 1) - w3, w2 and w3 below 2^63
        f.get(w1).i64(32n).op('i64.shl').get(w0).i64(EPSILON).op('i64.and', 'i64.or')
        f.get(w2).i64(EPSILON).op('i64.and')
        carry(w2, w3)
        this.reduce()
        f.set(product)
        // minus w3, which is below p
        this.sub(product, w3)
      },
    }
  }
}

/** Bytes of a vector by 32-bit words. */
const wordLanes = (words: readonly number[]) => words.flatMap(w => [4 * w, 4 * w + 1, 4 * w + 2, 4 * w + 3])
const LOW_HIGH = wordLanes([0, 2, 1, 3])
const HIGH_LOW = wordLanes([1, 3, 0, 2])

/** Vectors are compared as signed numbers after their sign bits are flipped; nothing unsigned is there. */
export class SimdLanes implements Lanes {
  readonly bytes = 16
  private readonly t: Local[]
  private readonly constants: { sign: Local; p: Local; epsilon: Local; signedP: Local; signedMax: Local }

  /** Emits code at the beginning of the function: constants belong outside of its loops. */
  constructor(private readonly f: FunctionBuilder) {
    this.t = Array.from({ length: 4 }, () => f.local('v128'))
    const constant = (value: bigint) => {
      const local = f.local('v128')
      f.vector64(value).set(local)
      return local
    }
    this.constants = {
      sign: constant(SIGN),
      p: constant(P),
      epsilon: constant(EPSILON),
      signedP: constant(P ^ SIGN),
      signedMax: constant((P - 1n) ^ SIGN),
    }
  }

  local(): Local {
    return this.f.local('v128')
  }

  load(offset = 0): void {
    this.f.loadVector(offset)
  }

  loadScalar(offset = 0): void {
    this.f.loadSplat64(offset)
  }

  store(offset = 0): void {
    this.f.storeVector(offset)
  }

  add(a: Local, b: Local): void {
    const { f } = this
    const [d, x] = this.t as [Local, Local]
    // both with flipped signs: p - b and a
    f.get(this.constants.signedP).get(b).vector('i64x2.sub').set(d)
    f.get(a).get(this.constants.sign).vector('v128.xor').tee(x).get(d).vector('i64x2.sub')
    f.get(d).get(x).vector('i64x2.gt_s').get(this.constants.p).vector('v128.and').vector('i64x2.add')
  }

  sub(a: Local, b: Local): void {
    const { f } = this
    f.get(a).get(b).vector('i64x2.sub')
    f.get(b).get(this.constants.sign).vector('v128.xor').get(a).get(this.constants.sign).vector('v128.xor')
    f.vector('i64x2.gt_s').get(this.constants.p).vector('v128.and').vector('i64x2.add')
  }

  /** Words low, low, high, high of the two elements, and with the halves exchanged. */
  factor(): Factor {
    return [this.local(), this.local()]
  }

  setFactor(factor: Factor): void {
    const [straight, crossed] = factor as [Local, Local]
    const { f } = this
    f.tee(straight).get(straight).shuffle(HIGH_LOW).set(crossed)
    f.get(straight).get(straight).shuffle(LOW_HIGH).set(straight)
  }

  private high(x: Local): FunctionBuilder {
    return this.f.get(x).i32(32).vector('i64x2.shr_u')
  }

  private low(x: Local): FunctionBuilder {
    return this.f.get(x).get(this.constants.epsilon).vector('v128.and')
  }

  mul(a: Local, factor: Factor): void {
    const { f } = this
    const [straight, crossed] = factor as [Local, Local]
    const [x, ll, middle, carry] = this.t as [Local, Local, Local, Local]
    f.get(a).get(a).shuffle(LOW_HIGH).set(x)
    f.get(x).get(straight).vector('i64x2.extmul_low_i32x4_u').set(ll)
    f.get(x).get(crossed).vector('i64x2.extmul_low_i32x4_u')
    this.high(ll).vector('i64x2.add').set(middle)
    f.get(x).get(crossed).vector('i64x2.extmul_high_i32x4_u')
    this.low(middle).vector('i64x2.add').set(carry)
    f.get(carry).i32(32).vector('i64x2.shl')
    this.low(ll).vector('v128.or')
    f.get(x).get(straight).vector('i64x2.extmul_high_i32x4_u')
    this.high(middle).vector('i64x2.add')
    this.high(carry).vector('i64x2.add')
    this.reduce()
  }

  private reduce(): void {
    const { f } = this
    const [low, high, top, x] = this.t as [Local, Local, Local, Local]
    f.set(high).set(low)
    this.high(high).set(top)
    f.get(low).get(top).vector('i64x2.sub')
    // low < top, top below 2^32
    f.get(top)
      .get(this.constants.sign)
      .vector('v128.xor')
      .get(low)
      .get(this.constants.sign)
      .vector('v128.xor')
    f.vector('i64x2.gt_s').get(this.constants.epsilon).vector('v128.and').vector('i64x2.sub')
    f.get(this.constants.sign).vector('v128.xor').set(x)
    // x has a flipped sign from here on
    this.low(high).tee(high).i32(32).vector('i64x2.shl').get(high).vector('i64x2.sub')
    f.get(x).vector('i64x2.add').set(top)
    f.get(top)
    f.get(x).get(top).vector('i64x2.gt_s').get(this.constants.epsilon).vector('v128.and').vector('i64x2.add')
    f.tee(x)
    f.get(x)
      .get(this.constants.signedMax)
      .vector('i64x2.gt_s')
      .get(this.constants.epsilon)
      .vector('v128.and')
      .vector('i64x2.add')
    f.get(this.constants.sign).vector('v128.xor')
  }

  sum(): ProductSum {
    const { f } = this
    const words = Array.from({ length: 4 }, () => f.local('v128'))
    const [w0, w1, w2, w3] = words as [Local, Local, Local, Local]
    const [x, product] = [this.local(), this.local()]
    return {
      start: () => {
        f.set(product)
        this.low(product).set(w0)
        this.high(product).set(w1)
        f.vector64(0n).tee(w2).set(w3)
      },
      accumulate: (a, factor) => {
        const [straight, crossed] = factor as [Local, Local]
        f.get(a).get(a).shuffle(LOW_HIGH).set(x)
        const add = (b: Local, half: 'low' | 'high', low: Local, high: Local) => {
          f.get(x).get(b).vector(`i64x2.extmul_${half}_i32x4_u`).set(product)
          this.low(product).get(low).vector('i64x2.add').set(low)
          this.high(product).get(high).vector('i64x2.add').set(high)
        }
        add(straight, 'low', w0, w1)
        add(crossed, 'low', w1, w2)
        add(crossed, 'high', w1, w2)
        add(straight, 'high', w2, w3)
      },
      finish: () => {
        const carry = (from: Local, to: Local) => {
          f.get(to)
          this.high(from).vector('i64x2.add').set(to)
        }
        carry(w0, w1)
        carry(w1, w2)
        f.get(w1).i32(32).vector('i64x2.shl')
        this.low(w0).vector('v128.or')
        this.low(w2)
        carry(w2, w3)
        this.reduce()
        f.set(product)
        this.sub(product, w3)
      },
    }
  }
}

import { type Chain, SCALAR } from './chain.js'
import { Hash64 } from './hash64.js'

const ANONYMOUS_HASH = 1723
const ZERO_HASH = 2221
/** Bits of the high half of an expression's data word. */
const DEPTH = 0xff
const FLAGS = 0xf00
const RANGE_SHIFT = 12

/**
 * Recomputes the words that Lean caches in names, levels and expressions (lean-env.md 2.5-2.7) from the fields of an object and
 * the cached words of its children, which must have been checked before. A mismatch means a damaged or forged file.
 */
export class HashChecker {
  readonly #chain: Chain
  readonly #hash = new Hash64()
  /** The cached word read last. */
  #low = 0
  #high = 0
  // What the children of the expression at hand contribute.
  #depth = 0
  #flags = 0
  #range = 0

  constructor(chain: Chain) {
    this.#chain = chain
  }

  name(object: number): void {
    const hash = this.#hash
    if (this.#chain.header(object) >>> 24 === 1) {
      hash.bytes(this.#chain.stringBytes(this.#chain.objectField(object, 1)).bytes)
    } else {
      this.#natural(object, 1, true)
    }
    this.#nameWord(object, 0)
    hash.mixInto(this.#low, this.#high)
    this.#cached(object, 2)
    if (this.#low !== hash.low || this.#high !== hash.high)
      this.#chain.fail(object, 'wrong cached hash of a name')
  }

  level(object: number): void {
    const hash = this.#hash
    const tag = this.#chain.header(object) >>> 24
    let depth = 0
    let flags = 0
    if (tag === 4) {
      this.#nameWord(object, 0)
      hash.set(this.#low, this.#high)
      hash.mixInto(2239, 0)
      flags = 2
    } else {
      // A successor, or max and imax with their right side first.
      for (let index = tag === 1 ? 0 : 1; index >= 0; index--) {
        this.#levelWord(object, index)
        if (index === 1 || tag === 1) hash.set(this.#low, 0)
        else hash.mixInto(this.#low, 0)
        depth = Math.max(depth, this.#high >>> 8)
        flags |= this.#high & 0xff
      }
      depth++
      hash.mixInto(tag === 1 ? 2243 : tag === 2 ? 2251 : 2267, 0)
    }
    this.#cached(object, tag === 2 || tag === 3 ? 2 : 1)
    if (this.#low !== hash.low || this.#high !== ((depth << 8) | flags)) {
      this.#chain.fail(object, 'wrong cached hash of a level')
    }
  }

  expr(object: number): void {
    const chain = this.#chain
    const hash = this.#hash
    const header = chain.header(object)
    this.#depth = -1
    this.#flags = 0
    this.#range = 0
    switch (header >>> 24) {
      case 0: {
        chain.field(object, 0)
        const index = chain.scalar
        hash.set(7, 0)
        hash.mix(index, 0)
        this.#range = index + 1
        break
      }
      case 3:
        this.#levelWord(object, 0)
        this.#flags = (this.#high & 3) << 10
        hash.set(11, 0)
        hash.mix(this.#low, 0)
        break
      case 4:
        this.#constant(object)
        break
      case 5: {
        this.#child(object, 0, 0)
        const low = this.#low
        const high = this.#high
        this.#child(object, 1, 0)
        hash.set(low, high)
        hash.mix(this.#low, this.#high)
        break
      }
      case 6:
      case 7:
        this.#child(object, 2, 1)
        hash.set(this.#low, 0)
        this.#child(object, 1, 0)
        hash.mixInto(this.#low, 0)
        hash.mixInto(this.#depth + 1, 0)
        break
      case 8:
        this.#child(object, 3, 1)
        hash.set(this.#low, 0)
        this.#child(object, 2, 0)
        hash.mixInto(this.#low, 0)
        this.#child(object, 1, 0)
        hash.mixInto(this.#low, 0)
        hash.mixInto(this.#depth + 1, 0)
        break
      case 9: {
        const literal = chain.objectField(object, 0)
        if (chain.header(literal) >>> 24 === 0) this.#natural(literal, 0, false)
        else hash.bytes(chain.stringBytes(chain.objectField(literal, 0)).bytes)
        hash.mixInto(3, 0)
        break
      }
      case 10:
        this.#child(object, 1, 0)
        hash.set(this.#low, 0)
        hash.mixInto(this.#depth + 1, 0)
        break
      case 11: {
        this.#child(object, 2, 0)
        const low = this.#low
        chain.field(object, 1)
        hash.set(chain.scalar, 0)
        hash.mix(low, 0)
        this.#nameWord(object, 0)
        hash.mixInto(this.#low, this.#high)
        hash.mixInto(this.#depth + 1, 0)
        break
      }
    }
    this.#cached(object, (header >>> 16) & 0xff)
    const high = (this.#range << RANGE_SHIFT) | this.#flags | Math.min(this.#depth + 1, DEPTH)
    if (this.#low !== hash.low || this.#high !== high || this.#range >= 1 << 20) {
      chain.fail(object, 'wrong cached hash of an expression')
    }
  }

  #constant(object: number): void {
    const hash = this.#hash
    hash.set(7, 0)
    for (let holder = object, cell = this.#chain.field(object, 1); cell !== SCALAR; ) {
      holder = cell
      this.#levelWord(holder, 0)
      this.#flags |= (this.#high & 3) << 10
      hash.mix(this.#low, 0)
      cell = this.#chain.field(holder, 1)
    }
    this.#nameWord(object, 0)
    hash.mixInto(this.#low, this.#high)
    hash.mixInto(5, 0)
  }

  /** Sets the hash to that of a natural number field: its value modulo 2^64, or 17 for larger parts of names. */
  #natural(object: number, index: number, inName: boolean): void {
    const target = this.#chain.field(object, index)
    if (target === SCALAR) {
      const value = this.#chain.bigScalar
      this.#hash.set(Number(value & 0xffffffffn), Number(value >> 32n))
      return
    }
    const bytes = this.#chain.bigNaturalBytes(target)
    if (inName && bytes.subarray(8).some(byte => byte !== 0)) {
      this.#hash.set(17, 0)
      return
    }
    const at = (from: number) => (bytes.length >= from + 4 ? bytes.readInt32LE(from) : 0)
    this.#hash.set(at(0), at(4))
  }

  /** Reads the word cached behind the object fields. */
  #cached(object: number, fields: number): void {
    const at = object + 8 + fields * this.#chain.wordBytes
    this.#low = this.#chain.u32(at) | 0
    this.#high = this.#chain.u32(at + 4) | 0
  }

  #nameWord(object: number, index: number): void {
    const target = this.#chain.field(object, index)
    if (target !== SCALAR) {
      this.#cached(target, 2)
    } else {
      this.#low = ANONYMOUS_HASH
      this.#high = 0
    }
  }

  #levelWord(object: number, index: number): void {
    const target = this.#chain.field(object, index)
    if (target !== SCALAR) {
      const tag = this.#chain.header(target) >>> 24
      this.#cached(target, tag === 2 || tag === 3 ? 2 : 1)
    } else {
      this.#low = ZERO_HASH
      this.#high = 0
    }
  }

  /** Reads the word of a child below `binders` binders and takes in its depth, flags and range. */
  #child(object: number, index: number, binders: number): void {
    const target = this.#chain.objectField(object, index)
    this.#cached(target, (this.#chain.header(target) >>> 16) & 0xff)
    this.#depth = Math.max(this.#depth, this.#high & DEPTH)
    this.#flags |= this.#high & FLAGS
    this.#range = Math.max(this.#range, (this.#high >>> RANGE_SHIFT) - binders)
  }
}

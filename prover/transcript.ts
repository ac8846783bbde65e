/** The hash chain from which challenges are drawn (stark.md 3.3, A.1). */

import { highWord, lowWord, normalise } from '../aiur/vm/goldilocks.js'
import type { Extension } from './extension.js'
import { hash } from './hash.js'

const P_HIGH = 0xffffffff

export class Transcript {
  private input: Uint8Array
  private length: number
  private output: Uint8Array = new Uint8Array(0)
  private left = 0

  constructor(seed: Uint8Array) {
    this.input = new Uint8Array(Math.max(256, 2 * seed.length))
    this.input.set(seed)
    this.length = seed.length
  }

  absorb(bytes: Uint8Array): void {
    this.left = 0
    if (this.length + bytes.length > this.input.length) {
      const grown = new Uint8Array(2 * (this.length + bytes.length))
      grown.set(this.input.subarray(0, this.length))
      this.input = grown
    }
    this.input.set(bytes, this.length)
    this.length += bytes.length
  }

  /** A canonical element of F, eight bytes. */
  absorbWords(lo: number, hi: number): void {
    const bytes = new Uint8Array(8)
    const view = new DataView(bytes.buffer)
    view.setUint32(0, lo, true)
    view.setUint32(4, hi, true)
    this.absorb(bytes)
  }

  absorbNumber(value: number | bigint): void {
    const x = normalise(BigInt(value))
    this.absorbWords(lowWord(x), highWord(x))
  }

  absorbExtension(x: Extension): void {
    this.absorbWords(x.lo0, x.hi0)
    this.absorbWords(x.lo1, x.hi1)
  }

  /** The lowest `count` <= 32 bits of a word. */
  bits(count: number): number {
    const { lo } = this.word()
    return count === 32 ? lo : lo & (2 ** count - 1)
  }

  extension(): Extension {
    const c0 = this.element()
    const c1 = this.element()
    return { lo0: c0.lo, hi0: c0.hi, lo1: c1.lo, hi1: c1.hi }
  }

  copy(): Transcript {
    const other = new Transcript(this.input.subarray(0, this.length))
    other.output = this.output
    other.left = this.left
    return other
  }

  /**
   * Checks a grinding witness; without bits it is not absorbed. The word drawn before it reduces the chain to one
   * digest, so that a candidate costs one compression.
   */
  work(bits: number, witness: number): boolean {
    if (bits === 0) return true
    this.word()
    this.absorbNumber(witness)
    return this.bits(bits) === 0
  }

  /** The 32 bytes that the witness of the next {@link work} is appended to. */
  workPrefix(): Uint8Array {
    const other = this.copy()
    other.word()
    return other.input.slice(0, other.length)
  }

  private element(): { lo: number; hi: number } {
    for (;;) {
      const word = this.word()
      if (word.hi !== P_HIGH || word.lo === 0) return word
    }
  }

  private word(): { lo: number; hi: number } {
    const half = () => {
      let value = 0
      for (let i = 0; i < 4; i++) value += this.byte() * 2 ** (8 * i)
      return value
    }
    const lo = half()
    return { lo, hi: half() }
  }

  private byte(): number {
    if (this.left === 0) {
      this.output = hash(this.input.subarray(0, this.length))
      this.input.set(this.output)
      this.length = this.output.length
      this.left = this.output.length
    }
    return this.output[--this.left]!
  }
}

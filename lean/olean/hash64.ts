const M_LOW = 0x5bd1e995
const M_HIGH = 0xc6a4a793 | 0
const M_LOW_0 = M_LOW & 0xffff
const M_LOW_1 = M_LOW >>> 16

/**
 * Lean's 64-bit hash functions (lean-env.md 2.5) on 32-bit halves: an accumulator `low`, `high` (signed halves) that starts from
 * a value and takes further ones in.
 */
export class Hash64 {
  low = 0
  high = 0

  set(low: number, high: number): void {
    this.low = low | 0
    this.high = high | 0
  }

  /** This becomes `mix(this, k)`. */
  mix(low: number, high: number): void {
    const keptLow = this.low
    const keptHigh = this.high
    this.set(low, high)
    this.#multiply()
    const shifted = this.high >>> 15
    this.low = keptLow ^ this.low ^ shifted ^ M_LOW
    this.high = keptHigh ^ this.high ^ M_HIGH
    this.#multiply()
  }

  /** This becomes `mix(h, this)`: hashes of nested terms are built from the inside out. */
  mixInto(low: number, high: number): void {
    const innerLow = this.low
    const innerHigh = this.high
    this.set(low, high)
    this.mix(innerLow, innerHigh)
  }

  /** This becomes the hash of a string's UTF-8 bytes. */
  bytes(bytes: Uint8Array): void {
    const length = bytes.length
    this.set(length, Math.floor(length / 2 ** 32))
    this.#multiply()
    let low = this.low ^ 11
    let high = this.high
    let at = 0
    for (; at + 8 <= length; at += 8) {
      this.set(word(bytes, at), word(bytes, at + 4))
      this.#multiply()
      this.low ^= this.high >>> 15
      this.#multiply()
      this.low ^= low
      this.high ^= high
      this.#multiply()
      low = this.low
      high = this.high
    }
    this.set(low, high)
    if (at < length) {
      let restLow = 0
      let restHigh = 0
      for (let index = length - 1; index >= at; index--) {
        if (index - at >= 4) restHigh = (restHigh << 8) | bytes[index]!
        else restLow = (restLow << 8) | bytes[index]!
      }
      this.low ^= restLow
      this.high ^= restHigh
      this.#multiply()
    }
    this.low ^= this.high >>> 15
    this.#multiply()
    this.low ^= this.high >>> 15
  }

  /** Multiplies by M modulo 2^64. */
  #multiply(): void {
    const low0 = this.low & 0xffff
    const low1 = this.low >>> 16
    const carry = low1 * M_LOW_0 + (Math.imul(low0, M_LOW_0) >>> 16)
    const cross = low0 * M_LOW_1 + (carry & 0xffff)
    const highOfLow = low1 * M_LOW_1 + Math.floor(carry / 65536) + Math.floor(cross / 65536)
    this.high = (highOfLow + Math.imul(this.low, M_HIGH) + Math.imul(this.high, M_LOW)) | 0
    this.low = Math.imul(this.low, M_LOW)
  }
}

function word(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
}

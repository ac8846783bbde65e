/** Randomness of a proof. */

export interface Random {
  /** Fills with arbitrary words. */
  words(target: Uint32Array): void
  /** Fills with uniform field elements, two words each. */
  elements(target: Uint32Array): void
}

const MAX_REQUEST = 65536

/** From the platform's cryptographic generator, or from a function that fills words (tests). */
export function randomSource(fill: (target: Uint32Array) => void = platform): Random {
  return {
    words: fill,
    elements(target) {
      fill(target)
      const pair = new Uint32Array(2)
      for (let i = 0; i < target.length; i += 2)
        while (target[i + 1] === 0xffffffff && target[i] !== 0) {
          // p is 2^64 - 2^32 + 1
          fill(pair)
          target.set(pair, i)
        }
    },
  }
}

function platform(target: Uint32Array): void {
  const piece = new Uint32Array(Math.min(target.length, MAX_REQUEST / 4))
  for (let at = 0; at < target.length; at += piece.length) {
    const part = piece.subarray(0, Math.min(piece.length, target.length - at))
    globalThis.crypto.getRandomValues(part)
    target.set(part, at)
  }
}

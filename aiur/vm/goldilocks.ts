/**
 * Arithmetic modulo p = 2^64 - 2^32 + 1 on canonical elements split into unsigned 32-bit halves.
 *
 * Each operation returns the low half and leaves the high half in {@link high}: two results without an
 * allocation. All operands must be canonical (below p); all results are.
 */

export const P = 0xffffffff00000001n

const WORD = 4294967296

/** High half of the last result of {@link add}, {@link sub}, {@link mul}, {@link inverse} and {@link reduce}. */
export let high = 0

/** (alo + ahi * 2^32) + (blo + bhi * 2^32) */
export function add(alo: number, ahi: number, blo: number, bhi: number): number {
  let lo = alo + blo
  let hi = ahi + bhi
  if (lo >= WORD) {
    lo -= WORD
    hi += 1
  }
  if (hi >= WORD) {
    // 2^64 = 2^32 - 1; the sum of two canonical elements is below 2p, so one fix is enough.
    hi -= WORD
    if (lo === 0) lo = WORD - 1
    else {
      lo -= 1
      hi += 1
    }
  }
  return canonical(lo, hi)
}

/** (alo + ahi * 2^32) - (blo + bhi * 2^32) */
export function sub(alo: number, ahi: number, blo: number, bhi: number): number {
  let lo = alo - blo
  let hi = ahi - bhi
  if (lo < 0) {
    lo += WORD
    hi -= 1
  }
  if (hi < 0) {
    // Add p.
    hi += WORD - 1
    lo += 1
    if (lo === WORD) {
      lo = 0
      hi += 1
    }
  }
  high = hi
  return lo
}

/** High half of the 64-bit product of two 32-bit words. */
function productHigh(a: number, b: number, low: number): number {
  // a * b is off by at most 2^10 and the low half is exact, so the quotient is off by less than 2^-20.
  return Math.round((a * b - low) / WORD)
}

/** (alo + ahi * 2^32) * (blo + bhi * 2^32) */
export function mul(alo: number, ahi: number, blo: number, bhi: number): number {
  const l0 = Math.imul(alo, blo) >>> 0
  const h0 = productHigh(alo, blo, l0)
  if (ahi === 0 && bhi === 0) return canonical(l0, h0)
  const l1 = Math.imul(alo, bhi) >>> 0
  const h1 = productHigh(alo, bhi, l1)
  const l2 = Math.imul(ahi, blo) >>> 0
  const h2 = productHigh(ahi, blo, l2)
  const l3 = Math.imul(ahi, bhi) >>> 0
  const h3 = productHigh(ahi, bhi, l3)
  // words w0..w3 of the 128-bit product; w1 and w2 still carry more than 32 bits
  const w1 = h0 + l1 + l2
  const c1 = Math.floor(w1 / WORD)
  const w2 = h1 + h2 + l3 + c1
  const c2 = Math.floor(w2 / WORD)
  return reduce(l0, w1 - c1 * WORD, w2 - c2 * WORD, h3 + c2)
}

/** w0 + w1 * 2^32 + w2 * 2^64 + w3 * 2^96 for 32-bit words: 2^64 = 2^32 - 1 and 2^96 = -1. */
export function reduce(w0: number, w1: number, w2: number, w3: number): number {
  let lo = w0 - w2 - w3
  let hi = w1 + w2
  if (hi >= WORD) {
    hi -= WORD - 1
    lo -= 1
  }
  if (lo < 0) {
    const borrow = Math.ceil(-lo / WORD)
    lo += borrow * WORD
    hi -= borrow
  }
  if (hi < 0) {
    hi += WORD - 1
    lo += 1
    if (lo === WORD) {
      lo = 0
      hi += 1
    }
  }
  return canonical(lo, hi)
}

function canonical(lo: number, hi: number): number {
  if (hi === WORD - 1 && lo !== 0) {
    high = 0
    return lo - 1
  }
  high = hi
  return lo
}

/** Inverse by a^(p-2); 0 for 0. p - 2 is 31 ones, a zero and 32 ones in binary. */
export function inverse(alo: number, ahi: number): number {
  const lo2 = appendOnes(alo, ahi, 1, alo, ahi)
  const lo3 = appendOnes(lo2, high, 1, alo, ahi)
  const hi3 = high
  const lo6 = appendOnes(lo3, hi3, 3, lo3, hi3)
  const hi6 = high
  const lo12 = appendOnes(lo6, hi6, 6, lo6, hi6)
  const hi12 = high
  const lo24 = appendOnes(lo12, hi12, 12, lo12, hi12)
  const lo30 = appendOnes(lo24, high, 6, lo6, hi6)
  const lo31 = appendOnes(lo30, high, 1, alo, ahi)
  const hi31 = high
  const lo63 = appendOnes(lo31, hi31, 32, lo31, hi31)
  return appendOnes(lo63, high, 1, alo, ahi)
}

/** x^(2^squarings) * y */
function appendOnes(xlo: number, xhi: number, squarings: number, ylo: number, yhi: number): number {
  let lo = xlo
  let hi = xhi
  for (let i = 0; i < squarings; i++) {
    lo = mul(lo, hi, lo, hi)
    hi = high
  }
  return mul(lo, hi, ylo, yhi)
}

/** The integer of two words; tooling only. */
export function toBigInt(lo: number, hi: number): bigint {
  return (BigInt(hi) << 32n) | BigInt(lo)
}

/** A field element as bigint, reduced modulo p (negative values too). */
export function normalise(value: bigint): bigint {
  const r = value % P
  return r < 0n ? r + P : r
}

export function lowWord(value: bigint): number {
  return Number(value & 0xffffffffn)
}

export function highWord(value: bigint): number {
  return Number(value >> 32n)
}

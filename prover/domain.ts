/** Roots of unity and evaluation domains (stark.md 1.1, 1.3). Setup arithmetic, so bigint. */

import { P } from '../aiur/vm/goldilocks.js'

/** Generator of F*, and the shift of every evaluation domain. */
export const GENERATOR = 7n

export const TWO_ADICITY = 32

const ROOT_32 = 0x185629dcda58878cn

/** The primitive 2^i-th roots of unity. */
const ROOTS = [ROOT_32]
for (let i = 0; i < TWO_ADICITY; i++) ROOTS.unshift((ROOTS[0]! * ROOTS[0]!) % P)

/** The primitive 2^log-th root of unity. @throws RangeError above the two-adicity */
export function rootOfUnity(log: number): bigint {
  if (log > TWO_ADICITY) throw new RangeError(`no root of unity of order 2^${log}`)
  return ROOTS[log]!
}

export function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  for (let b = base % P, e = exponent; e > 0n; e >>= 1n, b = (b * b) % P)
    if (e & 1n) result = (result * b) % P
  return result
}

export function inverseOf(x: bigint): bigint {
  return power(x, P - 2n)
}

/** The lowest `bits` bits of index in reverse order. */
export function reverseBits(index: number, bits: number): number {
  let result = 0
  for (let i = 0; i < bits; i++) result |= ((index >>> i) & 1) << (bits - 1 - i)
  return result >>> 0
}

/** Row `index` of an evaluation domain of 2^log points in bit-reversed order: 7 w^rev(index). */
export function domainPoint(index: number, log: number): bigint {
  return (GENERATOR * power(rootOfUnity(log), BigInt(reverseBits(index, log)))) % P
}

/** The logarithm of the smallest power of two that is at least n. */
export function ceilLog2(n: number): number {
  let log = 0
  while (2 ** log < n) log++
  return log
}

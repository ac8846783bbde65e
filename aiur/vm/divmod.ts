/** Division hints on big naturals that lie in memory as chains of limbs. */

import { ExecutionError } from './error.js'
import { toBigInt } from './goldilocks.js'
import type { TableView } from './table.js'

/** How a chain of limbs lies in memory: node = [0, limb..., next], end = [1, 0, ...]. */
export interface ChainShape {
  /** Elements of a node. */
  size: number
  /** Bits of one element of the limb; all elements of a limb are little-endian. */
  elementBits: number
}

/** The chains of unconstrainedBigUintDivMod. */
export const BYTE_CHAINS: ChainShape = { size: 10, elementBits: 8 }
/** The chains of unconstrainedLimbsDivMod. */
export const WORD_CHAINS: ChainShape = { size: 3, elementBits: 32 }

/**
 * Pointers of quotient and remainder of the chains at pointers a and b (low, high words); dividing by zero gives
 * (0, a). `place` gives the pointer of a node: an execution stores it with multiplicity 0 when it is missing.
 *
 * @throws ExecutionError when a pointer leads to no chain
 */
export function divideChains(
  shape: ChainShape,
  memory: TableView,
  place: (node: Uint32Array) => number,
  alo: number,
  ahi: number,
  blo: number,
  bhi: number,
): [number, number] {
  const a = readChain(memory, shape, alo, ahi)
  const b = readChain(memory, shape, blo, bhi)
  const [q, r] = b === 0n ? [0n, a] : [a / b, a % b]
  return [placeChain(place, shape, q), placeChain(place, shape, r)]
}

function readChain(memory: TableView, shape: ChainShape, lo: number, hi: number): bigint {
  const digits = shape.elementBits / 4
  const limbs: string[] = []
  let pointer = hi === 0 ? lo : -1
  for (;;) {
    if (pointer < 0 || pointer >= memory.count)
      throw new ExecutionError('badLimbChain', 'a limb chain of a division leads outside the memory')
    if (limbs.length > memory.count * (shape.size - 2))
      throw new ExecutionError('badLimbChain', 'a limb chain of a division is cyclic')
    const tag = toBigInt(memory.word(pointer, 0), memory.word(pointer, 1))
    if (tag === 1n) break
    if (tag !== 0n)
      throw new ExecutionError('badLimbChain', 'a limb chain of a division has a node of an unknown kind')
    for (let i = 1; i < shape.size - 1; i++) {
      const element = toBigInt(memory.word(pointer, 2 * i), memory.word(pointer, 2 * i + 1))
      if (element >> BigInt(shape.elementBits) !== 0n)
        throw new ExecutionError('badLimbChain', `limb element ${element} exceeds ${shape.elementBits} bits`)
      limbs.push(element.toString(16).padStart(digits, '0'))
    }
    const next = 2 * (shape.size - 1)
    pointer = memory.word(pointer, next + 1) === 0 ? memory.word(pointer, next) : -1
  }
  return limbs.length === 0 ? 0n : BigInt(`0x${limbs.reverse().join('')}`)
}

function placeChain(place: (node: Uint32Array) => number, shape: ChainShape, value: bigint): number {
  const elements = shape.size - 2
  const digits = shape.elementBits / 4
  const limbDigits = digits * elements
  const words = new Uint32Array(2 * shape.size)
  words[0] = 1
  let pointer = place(words)
  if (value === 0n) return pointer
  let text = value.toString(16)
  text = text.padStart(Math.ceil(text.length / limbDigits) * limbDigits, '0')
  words[0] = 0
  // The most significant limb comes first in the text and last in the chain.
  for (let at = 0; at < text.length; at += limbDigits) {
    for (let i = 0; i < elements; i++) {
      const end = at + limbDigits - i * digits
      words[2 * (i + 1)] = Number.parseInt(text.slice(end - digits, end), 16)
    }
    words[2 * (shape.size - 1)] = pointer
    pointer = place(words)
  }
  return pointer
}

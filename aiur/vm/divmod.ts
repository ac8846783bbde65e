/** Division hints on big naturals that lie in memory as chains of limbs. */

import { ExecutionError } from './error.js'
import { toBigInt } from './goldilocks.js'
import type { ExecutionRecord } from './record.js'
import type { RowTable } from './table.js'

/** How a chain of limbs lies in memory: node = [0, limb..., next], end = [1, 0, ...]. */
interface ChainShape {
  /** Elements of a node. */
  size: number
  /** Bits of one element of the limb; all elements of a limb are little-endian. */
  elementBits: number
}

const BYTES: ChainShape = { size: 10, elementBits: 8 }
const WORDS: ChainShape = { size: 3, elementBits: 32 }

export function bigUintDivMod(
  record: ExecutionRecord,
  alo: number,
  ahi: number,
  blo: number,
  bhi: number,
): [number, number] {
  return divMod(record, BYTES, alo, ahi, blo, bhi)
}

export function limbsDivMod(
  record: ExecutionRecord,
  alo: number,
  ahi: number,
  blo: number,
  bhi: number,
): [number, number] {
  return divMod(record, WORDS, alo, ahi, blo, bhi)
}

/** Quotient and remainder as new chains (missing nodes get multiplicity 0); dividing by zero gives (0, a). */
function divMod(
  record: ExecutionRecord,
  shape: ChainShape,
  alo: number,
  ahi: number,
  blo: number,
  bhi: number,
): [number, number] {
  const memory = record.program.memorySizes.includes(shape.size) ? record.memory(shape.size) : undefined
  if (memory === undefined)
    throw new ExecutionError('invalidMemorySize', `division hint without memory[${shape.size}]`)
  const a = readChain(memory, shape, alo, ahi)
  const b = readChain(memory, shape, blo, bhi)
  const [q, r] = b === 0n ? [0n, a] : [a / b, a % b]
  return [writeChain(memory, shape, q), writeChain(memory, shape, r)]
}

function readChain(memory: RowTable, shape: ChainShape, lo: number, hi: number): bigint {
  const digits = shape.elementBits / 4
  const limbs: string[] = []
  let pointer = hi === 0 ? lo : -1
  for (;;) {
    if (pointer < 0 || pointer >= memory.count)
      throw new ExecutionError('badLimbChain', 'a limb chain of a division leads outside the memory')
    if (limbs.length > memory.count * (shape.size - 2))
      throw new ExecutionError('badLimbChain', 'a limb chain of a division is cyclic')
    const base = pointer * memory.strideWords
    const { values } = memory
    if (values[base] === 1 && values[base + 1] === 0) break
    if (values[base] !== 0 || values[base + 1] !== 0)
      throw new ExecutionError('badLimbChain', 'a limb chain of a division has a node of an unknown kind')
    for (let i = 1; i < shape.size - 1; i++) {
      const element = toBigInt(values[base + 2 * i]!, values[base + 2 * i + 1]!)
      if (element >> BigInt(shape.elementBits) !== 0n)
        throw new ExecutionError('badLimbChain', `limb element ${element} exceeds ${shape.elementBits} bits`)
      limbs.push(element.toString(16).padStart(digits, '0'))
    }
    const next = base + 2 * (shape.size - 1)
    pointer = values[next + 1] === 0 ? values[next]! : -1
  }
  return limbs.length === 0 ? 0n : BigInt(`0x${limbs.reverse().join('')}`)
}

function writeChain(memory: RowTable, shape: ChainShape, value: bigint): number {
  const elements = shape.size - 2
  const digits = shape.elementBits / 4
  const limbDigits = digits * elements
  const words = new Uint32Array(2 * shape.size)
  words[0] = 1
  let pointer = memory.intern(words, 0)
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
    pointer = memory.intern(words, 0)
  }
  return pointer
}

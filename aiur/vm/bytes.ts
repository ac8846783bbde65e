/** Values of the byte and nibble operations: the interpreter, the traces and the tables share these definitions. */

import { BYTE_PAIR_RESULTS, type BytePairOp, NIBBLE_PAIR_RESULTS, type NibblePairOp } from '../bytecode.js'

/** Byte operations on pairs, in the order of their numbers in {@link bytePair}. */
export const BYTE_PAIR_OPS = Object.keys(BYTE_PAIR_RESULTS) as BytePairOp[]
export const NIBBLE_PAIR_OPS = Object.keys(NIBBLE_PAIR_RESULTS) as NibblePairOp[]

/** Results of the byte operation with number `op` in {@link BYTE_PAIR_OPS} on bytes a, b. */
export function bytePair(op: number, a: number, b: number, results: Int32Array): void {
  switch (op) {
    case 0: // u8Xor
      results[0] = a ^ b
      break
    case 1: // u8And
      results[0] = a & b
      break
    case 2: // u8Or
      results[0] = a | b
      break
    case 3: // u8LessThan
      results[0] = a < b ? 1 : 0
      break
    case 4: // u8Add: low, carry
      results[0] = (a + b) & 255
      results[1] = (a + b) >> 8
      break
    case 5: // u8Sub: difference, borrow
      results[0] = (a - b) & 255
      results[1] = a < b ? 1 : 0
      break
    case 6: // u8Mul: low, high
      results[0] = (a * b) & 255
      results[1] = (a * b) >> 8
      break
    case 7: // u8ChainRotr7
      results[0] = (a >> 7) + ((2 * b) & 255)
      results[1] = b >> 7
      results[2] = (2 * a) & 255
      break
    case 8: // u8ChainRotr4
      results[0] = (a >> 4) + ((16 * b) & 255)
      results[1] = b >> 4
      results[2] = (16 * a) & 255
      break
    case 9: // u8XorSplit7
      results[0] = (a ^ b) >> 7
      results[1] = ((a ^ b) << 1) & 255
      break
    case 10: // u8XorSplit4
      results[0] = (a ^ b) >> 4
      results[1] = ((a ^ b) << 4) & 255
      break
    default:
      throw new Error(`no byte operation ${op}`)
  }
}

/** Results of the nibble operation with number `op` in {@link NIBBLE_PAIR_OPS} on nibbles a, b. */
export function nibblePair(op: number, a: number, b: number, results: Int32Array): void {
  const x = a ^ b
  if (op === 0) {
    results[0] = x
  } else {
    results[0] = x >> 3
    results[1] = (x << 1) & 15
  }
}

/**
 * Channel numbers: the first element of every message, a constant at each use. They start at 1, so the message
 * of zeros belongs to nobody.
 *
 * Messages are compared by a random linear form, which does not see trailing zeros. That is harmless because
 * every message fixes its own length in its first elements: a function message by the function's index (arity
 * of inputs, outputs and rank are the function's), a memory message by its size, all others by the channel.
 * Two messages that agree up to trailing zeros agree there, so they have the same length and are equal.
 */

import { BYTE_PAIR_OPS, NIBBLE_PAIR_OPS } from '../vm/bytes.js'

export const CHANNEL = {
  /** function index, inputs, outputs, rank if ranked */
  function: 1,
  /** size, pointer, values */
  memory: 2,
  /** x, eight bits from the least significant */
  bitDecomposition: 3,
  /** x, 2 x mod 256 */
  shiftLeft: 4,
  /** x, floor(x / 2) */
  shiftRight: 5,
  /** a, b, each below 256 */
  byteRange: 6,
  /** a, b, each below 16 */
  nibbleRange: 7,
  /** x below 2^32 */
  range32: 8,
  /** x, y, each below 2^32: differences of ranks */
  rankDifferences: 9,
  /** First of the byte operations, in the order of BYTE_PAIR_OPS: a, b, results (carry and borrow omitted). */
  bytePair: 10,
  /** First of the nibble operations: a, b, results. */
  nibblePair: 10 + BYTE_PAIR_OPS.length,
} as const

const NAMES = new Map<number, string>([
  ...Object.entries(CHANNEL).map(([name, channel]): [number, string] => [channel, name]),
  ...BYTE_PAIR_OPS.map((name, i): [number, string] => [CHANNEL.bytePair + i, name]),
  ...NIBBLE_PAIR_OPS.map((name, i): [number, string] => [CHANNEL.nibblePair + i, name]),
])

export function channelName(channel: number): string {
  return NAMES.get(channel) ?? `channel ${channel}`
}

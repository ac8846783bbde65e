/** The gadget circuits that are preprocessed tables over all operands. All other gadgets rest on that of the nibble pairs. */

import { BYTE_PAIR_RESULTS } from '../bytecode.js'
import { BYTE_PAIR_OPS, bytePair, nibblePair } from '../vm/bytes.js'
import { CHANNEL } from './channels.js'
import { type Circuit, CircuitBuilder, type FixedTable } from './circuit.js'
import { ExpressionBuilder } from './expression.js'

/** Number of the byte range check among the operations on byte pairs. */
export const BYTE_RANGE = BYTE_PAIR_OPS.length

/** Numbers of the operations on nibble pairs. */
export const NIBBLE_XOR = 0
export const NIBBLE_SPLIT = 1
export const NIBBLE_RANGE = 2

/** A preprocessed table: row r provides operation i with column i as its multiplicity. */
export interface TableGadget {
  circuit: Circuit
}

function fixedTable(width: number, height: number, row: (r: number) => number[]): FixedTable {
  // Who prices a table does not read it.
  let values: Uint32Array | undefined
  return {
    width,
    height,
    get values() {
      if (values === undefined) {
        values = new Uint32Array(width * height)
        for (let r = 0; r < height; r++) values.set(row(r), r * width)
      }
      return values
    },
  }
}

/** A table that provides messages made of its preprocessed columns. */
function table(
  name: string,
  fixed: FixedTable,
  messages: { channel: number; columns: number[]; label: string }[],
): TableGadget {
  const e = new ExpressionBuilder()
  const builder = new CircuitBuilder(e)
  for (const { channel, columns, label } of messages) {
    const multiplicity = builder.column(`multiplicity of ${label}`)
    builder.lookup(e.sub(e.zero, multiplicity), [e.constant(channel), ...columns.map(c => e.fixed(c))], label)
  }
  return { circuit: builder.finish(name, 'gadget', 1, fixed) }
}

/** All pairs of nibbles: x, y, x xor y, its top bit, its lower bits doubled. */
export function nibbleTable(): TableGadget {
  const results = new Int32Array(8)
  const fixed = fixedTable(5, 256, r => {
    nibblePair(1, r >> 4, r & 15, results)
    return [r >> 4, r & 15, (r >> 4) ^ (r & 15), results[0]!, results[1]!]
  })
  return table('Nibbles', fixed, [
    { channel: CHANNEL.nibblePair + NIBBLE_XOR, columns: [0, 1, 2], label: 'u4_xor' },
    { channel: CHANNEL.nibblePair + NIBBLE_SPLIT, columns: [0, 1, 3, 4], label: 'u4_xor_split3' },
    { channel: CHANNEL.nibbleRange, columns: [0, 1], label: 'u4_range_check' },
  ])
}

/** All bytes: x, eight bits, x << 1, x >> 1. */
export function byteTable(): TableGadget {
  const fixed = fixedTable(11, 256, x => [
    x,
    ...[0, 1, 2, 3, 4, 5, 6, 7].map(i => (x >> i) & 1),
    (2 * x) & 255,
    x >> 1,
  ])
  return table('Bytes1', fixed, [
    {
      channel: CHANNEL.bitDecomposition,
      columns: [0, 1, 2, 3, 4, 5, 6, 7, 8],
      label: 'u8_bit_decomposition',
    },
    { channel: CHANNEL.shiftLeft, columns: [0, 9], label: 'u8_shift_left' },
    { channel: CHANNEL.shiftRight, columns: [0, 10], label: 'u8_shift_right' },
  ])
}

/** Results that the message of a byte operation carries: carry and borrow are expressions of the caller. */
function messageResults(operation: number): number {
  if (operation === BYTE_RANGE) return 0
  const name = BYTE_PAIR_OPS[operation]!
  return name === 'u8Add' || name === 'u8Sub' ? 1 : BYTE_PAIR_RESULTS[name]
}

/** Name of an operation on byte pairs and of its circuit with a row per pair. */
export function bytePairName(operation: number): string {
  return operation === BYTE_RANGE ? 'u8RangeCheck' : BYTE_PAIR_OPS[operation]!
}

/** Name of the table of an operation on byte pairs. */
export function bytePairTableName(operation: number): string {
  return `${bytePairName(operation)} (table)`
}

export function bytePairChannel(operation: number): number {
  return operation === BYTE_RANGE ? CHANNEL.byteRange : CHANNEL.bytePair + operation
}

/** One byte operation over all 65,536 pairs. */
export function bytePairTable(operation: number): TableGadget {
  const count = messageResults(operation)
  const results = new Int32Array(8)
  const fixed = fixedTable(2 + count, 65536, r => {
    if (count > 0) bytePair(operation, r >> 8, r & 255, results)
    return [r >> 8, r & 255, ...results.subarray(0, count)]
  })
  const name = bytePairName(operation)
  const columns = Array.from({ length: 2 + count }, (_, i) => i)
  return table(bytePairTableName(operation), fixed, [
    { channel: bytePairChannel(operation), columns, label: name },
  ])
}

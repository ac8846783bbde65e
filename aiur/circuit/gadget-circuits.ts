/**
 * The gadget circuits with one row per distinct operand: they prove their result from nibbles and so cost what is
 * used.
 */

import type { BytePairOp } from '../bytecode.js'
import { BYTE_PAIR_OPS } from '../vm/bytes.js'
import { CHANNEL } from './channels.js'
import { type Circuit, CircuitBuilder } from './circuit.js'
import { type Expression, ExpressionBuilder } from './expression.js'
import { BYTE_RANGE, bytePairChannel, NIBBLE_RANGE, NIBBLE_SPLIT, NIBBLE_XOR } from './gadget-tables.js'

/** What a row of a gadget looks up in turn. Nibble operations: 0 xor, 1 xor-split, 2 range check. */
export interface Demands {
  nibbles(operation: number, a: number, b: number): void
  range32(x: number): void
}

/** A circuit with one row per distinct pair of operands. */
export interface OnDemandGadget {
  circuit: Circuit
  /**
   * Writes the columns after `active` and `multiplicity` for operands (a, b) into `row` from `at` on and reports
   * the lookups of the row.
   */
  fill(a: number, b: number, row: Float64Array, at: number, demands: Demands): void
}

/** Columns and lookups of an on-demand circuit; each helper also tells how to fill its columns. */
class GadgetBuilder {
  readonly e = new ExpressionBuilder()
  readonly builder = new CircuitBuilder(this.e)
  readonly active = this.builder.column('active')
  readonly multiplicity = this.builder.column('multiplicity')
  private readonly demands: { channel: number; message: Expression[]; label: string }[] = []

  constructor() {
    const { e, builder } = this
    builder.constrain(e.boolean(this.active), 'active is boolean')
    builder.constrain(
      e.mul(this.multiplicity, e.sub(e.one, this.active)),
      'multiplicity of an inactive row is zero',
    )
  }

  /** Low and high nibble of a byte, and the byte. */
  byte(name: string): { low: Expression; high: Expression; value: Expression } {
    const low = this.builder.column(`${name} low nibble`)
    const high = this.builder.column(`${name} high nibble`)
    return { low, high, value: this.e.pack([low, high], 16) }
  }

  demand(channel: number, message: Expression[], label: string): void {
    this.demands.push({ channel, message, label })
  }

  nibbleRange(x: Expression, y: Expression): void {
    this.demand(CHANNEL.nibbleRange, [x, y], 'range of nibbles')
  }

  nibbleXor(x: Expression, y: Expression, result: Expression): void {
    this.demand(CHANNEL.nibblePair + NIBBLE_XOR, [x, y, result], 'xor of nibbles')
  }

  nibbleSplit(x: Expression, y: Expression, top: Expression, doubled: Expression): void {
    this.demand(CHANNEL.nibblePair + NIBBLE_SPLIT, [x, y, top, doubled], 'xor of nibbles, split')
  }

  finish(name: string, channel: number, provided: Expression[]): Circuit {
    const { e, builder } = this
    builder.lookup(e.sub(e.zero, this.multiplicity), [e.constant(channel), ...provided], name)
    for (const { channel: c, message, label } of this.demands)
      builder.lookup(this.active, [e.constant(c), ...message], label)
    // Grouping by two raises the quotient degree to 2, which pays from four lookups on.
    return builder.finish(name, 'gadget', builder.lookups.length >= 4 ? 2 : 1)
  }
}

/** Low, high nibbles of a and b. */
function fillNibbles(row: Float64Array, at: number, ...bytes: number[]): void {
  bytes.forEach((x, i) => {
    row[at + 2 * i] = x & 15
    row[at + 2 * i + 1] = x >> 4
  })
}

/** xor, and, or and the split by 4: the nibbles of a, b and a xor b. */
function bitwise(operation: number): OnDemandGadget {
  const g = new GadgetBuilder()
  const { e } = g
  const [a, b, x] = [g.byte('a'), g.byte('b'), g.byte('xor')]
  g.nibbleXor(a.low, b.low, x.low)
  g.nibbleXor(a.high, b.high, x.high)
  const half = (v: Expression) => e.scale(v, (1n << 191n) % 0xffffffff00000001n)
  const results: Partial<Record<BytePairOp, () => Expression[]>> = {
    u8Xor: () => [x.value],
    u8And: () => [half(e.sub(e.add(a.value, b.value), x.value))],
    u8Or: () => [half(e.add(e.add(a.value, b.value), x.value))],
    u8XorSplit4: () => [x.high, e.scale(x.low, 16)],
  }
  const name = BYTE_PAIR_OPS[operation]!
  return {
    circuit: g.finish(name, bytePairChannel(operation), [a.value, b.value, ...results[name]!()]),
    fill(p, q, row, at, demands) {
      fillNibbles(row, at, p, q, p ^ q)
      demands.nibbles(NIBBLE_XOR, p & 15, q & 15)
      demands.nibbles(NIBBLE_XOR, p >> 4, q >> 4)
    },
  }
}

/** x = a xor b: (x >> 7, 2 x mod 256), from the split of the high nibble. */
function xorSplit7(operation: number): OnDemandGadget {
  const g = new GadgetBuilder()
  const { e } = g
  const [a, b] = [g.byte('a'), g.byte('b')]
  const low = g.builder.column('xor low nibble')
  const top = g.builder.column('top bit')
  const doubled = g.builder.column('lower bits of the high nibble, doubled')
  g.nibbleXor(a.low, b.low, low)
  g.nibbleSplit(a.high, b.high, top, doubled)
  const shifted = e.add(e.scale(doubled, 16), e.scale(low, 2))
  return {
    circuit: g.finish('u8XorSplit7', bytePairChannel(operation), [a.value, b.value, top, shifted]),
    fill(p, q, row, at, demands) {
      const x = p ^ q
      fillNibbles(row, at, p, q)
      row[at + 4] = x & 15
      row[at + 5] = x >> 7
      row[at + 6] = (x >> 3) & 14
      demands.nibbles(NIBBLE_XOR, p & 15, q & 15)
      demands.nibbles(NIBBLE_SPLIT, p >> 4, q >> 4)
    },
  }
}

/** Sum, difference and comparison: a third byte and a carry that is 0 or 1. */
function carrying(operation: number): OnDemandGadget {
  const g = new GadgetBuilder()
  const { e } = g
  const name = BYTE_PAIR_OPS[operation]!
  const [a, b, low] = [g.byte('a'), g.byte('b'), g.byte('low')]
  for (const x of [a, b, low]) g.nibbleRange(x.low, x.high)
  const overflow =
    name === 'u8Add' ? e.sub(e.add(a.value, b.value), low.value) : e.sub(e.add(low.value, b.value), a.value)
  const carry = e.scale(overflow, (1n << 184n) % 0xffffffff00000001n)
  g.builder.constrain(e.boolean(carry), 'carry is boolean')
  const result = name === 'u8LessThan' ? carry : low.value
  return {
    circuit: g.finish(name, bytePairChannel(operation), [a.value, b.value, result]),
    fill(p, q, row, at, demands) {
      const byte = (name === 'u8Add' ? p + q : p - q) & 255
      fillNibbles(row, at, p, q, byte)
      for (const x of [p, q, byte]) demands.nibbles(NIBBLE_RANGE, x & 15, x >> 4)
    },
  }
}

function product(operation: number): OnDemandGadget {
  const g = new GadgetBuilder()
  const { e } = g
  const [a, b, low, high] = [g.byte('a'), g.byte('b'), g.byte('low'), g.byte('high')]
  for (const x of [a, b, low, high]) g.nibbleRange(x.low, x.high)
  g.builder.constrain(
    e.sub(e.mul(a.value, b.value), e.pack([low.value, high.value], 256)),
    'product of the operands',
  )
  return {
    circuit: g.finish('u8Mul', bytePairChannel(operation), [a.value, b.value, low.value, high.value]),
    fill(p, q, row, at, demands) {
      const bytes = [p, q, (p * q) & 255, (p * q) >> 8]
      fillNibbles(row, at, ...bytes)
      for (const x of bytes) demands.nibbles(NIBBLE_RANGE, x & 15, x >> 4)
    },
  }
}

function byteRange(): OnDemandGadget {
  const g = new GadgetBuilder()
  const [a, b] = [g.byte('a'), g.byte('b')]
  for (const x of [a, b]) g.nibbleRange(x.low, x.high)
  return {
    circuit: g.finish('u8RangeCheck', CHANNEL.byteRange, [a.value, b.value]),
    fill(p, q, row, at, demands) {
      fillNibbles(row, at, p, q)
      for (const x of [p, q]) demands.nibbles(NIBBLE_RANGE, x & 15, x >> 4)
    },
  }
}

/** (floor(a / 16) + (16 b mod 256), floor(b / 16), 16 a mod 256) */
function chainRotate4(operation: number): OnDemandGadget {
  const g = new GadgetBuilder()
  const { e } = g
  const [a, b] = [g.byte('a'), g.byte('b')]
  for (const x of [a, b]) g.nibbleRange(x.low, x.high)
  const results = [e.add(a.high, e.scale(b.low, 16)), b.high, e.scale(a.low, 16)]
  return {
    circuit: g.finish('u8ChainRotr4', bytePairChannel(operation), [a.value, b.value, ...results]),
    fill(p, q, row, at, demands) {
      fillNibbles(row, at, p, q)
      for (const x of [p, q]) demands.nibbles(NIBBLE_RANGE, x & 15, x >> 4)
    },
  }
}

/** (floor(a / 128) + (2 b mod 256), floor(b / 128), 2 a mod 256) */
function chainRotate7(operation: number): OnDemandGadget {
  const g = new GadgetBuilder()
  const { e } = g
  const [a, b] = [g.byte('a'), g.byte('b')]
  const column = (name: string) => g.builder.column(name)
  const topA = column('a top bit')
  const doubledA = column('a lower bits of the high nibble, doubled')
  const topB = column('b top bit')
  const doubledB = column('b lower bits of the high nibble, doubled')
  g.nibbleRange(a.low, b.low)
  g.nibbleSplit(a.high, e.zero, topA, doubledA)
  g.nibbleSplit(b.high, e.zero, topB, doubledB)
  const twice = (low: Expression, doubled: Expression) => e.add(e.scale(doubled, 16), e.scale(low, 2))
  const results = [e.add(topA, twice(b.low, doubledB)), topB, twice(a.low, doubledA)]
  return {
    circuit: g.finish('u8ChainRotr7', bytePairChannel(operation), [a.value, b.value, ...results]),
    fill(p, q, row, at, demands) {
      fillNibbles(row, at, p, q)
      row[at + 4] = p >> 7
      row[at + 5] = (p >> 3) & 14
      row[at + 6] = q >> 7
      row[at + 7] = (q >> 3) & 14
      demands.nibbles(NIBBLE_RANGE, p & 15, q & 15)
      demands.nibbles(NIBBLE_SPLIT, p >> 4, 0)
      demands.nibbles(NIBBLE_SPLIT, q >> 4, 0)
    },
  }
}

/** The operation on byte pairs with one row per pair in use. */
export function bytePairOnDemand(operation: number): OnDemandGadget {
  if (operation === BYTE_RANGE) return byteRange()
  switch (BYTE_PAIR_OPS[operation]!) {
    case 'u8Xor':
    case 'u8And':
    case 'u8Or':
    case 'u8XorSplit4':
      return bitwise(operation)
    case 'u8XorSplit7':
      return xorSplit7(operation)
    case 'u8Add':
    case 'u8Sub':
    case 'u8LessThan':
      return carrying(operation)
    case 'u8Mul':
      return product(operation)
    case 'u8ChainRotr4':
      return chainRotate4(operation)
    case 'u8ChainRotr7':
      return chainRotate7(operation)
  }
}

/** Numbers below 2^32 as eight nibbles; the second operand of `fill` is unused. */
export function range32(): OnDemandGadget {
  const g = new GadgetBuilder()
  const nibbles = Array.from({ length: 8 }, (_, i) => g.builder.column(`nibble ${i}`))
  for (let i = 0; i < 8; i += 2) g.nibbleRange(nibbles[i]!, nibbles[i + 1]!)
  return {
    circuit: g.finish('Range32', CHANNEL.range32, [g.e.pack(nibbles, 16)]),
    fill(x, _, row, at, demands) {
      for (let i = 0; i < 8; i++) row[at + i] = (x >>> (4 * i)) & 15
      for (let i = 0; i < 8; i += 2) demands.nibbles(NIBBLE_RANGE, row[at + i]!, row[at + i + 1]!)
    },
  }
}

/** Pairs of rank differences, both below 2^32. */
export function rankDifferences(): OnDemandGadget {
  const g = new GadgetBuilder()
  const [x, y] = [g.builder.column('x'), g.builder.column('y')]
  g.demand(CHANNEL.range32, [x], 'x below 2^32')
  g.demand(CHANNEL.range32, [y], 'y below 2^32')
  return {
    circuit: g.finish('RankDifferences', CHANNEL.rankDifferences, [x, y]),
    fill(p, q, row, at, demands) {
      row[at] = p
      row[at + 1] = q
      demands.range32(p)
      demands.range32(q)
    },
  }
}

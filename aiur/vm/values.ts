/** How many values each op appends to the list of its activation. */

import { type Block, BYTE_PAIR_RESULTS, NIBBLE_PAIR_RESULTS, type Op, type Value } from '../bytecode.js'

const FIXED: Record<string, number> = {
  ...BYTE_PAIR_RESULTS,
  ...NIBBLE_PAIR_RESULTS,
  const: 1,
  add: 1,
  sub: 1,
  mul: 1,
  eqZero: 1,
  store: 1,
  assertEq: 0,
  ioGetInfo: 2,
  ioSetInfo: 0,
  ioWrite: 0,
  u8BitDecomposition: 8,
  u8ShiftLeft: 1,
  u8ShiftRight: 1,
  u8RangeCheck: 0,
  u4RangeCheck: 0,
  u32RangeCheck: 0,
  u32LessThan: 1,
  unconstrainedU32Add: 5,
  unconstrainedU32Add3: 5,
  u32ToField: 1,
  unconstrainedGToBytes: 8,
  unconstrainedGInverse: 1,
  unconstrainedBigUintDivMod: 2,
  unconstrainedLimbsDivMod: 2,
  debug: 0,
}

export function resultCount(op: Op): number {
  if (op.op === 'call') return op.outputSize
  if (op.op === 'load') return op.size
  if (op.op === 'ioRead') return op.len
  return FIXED[op.op]!
}

/** Longest value list of any path. */
export function longestList(block: Block, start: number): number {
  let length = start
  for (const op of block.ops) length += resultCount(op)
  const { control } = block
  if (control.control !== 'match' && control.control !== 'matchContinue') return length
  let longest = length
  for (const c of control.cases) longest = Math.max(longest, longestList(c.block, length))
  if (control.default !== null) longest = Math.max(longest, longestList(control.default, length))
  if (control.control === 'matchContinue')
    longest = Math.max(longest, longestList(control.continuation, length + control.outputSize))
  return longest
}

/** Values that an op reads. */
export function operandsOf(op: Op): readonly Value[] {
  switch (op.op) {
    case 'const':
      return []
    case 'call':
      return op.args
    case 'store':
      return op.values
    case 'load':
      return [op.ptr]
    case 'assertEq':
      return [...op.xs, ...op.ys]
    case 'ioGetInfo':
      return [op.channel, ...op.key]
    case 'ioSetInfo':
      return [op.channel, ...op.key, op.idx, op.len]
    case 'ioRead':
      return [op.channel, op.idx]
    case 'ioWrite':
      return [op.channel, ...op.data]
    case 'unconstrainedU32Add':
      return [...op.a, ...op.b]
    case 'unconstrainedU32Add3':
      return [...op.a, ...op.b, ...op.c]
    case 'u32ToField':
      return op.bytes
    case 'debug':
      return op.values ?? []
    case 'eqZero':
    case 'u8BitDecomposition':
    case 'u8ShiftLeft':
    case 'u8ShiftRight':
    case 'u32RangeCheck':
    case 'unconstrainedGToBytes':
    case 'unconstrainedGInverse':
      return [op.a]
    default:
      return [op.a, op.b]
  }
}

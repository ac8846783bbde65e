import type { Op, Value } from '../bytecode.js'
import type { Builtin } from './builtins.js'

/** Builtins that are one op on single values `a`, `b`. */
const UNARY = {
  eq_zero: 'eqZero',
  u8_bit_decomposition: 'u8BitDecomposition',
  u8_shift_left: 'u8ShiftLeft',
  u8_shift_right: 'u8ShiftRight',
  unconstrained_g_to_bytes: 'unconstrainedGToBytes',
  unconstrained_g_inverse: 'unconstrainedGInverse',
} as const

const BINARY = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  u8_xor: 'u8Xor',
  u8_and: 'u8And',
  u8_or: 'u8Or',
  u8_add: 'u8Add',
  u8_sub: 'u8Sub',
  u8_mul: 'u8Mul',
  u8_less_than: 'u8LessThan',
  u8_chain_rotr7: 'u8ChainRotr7',
  u8_chain_rotr4: 'u8ChainRotr4',
  u8_xor_split7: 'u8XorSplit7',
  u8_xor_split4: 'u8XorSplit4',
  u32_less_than: 'u32LessThan',
  u4_xor: 'u4Xor',
  u4_xor_split3: 'u4XorSplit3',
  unconstrained_big_uint_div_mod: 'unconstrainedBigUintDivMod',
  unconstrained_limbs_div_mod: 'unconstrainedLimbsDivMod',
} as const

function isIn<T extends object>(table: T, name: PropertyKey): name is keyof T {
  return Object.hasOwn(table, name)
}

/** Emits the op of a builtin on flattened operands; `size` is the flat size of its result. */
export function lowerBuiltin(
  name: Builtin,
  operands: Value[][],
  size: number,
  label: string | undefined,
  emit: (op: Op, results: number) => Value[],
): Value[] {
  const all = (i: number): Value[] => operands[i] ?? []
  const one = (i: number): Value => all(i)[0]!
  if (isIn(UNARY, name)) return emit({ op: UNARY[name], a: one(0) }, size)
  if (isIn(BINARY, name)) return emit({ op: BINARY[name], a: one(0), b: one(1) }, size)
  switch (name) {
    case 'to_field':
    case 'u8_from_field_unsafe':
    case 'ptr_val':
      return all(0)
    case 'u8_range_check':
    case 'u4_range_check':
      emit({ op: name === 'u8_range_check' ? 'u8RangeCheck' : 'u4RangeCheck', a: one(0), b: one(1) }, 0)
      return [one(0), one(1)]
    case 'u32_range_check':
      emit({ op: 'u32RangeCheck', a: one(0) }, 0)
      return all(0)
    case 'unconstrained_u32_add':
      return emit({ op: 'unconstrainedU32Add', a: all(0), b: all(1) }, size)
    case 'unconstrained_u32_add3':
      return emit({ op: 'unconstrainedU32Add3', a: all(0), b: all(1), c: all(2) }, size)
    case 'u32_to_field':
      return emit({ op: 'u32ToField', bytes: all(0) }, size)
    case 'store':
      return emit({ op: 'store', values: all(0) }, 1)
    case 'load':
      return emit({ op: 'load', size, ptr: one(0) }, size)
    case 'io_get_info':
      return emit({ op: 'ioGetInfo', channel: one(0), key: all(1) }, 2)
    case 'io_set_info':
      return emit({ op: 'ioSetInfo', channel: one(0), key: all(1), idx: one(2), len: one(3) }, 0)
    case 'io_read':
      return emit({ op: 'ioRead', channel: one(0), idx: one(1), len: size }, size)
    case 'io_write':
      return emit({ op: 'ioWrite', channel: one(0), data: all(1) }, 0)
    case 'assert_eq!':
      return emit(
        { op: 'assertEq', xs: all(0), ys: all(1), ...(label === undefined ? {} : { message: label }) },
        0,
      )
    case 'dbg!':
      return emit(
        { op: 'debug', label: label ?? '', ...(operands.length === 0 ? {} : { values: all(0) }) },
        0,
      )
  }
}

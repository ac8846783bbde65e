import { array, G, type Type, tuple, U8 } from './types.js'

/** A builtin whose operands and results have fixed types. */
export interface Signature {
  params: readonly Type[]
  result: Type
}

const BYTES_4 = array(U8, 4)
const pair = (a: Type, b: Type, result: Type): Signature => ({ params: [a, b], result })
const one = (a: Type, result: Type): Signature => ({ params: [a], result })

/** Builtins of fixed type, by their name in a source. The operators are `+`, `-` and `*`. */
export const SIGNATURES = {
  '+': pair(G, G, G),
  '-': pair(G, G, G),
  '*': pair(G, G, G),
  eq_zero: one(G, G),
  to_field: one(U8, G),
  u8_from_field_unsafe: one(G, U8),
  u8_range_check: pair(G, G, tuple(U8, U8)),
  u8_bit_decomposition: one(U8, array(G, 8)),
  u8_shift_left: one(U8, U8),
  u8_shift_right: one(U8, U8),
  u8_xor: pair(U8, U8, U8),
  u8_and: pair(U8, U8, U8),
  u8_or: pair(U8, U8, U8),
  u8_add: pair(U8, U8, tuple(U8, U8)),
  u8_sub: pair(U8, U8, tuple(U8, U8)),
  u8_mul: pair(U8, U8, tuple(U8, U8)),
  u8_less_than: pair(U8, U8, G),
  u8_chain_rotr7: pair(U8, U8, tuple(U8, U8, U8)),
  u8_chain_rotr4: pair(U8, U8, tuple(U8, U8, U8)),
  u8_xor_split7: pair(U8, U8, tuple(U8, U8)),
  u8_xor_split4: pair(U8, U8, tuple(U8, U8)),
  u32_less_than: pair(G, G, G),
  u4_xor: pair(G, G, G),
  u4_xor_split3: pair(G, G, tuple(G, G)),
  u4_range_check: pair(G, G, tuple(G, G)),
  u32_range_check: one(G, G),
  unconstrained_u32_add: pair(BYTES_4, BYTES_4, tuple(array(G, 4), G)),
  unconstrained_u32_add3: { params: [BYTES_4, BYTES_4, BYTES_4], result: tuple(array(G, 4), G) },
  u32_to_field: one(BYTES_4, G),
  unconstrained_g_to_bytes: one(G, array(G, 8)),
  unconstrained_g_inverse: one(G, G),
} satisfies Record<string, Signature>

/** Builtins whose types depend on their operands. */
export const POLYMORPHIC = {
  store: 1,
  load: 1,
  ptr_val: 1,
  io_get_info: 2,
  io_set_info: 4,
  io_write: 2,
  unconstrained_big_uint_div_mod: 2,
  unconstrained_limbs_div_mod: 2,
} as const

export type FixedBuiltin = keyof typeof SIGNATURES
export type PolymorphicBuiltin = keyof typeof POLYMORPHIC
export type Builtin = FixedBuiltin | PolymorphicBuiltin | 'assert_eq!' | 'dbg!' | 'io_read'

export function isFixed(name: string): name is FixedBuiltin {
  return Object.hasOwn(SIGNATURES, name)
}

export function isPolymorphic(name: string): name is PolymorphicBuiltin {
  return Object.hasOwn(POLYMORPHIC, name)
}

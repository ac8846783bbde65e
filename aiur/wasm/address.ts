/**
 * Addresses of a linear memory, which have 32 bits or 64. The generated code is the same but for their type.
 *
 * In memory itself addresses stand as numbers of 32-bit words, in 32 bits: those reach over 16 GiB, which is also the
 * most that V8 gives a 64-bit memory, and leave tables and their readers the same for both.
 */

const WASM_PAGE = 65536

/** Pieces of code take their operand from the stack and leave their result there. */
export interface AddressType {
  readonly bits: 32 | 64
  readonly type: 'i32' | 'i64'
  readonly zero: string
  /** Address from a word number, and back. */
  readonly fromWord: string
  readonly toWord: string
  /** Address from an unsigned number of 32 or 64 bits, and back. */
  readonly fromI32: string
  readonly fromI64: string
  readonly toI32: string
  readonly toI64: string
  /** Is the address not 0? */
  readonly nonZero: string
  /** Type of the memory, in the text format. */
  readonly memory: string
  /** Bytes of the largest memory. */
  readonly mostBytes: number
  /** The largest power of two that is a number of bytes. */
  readonly largestBlock: number
  /** The shift of an index (see `hash.ts`) that has no room to double. */
  readonly lastShift: number
}

export const ADDRESSES: { readonly [bits in AddressType['bits']]: AddressType } = {
  32: {
    bits: 32,
    type: 'i32',
    zero: 'i32.const 0',
    fromWord: 'i32.const 2 i32.shl',
    toWord: 'i32.const 2 i32.shr_u',
    fromI32: '',
    fromI64: 'i32.wrap_i64',
    toI32: '',
    toI64: 'i64.extend_i32_u',
    nonZero: '',
    memory: '1 65536 shared',
    mostBytes: 65536 * WASM_PAGE,
    largestBlock: 2 ** 31,
    lastShift: 1,
  },
  64: {
    bits: 64,
    type: 'i64',
    zero: 'i64.const 0',
    fromWord: 'i64.extend_i32_u i64.const 2 i64.shl',
    toWord: 'i64.const 2 i64.shr_u i32.wrap_i64',
    fromI32: 'i64.extend_i32_u',
    fromI64: '',
    toI32: 'i32.wrap_i64',
    toI64: '',
    nonZero: 'i64.const 0 i64.ne',
    memory: 'i64 1 262144 shared',
    mostBytes: 262144 * WASM_PAGE,
    largestBlock: 2 ** 33,
    lastShift: 0,
  },
}

/** (module (memory i64 0 1 shared)) */
const SHARED_64_BIT = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 5, 4, 1, 7, 0, 1)

let found: boolean | undefined

/** Has the runtime 64-bit memories? Node 24 has, Node 20 has not. */
export function hasMemory64(): boolean {
  if (found === undefined) {
    found = WebAssembly.validate(SHARED_64_BIT)
    try {
      if (found) newMemory(64, 0)
    } catch {
      // Some runtimes take such modules and call the type of addresses something else.
      found = false
    }
  }
  return found
}

/** A shared memory; its pages are zero and take no room before they are touched. @throws RangeError */
export function newMemory(bits: AddressType['bits'], bytes: number): WebAssembly.Memory {
  const pages = Math.ceil(bytes / WASM_PAGE)
  if (bits === 32) return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true })
  const initial = BigInt(pages)
  return new WebAssembly.Memory({ initial, maximum: initial, shared: true, address: 'i64' })
}

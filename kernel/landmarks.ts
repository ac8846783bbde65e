/** Functions of the kernel whose calls are about one constant. */
import type { RecordView } from '../aiur/vm/record.js'
import { type Address, addressFromBytes } from '../ixon/address.js'

/** Checks one constant. */
export const CHECK = 'check_const'
/** Hashes and parses the bytes of one constant. */
export const LOAD = 'load_constant'

/** Functions whose first argument is the address of the constant at hand. */
export const LANDMARKS = [CHECK, LOAD, 'visit']

/** Words of an AddrRec: eight of the address, primitive number, context. */
const ADDRESS_RECORD = 10

/** The address behind a pointer of the kernel; undefined where it points to nothing. */
export function addressAt(record: RecordView, pointer: number): Address | undefined {
  const records = record.memory(ADDRESS_RECORD)
  if (pointer >= records.count) return undefined
  const bytes = new Uint8Array(32)
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < 8; i++) view.setUint32(4 * i, records.word(pointer, 2 * i), true)
  return addressFromBytes(bytes)
}

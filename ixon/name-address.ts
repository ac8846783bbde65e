import type { Name } from '../lean/declaration.js'
import { ADDRESS_BYTES, type Address, addressBytes, addressOf, naturalBytes } from './address.js'

const known = new WeakMap<Name, Address>()

/** Recursive hash of a name (ixon.md 3); names are ordered by it wherever the format orders names. */
export function nameAddress(name: Name): Address {
  const path: Name[] = []
  let at = name
  while (at.kind !== 'anonymous' && !known.has(at)) {
    path.push(at)
    at = at.prefix
  }
  let address = known.get(at) ?? ANONYMOUS_ADDRESS
  for (const component of path.reverse()) {
    if (component.kind === 'anonymous') continue
    address = componentAddress(address, component.part)
    known.set(component, address)
  }
  return address
}

/** Address of the name that appends `part` to the name at `prefix`. */
export function componentAddress(prefix: Address, part: string | bigint): Address {
  const payload = typeof part === 'string' ? Buffer.from(part, 'utf8') : naturalBytes(part)
  const bytes = new Uint8Array(1 + ADDRESS_BYTES + payload.length)
  bytes[0] = typeof part === 'string' ? 1 : 2
  bytes.set(addressBytes(prefix), 1)
  bytes.set(payload, 1 + ADDRESS_BYTES)
  return addressOf(bytes)
}

export const ANONYMOUS_ADDRESS: Address = addressOf(Uint8Array.of(0))

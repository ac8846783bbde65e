/** The names section of an `.ixe` file (ixon.md 5.1, section 4). */
import type { Name } from '../lean/declaration.js'
import { ANONYMOUS, type NameTable } from '../lean/name.js'
import { type Address, naturalBytes, naturalFromBytes } from './address.js'
import type { ByteReader, ByteWriter } from './bytes.js'
import { ANONYMOUS_ADDRESS, componentAddress, nameAddress } from './name-address.js'
import { readTag0, writeTag0 } from './tags.js'

const TEXT = new TextDecoder('utf-8', { fatal: true })

/** Numbers names and writes them: anonymous first, then by address, each after its prefixes. */
export class NameWriter {
  readonly #numbers = new Map<Address, number>([[ANONYMOUS_ADDRESS, 0]])
  readonly #order: Name[] = [ANONYMOUS]

  constructor(names: Iterable<Name>) {
    const stored = new Map<Address, Name>()
    for (const name of names) stored.set(nameAddress(name), name)
    for (const [, name] of [...stored].sort((x, y) => (x[0] < y[0] ? -1 : 1))) this.#enter(name)
  }

  #enter(name: Name): void {
    const missing: Name[] = []
    for (let at = name; at.kind !== 'anonymous' && !this.#numbers.has(nameAddress(at)); at = at.prefix)
      missing.push(at)
    for (const component of missing.reverse()) {
      this.#numbers.set(nameAddress(component), this.#order.length)
      this.#order.push(component)
    }
  }

  /** Position of a name in the section. */
  number(name: Name): number {
    const number = this.#numbers.get(nameAddress(name))
    if (number === undefined) throw new RangeError('a name that was not announced')
    return number
  }

  write(writer: ByteWriter): void {
    writeTag0(writer, this.#order.length)
    for (const name of this.#order) {
      writer.address(nameAddress(name))
      if (name.kind === 'anonymous') {
        writer.byte(0)
        continue
      }
      writer.byte(name.kind === 'str' ? 1 : 2)
      writer.address(nameAddress(name.prefix))
      const payload = name.kind === 'str' ? Buffer.from(name.part, 'utf8') : naturalBytes(name.part)
      writeTag0(writer, payload.length)
      writer.bytes(payload)
    }
  }
}

/** Reads one record, checking the name's address. `prefixOf` gives the name at an address. */
export function readName(reader: ByteReader, prefixOf: (address: Address) => Name, table: NameTable): Name {
  const start = reader.position
  const address = reader.address()
  const kind = reader.byte()
  let name: Name = ANONYMOUS
  let computed = ANONYMOUS_ADDRESS
  if (kind !== 0) {
    const parent = reader.address()
    const payload = reader.bytes(readTag0(reader))
    const part = kind === 1 ? decodeText(reader, payload, start) : naturalFromBytes(payload)
    const prefix = prefixOf(parent)
    computed = componentAddress(parent, part)
    name = typeof part === 'string' ? table.str(prefix, part) : table.num(prefix, part)
  }
  if (computed !== address) reader.fail('a name that does not hash to its address', start)
  return name
}

function decodeText(reader: ByteReader, bytes: Uint8Array, start: number): string {
  try {
    return TEXT.decode(bytes)
  } catch {
    return reader.fail('a name component that is not UTF-8', start)
  }
}

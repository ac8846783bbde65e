import { InputError } from '../lean/input-error.js'
import { ADDRESS_BYTES, type Address, addressFromBytes, addressOf } from './address.js'
import type { ByteSource, WindowCursor } from './byte-source.js'
import { readTag0 } from './tags.js'

const MOST_HEADER_BYTES = ADDRESS_BYTES + 9

/**
 * Where the entries of a section of addressed byte strings lie. Entries are numbered in ascending order of their
 * addresses; the number is called rank.
 */
export class WindowIndex {
  readonly count: number
  readonly #addresses: Uint8Array
  readonly #offsets: Float64Array
  readonly #lengths: Uint32Array
  /** 1 once the bytes were found to hash to their address. */
  readonly #checked: Uint8Array

  /** Reads `count { address, length, bytes }` from the cursor, skipping the bytes. */
  constructor(
    readonly source: ByteSource,
    cursor: WindowCursor,
    readonly what: string,
  ) {
    const header = cursor.ahead(9)
    const start = header.position
    this.count = readTag0(header)
    if (this.count > cursor.remaining / (ADDRESS_BYTES + 1))
      header.fail(`${this.count} ${what}s announced, ${cursor.remaining} bytes left`, start)
    const addresses = new Uint8Array(ADDRESS_BYTES * this.count)
    this.#addresses = addresses
    this.#offsets = new Float64Array(this.count)
    this.#lengths = new Uint32Array(this.count)
    this.#checked = new Uint8Array(this.count)
    for (let rank = 0; rank < this.count; rank++) {
      const reader = cursor.ahead(MOST_HEADER_BYTES)
      const at = reader.position
      reader.skip(ADDRESS_BYTES)
      const { data } = reader
      const start = ADDRESS_BYTES * rank
      for (let i = 0; i < ADDRESS_BYTES; i++) addresses[start + i] = data[at + i]!
      // Nearly always decided by the first bytes.
      let i = 0
      if (rank > 0) {
        const before = start - ADDRESS_BYTES
        while (i < ADDRESS_BYTES && addresses[before + i] === addresses[start + i]) i++
        if (i === ADDRESS_BYTES || addresses[before + i]! > addresses[start + i]!)
          reader.fail(`${what} addresses out of order`, at)
      }
      const length = readTag0(reader)
      if (length >= 2 ** 32) reader.fail(`a ${what} of ${length} bytes`, at)
      this.#offsets[rank] = cursor.position
      this.#lengths[rank] = length
      cursor.skip(length)
    }
  }

  address(rank: number): Address {
    return addressFromBytes(this.#addresses, ADDRESS_BYTES * rank)
  }

  /** Position of the entry's bytes in the source. */
  offset(rank: number): number {
    return this.#offsets[rank]!
  }

  /** Length of the entry in bytes. */
  length(rank: number): number {
    return this.#lengths[rank]!
  }

  /** Rank of an address; -1 when it is not there. */
  rank(address: Address): number {
    const key = Buffer.from(address, 'hex')
    if (key.length !== ADDRESS_BYTES) return -1
    let low = 0
    let high = this.count - 1
    while (low <= high) {
      const middle = (low + high) >>> 1
      const order = this.#compare(middle, key, 0)
      if (order === 0) return middle
      if (order < 0) low = middle + 1
      else high = middle - 1
    }
    return -1
  }

  /** The bytes of an entry, hash-checked when read for the first time. */
  bytes(rank: number): Uint8Array {
    const bytes = this.source.read(this.#offsets[rank]!, this.#lengths[rank]!)
    if (this.#checked[rank] === 0) {
      const address = this.address(rank)
      if (addressOf(bytes) !== address)
        throw new InputError(`the ${this.what} ${address} does not hash to its address`, {
          file: this.source.label,
          offset: this.#offsets[rank]!,
        })
      this.#checked[rank] = 1
    }
    return bytes
  }

  #compare(rank: number, key: Uint8Array, at: number): number {
    const start = ADDRESS_BYTES * rank
    for (let i = 0; i < ADDRESS_BYTES; i++) {
      const difference = this.#addresses[start + i]! - key[at + i]!
      if (difference !== 0) return difference
    }
    return 0
  }
}

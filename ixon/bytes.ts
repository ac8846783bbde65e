import { InputError } from '../lean/input-error.js'
import { ADDRESS_BYTES, type Address, addressFromBytes } from './address.js'

/** Growing byte buffer. */
export class ByteWriter {
  #bytes: Uint8Array
  #length = 0

  constructor(capacity = 256) {
    this.#bytes = new Uint8Array(capacity)
  }

  get length(): number {
    return this.#length
  }

  byte(value: number): void {
    if (this.#length === this.#bytes.length) this.#grow(1)
    this.#bytes[this.#length++] = value
  }

  bytes(bytes: Uint8Array): void {
    if (this.#length + bytes.length > this.#bytes.length) this.#grow(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  /** The 32 bytes of an address. */
  address(address: Address): void {
    if (this.#length + ADDRESS_BYTES > this.#bytes.length) this.#grow(ADDRESS_BYTES)
    const view = Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + this.#length, ADDRESS_BYTES)
    if (address.length !== 64 || view.write(address, 'hex') !== ADDRESS_BYTES)
      throw new RangeError(`not an address: ${address}`)
    this.#length += ADDRESS_BYTES
  }

  /** A copy of what was written. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length)
  }

  clear(): void {
    this.#length = 0
  }

  #grow(extra: number): void {
    const grown = new Uint8Array(Math.max(this.#length + extra, 2 * this.#bytes.length))
    grown.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = grown
  }
}

/** Where the bytes of a {@link ByteReader} come from, for messages. */
export interface ByteOrigin {
  readonly file?: string | undefined
  /** Position of the first byte in the file. */
  readonly offset?: number | undefined
  readonly constant?: string | undefined
}

/** Cursor over bytes; running off the end or any other fault is an {@link InputError} with file and offset. */
export class ByteReader {
  position = 0

  constructor(
    readonly data: Uint8Array,
    readonly origin: ByteOrigin = {},
  ) {}

  get remaining(): number {
    return this.data.length - this.position
  }

  byte(): number {
    if (this.position >= this.data.length) this.fail('unexpected end of data')
    return this.data[this.position++]!
  }

  bytes(count: number): Uint8Array {
    if (count > this.remaining) this.fail(`${count} bytes expected, ${this.remaining} left`)
    const start = this.position
    this.position += count
    return this.data.subarray(start, this.position)
  }

  skip(count: number): void {
    if (count > this.remaining) this.fail(`${count} bytes expected, ${this.remaining} left`)
    this.position += count
  }

  address(): Address {
    if (ADDRESS_BYTES > this.remaining) this.fail(`an address expected, ${this.remaining} bytes left`)
    const start = this.position
    this.position += ADDRESS_BYTES
    return addressFromBytes(this.data, start)
  }

  /** Checks a count read from the data against what is left, so that nothing is allocated from a false one. */
  count(count: number, bytesEach: number, what: string): number {
    if (count > this.remaining / bytesEach)
      this.fail(`${count} ${what} announced, ${this.remaining} bytes left`)
    return count
  }

  end(what: string): void {
    if (this.remaining !== 0) this.fail(`${this.remaining} bytes after the end of ${what}`)
  }

  /** `position` is where the faulty item starts. */
  fail(reason: string, position = this.position): never {
    const { file, offset, constant } = this.origin
    throw new InputError(reason, {
      ...(file === undefined ? {} : { file }),
      offset: (offset ?? 0) + position,
      ...(constant === undefined ? {} : { constant }),
    })
  }
}

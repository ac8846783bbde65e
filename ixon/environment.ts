/** Reading `.ixe` files, format version 1 (ixon.md 5.1, 5.2). */
import type { Hints } from '../lean/declaration.js'
import { InputError } from '../lean/input-error.js'
import { type Address, ZERO_ADDRESS } from './address.js'
import { type ByteSource, bytesInMemory, openFile, WindowCursor } from './byte-source.js'
import { blockPointer, type Constant, decodeConstant } from './constant.js'
import { type EnvironmentData, hintFromCode, type Ungrounded } from './environment-data.js'
import { EnvironmentNames, type Placeholders } from './environment-names.js'
import { encodeEnvironment, FLAG_ENVIRONMENT, FORMAT_VERSION } from './ixe-write.js'
import { canonicalRoot } from './merkle.js'
import { readTag0, readTag4Value } from './tags.js'
import { WindowIndex } from './window-index.js'

/** Head, two integers, block, three empty tables. */
const MOST_PROJECTION_BYTES = 1 + 2 * 9 + 32 + 3

/**
 * An environment of content-addressed constants. Opening walks the headers of the entries; bytes are read when asked
 * for, and hash-checked when read for the first time. The same holds for names: the first question for one finds out where
 * they lie. Any fault in the file is an {@link InputError} with file and offset.
 */
export class Environment {
  /** Canonical Merkle root of all constants, as the file states it; {@link verify} checks it. */
  readonly root: Address
  /** The constant that the file is about, if it names one. */
  readonly main: Address | undefined
  /** Addresses that the file's constants may use without the file holding them, ascending. */
  readonly assumptions: readonly Address[]
  readonly #blobs: WindowIndex
  readonly #constants: WindowIndex
  /** Hint codes by rank, -1 for none. */
  readonly #hints: Int32Array
  /** Where the names start. */
  readonly #tail: number
  #named: EnvironmentNames | undefined

  private constructor(readonly source: ByteSource) {
    const cursor = new WindowCursor(source)
    const header = cursor.ahead(1 + 9 + 32 + 1 + 32 + 9)
    const head = header.byte()
    if (head >> 4 !== FLAG_ENVIRONMENT) header.fail('this is not an .ixe file', 0)
    const version = readTag4Value(header, head)
    if (version !== FORMAT_VERSION)
      header.fail(`format version ${version} is not supported (${FORMAT_VERSION} is); compile again`, 0)
    this.root = header.address()
    const hasMain = header.byte()
    if (hasMain > 1) header.fail(`a flag with value ${hasMain}`, header.position - 1)
    this.main = hasMain === 1 ? header.address() : undefined
    this.assumptions = readAscending(cursor)
    this.#blobs = new WindowIndex(source, cursor, 'blob')
    this.#constants = new WindowIndex(source, cursor, 'constant')
    if (this.main !== undefined && !this.has(this.main))
      header.fail('the main constant is not in the file', 0)
    this.#hints = readHints(cursor, this.#constants.count)
    this.#tail = cursor.position
  }

  static open(file: string): Environment {
    const source = openFile(file)
    try {
      return new Environment(source)
    } catch (error) {
      source.close()
      throw error
    }
  }

  /** Reads the source from now on; closing the environment closes it. */
  static fromSource(source: ByteSource): Environment {
    return new Environment(source)
  }

  /** @param label stands for the file name in messages */
  static fromBytes(bytes: Uint8Array, label: string): Environment {
    return new Environment(bytesInMemory(bytes, label))
  }

  static fromData(data: EnvironmentData, label: string): Environment {
    return Environment.fromBytes(encodeEnvironment(data), label)
  }

  close(): void {
    this.source.close()
  }

  /** Number of constants, blocks and projections included. */
  get count(): number {
    return this.#constants.count
  }

  /** Addresses of all constants, ascending. */
  *addresses(): Iterable<Address> {
    for (let rank = 0; rank < this.#constants.count; rank++) yield this.#constants.address(rank)
  }

  has(address: Address): boolean {
    return this.#constants.rank(address) >= 0
  }

  /** Serialised length of a constant in bytes, without reading it. */
  size(address: Address): number {
    return this.#constants.length(this.#rank(address))
  }

  /** Serialised constant, hash-checked. */
  bytes(address: Address): Uint8Array {
    return this.#constants.bytes(this.#rank(address))
  }

  constant(address: Address): Constant {
    const rank = this.#rank(address)
    return decodeConstant(this.#constants.bytes(rank), {
      file: this.source.label,
      offset: this.#constants.offset(rank),
      constant: address,
    })
  }

  /** The block that a projection points into; every other constant is its own block. */
  blockOf(address: Address): Address {
    // Only projections are that short; reading every large constant to find out would cost seconds.
    if (this.size(address) > MOST_PROJECTION_BYTES) return address
    return blockPointer(this.constant(address)) ?? address
  }

  blobAddresses(): Iterable<Address> {
    return Array.from({ length: this.#blobs.count }, (_, rank) => this.#blobs.address(rank))
  }

  hasBlob(address: Address): boolean {
    return this.#blobs.rank(address) >= 0
  }

  /** Payload of a literal, hash-checked. */
  blob(address: Address): Uint8Array {
    const rank = this.#blobs.rank(address)
    if (rank < 0) throw new InputError(`there is no blob ${address}`, { file: this.source.label })
    return this.#blobs.bytes(rank)
  }

  /** Reducibility hint of a constant; `undefined` for constants that have none. */
  hint(address: Address): Hints | undefined {
    const code = this.#hints[this.#rank(address)]!
    return code < 0 ? undefined : hintFromCode(code)
  }

  /** Address of a constant by displayed name. */
  addressOf(name: string): Address | undefined {
    const rank = this.#names().rank(name)
    return rank === undefined ? undefined : this.#constants.address(rank)
  }

  /** Displayed names of a constant, in the file's order; several constants may share an address. */
  namesOf(address: Address): readonly string[] {
    const rank = this.#constants.rank(address)
    return rank < 0 ? [] : this.#names().namesOf(rank)
  }

  /** All displayed names, in the file's order. */
  names(): Iterable<string> {
    return this.#names().names()
  }

  /** Axioms that stand for a body which the compiled files did not hold, by displayed name. */
  get placeholders(): Placeholders {
    return this.#names().placeholders
  }

  /** Constants that were left out when the environment was compiled. */
  get ungrounded(): readonly Ungrounded[] {
    return this.#names().ungrounded()
  }

  /** Reads everything: all hashes, the root, every constant, names and the end of the file. */
  verify(): void {
    const root = canonicalRoot(this.addresses()) ?? ZERO_ADDRESS
    if (root !== this.root)
      throw new InputError(`the root is ${root}, the file states ${this.root}`, {
        file: this.source.label,
        offset: 1,
      })
    for (let rank = 0; rank < this.#blobs.count; rank++) this.#blobs.bytes(rank)
    for (const address of this.addresses()) this.constant(address)
    this.#names().verify()
  }

  #rank(address: Address): number {
    const rank = this.#constants.rank(address)
    if (rank < 0) throw new InputError(`there is no constant ${address}`, { file: this.source.label })
    return rank
  }

  #names(): EnvironmentNames {
    this.#named ??= new EnvironmentNames(this.source, this.#tail, this.#constants.count)
    return this.#named
  }
}

function readAscending(cursor: WindowCursor): Address[] {
  const header = cursor.ahead(9)
  const start = header.position
  const count = readTag0(header)
  if (count > cursor.remaining / 32)
    header.fail(`${count} assumptions announced, ${cursor.remaining} bytes left`, start)
  const addresses: Address[] = []
  for (let i = 0; i < count; i++) {
    const address = cursor.ahead(32).address()
    if (i > 0 && address <= addresses[i - 1]!) cursor.reader.fail('assumptions out of order')
    addresses.push(address)
  }
  return addresses
}

function readHints(cursor: WindowCursor, constants: number): Int32Array {
  const hints = new Int32Array(constants).fill(-1)
  let rank = -1
  for (let left = readTag0(cursor.ahead(9)); left > 0; left--) {
    const reader = cursor.ahead(18)
    const start = reader.position
    const delta = readTag0(reader)
    const code = readTag0(reader)
    rank += delta
    if (delta === 0 || rank >= constants) reader.fail('a hint for no constant', start)
    if (code >= 2 ** 31) reader.fail(`a hint of ${code}`, start)
    hints[rank] = code
  }
  return hints
}

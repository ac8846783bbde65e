/** Sections 4 to 6 of an `.ixe` file: names, what they name, and the end (ixon.md 5.1). */

import type { Name } from '../lean/declaration.js'
import { InputError } from '../lean/input-error.js'
import { displayName, NameTable, parseName } from '../lean/name.js'
import { ADDRESS_BYTES, type Address, addressBytes } from './address.js'
import type { ByteSource } from './byte-source.js'
import { ByteReader } from './bytes.js'
import type { PlaceholderKind, Ungrounded } from './environment-data.js'
import {
  type NamePairs,
  PLACEHOLDER_KEY,
  PLACEHOLDER_NAMES,
  readAnnotations,
  UNGROUNDED_NAME,
} from './metadata.js'
import { nameAddress } from './name-address.js'
import { readName } from './name-table.js'
import { readTag0 } from './tags.js'

/** Placeholders by displayed name; those asked for are read. */
export interface Placeholders extends Iterable<[string, PlaceholderKind]> {
  get(name: string): PlaceholderKind | undefined
  has(name: string): boolean
}

const KINDS = new Map(
  (Object.keys(PLACEHOLDER_NAMES) as PlaceholderKind[]).map(kind => [
    displayName(PLACEHOLDER_NAMES[kind]),
    kind,
  ]),
)

/**
 * What the constants of an environment are called. Making one finds out where every entry lies; an entry is decoded, and
 * its hash checked, when it is asked for. A name is found by its hash.
 */
export class EnvironmentNames {
  readonly #reader: ByteReader
  readonly #table = new NameTable()
  /** By name number: position of the record. */
  readonly #starts: Float64Array
  /** Open addressing by the first word of the hash: name number + 1, 0 for a free slot. */
  readonly #slots: Int32Array
  /** Names decoded so far, by number. */
  readonly #decoded = new Map<number, Name>()
  /** By entry: number of the name, rank of the constant, position of the metadata. */
  readonly #numbers: Uint32Array
  readonly #ranks: Uint32Array
  readonly #metadata: Float64Array
  /** By name number: entry + 1, 0 for a name that names nothing. */
  readonly #entries: Int32Array
  /** The entry that lists what was left out, or -1. */
  readonly #leftOut: number
  #byRank: { readonly first: Uint32Array; readonly entries: Uint32Array } | undefined

  /** @param constants number of constants in the environment */
  constructor(
    source: ByteSource,
    offset: number,
    private readonly constants: number,
  ) {
    const reader = new ByteReader(source.read(offset, source.size - offset), { file: source.label, offset })
    this.#reader = reader
    const names = reader.count(readTag0(reader), ADDRESS_BYTES + 1, 'names')
    this.#starts = new Float64Array(names)
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * names + 2)))
    for (let number = 0; number < names; number++) {
      const start = reader.position
      this.#starts[number] = start
      reader.skip(ADDRESS_BYTES)
      const kind = reader.byte()
      if (kind > 2) reader.fail(`a name component of kind ${kind}`, start)
      if (kind !== 0) {
        reader.skip(ADDRESS_BYTES)
        reader.skip(readTag0(reader))
      }
      const slot = this.#slot(reader.data, start)
      if (this.#slots[slot] !== 0) reader.fail('a name that is listed twice', start)
      this.#slots[slot] = number + 1
    }
    const count = reader.count(readTag0(reader), 4, 'named constants')
    this.#numbers = new Uint32Array(count)
    this.#ranks = new Uint32Array(count)
    this.#metadata = new Float64Array(count)
    this.#entries = new Int32Array(names)
    for (let entry = 0; entry < count; entry++) {
      const start = reader.position
      const number = readTag0(reader)
      if (number >= names) reader.fail(`name ${number} of ${names}`, start)
      const rank = readTag0(reader)
      if (rank >= constants) reader.fail(`constant ${rank} of ${constants}`, start)
      if (this.#entries[number] !== 0) reader.fail(`${this.#display(number)} is named twice`, start)
      readTag0(reader) // the hint of this name; the merged one of the address is in section 3
      this.#numbers[entry] = number
      this.#ranks[entry] = rank
      this.#metadata[entry] = reader.position
      this.#entries[number] = entry + 1
      reader.skip(readTag0(reader))
    }
    for (let left = reader.count(readTag0(reader), 96, 'commitments'); left > 0; left--) reader.skip(96)
    reader.end('the environment')
    this.#leftOut = this.#entry(nameAddress(UNGROUNDED_NAME))
  }

  /** Rank of the constant with a displayed name. */
  rank(name: string): number | undefined {
    const entry = this.#entryOf(name)
    return entry < 0 ? undefined : this.#ranks[entry]
  }

  /** Displayed names of a constant, in the file's order. */
  namesOf(rank: number): string[] {
    this.#byRank ??= this.#sortByRank()
    const { first, entries } = this.#byRank
    return Array.from(entries.subarray(first[rank]!, first[rank + 1]!), entry =>
      this.#display(this.#numbers[entry]!),
    )
  }

  /** All displayed names, in the file's order. */
  *names(): Iterable<string> {
    for (const [entry, number] of this.#numbers.entries())
      if (entry !== this.#leftOut) yield this.#display(number)
  }

  readonly placeholders: Placeholders = {
    get: name => this.#placeholder(this.#entryOf(name)),
    has: name => this.#placeholder(this.#entryOf(name)) !== undefined,
    [Symbol.iterator]: () => this.#placeholders(),
  }

  /** Constants that were left out. */
  ungrounded(): Ungrounded[] {
    return this.#pairs(this.#leftOut).map(([name, missing]) =>
      leftOut(this.#display(name), this.#display(missing)),
    )
  }

  /** Decodes everything. */
  verify(): void {
    for (let number = 0; number < this.#starts.length; number++) this.#name(number)
    for (let entry = 0; entry < this.#numbers.length; entry++) this.#placeholder(entry)
    this.ungrounded()
  }

  *#placeholders(): Iterator<[string, PlaceholderKind]> {
    for (let entry = 0; entry < this.#numbers.length; entry++) {
      const kind = this.#placeholder(entry)
      if (kind !== undefined) yield [this.#display(this.#numbers[entry]!), kind]
    }
  }

  #placeholder(entry: number): PlaceholderKind | undefined {
    if (entry === this.#leftOut) return undefined
    let found: PlaceholderKind | undefined
    for (const [key, value] of this.#pairs(entry)) {
      if (this.#display(key) !== displayName(PLACEHOLDER_KEY)) continue
      found = KINDS.get(this.#display(value))
      if (found === undefined) this.#reader.fail('an unknown kind of placeholder', this.#metadata[entry]!)
    }
    return found
  }

  #pairs(entry: number): NamePairs {
    if (entry < 0) return []
    const { data, origin } = this.#reader
    const reader = new ByteReader(data, origin)
    reader.position = this.#metadata[entry]!
    const length = readTag0(reader)
    const offset = origin.offset! + reader.position
    return readAnnotations(new ByteReader(reader.bytes(length), { ...origin, offset }))
  }

  #entryOf(name: string): number {
    let parsed: Name
    try {
      parsed = parseName(name, this.#table)
    } catch (error) {
      if (error instanceof InputError) return -1
      throw error
    }
    const entry = this.#entry(nameAddress(parsed))
    return entry === this.#leftOut ? -1 : entry
  }

  /** Entry of the name at an address, or -1. */
  #entry(address: Address): number {
    const number = this.#slots[this.#slot(addressBytes(address), 0)]! - 1
    return number < 0 ? -1 : this.#entries[number]! - 1
  }

  /** The slot of a name's hash, or the free one where it belongs. */
  #slot(hash: Uint8Array, at: number): number {
    const { data } = this.#reader
    const mask = this.#slots.length - 1
    const word = hash[at]! | (hash[at + 1]! << 8) | (hash[at + 2]! << 16) | (hash[at + 3]! << 24)
    for (let slot = word & mask; ; slot = (slot + 1) & mask) {
      const number = this.#slots[slot]! - 1
      if (number < 0) return slot
      const start = this.#starts[number]!
      let i = 0
      while (i < ADDRESS_BYTES && data[start + i] === hash[at + i]) i++
      if (i === ADDRESS_BYTES) return slot
    }
  }

  #display(number: number): string {
    return displayName(this.#name(number))
  }

  /** Decodes a name and its prefixes, checking their hashes. */
  #name(number: number): Name {
    const { data, origin } = this.#reader
    if (number >= this.#starts.length) this.#reader.fail(`name ${number} of ${this.#starts.length}`)
    const missing: number[] = []
    for (let at = number; !this.#decoded.has(at); ) {
      missing.push(at)
      const start = this.#starts[at]!
      if (data[start + ADDRESS_BYTES] === 0) break
      const prefix = this.#slots[this.#slot(data, start + ADDRESS_BYTES + 1)]! - 1
      if (prefix < 0 || prefix >= at) this.#reader.fail('a name whose prefix is not listed before it', start)
      at = prefix
    }
    for (const at of missing.reverse()) {
      const reader = new ByteReader(data, origin)
      reader.position = this.#starts[at]!
      const prefixOf = (address: Address): Name =>
        this.#decoded.get(this.#slots[this.#slot(addressBytes(address), 0)]! - 1)!
      this.#decoded.set(at, readName(reader, prefixOf, this.#table))
    }
    return this.#decoded.get(number)!
  }

  #sortByRank(): { first: Uint32Array; entries: Uint32Array } {
    const first = new Uint32Array(this.constants + 1)
    this.#ranks.forEach((rank, entry) => {
      if (entry !== this.#leftOut) first[rank + 1]!++
    })
    for (let rank = 0; rank < this.constants; rank++) first[rank + 1]! += first[rank]!
    const next = first.slice()
    const entries = new Uint32Array(this.#ranks.length)
    this.#ranks.forEach((rank, entry) => {
      if (entry !== this.#leftOut) entries[next[rank]!++] = entry
    })
    return { first, entries }
  }
}

function leftOut(own: string, cause: string): Ungrounded {
  return own === cause
    ? { name: own, missing: undefined, reason: 'it has no Ixon form' }
    : { name: own, missing: cause, reason: `it needs ${cause}, which exists nowhere` }
}

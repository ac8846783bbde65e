/** Saved state of a Lean process, container version 3 (lean-env.md 1.11): objects and closures that nobody can call here. */
import { InputError } from '../input-error.js'
import { Chain, TAG } from './chain.js'
import type { PagedFile } from './paged-file.js'
import { ReaderError } from './reader-error.js'

/** Native code that closures of the file point into. */
export interface LibraryRecord {
  readonly id: string
  /** Address at which it lay when the file was written. */
  readonly base: number
}

/** A closure as an opaque value. */
export interface Closure {
  /** Position of the object in the chain. */
  readonly object: number
  readonly library: string
  /** Of its code, from the start of the library. */
  readonly offset: number
  readonly arity: number
  /** Number of captured values. */
  readonly captured: number
}

export interface SavedState {
  readonly chain: Chain
  /** Position of the root object. */
  readonly root: number
  readonly closures: readonly Closure[]
  readonly libraries: readonly LibraryRecord[]
}

/**
 * Reads the tables of saved state; objects are read through its chain on demand.
 *
 * @param files the parts that it points into, then the file itself
 * @param atHand ids of the libraries that the caller has
 * @throws ReaderError `missing-library` when a closure's code lies in a library that is not at hand; `bad-version` for another
 *   container; InputError for a table that passes the end of the file or does not fit the data
 */
export function readSavedState(files: readonly PagedFile[], atHand: ReadonlySet<string>): SavedState {
  const chain = new Chain(files, 'savedState')
  const { file, header } = chain.parts.at(-1)!
  if (header.version !== 3)
    throw new ReaderError('bad-version', 'not saved state: container version 2', {
      file: file.path,
      offset: 5,
    })
  const cursor = new TableCursor(file, header.dataEnd)
  const closureCount = cursor.count(8, 'closures')
  const offsets: number[] = []
  for (let index = 0; index < closureCount; index++) offsets.push(cursor.word(8))
  const libraryCount = cursor.count(header.wordBytes + 4, 'libraries')
  const libraries: LibraryRecord[] = []
  for (let index = 0; index < libraryCount; index++) {
    const base = cursor.word(header.wordBytes)
    libraries.push({ base, id: cursor.text(cursor.count(1, 'bytes of a library id')) })
  }
  if (cursor.position !== file.size)
    throw new InputError(`${file.size - cursor.position} bytes after the last library`, {
      file: file.path,
      offset: cursor.position,
    })
  const known = libraries.toSorted((left, right) => left.base - right.base)
  const closures = offsets.map(offset => closureAt(chain, offset, known))
  if (closures.length > 0) {
    const missing = libraries.filter(({ id }) => !atHand.has(id)).map(({ id }) => JSON.stringify(id))
    if (missing.length > 0)
      throw new ReaderError('missing-library', `closures need the libraries ${missing.join(', ')}`, {
        file: file.path,
      })
  }
  return { chain, root: chain.root(chain.parts.length - 1), closures, libraries }
}

/** @param offset of the closure's code address, from the start of the data */
function closureAt(chain: Chain, offset: number, libraries: readonly LibraryRecord[]): Closure {
  const { file, header } = chain.parts.at(-1)!
  const { wordBytes } = chain
  const at = header.rootOffset + offset - 8
  const fail = (reason: string): never => {
    throw new InputError(`closure at offset ${offset} of the data: ${reason}`, {
      file: file.path,
      offset: at,
    })
  }
  const values = wordBytes === 8 ? 24 : 16
  if (offset % 4 !== 0 || offset < wordBytes + 8 || at + values > header.dataEnd)
    fail('it lies outside the data')
  if (file.u32(at + 4) >>> 24 !== TAG.closure) fail(`the object has tag ${file.u32(at + 4) >>> 24}`)
  const code = file.u32(at + 8) + (wordBytes === 8 ? file.u32(at + 12) * 2 ** 32 : 0)
  const counts = file.u32(at + 8 + wordBytes)
  const captured = counts >>> 16
  if (at + values + captured * wordBytes > header.dataEnd)
    fail(`its ${captured} values pass the end of the data`)
  const library = libraries.findLast(({ base }) => base <= code)
  if (library === undefined) return fail(`its code at 0x${code.toString(16)} lies in no library`)
  return {
    object: chain.positionIn(chain.parts.length - 1, at),
    library: library.id,
    offset: code - library.base,
    arity: counts & 0xffff,
    captured,
  }
}

/** Reads length-prefixed tables with every length checked against the bytes that are left. */
class TableCursor {
  constructor(
    readonly file: PagedFile,
    public position: number,
  ) {}

  word(bytes: 4 | 8): number {
    const buffer = this.#take(bytes)
    return bytes === 4 ? buffer.readUInt32LE(0) : buffer.readUInt32LE(0) + buffer.readUInt32LE(4) * 2 ** 32
  }

  /** A number of items of at least so many bytes each. */
  count(itemBytes: number, what: string): number {
    const start = this.position
    const count = this.word(4)
    const left = this.file.size - this.position
    if (count > left / itemBytes)
      throw new InputError(`${count} ${what} announced, ${left} bytes left`, {
        file: this.file.path,
        offset: start,
      })
    return count
  }

  text(bytes: number): string {
    return this.#take(bytes).toString('utf8')
  }

  #take(bytes: number): Buffer {
    const buffer = this.file.bytes(this.position, bytes)
    this.position += bytes
    return buffer
  }
}

import { InputError, type Place } from '../input-error.js'
import { type Accepted, type Header, readHeader } from './header.js'
import type { PagedFile } from './paged-file.js'
import { ReaderError } from './reader-error.js'

/** Tags of runtime objects (lean-env.md 1.6); smaller tags are constructor numbers. */
export const TAG = { maxConstructor: 243, closure: 245, array: 246, string: 249, bigInteger: 250 } as const

/** Room between parts, so that no fixed displacement from an object in one part lands in the next. */
const GAP = 64

interface Segment {
  readonly file: PagedFile
  readonly header: Header
  /** Position of the segment's first byte in the chain. */
  readonly start: number
  readonly end: number
  readonly base: number
}

/** {@link Chain.field} of a value that is no object; the value is in {@link Chain.scalar}. */
export const SCALAR = -1

/**
 * The parts of one module as one address space (lean-env.md 1.9). A position counts bytes over the parts in their order, so
 * an object may only point to smaller positions: that keeps the data acyclic and earlier parts free of later ones.
 *
 * Every method that reads throws an {@link InputError} with the file's own offset for a damaged file.
 */
export class Chain {
  readonly wordBytes: 4 | 8
  readonly gmp: boolean
  readonly size: number
  readonly #segments: readonly Segment[]
  readonly #first: Segment
  #low = 0
  #high = 0

  /**
   * @param files the parts in their order, from the first on
   * @throws ReaderError `no-parts` without any
   */
  constructor(files: readonly PagedFile[], accepted: Accepted = 'module') {
    const segments: Segment[] = []
    let start = 0
    for (const file of files) {
      const header = readHeader(file, segments[0]?.header, accepted)
      const before = segments.at(-1)
      if (before !== undefined && header.base < before.base + before.file.size) {
        throw new InputError(`its addresses overlap those of ${before.file.path}`, {
          file: file.path,
          offset: 80,
        })
      }
      segments.push({ file, header, start, end: start + header.dataEnd, base: header.base })
      start = Math.ceil((start + file.size) / 8) * 8 + GAP
    }
    const [first] = segments
    if (first === undefined) throw new ReaderError('no-parts', 'a module needs at least one part')
    if (start > 0x7fffffff)
      throw new InputError('modules of 2 GiB and more are not supported', { file: first.file.path })
    this.#segments = segments
    this.#first = first
    this.wordBytes = first.header.wordBytes
    this.gmp = first.header.gmp
    this.size = start
  }

  get parts(): readonly { readonly file: PagedFile; readonly header: Header }[] {
    return this.#segments
  }

  /** Position of a byte of a part. */
  positionIn(part: number, offset: number): number {
    return this.#segments[part]!.start + offset
  }

  /** Position of the root object of a part, which may lie in an earlier part. */
  root(part: number): number {
    const segment = this.#segments[part]!
    const at = segment.start + segment.header.rootOffset
    this.#word(at)
    if ((this.#low & 1) === 1) this.fail(at, 'the root is not an object: not a module')
    const target = this.#resolve(at)
    if (target >= segment.end) this.fail(at, 'the root points into a later part')
    return target
  }

  /**
   * Reads a field or element that holds a Lean value.
   *
   * @returns the position of the object it points to, or {@link SCALAR}
   */
  word(holder: number, at: number): number {
    this.#word(at)
    if ((this.#low & 1) === 1) return SCALAR
    const target = this.#resolve(at)
    if (target >= holder) this.fail(at, 'a pointer to a later object')
    return target
  }

  /** The i-th object field of a constructor. */
  field(object: number, index: number): number {
    return this.word(object, object + 8 + index * this.wordBytes)
  }

  /** The i-th object field, which must be an object. */
  objectField(object: number, index: number): number {
    const target = this.field(object, index)
    if (target === SCALAR) this.fail(object, `field ${index} is not an object`)
    return target
  }

  /** The value that the last {@link word} found; beyond 2^53 it is rounded. */
  get scalar(): number {
    return (this.#low >>> 1) + this.#high * 2 ** 31
  }

  get bigScalar(): bigint {
    return (BigInt(this.#high) << 31n) | BigInt(this.#low >>> 1)
  }

  u8(position: number): number {
    const segment = this.#segment(position)
    return segment.file.u8(position - segment.start)
  }

  u32(position: number): number {
    const segment = this.#segment(position)
    return segment.file.u32(position - segment.start)
  }

  bytes(position: number, length: number): Buffer {
    const segment = this.#segment(position)
    return segment.file.bytes(position - segment.start, length)
  }

  /** The second word of an object's header: size in bits 0-15, number of fields in bits 16-23, tag in bits 24-31. */
  header(object: number): number {
    return this.u32(object + 4)
  }

  /**
   * Checks that a constructor object has these fields and room for the scalars behind them.
   *
   * @returns position of its scalars
   */
  constructorShape(
    object: number,
    header: number,
    fields: number,
    scalarBytes: number,
    what: string,
  ): number {
    const scalars = object + 8 + fields * this.wordBytes
    const size = header & 0xffff
    if (((header >>> 16) & 0xff) !== fields || header >>> 24 > TAG.maxConstructor) {
      if (header >>> 24 === TAG.closure)
        this.fail(object, `expected ${what}, found a closure, which only saved state may hold`)
      this.fail(
        object,
        `expected ${what} with ${fields} fields, found tag ${header >>> 24} with ${(header >>> 16) & 0xff}`,
      )
    }
    if (object + size < scalars + scalarBytes) this.fail(object, `${what} of ${size} bytes is too short`)
    if (size > this.#room(object)) this.fail(object, `${what} of ${size} bytes passes the end of the file`)
    return scalars
  }

  /** Number of elements of an array; they lie `wordBytes` apart from {@link elements} on. */
  arrayLength(object: number, what: string): number {
    if (this.header(object) >>> 24 !== TAG.array) this.fail(object, `expected an array of ${what}`)
    this.#word(object + 8)
    const length = this.#low + this.#high * 2 ** 32
    if (length > (this.#room(object) - 8 - 2 * this.wordBytes) / this.wordBytes) {
      this.fail(object, `an array of ${length} ${what} passes the end of the file`)
    }
    return length
  }

  elements(array: number): number {
    return array + 8 + 2 * this.wordBytes
  }

  /** A string's bytes without the final NUL, and the number of characters it claims. */
  stringBytes(object: number): { bytes: Buffer; length: number } {
    if (this.header(object) >>> 24 !== TAG.string) this.fail(object, 'expected a string')
    const size = this.#count(object, 8)
    const capacity = this.#count(object, 8 + this.wordBytes)
    const length = this.#count(object, 8 + 2 * this.wordBytes)
    const start = 8 + 3 * this.wordBytes
    if (size < 1 || capacity !== size) this.fail(object, `bad string: size ${size}, capacity ${capacity}`)
    if (size > this.#room(object) - start)
      this.fail(object, `a string of ${size} bytes passes the end of the file`)
    const bytes = this.bytes(object + start, size)
    if (bytes[size - 1] !== 0) this.fail(object, 'bad string: no NUL at its end')
    return { bytes: bytes.subarray(0, size - 1), length }
  }

  /** The magnitude of a non-negative big integer, least significant byte first (lean-env.md 1.8). */
  bigNaturalBytes(object: number): Buffer {
    if (this.header(object) >>> 24 !== TAG.bigInteger) this.fail(object, 'expected a natural number')
    const wide = this.wordBytes === 8
    let limbs: number
    let negative: boolean
    if (this.gmp) {
      const signed = this.u32(object + 12) | 0
      negative = signed < 0
      limbs = Math.abs(signed)
    } else {
      negative = this.u8(object + 8) !== 0
      limbs = this.#count(object, wide ? 16 : 12)
    }
    const pointer = this.gmp || !wide ? 16 : 24
    const digits = pointer + this.wordBytes
    const limbBytes = this.gmp ? this.wordBytes : 4
    if (negative) this.fail(object, 'bad integer: a natural number is negative')
    if (limbs === 0) this.fail(object, 'bad integer: no digits')
    if (limbs > (this.#room(object) - digits) / limbBytes) {
      this.fail(object, `an integer of ${limbs} digits passes the end of the file`)
    }
    this.#word(object + pointer)
    if (this.#resolve(object + pointer) !== object + digits)
      this.fail(object, 'bad integer: digits lie elsewhere')
    return this.bytes(object + digits, limbs * limbBytes)
  }

  fail(position: number, reason: string): never {
    throw new InputError(reason, this.place(position))
  }

  place(position: number): Place {
    const segment = this.#segments.findLast(part => part.start <= position) ?? this.#first
    return { file: segment.file.path, offset: position - segment.start }
  }

  #count(object: number, offset: number): number {
    this.#word(object + offset)
    return this.#low + this.#high * 2 ** 32
  }

  /** Bytes from here to the end of the part. */
  #room(position: number): number {
    return this.#segment(position).end - position
  }

  #word(at: number): void {
    this.#low = this.u32(at)
    this.#high = this.wordBytes === 8 ? this.u32(at + 4) : 0
  }

  /** Position behind the address that was read at `at`. */
  #resolve(at: number): number {
    const address = this.#low + this.#high * 2 ** 32
    for (const segment of this.#segments) {
      const offset = address - segment.base
      if (offset < 0 || offset >= segment.header.dataEnd) continue
      if (offset < segment.header.rootOffset + this.wordBytes || offset % this.wordBytes !== 0) break
      if (offset + 8 > segment.header.dataEnd) break
      return segment.start + offset
    }
    return this.fail(at, `a pointer to no object (address 0x${address.toString(16)})`)
  }

  #segment(position: number): Segment {
    if (position < this.#first.end) return this.#first
    for (const segment of this.#segments) {
      if (position < segment.end && position >= segment.start) return segment
    }
    return this.fail(position, 'an object passes the end of the file')
  }
}

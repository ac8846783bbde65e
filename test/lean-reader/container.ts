/** Writes containers of every layout, so that the reader meets those that no real file at hand has. */
export class ContainerBuilder {
  readonly #chunks: Buffer[] = []
  #offset: number

  constructor(
    readonly wordBytes: 4 | 8,
    readonly gmp: boolean,
    readonly version = 2,
    readonly base = 0x30000,
  ) {
    this.#offset = 80 + (version === 3 ? 3 : 2) * wordBytes
  }

  /** The word of a small value. */
  scalar(value: number | bigint): bigint {
    return (BigInt(value) << 1n) | 1n
  }

  constructorObject(tag: number, fields: readonly bigint[], scalars: readonly number[] = []): bigint {
    const size = Math.ceil((8 + fields.length * this.wordBytes + scalars.length) / 8) * 8
    const object = this.#header(size, size, fields.length, tag)
    for (const [index, field] of fields.entries()) this.#put(object, 8 + index * this.wordBytes, field)
    object.set(scalars, 8 + fields.length * this.wordBytes)
    return this.#add(object)
  }

  array(elements: readonly bigint[]): bigint {
    const start = 8 + 2 * this.wordBytes
    const object = this.#header(start + elements.length * this.wordBytes, 1, 0, 246)
    this.#put(object, 8, BigInt(elements.length))
    this.#put(object, 8 + this.wordBytes, BigInt(elements.length))
    for (const [index, element] of elements.entries())
      this.#put(object, start + index * this.wordBytes, element)
    return this.#add(object)
  }

  string(text: string): bigint {
    const bytes = Buffer.from(`${text}\0`)
    const start = 8 + 3 * this.wordBytes
    const object = this.#header(start + bytes.length, 1, 0, 249)
    this.#put(object, 8, BigInt(bytes.length))
    this.#put(object, 8 + this.wordBytes, BigInt(bytes.length))
    this.#put(object, 8 + 2 * this.wordBytes, BigInt([...text].length))
    bytes.copy(object, start)
    return this.#add(object)
  }

  bigInteger(value: bigint): bigint {
    const limbBytes = this.gmp ? this.wordBytes : 4
    const pointer = this.gmp || this.wordBytes === 4 ? 16 : 24
    const digits = pointer + this.wordBytes
    const hex = value.toString(16)
    const limbs = Math.ceil(hex.length / (2 * limbBytes))
    const size = digits + limbs * limbBytes
    const object = this.#header(size, size & 0xffff, 0, 250)
    if (this.gmp) {
      object.writeInt32LE(limbs, 8)
      object.writeInt32LE(limbs, 12)
    } else if (this.wordBytes === 4) {
      object.writeUInt32LE(limbs, 12)
    } else {
      this.#put(object, 16, BigInt(limbs))
    }
    this.#put(object, pointer, BigInt(this.base + this.#offset + digits))
    Buffer.from(hex.padStart(limbs * limbBytes * 2, '0'), 'hex')
      .reverse()
      .copy(object, digits)
    return this.#add(object)
  }

  closure(code: number, arity: number, captured: readonly bigint[]): bigint {
    const start = this.wordBytes === 8 ? 24 : 16
    const size = start + captured.length * this.wordBytes
    const object = this.#header(size, size, 0, 245)
    this.#put(object, 8, BigInt(code))
    object.writeUInt16LE(arity, 8 + this.wordBytes)
    object.writeUInt16LE(captured.length, 10 + this.wordBytes)
    for (const [index, value] of captured.entries()) this.#put(object, start + index * this.wordBytes, value)
    return this.#add(object)
  }

  list(items: readonly bigint[]): bigint {
    return items.reduceRight((tail, item) => this.constructorObject(1, [item, tail]), this.scalar(0))
  }

  /** Cached words are left zero. */
  name(...parts: (string | bigint)[]): bigint {
    return parts.reduce<bigint>((prefix, part) => {
      const field = typeof part === 'string' ? this.string(part) : this.natural(part)
      return this.constructorObject(typeof part === 'string' ? 1 : 2, [prefix, field], CACHED)
    }, this.scalar(0))
  }

  natural(value: bigint): bigint {
    return value < 1n << BigInt(this.wordBytes * 8 - 1) ? this.scalar(value) : this.bigInteger(value)
  }

  /** An expression of the given constructor. */
  expr(tag: number, fields: readonly bigint[], flag?: number): bigint {
    return this.constructorObject(tag, fields, flag === undefined ? CACHED : [...CACHED, flag])
  }

  axiom(name: bigint, type: bigint): bigint {
    const head = this.constructorObject(0, [name, this.scalar(0), type])
    return this.constructorObject(0, [this.constructorObject(0, [head], [0])])
  }

  /** The file of a module with these imports and constants. */
  module(
    imports: readonly bigint[],
    constants: readonly { name: bigint; info: bigint }[],
    fields: 4 | 5 = 5,
  ): Buffer {
    const importArray = this.array(imports.map(name => this.constructorObject(0, [name], [0, 1, 0])))
    const names = this.array(constants.map(({ name }) => name))
    const infos = this.array(constants.map(({ info }) => info))
    const empty = this.array([])
    const arrays = [importArray, names, infos, ...(fields === 5 ? [empty] : []), empty]
    return this.finish(this.constructorObject(0, arrays, [1]))
  }

  finish(root: bigint): Buffer {
    const words = this.version === 3 ? 3 : 2
    const header = Buffer.alloc(80 + words * this.wordBytes)
    header.write('olean', 'latin1')
    header.writeUInt8(this.version, 5)
    header.writeUInt8(this.gmp ? 1 : 0, 6)
    header.write('4.99.0', 7, 'latin1')
    header.write('0123456789'.repeat(4), 40, 'latin1')
    this.#put(header, 80, BigInt(this.base))
    // Saved state says how long its data are, the root included.
    if (this.version === 3)
      this.#put(header, 80 + this.wordBytes, BigInt(this.#offset - 80 - 2 * this.wordBytes))
    this.#put(header, 80 + (words - 1) * this.wordBytes, root)
    return Buffer.concat([header, ...this.#chunks])
  }

  #header(size: number, sizeField: number, other: number, tag: number): Buffer {
    const object = Buffer.alloc(Math.ceil(size / this.wordBytes) * this.wordBytes)
    object.writeUInt16LE(sizeField, 4)
    object.writeUInt8(other, 6)
    object.writeUInt8(tag, 7)
    return object
  }

  #put(buffer: Buffer, at: number, value: bigint): void {
    if (this.wordBytes === 4) buffer.writeUInt32LE(Number(value), at)
    else buffer.writeBigUInt64LE(value, at)
  }

  #add(object: Buffer): bigint {
    const address = BigInt(this.base + this.#offset)
    this.#chunks.push(object)
    this.#offset += object.length
    return address
  }
}

const CACHED: readonly number[] = new Array<number>(8).fill(0)

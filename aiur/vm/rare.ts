/** Operations off the hot path: IO, hints, and operand counts. */

import { BYTE_CHAINS, divideChains, WORD_CHAINS } from './divmod.js'
import { ExecutionError } from './error.js'
import { add, high, inverse, mul, toBigInt } from './goldilocks.js'
import type { IoBuffer } from './io.js'
import type { ExecutionRecord } from './record.js'
import type { RowTable } from './table.js'

const WORD = 4294967296

/** Operations outside the hot path. Operands after the length: dst, then values (IoRead: channel, index, n). */
export enum Rare {
  IoGetInfo = 0,
  IoSetInfo = 1,
  IoRead = 2,
  IoWrite = 3,
  U32Sum = 4,
  U32ToField = 5,
  GToBytes = 6,
  GInverse = 7,
  BigUintDivMod = 8,
  LimbsDivMod = 9,
  Debug = 10,
  AssertLength = 11,
}

export class RareOperations {
  private readonly word = new Uint32Array(4)

  constructor(
    private readonly record: ExecutionRecord,
    private readonly io: IoBuffer,
    private readonly messages: string[],
    private readonly onDebug: ((label: string, values: bigint[]) => void) | undefined,
  ) {}

  /** Counts a 32-bit operand. */
  count32(table: RowTable, value: number): void {
    this.word[0] = value
    this.word[1] = 0
    table.use(this.word, 0)
  }

  /** Counts a pair of rank differences. */
  countDifferences(x: number, y: number): void {
    const { word, record } = this
    word[0] = x
    word[1] = 0
    word[2] = y
    word[3] = 0
    record.rankDifferences.use(word, 0)
  }

  /** Counts a range check of two bytes. */
  countBytes(a: number, b: number): void {
    const { bytePairUses } = this.record
    const last = bytePairUses.length - 1
    let uses = bytePairUses[last]!
    if (uses === null) uses = bytePairUses[last] = new Uint32Array(65536)
    uses[256 * a + b]!++
  }

  /** The six range checks of u32LessThan: bytes of a, of b - a - 1 mod 2^32, of b. */
  countLessThan(a: number, b: number): void {
    for (const x of [a, (b - a - 1) >>> 0, b]) {
      this.countBytes(x & 255, (x >>> 8) & 255)
      this.countBytes((x >>> 16) & 255, x >>> 24)
    }
  }

  /** Runs the rare instruction at `pc` in the frame at `fp`. */
  run(stream: Int32Array, pc: number, v: Uint32Array, fp: number): void {
    const kind = stream[pc + 1]! as Rare
    const length = stream[pc + 2]!
    const dst = fp + stream[pc + 3]!
    const operands = pc + 4
    const count = length - 4
    const at = (i: number) => fp + stream[operands + i]!
    switch (kind) {
      case Rare.IoGetInfo: {
        const channel = this.channel(v, at(0))
        const key = this.gather(stream, operands + 1, count - 1, v, fp)
        const table = this.io.keyTable(channel, count - 1)
        const row = table === undefined ? -1 : table.find(key, 0)
        if (table === undefined || row < 0)
          throw new ExecutionError(
            'ioUnknownKey',
            `IO channel ${channel} has no key [${elements(key).join(', ')}]`,
          )
        const from = row * table.strideWords + table.keyWords
        v.set(table.values.subarray(from, from + 4), dst)
        return
      }
      case Rare.IoSetInfo: {
        const channel = this.channel(v, at(0))
        const key = this.gather(stream, operands + 3, count - 3, v, fp)
        const index = v[at(1)]! + v[at(1) + 1]! * WORD
        const size = v[at(2)]! + v[at(2) + 1]! * WORD
        if (!this.io.setInfo(channel, key, 0, count - 3, index, size))
          throw new ExecutionError(
            'ioKeySet',
            `IO channel ${channel} already has the key [${elements(key).join(', ')}]`,
          )
        return
      }
      case Rare.IoRead: {
        const channel = this.channel(v, at(0))
        const index = v[at(1)]! + v[at(1) + 1]! * WORD
        const size = stream[operands + 2]!
        if (index + size > this.io.length(channel))
          throw new ExecutionError(
            'ioOutOfBounds',
            `IO channel ${channel} has ${this.io.length(channel)} elements, read of ${size} at ${index}`,
          )
        v.set(this.io.arena(channel).subarray(2 * index, 2 * (index + size)), dst)
        return
      }
      case Rare.IoWrite:
        this.io.appendWords(this.channel(v, at(0)), this.gather(stream, operands + 1, count - 1, v, fp))
        return
      case Rare.U32Sum: {
        const sum = u32Sum(this.gather(stream, operands, count, v, fp))
        for (let i = 0; i < 4; i++) {
          v[dst + 2 * i] = (sum >>> (8 * i)) & 255
          v[dst + 2 * i + 1] = 0
        }
        v[dst + 8] = sum > WORD - 1 ? Math.floor(sum / WORD) : 0
        v[dst + 9] = 0
        return
      }
      case Rare.U32ToField: {
        let lo = 0
        let hi = 0
        for (let i = count - 1; i >= 0; i--) {
          lo = mul(lo, hi, 256, 0)
          lo = add(lo, high, v[at(i)]!, v[at(i) + 1]!)
          hi = high
        }
        v[dst] = lo
        v[dst + 1] = hi
        return
      }
      case Rare.GToBytes: {
        const lo = v[at(0)]!
        const hi = v[at(0) + 1]!
        for (let i = 0; i < 8; i++) {
          v[dst + 2 * i] = ((i < 4 ? lo : hi) >>> (8 * (i & 3))) & 255
          v[dst + 2 * i + 1] = 0
        }
        return
      }
      case Rare.GInverse:
        v[dst] = inverse(v[at(0)]!, v[at(0) + 1]!)
        v[dst + 1] = high
        return
      case Rare.BigUintDivMod:
      case Rare.LimbsDivMod: {
        const shape = kind === Rare.BigUintDivMod ? BYTE_CHAINS : WORD_CHAINS
        const { record } = this
        if (!record.program.memorySizes.includes(shape.size))
          throw new ExecutionError('invalidMemorySize', `division hint without memory[${shape.size}]`)
        const memory = record.memory(shape.size)
        const [quotient, remainder] = divideChains(
          shape,
          memory,
          node => memory.intern(node, 0),
          v[at(0)]!,
          v[at(0) + 1]!,
          v[at(1)]!,
          v[at(1) + 1]!,
        )
        v[dst] = quotient
        v[dst + 1] = 0
        v[dst + 2] = remainder
        v[dst + 3] = 0
        return
      }
      case Rare.Debug:
        this.onDebug?.(this.messages[stream[pc + 3]!]!, elements(this.gather(stream, operands, count, v, fp)))
        return
      case Rare.AssertLength:
        throw new ExecutionError('assertLength', 'the two sides of an assertion differ in length')
    }
  }

  private gather(
    stream: Int32Array,
    operands: number,
    count: number,
    v: Uint32Array,
    fp: number,
  ): Uint32Array {
    const words = new Uint32Array(2 * count)
    for (let i = 0; i < count; i++) {
      const a = fp + stream[operands + i]!
      words[2 * i] = v[a]!
      words[2 * i + 1] = v[a + 1]!
    }
    return words
  }

  private channel(v: Uint32Array, at: number): number {
    if (v[at + 1]! >= 0x200000)
      throw new ExecutionError('ioChannel', `IO channel ${toBigInt(v[at]!, v[at + 1]!)} is above 2^53`)
    return v[at]! + v[at + 1]! * WORD
  }
}

function elements(words: Uint32Array): bigint[] {
  return Array.from({ length: words.length / 2 }, (_, i) => toBigInt(words[2 * i]!, words[2 * i + 1]!))
}

/** Sum of little-endian 4-byte numbers given one after the other, two words a byte. */
export function u32Sum(words: Uint32Array): number {
  let sum = 0
  for (let i = 0; i < words.length / 2; i++) {
    if (words[2 * i]! > 255 || words[2 * i + 1] !== 0)
      throw new ExecutionError('byteRange', 'operand of a u32 addition is not made of bytes')
    sum += words[2 * i]! * 2 ** (8 * (i & 3))
  }
  return sum
}

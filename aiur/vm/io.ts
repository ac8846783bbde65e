/**
 * Input and output of an execution: per channel an arena of field elements that only grows, and a map from keys
 * to (index, length) in it. Nothing of it is constrained: for a circuit every word read here is advice.
 */

import { toBigInt } from './goldilocks.js'
import { RowTable } from './table.js'

const WORD = 4294967296

class Channel {
  words = new Uint32Array(64)
  length = 0
  /** By key length in elements: key, index, length. */
  readonly keys = new Map<number, RowTable>()

  reserve(elements: number): void {
    const needed = (this.length + elements) * 2
    if (needed <= this.words.length) return
    let capacity = this.words.length * 2
    while (capacity < needed) capacity *= 2
    const words = new Uint32Array(capacity)
    words.set(this.words.subarray(0, this.length * 2))
    this.words = words
  }

  table(keyLength: number): RowTable {
    let table = this.keys.get(keyLength)
    if (table === undefined) {
      table = new RowTable(keyLength * 2, keyLength * 2 + 4)
      this.keys.set(keyLength, table)
    }
    return table
  }
}

/** Where a key's data lies in its channel's arena, in elements. */
export interface IoInfo {
  index: number
  length: number
}

function elements(source: ArrayLike<number>): Uint32Array {
  const words = new Uint32Array(source.length * 2)
  for (let i = 0; i < source.length; i++) {
    const value = source[i]!
    if (!Number.isSafeInteger(value) || value < 0)
      throw new RangeError(`IO word ${i} is ${value}, not an integer in 0 .. 2^53 - 1`)
    words[2 * i] = value % WORD
    words[2 * i + 1] = Math.floor(value / WORD)
  }
  return words
}

export class IoBuffer {
  private readonly channels = new Map<number, Channel>()

  /**
   * Appends `data` to the channel and files it under `key`. Words are integers in 0 .. 2^53 - 1.
   * @throws RangeError on another word, Error when the key is already set.
   */
  put(channel: number, key: ArrayLike<number>, data: ArrayLike<number>): void {
    const at = this.channel(channel)
    const index = at.length
    if (!this.setInfo(channel, elements(key), 0, key.length, index, data.length))
      throw new Error(`IO channel ${channel} already has the key [${Array.from(key).join(', ')}]`)
    this.appendWords(channel, elements(data))
  }

  /** Place of a key's data, if it was set. */
  info(channel: number, key: ArrayLike<number>): IoInfo | undefined {
    const words = elements(key)
    const table = this.channels.get(channel)?.keys.get(key.length)
    const row = table === undefined ? -1 : table.find(words, 0)
    if (table === undefined || row < 0) return undefined
    const base = row * table.strideWords + table.keyWords
    return {
      index: table.values[base]! + table.values[base + 1]! * WORD,
      length: table.values[base + 2]! + table.values[base + 3]! * WORD,
    }
  }

  /** Every channel that was written or has keys. */
  channelNumbers(): number[] {
    return [...this.channels.keys()]
  }

  /** Elements in the channel's arena. */
  length(channel: number): number {
    return this.channels.get(channel)?.length ?? 0
  }

  /** Elements [index, index + length) of a channel. @throws RangeError beyond the arena. */
  read(channel: number, index: number, length: number): bigint[] {
    if (index < 0 || length < 0 || index + length > this.length(channel))
      throw new RangeError(`IO channel ${channel} has no elements ${index} .. ${index + length - 1}`)
    const words = this.arena(channel)
    return Array.from({ length }, (_, i) => toBigInt(words[2 * (index + i)]!, words[2 * (index + i) + 1]!))
  }

  /** The arena of a channel: two words an element, valid up to {@link length}; replaced when it grows. */
  arena(channel: number): Uint32Array {
    return this.channels.get(channel)?.words ?? new Uint32Array(0)
  }

  /** Table of the keys of one length (key, index, length), if any was set. */
  keyTable(channel: number, keyLength: number): RowTable | undefined {
    return this.channels.get(channel)?.keys.get(keyLength)
  }

  /** Appends element words (low, high) to the arena. */
  appendWords(channel: number, words: Uint32Array): void {
    const at = this.channel(channel)
    at.reserve(words.length / 2)
    at.words.set(words, at.length * 2)
    at.length += words.length / 2
  }

  /** Sets a key given as element words; false when it already exists. */
  setInfo(
    channel: number,
    words: Uint32Array,
    at: number,
    keyLength: number,
    index: number,
    length: number,
  ): boolean {
    const table = this.channel(channel).table(keyLength)
    if (table.find(words, at) >= 0) return false
    const base = table.intern(words, at) * table.strideWords + table.keyWords
    table.values[base] = index % WORD
    table.values[base + 1] = Math.floor(index / WORD)
    table.values[base + 2] = length % WORD
    table.values[base + 3] = Math.floor(length / WORD)
    return true
  }

  private channel(channel: number): Channel {
    let found = this.channels.get(channel)
    if (found === undefined) {
      found = new Channel()
      this.channels.set(channel, found)
    }
    return found
  }
}

/** Moves an IO buffer into the linear memory before a run, and what the run added back afterwards. */

import { ExecutionError } from '../vm/error.js'
import type { IoBuffer } from '../vm/io.js'
import { HEADER, type MemoryMap } from './memory-map.js'
import { Dictionary, SegmentedTable } from './segmented-table.js'

const WORD = 4294967296

export class IoTransfer {
  /** Elements of every channel, and keys by channel and key length, that both sides have. */
  private readonly lengths = new Map<number, number>()
  private readonly keys = new Map<string, number>()

  constructor(
    private readonly words: Uint32Array,
    private readonly map: MemoryMap,
  ) {}

  /** The same for a copy of the memory. */
  into(words: Uint32Array): IoTransfer {
    const copy = new IoTransfer(words, this.map)
    for (const [channel, length] of this.lengths) copy.lengths.set(channel, length)
    for (const [name, count] of this.keys) copy.keys.set(name, count)
    return copy
  }

  /**
   * Copies the channels that are longer than before to `heap` and lists them and the new keys right below `top`, from
   * where $load_io takes them. Returns the first byte after the copies.
   *
   * @throws ExecutionError when `slack` bytes do not remain between them
   */
  stage(io: IoBuffer, heap: number, top: number, slack: number): number {
    const { words, map } = this
    const channels = io.channelNumbers().filter(c => io.length(c) !== (this.lengths.get(c) ?? 0))
    const groups = [...map.ioKeys.keys()].map(length =>
      io.channelNumbers().flatMap(channel => {
        const table = io.keyTable(channel, length)
        const first = this.keys.get(`${channel} ${length}`) ?? 0
        return table === undefined || table.count === first ? [] : [{ channel, length, table, first }]
      }),
    )
    let arenas = 0
    for (const channel of channels) arenas += 8 * io.length(channel)
    let lists = 24 * channels.length
    for (const { length, table, first } of groups.flat()) lists += (table.count - first) * 8 * (length + 3)
    // The keys become rows of about the size of their records.
    if (heap + arenas + 4 * lists + slack > top)
      throw new ExecutionError('memoryLimit', `${arenas + lists} bytes of input do not fit the memory`)
    let at = heap
    let list = (top - lists) / 4
    list -= list % 2
    const put = (value: number) => {
      words[list++] = value % WORD
      words[list++] = Math.floor(value / WORD)
    }
    words[HEADER.stagedChannels / 4] = list
    words[HEADER.stagedChannels / 4 + 1] = channels.length
    for (const channel of channels) {
      const length = io.length(channel)
      words.set(io.arena(channel).subarray(0, 2 * length), at / 4)
      put(channel)
      put(at / 4)
      put(length)
      at += 8 * length
      this.lengths.set(channel, length)
    }
    groups.forEach((group, i) => {
      const header = HEADER.stagedKeys / 4 + 2 * i
      words[header] = list
      words[header + 1] = 0
      for (const { channel, length, table, first } of group) {
        words[header + 1]! += table.count - first
        for (let row = first; row < table.count; row++) {
          put(channel)
          table.copyWords(row, 0, table.strideWords, words, list)
          list += table.strideWords
        }
        this.keys.set(`${channel} ${length}`, table.count)
      }
    })
    return at
  }

  /** Adds what the run wrote to `io`. */
  collect(io: IoBuffer): void {
    const { words, map } = this
    const dictionary = new Dictionary(words, map)
    const channels = new SegmentedTable(words, map.channels)
    for (let row = 0; row < channels.count; row++) {
      const at = channels.position(row)
      const channel = dictionary.number(words[at]!)
      const before = this.lengths.get(channel) ?? 0
      const length = words[at + 2]!
      if (length === before) continue
      const arena = words[at + 1]!
      io.appendWords(channel, words.subarray(arena + 2 * before, arena + 2 * length))
      this.lengths.set(channel, length)
    }
    for (const [length, plan] of map.ioKeys) {
      const table = new SegmentedTable(words, plan)
      let known = 0
      for (const channel of io.channelNumbers()) known += this.keys.get(`${channel} ${length}`) ?? 0
      for (let row = known; row < table.count; row++) {
        const at = table.position(row)
        const channel = dictionary.number(words[at]!)
        const key = new Uint32Array(2 * length)
        for (let i = 0; i < length; i++) {
          key[2 * i] = dictionary.low(words[at + 1 + i]!)
          key[2 * i + 1] = dictionary.high(words[at + 1 + i]!)
        }
        const data = at + 1 + length
        const pair = (i: number) => words[data + i]! + words[data + i + 1]! * WORD
        io.setInfo(channel, key, 0, length, pair(0), pair(2))
        const name = `${channel} ${length}`
        this.keys.set(name, (this.keys.get(name) ?? 0) + 1)
      }
    }
  }
}

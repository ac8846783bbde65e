/**
 * Rows of field elements with a unique key, in insertion order: the storage of memo tables, memories, IO keys
 * and operand counts. A row is a fixed number of little-endian u64 words (low, high 32-bit halves) in one
 * growing arena; the key is its prefix. An open-addressing index maps a key to its row.
 */

/** Called with the additional bytes before an arena grows; throws to refuse. */
export type Reserve = (bytes: number) => void

const unlimited: Reserve = () => {}

/** What the consumers of a finished record read of a table, whichever engine filled it. */
export interface TableView {
  /** Rows. */
  readonly count: number
  /** 32-bit words of the key (two per field element), and of the whole row. */
  readonly keyWords: number
  readonly strideWords: number
  /** Do the rows have ranks? */
  readonly ranked: boolean
  /** Copies words [from, to) of a row to target[at], target[at + 1], ... */
  copyWords(row: number, from: number, to: number, target: Uint32Array, at: number): void
  /** One word of a row. */
  word(row: number, index: number): number
  /** Multiplicity of a row. */
  usesOf(row: number): number
  /** Rank of a row; 0 in a table without ranks. */
  rankOf(row: number): number
  /** Row whose key equals the words at `at`, or -1. */
  find(words: Uint32Array, at: number): number
  /** Rows with a use. */
  usedRows(): number
  /** Sum of all multiplicities. */
  uses(): number
}

export function hashWords(words: Uint32Array, at: number, length: number): number {
  let h = length
  for (let i = 0; i < length; i++) {
    h = Math.imul(h ^ words[at + i]!, 0x9e3779b1)
    h ^= h >>> 15
  }
  return Math.imul(h, 0x85ebca6b) ^ (h >>> 13)
}

export class RowTable implements TableView {
  /** Rows so far. */
  count = 0
  /** Row r occupies words [r * strideWords, (r + 1) * strideWords). */
  values: Uint32Array
  /** Uses of row r: constrained calls, loads and stores, operand uses. 0 for rows met only unconstrained. */
  multiplicity: Uint32Array
  /** Rank of row r (height over the calls inside its strongly connected component); null if unranked. */
  rank: Uint32Array | null
  /** 0 = free, r + 1 = row r, negative = an owner's mark (a call that is still running). */
  index: Int32Array
  mask: number
  /** Occupied index slots, marks included. */
  used = 0

  constructor(
    /** 32-bit words of the key (two per field element). */
    readonly keyWords: number,
    readonly strideWords: number,
    ranked = false,
    readonly reserve: Reserve = unlimited,
  ) {
    this.values = new Uint32Array(strideWords * 4)
    this.multiplicity = new Uint32Array(4)
    this.rank = ranked ? new Uint32Array(4) : null
    this.index = new Int32Array(16)
    this.mask = 15
  }

  get ranked(): boolean {
    return this.rank !== null
  }

  copyWords(row: number, from: number, to: number, target: Uint32Array, at: number): void {
    const base = row * this.strideWords
    for (let i = from; i < to; i++) target[at + i - from] = this.values[base + i]!
  }

  word(row: number, index: number): number {
    return this.values[row * this.strideWords + index]!
  }

  usesOf(row: number): number {
    return this.multiplicity[row]!
  }

  rankOf(row: number): number {
    return this.rank === null ? 0 : this.rank[row]!
  }

  find(words: Uint32Array, at: number): number {
    return this.findHashed(words, at, hashWords(words, at, this.keyWords))
  }

  findHashed(words: Uint32Array, at: number, hash: number): number {
    const { index, mask, values, strideWords, keyWords } = this
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const entry = index[slot]!
      if (entry === 0) return -1
      if (entry > 0) {
        const base = (entry - 1) * strideWords
        let i = 0
        while (i < keyWords && values[base + i] === words[at + i]) i++
        if (i === keyWords) return entry - 1
      }
    }
  }

  /** Puts an entry (row + 1, or a mark) into the first free slot of the hash. The key must be absent. */
  occupy(hash: number, entry: number, hashOfMark?: (mark: number) => number): void {
    if ((this.used + 1) * 3 > this.index.length * 2) this.growIndex(hashOfMark)
    const { index, mask } = this
    let slot = hash & mask
    while (index[slot] !== 0) slot = (slot + 1) & mask
    index[slot] = entry
    this.used++
  }

  /** Replaces a mark by a row. */
  settle(hash: number, mark: number, row: number): void {
    const { index, mask } = this
    let slot = hash & mask
    while (index[slot] !== mark) slot = (slot + 1) & mask
    index[slot] = row + 1
  }

  /** Bytes of the arrays. */
  bytes(): number {
    const { values, multiplicity, rank, index } = this
    return values.byteLength + multiplicity.byteLength + (rank?.byteLength ?? 0) + index.byteLength
  }

  /** Forgets calls that were running when an execution ended early. */
  dropMarks(): void {
    const { index, mask } = this
    index.fill(0)
    for (let row = 0; row < this.count; row++) {
      let slot = hashWords(this.values, row * this.strideWords, this.keyWords) & mask
      while (index[slot] !== 0) slot = (slot + 1) & mask
      index[slot] = row + 1
    }
    this.used = this.count
  }

  /** Makes room for one more row and returns its number; the caller writes all its words. */
  push(): number {
    const row = this.count
    if (row === this.multiplicity.length) this.growRows()
    this.count = row + 1
    return row
  }

  /** Row of the key, appended (values after the key zero, multiplicity 0) when it is new. */
  intern(words: Uint32Array, at: number): number {
    const hash = hashWords(words, at, this.keyWords)
    const found = this.findHashed(words, at, hash)
    if (found >= 0) return found
    const row = this.push()
    const base = row * this.strideWords
    for (let i = 0; i < this.keyWords; i++) this.values[base + i] = words[at + i]!
    this.occupy(hash, row + 1)
    return row
  }

  /** Adds uses to the row of the key, which is appended when it is new. */
  use(words: Uint32Array, at: number, uses = 1): void {
    // intern may replace the array, so it has to come first.
    const row = this.intern(words, at)
    this.multiplicity[row]! += uses
  }

  usedRows(): number {
    let rows = 0
    for (let r = 0; r < this.count; r++) if (this.multiplicity[r] !== 0) rows++
    return rows
  }

  uses(): number {
    let total = 0
    for (let r = 0; r < this.count; r++) total += this.multiplicity[r]!
    return total
  }

  private growRows(): void {
    const old = this.multiplicity.length
    // Large arenas grow by half: copying is cheap next to the memory that doubling would waste.
    const capacity = old < 1 << 22 ? old * 2 : Math.ceil(old * 1.5)
    const rowBytes = this.strideWords * 4 + 4 + (this.rank === null ? 0 : 4)
    this.reserve((capacity - old) * rowBytes)
    const values = new Uint32Array(this.strideWords * capacity)
    values.set(this.values)
    this.values = values
    const multiplicity = new Uint32Array(capacity)
    multiplicity.set(this.multiplicity)
    this.multiplicity = multiplicity
    if (this.rank !== null) {
      const rank = new Uint32Array(capacity)
      rank.set(this.rank)
      this.rank = rank
    }
  }

  private growIndex(hashOfMark?: (mark: number) => number): void {
    const old = this.index
    this.reserve(old.length * 4)
    const index = new Int32Array(old.length * 2)
    const mask = index.length - 1
    for (let i = 0; i < old.length; i++) {
      const entry = old[i]!
      if (entry === 0) continue
      const hash =
        entry > 0 ? hashWords(this.values, (entry - 1) * this.strideWords, this.keyWords) : hashOfMark!(entry)
      let slot = hash & mask
      while (index[slot] !== 0) slot = (slot + 1) & mask
      index[slot] = entry
    }
    this.index = index
    this.mask = mask
  }
}

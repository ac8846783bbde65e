/** 32 bits of a displayed name. */
export function symbolHash(name: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** Collects symbols for a {@link SymbolIndex}. */
export class SymbolList {
  #pairs = new Uint32Array(2048)
  #count = 0

  add(hash: number, place: number): void {
    if (2 * this.#count === this.#pairs.length) {
      const grown = new Uint32Array(2 * this.#pairs.length)
      grown.set(this.#pairs)
      this.#pairs = grown
    }
    this.#pairs[2 * this.#count] = place
    this.#pairs[2 * this.#count + 1] = hash
    this.#count++
  }

  index(): SymbolIndex {
    const pairs = this.#pairs.slice(0, 2 * this.#count)
    // Hash and place as one integer: the hash is its upper half.
    new BigUint64Array(pairs.buffer).sort()
    return new SymbolIndex(pairs)
  }
}

/**
 * From names to places, by hashes of 32 bits: eight bytes a symbol. What it answers are candidates; whoever asks compares the
 * name at the place, so a collision, or an index that is wrong, costs time and cannot put a constant in another's place.
 */
export class SymbolIndex {
  /** @param pairs place, then hash, ascending by hash and then by place */
  constructor(readonly pairs: Uint32Array) {}

  get size(): number {
    return this.pairs.length / 2
  }

  get bytes(): number {
    return this.pairs.byteLength
  }

  /** Places that a name with this hash may have, ascending. */
  candidates(hash: number): number[] {
    let low = 0
    let high = this.size
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.pairs[2 * middle + 1]! < hash) low = middle + 1
      else high = middle
    }
    const places: number[] = []
    for (; low < this.size && this.pairs[2 * low + 1] === hash; low++) places.push(this.pairs[2 * low]!)
    return places
  }
}

/** Numbers the items of several lists through. */
export class Ordinals {
  readonly #starts: Float64Array

  constructor(counts: readonly number[]) {
    this.#starts = new Float64Array(counts.length + 1)
    for (const [list, count] of counts.entries()) this.#starts[list + 1] = this.#starts[list]! + count
  }

  get total(): number {
    return this.#starts[this.#starts.length - 1]!
  }

  ordinal(list: number, index: number): number {
    return this.#starts[list]! + index
  }

  /** The list that holds an ordinal, and the position in it; undefined beyond the last. */
  locate(ordinal: number): { readonly list: number; readonly index: number } | undefined {
    if (ordinal >= this.total) return undefined
    let low = 0
    let high = this.#starts.length - 1
    while (high - low > 1) {
      const middle = (low + high) >>> 1
      if (this.#starts[middle]! <= ordinal) low = middle
      else high = middle
    }
    return { list: low, index: ordinal - this.#starts[low]! }
  }
}

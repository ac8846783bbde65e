/** The prover's Merkle trees (stark.md 3.2): leaves hashed column by column, all digests kept. */

import { FLAG, IV } from './engine/blake3-code.js'
import type { Engine } from './engine/engine.js'
import type { TreeKeys } from './hash.js'

/** Eight columns of eight bytes are a block, sixteen blocks a chunk. */
const BLOCK_COLUMNS = 8
const CHUNK_BLOCKS = 16

const WHOLE = FLAG.chunkStart | FLAG.chunkEnd | FLAG.root

function keyWords(key: Uint8Array | undefined): Uint32Array {
  if (key === undefined) return Uint32Array.from(IV)
  const view = new DataView(key.buffer, key.byteOffset, 32)
  return Uint32Array.from({ length: 8 }, (_, i) => view.getUint32(4 * i, true))
}

/** Hashes rows whose columns arrive a block at a time; memory of the engine until the scope ends. */
export class LeafHasher {
  private readonly key: Uint32Array
  private readonly keyed: number
  private readonly stack: { address: number; chunks: number }[] = []
  private readonly spare: number[] = []
  private block = 0
  private chunk = 0
  private current: number
  private readonly stride: number
  private readonly keyAt: number

  constructor(
    private readonly engine: Engine,
    private readonly rows: number,
    private readonly columns: number,
    key: Uint8Array | undefined,
  ) {
    this.key = keyWords(key)
    this.keyed = key === undefined ? 0 : FLAG.keyed
    this.stride = 4 * rows
    // The longest chain of pending chunks, and the one in work.
    let places = 2
    for (let chunks = Math.ceil(columns / 128); chunks > 1; chunks = Math.ceil(chunks / 2)) places++
    for (let i = 0; i < places; i++) this.spare.push(engine.allocate(32 * rows))
    this.keyAt = writeKey(engine, this.key)
    this.current = this.spare.pop()!
    this.start()
  }

  /** The next columns, at most eight, less than eight only at the end: vectors `stride` bytes apart. */
  absorb(at: number, stride: number, count: number): void {
    const { engine, rows } = this
    const done = this.chunk * 128 + this.block * BLOCK_COLUMNS + count
    const last = done === this.columns
    const ends = last || this.block === CHUNK_BLOCKS - 1
    let flags = this.keyed
    if (this.block === 0) flags |= FLAG.chunkStart
    if (ends) flags |= FLAG.chunkEnd
    if (last && this.chunk === 0) flags |= FLAG.root
    if (count < BLOCK_COLUMNS) engine.words.fill(0, 16, 16 + 64)
    engine.kernels.absorb(at, stride, count, rows, this.current, this.stride, flags, 8 * count, this.chunk)
    this.block++
    if (ends) this.endChunk(last)
  }

  /** The digests, word by word. */
  finish(): number {
    return this.current
  }

  private start(): void {
    const { words } = this.engine
    for (let w = 0; w < 8; w++) {
      const at = (this.current + w * this.stride) / 4
      words.fill(this.key[w]!, at, at + this.rows)
    }
    this.block = 0
  }

  private endChunk(last: boolean): void {
    const { stack } = this
    let chunks = 1
    while (stack.length > 0 && (last || stack[stack.length - 1]!.chunks === chunks)) {
      const left = stack.pop()!
      const root = last && stack.length === 0 ? FLAG.root : 0
      this.merge(left.address, FLAG.parent | this.keyed | root)
      chunks += left.chunks
    }
    if (last) return
    stack.push({ address: this.current, chunks })
    this.current = this.spare.pop()!
    this.chunk++
    this.start()
  }

  /** Parent of a pending value and the current one, in place of the pending. */
  private merge(left: number, flags: number): void {
    const { engine, stride, rows } = this
    engine.kernels.merge(left, this.current, left, stride, rows, flags, this.keyAt)
    this.spare.push(this.current)
    this.current = left
  }
}

function writeKey(engine: Engine, key: Uint32Array): number {
  const at = engine.allocate(8 * 16)
  for (let w = 0; w < 8; w++) engine.words.fill(key[w]!, at / 4 + 4 * w, at / 4 + 4 * w + 4)
  return at
}

export class Tree {
  /** Digests of level 2^log, word by word with at least four words of a kind. */
  private readonly levels: Uint32Array[]
  readonly log: number

  /** @param leaves digests by log height, word by word, in JavaScript memory */
  constructor(engine: Engine, leaves: ReadonlyMap<number, Uint32Array>, keys: TreeKeys) {
    const log = Math.max(...leaves.keys())
    this.log = log
    this.levels = new Array<Uint32Array>(log + 1)
    this.levels[log] = leaves.get(log)!
    engine.scope(() => {
      const key = writeKey(engine, keyWords(keys.node))
      const flags = WHOLE | (keys.node === undefined ? 0 : FLAG.keyed)
      // reading eight children for four parents may pass the end of small levels
      let from = engine.allocate(32 * 2 ** log + 128)
      let to = engine.allocate(16 * 2 ** log + 256)
      const injected = engine.allocate(16 * 2 ** log + 256)
      engine.write(from, this.levels[log]!)
      for (let height = log - 1; height >= 0; height--) {
        const count = 2 ** height
        const stride = 4 * Math.max(4, count)
        engine.kernels.parents(from, 4 * Math.max(4, 2 * count), to, stride, count, flags, key)
        const own = leaves.get(height)
        if (own !== undefined) {
          engine.write(injected, own)
          engine.kernels.merge(to, injected, to, stride, count, flags, key)
        }
        this.levels[height] = engine.view(to, 2 * stride).slice()
        ;[from, to] = [to, from]
      }
    })
  }

  root(): Uint8Array {
    return this.digest(0, 0)
  }

  digest(log: number, index: number): Uint8Array {
    const level = this.levels[log]!
    const stride = level.length / 8
    const words = Uint32Array.from({ length: 8 }, (_, w) => level[w * stride + index]!)
    const bytes = new Uint8Array(32)
    const view = new DataView(bytes.buffer)
    words.forEach((word, i) => {
      view.setUint32(4 * i, word, true)
    })
    return bytes
  }
}

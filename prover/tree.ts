/** The prover's Merkle trees (stark.md 3.2): leaves hashed column by column, all digests kept. */

import { FLAG, IV } from './engine/blake3-code.js'
import type { Engine } from './engine/engine.js'
import type { TreeKeys } from './hash.js'
import { runAll, type Thread, type Threads } from './threads.js'

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

/** Nodes of a level that are hashed at a time. */
const HASHED_NODES = 4096

export interface HashNodes {
  count: number
  children: Uint32Array
  /** Digests of rows that are hashed into the nodes. */
  injected: Uint32Array | null
  target: Uint32Array
  /** Words of the key, and whether there is one. */
  key: Uint32Array
  keyed: boolean
}

/** Hashes the nodes of a level from their children. */
export function hashNodes({ engine }: Thread, args: HashNodes, piece: number): void {
  const { count, children, injected, target, key, keyed } = args
  const from = piece * HASHED_NODES
  const nodes = Math.min(HASHED_NODES, count - from)
  const flags = WHOLE | (keyed ? FLAG.keyed : 0)
  // kernels work on four nodes at a time, from eight children
  const stride = 4 * Math.max(4, nodes)
  engine.scope(() => {
    const at = writeKey(engine, key)
    const below = engine.allocate(16 * stride + 64)
    const nodesAt = engine.allocate(8 * stride)
    const beside = engine.allocate(8 * stride)
    const copy = (to: number, words: Uint32Array, first: number, length: number, step: number) => {
      const all = words.length / 8
      for (let w = 0; w < 8; w++)
        engine.write(to + step * w, words.subarray(all * w + first, all * w + first + length))
    }
    copy(below, children, 2 * from, 2 * nodes, 2 * stride)
    engine.kernels.parents(below, 2 * stride, nodesAt, stride, nodes, flags, at)
    if (injected !== null) {
      copy(beside, injected, from, nodes, stride)
      engine.kernels.merge(nodesAt, beside, nodesAt, stride, nodes, flags, at)
    }
    const all = target.length / 8
    for (let w = 0; w < 8; w++) target.set(engine.view(nodesAt + stride * w, nodes), all * w + from)
  })
}

export class Tree {
  /** Digests of level 2^log, word by word. */
  private readonly levels: Uint32Array[]
  readonly log: number

  /** @param leaves digests by log height, word by word */
  constructor(threads: Threads, leaves: ReadonlyMap<number, Uint32Array>, keys: TreeKeys) {
    const log = Math.max(...leaves.keys())
    this.log = log
    this.levels = new Array<Uint32Array>(log + 1)
    this.levels[log] = leaves.get(log)!
    const key = keyWords(keys.node)
    for (let height = log - 1; height >= 0; height--) {
      const count = 2 ** height
      const target = threads.share(8 * count)
      const args = {
        count,
        children: this.levels[height + 1]!,
        injected: leaves.get(height) ?? null,
        target,
        key,
        keyed: keys.node !== undefined,
      }
      runAll(threads, hashNodes, args, Math.ceil(count / HASHED_NODES))
      this.levels[height] = target
    }
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

/**
 * Fills the IO channels of a check. Everything here is advice to the kernel: it hashes, range-checks or recomputes what
 * it reads, so a wrong word ends in a rejection.
 */
import { IoBuffer } from '../aiur/vm/io.js'
import type { Address } from '../ixon/address.js'
import { encodeProjection, projectionAddress } from '../ixon/constant.js'
import type { Environment } from '../ixon/environment.js'
import type { Hints } from '../lean/declaration.js'
import { type Claim, encodeClaim, publicInput } from '../shards/claim.js'
import { canonicalTree } from '../shards/merkle.js'
import { type ConstantShape, constantShape } from './constant-shape.js'

/** Channels; keys are the eight words of a digest. */
export const CHANNEL = {
  /** Claim bytes under their digest. */
  claim: 0,
  /** Merkle trees under their root: preorder, 0 and eight words for a leaf, 1 padding, 2 node. */
  tree: 1,
  /** Bytes of constants under their address. */
  constant: 2,
  /** Shapes of constants: offsets of the tables, self-references, number of references, their uses, member kinds. */
  shape: 3,
  /** Payloads of literals under their address. */
  blob: 4,
  /** Primitive tables under their digest. */
  primitives: 5,
  /** Reducibility hints under the address of the constant: 0 opaque or none, 1 + height, 2^32 - 1 abbreviation. */
  hint: 6,
  /** Under the key 0: 1 when hashing works on bytes, 0 for nibbles (blake3.aiur). */
  hashing: 7,
  /** Membership paths under the digest of their claim: number of steps; for each 1 (right child) or 0, and the sibling. */
  path: 8,
} as const

/** Eight little-endian words of a digest: the keys of all channels and the public inputs. */
export function digestWords(digest: Address): number[] {
  return publicInput(digest)
}

/** A byte stream as the kernel reads it: its length, then little-endian words padded by zeros to blocks of sixteen. */
export function streamWords(bytes: Uint8Array): Uint32Array {
  const words = new Uint32Array(1 + 16 * Math.ceil(bytes.length / 64))
  words[0] = bytes.length
  for (let i = 0; i < bytes.length; i++) words[1 + (i >> 2)]! |= bytes[i]! << (8 * (i & 3))
  return words
}

/** Where the bytes of constants and literals come from. */
export interface WitnessSource {
  constant(address: Address): Uint8Array | undefined
  blob(address: Address): Uint8Array | undefined
  hint?(address: Address): Hints | undefined
}

export function environmentSource(environment: Environment): WitnessSource {
  return {
    constant: address => (environment.has(address) ? environment.bytes(address) : undefined),
    blob: address => (environment.hasBlob(address) ? environment.blob(address) : undefined),
    hint: address => (environment.has(address) ? environment.hint(address) : undefined),
  }
}

const ABBREVIATION = 2 ** 32 - 1

function hintWord(hint: Hints | undefined): number {
  if (hint === undefined || hint.kind === 'opaque') return 0
  return hint.kind === 'abbrev' ? ABBREVIATION : Math.min(1 + hint.height, ABBREVIATION - 1)
}

const PROJECTION_KINDS = ['dprj', 'iprj', 'rprj'] as const

/** The witness of one execution. */
export class Witness {
  readonly io = new IoBuffer()
  /** Shapes of the constants put so far; `undefined` for unreadable bytes. */
  readonly shapes = new Map<Address, ConstantShape | undefined>()
  readonly #blobs = new Set<Address>()

  /** @param hashing which tables hashing uses: those of bytes are half as wide, but have a price of their own */
  constructor(
    private readonly source: WitnessSource,
    hashing: 'nibbles' | 'bytes' = 'nibbles',
  ) {
    this.io.put(CHANNEL.hashing, [0], [hashing === 'bytes' ? 1 : 0])
  }

  /**
   * Puts everything that checking these constants can read: the closure over references, block pointers, and the
   * projections of all block members, whether the source holds those or not.
   */
  putClosure(roots: Iterable<Address>): void {
    const open: Address[] = [...roots]
    for (let address = open.pop(); address !== undefined; address = open.pop()) {
      if (this.shapes.has(address)) continue
      const bytes = this.source.constant(address)
      if (bytes === undefined) continue
      const shape = this.putConstant(address, bytes)
      if (shape === undefined) continue
      if (shape.block !== undefined) open.push(shape.block)
      for (const ref of shape.refs) {
        open.push(ref)
        this.putBlob(ref)
      }
      shape.members.forEach(({ kind, ctors }, idx) => {
        this.putProjections(address, kind, idx, ctors)
      })
    }
  }

  putConstant(address: Address, bytes: Uint8Array): ConstantShape | undefined {
    const shape = constantShape(bytes)
    this.shapes.set(address, shape)
    const key = digestWords(address)
    this.io.put(CHANNEL.constant, key, streamWords(bytes))
    this.io.put(CHANNEL.shape, key, shape === undefined ? [0, 0, 0, 0, 0] : shapeWords(shape))
    this.io.put(CHANNEL.hint, key, [hintWord(this.source.hint?.(address))])
    return shape
  }

  private putProjections(block: Address, kind: number, idx: number, ctors: number): void {
    const name = PROJECTION_KINDS[kind]
    if (name === undefined) return
    this.putProjection({ kind: name, idx, block })
    for (let cidx = 0; cidx < ctors; cidx++) this.putProjection({ kind: 'cprj', idx, cidx, block })
  }

  private putProjection(projection: Parameters<typeof encodeProjection>[0]): void {
    const address = projectionAddress(projection)
    if (!this.shapes.has(address)) this.putConstant(address, encodeProjection(projection))
  }

  private putBlob(address: Address): void {
    if (this.#blobs.has(address)) return
    const bytes = this.source.blob(address)
    if (bytes === undefined) return
    this.#blobs.add(address)
    this.io.put(CHANNEL.blob, digestWords(address), streamWords(bytes))
  }

  putClaim(claim: Claim, digest: Address): void {
    const key = digestWords(digest)
    if (this.io.info(CHANNEL.claim, key) === undefined)
      this.io.put(CHANNEL.claim, key, streamWords(encodeClaim(claim)))
  }

  /** The canonical tree over a set, under its root; an empty set has none. */
  putTree(root: Address, leaves: readonly Address[]): void {
    const tree = canonicalTree(leaves)
    if (tree === undefined) return
    const key = digestWords(root)
    if (this.io.info(CHANNEL.tree, key) === undefined) this.io.put(CHANNEL.tree, key, treeWords(tree))
  }

  putPrimitives(digest: Address, bytes: Uint8Array): void {
    this.io.put(CHANNEL.primitives, digestWords(digest), streamWords(bytes))
  }
}

function shapeWords(shape: ConstantShape): number[] {
  return [
    shape.sharing,
    shape.references,
    shape.universes,
    shape.selfReferences,
    shape.uses.length,
    ...shape.uses,
    ...shape.members.map(member => member.kind),
  ]
}

/** A serialised Merkle tree (ixon.md 6.2), its tag aside, with addresses as words. */
function treeWords(tree: Uint8Array): number[] {
  const words: number[] = []
  const view = new DataView(tree.buffer, tree.byteOffset, tree.byteLength)
  for (let at = 1; at < tree.length; ) {
    const kind = tree[at++]!
    words.push(kind)
    if (kind !== 0) continue
    for (let i = 0; i < 8; i++) words.push(view.getUint32(at + 4 * i, true))
    at += 32
  }
  return words
}

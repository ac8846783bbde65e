/** Shard manifests, `.ixes` (ixon.md 5.6): which shard owns which blocks. */
import { readFileSync } from 'node:fs'
import { type Address, addressBytes, addressFromBytes } from '../ixon/address.js'
import { canonicalRoot } from '../ixon/merkle.js'
import { InputError } from '../lean/input-error.js'

export interface Shard {
  /** u32, distinct within a manifest. */
  readonly id: number
  /** Cost of the owned blocks in the unit of the profile: bytes for a static partition. u64. */
  readonly heartbeats: bigint
  /** Bytes of the owned blocks. u64. */
  readonly ownSize: bigint
  /** Bytes of the foreign blocks. u64. */
  readonly crossIngress: bigint
  /** Owned blocks, ascending. */
  readonly blocks: readonly Address[]
  /** Blocks of other shards that an owned block refers to, ascending. */
  readonly foreign: readonly Address[]
}

export interface Manifest {
  /** Sum over the shards, u128. */
  readonly totalCrossIngress: bigint
  readonly shards: readonly Shard[]
  /**
   * Tree of the recursive bisection in preorder: {@link TREE_NODE} for a node, a shard id for a leaf. Its leaves are
   * exactly the shard ids. Old files have none.
   */
  readonly tree?: readonly number[]
}

export const TREE_NODE = -1

const MAGIC = [0x49, 0x58, 0x45, 0x53, 0, 0, 0, 0] // "IXES", padded
const HEADER_SIZE = 8 + 16 + 4
/** Bytes of a shard without addresses and assumption root. */
const SHARD_SIZE = 4 + 3 * 8 + 1 + 4 + 4

export function encodeManifest(manifest: Manifest): Uint8Array {
  let size = HEADER_SIZE
  for (const { blocks, foreign } of manifest.shards) {
    size += SHARD_SIZE + (foreign.length > 0 ? 32 : 0) + 32 * (blocks.length + foreign.length)
  }
  if (manifest.tree !== undefined) {
    size += 1
    for (const entry of manifest.tree) size += entry === TREE_NODE ? 1 : 5
  } else {
    size += 1
  }
  const bytes = new Uint8Array(size)
  const view = new DataView(bytes.buffer)
  bytes.set(MAGIC)
  view.setBigUint64(8, BigInt.asUintN(64, manifest.totalCrossIngress), true)
  view.setBigUint64(16, manifest.totalCrossIngress >> 64n, true)
  view.setUint32(24, manifest.shards.length, true)
  let offset = HEADER_SIZE
  const put = (address: Address): void => {
    bytes.set(addressBytes(address), offset)
    offset += 32
  }
  const putAll = (addresses: readonly Address[]): void => {
    view.setUint32(offset, addresses.length, true)
    offset += 4
    addresses.forEach(put)
  }
  for (const shard of manifest.shards) {
    view.setUint32(offset, shard.id, true)
    view.setBigUint64(offset + 4, shard.heartbeats, true)
    view.setBigUint64(offset + 12, shard.ownSize, true)
    view.setBigUint64(offset + 20, shard.crossIngress, true)
    offset += 28
    const root = canonicalRoot(shard.foreign)
    bytes[offset++] = root === undefined ? 0 : 1
    if (root !== undefined) put(root)
    putAll(shard.blocks)
    putAll(shard.foreign)
  }
  bytes[offset++] = manifest.tree === undefined ? 0 : 1
  for (const entry of manifest.tree ?? []) {
    bytes[offset++] = entry === TREE_NODE ? 1 : 0
    if (entry !== TREE_NODE) {
      view.setUint32(offset, entry, true)
      offset += 4
    }
  }
  return bytes
}

/**
 * Reads a manifest. Throws InputError, with the offset, on truncated or trailing data, addresses out of order, a root
 * that is not the one of the foreign blocks, sums that do not match and trees whose leaves are not the shard ids.
 *
 * @param rootsKnown the roots of these bytes were found to be right before: hashing them takes most of the time
 */
export function readManifest(
  bytes: Uint8Array,
  file: string,
  { rootsKnown = false }: { rootsKnown?: boolean } = {},
): Manifest {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let offset = 0
  const fail = (reason: string, at = offset): never => {
    throw new InputError(reason, { file, offset: at })
  }
  const need = (count: number, what: string): void => {
    if (bytes.length - offset < count) {
      fail(`truncated shard manifest: ${what} needs ${count} bytes, ${bytes.length - offset} are left`)
    }
  }
  if (bytes.length < 8 || MAGIC.some((byte, i) => bytes[i] !== byte))
    fail('not a shard manifest: bad magic bytes')
  need(HEADER_SIZE, 'the header')
  const totalCrossIngress = view.getBigUint64(8, true) | (view.getBigUint64(16, true) << 64n)
  const shardCount = view.getUint32(24, true)
  offset = HEADER_SIZE
  need(shardCount * SHARD_SIZE, `a list of ${shardCount} shards`)

  const readAddresses = (what: string): Address[] => {
    need(4, `the number of ${what}`)
    const count = view.getUint32(offset, true)
    offset += 4
    need(count * 32, `a list of ${count} ${what}`)
    const addresses: Address[] = []
    for (let i = 0; i < count; i++, offset += 32) {
      const address = addressFromBytes(bytes, offset)
      if (i > 0 && address <= addresses[i - 1]!) fail(`${what} are not in ascending order`)
      addresses.push(address)
    }
    return addresses
  }

  const shards: Shard[] = []
  const ids = new Set<number>()
  for (let i = 0; i < shardCount; i++) {
    need(SHARD_SIZE, `shard ${i}`)
    const id = view.getUint32(offset, true)
    if (ids.has(id)) fail(`shard id ${id} occurs twice`)
    ids.add(id)
    const heartbeats = view.getBigUint64(offset + 4, true)
    const ownSize = view.getBigUint64(offset + 12, true)
    const crossIngress = view.getBigUint64(offset + 20, true)
    offset += 28
    const rootOffset = offset
    const flag = bytes[offset++]!
    if (flag > 1) fail(`bad option byte ${flag} before the assumption root`, rootOffset)
    let root: Address | undefined
    if (flag === 1) {
      need(32, 'the assumption root')
      root = addressFromBytes(bytes, offset)
      offset += 32
    }
    const blocks = readAddresses('owned blocks')
    const foreign = readAddresses('foreign blocks')
    if (!rootsKnown && root !== canonicalRoot(foreign)) {
      fail(`shard ${id}: the assumption root is not the Merkle root of the foreign blocks`, rootOffset)
    }
    shards.push({ id, heartbeats, ownSize, crossIngress, blocks, foreign })
  }
  const sum = shards.reduce((total, shard) => total + shard.crossIngress, 0n)
  if (sum !== totalCrossIngress) fail('the total cross ingress is not the sum over the shards', 8)

  let tree: number[] | undefined
  if (offset < bytes.length) {
    const flag = bytes[offset]!
    if (flag > 1) fail(`bad option byte ${flag} before the tree`)
    offset++
    if (flag === 1) {
      tree = []
      const unseen = new Set(ids)
      for (let open = 1; open > 0; ) {
        need(1, 'the tree')
        const tag = bytes[offset]!
        if (tag > 1) fail(`unknown tree node ${tag}: expected 0 (leaf) or 1 (node)`)
        offset++
        if (tag === 1) {
          tree.push(TREE_NODE)
          open++
          // A tree over n leaves has n - 1 nodes; more can only end in a leaf too many.
          if (open > shardCount) fail('the tree has more leaves than there are shards')
          continue
        }
        need(4, 'a leaf of the tree')
        const id = view.getUint32(offset, true)
        if (!unseen.delete(id)) fail(`tree leaf ${id} is not a shard id, or occurs twice`)
        offset += 4
        tree.push(id)
        open--
      }
      if (unseen.size > 0) fail(`the tree has no leaf for shard ${[...unseen][0]}`)
    }
  }
  if (offset !== bytes.length) fail('trailing bytes after the shard manifest')
  return { totalCrossIngress, shards, ...(tree === undefined ? {} : { tree }) }
}

/** The bytes of a manifest file. Throws InputError if it cannot be read. */
export function manifestBytes(file: string): Uint8Array {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new InputError(`cannot read the shard manifest: ${(error as Error).message}`, { file })
  }
}

/** Reads the manifest in a file. Throws InputError if it cannot be read or is damaged. */
export function openManifest(file: string): Manifest {
  return readManifest(manifestBytes(file), file)
}

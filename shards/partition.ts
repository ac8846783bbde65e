/** Static partition of an environment's blocks into shards (ixon.md 7.5 to 7.8). */
import { bisect } from './bisect.js'
import type { BlockGraph } from './graph.js'
import { type Hypergraph, hypergraphOf, restrict } from './hypergraph.js'
import { type Manifest, type Shard, TREE_NODE } from './manifest.js'
import { rebalance } from './rebalance.js'

export interface PartitionOptions {
  /** At least 1, at most the number of blocks. */
  readonly shards: number
  /** Allowed deviation from an even bisection, in percent. */
  readonly balance?: number
}

export const DEFAULT_BALANCE = 5

export interface Partition {
  /** Shard of each block. */
  readonly shardOf: Uint32Array
  /** The recursion in preorder, see {@link Manifest.tree}. */
  readonly tree: readonly number[]
  readonly nets: number
  /** Moves of the rebalancing pass. */
  readonly moves: number
  /** Predicted cost of each shard (ixon.md 7.3, static). */
  readonly costs: Float64Array
}

/** Deterministic in its arguments. RangeError for a number of shards or a balance out of range. */
export function partition(graph: BlockGraph, options: PartitionOptions): Partition {
  const { shards, balance = DEFAULT_BALANCE } = options
  const count = graph.sizes.length
  if (!Number.isInteger(shards) || shards < 1 || shards > count) {
    throw new RangeError(`${count} blocks cannot be split into ${shards} shards`)
  }
  if (!(balance >= 0 && balance < 50))
    throw new RangeError(`the balance must be in 0 .. 50 %, not ${balance}`)
  const hypergraph = hypergraphOf(graph, shards)
  const shardOf = new Uint32Array(count)
  const tree: number[] = []
  const open: { part: Hypergraph; blocks: Uint32Array; shards: number; base: number }[] = [
    { part: hypergraph, blocks: Uint32Array.from(shardOf, (_, block) => block), shards, base: 0 },
  ]
  for (let task = open.pop(); task !== undefined; task = open.pop()) {
    const { part, blocks, base } = task
    if (task.shards === 1) {
      for (const block of blocks) shardOf[block] = base
      tree.push(base)
      continue
    }
    tree.push(TREE_NODE)
    const sides = bisect(part, balance / 100)
    const left = verticesOn(sides, 0)
    const right = verticesOn(sides, 1)
    const leftShards = shareOf(
      task.shards,
      weightOf(part, left),
      weightOf(part, right),
      left.length,
      right.length,
    )
    const child = (vertices: Uint32Array, childShards: number, childBase: number) => ({
      part: restrict(part, vertices),
      blocks: vertices.map(vertex => blocks[vertex]!),
      shards: childShards,
      base: childBase,
    })
    open.push(child(right, task.shards - leftShards, base + leftShards), child(left, leftShards, base))
  }
  const { moves, costs } = rebalance(graph, shardOf, shards)
  return { shardOf, tree, nets: hypergraph.netWeights.length, moves, costs }
}

function verticesOn(sides: Uint8Array, side: number): Uint32Array {
  const vertices: number[] = []
  sides.forEach((s, vertex) => {
    if (s === side) vertices.push(vertex)
  })
  return Uint32Array.from(vertices)
}

function weightOf(part: Hypergraph, vertices: Uint32Array): number {
  return vertices.reduce((sum, vertex) => sum + part.weights[vertex]!, 0)
}

/** Shards of the left side: in proportion to its weight, and no side gets more shards than vertices. */
function shareOf(shards: number, left: number, right: number, leftCount: number, rightCount: number): number {
  const total = Math.max(1, left + right)
  // The product exceeds 2^53 for large libraries.
  const even = Number((BigInt(shards) * BigInt(left) + BigInt(total) / 2n) / BigInt(total))
  return Math.min(Math.max(even, 1, shards - rightCount), shards - 1, leftCount)
}

/** The manifest of a partition: owned and foreign blocks of each shard with their sums. */
export function manifestOf(graph: BlockGraph, { shardOf, tree, costs }: Partition): Manifest {
  const { addresses, sizes, producers } = graph
  const owned: number[][] = Array.from(costs, () => [])
  shardOf.forEach((shard, block) => {
    owned[shard]!.push(block)
  })
  const shards = owned.map((blocks, id): Shard => {
    const foreign = new Set<number>()
    for (const block of blocks) {
      for (let e = producers.offsets[block]!; e < producers.offsets[block + 1]!; e++) {
        const producer = producers.entries[e]!
        if (shardOf[producer] !== id) foreign.add(producer)
      }
    }
    const foreignBlocks = [...foreign].sort((a, b) => a - b)
    const bytes = (ids: readonly number[]): bigint =>
      BigInt(ids.reduce((sum, block) => sum + sizes[block]!, 0))
    return {
      id,
      // The static profile counts one heartbeat per byte.
      heartbeats: bytes(blocks),
      ownSize: bytes(blocks),
      crossIngress: bytes(foreignBlocks),
      blocks: blocks.map(block => addresses[block]!),
      foreign: foreignBlocks.map(block => addresses[block]!),
    }
  })
  return {
    totalCrossIngress: shards.reduce((sum, shard) => sum + shard.crossIngress, 0n),
    shards,
    tree,
  }
}

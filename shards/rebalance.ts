/** Evens out the predicted costs of the shards of a static partition by moving single blocks (ixon.md 7.6). */
import { type BlockGraph, type Rows, transpose } from './graph.js'

/** Fitted cost of checking an owned block of s bytes: LINEAR s + POWER s^1.5 (ixon.md 7.3, static). */
const LINEAR = 28_201
const POWER = 681.08
/** Cost per byte of a foreign block that the shard has to read. */
const FOREIGN = 38_000
/** Stops when the dearest and the cheapest shard are this share of the mean apart. */
const CLOSE_ENOUGH = 0.01

export function ownedCost(size: number): number {
  return LINEAR * size + POWER * size ** 1.5
}

/** Moves blocks in place; returns the number of moves and the predicted cost of each shard. */
export function rebalance(
  graph: BlockGraph,
  shardOf: Uint32Array,
  shards: number,
): { moves: number; costs: Float64Array } {
  const { sizes, producers } = graph
  const count = sizes.length
  const weights = Float64Array.from(sizes, ownedCost)
  const costs = initialCosts(graph, shardOf, shards, weights)
  const mean = (): number => costs.reduce((sum, cost) => sum + cost, 0) / shards
  // Owned consumers of each block in the hot and the cold shard.
  const hotUses = new Uint32Array(count)
  const coldUses = new Uint32Array(count)
  let moves = 0
  for (;;) {
    const hot = lastMaximum(costs)
    const cold = firstMinimum(costs)
    const gap = costs[hot]! - costs[cold]!
    if (gap <= CLOSE_ENOUGH * mean()) break
    countUses(producers, shardOf, hot, hotUses)
    countUses(producers, shardOf, cold, coldUses)
    let best = -1
    let bestPeak = Infinity
    let bestChange = Infinity
    let bestHot = 0
    let bestCold = 0
    for (let block = 0; block < count; block++) {
      if (shardOf[block] !== hot || weights[block]! > gap) continue
      // Bytes that become foreign to either shard when the block moves.
      let hotForeign = hotUses[block]! > 0 ? sizes[block]! : 0
      let coldForeign = coldUses[block]! > 0 ? -sizes[block]! : 0
      for (let e = producers.offsets[block]!; e < producers.offsets[block + 1]!; e++) {
        const producer = producers.entries[e]!
        if (shardOf[producer] !== hot && hotUses[producer] === 1) hotForeign -= sizes[producer]!
        if (shardOf[producer] !== cold && coldUses[producer] === 0) coldForeign += sizes[producer]!
      }
      const newHot = costs[hot]! - weights[block]! + FOREIGN * hotForeign
      const newCold = costs[cold]! + weights[block]! + FOREIGN * coldForeign
      const peak = Math.max(newHot, newCold)
      const change = newHot + newCold - costs[hot]! - costs[cold]!
      if (peak < bestPeak || (peak === bestPeak && change < bestChange)) {
        best = block
        bestPeak = peak
        bestChange = change
        bestHot = newHot
        bestCold = newCold
      }
    }
    if (best < 0 || bestPeak >= costs[hot]!) break
    shardOf[best] = cold
    costs[hot] = bestHot
    costs[cold] = bestCold
    moves++
  }
  return { moves, costs }
}

function initialCosts(
  graph: BlockGraph,
  shardOf: Uint32Array,
  shards: number,
  weights: Float64Array,
): Float64Array {
  const { sizes, producers } = graph
  const costs = new Float64Array(shards)
  weights.forEach((weight, block) => {
    costs[shardOf[block]!]! += weight
  })
  // A producer costs every shard but its own that consumes it, once.
  const consumers = transpose(producers, sizes.length)
  const lastConsumer = new Int32Array(shards).fill(-1)
  for (let producer = 0; producer < sizes.length; producer++) {
    for (let e = consumers.offsets[producer]!; e < consumers.offsets[producer + 1]!; e++) {
      const shard = shardOf[consumers.entries[e]!]!
      if (shard === shardOf[producer] || lastConsumer[shard] === producer) continue
      lastConsumer[shard] = producer
      costs[shard]! += FOREIGN * sizes[producer]!
    }
  }
  return costs
}

function countUses(producers: Rows, shardOf: Uint32Array, shard: number, uses: Uint32Array): void {
  uses.fill(0)
  for (let consumer = 0; consumer < shardOf.length; consumer++) {
    if (shardOf[consumer] !== shard) continue
    for (let e = producers.offsets[consumer]!; e < producers.offsets[consumer + 1]!; e++) {
      uses[producers.entries[e]!]!++
    }
  }
}

function lastMaximum(values: Float64Array): number {
  return values.reduce((best, value, i) => (value >= values[best]! ? i : best), 0)
}

function firstMinimum(values: Float64Array): number {
  return values.reduce((best, value, i) => (value < values[best]! ? i : best), 0)
}

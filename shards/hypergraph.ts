/** The hypergraph that a partition cuts (ixon.md 7.4): vertices are blocks, a net joins a block and its consumers. */
import { type BlockGraph, type Rows, transpose } from './graph.js'

export interface Hypergraph {
  /** Work that a vertex stands for. */
  readonly weights: Float64Array
  /** The same, capped, for the balance test. */
  readonly balance: Float64Array
  /** Pins of each net: at least two, distinct. */
  readonly nets: Rows
  readonly netWeights: Float64Array
  /** Nets of each vertex, ascending. */
  readonly incidence: Rows
}

/** Cost units per byte that the static strategy puts into a vertex (ixon.md 7.4). */
const VERTEX_WEIGHT = 196_600

/** One net per block with consumers, weighing the block's size; balance weights are capped at an even share. */
export function hypergraphOf(graph: BlockGraph, shardCount: number): Hypergraph {
  const count = graph.sizes.length
  const weights = Float64Array.from(graph.sizes, size => size * VERTEX_WEIGHT)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const cap = Math.max(1, Math.floor(total / shardCount))
  const consumers = transpose(graph.producers, count)
  const nets = new NetBuilder(count, consumers.entries.length + count)
  for (let producer = 0; producer < count; producer++) {
    nets.add(producer)
    for (let e = consumers.offsets[producer]!; e < consumers.offsets[producer + 1]!; e++) {
      nets.add(consumers.entries[e]!)
    }
    nets.end(graph.sizes[producer]!)
  }
  return nets.build(
    weights,
    Float64Array.from(weights, weight => Math.min(weight, cap)),
  )
}

/** Collects nets into flat arrays, dropping those with fewer than two pins. */
class NetBuilder {
  private readonly offsets: Uint32Array
  private readonly pins: Uint32Array
  private readonly netWeights: Float64Array
  private netCount = 0
  private pinCount = 0

  constructor(maxNets: number, maxPins: number) {
    this.offsets = new Uint32Array(maxNets + 1)
    this.pins = new Uint32Array(maxPins)
    this.netWeights = new Float64Array(maxNets)
  }

  add(pin: number): void {
    this.pins[this.pinCount++] = pin
  }

  /** Ends the net that the pins since the last call form. */
  end(weight: number): void {
    const start = this.offsets[this.netCount]!
    if (this.pinCount - start < 2) {
      this.pinCount = start
      return
    }
    this.netWeights[this.netCount++] = weight
    this.offsets[this.netCount] = this.pinCount
  }

  build(weights: Float64Array, balance: Float64Array): Hypergraph {
    const nets = {
      offsets: this.offsets.slice(0, this.netCount + 1),
      entries: this.pins.slice(0, this.pinCount),
    }
    const netWeights = this.netWeights.slice(0, this.netCount)
    return { weights, balance, nets, netWeights, incidence: transpose(nets, weights.length) }
  }
}

/** The part of a hypergraph on some of its vertices (ascending): nets are restricted to them. */
export function restrict(graph: Hypergraph, vertices: Uint32Array): Hypergraph {
  const renumbered = new Int32Array(graph.weights.length).fill(-1)
  vertices.forEach((vertex, i) => {
    renumbered[vertex] = i
  })
  const { nets, netWeights } = graph
  const builder = new NetBuilder(netWeights.length, nets.entries.length)
  for (let net = 0; net < netWeights.length; net++) {
    for (let e = nets.offsets[net]!; e < nets.offsets[net + 1]!; e++) {
      const pin = renumbered[nets.entries[e]!]!
      if (pin >= 0) builder.add(pin)
    }
    builder.end(netWeights[net]!)
  }
  return builder.build(
    Float64Array.from(vertices, vertex => graph.weights[vertex]!),
    Float64Array.from(vertices, vertex => graph.balance[vertex]!),
  )
}

/** Merges the vertices with equal `group` (0 .. groupCount - 1); pins are sorted and made distinct. */
export function contract(graph: Hypergraph, group: Int32Array, groupCount: number): Hypergraph {
  const weights = new Float64Array(groupCount)
  const balance = new Float64Array(groupCount)
  for (let vertex = 0; vertex < group.length; vertex++) {
    weights[group[vertex]!]! += graph.weights[vertex]!
    balance[group[vertex]!]! += graph.balance[vertex]!
  }
  const { nets, netWeights } = graph
  const builder = new NetBuilder(netWeights.length, nets.entries.length)
  for (let net = 0; net < netWeights.length; net++) {
    const pins = nets.entries
      .subarray(nets.offsets[net]!, nets.offsets[net + 1]!)
      .map(pin => group[pin]!)
      .sort()
    for (let i = 0; i < pins.length; i++) if (i === 0 || pins[i] !== pins[i - 1]) builder.add(pins[i]!)
    builder.end(netWeights[net]!)
  }
  return builder.build(weights, balance)
}

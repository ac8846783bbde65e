import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bisect } from '../../shards/bisect.js'
import { coverage } from '../../shards/coverage.js'
import { type BlockGraph, type EnvironmentGraph, rowsOf, transpose } from '../../shards/graph.js'
import { hypergraphOf } from '../../shards/hypergraph.js'
import { encodeManifest, readManifest, TREE_NODE } from '../../shards/manifest.js'
import { manifestOf, partition } from '../../shards/partition.js'
import { ownedCost } from '../../shards/rebalance.js'

/** Blocks 0 .. n-1 with addresses in that order; `edges[c]` lists producers of c. */
function graphOf(sizes: readonly number[], edges: readonly (readonly number[])[]): EnvironmentGraph {
  const addresses = sizes.map((_, id) => id.toString(16).padStart(64, '0'))
  return {
    addresses,
    sizes: Uint32Array.from(sizes),
    producers: rowsOf(edges.map((row, c) => row.filter(p => p !== c))),
    constants: addresses,
    blockOf: Uint32Array.from(sizes, (_, id) => id),
  }
}

/** A layered random graph, like a library: every block refers to a few earlier ones, mostly to near ones. */
function libraryOf(count: number, seed: number): EnvironmentGraph {
  let state = seed >>> 0
  const random = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  const sizes = Array.from({ length: count }, () => 20 + random(400))
  const edges = sizes.map((_, c) =>
    c === 0
      ? []
      : Array.from({ length: 1 + random(8) }, () =>
          random(5) === 0 ? random(Math.min(c, 50)) : Math.max(0, c - 1 - random(60)),
        ),
  )
  return graphOf(sizes, edges)
}

const graphs = fc
  .integer({ min: 1, max: 60 })
  .chain(count =>
    fc.tuple(
      fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: count, maxLength: count }),
      fc.array(fc.array(fc.nat(count - 1), { maxLength: 6 }), { minLength: count, maxLength: count }),
    ),
  )
  .map(([sizes, edges]) => graphOf(sizes, edges))

/** Predicted cost of a shard straight from the definition in ixon.md 7.3. */
function costOf(graph: BlockGraph, shardOf: Uint32Array, shard: number): number {
  const foreign = new Set<number>()
  let cost = 0
  graph.sizes.forEach((size, block) => {
    if (shardOf[block] !== shard) return
    cost += 28201 * size + 681.08 * size ** 1.5
    for (let e = graph.producers.offsets[block]!; e < graph.producers.offsets[block + 1]!; e++) {
      const producer = graph.producers.entries[e]!
      if (shardOf[producer] !== shard) foreign.add(producer)
    }
  })
  for (const producer of foreign) cost += 38000 * graph.sizes[producer]!
  return cost
}

describe('the block relation', () => {
  it('is reversed by transpose', () => {
    const rows = rowsOf([[2, 1, 1], [], [0]])
    expect([...rows.entries]).toEqual([1, 2, 0])
    const back = transpose(rows, 3)
    expect([...back.offsets]).toEqual([0, 1, 2, 3])
    expect([...back.entries]).toEqual([2, 0, 0])
  })

  it('becomes one net per block with consumers, capped balance weights', () => {
    const hypergraph = hypergraphOf(graphOf([10, 20, 1000], [[], [0], [0, 1]]), 2)
    expect([...hypergraph.nets.entries]).toEqual([0, 1, 2, 1, 2])
    expect([...hypergraph.nets.offsets]).toEqual([0, 3, 5])
    expect([...hypergraph.netWeights]).toEqual([10, 20])
    expect([...hypergraph.weights]).toEqual([1966000, 3932000, 196600000])
    expect(hypergraph.balance[2]).toBe(Math.floor((1030 * 196600) / 2))
  })
})

describe('bisection', () => {
  it('finds the single edge between two clusters', () => {
    // Two cliques of 20 blocks, one reference between them.
    const edges = Array.from({ length: 40 }, (_, c) =>
      Array.from({ length: c % 20 }, (_, i) => (c < 20 ? i : 20 + i)),
    )
    edges[39]!.push(3)
    const sides = bisect(hypergraphOf(graphOf(Array(40).fill(100), edges), 2), 0.05)
    expect(new Set(sides.subarray(0, 20)).size).toBe(1)
    expect(new Set(sides.subarray(20)).size).toBe(1)
    expect(sides[0]).not.toBe(sides[20])
  })

  it('keeps both sides within the tolerance on a large graph', () => {
    const hypergraph = hypergraphOf(libraryOf(3000, 7), 2)
    const sides = bisect(hypergraph, 0.05)
    const total = hypergraph.balance.reduce((sum, weight) => sum + weight, 0)
    const left = hypergraph.balance.reduce((sum, weight, v) => sum + (sides[v] === 0 ? weight : 0), 0)
    expect(left / total).toBeGreaterThan(0.45)
    expect(left / total).toBeLessThan(0.55)
    // A random bisection cuts nearly every net; a local one cuts a small share of the weight.
    const cut = hypergraph.netWeights.reduce((sum, weight, net) => {
      const pins = hypergraph.nets.entries.subarray(
        hypergraph.nets.offsets[net]!,
        hypergraph.nets.offsets[net + 1]!,
      )
      return pins.every(pin => sides[pin] === sides[pins[0]!]) ? sum : sum + weight
    }, 0)
    expect(cut).toBeLessThan(0.15 * hypergraph.netWeights.reduce((sum, weight) => sum + weight, 0))
  })
})

describe('partition', () => {
  it('covers every block once, with a tree over the shards', () => {
    fc.assert(
      fc.property(graphs, fc.nat(), (graph, pick) => {
        const shards = 1 + (pick % graph.sizes.length)
        const result = partition(graph, { shards })
        const manifest = manifestOf(graph, result)
        expect(manifest.shards).toHaveLength(shards)
        expect(coverage(graph, manifest).ok).toBe(true)
        expect(result.tree.filter(entry => entry !== TREE_NODE)).toEqual(
          Array.from({ length: shards }, (_, i) => i),
        )
        expect(readManifest(encodeManifest(manifest), 'a.ixes')).toEqual(manifest)
      }),
    )
  })

  it('predicts the cost that the definition gives', () => {
    fc.assert(
      fc.property(graphs, fc.nat(), (graph, pick) => {
        const shards = 1 + (pick % graph.sizes.length)
        const { shardOf, costs } = partition(graph, { shards })
        // Moves add up rounding errors of the size of a double's last digits.
        const total = costs.reduce((sum, cost) => sum + cost, 0)
        costs.forEach((cost, shard) => {
          expect(Math.abs(cost - costOf(graph, shardOf, shard))).toBeLessThan(1e-9 * total)
        })
      }),
    )
    expect(ownedCost(100)).toBeCloseTo(28201 * 100 + 681.08 * 1000, 6)
  })

  it('is deterministic and evens out the shards of a library', () => {
    const graph = libraryOf(4000, 11)
    const first = partition(graph, { shards: 16 })
    const second = partition(graph, { shards: 16 })
    expect(Buffer.from(encodeManifest(manifestOf(graph, second)))).toEqual(
      Buffer.from(encodeManifest(manifestOf(graph, first))),
    )
    expect(first.moves).toBeGreaterThan(0)
    expect(Math.max(...first.costs) / Math.min(...first.costs)).toBeLessThan(1.05)
  })

  it('refuses what cannot be split', () => {
    const graph = graphOf([1, 2], [[], [0]])
    expect(() => partition(graph, { shards: 3 })).toThrow('2 blocks cannot be split into 3 shards')
    expect(() => partition(graph, { shards: 0 })).toThrow(RangeError)
    expect(() => partition(graph, { shards: 2, balance: 50 })).toThrow(RangeError)
  })
})

describe('coverage', () => {
  const graph = graphOf([10, 10, 10], [[], [0], [1]])
  const [a, b, c] = graph.addresses as [string, string, string]
  const manifestWith = (...owned: string[][]) => ({
    totalCrossIngress: 0n,
    shards: owned.map((blocks, id) => ({
      id,
      heartbeats: 0n,
      ownSize: 0n,
      crossIngress: 0n,
      blocks,
      foreign: [],
    })),
  })

  it('counts the constants of each shard', () => {
    expect(coverage(graph, manifestWith([a, c], [b]))).toEqual({
      ok: true,
      constantsOf: [2, 1],
      shared: [],
      uncovered: [],
      unknown: [],
    })
  })

  it('names shared, uncovered and unknown blocks', () => {
    expect(coverage(graph, manifestWith([a, b], [b, c]))).toMatchObject({
      ok: false,
      shared: [{ block: b, shards: [0, 1] }],
    })
    expect(coverage(graph, manifestWith([a], [c]))).toMatchObject({ ok: false, uncovered: [b] })
    const elsewhere = 'ee'.repeat(32)
    expect(coverage(graph, manifestWith([a, b, c], [elsewhere]))).toMatchObject({
      ok: false,
      unknown: [elsewhere],
    })
  })

  it('covers members through their block', () => {
    const withMembers = {
      ...graph,
      constants: [...graph.constants, 'ff'.repeat(32)],
      blockOf: Uint32Array.of(0, 1, 2, 1),
    }
    expect(coverage(withMembers, manifestWith([a], [b, c])).constantsOf).toEqual([1, 3])
    expect(coverage(withMembers, manifestWith([a], [c])).uncovered).toEqual([b, 'ff'.repeat(32)])
  })
})

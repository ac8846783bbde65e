/**
 * Multilevel bisection of a hypergraph (ixon.md 7.5): coarsen by matching, cut the coarsest graph greedily from a few
 * seeds, refine by Fiduccia-Mattheyses (FM) on the way back. Deterministic: all ties go to the lowest vertex id.
 */
import { contract, type Hypergraph } from './hypergraph.js'

/** Coarsening ends at this many vertices; the balance weight of a merged vertex is capped at the same share. */
const COARSEST = 256
/** A coarsening pass that leaves more than this share of the vertices is discarded. */
const STALL = 0.9
/** Larger nets do not count in matching. */
const MATCHING_PINS = 100
/** Larger nets are invisible to growth and refinement. */
const REFINEMENT_PINS = 400
const INITIAL_PASSES = 10
const UNCOARSEN_PASSES = 1
const RESTARTS = 4

/** Side, 0 or 1, of each vertex. `tolerance` is the allowed deviation of a side from half the balance weight. */
export function bisect(graph: Hypergraph, tolerance: number): Uint8Array {
  const base = graph.balance.every(weight => weight === 0)
    ? { ...graph, balance: graph.balance.map(() => 1) }
    : graph
  const total = base.balance.reduce((sum, weight) => sum + weight, 0)
  const bounds = {
    total,
    min: Math.floor((0.5 - tolerance) * total),
    max: Math.ceil((0.5 + tolerance) * total),
  }

  const levels: { fine: Hypergraph; group: Int32Array }[] = []
  let coarsest = base
  while (coarsest.weights.length > COARSEST) {
    const { group, groupCount } = match(coarsest, total)
    if (groupCount > STALL * coarsest.weights.length) break
    levels.push({ fine: coarsest, group })
    coarsest = contract(coarsest, group, groupCount)
  }

  let sides = initialSides(coarsest, bounds)
  for (const { fine, group } of levels.reverse()) {
    const coarse = sides
    sides = Uint8Array.from(group, vertex => coarse[vertex]!)
    refine(fine, sides, bounds, UNCOARSEN_PASSES)
  }
  // Refinement can empty a side of weightless vertices.
  return sides.includes(0) && sides.includes(1) ? sides : halves(sides.length)
}

function halves(count: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, vertex) => (vertex < count / 2 ? 0 : 1))
}

interface Bounds {
  readonly total: number
  /** Least and greatest balance weight of side 0. */
  readonly min: number
  readonly max: number
}

/** Pairs vertices that share heavy small nets; group numbers ascend with the lowest vertex of each group. */
function match(graph: Hypergraph, total: number): { group: Int32Array; groupCount: number } {
  const { nets, netWeights, incidence, balance } = graph
  const count = balance.length
  const cap = Math.max(1, Math.floor(total / COARSEST))
  const group = new Int32Array(count).fill(-1)
  const score = new Float64Array(count)
  const touched = new Uint32Array(count)
  let groupCount = 0
  let cursor = 0
  for (let v = 0; v < count; v++) {
    if (group[v]! >= 0) continue
    let touchedCount = 0
    for (let i = incidence.offsets[v]!; i < incidence.offsets[v + 1]!; i++) {
      const net = incidence.entries[i]!
      const start = nets.offsets[net]!
      const end = nets.offsets[net + 1]!
      if (end - start > MATCHING_PINS) continue
      const share = Math.floor(netWeights[net]! / (end - start - 1))
      if (share === 0) continue
      for (let e = start; e < end; e++) {
        const u = nets.entries[e]!
        if (u === v || group[u]! >= 0) continue
        if (score[u] === 0) touched[touchedCount++] = u
        score[u]! += share
      }
    }
    let partner = -1
    let best = 0
    for (let i = 0; i < touchedCount; i++) {
      const u = touched[i]!
      const fits = balance[v]! + balance[u]! <= cap
      if (fits && (score[u]! > best || (score[u]! === best && u < partner))) {
        best = score[u]!
        partner = u
      }
      score[u] = 0
    }
    if (partner < 0) {
      while (cursor < count && (cursor <= v || group[cursor]! >= 0)) cursor++
      if (cursor < count && balance[v]! + balance[cursor]! <= cap) partner = cursor
    }
    group[v] = groupCount
    if (partner >= 0) group[partner] = groupCount
    groupCount++
  }
  return { group, groupCount }
}

/** Best of a few greedy growths, each refined. */
function initialSides(graph: Hypergraph, bounds: Bounds): Uint8Array {
  const count = graph.weights.length
  let heaviest = 0
  graph.weights.forEach((weight, vertex) => {
    if (weight > graph.weights[heaviest]!) heaviest = vertex
  })
  const seeds = new Set([heaviest])
  for (let i = 0; i < RESTARTS; i++) seeds.add(Math.floor((i * count) / RESTARTS))

  let best: { sides: Uint8Array; outOfBalance: boolean; cut: number } | undefined
  for (const seed of seeds) {
    const sides = grow(graph, seed, bounds.total)
    refine(graph, sides, bounds, INITIAL_PASSES)
    if (!sides.includes(0) || !sides.includes(1)) continue
    const weight = sideWeight(graph, sides)
    const outOfBalance = weight < bounds.min || weight > bounds.max
    const cut = cutWeight(graph, sides)
    const better =
      best === undefined || (outOfBalance === best.outOfBalance ? cut < best.cut : best.outOfBalance)
    if (better) best = { sides, outOfBalance, cut }
  }
  return best?.sides ?? halves(count)
}

function sideWeight(graph: Hypergraph, sides: Uint8Array): number {
  return graph.balance.reduce((sum, weight, vertex) => (sides[vertex] === 0 ? sum + weight : sum), 0)
}

/** Weight of the nets with pins on both sides. */
function cutWeight(graph: Hypergraph, sides: Uint8Array): number {
  const { nets, netWeights } = graph
  let cut = 0
  for (let net = 0; net < netWeights.length; net++) {
    const first = sides[nets.entries[nets.offsets[net]!]!]
    for (let e = nets.offsets[net]! + 1; e < nets.offsets[net + 1]!; e++) {
      if (sides[nets.entries[e]!] !== first) {
        cut += netWeights[net]!
        break
      }
    }
  }
  return cut
}

/** Grows side 0 from a seed, always by the vertex most connected to it, to half of the balance weight. */
function grow(graph: Hypergraph, seed: number, total: number): Uint8Array {
  const { nets, netWeights, incidence, balance } = graph
  const count = balance.length
  const sides = new Uint8Array(count).fill(1)
  const touched = new Uint8Array(netWeights.length)
  const connected = new VertexHeap(new Float64Array(count))
  const half = Math.floor(total / 2)
  let weight = 0
  let unassigned = 0
  for (let vertex = seed; ; ) {
    sides[vertex] = 0
    connected.remove(vertex)
    weight += balance[vertex]!
    for (let i = incidence.offsets[vertex]!; i < incidence.offsets[vertex + 1]!; i++) {
      const net = incidence.entries[i]!
      const start = nets.offsets[net]!
      const end = nets.offsets[net + 1]!
      if (touched[net] === 1 || end - start > REFINEMENT_PINS) continue
      touched[net] = 1
      for (let e = start; e < end; e++) {
        const u = nets.entries[e]!
        if (sides[u] === 1) connected.set(u, connected.keys[u]! + netWeights[net]!)
      }
    }
    if (weight >= half) return sides
    let next = connected.pop()
    if (next < 0) {
      while (unassigned < count && sides[unassigned] === 0) unassigned++
      if (unassigned === count) return sides
      next = unassigned
    }
    vertex = next
  }
}

/** FM passes in place, until one brings nothing. */
function refine(graph: Hypergraph, sides: Uint8Array, bounds: Bounds, passes: number): void {
  for (let pass = 0; pass < passes; pass++) if (!refineOnce(graph, sides, bounds)) return
}

/** One FM pass: every vertex moves at most once, then all moves behind the best prefix are undone. */
function refineOnce(graph: Hypergraph, sides: Uint8Array, bounds: Bounds): boolean {
  const { nets, netWeights, incidence, balance } = graph
  const count = balance.length
  const netCount = netWeights.length
  const visible = (net: number): boolean => nets.offsets[net + 1]! - nets.offsets[net]! <= REFINEMENT_PINS
  // Pins of each net on either side: entry 2 * net + side.
  const pinsOn = new Uint32Array(2 * netCount)
  for (let net = 0; net < netCount; net++) {
    if (!visible(net)) continue
    for (let e = nets.offsets[net]!; e < nets.offsets[net + 1]!; e++) {
      pinsOn[2 * net + sides[nets.entries[e]!]!]!++
    }
  }
  const heap = new VertexHeap(new Float64Array(count))
  for (let net = 0; net < netCount; net++) {
    if (!visible(net)) continue
    const weight = netWeights[net]!
    for (let e = nets.offsets[net]!; e < nets.offsets[net + 1]!; e++) {
      const v = nets.entries[e]!
      heap.keys[v]! += weight * netGain(pinsOn[2 * net + sides[v]!]!, pinsOn[2 * net + 1 - sides[v]!]!)
    }
  }
  for (let net = 0; net < netCount; net++) {
    if (pinsOn[2 * net] === 0 || pinsOn[2 * net + 1] === 0) continue
    for (let e = nets.offsets[net]!; e < nets.offsets[net + 1]!; e++) {
      const v = nets.entries[e]!
      heap.set(v, heap.keys[v]!)
    }
  }

  const locked = new Uint8Array(count)
  const moves = new Uint32Array(count)
  let moveCount = 0
  let bestCount = 0
  let gained = 0
  let bestGained = 0
  let weight = sideWeight(graph, sides)
  for (let v = heap.pop(); v >= 0; v = heap.pop()) {
    locked[v] = 1
    const from = sides[v]!
    const to = 1 - from
    const moved = from === 0 ? weight - balance[v]! : weight + balance[v]!
    if (from === 0 ? moved < bounds.min : moved > bounds.max) continue
    weight = moved
    gained += heap.keys[v]!
    sides[v] = to
    moves[moveCount++] = v
    if (gained > bestGained) {
      bestGained = gained
      bestCount = moveCount
    }
    for (let i = incidence.offsets[v]!; i < incidence.offsets[v + 1]!; i++) {
      const net = incidence.entries[i]!
      const atFrom = pinsOn[2 * net + from]!
      const atTo = pinsOn[2 * net + to]!
      if (atFrom === 0) continue // invisible
      pinsOn[2 * net + from] = atFrom - 1
      pinsOn[2 * net + to] = atTo + 1
      const changeFrom = netGain(atFrom - 1, atTo + 1) - netGain(atFrom, atTo)
      const changeTo = netGain(atTo + 1, atFrom - 1) - netGain(atTo, atFrom)
      if ((changeFrom === 0 || atFrom === 1) && (changeTo === 0 || atTo === 0)) continue
      for (let e = nets.offsets[net]!; e < nets.offsets[net + 1]!; e++) {
        const u = nets.entries[e]!
        if (locked[u] === 1) continue
        const change = sides[u] === from ? changeFrom : changeTo
        if (change !== 0) heap.set(u, heap.keys[u]! + change * netWeights[net]!)
      }
    }
  }
  for (let i = bestCount; i < moveCount; i++) sides[moves[i]!]! ^= 1
  return bestCount > 0
}

/** What moving a pin saves, in units of the net's weight, with `own` pins on its side and `other` on the other one. */
function netGain(own: number, other: number): number {
  if (other === 0) return -1
  return own === 1 ? 1 : 0
}

/** Heap of vertices by highest key, then lowest id. */
class VertexHeap {
  private readonly heap: Uint32Array
  /** Position in the heap plus one; 0 = not in it. */
  private readonly place: Uint32Array
  private size = 0

  constructor(
    /** Key of every vertex, in the heap or not. Change those of members through {@link set} only. */
    readonly keys: Float64Array,
  ) {
    this.heap = new Uint32Array(keys.length)
    this.place = new Uint32Array(keys.length)
  }

  /** Sets a vertex's key and puts it into the heap if it is not there. */
  set(vertex: number, key: number): void {
    this.keys[vertex] = key
    if (this.place[vertex] === 0) {
      this.heap[this.size] = vertex
      this.place[vertex] = ++this.size
    }
    this.sink(this.rise(this.place[vertex]! - 1))
  }

  /** Takes the first vertex out; -1 if there is none. */
  pop(): number {
    if (this.size === 0) return -1
    const top = this.heap[0]!
    this.remove(top)
    return top
  }

  remove(vertex: number): void {
    const at = this.place[vertex]! - 1
    if (at < 0) return
    this.place[vertex] = 0
    const last = this.heap[--this.size]!
    if (last === vertex) return
    this.heap[at] = last
    this.place[last] = at + 1
    this.sink(this.rise(at))
  }

  private before(a: number, b: number): boolean {
    return this.keys[a]! > this.keys[b]! || (this.keys[a]! === this.keys[b]! && a < b)
  }

  private rise(start: number): number {
    const vertex = this.heap[start]!
    let at = start
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!this.before(vertex, this.heap[parent]!)) break
      this.put(at, this.heap[parent]!)
      at = parent
    }
    this.put(at, vertex)
    return at
  }

  private sink(start: number): void {
    const vertex = this.heap[start]!
    let at = start
    for (;;) {
      let child = 2 * at + 1
      if (child >= this.size) break
      if (child + 1 < this.size && this.before(this.heap[child + 1]!, this.heap[child]!)) child++
      if (!this.before(this.heap[child]!, vertex)) break
      this.put(at, this.heap[child]!)
      at = child
    }
    this.put(at, vertex)
  }

  private put(at: number, vertex: number): void {
    this.heap[at] = vertex
    this.place[vertex] = at + 1
  }
}

/**
 * The sharing pass (ixon.md 4.6): which repeated subterms of a constant move into its sharing table, and in which
 * order. Works on binary nodes, once per constant over all its root expressions.
 */
import { blake3 } from '@noble/hashes/blake3.js'
import type { Expression } from './expression.js'
import { MOST_SHORT_BYTES, ShortHash } from './short-hash.js'
import { tag0Size, tag4Size } from './tags.js'
import { KIND, type TermGraph } from './term-graph.js'

export interface Shared {
  readonly sharing: Expression[]
  /** One per root, in order. */
  readonly roots: Expression[]
}

/** Counts are exact up to 2^53 and rounded above, which no term of a real library comes near. */
export function share(graph: TermGraph, roots: readonly number[]): Shared {
  const use = useCounts(graph, roots)
  const candidates = findCandidates(graph, use)
  if (candidates.length <= 1) return rewrite(graph, use, roots, candidates)
  const digests = nodeDigests(graph, use)
  const accepted = select(candidates, digests)
  return rewrite(graph, use, roots, tableOrder(graph, use, accepted, digests))
}

interface Candidate {
  readonly node: number
  readonly use: number
  /** (use - 1) * size: what sharing saves before the cost of the references. */
  readonly gross: number
}

/** Where counts stop: a small graph can be a tree of 2^2000 nodes, and a count times a size has to stay finite. */
const MOST = 2 ** 500

/** Occurrences of every node in the roots read as trees; 0 for nodes that the roots do not reach. */
function useCounts(graph: TermGraph, roots: readonly number[]): Float64Array {
  const use = new Float64Array(graph.count)
  for (const root of roots) use[root]! += 1
  const { kind, a, b, c } = graph
  for (let node = graph.count - 1; node >= 0; node--) {
    const count = Math.min(use[node]!, MOST)
    if (count === 0) continue
    use[node] = count
    switch (kind[node]) {
      case KIND.app:
      case KIND.lam:
      case KIND.all:
        use[a[node]!]! += count
        use[b[node]!]! += count
        break
      case KIND.let:
        use[a[node]!]! += count
        use[b[node]!]! += count
        use[c[node]!]! += count
        break
      case KIND.prj:
        use[c[node]!]! += count
    }
  }
  return use
}

function findCandidates(graph: TermGraph, use: Float64Array): Candidate[] {
  const { kind, a, b, c, lists } = graph
  const sizes = new Float64Array(graph.count)
  const candidates: Candidate[] = []
  for (let node = 0; node < graph.count; node++) {
    const count = use[node]!
    if (count === 0) continue
    let size: number
    switch (kind[node]) {
      case KIND.app:
      case KIND.lam:
      case KIND.all:
        size = 1 + sizes[a[node]!]! + sizes[b[node]!]!
        break
      case KIND.let:
        size = 1 + sizes[a[node]!]! + sizes[b[node]!]! + sizes[c[node]!]!
        break
      case KIND.prj:
        size = tag4Size(b[node]!) + tag0Size(a[node]!) + sizes[c[node]!]!
        break
      case KIND.ref:
      case KIND.rec: {
        const list = lists[b[node]!]!
        size = tag4Size(list.length) + tag0Size(a[node]!)
        for (const universe of list) size += tag0Size(universe)
        break
      }
      default:
        size = tag4Size(a[node]!)
    }
    size = Math.min(size, MOST)
    sizes[node] = size
    const gross = (count - 1) * size
    if (count >= 2 && gross - count > 0) candidates.push({ node, use: count, gross })
  }
  return candidates
}

/** Accepts candidates by falling gain as long as a reference, whose length grows with the table, still pays. */
function select(candidates: Candidate[], digests: Digests): Candidate[] {
  candidates.sort((x, y) => y.gross - x.gross || digests.compare(x.node, y.node))
  const accepted: Candidate[] = []
  for (const candidate of candidates)
    if (candidate.gross - candidate.use * tag4Size(accepted.length) > 0) accepted.push(candidate)
  return accepted
}

/** Depth-first from all subterms in ascending digest order, operands before the node, accepted ones only. */
function tableOrder(
  graph: TermGraph,
  use: Float64Array,
  accepted: readonly Candidate[],
  digests: Digests,
): Candidate[] {
  const { kind, a, b, c } = graph
  const candidateOf = new Map<number, Candidate>()
  // 1: the node is accepted or contains an accepted one; other nodes emit nothing and need no visit.
  const relevant = new Uint8Array(graph.count)
  for (const candidate of accepted) {
    candidateOf.set(candidate.node, candidate)
    relevant[candidate.node] = 1
  }
  const starts: number[] = []
  for (let node = 0; node < graph.count; node++) {
    if (use[node] === 0) continue
    switch (kind[node]) {
      case KIND.app:
      case KIND.lam:
      case KIND.all:
        relevant[node]! |= relevant[a[node]!]! | relevant[b[node]!]!
        break
      case KIND.let:
        relevant[node]! |= relevant[a[node]!]! | relevant[b[node]!]! | relevant[c[node]!]!
        break
      case KIND.prj:
        relevant[node]! |= relevant[c[node]!]!
    }
    if (relevant[node] === 1) starts.push(node)
  }
  starts.sort((x, y) => digests.compare(x, y))
  const order: Candidate[] = []
  const entered = new Uint8Array(graph.count)
  const stack: number[] = []
  const push = (node: number) => {
    if (relevant[node] === 1 && entered[node] === 0) stack.push(node)
  }
  for (const start of starts) {
    push(start)
    while (stack.length > 0) {
      const top = stack.at(-1)!
      // A negative entry is a node whose operands are done.
      if (top < 0) {
        stack.pop()
        const candidate = candidateOf.get(~top)
        if (candidate !== undefined) order.push(candidate)
        continue
      }
      if (entered[top] === 1) {
        stack.pop()
        continue
      }
      entered[top] = 1
      stack[stack.length - 1] = ~top
      switch (kind[top]) {
        case KIND.app:
        case KIND.lam:
        case KIND.all:
          push(b[top]!)
          push(a[top]!)
          break
        case KIND.let:
          push(c[top]!)
          push(b[top]!)
          push(a[top]!)
          break
        case KIND.prj:
          push(c[top]!)
      }
    }
  }
  return order
}

function rewrite(
  graph: TermGraph,
  use: Float64Array,
  roots: readonly number[],
  table: readonly Candidate[],
): Shared {
  const position = new Map<number, number>()
  for (let i = 0; i < table.length; i++) position.set(table[i]!.node, i)
  const sharing = new Array<Expression>(table.length)
  const expressions = new Array<Expression>(graph.count)
  const operand = (node: number) => expressions[node]!
  for (let node = 0; node < graph.count; node++) {
    if (use[node] === 0) continue
    const expression = graph.expression(node, operand)
    const index = position.get(node)
    if (index !== undefined) sharing[index] = expression
    expressions[node] = index === undefined ? expression : { kind: 'share', index }
  }
  return { sharing, roots: roots.map(operand) }
}

/** Structural digests, 8 words per node. */
class Digests {
  readonly words: Int32Array
  readonly bytes: Uint8Array
  readonly #view: DataView

  constructor(count: number) {
    this.words = new Int32Array(8 * count)
    this.bytes = new Uint8Array(this.words.buffer)
    this.#view = new DataView(this.words.buffer)
  }

  /** Compares as byte strings. */
  compare(x: number, y: number): number {
    for (let at = 0; at < 32; at += 4) {
      const difference = this.#view.getUint32(32 * x + at) - this.#view.getUint32(32 * y + at)
      if (difference !== 0) return difference
    }
    return 0
  }
}

/** Level arguments of a constant up to which its digest's input fits the hash buffer. */
const MOST_LEVELS = (MOST_SHORT_BYTES - 1) / 8 - 2

function nodeDigests(graph: TermGraph, use: Float64Array): Digests {
  const { kind, a, b, c, lists, nondep } = graph
  const hash = new ShortHash()
  const input = hash.bytes
  const view = new DataView(input.buffer)
  const digests = new Digests(graph.count)
  let length = 0
  const word = (value: number) => {
    view.setUint32(length, value, true)
    view.setUint32(length + 4, 0)
    length += 8
  }
  const digest = (node: number) => {
    const from = 32 * node
    for (let i = 0; i < 32; i++) input[length + i] = digests.bytes[from + i]!
    length += 32
  }
  for (let node = 0; node < graph.count; node++) {
    if (use[node] === 0) continue
    input[0] = kind[node]!
    length = 1
    switch (kind[node]) {
      case KIND.app:
      case KIND.lam:
      case KIND.all:
        digest(a[node]!)
        digest(b[node]!)
        break
      case KIND.let:
        input[length++] = nondep[node]!
        digest(a[node]!)
        digest(b[node]!)
        digest(c[node]!)
        break
      case KIND.prj:
        word(a[node]!)
        word(b[node]!)
        digest(c[node]!)
        break
      case KIND.ref:
      case KIND.rec: {
        const list = lists[b[node]!]!
        word(a[node]!)
        word(list.length)
        if (list.length > MOST_LEVELS) {
          const long = new Uint8Array(length + 8 * list.length)
          long.set(input.subarray(0, length))
          const levels = new DataView(long.buffer, length)
          list.forEach((universe, i) => {
            levels.setUint32(8 * i, universe, true)
          })
          digests.bytes.set(blake3(long), 32 * node)
          continue
        }
        for (const universe of list) word(universe)
        break
      }
      default:
        word(a[node]!)
    }
    hash.digest(length, digests.words, 8 * node)
  }
  return digests
}

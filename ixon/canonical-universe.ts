/**
 * Canonical representative of a universe's semantic class: equal value under every assignment of naturals to the
 * parameters (ixon.md 4.7). The input is first turned into a map from *paths* (increasing lists of parameters that
 * must be positive, "gates") to a numeral and parameter offsets; redundant parts are dropped; the rest is written
 * out in a fixed order.
 */
import { InputError } from '../lean/input-error.js'
import { imax, max, numeral, successor, type Universe, variable, ZERO } from './universe.js'

type Path = readonly number[]

interface Node {
  readonly path: Path
  constant: number
  /** parameter -> offset */
  readonly offsets: Map<number, number>
}

/** Gate combinations of one universe; real libraries stay below ten. */
const MOST_PATHS = 2048

/**
 * The form of the format does not keep the value of every universe: in `imax (imax (imax v x + 1) v) u` it writes `v + 1`
 * under the gates u and x alone, where x counts without v. So its value is compared, and where it is another one, every atom
 * stands under all gates of its path.
 *
 * @throws InputError for a universe that spreads over more than {@link MOST_PATHS} combinations of parameters
 */
export function canonicalUniverse(universe: Universe): Universe {
  const nodes = subsume(normalise(universe))
  const tight = linearise(nodes, true)
  return sameValue(subsume(normalise(tight)), nodes) ? tight : linearise(nodes, false)
}

function sameValue(left: readonly Node[], right: readonly Node[]): boolean {
  return isBelow(left, right) && isBelow(right, left)
}

/** Whether what each part of the left side contributes is reached on the right whenever the part's gates are positive. */
function isBelow(left: readonly Node[], right: readonly Node[]): boolean {
  return left.every(
    ({ path, constant, offsets }) =>
      reaches(right, constant, path) &&
      [...offsets].every(([parameter, offset]) =>
        right.some(node => isSubset(node.path, path) && (node.offsets.get(parameter) ?? -1) >= offset),
      ),
  )
}

/** Whether the value is reached whenever the parameters of the path are positive. */
function reaches(nodes: readonly Node[], value: number, path: Path): boolean {
  return (
    value === 0 ||
    nodes.some(
      node =>
        isSubset(node.path, path) &&
        (node.constant >= value || [...node.offsets.values()].some(offset => offset + 1 >= value)),
    )
  )
}

function comparePaths(left: Path, right: Path): number {
  for (let i = 0; i < left.length && i < right.length; i++)
    if (left[i] !== right[i]) return left[i]! - right[i]!
  return left.length - right.length
}

function isSubset(small: Path, large: Path): boolean {
  return small.every(element => large.includes(element))
}

function insert(path: Path, element: number): Path {
  return [...path, element].sort((a, b) => a - b)
}

/** One task: the universe `left` (or `imax left right`) under the gates `path` with `pending` successors around it. */
interface Task {
  readonly left: Universe
  readonly right: Universe | undefined
  readonly path: Path
  readonly pending: number
}

class Normaliser {
  readonly nodes = new Map<string, Node>()
  readonly #tasks: Task[] = []
  readonly #seen = new Set<string>()
  readonly #identities = new Map<Universe, number>()

  /** Queues a task unless it was queued before: every task only raises entries, so once is enough. */
  push(left: Universe, right: Universe | undefined, path: Path, pending: number): void {
    const key = `${this.#identity(left)} ${right === undefined ? '' : this.#identity(right)} ${path} ${pending}`
    if (this.#seen.has(key)) return
    this.#seen.add(key)
    this.#tasks.push({ left, right, path, pending })
  }

  #identity(universe: Universe): number {
    let identity = this.#identities.get(universe)
    if (identity === undefined) {
      identity = this.#identities.size
      this.#identities.set(universe, identity)
    }
    return identity
  }

  run(): void {
    for (let task = this.#tasks.pop(); task !== undefined; task = this.#tasks.pop()) {
      const { left, right, path, pending } = task
      if (right === undefined) this.#level(left, path, pending)
      else this.#imax(left, right, path, pending)
    }
  }

  node(path: Path): Node {
    const key = path.join()
    let node = this.nodes.get(key)
    if (node === undefined) {
      if (this.nodes.size === MOST_PATHS)
        throw new InputError(`a universe level with over ${MOST_PATHS} combinations of parameters`)
      node = { path, constant: 0, offsets: new Map() }
      this.nodes.set(key, node)
    }
    return node
  }

  #constant(value: number, path: Path): void {
    if (value === 0 || (value === 1 && path.length > 0)) return
    const node = this.node(path)
    node.constant = Math.max(node.constant, value)
  }

  #offset(parameter: number, value: number, path: Path): void {
    const { offsets } = this.node(path)
    offsets.set(parameter, Math.max(offsets.get(parameter) ?? 0, value))
  }

  /** A parameter; answers the path with it as a gate, or `undefined` if it was one already. */
  #parameter(index: number, path: Path, pending: number): Path | undefined {
    if (path.includes(index)) {
      if (pending !== 0) this.#offset(index, pending, path)
      return undefined
    }
    const gated = insert(path, index)
    this.#constant(pending, path)
    this.#offset(index, pending, gated)
    return gated
  }

  #level(universe: Universe, path: Path, pending: number): void {
    switch (universe.kind) {
      case 'zero':
        this.#constant(pending, path)
        break
      case 'succ':
        this.push(universe.base, undefined, path, pending + universe.count)
        break
      case 'max':
        this.push(universe.left, undefined, path, pending)
        this.push(universe.right, undefined, path, pending)
        break
      case 'imax':
        this.push(universe.left, universe.right, path, pending)
        break
      case 'var':
        this.#parameter(universe.index, path, pending)
    }
  }

  #imax(left: Universe, right: Universe, path: Path, pending: number): void {
    switch (right.kind) {
      case 'zero':
        this.#constant(pending, path)
        break
      case 'succ':
        this.push(left, undefined, path, pending)
        this.push(right.base, undefined, path, pending + right.count)
        break
      case 'max':
        this.push(left, right.left, path, pending)
        this.push(left, right.right, path, pending)
        break
      case 'imax':
        this.push(left, right.right, path, pending)
        this.push(right.left, right.right, path, pending)
        break
      case 'var': {
        const gated = this.#parameter(right.index, path, pending)
        this.push(left, undefined, gated ?? path, pending)
      }
    }
  }
}

/** Nodes in path order. */
function normalise(universe: Universe): Node[] {
  const normaliser = new Normaliser()
  normaliser.node([])
  normaliser.push(universe, undefined, [], 0)
  normaliser.run()
  return [...normaliser.nodes.values()].sort((a, b) => comparePaths(a.path, b.path))
}

/** Drops what another node with no more gates already guarantees. */
function subsume(snapshot: readonly Node[]): Node[] {
  return snapshot.map(original => {
    const node: Node = { ...original, offsets: new Map(original.offsets) }
    for (const other of snapshot) {
      if (!isSubset(other.path, node.path)) continue
      const same = other.path.length === node.path.length
      if (node.constant !== 0) {
        const most = Math.max(0, ...node.offsets.values())
        const keep =
          (same || node.constant > other.constant) && (other.offsets.size === 0 || node.constant > most + 1)
        if (!keep) node.constant = 0
      }
      if (same) continue
      for (const [parameter, offset] of node.offsets)
        if ((other.offsets.get(parameter) ?? -1) >= offset) node.offsets.delete(parameter)
    }
    return node
  })
}

interface Group {
  readonly path: Path
  constant: number
  readonly atoms: Map<number, number>
}

/** @param tight whether an atom stands without its own gate where its offset is covered without it */
function linearise(nodes: readonly Node[], tight: boolean): Universe {
  const root = nodes[0]!.constant
  const groups = groupAtoms(nodes, tight)
  const sorted = [...groups.values()].sort((a, b) => comparePaths(a.path, b.path))
  const orders = new Map<Group, Path>()
  const consumed = new Set<string>()
  for (const group of sorted) {
    if (group.path.length === 0 || (group.atoms.size === 0 && group.constant === 0)) continue
    const order = gateOrder(group.path, nodes)
    orders.set(group, order)
    for (let j = 0; j < order.length; j++) {
      const key = order
        .slice(0, j)
        .sort((a, b) => a - b)
        .join()
      if (groups.get(key)?.atoms.get(order[j]!) === 0) consumed.add(`${key};${order[j]}`)
    }
  }
  const terms: Universe[] = []
  let rootCovered = false
  for (const group of sorted) {
    const body: Universe[] = []
    const key = group.path.join()
    for (const [parameter, offset] of [...group.atoms].sort((a, b) => a[0] - b[0])) {
      if (offset === 0 && consumed.has(`${key};${parameter}`)) continue
      body.push(successor(variable(parameter), offset))
      if (group.path.length === 0 && offset >= root) rootCovered = true
    }
    if (group.path.length === 0) {
      terms.push(...body)
      continue
    }
    if (group.constant > 0) body.push(numeral(group.constant))
    if (body.length === 0) continue
    let term = rightNested(body)
    for (const gate of [...orders.get(group)!].reverse()) term = imax(term, variable(gate))
    terms.push(term)
  }
  if (root > 0 && !rootCovered) terms.push(numeral(root))
  return rightNested(terms)
}

function groupAtoms(nodes: readonly Node[], tight: boolean): Map<string, Group> {
  const groups = new Map<string, Group>()
  const group = (path: Path): Group => {
    const key = path.join()
    let found = groups.get(key)
    if (found === undefined) {
      found = { path, constant: 0, atoms: new Map() }
      groups.set(key, found)
    }
    return found
  }
  group([])
  for (const { path, constant, offsets } of nodes) {
    if (path.length > 0 && constant > 0) {
      const home = group(path)
      home.constant = Math.max(home.constant, constant)
    }
    for (const [parameter, offset] of offsets) {
      const rest = path.filter(gate => gate !== parameter)
      const { atoms } = group(tight && reaches(nodes, offset, rest) ? rest : path)
      atoms.set(parameter, Math.max(atoms.get(parameter) ?? 0, offset))
    }
  }
  return groups
}

/** Outermost gate first. */
function gateOrder(path: Path, nodes: readonly Node[]): Path {
  const picked: number[] = []
  const remaining = [...path]
  while (remaining.length > 0) {
    let at = remaining.findIndex(gate =>
      nodes.some(
        node =>
          node.path.length > 0 &&
          node.offsets.has(gate) &&
          node.path.every(element => element === gate || picked.includes(element)),
      ),
    )
    if (at < 0) at = 0
    picked.push(...remaining.splice(at, 1))
  }
  return picked
}

function rightNested(terms: readonly Universe[]): Universe {
  let result = terms.at(-1) ?? ZERO
  for (let i = terms.length - 2; i >= 0; i--) result = max(terms[i]!, result)
  return result
}

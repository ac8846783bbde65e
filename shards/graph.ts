/**
 * The block graph of an environment (ixon.md 7.1, 7.4): blocks numbered by ascending address, their sizes, and which
 * blocks each of them refers to.
 */
import type { Address } from '../ixon/address.js'
import { blockPointer, walkEdges } from '../ixon/constant.js'
import type { Environment } from '../ixon/environment.js'
import { InputError } from '../lean/input-error.js'

/** Row `r` of a jagged array: entries `offsets[r] .. offsets[r + 1]`. */
export interface Rows {
  readonly offsets: Uint32Array
  readonly entries: Uint32Array
}

export interface BlockGraph {
  /** Block addresses, ascending; the position of a block is its id. */
  readonly addresses: readonly Address[]
  /** Length of each block's constant bytes. */
  readonly sizes: Uint32Array
  /** Row c: blocks that consumer c refers to, ascending, distinct, without itself. */
  readonly producers: Rows
}

export interface EnvironmentGraph extends BlockGraph {
  /** All constants of the environment, ascending. */
  readonly constants: readonly Address[]
  /** Block id of each constant. */
  readonly blockOf: Uint32Array
}

/**
 * Parses every constant of the environment once. A projection whose block is not in the environment, a damaged constant
 * and a wrong hash are InputErrors. References to constants that the environment does not have make no edge.
 */
export function environmentGraph(
  environment: Environment,
  onProgress?: (done: number, total: number) => void,
): EnvironmentGraph {
  const constants = [...environment.addresses()].sort()
  const blockAddress: Address[] = []
  const edges: (readonly Address[])[] = []
  for (const address of constants) {
    const constant = environment.constant(address)
    blockAddress.push(blockPointer(constant) ?? address)
    edges.push(walkEdges(constant))
    onProgress?.(edges.length, constants.length)
  }
  const addresses = constants.filter((address, i) => blockAddress[i] === address)
  const blockId = new Map(addresses.map((address, id) => [address, id]))
  const sizes = Uint32Array.from(addresses, address => environment.size(address))
  const constantBlock = Uint32Array.from(blockAddress, (block, i) => {
    const id = blockId.get(block)
    if (id !== undefined) return id
    throw new InputError(`its block ${block} is missing`, {
      file: environment.source.label,
      constant: constants[i]!,
    })
  })
  const idOf = new Map(constants.map((address, i) => [address, constantBlock[i]!]))
  const rows: number[][] = addresses.map(() => [])
  constants.forEach((_, i) => {
    const consumer = constantBlock[i]!
    for (const target of edges[i]!) {
      const producer = idOf.get(target)
      if (producer !== undefined && producer !== consumer) rows[consumer]!.push(producer)
    }
  })
  return { addresses, sizes, producers: rowsOf(rows), constants, blockOf: constantBlock }
}

/** Constants in these blocks, ascending. */
export function constantsOf(graph: EnvironmentGraph, blocks: readonly Address[]): Address[] {
  const owned = new Set(blocks)
  return graph.constants.filter((_, i) => owned.has(graph.addresses[graph.blockOf[i]!]!))
}

/** Sorts each list, drops its duplicates, and packs all of them. */
export function rowsOf(lists: readonly (readonly number[])[]): Rows {
  const distinct = lists.map(list => Uint32Array.from(new Set(list)).sort())
  const offsets = new Uint32Array(lists.length + 1)
  distinct.forEach((row, i) => {
    offsets[i + 1] = offsets[i]! + row.length
  })
  const entries = new Uint32Array(offsets[lists.length]!)
  distinct.forEach((row, i) => {
    entries.set(row, offsets[i]!)
  })
  return { offsets, entries }
}

/** The reversed relation over `count` targets: row p of the result lists, ascending, the rows that contain p. */
export function transpose(rows: Rows, count: number): Rows {
  const { offsets, entries } = rows
  const reversed = new Uint32Array(count + 1)
  for (const target of entries) reversed[target + 1]!++
  for (let i = 0; i < count; i++) reversed[i + 1]! += reversed[i]!
  const next = reversed.slice(0, count)
  const sources = new Uint32Array(entries.length)
  for (let row = 0; row + 1 < offsets.length; row++) {
    for (let e = offsets[row]!; e < offsets[row + 1]!; e++) sources[next[entries[e]!]!++] = row
  }
  return { offsets: reversed, entries: sources }
}

/** Whether the shards of a manifest cover an environment and are disjoint (ixon.md 6.6). */
import type { Address } from '../ixon/address.js'
import type { EnvironmentGraph } from './graph.js'
import type { Manifest } from './manifest.js'

export interface Coverage {
  /** Covering, disjoint, and no block from elsewhere. */
  readonly ok: boolean
  /** Constants owned by each shard, in the manifest's order. */
  readonly constantsOf: readonly number[]
  /** Blocks that more than one shard owns, with the ids of those shards, ascending. */
  readonly shared: readonly { readonly block: Address; readonly shards: readonly number[] }[]
  /** Constants whose block no shard owns, ascending. */
  readonly uncovered: readonly Address[]
  /** Owned addresses that are no block of the environment, ascending. */
  readonly unknown: readonly Address[]
}

export function coverage(graph: EnvironmentGraph, manifest: Manifest): Coverage {
  const owners = new Map<Address, number[]>()
  manifest.shards.forEach((shard, position) => {
    for (const block of shard.blocks) {
      const known = owners.get(block)
      if (known === undefined) owners.set(block, [position])
      else known.push(position)
    }
  })
  const constantsOf = manifest.shards.map(() => 0)
  const uncovered: Address[] = []
  graph.constants.forEach((constant, i) => {
    const positions = owners.get(graph.addresses[graph.blockOf[i]!]!)
    if (positions === undefined) uncovered.push(constant)
    else for (const position of positions) constantsOf[position]!++
  })
  const blocks = new Set(graph.addresses)
  const owned = [...owners].sort(([a], [b]) => (a < b ? -1 : 1))
  const shared = owned
    .filter(([, positions]) => positions.length > 1)
    .map(([block, positions]) => ({
      block,
      shards: positions.map(position => manifest.shards[position]!.id).sort((a, b) => a - b),
    }))
  const unknown = owned.map(([block]) => block).filter(block => !blocks.has(block))
  const ok = shared.length === 0 && uncovered.length === 0 && unknown.length === 0
  return { ok, constantsOf, shared, uncovered, unknown }
}

/** Why the shards are no partition of the environment, or null if they are one. */
export function partitionFault(graph: EnvironmentGraph, manifest: Manifest): string | null {
  const { ok, shared, uncovered, unknown } = coverage(graph, manifest)
  if (ok) return null
  const of = (addresses: readonly Address[], noun: string, what: string): string[] =>
    addresses.length === 0
      ? []
      : [
          `${addresses.length} ${noun}${addresses.length === 1 ? '' : 's'} ${what} (the first is ${addresses[0]})`,
        ]
  const faults = [
    ...of(
      shared.map(s => s.block),
      'block',
      'owned by more than one shard',
    ),
    ...of(uncovered, 'constant', 'owned by none'),
    ...of(unknown, 'block', 'that the environment does not have'),
  ]
  return `the shards do not partition the environment: ${faults.join(', ')}`
}

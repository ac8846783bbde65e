/** Shards as targets of a check. */
import type { Environment } from '../../ixon/environment.js'
import { InputError } from '../../lean/input-error.js'
import { partitionFault } from '../../shards/coverage.js'
import { constantsOf, type EnvironmentGraph } from '../../shards/graph.js'
import { type Manifest, openManifest } from '../../shards/manifest.js'
import { claimOf } from '../../shards/shard-claim.js'
import type { Context } from '../context.js'
import { UsageError } from '../exit.js'
import { plural } from '../format.js'
import { keptGraph } from '../kept-graph.js'
import type { Target } from './target.js'

/** A manifest that was found to cover its environment with disjoint shards. */
export interface Partition {
  readonly manifest: Manifest
  readonly graph: EnvironmentGraph
}

/** @throws InputError when the shards do not partition the environment */
export function openPartition(environment: Environment, file: string, context: Context): Partition {
  const manifest = openManifest(file)
  const graph = keptGraph(environment, (done, total) =>
    context.progress.update('Loading', done, total, 'constants'),
  )
  context.progress.stop()
  const fault = partitionFault(graph, manifest)
  if (fault !== null) throw new InputError(fault, { file })
  return { manifest, graph }
}

export function coverageLine({ manifest, graph }: Partition): string {
  return coverageText(manifest.shards.length, graph.constants.length)
}

export function coverageText(shards: number, constants: number): string {
  return `${plural(shards, 'shard')} cover all ${plural(constants, 'constant')} and are disjoint`
}

export function shardTarget(
  environment: Environment,
  manifestFile: string,
  id: number,
  say: (line: string) => void,
  context: Context,
): Target {
  const partition = openPartition(environment, manifestFile, context)
  const { shards } = partition.manifest
  const shard = shards.find(candidate => candidate.id === id)
  if (shard === undefined) {
    throw new UsageError(`${manifestFile} has no shard ${id}: it has ${plural(shards.length, 'shard')}`)
  }
  say(coverageLine(partition))
  const owned = constantsOf(partition.graph, shard.blocks)
  const claim = claimOf(environment, owned)
  const label = `shard ${id}`
  if (claim === undefined) return { label, target: undefined }
  say(
    `${label}: ${plural(owned.length, 'constant')} in ${plural(shard.blocks.length, 'block')}, ` +
      `${plural(claim.frontier.length, 'constant')} of other shards assumed`,
  )
  say(`claim ${claim.digest}`)
  return { label, target: { kind: 'shard', claim } }
}

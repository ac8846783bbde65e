/** Shards as targets of a check. */
import { createHash } from 'node:crypto'
import { keep, readKept } from '../../aiur/disk-cache.js'
import type { Environment } from '../../ixon/environment.js'
import { InputError } from '../../lean/input-error.js'
import { partitionFault } from '../../shards/coverage.js'
import { constantsOf, type EnvironmentGraph } from '../../shards/graph.js'
import { type Manifest, manifestBytes, readManifest } from '../../shards/manifest.js'
import { claimOf } from '../../shards/shard-claim.js'
import type { Context } from '../context.js'
import { UsageError } from '../exit.js'
import { plural } from '../format.js'
import { graphState, keptGraph } from '../kept-graph.js'
import type { Target } from './target.js'

/** A manifest that was found to cover its environment with disjoint shards. */
export interface Partition {
  readonly manifest: Manifest
  readonly graph: EnvironmentGraph
}

/** To be changed with what a manifest has to be. */
const VERSION = 1

/**
 * That a manifest is sound and its shards partition the environment follows from the bytes of both, and is kept under their
 * digest.
 *
 * @throws InputError when the manifest is damaged or the shards do not partition the environment
 */
export function openPartition(environment: Environment, file: string, context: Context): Partition {
  const bytes = manifestBytes(file)
  const state = graphState(environment)
  const digest = createHash('sha256').update(`partition ${VERSION} ${state}\n`).update(bytes).digest('hex')
  const name = `partition/${digest}`
  const known = readKept(name) !== undefined
  const manifest = readManifest(bytes, file, { rootsKnown: known })
  const graph = keptGraph(
    environment,
    (done, total) => context.progress.update('Loading', done, total, 'constants'),
    state,
  )
  context.progress.stop()
  if (known) return { manifest, graph }
  const fault = partitionFault(graph, manifest)
  if (fault !== null) throw new InputError(fault, { file })
  keep(name, new Uint8Array(0))
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

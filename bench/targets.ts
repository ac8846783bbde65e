/** Targets of measurements by what a command line calls them. */
import { bundledEnvironment, bundledManifest } from '../cli/bundled.js'
import { addressOfName, openEnvironment } from '../cli/environment.js'
import type { Environment } from '../ixon/environment.js'
import type { CheckTarget } from '../kernel/target.js'
import { openManifest } from '../shards/manifest.js'
import { shardClaim } from '../shards/shard-claim.js'

/** `shard:10` or a constant of the bundled library, or `FILE.ixe:NAME`. */
export function targetOf(asked: string): { environment: Environment; target: CheckTarget } {
  const [first, second] = asked.split(':') as [string, string | undefined]
  if (first === 'shard') {
    const environment = bundledEnvironment()
    const shard = openManifest(bundledManifest()).shards.find(s => s.id === Number(second))
    const claim = shard && shardClaim(environment, shard.blocks)
    if (claim === undefined) throw new Error(`there is nothing to prove in ${asked}`)
    return { environment, target: { kind: 'shard', claim } }
  }
  const environment = second === undefined ? bundledEnvironment() : openEnvironment(first)
  return {
    environment,
    target: { kind: 'constants', addresses: [addressOfName(environment, second ?? first)] },
  }
}

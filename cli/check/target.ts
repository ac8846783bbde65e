/** What one check is about: constants of an environment, or a shard. */
import type { Environment } from '../../ixon/environment.js'
import type { CheckTarget } from '../../kernel/target.js'
import { addressOfName } from '../environment.js'
import type { CheckOptions } from './options.js'

export interface Target {
  readonly label: string
  /** Undefined: there is nothing to check. */
  readonly target: CheckTarget | undefined
}

export function constantsTarget(
  environment: Environment,
  { names, ixe, ndjson, olean }: CheckOptions,
): Target {
  if (names.length > 0) {
    const addresses = [...new Set(names.map(name => addressOfName(environment, name)))]
    return { label: names.join(' '), target: { kind: 'constants', addresses } }
  }
  const addresses = [...environment.addresses()].sort()
  const label = ndjson ?? ixe ?? olean?.join(', ') ?? 'environment'
  return { label, target: addresses.length === 0 ? undefined : { kind: 'constants', addresses } }
}

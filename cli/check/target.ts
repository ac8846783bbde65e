/** What one check is about: constants of an environment, or a shard. */
import type { Environment } from '../../ixon/environment.js'
import type { CheckTarget } from '../../kernel/target.js'
import { inputLabel } from '../../lean/ndjson/lines.js'
import { addressOfName } from '../environment.js'
import type { CheckOptions } from './options.js'

export interface Target {
  readonly label: string
  /** Undefined: there is nothing to check. */
  readonly target: CheckTarget | undefined
}

/** What messages call the environment to be checked. */
export function inputName({ ixe, ndjson, olean }: CheckOptions): string {
  if (ndjson !== undefined) return inputLabel(ndjson)
  return ixe ?? olean?.join(', ') ?? 'environment'
}

export function constantsTarget(environment: Environment, options: CheckOptions): Target {
  const { names } = options
  if (names.length > 0) {
    const addresses = [...new Set(names.map(name => addressOfName(environment, name)))]
    return { label: names.join(' '), target: { kind: 'constants', addresses } }
  }
  const addresses = [...environment.addresses()].sort()
  return {
    label: inputName(options),
    target: addresses.length === 0 ? undefined : { kind: 'constants', addresses },
  }
}

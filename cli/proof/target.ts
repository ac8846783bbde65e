/** What a proof of the kernel is about: constants or a shard of an environment. */
import type { Environment } from '../../ixon/environment.js'
import type { CheckTarget } from '../../kernel/target.js'
import { bundledManifest } from '../bundled.js'
import { shardTarget } from '../check/shard-target.js'
import type { Context } from '../context.js'
import { addressOfName } from '../environment.js'

export interface Asked {
  names: string[]
  ixes: string | undefined
  shard: number | undefined
  json: boolean | undefined
}

/** @returns undefined as target for a shard without constants */
export function targetOf(
  environment: Environment,
  { names, ixes, shard, json }: Asked,
  context: Context,
): { label: string; target: CheckTarget | undefined } {
  if (shard === undefined) {
    const addresses = [...new Set(names.map(name => addressOfName(environment, name)))]
    return { label: names.join(' '), target: { kind: 'constants', addresses } }
  }
  const say = (line: string): void => {
    if (json !== true) context.print(line)
  }
  return shardTarget(environment, ixes ?? bundledManifest(), shard, say, context)
}

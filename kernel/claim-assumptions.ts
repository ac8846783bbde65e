/** What a claim rests on without a check, from an environment alone: for those who have a proof and no execution. */
import type { Environment } from '../ixon/environment.js'
import type { EnvironmentGraph } from '../shards/graph.js'
import type { Assumption } from './assumption.js'
import { assumptionsOf } from './assumptions.js'
import { scopeOf } from './claim-arguments.js'
import { type PrimitiveTable, primitiveTable } from './primitive-table.js'
import type { CheckTarget } from './target.js'
import { trustIn } from './trusted-code.js'

/**
 * What an accepted check of the target may assume, besides the frontier of a shard. Which primitives of the table computed
 * stays with the prover, so all of them count: an execution assumes this or less.
 *
 * @param allow names of trusted code (trusted-code.ts)
 */
export function assumptionsOfTarget(
  environment: Environment,
  target: CheckTarget,
  allow: readonly string[] = [],
): Assumption[] {
  const { table, covered } = scopeOf(environment, target, allow)
  return assumptionsOf(environment, table, allPrimitives(table), covered)
}

/** What accepted checks of all shards of an environment may assume together: shards check what others assume of them. */
export function assumptionsOfLibrary(
  environment: Environment,
  graph: EnvironmentGraph,
  allow: readonly string[] = [],
): Assumption[] {
  const table = primitiveTable(environment, undefined, trustIn(environment, allow))
  return assumptionsOf(environment, table, allPrimitives(table), graph.constants)
}

function allPrimitives(table: PrimitiveTable): Set<number> {
  return new Set(table.entries.map((_, i) => i + 1))
}

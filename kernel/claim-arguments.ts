/** What an entry call of the kernel is about, from an environment alone: nothing is executed. */
import type { Address } from '../ixon/address.js'
import type { Environment } from '../ixon/environment.js'
import { type Claim, claimDigest, publicInput } from '../shards/claim.js'
import { constantsOf, type EnvironmentGraph } from '../shards/graph.js'
import type { Manifest } from '../shards/manifest.js'
import { claimOf } from '../shards/shard-claim.js'
import { closureOf } from './closure.js'
import { METHOD, neededPrimitives, type PrimitiveTable, primitiveTable } from './primitive-table.js'
import type { CheckTarget } from './target.js'

/** The claim of a check of one constant. */
export function constantClaim(constant: Address): Claim {
  return { kind: 'check', constant }
}

/** Constants that a table lets the kernel treat as primitives. */
export function tableAddresses(table: PrimitiveTable): Address[] {
  return table.entries.filter(entry => entry.method !== METHOD.absent).map(entry => entry.address)
}

/** Primitives of a table that a Check claim covers with its constant (walk.aiur): all but those that are assumed. */
export function walkedPrimitives(table: PrimitiveTable): Address[] {
  return table.entries
    .filter(({ method }) => method !== METHOD.absent && method !== METHOD.assumed)
    .map(entry => entry.address)
}

/** The arguments of the entry call that an accepted check of the target makes: digests of claim and primitive table. */
export function claimArguments(environment: Environment, target: CheckTarget): bigint[] {
  const reached = closureOf(environment, target.kind === 'shard' ? [] : target.addresses)
  const wanted = target.kind === 'shard' ? target.primitives : neededPrimitives(environment, reached)
  const table = primitiveTable(environment, wanted)
  const digest = (): Address => {
    if (target.kind === 'shard') return target.claim.digest
    if (target.addresses.length === 1) return claimDigest(constantClaim(target.addresses[0]!))
    const all = closureOf(environment, [...reached.keys(), ...tableAddresses(table)])
    return claimOf(environment, all.keys())!.digest
  }
  return callArguments(digest(), table)
}

function callArguments(claim: Address, table: PrimitiveTable): bigint[] {
  return [...publicInput(claim), ...publicInput(table.digest)].map(BigInt)
}

/** What a proof of a shard is about. */
export interface ShardStatement {
  readonly id: number
  readonly constants: number
  /** Of the tree of its constants. */
  readonly root: Address
  readonly inputs: readonly bigint[]
}

/** Statements of all shards that own a constant, in the manifest's order. */
export function shardStatements(
  environment: Environment,
  graph: EnvironmentGraph,
  manifest: Manifest,
): ShardStatement[] {
  const table = primitiveTable(environment)
  return manifest.shards.flatMap(({ id, blocks }) => {
    const claim = claimOf(environment, constantsOf(graph, blocks))
    if (claim === undefined) return []
    const { root } = claim.claim
    return [{ id, constants: claim.owned.length, root, inputs: callArguments(claim.digest, table) }]
  })
}

/**
 * What keeps proofs from showing all of a library: every shard has to be proven by exactly one of them, and each of
 * them has to be an accepted proof of a shard.
 *
 * @param verdict the reason why a proof of this shard is rejected, or null
 */
export function coverFaults<T extends { readonly file: string; readonly inputs: readonly bigint[] }>(
  shards: readonly ShardStatement[],
  proofs: readonly T[],
  verdict: (proof: T, shard: ShardStatement) => string | null,
): string[] {
  const byInputs = new Map(shards.map(shard => [shard.inputs.join(), { shard, files: [] as string[] }]))
  const faults: string[] = []
  for (const proof of proofs) {
    const known = byInputs.get(proof.inputs.join())
    if (known === undefined) {
      faults.push(`${proof.file} is about no shard of this library`)
      continue
    }
    known.files.push(proof.file)
    const reason = verdict(proof, known.shard)
    if (reason !== null) faults.push(`${proof.file} (shard ${known.shard.id}): ${reason}`)
  }
  for (const { shard, files } of byInputs.values()) {
    if (files.length === 0) faults.push(`shard ${shard.id} is not proven`)
    if (files.length > 1) faults.push(`shard ${shard.id} is proven more than once: ${files.join(', ')}`)
  }
  return faults
}

/** What an entry call of the kernel is about, from an environment alone: nothing is executed. */
import type { Address } from '../ixon/address.js'
import type { Environment } from '../ixon/environment.js'
import { InputError } from '../lean/input-error.js'
import { type Claim, claimDigest, publicInput } from '../shards/claim.js'
import { constantsOf, type EnvironmentGraph } from '../shards/graph.js'
import type { Manifest } from '../shards/manifest.js'
import { claimOf, type ShardClaim } from '../shards/shard-claim.js'
import { closureOf } from './closure.js'
import { type ConstantShape, constantShape } from './constant-shape.js'
import {
  allowedIn,
  METHOD,
  neededPrimitives,
  type PrimitiveTable,
  primitiveTable,
} from './primitive-table.js'
import type { CheckTarget } from './target.js'
import { trustedMentions, trustIn, trustingConstants, trustReason } from './trusted-code.js'

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

/** What the entry call of an accepted check says. */
export interface CallSubject {
  /** Digests of claim and primitive table. */
  readonly inputs: readonly bigint[]
  /** Trusted code that the claim allows, of what was allowed: that which the constants rest on. */
  readonly allowed: readonly string[]
}

/**
 * The entry call that an accepted check of the target makes.
 *
 * @param allow names of trusted code (trusted-code.ts)
 * @throws InputError when a constant rests on trusted code that is not among these
 */
export function callSubject(
  environment: Environment,
  target: CheckTarget,
  allow: readonly string[] = [],
): CallSubject {
  const { table, covered } = scopeOf(environment, target, allow)
  requireTrust(environment, mentionsAmong(environment, covered), allow)
  const digest = (): Address => {
    if (target.kind === 'shard') return target.claim.digest
    if (target.addresses.length === 1) return claimDigest(constantClaim(target.addresses[0]!))
    return claimOf(environment, covered)!.digest
  }
  return { inputs: callArguments(digest(), table), allowed: allowedIn(table) }
}

/** The table of a check of the target, and the constants that it is about. */
export function scopeOf(
  environment: Environment,
  target: CheckTarget,
  allow: readonly string[],
): { table: PrimitiveTable; covered: readonly Address[] } {
  const reached = closureOf(environment, target.kind === 'shard' ? [] : target.addresses)
  const wanted = target.kind === 'shard' ? target.primitives : neededPrimitives(environment, reached)
  const table = primitiveTable(environment, wanted, trustIn(environment, allow))
  const covered =
    target.kind === 'shard'
      ? target.claim.owned
      : [...closureOf(environment, [...reached.keys(), ...tableAddresses(table)]).keys()]
  return { table, covered }
}

/** Which of these constants mention trusted code, and which. */
function mentionsAmong(environment: Environment, constants: Iterable<Address>): Map<Address, string[]> {
  function* shapes(): Generator<readonly [Address, ConstantShape | undefined]> {
    for (const address of constants) yield [address, constantShape(environment.bytes(address))]
  }
  return trustedMentions(environment, shapes())
}

/** @throws InputError when one of these constants rests on trusted code that is not allowed */
function requireTrust(
  environment: Environment,
  mentions: ReadonlyMap<Address, readonly string[]>,
  allow: readonly string[],
): void {
  for (const [address, used] of trustingConstants(mentions, allow)) {
    const constant = environment.namesOf(address)[0] ?? address
    throw new InputError(trustReason(used), { file: environment.source.label, constant })
  }
}

function callArguments(claim: Address, table: PrimitiveTable): bigint[] {
  return [...publicInput(claim), ...publicInput(table.digest)].map(BigInt)
}

/** What a proof of a shard is about. */
export interface ShardStatement {
  readonly id: number
  readonly claim: ShardClaim
  readonly inputs: readonly bigint[]
}

/** Statements of all shards that own a constant, in the manifest's order. */
export interface ShardStatements {
  readonly shards: readonly ShardStatement[]
  /** Trusted code that they allow: that which the environment has, of what was allowed. */
  readonly allowed: readonly string[]
}

/**
 * What proofs of the shards of a library are about, by the names of the trusted code (trusted-code.ts) that they allow. The
 * answer throws InputError when a constant rests on trusted code that is not among these.
 */
export function shardStatements(
  environment: Environment,
  graph: EnvironmentGraph,
  manifest: Manifest,
): (allow?: readonly string[]) => ShardStatements {
  const claims = manifest.shards.flatMap(({ id, blocks }) => {
    const claim = claimOf(environment, constantsOf(graph, blocks))
    if (claim === undefined) return []
    return [{ id, claim }]
  })
  const mentions = mentionsAmong(environment, graph.constants)
  return (allow = []) => {
    requireTrust(environment, mentions, allow)
    const table = primitiveTable(environment, undefined, trustIn(environment, allow))
    const shards = claims.map(({ id, claim }) => ({ id, claim, inputs: callArguments(claim.digest, table) }))
    return { shards, allowed: allowedIn(table) }
  }
}

/** What keeps proofs from showing all of a library. */
export interface CoverFaults {
  /** In words; empty if the proofs show all of the library. */
  readonly faults: readonly string[]
  /** Ids of the shards that no proof is about, ascending. Where none is about a shard, that is the fault: empty. */
  readonly missing: readonly number[]
}

/** "shard 7 is not proven", "shards 1-9, 11-63 are not proven". */
export function missingShards(ids: readonly number[]): string {
  const ranges: string[] = []
  for (let from = 0, to = 0; from < ids.length; from = to) {
    to = from + 1
    while (to < ids.length && ids[to] === ids[to - 1]! + 1) to++
    ranges.push(
      to === from + 1 ? `${ids[from]}` : `${ids[from]}${to === from + 2 ? ', ' : '-'}${ids[to - 1]}`,
    )
  }
  return ids.length === 1 ? `shard ${ids[0]} is not proven` : `shards ${ranges.join(', ')} are not proven`
}

/**
 * What keeps proofs from showing all of a library: every shard has to be proven by exactly one of them, and each of
 * them has to be an accepted proof of a shard. Where none is about a shard, that is the fault, and not each shard's lack.
 *
 * @param verdict the reason why a proof of this shard, or else of what it claims itself, is rejected, or null
 * @param advice what to do about valid proofs that are about no shard, after a colon
 */
export function coverFaults<T extends { readonly file: string; readonly inputs: readonly bigint[] }>(
  shards: readonly ShardStatement[],
  proofs: readonly T[],
  verdict: (proof: T, shard: ShardStatement | undefined) => string | null,
  advice?: string,
): CoverFaults {
  const byInputs = new Map(shards.map(shard => [shard.inputs.join(), { shard, files: [] as string[] }]))
  const faults: string[] = []
  const foreign: string[] = []
  let known = 0
  for (const proof of proofs) {
    const about = byInputs.get(proof.inputs.join())
    const reason = verdict(proof, about?.shard)
    if (about !== undefined) {
      known++
      about.files.push(proof.file)
      if (reason !== null) faults.push(`${proof.file} (shard ${about.shard.id}): ${reason}`)
    } else if (reason === null) foreign.push(proof.file)
    else faults.push(`${proof.file} is about no shard of this library: ${reason}`)
  }
  if (foreign.length > 0) {
    const are = foreign.length === 1 ? 'is a valid proof' : 'are valid proofs'
    const fault = `${foreign.join(', ')} ${are} of the kernel, but about no shard of this library`
    faults.push(advice === undefined ? fault : `${fault}: ${advice}`)
  }
  if (known === 0 && proofs.length > 0) return { faults, missing: [] }
  const missing: number[] = []
  for (const { shard, files } of byInputs.values()) {
    if (files.length === 0) missing.push(shard.id)
    if (files.length > 1) faults.push(`shard ${shard.id} is proven more than once: ${files.join(', ')}`)
  }
  missing.sort((a, b) => a - b)
  if (missing.length > 0) faults.push(missingShards(missing))
  return { faults, missing }
}

/** The kernel's input for a shard of the bundled library. */

import type { IoBuffer } from '../aiur/vm/io.js'
import { bundledEnvironment, bundledManifest } from '../cli/bundled.js'
import { METHOD, primitiveTable } from '../kernel/primitive-table.js'
import { digestWords, environmentSource, Witness } from '../kernel/witness.js'
import { openManifest } from '../shards/manifest.js'
import { shardClaim } from '../shards/shard-claim.js'

export interface KernelInput {
  name: string
  args: bigint[]
  io: IoBuffer
}

export function shardInput(id: number): KernelInput {
  const environment = bundledEnvironment()
  const shard = openManifest(bundledManifest()).shards.find(s => s.id === id)
  const claim = shard && shardClaim(environment, shard.blocks)
  if (claim === undefined) throw new Error(`the bundled library has no shard ${id}`)
  const primitives = primitiveTable(environment)
  const witness = new Witness(environmentSource(environment))
  const present = primitives.entries.filter(entry => entry.method !== METHOD.absent)
  witness.putClosure([
    ...claim.owned,
    ...claim.frontier,
    ...present.flatMap(entry => [entry.address, ...entry.witnesses]),
  ])
  witness.putPrimitives(primitives.digest, primitives.bytes)
  witness.putClaim(claim.claim, claim.digest)
  witness.putTree(claim.claim.root, claim.owned)
  if (claim.claim.assumptions !== undefined) witness.putTree(claim.claim.assumptions, claim.frontier)
  return {
    name: `shard ${id}`,
    args: [...digestWords(claim.digest), ...digestWords(primitives.digest)].map(BigInt),
    io: witness.io,
  }
}

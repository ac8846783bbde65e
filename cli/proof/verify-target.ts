/** `ix verify`: proofs against what an environment says they have to be about. */
import { claimArguments, coverFaults, shardStatements } from '../../kernel/claim-arguments.js'
import { compiledKernel } from '../../kernel/compiled.js'
import { ENTRY } from '../../kernel/sources.js'
import { deriveKey } from '../../prover/derive-key.js'
import type { Preset } from '../../prover/parameters.js'
import type { Claim, VerifyingKey } from '../../prover/verify.js'
import { bundledManifest } from '../bundled.js'
import { coverageLine, openPartition } from '../check/shard-target.js'
import type { Context } from '../context.js'
import { openEnvironment } from '../environment.js'
import { EXIT } from '../exit.js'
import { count, duration, plural } from '../format.js'
import { printSecurity, securityJson } from './parameters.js'
import { type ProofFile, readProof, requiredParameters, verifyProof } from './read-proof.js'
import { targetOf } from './target.js'

interface VerifyOptions {
  proofs: string[]
  ixe: string | undefined
  ixes: string | undefined
  shard: number | undefined
  constant: string[]
  preset: Preset
  json: boolean | undefined
}

async function kernelKey(): Promise<VerifyingKey> {
  const { layout } = await compiledKernel()
  return deriveKey(layout).key
}

/** The claim that a proof about these arguments makes. A rank is no part of what it says: the proof's is taken. */
function expectedClaim(key: VerifyingKey, inputs: readonly bigint[], proof: ProofFile): Claim {
  const entry = key.entries.find(e => e.name === ENTRY)!
  return {
    entry: entry.index,
    inputs,
    outputs: [],
    rank: entry.ranked ? (proof.header.claim.rank ?? 0n) : null,
  }
}

export async function verifyOne(options: VerifyOptions, context: Context): Promise<void> {
  const proof = readProof(options.proofs[0]!)
  const environment = openEnvironment(options.ixe)
  const asked = { names: options.constant, ixes: options.ixes, shard: options.shard, json: options.json }
  const { label, target } = targetOf(environment, asked, context)
  if (target === undefined) {
    context.print(`${label} owns no constant: nothing to verify`)
    return
  }
  const key = await kernelKey()
  const claim = expectedClaim(key, claimArguments(environment, target), proof)
  const started = performance.now()
  const verdict = verifyProof(key, proof, claim, options.preset)
  const seconds = (performance.now() - started) / 1000
  context.exitCode = verdict.accepted ? EXIT.ok : EXIT.rejected
  const { colors } = context
  if (options.json === true) {
    const details = verdict.accepted
      ? { security: securityJson(verdict.security) }
      : { reason: verdict.reason }
    context.printJson({ file: proof.file, target: label, accepted: verdict.accepted, ...details, seconds })
  } else if (verdict.accepted) {
    context.print(`kernel ${Buffer.from(key.digest).toString('hex')}`)
    printSecurity(verdict.security, requiredParameters(proof, options.preset), context)
    context.print(`${colors.bold(colors.green('accepted'))} ${label}, verified in ${duration(seconds)}`)
  } else context.print(`${colors.bold(colors.red('rejected'))} ${proof.file}: ${verdict.reason}`)
}

/** Every shard with a constant is proven exactly once, and nothing else is. */
export async function verifyAll(options: VerifyOptions, context: Context): Promise<void> {
  const proofs = options.proofs.map(readProof)
  const environment = openEnvironment(options.ixe)
  const partition = openPartition(environment, options.ixes ?? bundledManifest(), context)
  if (options.json !== true) context.print(coverageLine(partition))
  const key = await kernelKey()
  const shards = shardStatements(environment, partition.graph, partition.manifest)
  const started = performance.now()
  let verified = 0
  const asked = proofs.map(proof => ({ file: proof.file, inputs: proof.header.claim.inputs, proof }))
  const faults = coverFaults(shards, asked, ({ proof }, { inputs }) => {
    const verdict = verifyProof(key, proof, expectedClaim(key, inputs, proof), options.preset)
    context.progress.update('Verifying', ++verified, proofs.length, 'proofs')
    return verdict.accepted ? null : verdict.reason
  })
  context.progress.stop()
  const seconds = (performance.now() - started) / 1000
  const accepted = faults.length === 0
  context.exitCode = accepted ? EXIT.ok : EXIT.rejected
  if (options.json === true) {
    context.printJson({ accepted, shards: shards.length, proofs: proofs.length, faults, seconds })
    return
  }
  const { colors } = context
  for (const fault of faults) context.print(`${colors.red('rejected')} ${fault}`)
  if (accepted)
    context.print(
      `${colors.bold(colors.green('accepted'))} all of the library: ${plural(shards.length, 'shard')} proven, ` +
        `${count(partition.graph.constants.length)} constants, verified in ${duration(seconds)}`,
    )
}

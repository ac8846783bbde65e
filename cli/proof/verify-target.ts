/** `ix verify`: proofs against what an environment says they have to be about. */
import { assumptionLines } from '../../kernel/assumption-lines.js'
import { callSubject, coverFaults, shardStatements } from '../../kernel/claim-arguments.js'
import { assumptionsOfLibrary, assumptionsOfTarget } from '../../kernel/claim-assumptions.js'
import { InputError } from '../../lean/input-error.js'
import { bundledManifest } from '../bundled.js'
import { coverageLine, openPartition } from '../check/shard-target.js'
import type { Context } from '../context.js'
import { openEnvironment } from '../environment.js'
import { EXIT, UsageError } from '../exit.js'
import { count, duration, plural } from '../format.js'
import { expectedClaim, keyOf } from './keys.js'
import { printSecurity, securityJson } from './parameters.js'
import { type ProofFile, readProof, requiredParameters, verifyProof } from './read-proof.js'
import { targetOf } from './target.js'
import type { VerifyOptions } from './verify-options.js'
import { verifyStatement } from './verify-statement.js'

export async function verifyProofs(options: VerifyOptions, context: Context): Promise<void> {
  const proofs = options.proofs.map(readProof)
  const [first] = proofs as [ProofFile]
  const { shard, constant, ixe, ixes } = options
  const one = shard !== undefined || constant.length > 0
  if (first.statement !== undefined && proofs.length === 1)
    return verifyStatement(first, first.statement, options, context)
  for (const { file, statement } of proofs)
    if (statement !== undefined)
      throw new InputError(`a proof of a claim of kind ${statement.kind}, which is verified by itself`, {
        file,
      })
  if (shard !== undefined && constant.length > 0)
    throw new UsageError('either --shard or --constant, not both')
  if (one && proofs.length !== 1) throw new UsageError('--shard and --constant are about one proof')
  if (ixe !== undefined && ixes === undefined && constant.length === 0)
    throw new UsageError('--ixe needs --ixes')
  if (one) await verifyOne(first, options, context)
  else await verifyAll(proofs, options, context)
}

async function verifyOne(proof: ProofFile, options: VerifyOptions, context: Context): Promise<void> {
  const environment = openEnvironment(options.ixe)
  const asked = { names: options.constant, ixes: options.ixes, shard: options.shard, json: options.json }
  const { label, target } = targetOf(environment, asked, context)
  const allow = options.allow ?? []
  if (target === undefined) {
    context.print(`${label} owns no constant: nothing to verify`)
    return
  }
  const key = await keyOf('check')
  const { inputs, allowed } = callSubject(environment, target, allow)
  const claim = expectedClaim(key, 'check', inputs, proof)
  const started = performance.now()
  const verdict = verifyProof(key, proof, claim, options.preset)
  const seconds = (performance.now() - started) / 1000
  context.exitCode = verdict.accepted ? EXIT.ok : EXIT.rejected
  const assumptions = verdict.accepted ? assumptionsOfTarget(environment, target, allow) : []
  const { colors } = context
  if (options.json === true) {
    const found = {
      assumptions,
      ...(target.kind === 'shard' ? { frontier: target.claim.frontier.length } : {}),
    }
    const details = {
      ...(allowed.length === 0 ? {} : { allowed }),
      ...(verdict.accepted
        ? { ...found, security: securityJson(verdict.security) }
        : { reason: verdict.reason }),
    }
    context.printJson({ file: proof.file, target: label, accepted: verdict.accepted, ...details, seconds })
  } else if (verdict.accepted) {
    context.print(`kernel ${Buffer.from(key.digest).toString('hex')}`)
    if (allowed.length > 0) context.print(`allowed: ${allowed.join(', ')}`)
    for (const line of assumptionLines(assumptions)) context.print(line)
    printSecurity(verdict.security, requiredParameters(proof, options.preset), context)
    context.print(`${colors.bold(colors.green('accepted'))} ${label}, verified in ${duration(seconds)}`)
  } else context.print(`${colors.bold(colors.red('rejected'))} ${proof.file}: ${verdict.reason}`)
}

const ADVICE =
  'say with --constant NAME what a proof is about, with --ixe and --ixes of which library, ' +
  'and with --allow what trusted code it rests on'

/** Every shard with a constant is proven exactly once, and nothing else is. */
async function verifyAll(
  proofs: readonly ProofFile[],
  options: VerifyOptions,
  context: Context,
): Promise<void> {
  const environment = openEnvironment(options.ixe)
  const partition = openPartition(environment, options.ixes ?? bundledManifest(), context)
  if (options.json !== true) context.print(coverageLine(partition))
  const key = await keyOf('check')
  const { graph, manifest } = partition
  const { shards, allowed } = shardStatements(environment, graph, manifest)(options.allow)
  const started = performance.now()
  let verified = 0
  const asked = proofs.map(proof => ({ file: proof.file, inputs: proof.header.claim.inputs, proof }))
  const judge = ({ proof }: { proof: ProofFile }, inputs: readonly bigint[]): string | null => {
    const verdict = verifyProof(key, proof, expectedClaim(key, 'check', inputs, proof), options.preset)
    context.progress.update('Verifying', ++verified, proofs.length, 'proofs')
    return verdict.accepted ? null : verdict.reason
  }
  const { faults, missing } = coverFaults(
    shards,
    asked,
    (it, shard) => judge(it, shard?.inputs ?? it.inputs),
    ADVICE,
  )
  context.progress.stop()
  const seconds = (performance.now() - started) / 1000
  const accepted = faults.length === 0
  context.exitCode = accepted ? EXIT.ok : EXIT.rejected
  const assumptions = accepted ? assumptionsOfLibrary(environment, graph, options.allow) : []
  if (options.json === true) {
    const trust = allowed.length === 0 ? {} : { allowed }
    const counts = { shards: shards.length, proofs: proofs.length }
    const found = accepted ? { assumptions } : {}
    context.printJson({ accepted, ...counts, ...trust, faults, missing, ...found, seconds })
    return
  }
  const { colors } = context
  if (accepted && allowed.length > 0) context.print(`allowed: ${allowed.join(', ')}`)
  for (const line of assumptionLines(assumptions)) context.print(line)
  for (const fault of faults) context.print(`${colors.red('rejected')} ${fault}`)
  if (accepted)
    context.print(
      `${colors.bold(colors.green('accepted'))} all of the library: ${plural(shards.length, 'shard')} proven, ` +
        `${count(graph.constants.length)} constants, verified in ${duration(seconds)}`,
    )
}

/** `ix verify` of a proof of a Reveal or Contains claim: the file holds the claim, so an environment is read only on request. */
import { type Address, isAddress } from '../../ixon/address.js'
import type { Environment } from '../../ixon/environment.js'
import { claimDigest, publicInput } from '../../shards/claim.js'
import { claimInWords, claimLines, type Statement } from '../../shards/claim-words.js'
import { bundledManifest } from '../bundled.js'
import { shardTarget } from '../check/shard-target.js'
import type { Context } from '../context.js'
import { addressOfName, openEnvironment } from '../environment.js'
import { EXIT, UsageError } from '../exit.js'
import { duration } from '../format.js'
import { expectedClaim, keyOf } from './keys.js'
import { printSecurity, securityJson } from './parameters.js'
import { type ProofFile, requiredParameters, verifyProof } from './read-proof.js'
import type { VerifyOptions } from './verify-options.js'

export async function verifyStatement(
  proof: ProofFile,
  claim: Statement,
  options: VerifyOptions,
  context: Context,
): Promise<void> {
  const other = otherSubject(claim, options, context)
  const key = await keyOf(claim.kind)
  const digest = claimDigest(claim)
  const expected = expectedClaim(key, claim.kind, publicInput(digest).map(BigInt), proof)
  const started = performance.now()
  const verdict = verifyProof(key, proof, expected, options.preset)
  const seconds = (performance.now() - started) / 1000
  const reason = verdict.accepted ? other : verdict.reason
  const accepted = reason === undefined
  context.exitCode = accepted ? EXIT.ok : EXIT.rejected
  const keyDigest = Buffer.from(key.digest).toString('hex')
  const { colors } = context
  if (options.json === true) {
    context.printJson({
      file: proof.file,
      accepted,
      claim: claimInWords(claim),
      digest,
      key: keyDigest,
      ...(verdict.accepted ? { security: securityJson(verdict.security) } : {}),
      ...(accepted ? {} : { reason }),
      seconds,
    })
    return
  }
  for (const line of claimLines(claim)) context.print(line)
  context.print(`claim ${digest}`)
  if (verdict.accepted && accepted) {
    context.print(`key of ${claim.kind} claims ${keyDigest}`)
    printSecurity(verdict.security, requiredParameters(proof, options.preset), context)
    context.print(
      `${colors.bold(colors.green('accepted'))} the claim of ${proof.file}, verified in ${duration(seconds)}`,
    )
  } else context.print(`${colors.bold(colors.red('rejected'))} ${proof.file}: ${reason}`)
}

/** Why the claim is not about what `--constant` and `--shard` ask for. */
function otherSubject(claim: Statement, options: VerifyOptions, context: Context): string | undefined {
  const { constant, shard, ixes } = options
  if (options.allow !== undefined) throw new UsageError('--allow is for proofs of checks')
  if (constant.length > 1) throw new UsageError('the claim is about one constant')
  let environment: Environment | undefined
  const open = (): Environment => {
    environment ??= openEnvironment(options.ixe)
    return environment
  }
  const addressOf = (text: string): Address => (isAddress(text) ? text : addressOfName(open(), text))
  const subject = claim.kind === 'reveal' ? claim.commitment : claim.constant
  for (const name of constant)
    if (addressOf(name) !== subject) return `the claim is about another constant than ${name}`
  if (shard === undefined) return undefined
  if (claim.kind === 'reveal') throw new UsageError('--shard is for claims about what a shard owns')
  if (options.ixe !== undefined && ixes === undefined) throw new UsageError('--ixe with --shard needs --ixes')
  const { label, target } = shardTarget(open(), ixes ?? bundledManifest(), shard, () => {}, context)
  const tree = target?.kind === 'shard' ? target.claim.claim.root : undefined
  return tree === claim.tree ? undefined : `the claim is about another tree than that of ${label}`
}

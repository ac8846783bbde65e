/** What `ix reveal` and `ix contains` say of a claim that no check is part of, and the proof of it. */
import { checkConstraints } from '../aiur/circuit/constraints.js'
import { report } from '../aiur/circuit/cost.js'
import type { StatementOutcome } from '../kernel/statement.js'
import type { Preset } from '../prover/parameters.js'
import { encodeClaim } from '../shards/claim.js'
import { claimInWords, claimLines, type Statement } from '../shards/claim-words.js'
import { claimHeader } from '../shards/claimed-proof.js'
import type { Context } from './context.js'
import { EXIT } from './exit.js'
import { count } from './format.js'
import { proverParameters, proverThreads } from './proof/parameters.js'

interface StatementOptions {
  constraints: boolean | undefined
  json: boolean | undefined
  prove: string | undefined
  preset: Preset
  transparent: boolean | undefined
  jobs: number | undefined
}

/**
 * @param label what a proof of it is called
 * @param lines what the environment tells besides the claim, for people
 */
export async function concludeStatement(
  claim: Statement,
  label: string,
  outcome: StatementOutcome,
  lines: readonly string[],
  options: StatementOptions,
  context: Context,
): Promise<void> {
  const { colors } = context
  const jobs = proverThreads(options)
  const failures = failuresOf(outcome, options.constraints === true)
  const accepted = failures.length === 0
  context.exitCode = accepted ? EXIT.ok : EXIT.rejected
  const cost = outcome.ok ? report(outcome.run.layout, outcome.run.record).cost.total : undefined
  if (options.json !== true) {
    for (const line of [...claimLines(claim), ...lines]) context.print(line)
    context.print(`claim ${outcome.digest}`)
    for (const failure of failures) context.print(`${colors.red('rejected')} ${failure}`)
    if (accepted) {
      if (options.constraints === true) context.print('all constraints hold and all lookups balance')
      context.print(`${colors.bold(colors.green('accepted'))}, cost ${count(cost!)}`)
    }
  }
  let proof: object | undefined
  if (accepted && outcome.ok && options.prove !== undefined) {
    const [{ writtenProof }, { keyOf }] = await Promise.all([
      import('./proof/write-proof.js'),
      import('./proof/keys.js'),
    ])
    const { prove: out, json } = options
    const key = await keyOf(claim.kind)
    const parameters = proverParameters(options)
    const write = { key, label, out, json, parameters, jobs, claim: claimHeader(claim) }
    proof = await writtenProof(outcome.run, write, context)
  }
  if (options.json !== true) return
  context.printJson({
    accepted,
    claim: claimInWords(claim),
    bytes: Buffer.from(encodeClaim(claim)).toString('hex'),
    digest: outcome.digest,
    ...(cost === undefined ? {} : { cost }),
    ...(accepted ? {} : { failures }),
    ...(proof === undefined ? {} : { proof }),
  })
}

function failuresOf(outcome: StatementOutcome, constraints: boolean): string[] {
  if (!outcome.ok) return [outcome.error.reason]
  if (!constraints) return []
  const { layout, record, call } = outcome.run
  return checkConstraints(layout, record, call).map(String)
}

/** What `ix reveal` and `ix contains` say of a claim that no check is part of. */
import { checkConstraints } from '../aiur/circuit/constraints.js'
import { report } from '../aiur/circuit/cost.js'
import type { StatementOutcome } from '../kernel/statement.js'
import { type Claim, encodeClaim } from '../shards/claim.js'
import type { Context } from './context.js'
import { EXIT } from './exit.js'
import { count } from './format.js'

interface StatementOptions {
  constraints: boolean | undefined
  json: boolean | undefined
}

/** @param lines what the claim says, for people; `--json` prints the claim itself */
export function reportStatement(
  claim: Claim,
  outcome: StatementOutcome,
  lines: readonly string[],
  options: StatementOptions,
  context: Context,
): void {
  const { colors } = context
  const failures = failuresOf(outcome, options.constraints === true)
  const accepted = failures.length === 0
  context.exitCode = accepted ? EXIT.ok : EXIT.rejected
  const cost = outcome.ok ? report(outcome.run.layout, outcome.run.record).cost.total : undefined
  const bytes = Buffer.from(encodeClaim(claim)).toString('hex')
  if (options.json === true) {
    context.printJson({
      accepted,
      claim,
      bytes,
      digest: outcome.digest,
      ...(cost === undefined ? {} : { cost }),
      ...(accepted ? {} : { failures }),
    })
    return
  }
  for (const line of lines) context.print(line)
  context.print(`claim ${outcome.digest}`)
  for (const failure of failures) context.print(`${colors.red('rejected')} ${failure}`)
  if (!accepted) return
  if (options.constraints === true) context.print('all constraints hold and all lookups balance')
  context.print(`${colors.bold(colors.green('accepted'))}, cost ${count(cost!)}`)
}

function failuresOf(outcome: StatementOutcome, constraints: boolean): string[] {
  if (!outcome.ok) return [outcome.error.reason]
  if (!constraints) return []
  const { layout, record, call } = outcome.run
  return checkConstraints(layout, record, call).map(String)
}

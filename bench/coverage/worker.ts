/** The process that checks: one task after another, each answered by one message. */
import { report } from '../../aiur/circuit/cost.js'
import { openEnvironment } from '../../cli/environment.js'
import { compileEnvironment } from '../../ixon/compile/compile.js'
import { Environment } from '../../ixon/environment.js'
import type { Assumption } from '../../kernel/assumption.js'
import { check } from '../../kernel/check.js'
import { constantShape } from '../../kernel/constant-shape.js'
import type { CheckTarget } from '../../kernel/target.js'
import type { Verdict } from '../../kernel/verdict.js'
import { InputError, RejectedInput } from '../../lean/input-error.js'
import { openNdjson } from '../../lean/ndjson/source.js'
import { claimOf } from '../../shards/shard-claim.js'
import type { CheckLimitsOf, Outcome, Subject } from './task.js'

export interface Request {
  readonly subject: Subject
  readonly limits: CheckLimitsOf
}

let open: { readonly file: string; readonly environment: Environment } | undefined

process.on('message', (request: Request) => {
  outcomeOf(request).then(
    outcome => process.send!(outcome),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})

async function outcomeOf({ subject, limits }: Request): Promise<Outcome> {
  const before = process.cpuUsage()
  let environment: Environment
  try {
    environment = environmentOf(subject)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return declined(subject, error, secondsSince(before))
  }
  const owned = subject.kind === 'shard' ? subject.owned : [...environment.addresses()].sort()
  const constants = owned.filter(
    address => (constantShape(environment.bytes(address))?.members.length ?? 0) === 0,
  ).length
  const target: CheckTarget =
    subject.kind === 'shard'
      ? { kind: 'shard', claim: claimOf(environment, owned)! }
      : { kind: 'constants', addresses: owned }
  const verdict = await check({ environment, target, optimise: true, limits })
  const run = verdict.run ?? verdict.stopped
  const price = run === undefined ? undefined : report(run.layout, run.record, 'transforms')
  const { status, failed: rejected, undecided } = verdict
  return {
    status,
    constants,
    accepted: acceptedOf(verdict, constants),
    rejected,
    undecided,
    assumptions: byKind(verdict.assumptions),
    rows: price?.rows ?? 0,
    cost: price?.cost.total ?? 0,
    seconds: secondsSince(before),
  }
}

function environmentOf(subject: Subject): Environment {
  if (subject.kind === 'export')
    return Environment.fromData(compileEnvironment(openNdjson(subject.file)), subject.file)
  if (open?.file !== subject.ixe) open = { file: subject.ixe, environment: openEnvironment(subject.ixe) }
  return open.environment
}

/** Members of the failing blocks are left out with them, and the justification of primitives is checked on top. */
function acceptedOf({ status, checked, failed, undecided }: Verdict, constants: number): number {
  return status === 'accepted' ? constants : Math.min(checked, constants - failed.length - undecided.length)
}

/** An input that no environment can be made of. */
function declined(subject: Subject, error: InputError, seconds: number): Outcome {
  const name = subject.kind === 'export' ? subject.file : subject.ixe
  const failures = [{ name, address: '', reason: error.message }]
  const isWrong = error instanceof RejectedInput
  return {
    status: isWrong ? 'rejected' : 'undecided',
    constants: 0,
    accepted: 0,
    rejected: isWrong ? failures : [],
    undecided: isWrong ? [] : failures,
    assumptions: {},
    rows: 0,
    cost: 0,
    seconds,
  }
}

function byKind(assumptions: readonly Assumption[]): Outcome['assumptions'] {
  const counts: Partial<Record<Assumption['kind'], number>> = {}
  for (const { kind } of assumptions) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}

/** Processor time of the whole process, the engine's thread included. */
function secondsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

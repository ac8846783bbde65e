/** `ix check` of constants or of one shard with a snapshot. */
import type { CostReport } from '../../aiur/circuit/cost.js'
import type { Address } from '../../ixon/address.js'
import type { Assumption } from '../../kernel/assumption.js'
import { constantClaim, tableAddresses, walkedPrimitives } from '../../kernel/claim-arguments.js'
import { closureOf } from '../../kernel/closure.js'
import { neededPrimitives, primitiveTable } from '../../kernel/primitive-table.js'
import { trustIn } from '../../kernel/trusted-code.js'
import type { Failure, Verdict } from '../../kernel/verdict.js'
import { claimDigest } from '../../shards/claim.js'
import { claimOf } from '../../shards/shard-claim.js'
import type { Unit } from '../../shards/snapshot/unit.js'
import { type Examination, type ExamineRequest, examine } from '../check/examine.js'
import type { Memory } from '../cost.js'
import type { Profiled } from '../profile.js'
import { type Conclusion, type Plan, Reuse } from './reuse.js'
import { encodeReport, reportOf } from './saved-report.js'
import type { IncrementalSession } from './session.js'

/** What `ix check` says of one target, by whatever means it is known. */
export interface Reported {
  readonly status: Verdict['status']
  readonly checked: number
  readonly failed: readonly Failure[]
  readonly undecided: readonly Failure[]
  readonly assumptions: readonly Assumption[]
  readonly claim: Address | undefined
  readonly cost: CostReport | undefined
  readonly memory: Memory | undefined
  /** Undefined: not asked for. */
  readonly violations: readonly string[] | undefined
  readonly seconds: { readonly load: number; readonly execute: number }
  /** Constants taken over from a snapshot, and constants that were checked. */
  readonly reused: number
  readonly checkedAgain: number
  readonly profiled?: Profiled
  /** Cost and memory are those of the constants that were checked, without those taken over. */
  readonly partial?: boolean
}

const NO_TIME = { load: 0, execute: 0 }

export function reportedOf({ verdict, status, cost, memory, violations, profiled }: Examination): Reported {
  const { checked, failed, undecided, assumptions, claimDigest: claim, seconds, accepted } = verdict
  const found = { status, checked, failed, undecided, assumptions, claim, cost, memory, violations, seconds }
  return {
    ...found,
    reused: 0,
    checkedAgain: accepted.length + failed.length + undecided.length,
    ...(profiled === undefined ? {} : { profiled }),
  }
}

/** The report that a unit keeps; undefined when it keeps no table of costs. */
export function reportedBy(unit: Unit): Reported | undefined {
  const { cost, memory, violations, partial } = reportOf(unit)
  if (cost === undefined && unit.rows > 0) return undefined
  const { checked, failed, undecided, assumptions, claim } = unit
  return {
    status: unit.status === 'unfinished' ? 'undecided' : unit.status,
    checked,
    failed,
    undecided,
    assumptions,
    claim,
    cost,
    memory: memory ?? undefined,
    violations,
    seconds: NO_TIME,
    reused: unit.constants.length,
    checkedAgain: 0,
    ...(partial === true ? { partial } : {}),
  }
}

/**
 * Examines a target, taking over from the snapshot what holds. A target of constants that is not accepted in this way is
 * examined in full: its report names what a full run finds first.
 */
export async function examineWith(
  session: IncrementalSession,
  label: string,
  request: ExamineRequest,
): Promise<Reported> {
  const { environment, target } = request
  const shard = target.kind === 'shard'
  const subjects = target.kind === 'shard' ? target.claim.owned : target.addresses
  const reached = shard ? undefined : closureOf(environment, subjects)
  const wanted = reached && neededPrimitives(environment, reached)
  const single = !shard && subjects.length === 1
  const table = primitiveTable(environment, wanted, trustIn(environment, request.allow))
  // A claim about constants covers the primitives of its table; what shards rest on is covered by their sum.
  const all =
    reached && [...closureOf(environment, [...reached.keys(), ...tableAddresses(table)]).keys()].sort()
  const walked = single
    ? [...closureOf(environment, [...subjects, ...walkedPrimitives(table)]).keys()].sort()
    : all
  const owned = walked ?? subjects
  const reuse = new Reuse(environment, session, request.allow, wanted)
  const serves = (unit: Unit): boolean => reportedBy(unit) !== undefined
  const plan = {
    ...reuse.plan(label, owned, subjects, serves),
    ...(all === undefined ? {} : { covered: all }),
  }
  const reported = plan.whole && reportedBy(plan.whole.sealed.unit)
  if (reported !== undefined) return reported
  if (plan.reused.size > 0) {
    const some = await examinePart(request, plan, wanted)
    const conclusion = reuse.conclude(plan, some && foundBy(some))
    const violated = some?.violations !== undefined && some.violations.length > 0
    if (shard || (conclusion.status === 'accepted' && !violated)) return finish(plan, conclusion, some)
  }
  const run = await examine(request)
  const full = { ...plan, reused: new Map(), fresh: owned }
  return finish(full, reuse.conclude(full, foundBy(run)), run)

  function finish(done: Plan, conclusion: Conclusion, run: Examination | undefined): Reported {
    const violated = run?.status === 'rejected' && conclusion.status === 'accepted'
    const claim =
      single && conclusion.claim !== undefined ? claimDigest(constantClaim(subjects[0]!)) : conclusion.claim
    const partial = done.reused.size > 0 ? { partial: true } : {}
    const report = {
      memory: run?.memory ?? null,
      ...(run?.violations === undefined ? {} : { violations: run.violations }),
      ...(run?.cost === undefined ? {} : { cost: run.cost }),
      ...partial,
    }
    const told = {
      ...conclusion,
      claim,
      ...(violated ? { status: 'rejected' as const, accepted: [] } : {}),
    }
    const numbers = { rows: run?.cost?.rows ?? 0, cost: run?.cost?.cost.total ?? 0 }
    session.record(reuse.unit(done, told, { ...numbers, json: encodeReport(report) }), done.reused.values())
    return {
      ...told,
      status: told.status === 'unfinished' ? 'undecided' : told.status,
      cost: run?.cost,
      memory: run?.memory,
      violations: run?.violations,
      seconds: run?.verdict.seconds ?? NO_TIME,
      reused: done.reused.size,
      checkedAgain: done.fresh.length,
      ...partial,
    }
  }
}

async function examinePart(
  request: ExamineRequest,
  { fresh }: Plan,
  wanted: ReadonlySet<string> | undefined,
): Promise<Examination | undefined> {
  const claim = claimOf(request.environment, fresh)
  if (claim === undefined) return undefined
  const primitives = wanted === undefined ? {} : { primitives: wanted }
  return examine({ ...request, target: { kind: 'shard', claim, ...primitives } })
}

function foundBy({ verdict }: Examination) {
  const { claimDigest: claim, stopped, ...rest } = verdict
  return { ...rest, claim, finished: stopped === undefined }
}

/** `ix check --all` with a snapshot. */
import type { Address } from '../../ixon/address.js'
import type { Environment } from '../../ixon/environment.js'
import type { Unit } from '../../shards/snapshot/unit.js'
import { byKind, type ShardResult, type ShardTask } from '../check/shard-task.js'
import { type Conclusion, type Plan, Reuse } from './reuse.js'
import { encodeReport, reportOf } from './saved-report.js'
import type { Believed, IncrementalSession } from './session.js'

/** What the reports and snapshots call a shard. */
export const shardLabel = (id: number): string => `shard ${id}`

/**
 * The results of all shards when nothing has changed, in the order of the manifest and, without `keepGoing`, up to the first
 * rejected one. Undefined when the input has to be looked at.
 */
export function savedResults(session: IncrementalSession, keepGoing: boolean): ShardResult[] | undefined {
  if (session.partition === undefined) return undefined
  const results: ShardResult[] = []
  for (const id of session.partition.shards) {
    const unit = session.unchangedUnit(shardLabel(id))
    if (unit === undefined) return undefined
    results.push(resultOf(id, unit))
    if (unit.status === 'rejected' && !keepGoing) break
  }
  return results
}

/** A result as its unit has it. */
function resultOf(id: number, unit: Unit): ShardResult {
  const { memory, violations, partial } = reportOf(unit)
  return {
    id,
    constants: unit.constants.length,
    status: unit.status === 'unfinished' ? 'undecided' : unit.status,
    checked: unit.checked,
    failed: unit.failed,
    undecided: unit.undecided,
    assumptions: byKind(unit.assumptions),
    ...(violations === undefined ? {} : { violations }),
    claim: unit.claim ?? null,
    rows: unit.rows,
    cost: unit.cost,
    memory,
    seconds: 0,
    reused: unit.constants.length,
    ...(partial === true ? { partial } : {}),
  }
}

/** The shards of a manifest, each with what the snapshot knows of it. */
export class ShardPlans {
  readonly #reuse: Reuse
  readonly #plans: readonly { readonly id: number; readonly plan: Plan }[]

  constructor(
    private readonly session: IncrementalSession,
    environment: Environment,
    shards: readonly { readonly id: number; readonly owned: readonly Address[] }[],
    private readonly keepGoing: boolean,
    allow?: readonly string[],
  ) {
    this.#reuse = new Reuse(environment, session, allow)
    this.#plans = shards.map(({ id, owned }) => ({ id, plan: this.#reuse.plan(shardLabel(id), owned) }))
  }

  /** What is left to check; without `keepGoing` nothing after a shard that is known to be rejected. */
  tasks(): ShardTask[] {
    const end = this.keepGoing
      ? -1
      : this.#plans.findIndex(({ plan }) => plan.whole?.sealed.unit.status === 'rejected')
    return this.#plans
      .slice(0, end < 0 ? undefined : end)
      .filter(({ plan }) => plan.fresh.length > 0)
      .map(({ id, plan }) => ({ id, owned: plan.fresh }))
  }

  /**
   * The results of a run of the tasks, completed by what was taken over, in the order of the manifest. Every shard that was
   * checked, or that the run did not come to, becomes a unit of the next snapshot.
   */
  merge(run: readonly ShardResult[]): ShardResult[] {
    const ran = new Map(run.map(result => [result.id, result]))
    const results: ShardResult[] = []
    for (const { id, plan } of this.#plans) {
      const result =
        plan.whole !== undefined
          ? resultOf(id, plan.whole.sealed.unit)
          : plan.fresh.length === 0 || ran.has(id)
            ? this.#completed(id, plan, ran.get(id))
            : undefined
      if (result === undefined) this.#record(plan, undefined, unfinished(plan))
      else results.push(result)
      if (result?.status === 'rejected' && !this.keepGoing) break
    }
    return results
  }

  #completed(id: number, plan: Plan, result: ShardResult | undefined): ShardResult {
    const evidence = result?.evidence
    if (result !== undefined && evidence === undefined) {
      this.#record(plan, undefined, unfinished(plan))
      return { ...result, constants: plan.owned.length, reused: plan.reused.size }
    }
    const conclusion = this.#reuse.conclude(
      plan,
      result && evidence && { ...result, ...evidence, claim: result.claim ?? undefined },
    )
    const { claim, checked, failed, undecided, assumptions, status } = conclusion
    const violated = result?.violations !== undefined && result.violations.length > 0
    const completed: ShardResult = {
      id,
      constants: plan.owned.length,
      status: violated ? 'rejected' : status === 'unfinished' ? 'undecided' : status,
      checked,
      failed,
      undecided,
      assumptions: byKind(assumptions),
      ...(result?.violations === undefined ? {} : { violations: result.violations }),
      claim: claim ?? null,
      rows: result?.rows ?? 0,
      cost: result?.cost ?? 0,
      memory: result?.memory ?? null,
      seconds: result?.seconds ?? 0,
      reused: plan.reused.size,
      ...(plan.reused.size > 0 ? { partial: true } : {}),
    }
    this.#record(plan, completed, violated ? { ...conclusion, status: 'rejected' } : conclusion)
    return completed
  }

  #record(plan: Plan, result: ShardResult | undefined, conclusion: Conclusion): void {
    const { violations } = result ?? {}
    // A violated constraint speaks against the whole execution: nothing of it is taken over later.
    const accepted = violations !== undefined && violations.length > 0 ? [] : conclusion.accepted
    const unit = this.#reuse.unit(
      plan,
      { ...conclusion, accepted },
      {
        rows: result?.rows ?? 0,
        cost: result?.cost ?? 0,
        json: encodeReport({
          memory: result?.memory ?? null,
          ...(violations === undefined ? {} : { violations }),
          ...(plan.reused.size > 0 ? { partial: true } : {}),
        }),
      },
    )
    const sources: Iterable<Believed> = plan.reused.values()
    this.session.record(unit, sources)
  }

  /** Constants taken over, of all shards. */
  get reused(): number {
    return this.#plans.reduce(
      (sum, { plan }) => sum + (plan.whole === undefined ? plan.reused.size : plan.owned.length),
      0,
    )
  }
}

/** What is known of a shard that was not checked to its end. */
function unfinished({ reused }: Plan): Conclusion {
  return {
    status: 'unfinished',
    failed: [],
    undecided: [],
    accepted: [...reused.keys()],
    primitives: primitivesOf(reused.values()),
    claim: undefined,
    checked: 0,
    assumptions: [],
  }
}

function primitivesOf(sources: Iterable<Believed>): number[] {
  const used = new Set<number>()
  for (const { sealed } of new Set(sources)) for (const number of sealed.unit.primitives) used.add(number)
  return [...used].sort((a, b) => a - b)
}

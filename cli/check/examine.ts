/** One target through kernel, cost model and, if asked, constraints. */

import { type CostModel, type CostReport, report } from '../../aiur/circuit/cost.js'
import type { Environment } from '../../ixon/environment.js'
import { check } from '../../kernel/check.js'
import type { CheckRequest, Verdict } from '../../kernel/verdict.js'
import { InputError } from '../../lean/input-error.js'
import { type Memory, memoryOf } from '../cost.js'
import { addressOfName } from '../environment.js'
import type { Profiled } from '../profile.js'

export interface Examination {
  readonly verdict: Verdict
  /** That of the verdict, unless a constraint is violated: such an execution could not be proved. */
  readonly status: Verdict['status']
  /** Of the last execution, which a limit may have ended; absent when there was none. */
  readonly cost: CostReport | undefined
  readonly memory: Memory | undefined
  /** Undefined: not asked for. */
  readonly violations: readonly string[] | undefined
  /** Absent: not asked for, or no execution ran to its end. */
  readonly profiled?: Profiled
}

export interface ExamineRequest extends CheckRequest {
  readonly model: CostModel
  /** Profile the run, `of`: keep what belongs to the constant of this name. */
  readonly profile?:
    | { readonly of: string | undefined; readonly onProgress?: (done: number, total: number) => void }
    | undefined
  readonly constraints?: { readonly onProgress?: (done: number, total: number) => void } | undefined
}

export async function examine(request: ExamineRequest): Promise<Examination> {
  const { model, constraints, profile, ...asked } = request
  const verdict = await check(asked)
  const { run = verdict.stopped } = verdict
  const violations = constraints === undefined ? undefined : await violationsOf(verdict, constraints)
  const cost = run === undefined ? undefined : report(run.layout, run.record, model)
  const profiled =
    profile !== undefined && cost !== undefined
      ? await profiledBy(verdict, cost, asked.environment, profile)
      : undefined
  return {
    verdict,
    status: violations !== undefined && violations.length > 0 ? 'rejected' : verdict.status,
    cost,
    memory: run === undefined ? undefined : memoryOf(run.record),
    violations,
    ...(profiled === undefined ? {} : { profiled }),
  }
}

/** @throws InputError when nothing was made for the constant of the name `of` */
async function profiledBy(
  { run }: Verdict,
  cost: CostReport,
  environment: Environment,
  { of, onProgress }: NonNullable<ExamineRequest['profile']>,
): Promise<Profiled | undefined> {
  if (run === undefined) return undefined
  const { constantCosts, profileOfConstant, profileRun } = await import('../../kernel/profile.js')
  const tree = profileRun(run, cost, onProgress)
  const constants = constantCosts(tree, environment)
  if (of === undefined) return { tree, constants }
  const address = constants.find(({ name }) => name === of)?.address ?? addressOfName(environment, of)
  if (!constants.some(constant => constant.address === address))
    throw new InputError(`this check neither loads nor checks ${of}`)
  return { tree: profileOfConstant(tree, address), constants }
}

async function violationsOf(
  { run }: Verdict,
  options: { readonly onProgress?: (done: number, total: number) => void },
): Promise<string[]> {
  if (run === undefined) return []
  const { checkConstraints } = await import('../../aiur/circuit/constraints.js')
  return checkConstraints(run.layout, run.record, run.call, options).map(String)
}

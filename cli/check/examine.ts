/** One target through kernel, cost model and, if asked, constraints. */
import { type CostModel, type CostReport, report } from '../../aiur/circuit/cost.js'
import { check } from '../../kernel/check.js'
import type { CheckRequest, Verdict } from '../../kernel/verdict.js'
import { type Memory, memoryOf } from '../cost.js'

export interface Examination {
  readonly verdict: Verdict
  /** That of the verdict, unless a constraint is violated: such an execution could not be proved. */
  readonly status: Verdict['status']
  /** Of the last execution, which a limit may have ended; absent when there was none. */
  readonly cost: CostReport | undefined
  readonly memory: Memory | undefined
  /** Undefined: not asked for. */
  readonly violations: readonly string[] | undefined
}

export interface ExamineRequest extends CheckRequest {
  readonly model: CostModel
  readonly constraints?: { readonly onProgress?: (done: number, total: number) => void } | undefined
}

export async function examine(request: ExamineRequest): Promise<Examination> {
  const { model, constraints, ...asked } = request
  const verdict = await check(asked)
  const { run = verdict.stopped } = verdict
  const violations = constraints === undefined ? undefined : await violationsOf(verdict, constraints)
  return {
    verdict,
    status: violations !== undefined && violations.length > 0 ? 'rejected' : verdict.status,
    cost: run === undefined ? undefined : report(run.layout, run.record, model),
    memory: run === undefined ? undefined : memoryOf(run.record),
    violations,
  }
}

async function violationsOf(
  { run }: Verdict,
  options: { readonly onProgress?: (done: number, total: number) => void },
): Promise<string[]> {
  if (run === undefined) return []
  const { checkConstraints } = await import('../../aiur/circuit/constraints.js')
  return checkConstraints(run.layout, run.record, run.call, options).map(String)
}

/** The areas in which the kernel was made cheaper, and what checks cost without each. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CostReport, report } from '../../aiur/circuit/cost.js'
import type { SourceFile } from '../../aiur/language/compile-error.js'
import { packageRoot } from '../../cli/package-root.js'
import type { Environment } from '../../ixon/environment.js'
import { check } from '../../kernel/check.js'
import type { CheckTarget } from '../../kernel/target.js'

export interface Area {
  readonly title: string
  /** File of this folder that restores the older form. */
  readonly file: string
}

export const AREAS: readonly Area[] = [
  { title: 'lookups share their walk', file: 'lookup.aiur' },
  { title: 'addresses: first word apart', file: 'address.aiur' },
  { title: 'whnf: wide cases apart', file: 'whnf.aiur' },
  { title: 'spines keyed on the term alone', file: 'spine.aiur' },
  { title: 'skip set by advised directions', file: 'skip-set.aiur' },
  { title: 'symbolic number offsets', file: 'nat-offset.aiur' },
]

export function overlayOf({ file }: Area): SourceFile {
  const name = `bench/areas/${file}`
  return { name, text: readFileSync(join(packageRoot(), name), 'utf8') }
}

export interface Input {
  readonly name: string
  readonly environment: Environment
  readonly target: CheckTarget
}

/** The older forms may be hopeless, so that a run that goes on too long is a result. */
const LIMITS = { rows: 40_000_000, seconds: 150 }

/** Undefined: the check reached a limit. */
export async function costOf(input: Input, overlay: readonly SourceFile[]): Promise<CostReport | undefined> {
  const { environment, target, name } = input
  const verdict = await check({ environment, target, overlay, limits: LIMITS })
  if (verdict.stopped !== undefined) return undefined
  const { run, status, failed, undecided } = verdict
  if (status !== 'accepted' || run === undefined) {
    const reasons = [...failed, ...undecided].map(failure => `${failure.name}: ${failure.reason}`)
    throw new Error(`${name} is ${status}: ${reasons.join('; ')}`)
  }
  return report(run.layout, run.record)
}

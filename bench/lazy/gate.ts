/** Two recorded runs side by side, and whether the later one may stand. */
import { readFileSync } from 'node:fs'

/** Figures of one workload; `null` where they were not taken. */
export interface Measurement {
  readonly bytesRead: number
  readonly modulesOpened: number
  readonly fileOpens: number
  /** Bytes of files in memory, at most. */
  readonly peakHeldBytes: number
  /** Resident memory of the process, at most, in bytes. */
  readonly peakMemory: number
  /** Processor time in milliseconds. */
  readonly cpu: number
  /** Processor time from the start of the process to the first verdict. */
  readonly firstVerdict: number | null
}

/** By workload, `<root> <work> <mode>`. */
export type Run = Readonly<Record<string, Measurement>>

export type Metric = keyof Measurement

/** Growth that needs a reason: counted work, memory; processor time is shown and, being noise to a percent, not gated. */
const LIMITS: Readonly<Record<Metric, number | undefined>> = {
  bytesRead: 0.01,
  modulesOpened: 0.01,
  fileOpens: 0.01,
  peakHeldBytes: 0.05,
  peakMemory: 0.05,
  cpu: undefined,
  firstVerdict: undefined,
}
export const METRICS = Object.keys(LIMITS) as Metric[]

/** Below this relative change two figures count as the same. */
const SAME = 0.001

export interface Change {
  readonly workload: string
  readonly metric: Metric
  readonly before: number
  readonly after: number
  /** Relative, 0.01 for one percent more; infinite from nothing. */
  readonly relative: number
  readonly verdict: 'better' | 'same' | 'worse'
  /** Why growth beyond the limit is accepted, if it is. */
  readonly reason: string | undefined
  readonly fails: boolean
}

export interface Comparison {
  readonly changes: readonly Change[]
  readonly counts: Readonly<Record<Metric, Readonly<Record<Change['verdict'], number>>>>
  /** Workloads of the earlier run that the later one lacks. */
  readonly missing: readonly string[]
  readonly ok: boolean
}

/** @param reasons by `<workload>: <metric>` */
export function compareRuns(
  before: Run,
  after: Run,
  reasons: Readonly<Record<string, string>> = {},
): Comparison {
  const changes: Change[] = []
  const missing: string[] = []
  for (const [workload, earlier] of Object.entries(before)) {
    const later = after[workload]
    if (later === undefined) {
      missing.push(workload)
      continue
    }
    for (const metric of METRICS) {
      const [old, now] = [earlier[metric], later[metric]]
      if (old === null || now === null) continue
      const relative = old === now ? 0 : old === 0 ? Number.POSITIVE_INFINITY : now / old - 1
      const verdict = Math.abs(relative) < SAME ? 'same' : relative < 0 ? 'better' : 'worse'
      const reason = reasons[`${workload}: ${metric}`]
      const fails = relative > (LIMITS[metric] ?? Number.POSITIVE_INFINITY) && reason === undefined
      changes.push({ workload, metric, before: old, after: now, relative, verdict, reason, fails })
    }
  }
  const counts = Object.fromEntries(
    METRICS.map(metric => {
      const of = (verdict: Change['verdict']): number =>
        changes.filter(change => change.metric === metric && change.verdict === verdict).length
      return [metric, { better: of('better'), same: of('same'), worse: of('worse') }]
    }),
  ) as Comparison['counts']
  return { changes, counts, missing, ok: missing.length === 0 && !changes.some(({ fails }) => fails) }
}

/** One line per change that is one, then how many of each metric went which way. */
export function comparisonLines({ changes, counts, missing }: Comparison): string[] {
  const percent = (relative: number): string =>
    Number.isFinite(relative) ? `${relative > 0 ? '+' : ''}${(100 * relative).toFixed(2)} %` : 'from nothing'
  const lines = changes
    .filter(({ verdict }) => verdict !== 'same')
    .map(({ workload, metric, before, after, relative, fails, reason }) => {
      const note = fails ? '  FAILS' : reason === undefined ? '' : `  accepted: ${reason}`
      return `${workload}  ${metric}  ${before} -> ${after}  ${percent(relative)}${note}`
    })
  for (const workload of missing) lines.push(`${workload}  missing  FAILS`)
  for (const metric of METRICS) {
    const { better, same, worse } = counts[metric]
    lines.push(`${metric}: better/worse ${better}/${worse}, same ${same}`)
  }
  return lines
}

/**
 * Prints the comparison of a recorded run with a later one.
 *
 * @param reasons file with reasons, if any
 * @param asked which workloads of the earlier run the later one was to measure (default: all)
 * @returns exit code: 1 for growth beyond the limits without a reason
 */
export function gate(
  before: string,
  after: Run,
  reasons: string | undefined,
  print: (line: string) => void,
  asked: (workload: string) => boolean = () => true,
): 0 | 1 {
  const comparison = compareRuns(
    Object.fromEntries(Object.entries(readRun(before)).filter(([workload]) => asked(workload))),
    after,
    reasons === undefined ? {} : (JSON.parse(readFileSync(reasons, 'utf8')) as Record<string, string>),
  )
  for (const line of comparisonLines(comparison)) print(line)
  print(comparison.ok ? 'no growth beyond the limits' : 'growth beyond the limits without a reason')
  return comparison.ok ? 0 : 1
}

export function readRun(file: string): Run {
  return JSON.parse(readFileSync(file, 'utf8')) as Run
}

/** `--baseline`: the cost of a run beside that of an earlier one. */
import { readFileSync } from 'node:fs'
import type { CircuitCost, CostReport } from '../aiur/circuit/cost.js'
import { InputError } from '../lean/input-error.js'
import type { Context } from './context.js'
import { count, plural } from './format.js'
import { table } from './table.js'

export const BASELINE_OPTION = {
  type: 'string',
  describe: 'Result of --json to compare costs with, circuit by circuit',
} as const

type Numbers = Pick<CircuitCost, 'width' | 'rows' | 'cost'>

/** Costs of an earlier run, as `costJson` writes them. */
export interface Baseline {
  readonly model: string
  readonly total: Numbers
  readonly circuits: ReadonlyMap<string, Numbers>
}

export interface Change {
  readonly name: string
  /** Null where the program had, or has, no such circuit. */
  readonly before: Numbers | null
  readonly after: Numbers | null
  /** Difference in cost. */
  readonly change: number
  /** Of the change of the total; 0 when that is 0. */
  readonly share: number
}

export interface Comparison {
  readonly before: Numbers
  readonly after: Numbers
  readonly change: number
  /** Circuits that differ, by falling size of the change. */
  readonly circuits: readonly Change[]
}

/** @throws InputError unless the file holds one object with the costs of a run */
export function readBaseline(file: string): Baseline {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new InputError(`cannot read the baseline: ${(error as Error).message}`, { file })
  }
  const fail = (what: string): never => {
    throw new InputError(`not a result of --json with costs: ${what}`, { file })
  }
  if (typeof value !== 'object' || value === null) return fail('no object')
  const { cost, width, rows, circuits } = value as Record<string, unknown>
  if (typeof cost !== 'object' || cost === null) return fail('no "cost"')
  const { model, total } = cost as Record<string, unknown>
  if (typeof model !== 'string') return fail('no "cost.model"')
  if (!Array.isArray(circuits)) return fail('no "circuits"')
  const numbers = (name: string, entry: Record<keyof Numbers, unknown>): Numbers => {
    for (const key of ['width', 'rows', 'cost'] as const)
      if (typeof entry[key] !== 'number') fail(`no number "${key}" of ${name}`)
    return entry as Numbers
  }
  const byName = new Map<string, Numbers>()
  for (const entry of circuits as unknown[]) {
    if (typeof entry !== 'object' || entry === null) return fail('a circuit that is no object')
    const { name, ...rest } = entry as Record<keyof Numbers | 'name', unknown>
    if (typeof name !== 'string') return fail('a circuit without "name"')
    add(byName, name, numbers(name, rest))
  }
  return { model, total: numbers('the total', { width, rows, cost: total }), circuits: byName }
}

/** Circuits of one name count as one. */
function add(circuits: Map<string, Numbers>, name: string, { width, rows, cost }: Numbers): void {
  const old = circuits.get(name) ?? { width: 0, rows: 0, cost: 0 }
  circuits.set(name, { width: old.width + width, rows: old.rows + rows, cost: old.cost + cost })
}

/** @throws InputError if the baseline was priced by another model */
export function compare(baseline: Baseline, report: CostReport, file: string): Comparison {
  if (baseline.model !== report.cost.model)
    throw new InputError(`the baseline has costs of model ${baseline.model}, not ${report.cost.model}`, {
      file,
    })
  const now = new Map<string, Numbers>()
  for (const circuit of report.circuits) add(now, circuit.name, circuit)
  const after = { width: report.width, rows: report.rows, cost: report.cost.total }
  const total = after.cost - baseline.total.cost
  const changes: Change[] = []
  for (const name of new Set([...baseline.circuits.keys(), ...now.keys()])) {
    const [x, y] = [baseline.circuits.get(name) ?? null, now.get(name) ?? null]
    if (x?.width === y?.width && x?.rows === y?.rows && x?.cost === y?.cost) continue
    const change = (y?.cost ?? 0) - (x?.cost ?? 0)
    changes.push({ name, before: x, after: y, change, share: total === 0 ? 0 : change / total })
  }
  changes.sort((a, b) => Math.abs(b.change) - Math.abs(a.change) || (a.name < b.name ? -1 : 1))
  return { before: baseline.total, after, change: total, circuits: changes }
}

/** Circuits whose cost changed, then the sum. */
export function printComparison(comparison: Comparison, context: Context): void {
  const { before, after, change, circuits } = comparison
  const arrow = (x: number | undefined, y: number | undefined): string =>
    x === y ? count(y ?? 0) : `${x === undefined ? '-' : count(x)} -> ${y === undefined ? '-' : count(y)}`
  const signed = (x: number): string => `${x > 0 ? '+' : ''}${count(x)}`
  const priced = circuits.filter(circuit => circuit.change !== 0)
  const row = ({ name, before: x, after: y, change: difference, share }: Change): string[] => [
    name,
    arrow(x?.width, y?.width),
    arrow(x?.rows, y?.rows),
    signed(difference),
    `${(100 * share).toFixed(1)}%`,
  ]
  const titles = ['circuit', 'width', 'rows', 'cost', 'of change']
  context.terminal.stdout.write(
    table(
      titles.map((title, i) => ({ title, align: i === 0 ? 'left' : 'right' })),
      priced.map(row),
      context.colors,
    ),
  )
  const idle = circuits.length - priced.length
  if (idle > 0) context.print(`${plural(idle, 'circuit')} that changed without a cost not shown`)
  const percent = before.cost === 0 ? '' : ` (${signedPercent(change / before.cost)})`
  context.print(
    `width ${arrow(before.width, after.width)}, rows ${arrow(before.rows, after.rows)}, ` +
      `cost ${arrow(before.cost, after.cost)}: ${signed(change)}${percent}`,
  )
}

function signedPercent(x: number): string {
  return `${x > 0 ? '+' : ''}${(100 * x).toFixed(2)}%`
}

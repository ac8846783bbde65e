/** `--baseline` and `ix diff`: the cost of a run beside that of an earlier one. */
import type { CircuitCost, CostReport } from '../aiur/circuit/cost.js'
import { InputError } from '../lean/input-error.js'
import type { Context } from './context.js'
import { count, plural } from './format.js'
import { readText } from './read-text.js'

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
  return baselineOf(readJson(file), file)
}

/** What a file of `--json` holds. @throws InputError */
export function readJson(file: string): unknown {
  const text = readText(file, 'result')
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new InputError(`cannot read the result: ${(error as Error).message}`, { file })
  }
}

/** @throws InputError unless the value of a file is an object with the costs of a run */
export function baselineOf(value: unknown, file: string): Baseline {
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

/** Costs of a run, circuits of one name as one. */
export function costsOf({ cost, width, rows, circuits }: CostReport): Baseline {
  const byName = new Map<string, Numbers>()
  for (const circuit of circuits) add(byName, circuit.name, circuit)
  return { model: cost.model, total: { width, rows, cost: cost.total }, circuits: byName }
}

/** @throws InputError if what was before, in this file, was priced by another model */
export function compareCosts(baseline: Baseline, now: Baseline, file: string): Comparison {
  if (baseline.model !== now.model)
    throw new InputError(`the baseline has costs of model ${baseline.model}, not ${now.model}`, { file })
  const after = now.total
  const total = after.cost - baseline.total.cost
  const changes: Change[] = []
  for (const name of new Set([...baseline.circuits.keys(), ...now.circuits.keys()])) {
    const [x, y] = [baseline.circuits.get(name) ?? null, now.circuits.get(name) ?? null]
    if (x?.width === y?.width && x?.rows === y?.rows && x?.cost === y?.cost) continue
    const change = (y?.cost ?? 0) - (x?.cost ?? 0)
    changes.push({ name, before: x, after: y, change, share: total === 0 ? 0 : change / total })
  }
  changes.sort((a, b) => Math.abs(b.change) - Math.abs(a.change) || (a.name < b.name ? -1 : 1))
  return { before: baseline.total, after, change: total, circuits: changes }
}

/** A number that changed: "1 -> 2", "- -> 2". */
export function arrow(x: number | undefined, y: number | undefined): string {
  return x === y
    ? count(y ?? 0)
    : `${x === undefined ? '-' : count(x)} -> ${y === undefined ? '-' : count(y)}`
}

/** 1234 -> "+1,234". */
export function signed(x: number): string {
  return `${x > 0 ? '+' : ''}${count(x)}`
}

/** Circuits whose cost changed, at most `top` of them, then the sum. */
export function printComparison(comparison: Comparison, context: Context, top = Number.POSITIVE_INFINITY) {
  const { before, after, circuits } = comparison
  const changed = circuits.filter(circuit => circuit.change !== 0)
  const priced = changed.slice(0, top)
  const row = ({ name, before: x, after: y, change: difference, share }: Change): string[] => [
    name,
    arrow(x?.width, y?.width),
    arrow(x?.rows, y?.rows),
    signed(difference),
    `${(100 * share).toFixed(1)}%`,
  ]
  const titles = ['circuit', 'width', 'rows', 'cost', 'of change']
  if (priced.length > 0)
    context.printTable(
      titles.map((title, i) => ({ title, align: i === 0 ? 'left' : 'right' })),
      priced.map(row),
    )
  if (priced.length < changed.length)
    context.print(`${plural(changed.length - priced.length, 'circuit')} of lesser change not shown`)
  const idle = circuits.length - changed.length
  if (idle > 0) context.print(`${plural(idle, 'circuit')} that changed without a cost not shown`)
  context.print(`width ${arrow(before.width, after.width)}, ${rowsAndCost(before, after)}`)
}

/** "rows 1 -> 2, cost 100 -> 110: +10 (+10.00%)". */
export function rowsAndCost(
  before: Pick<Numbers, 'rows' | 'cost'>,
  after: Pick<Numbers, 'rows' | 'cost'>,
): string {
  const change = after.cost - before.cost
  const percent = before.cost === 0 ? '' : ` (${signedPercent(change / before.cost)})`
  return (
    `rows ${arrow(before.rows, after.rows)}, ` +
    `cost ${arrow(before.cost, after.cost)}: ${signed(change)}${percent}`
  )
}

/** 0.0123 -> "+1.23%". */
export function signedPercent(x: number): string {
  return `${x > 0 ? '+' : ''}${(100 * x).toFixed(2)}%`
}

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

type Share = Pick<CircuitCost, 'rows' | 'cost'>
type Numbers = Share & Pick<CircuitCost, 'width'>

/** Costs of an earlier run, as `costJson` writes them. */
export interface Baseline {
  readonly model: string
  readonly total: Numbers
  readonly circuits: ReadonlyMap<string, Numbers>
  /** Of a run with `--by constant`. */
  readonly constants?: ReadonlyMap<string, Share>
}

export interface Change<T = Numbers> {
  readonly name: string
  /** Null where the program had, or has, no such circuit. */
  readonly before: T | null
  readonly after: T | null
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
  /** Constants that differ, where both runs tell what each of them costs. */
  readonly constants?: readonly Change<Share>[]
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
  const { cost, width, rows, circuits, constants } = value as Record<string, unknown>
  if (typeof cost !== 'object' || cost === null) return fail('no "cost"')
  const { model, total } = cost as Record<string, unknown>
  if (typeof model !== 'string') return fail('no "cost.model"')
  if (!Array.isArray(circuits)) return fail('no "circuits"')
  const numbers = <T extends Share>(name: string, entry: Record<string, unknown>, keys: (keyof T)[]): T => {
    for (const key of keys as string[])
      if (typeof entry[key] !== 'number') fail(`no number "${key}" of ${name}`)
    return Object.fromEntries((keys as string[]).map(key => [key, entry[key]])) as T
  }
  const named = <T extends Share>(
    what: string,
    list: readonly unknown[],
    keys: (keyof T)[],
  ): Map<string, T> => {
    const byName = new Map<string, T>()
    for (const entry of list) {
      if (typeof entry !== 'object' || entry === null) return fail(`a ${what} that is no object`)
      const { name, ...rest } = entry as Record<string, unknown>
      if (typeof name !== 'string') return fail(`a ${what} without "name"`)
      add(byName, name, numbers(name, rest, keys))
    }
    return byName
  }
  return {
    model,
    total: numbers<Numbers>('the total', { width, rows, cost: total }, ['width', 'rows', 'cost']),
    circuits: named<Numbers>('circuit', circuits, ['width', 'rows', 'cost']),
    ...(Array.isArray(constants) ? { constants: named<Share>('constant', constants, ['rows', 'cost']) } : {}),
  }
}

/** What has one name counts as one. */
function add<T extends Share>(all: Map<string, T>, name: string, numbers: T): void {
  const old = all.get(name)
  const sum: Record<string, number> = { ...numbers }
  if (old !== undefined) for (const [key, value] of Object.entries(old)) sum[key]! += value
  all.set(name, sum as unknown as T)
}

/** Costs of a run, circuits of one name as one. */
export function costsOf(
  { cost, width, rows, circuits }: CostReport,
  constants?: readonly { name: string; total: Share }[],
): Baseline {
  const byName = new Map<string, Numbers>()
  for (const c of circuits) add(byName, c.name, { width: c.width, rows: c.rows, cost: c.cost })
  const costs = { model: cost.model, total: { width, rows, cost: cost.total }, circuits: byName }
  if (constants === undefined) return costs
  const byConstant = new Map<string, Share>()
  for (const { name, total } of constants) add(byConstant, name, total)
  return { ...costs, constants: byConstant }
}

/** @throws InputError if what was before, in this file, was priced by another model */
export function compareCosts(baseline: Baseline, now: Baseline, file: string): Comparison {
  if (baseline.model !== now.model)
    throw new InputError(`the baseline has costs of model ${baseline.model}, not ${now.model}`, { file })
  const after = now.total
  const total = after.cost - baseline.total.cost
  const circuits = changesOf(baseline.circuits, now.circuits, total)
  const comparison = { before: baseline.total, after, change: total, circuits }
  if (baseline.constants === undefined || now.constants === undefined) return comparison
  return { ...comparison, constants: changesOf(baseline.constants, now.constants, total) }
}

/** What differs, by falling size of the change. */
function changesOf<T extends Share>(
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
  total: number,
): Change<T>[] {
  const changes: Change<T>[] = []
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const [x, y] = [before.get(name) ?? null, after.get(name) ?? null]
    if (widthOf(x) === widthOf(y) && x?.rows === y?.rows && x?.cost === y?.cost) continue
    const change = (y?.cost ?? 0) - (x?.cost ?? 0)
    changes.push({ name, before: x, after: y, change, share: total === 0 ? 0 : change / total })
  }
  return changes.sort((a, b) => Math.abs(b.change) - Math.abs(a.change) || (a.name < b.name ? -1 : 1))
}

function widthOf(numbers: Share | null): number | undefined {
  return (numbers as Partial<Numbers> | null)?.width
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

/** Constants, where they are known, and circuits whose cost changed, at most `top` of each, then the sum. */
export function printComparison(comparison: Comparison, context: Context, top = Number.POSITIVE_INFINITY) {
  const { before, after, circuits, constants } = comparison
  if (constants !== undefined)
    printChanges('constant', constants, ['rows', 'cost', 'of change'], context, top)
  printChanges('circuit', circuits, ['width', 'rows', 'cost', 'of change'], context, top)
  context.print(`width ${arrow(before.width, after.width)}, ${rowsAndCost(before, after)}`)
}

function printChanges<T extends Share>(
  noun: string,
  changes: readonly Change<T>[],
  titles: readonly string[],
  context: Context,
  top: number,
): void {
  const changed = changes.filter(({ change }) => Math.abs(change) >= NOTHING)
  const priced = changed.slice(0, top)
  const row = ({ name, before: x, after: y, change, share }: Change<T>): string[] => [
    name,
    ...(titles.includes('width') ? [arrow(widthOf(x), widthOf(y))] : []),
    arrow(x?.rows, y?.rows),
    signed(change),
    `${(100 * share).toFixed(1)}%`,
  ]
  if (priced.length > 0)
    context.printTable(
      [noun, ...titles].map((title, i) => ({ title, align: i === 0 ? 'left' : 'right' })),
      priced.map(row),
    )
  if (priced.length < changed.length)
    context.print(`${plural(changed.length - priced.length, noun)} of lesser change not shown`)
  const idle = changes.length - changed.length
  if (idle > 0) context.print(`${plural(idle, noun)} that changed without a cost not shown`)
}

/** Changes below this are those of sums of fractions in another order. */
const NOTHING = 1e-3

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

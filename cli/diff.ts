/** `ix diff`: two results of `--json`, of one target each or of all shards. */
import { InputError } from '../lean/input-error.js'
import {
  arrow,
  type Baseline,
  baselineOf,
  compareCosts,
  printComparison,
  readJson,
  rowsAndCost,
  signed,
  signedPercent,
} from './baseline.js'
import type { Context } from './context.js'
import { plural } from './format.js'

interface DiffOptions {
  before: string
  after: string
  top: number | undefined
  json: boolean | undefined
}

/** What is read of a result. */
interface Result {
  readonly file: string
  /** Undefined for results of `ix aiur run`. */
  readonly status: string | undefined
  readonly target: string | undefined
  /** Of all shards, by number. */
  readonly shards: ReadonlyMap<number, ShardNumbers> | undefined
  readonly costs: Baseline | undefined
  readonly model: string
}

interface ShardNumbers {
  readonly status: string
  readonly rows: number
  readonly cost: number
}

interface ShardChange {
  readonly id: number
  readonly before: ShardNumbers | null
  readonly after: ShardNumbers | null
  readonly change: number
}

/** @throws InputError unless both files hold results of the same kind, priced by the same model */
export function printDiff(options: DiffOptions, context: Context): void {
  const [before, after] = [readResult(options.before), readResult(options.after)]
  const heads = {
    target: { before: before.target ?? null, after: after.target ?? null },
    status: { before: before.status ?? null, after: after.status ?? null },
  }
  if (before.costs !== undefined && after.costs !== undefined) {
    const comparison = compareCosts(before.costs, after.costs, before.file)
    if (options.json === true) context.printJson({ ...heads, ...comparison })
    else {
      printHeads(before, after, context)
      printComparison(comparison, context, options.top)
    }
    return
  }
  if (before.shards === undefined || after.shards === undefined)
    throw new InputError('one result is of all shards, the other of one target', { file: after.file })
  if (before.model !== after.model)
    throw new InputError(`has costs of model ${before.model}, the other result of ${after.model}`, {
      file: before.file,
    })
  const changes = changesOf(before.shards, after.shards)
  const total = { before: sumOf(before.shards), after: sumOf(after.shards) }
  if (options.json === true)
    context.printJson({
      ...heads,
      ...total,
      change: total.after.cost - total.before.cost,
      shards: changes,
    })
  else {
    printHeads(before, after, context)
    printShards(changes, total, options.top, context)
  }
}

function readResult(file: string): Result {
  const value = readJson(file)
  const fields = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
  const word = (name: string): string | undefined =>
    typeof fields[name] === 'string' ? (fields[name] as string) : undefined
  const [status, target] = [word('status'), word('target') ?? word('entry')]
  if (Array.isArray(fields.shards))
    return {
      file,
      status,
      target,
      shards: shardsOf(fields.shards, file),
      costs: undefined,
      model: word('model') ?? '',
    }
  const costs = baselineOf(value, file)
  return { file, status, target, shards: undefined, costs, model: costs.model }
}

function shardsOf(list: readonly unknown[], file: string): Map<number, ShardNumbers> {
  const shards = new Map<number, ShardNumbers>()
  for (const entry of list) {
    const { id, status, rows, cost } = (entry ?? {}) as Record<string, unknown>
    if (
      typeof id !== 'number' ||
      typeof status !== 'string' ||
      typeof rows !== 'number' ||
      typeof cost !== 'number'
    )
      throw new InputError('not a result of ix check --all: a shard without id, status, rows and cost', {
        file,
      })
    shards.set(id, { status, rows, cost })
  }
  return shards
}

/** Shards that differ, by falling size of the change. */
function changesOf(
  before: ReadonlyMap<number, ShardNumbers>,
  after: ReadonlyMap<number, ShardNumbers>,
): ShardChange[] {
  const changes: ShardChange[] = []
  for (const id of new Set([...before.keys(), ...after.keys()])) {
    const [x, y] = [before.get(id) ?? null, after.get(id) ?? null]
    if (x?.status === y?.status && x?.rows === y?.rows && x?.cost === y?.cost) continue
    changes.push({ id, before: x, after: y, change: (y?.cost ?? 0) - (x?.cost ?? 0) })
  }
  return changes.sort((a, b) => Math.abs(b.change) - Math.abs(a.change) || a.id - b.id)
}

function sumOf(shards: ReadonlyMap<number, ShardNumbers>): { rows: number; cost: number } {
  let [rows, cost] = [0, 0]
  for (const shard of shards.values()) {
    rows += shard.rows
    cost += shard.cost
  }
  return { rows, cost }
}

/** Costs of different targets, or of a check that was not accepted, do not say what a change gains. */
function printHeads(before: Result, after: Result, context: Context): void {
  const { yellow } = context.colors
  if (before.target !== after.target)
    context.print(yellow(`different targets: ${before.target ?? '?'} -> ${after.target ?? '?'}`))
  for (const { file, status } of [before, after])
    if (status !== undefined && status !== 'accepted') context.print(yellow(`${file} is ${status}`))
}

function printShards(
  changes: readonly ShardChange[],
  total: Record<'before' | 'after', { rows: number; cost: number }>,
  top: number | undefined,
  context: Context,
): void {
  const shown = changes.slice(0, top)
  const row = ({ id, before, after, change }: ShardChange): string[] => [
    String(id),
    arrow(before?.rows, after?.rows),
    arrow(before?.cost, after?.cost),
    signed(change),
    before === null || before.cost === 0 ? '' : signedPercent(change / before.cost),
    before?.status === after?.status
      ? (after?.status ?? '')
      : `${before?.status ?? '-'} -> ${after?.status ?? '-'}`,
  ]
  const titles = ['shard', 'rows', 'FFT cost', 'change', '', 'verdict']
  if (shown.length > 0)
    context.printTable(
      titles.map(title => ({ title })),
      shown.map(row),
    )
  if (shown.length < changes.length)
    context.print(`${plural(changes.length - shown.length, 'shard')} of lesser change not shown`)
  context.print(`${plural(changes.length, 'shard')} changed: ${rowsAndCost(total.before, total.after)}`)
}

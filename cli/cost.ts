import type { Argv } from 'yargs'
import { type CircuitCost, type CostReport, formatReport } from '../aiur/circuit/cost.js'
import type { RecordView } from '../aiur/vm/record.js'
import type { Context } from './context.js'
import { UsageError } from './exit.js'
import { plural } from './format.js'
import { stacksOf } from './stacks.js'
import { tableWidth } from './terminal.js'

export const SORT_KEYS = ['cost', 'width', 'rows', 'hits', 'name'] as const

/** How much of the per-circuit table is shown, and in what order. */
export interface TableOptions {
  top: number | undefined
  sort: (typeof SORT_KEYS)[number]
}

export function tableOptions<T>(args: Argv<T>) {
  return args
    .option('top', {
      type: 'number',
      describe: 'Show this many lines of the table only (--json has all)',
    })
    .option('sort', { choices: SORT_KEYS, default: SORT_KEYS[0]!, describe: 'Order of the table' })
}

/** @throws UsageError */
export function validateTable({ top }: Pick<TableOptions, 'top'>): void {
  if (top !== undefined && (!Number.isInteger(top) || top < 0))
    throw new UsageError('--top must be a number of lines: 0, 1, ...')
}

/** The per-circuit table of a run; circuits without rows are only counted. */
export function printCost(report: CostReport, context: Context, { top, sort }: TableOptions): void {
  const used = report.circuits.filter(circuit => circuit.rows > 0)
  const stacks = stacksOf(used)
  // Reports come by falling cost, and sorting is stable.
  if (sort === 'name') used.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  else if (sort !== 'cost') used.sort((a, b) => b[sort] - a[sort])
  const lines = formatReport(
    { ...report, circuits: used },
    c => stacks.of(c) ?? '',
    tableWidth(context.terminal.stdout),
  ).split('\n')
  // One line per circuit at the end.
  const hidden = top === undefined ? [] : used.slice(top)
  for (const line of lines.slice(0, lines.length - hidden.length)) context.print(line)
  if (hidden.length > 0) {
    const share = hidden.reduce((sum, circuit) => sum + circuit.share, 0)
    context.print(
      `${plural(hidden.length, 'more circuit')} with ${(100 * share).toFixed(2)}% of the cost not shown`,
    )
  }
  context.print(
    `${plural(stacks.count, 'stack')} of ${plural(stacks.columns, 'column')} in a proof; h:i is the i-th of height 2^h`,
  )
  const idle = report.circuits.length - used.length
  if (idle > 0) context.print(`${plural(idle, 'circuit')} without rows not shown`)
}

/** The cost part of `--json` objects. */
export function costJson({ cost, width, rows, hits, circuits }: CostReport) {
  const stacks = stacksOf(circuits)
  const shown = (circuit: CircuitCost) => ({
    name: circuit.name,
    width: circuit.width,
    main: circuit.main,
    stage2: circuit.stage2,
    quotientDegree: circuit.quotientDegree,
    rows: circuit.rows,
    hits: circuit.hits,
    cost: circuit.cost,
    share: circuit.share,
    stack: stacks.of(circuit) ?? null,
  })
  const { count, columns } = stacks
  return { cost, width, rows, hits, stacks: { count, columns }, circuits: circuits.map(shown) }
}

/** What the tables of an execution took up. */
export interface Memory {
  readonly entries: number
  readonly bytes: number
  readonly bytesPerEntry: number
}

export function memoryOf(record: RecordView): Memory {
  const { rows, bytes } = record.totals()
  return { entries: rows, bytes, bytesPerEntry: rows === 0 ? 0 : bytes / rows }
}

import { type CircuitCost, type CostReport, formatReport } from '../aiur/circuit/cost.js'
import type { RecordView } from '../aiur/vm/record.js'
import type { Context } from './context.js'
import { plural } from './format.js'
import { stacksOf } from './stacks.js'

/** The per-circuit table of a run; circuits without rows are only counted. */
export function printCost(report: CostReport, context: Context): void {
  const used = report.circuits.filter(circuit => circuit.rows > 0)
  const stacks = stacksOf(used)
  context.print(formatReport({ ...report, circuits: used }, circuit => stacks.of(circuit) ?? ''))
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

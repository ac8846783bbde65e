/** What an execution costs to prove, under two models over the same record (aiur.md 7). */

import type { RecordView } from '../vm/record.js'
import type { CircuitShape } from './circuit-shape.js'
import { type GadgetRows, gadgetRows } from './gadgets.js'
import type { Layout } from './layout.js'
import { type CostModel, shapeCost } from './shape-cost.js'

export { type CostModel, shapeCost, transform } from './shape-cost.js'

export interface CircuitCost {
  name: string
  /** Position among the circuits of the execution: functions, memories, gadgets, each in the order of the system. */
  position: number
  kind: CircuitShape['kind']
  width: number
  main: number
  stage2: number
  quotientDegree: number
  rows: number
  hits: number
  cost: number
  /** Of the total, 0 .. 1. */
  share: number
}

export interface CostReport {
  cost: {
    model: CostModel
    total: number
    /** Part of the total that gadget circuits cost. */
    floor: number
    /** The total if no result had been shared (h + hits rows; gadgets unchanged). */
    uncached: number
    /** Part of the total that ranks cost: the total minus that of the same execution laid out without them. */
    ranks: number
  }
  /** Sum of the widths of all circuits, those without rows included. */
  width: number
  rows: number
  hits: number
  /** By falling cost. */
  circuits: CircuitCost[]
}

/** A circuit with its rows in one execution. */
interface Used {
  shape: CircuitShape
  rows: number
  hits: number
}

/** Cost of the execution that left `record`, per circuit and in total. */
export function report(layout: Layout, record: RecordView, model: CostModel = 'transforms'): CostReport {
  const used: Used[] = []
  let ranks = 0
  for (const f of layout.functions) {
    const table = record.functions[f.index]!
    const rows = table.usedRows()
    used.push({ shape: f, rows, hits: table.uses() - rows })
    ranks += shapeCost(model, f, rows) - shapeCost(model, f.unranked, rows)
  }
  layout.memories.forEach((memory, i) => {
    const table = record.memories[i]!
    const rows = table.usedRows()
    used.push({ shape: memory, rows, hits: table.uses() - rows })
  })

  const withRanks = layout.ranks.ranked.some(r => r === 1)
  const gadgets = gadgetRows(record, { ranks: withRanks })
  const floor = gadgetCost(model, gadgets)
  if (withRanks) ranks += floor - gadgetCost(model, gadgetRows(record, { ranks: false }))
  for (const { shape, height } of gadgets) used.push({ shape, rows: height, hits: 0 })

  const circuits = used.map(({ shape, rows, hits }, position): CircuitCost => {
    const cost = shapeCost(model, shape, rows)
    return {
      name: shape.name,
      position,
      kind: shape.kind,
      width: model === 'rows' ? shape.classicWidth : shape.width,
      main: shape.main,
      stage2: shape.stage2,
      quotientDegree: shape.quotientDegree,
      rows,
      hits,
      cost,
      share: 0,
    }
  })
  circuits.sort((a, b) => b.cost - a.cost || (a.name < b.name ? -1 : 1))
  const sum = (of: (c: CircuitCost) => number) => circuits.reduce((total, c) => total + of(c), 0)
  const total = sum(c => c.cost)
  for (const c of circuits) c.share = total === 0 ? 0 : c.cost / total
  const uncached = used.reduce(
    (t, { shape, rows, hits }) => t + shapeCost(model, shape, shape.kind === 'gadget' ? rows : rows + hits),
    0,
  )
  return {
    cost: { model, total, floor, uncached, ranks },
    width: sum(c => c.width),
    rows: sum(c => c.rows),
    hits: sum(c => c.hits),
    circuits,
  }
}

function gadgetCost(model: CostModel, gadgets: GadgetRows[]): number {
  return gadgets.reduce((total, g) => total + shapeCost(model, g.shape, g.height), 0)
}

/** Columns that names have at least. */
const NAME = 12

/** The report as a table of at most so many columns, as far as cutting names can do it; `stackOf` adds a column. */
export function formatReport(
  costs: CostReport,
  stackOf?: (circuit: CircuitCost) => string,
  width = 100,
): string {
  const { cost, circuits } = costs
  const integer = (x: number) => Math.round(x).toLocaleString('en-US')
  const percent = (x: number) => `${(100 * x).toFixed(2)}%`
  const saved = cost.uncached === 0 ? 0 : (cost.uncached - cost.total) / cost.uncached
  let cumulative = 0
  const stacks = stackOf !== undefined
  const header = ['Name', 'Width', 'Height', 'Hits', 'FFT cost', '%', '%++', ...(stacks ? ['Stack'] : [])]
  const rows = circuits.map(c => {
    cumulative += c.share
    return [
      c.name,
      String(c.width),
      String(c.rows),
      String(c.hits),
      integer(c.cost),
      percent(c.share),
      percent(Math.min(cumulative, 1)),
      ...(stacks ? [stackOf(c)] : []),
    ]
  })
  const least = [4, 5, 6, 5, 8, 7, 7, 5]
  const widths = header.map((h, i) => Math.max(least[i]!, h.length, ...rows.map(r => r[i]!.length)))
  const others = widths.slice(1).reduce((sum, w) => sum + w + 1, 0)
  widths[0] = Math.min(widths[0]!, Math.max(NAME, width - others))
  for (const cells of rows)
    if (cells[0]!.length > widths[0]) cells[0] = `${cells[0]!.slice(0, widths[0] - 1)}…`
  const line = (cells: string[]) =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join(' ')
  const rule = '-'.repeat(widths.reduce((a, b) => a + b + 1, -1))
  return [
    '=== Circuit Statistics ===',
    `Circuits: ${circuits.length}`,
    `Total width: ${costs.width}`,
    `Total FFT cost: ${integer(cost.total)} (${scientific(cost.total)}), model ${cost.model}`,
    `  of it gadgets: ${integer(cost.floor)}, ranks: ${integer(cost.ranks)}`,
    `Total cache hits: ${costs.hits}`,
    `Total saved cost: ${percent(saved)}`,
    rule,
    line(header),
    rule,
    ...rows.map(line),
  ].join('\n')
}

/** Mantissa with two decimals and exponent: 1424 -> 1.42e3, 0 -> 0. */
export function scientific(x: number): string {
  return x === 0 ? '0' : x.toExponential(2).replace('e+', 'e')
}

/**
 * npm run bench:areas [-- --shards 7,34 --areas whnf,spine --only R01]: the kernel with the older form of each area
 * beside the kernel itself. Prints the table of docs/costs.md.
 */

import { parseArgs } from 'node:util'
import type { CostReport } from '../../aiur/circuit/cost.js'
import { compareCosts, costsOf } from '../../cli/baseline.js'
import { table } from '../measure.js'
import { constants, reproducers, shard } from './inputs.js'
import { AREAS, costOf, type Input, overlayOf } from './measure.js'

const { values: options } = parseArgs({
  options: {
    shards: { type: 'string' },
    areas: { type: 'string' },
    /** Inputs whose name contains this. */
    only: { type: 'string' },
  },
})

const millions = (value: number): string => `${(value / 1e6).toFixed(2)} M`
const count = (value: number): string => value.toLocaleString('en-US')

/** The circuit that changed most. */
function largest(before: CostReport, after: CostReport): string {
  const [change] = compareCosts(costsOf(before), costsOf(after), '').circuits
  if (change === undefined) return 'none'
  const side = (numbers: typeof change.before): string =>
    numbers === null ? 'none' : `${numbers.width} x ${count(numbers.rows)}`
  return `\`${change.name}\` ${side(change.before)} -> ${side(change.after)}`
}

const areas = AREAS.filter(
  ({ file }) => options.areas === undefined || options.areas.split(',').includes(file.replace('.aiur', '')),
)
const inputs: Input[] =
  options.shards === undefined
    ? [...constants(), ...reproducers()]
    : options.shards.split(',').map(id => shard(Number(id)))
const chosen = inputs.filter(({ name }) => options.only === undefined || name.includes(options.only))

const now = new Map<Input, CostReport>()
for (const input of chosen) {
  const costs = await costOf(input, [])
  if (costs === undefined) throw new Error(`${input.name} reaches a limit`)
  now.set(input, costs)
}

const rows: string[][] = []
for (const area of areas) {
  const overlay = [overlayOf(area)]
  for (const [input, after] of now) {
    const before = await costOf(input, overlay)
    const total = after.cost.total
    const old = before?.cost.total
    rows.push([
      area.title,
      input.name,
      old === undefined ? 'not finished' : millions(old),
      millions(total),
      old === undefined ? '' : `${((total / old - 1) * 100).toFixed(2)} %`,
      before === undefined ? '' : largest(before, after),
    ])
    console.error(rows.at(-1)!.join(' | '))
  }
}
console.log(table(['area', 'check', 'before', 'after', 'change', 'circuit that changed most'], rows))

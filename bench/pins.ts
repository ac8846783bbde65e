/**
 * npm run pins [-- --write] [-- --closure Inds]: measures the constants of test/lean and prints how they differ from
 * test/kernel/pins.json; with --write, rewrites it. npm run costs prints the table of docs/costs.md instead.
 */

import { parseArgs } from 'node:util'
import {
  type ClosureCost,
  closureCost,
  closures,
  openClosure,
  type Pins,
  readPins,
  writePins,
} from './closure-costs.js'
import { table } from './measure.js'
import { REFERENCE_COSTS, REFERENCE_FLOOR } from './reference-costs.js'

const { values: options } = parseArgs({
  options: { write: { type: 'boolean' }, table: { type: 'boolean' }, closure: { type: 'string' } },
})

const count = (value: number): string => value.toLocaleString('en-US')
const millions = (value: number): string => `${(value / 1e6).toFixed(2)} M`

function difference(name: string, before: ClosureCost | undefined, now: ClosureCost): string | undefined {
  if (before === undefined) return `${name}: new, ${count(now.cost)}, ${now.checked} constants`
  const changes: string[] = []
  if (before.cost !== now.cost) {
    const percent = ((now.cost / before.cost - 1) * 100).toFixed(2)
    changes.push(
      `${count(before.cost)} -> ${count(now.cost)} (${now.cost > before.cost ? '+' : ''}${percent} %)`,
    )
  }
  if (before.checked !== now.checked) changes.push(`${before.checked} -> ${now.checked} constants`)
  const assumed = (cost: ClosureCost): string => cost.assumed?.join(', ') ?? 'nothing'
  if (assumed(before) !== assumed(now)) changes.push(`assumed ${assumed(before)} -> ${assumed(now)}`)
  return changes.length === 0 ? undefined : `${name}: ${changes.join(', ')}`
}

/** All constants, those with a figure of the reference first; the mean is over these without an assumption. */
function printTable(pins: Pins): void {
  const constants = Object.values(pins).flatMap(group => Object.entries(group))
  const compared: string[][] = []
  const others: string[][] = []
  const ratios: number[] = []
  for (const [name, { checked, cost, assumed }] of constants) {
    const note = assumed === undefined ? '' : ` (over ${assumed.map(each => `\`${each}\``).join(', ')})`
    const label = `\`${name}\`${note}`
    const reference = REFERENCE_COSTS.get(name)
    if (reference === undefined) {
      others.push([label, String(checked), millions(cost)])
      continue
    }
    const ratio = cost / reference.cost
    if (assumed === undefined) ratios.push(ratio)
    const sizes = [String(checked), String(reference.checked ?? '-')]
    const beyond = millions(reference.cost - REFERENCE_FLOOR)
    compared.push([label, ...sizes, millions(cost), millions(reference.cost), ratio.toFixed(3), beyond])
  }
  const head = [
    'constant',
    'checked',
    'reference checked',
    'ours',
    'reference',
    'ratio',
    'reference beyond its floor',
  ]
  console.log(table(head, compared))
  const mean = Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length)
  console.log(
    `\nGeometric mean of ours / reference over the ${ratios.length} that assume nothing: ${mean.toFixed(3)}\n`,
  )
  console.log(table(['constant', 'checked', 'ours'], others))
}

const before = readPins()
const now: Pins = options.closure === undefined ? {} : { ...before }
let differences = 0
for (const [closure, names] of Object.entries(closures())) {
  if (options.closure !== undefined && options.closure !== closure) continue
  const environment = openClosure(closure)
  const group: Record<string, ClosureCost> = {}
  for (const name of names) {
    try {
      group[name] = await closureCost(environment, name)
    } catch (error) {
      console.error((error as Error).message)
      process.exitCode = 1
      continue
    }
    const line = difference(name, before[closure]?.[name], group[name])
    if (line === undefined) continue
    differences++
    if (options.table !== true) console.log(line)
  }
  for (const name of Object.keys(before[closure] ?? {})) {
    if (group[name] !== undefined) continue
    differences++
    if (options.table !== true) console.log(`${name}: gone`)
  }
  now[closure] = group
}
if (options.table === true) printTable(now)
else if (differences === 0) console.log('all pins hold')
if (options.write === true) {
  writePins(now)
  console.log(`wrote ${differences} changes`)
} else if (differences > 0) {
  console.error(`${differences} pins differ; -- --write rewrites them`)
  process.exitCode = 1
}

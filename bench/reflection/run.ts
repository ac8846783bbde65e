/**
 * npm run bench:reflection [-- --only PATTERN --overlay FILE.aiur]: proofs by reflection and decision (Reflect.lean) with an
 * overlay, by default bench/unfolded-each-time.aiur, and with the kernel itself. Prints the table of docs/costs.md.
 *
 * Each theorem with all it reaches; then all that the file declares as one shard, which assumes the library.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { report } from '../../aiur/circuit/cost.js'
import { openEnvironment } from '../../cli/environment.js'
import { packageRoot } from '../../cli/package-root.js'
import { check } from '../../kernel/check.js'
import type { CheckTarget } from '../../kernel/target.js'
import { claimOf } from '../../shards/shard-claim.js'
import { table } from '../measure.js'

const { values: options } = parseArgs({ options: { only: { type: 'string' }, overlay: { type: 'string' } } })
const folder = join(packageRoot(), 'bench')
const overlayFile = options.overlay ?? join(folder, 'unfolded-each-time.aiur')
const overlay = [{ name: overlayFile, text: readFileSync(overlayFile, 'utf8') }]
const environment = openEnvironment(join(folder, 'reflection', 'Reflect.ixe.br'))

const declared = [...environment.names()].filter(name => name.startsWith('Reflect.'))
const theorems = declared.filter(name => /^Reflect\.[a-z0-9_]+$/.test(name))
const owned = declared.map(name => environment.addressOf(name)!)
const targets: [string, CheckTarget][] = theorems
  .sort()
  .filter(name => options.only === undefined || new RegExp(options.only).test(name))
  .map(name => [name, { kind: 'constants', addresses: [environment.addressOf(name)!] }])
targets.push(['all, the library assumed', { kind: 'shard', claim: claimOf(environment, owned)! }])

async function costOf(
  target: CheckTarget,
  replaced: typeof overlay,
): Promise<{ rows: number; cost: number }> {
  const { run, failed, undecided } = await check({ environment, target, overlay: replaced })
  if (run === undefined) throw new Error([...failed, ...undecided].map(({ reason }) => reason).join('; '))
  const { rows, cost } = report(run.layout, run.record)
  return { rows, cost: cost.total }
}

const count = (value: number): string => value.toLocaleString('en-US')
const millions = (value: number): string => `${(value / 1e6).toFixed(2)} M`
const lines: string[][] = []
for (const [name, target] of targets) {
  const before = await costOf(target, overlay)
  const after = await costOf(target, [])
  const change = `${((after.cost / before.cost - 1) * 100).toFixed(1)} %`
  const label = name.startsWith('Reflect.') ? `\`${name}\`` : name
  lines.push([
    label,
    count(before.rows),
    count(after.rows),
    millions(before.cost),
    millions(after.cost),
    change,
  ])
}
console.log(table(['check', 'rows before', 'after', 'cost before', 'after', 'change'], lines))
process.exit(0)

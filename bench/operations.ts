/**
 * npm run bench:operations [-- --only PATTERN --overlay FILE.aiur]: what it costs to compute with literals of Int, Nat, BitVec and String, and to
 * decide about them. Prints the table of docs/costs.md. Needs Lean's library (IX_LEAN_LIBRARY).
 *
 * A theorem states what some operations come to. "first" is one operation beyond the same statement with the result on both
 * sides' left, "next" the mean of 32 more behind 32; so the price of stating and typing is taken off.
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { report } from '../aiur/circuit/cost.js'
import { compileEnvironment } from '../ixon/compile/compile.js'
import { Environment } from '../ixon/environment.js'
import { check } from '../kernel/check.js'
import type { Declaration, DeclarationSource, Expr, Level } from '../lean/declaration.js'
import { openLibrary } from '../lean/library/library.js'
import { displayName, parseName } from '../lean/name.js'
import { table } from './measure.js'
import { families, type Statement } from './operation-families.js'

/** One operation, some more so that what they share is paid and residuals are in use, and as many further ones. */
const WARM = 32
const FURTHER = 32
const LIMIT_ROWS = 40_000_000

const { values: options } = parseArgs({ options: { only: { type: 'string' }, overlay: { type: 'string' } } })
const overlay =
  options.overlay === undefined
    ? []
    : [{ name: options.overlay, text: readFileSync(options.overlay, 'utf8') }]
const folder = process.env.IX_LEAN_LIBRARY
if (folder === undefined) throw new Error('IX_LEAN_LIBRARY has to be the folder of the .olean files of Lean')
const library = await openLibrary({ paths: [folder], modules: ['Init'] })

const one: Level = { kind: 'succ', pred: { kind: 'zero' } }
const constant = (name: string, ...levels: Level[]): Expr => ({
  kind: 'const',
  name: parseName(name),
  levels,
})
const apply = (fn: Expr, ...args: Expr[]): Expr =>
  args.reduce<Expr>((f, arg) => ({ kind: 'app', fn: f, arg }), fn)

/** A theorem that states all of it, proved by reflexivity. */
function theorem(name: string, statements: readonly Statement[]): Declaration {
  const equations = statements.map(({ type, left, right }) => ({
    type: apply(constant('Eq', one), type, left, right),
    value: apply(constant('Eq.refl', one), type, right),
  }))
  const { type, value } = equations.reduceRight((rest, { type, value }) => ({
    type: apply(constant('And'), type, rest.type),
    value: apply(constant('And.intro'), type, rest.type, value, rest.value),
  }))
  return { kind: 'theorem', name: parseName(name), levelParams: [], type, value, all: [parseName(name)] }
}

function environmentWith(theorems: readonly Declaration[]): Environment {
  const own = new Map(theorems.map(declaration => [displayName(declaration.name), declaration]))
  const source: DeclarationSource = {
    names: () => own.keys(),
    has: name => own.has(name) || library.has(name),
    get: name => own.get(name) ?? library.get(name),
    placeholderKind: name => (own.has(name) ? undefined : library.placeholderKind(name)),
  }
  return Environment.fromData(compileEnvironment(source, { roots: own.keys() }), 'operations')
}

interface Cost {
  readonly rows: number
  readonly cost: number
}

/** `undefined` when the limit of rows was reached. */
async function costOf(environment: Environment, name: string): Promise<Cost | undefined> {
  const address = environment.addressOf(name)
  if (address === undefined) throw new Error(`there is no constant ${name}`)
  const target = { kind: 'constants', addresses: [address] } as const
  const verdict = await check({ environment, target, limits: { rows: LIMIT_ROWS }, overlay })
  const { status, run, failed, undecided } = verdict
  if (status === 'accepted' && run !== undefined) {
    const { rows, cost } = report(run.layout, run.record)
    return { rows, cost: cost.total }
  }
  if (verdict.stopped !== undefined) return undefined
  throw new Error(`${name}: ${[...failed, ...undecided].map(failure => failure.reason).join('; ')}`)
}

const rowsOf = (value: number): string => Math.round(value).toLocaleString('en-US')
const millions = (value: number): string => `${(value / 1e6).toFixed(2)} M`

const lines: string[][] = []
for (const [name, make] of families()) {
  if (options.only !== undefined && !new RegExp(options.only).test(name)) continue
  const statements = Array.from({ length: WARM + FURTHER }, (_, i) => make(i))
  const trivial = statements.map(({ type, left }) => ({ type, left, right: left }))
  const counts = [1, WARM, WARM + FURTHER]
  const environment = environmentWith(
    counts.flatMap(n => [theorem(`op${n}`, statements.slice(0, n)), theorem(`eq${n}`, trivial.slice(0, n))]),
  )
  const beyond: (Cost | undefined)[] = []
  let total: Cost | undefined
  for (const n of counts) {
    const all = await costOf(environment, `op${n}`)
    const stated = await costOf(environment, `eq${n}`)
    if (n === 1) total = all
    beyond.push(all && stated && { rows: all.rows - stated.rows, cost: all.cost - stated.cost })
  }
  const [first, warm, last] = beyond
  const next = warm &&
    last && { rows: (last.rows - warm.rows) / FURTHER, cost: (last.cost - warm.cost) / FURTHER }
  const cells = (cost: Cost | undefined) =>
    cost === undefined ? ['over the limit', '-'] : [rowsOf(cost.rows), millions(cost.cost)]
  lines.push([name, total === undefined ? '-' : rowsOf(total.rows), ...cells(first), ...cells(next)])
  console.error(lines.at(-1)!.join(' '))
}
console.log(table(['operation', 'rows of the check', 'first, rows', 'cost', 'next, rows', 'cost'], lines))
library.close?.()
process.exit(0)

/** `--by` and `--profile`: who causes the cost of a run. */
import type { Argv } from 'yargs'
import { calledCircuits } from '../aiur/circuit/callers.js'
import { type CostReport, scientific } from '../aiur/circuit/cost.js'
import type { Profile } from '../aiur/circuit/profile.js'
import type { ConstantCost } from '../kernel/profile.js'
import type { Context } from './context.js'
import type { TableOptions } from './cost.js'
import { UsageError } from './exit.js'
import { count, plural } from './format.js'
import { writeProfile } from './profile-file.js'
import type { Column } from './table.js'

/** What the table of costs has a line for. */
export const BY = ['circuit', 'constant', 'caller'] as const

/** Of programs that know no constants. */
export const BY_CALL = ['circuit', 'caller'] as const

export interface ProfileOptions {
  by: (typeof BY)[number]
  profile: string | undefined
  of?: string | undefined
}

export const PROFILE_OPTION = {
  type: 'string',
  describe:
    'Write the calls that made the cost to a file: .json for speedscope, else collapsed stacks (flame graphs)',
} as const

/** @param by what the table of a command can be by */
export function profileOptions<T, B extends (typeof BY)[number]>(args: Argv<T>, by: readonly B[]) {
  return args
    .option('by', {
      choices: by,
      default: by[0]!,
      describe: 'What the table has a line for; caller: circuits with what they call, and who calls them',
    })
    .option('profile', PROFILE_OPTION)
}

export function wantsProfile({ by, profile }: ProfileOptions): boolean {
  return by !== 'circuit' || profile !== undefined
}

/** @throws UsageError */
export function validateProfile({ by, sort, of, profile }: ProfileOptions & TableOptions): void {
  if (of !== undefined && by !== 'caller' && profile === undefined)
    throw new UsageError('--of needs --by caller or --profile')
  if (by !== 'circuit' && (sort === 'width' || sort === 'hits'))
    throw new UsageError(`--by ${by} sorts by cost, rows or name, not by ${sort}`)
}

/** The profile of a run, and what is known of the constants that it is about. */
export interface Profiled {
  /** Of the run, or of the one constant that was asked for. */
  readonly tree: Profile
  /** Empty for programs that know no constants. */
  readonly constants: readonly ConstantCost[]
}

/** The lines of a table, at most `top` of them in the order asked for. */
function chosen<T extends { name: string }>(
  lines: readonly T[],
  { top, sort }: TableOptions,
  rows: (line: T) => number,
): { shown: readonly T[]; hidden: readonly T[] } {
  const sorted = [...lines]
  if (sort === 'name') sorted.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  else if (sort === 'rows') sorted.sort((a, b) => rows(b) - rows(a))
  const end = top ?? sorted.length
  return { shown: sorted.slice(0, end), hidden: sorted.slice(end) }
}

const percent = (part: number, whole: number): string =>
  whole === 0 ? '' : `${((100 * part) / whole).toFixed(1)}%`

/** The table that `--by` asks for, in place of that of the circuits. */
export function printBy(
  profiled: Profiled,
  cost: CostReport,
  options: ProfileOptions & TableOptions,
  context: Context,
): void {
  const { total, model } = cost.cost
  context.print(`Total FFT cost: ${count(total)} (${scientific(total)}), model ${model}`)
  if (options.of === undefined) context.print(`Rows: ${count(cost.rows)}`)
  else context.print(`Of ${options.of}: ${count(profiled.tree.total)}`)
  if (options.by === 'constant') printConstants(profiled.constants, total, options, context)
  else printCallers(profiled.tree, options, context)
}

const NUMBER = (title: string): Column => ({ title, align: 'right' })

function printConstants(
  constants: readonly ConstantCost[],
  whole: number,
  options: TableOptions,
  context: Context,
): void {
  const { shown, hidden } = chosen(constants, options, line => line.total.rows)
  let sum = 0
  const cells = shown.map(({ name, total, loading }) => {
    sum += total.cost
    return [
      name,
      count(total.rows),
      count(total.cost),
      percent(total.cost, whole),
      percent(sum, whole),
      percent(loading.cost, total.cost),
    ]
  })
  const columns: Column[] = [
    { title: 'Constant', align: 'left' },
    ...['Rows', 'FFT cost', '%', '%++', 'Loading'].map(NUMBER),
  ]
  if (cells.length > 0) context.printTable(columns, cells)
  if (hidden.length > 0) {
    const cost = hidden.reduce((part, line) => part + line.total.cost, 0)
    context.print(
      `${plural(hidden.length, 'more constant')} with ${percent(cost, whole)} of the cost not shown`,
    )
  }
}

/** Columns that the name of a caller may take. */
const CALLER = 24

function printCallers(tree: Profile, options: TableOptions, context: Context): void {
  const { shown, hidden } = chosen(calledCircuits(tree), options, line => line.rows)
  const cells = shown.map(({ name, rows, cost, inclusive, callers }) => {
    const [most] = callers
    const caller = most && (most.name.length > CALLER ? `${most.name.slice(0, CALLER - 1)}…` : most.name)
    return [
      name,
      count(rows),
      count(cost),
      count(inclusive),
      percent(inclusive, tree.total),
      most === undefined ? '' : `${caller} ${percent(most.cost, inclusive)}`,
    ]
  })
  const columns: Column[] = [
    { title: 'Circuit', align: 'left' },
    ...['Rows', 'Own cost', 'With calls', '%'].map(NUMBER),
    { title: 'Called most by', align: 'left' },
  ]
  if (cells.length > 0) context.printTable(columns, cells)
  if (hidden.length > 0) context.print(`${plural(hidden.length, 'more circuit')} not shown`)
}

/** The part of `--json` objects that `--by` asks for. */
export function profileJson(profiled: Profiled, { by }: ProfileOptions): object {
  if (by === 'circuit') return {}
  if (by === 'caller') return { callers: calledCircuits(profiled.tree) }
  return {
    constants: profiled.constants.map(({ name, address = null, total, loading, checking }) => ({
      name,
      address,
      ...total,
      loading,
      checking,
    })),
  }
}

interface Written {
  readonly file: string
  readonly stacks: number
}

/** Writes the file that `--profile` asks for. @throws InputError */
export function saveProfile(file: string, title: string, { tree, constants }: Profiled): Written {
  const names = new Map(constants.map(({ address = '', name }) => [address, name]))
  return { file, stacks: writeProfile(file, title, tree, label => names.get(label) ?? label) }
}

export function printWritten({ file, stacks }: Written, context: Context): void {
  context.print(`profile: ${file}, ${plural(stacks, 'stack')}`)
}

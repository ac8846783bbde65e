/**
 * A Lean library as tasks: every module in its folder, whether a root imports it or not. Libraries are compiled together and
 * each cut into shards of its own; a program (a module at the top that is no library) is compiled by itself, since all of
 * them declare `main`.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join, sep } from 'node:path'
import { packageRoot } from '../../cli/package-root.js'
import { type Address, addressOf } from '../../ixon/address.js'
import { Environment } from '../../ixon/environment.js'
import { openLibrary as openModules } from '../../lean/library/library.js'
import { type BlockGraph, type EnvironmentGraph, environmentGraph, rowsOf } from '../../shards/graph.js'
import { partition } from '../../shards/partition.js'
import { claimOf } from '../../shards/shard-claim.js'
import type { Task } from './task.js'

/** In the order in which they import each other: a constant belongs to the first that declares it. */
const LIBRARIES = ['Init', 'Std', 'Lean', 'Lake']

/** What the shards of the bundled library hold on average. */
const SHARD_BYTES = 500_000

export interface LibraryCounts {
  readonly library: string
  readonly modules: number
  /** Constants that its modules declare and no library before. */
  readonly declared: number
  readonly leftOut: number
  /** Statements without the body or proof behind them. */
  readonly bare: number
}

export interface Library {
  readonly counts: readonly LibraryCounts[]
  readonly tasks: readonly Task[]
  /** Left-out constants by what is missing. */
  readonly leftOut: ReadonlyMap<string, number>
}

/** @param folder where the environments are kept between runs */
export async function openLibrary(library: string, folder: string): Promise<Library> {
  const modules = modulesOf(library)
  const isShared = (module: string): boolean => LIBRARIES.includes(rootOf(module))
  const programs = modules.filter(module => !isShared(module))
  const parts = [await openPart(library, folder, LIBRARIES, modules.filter(isShared))]
  for (const program of programs) parts.push(await openPart(library, folder, [program], [program]))
  const leftOut = new Map<string, number>()
  for (const part of parts)
    for (const [name, number] of part.leftOut) leftOut.set(name, (leftOut.get(name) ?? 0) + number)
  return { counts: parts.flatMap(part => part.counts), tasks: parts.flatMap(part => part.tasks), leftOut }
}

/** Names of all modules in a folder and below it, in order. */
function modulesOf(library: string): string[] {
  const files = readdirSync(library, { recursive: true, encoding: 'utf8' })
    .map(file => file.split(sep))
    // macOS archives carry a ._ twin of every file.
    .filter(path => path.at(-1)!.endsWith('.olean') && !path.at(-1)!.startsWith('.'))
  return files.map(path => path.join('.').slice(0, -'.olean'.length)).sort()
}

const rootOf = (module: string): string => module.split('.')[0]!

/**
 * What some modules declare, in an environment with all that they import.
 *
 * @param groups first components of their names
 */
async function openPart(
  library: string,
  folder: string,
  groups: readonly string[],
  modules: readonly string[],
): Promise<Library> {
  const source = await openModules({ paths: [library], modules, lazy: 'off' })
  const groupOf = new Map<string, number>()
  for (const name of source.names()) {
    const group = groups.indexOf(rootOf(source.moduleOf(name)!))
    if (group >= 0) groupOf.set(name, group)
  }
  source.close()
  // A program is compiled with what it uses, not with all that it imports.
  const names = groups === LIBRARIES ? [] : [...groupOf.keys()]
  const args = [
    ...['--olean', library],
    ...modules.flatMap(name => ['--module', name]),
    ...names.flatMap(name => ['--consts', name]),
  ]
  const ixe = join(folder, `${addressOf(Buffer.from(args.join('\0'))).slice(0, 16)}.ixe`)
  if (!existsSync(ixe)) compile(args, ixe)
  const environment = Environment.open(ixe)
  const { ungrounded } = environment
  const counts = groups.map((group, position) => {
    const own = (name: string): boolean => groupOf.get(name) === position
    return {
      library: group,
      modules: modules.filter(module => rootOf(module) === group).length,
      declared: [...groupOf.keys()].filter(own).length,
      leftOut: ungrounded.filter(({ name }) => own(name)).length,
      bare: [...environment.names()].filter(name => own(name) && environment.placeholders.has(name)).length,
    }
  })
  const tasks = shardTasks(environment, ixe, groups, groupOf)
  const leftOut = new Map<string, number>()
  for (const { missing, name } of ungrounded)
    if (groupOf.has(name)) leftOut.set(missing ?? name, (leftOut.get(missing ?? name) ?? 0) + 1)
  environment.close()
  return { counts, tasks, leftOut }
}

function compile(input: readonly string[], ixe: string): void {
  const main = join(packageRoot(), 'dist/cli/main.js')
  const args = ['compile', ...input, '--allow-partial', '-o', ixe]
  const { status, error } = spawnSync(process.execPath, [main, ...args], { stdio: ['ignore', 2, 2] })
  if (error !== undefined) throw error
  if (status !== 0) throw new Error(`compiling to ${ixe} ended with status ${status}`)
}

function shardTasks(
  environment: Environment,
  ixe: string,
  groups: readonly string[],
  groupOf: ReadonlyMap<string, number>,
): Task[] {
  const graph = environmentGraph(environment)
  const ownerOfBlock = blockOwners(environment, graph, groups, groupOf)
  const constantsOf: Address[][] = graph.addresses.map(() => [])
  graph.constants.forEach((constant, i) => {
    constantsOf[graph.blockOf[i]!]!.push(constant)
  })
  return groups.flatMap((group, position) => {
    const blocks = Uint32Array.from(graph.addresses.keys()).filter(block => ownerOfBlock[block] === position)
    const part = subgraph(graph, blocks)
    const bytes = part.sizes.reduce((sum, size) => sum + size, 0)
    const shards = Math.max(1, Math.min(blocks.length, Math.round(bytes / SHARD_BYTES)))
    const { shardOf } = partition(part, { shards })
    const owned: Address[][] = Array.from({ length: shards }, () => [])
    shardOf.forEach((shard, i) => {
      owned[shard]!.push(...constantsOf[blocks[i]!]!)
    })
    return owned
      .filter(constants => constants.length > 0)
      .map(constants => {
        const { digest, owned: sorted } = claimOf(environment, constants)!
        return { group, id: digest, subject: { kind: 'shard' as const, ixe, owned: sorted } }
      })
  })
}

/** Of a block whose members have no names, until all are known. */
const NAMELESS = 255

/**
 * The first group that declares a member of each block; one past the last for those that only others declare, the last for
 * those without a name.
 */
function blockOwners(
  environment: Environment,
  graph: EnvironmentGraph,
  groups: readonly string[],
  groupOf: ReadonlyMap<string, number>,
): Uint8Array {
  const owners = new Uint8Array(graph.addresses.length).fill(NAMELESS)
  graph.constants.forEach((constant, i) => {
    for (const name of environment.namesOf(constant)) {
      const block = graph.blockOf[i]!
      owners[block] = Math.min(owners[block]!, groupOf.get(name) ?? groups.length)
    }
  })
  return owners.map(owner => (owner === NAMELESS ? groups.length - 1 : owner))
}

/** The graph of some blocks, renumbered. */
function subgraph({ addresses, sizes, producers }: BlockGraph, blocks: Uint32Array): BlockGraph {
  const numbers = new Map<number, number>()
  blocks.forEach((block, i) => {
    numbers.set(block, i)
  })
  const rows = Array.from(blocks, block => {
    const row: number[] = []
    for (let e = producers.offsets[block]!; e < producers.offsets[block + 1]!; e++) {
      const number = numbers.get(producers.entries[e]!)
      if (number !== undefined) row.push(number)
    }
    return row
  })
  return {
    addresses: Array.from(blocks, block => addresses[block]!),
    sizes: Uint32Array.from(blocks, block => sizes[block]!),
    producers: rowsOf(rows),
  }
}

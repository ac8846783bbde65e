/** A Lean library as tasks: compiled once, each of its libraries cut into shards of its own. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../cli/package-root.js'
import type { Address } from '../../ixon/address.js'
import { Environment } from '../../ixon/environment.js'
import { openLibrary as openModules } from '../../lean/library/library.js'
import { type BlockGraph, type EnvironmentGraph, environmentGraph, rowsOf } from '../../shards/graph.js'
import { partition } from '../../shards/partition.js'
import { claimOf } from '../../shards/shard-claim.js'
import type { Task } from './task.js'

/** In the order in which they import each other: a constant belongs to the first that declares it. */
export const LIBRARIES = ['Init', 'Std', 'Lean', 'Lake'] as const

/** What the shards of the bundled library hold on average. */
const SHARD_BYTES = 500_000

export interface LibraryCounts {
  readonly library: string
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

/** @param folder where the environment is kept between runs */
export async function openLibrary(library: string, folder: string): Promise<Library> {
  const ixe = join(folder, 'library.ixe')
  if (!existsSync(ixe)) compile(library, ixe)
  const environment = Environment.open(ixe)
  const libraryOf = await declaringLibraries(library)
  const ungrounded = environment.ungrounded
  const counts = LIBRARIES.map((name, position) => {
    let declared = 0
    for (const owner of libraryOf.values()) if (owner === position) declared++
    let bare = 0
    for (const text of environment.names())
      if (libraryOf.get(text) === position && environment.placeholders.has(text)) bare++
    const leftOut = ungrounded.filter(({ name: text }) => libraryOf.get(text) === position).length
    return { library: name, declared, leftOut, bare }
  })
  const tasks = shardTasks(environment, ixe, libraryOf)
  const leftOut = new Map<string, number>()
  for (const { missing, name } of ungrounded)
    leftOut.set(missing ?? name, (leftOut.get(missing ?? name) ?? 0) + 1)
  environment.close()
  return { counts, tasks, leftOut }
}

function compile(library: string, ixe: string): void {
  const main = join(packageRoot(), 'dist/cli/main.js')
  const modules = LIBRARIES.flatMap(name => ['--module', name])
  const args = ['compile', '--olean', library, ...modules, '--allow-partial', '-o', ixe]
  const { status, error } = spawnSync(process.execPath, [main, ...args], { stdio: ['ignore', 2, 2] })
  if (error !== undefined) throw error
  if (status !== 0) throw new Error(`compiling ${library} ended with status ${status}`)
}

/** Position in LIBRARIES by displayed name. */
async function declaringLibraries(library: string): Promise<Map<string, number>> {
  const modules = await openModules({ paths: [library], modules: [...LIBRARIES], lazy: 'off' })
  const owners = new Map<string, number>()
  for (const name of modules.names()) {
    const root = modules.moduleOf(name)!.split('.')[0]
    owners.set(name, LIBRARIES.indexOf(root as (typeof LIBRARIES)[number]))
  }
  modules.close()
  return owners
}

function shardTasks(environment: Environment, ixe: string, libraryOf: ReadonlyMap<string, number>): Task[] {
  const graph = environmentGraph(environment)
  const ownerOfBlock = blockOwners(environment, graph, libraryOf)
  const constantsOf: Address[][] = graph.addresses.map(() => [])
  graph.constants.forEach((constant, i) => {
    constantsOf[graph.blockOf[i]!]!.push(constant)
  })
  return LIBRARIES.flatMap((group, position) => {
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

/** The first library that declares a member of each block. */
function blockOwners(
  environment: Environment,
  graph: EnvironmentGraph,
  libraryOf: ReadonlyMap<string, number>,
): Uint8Array {
  const owners = new Uint8Array(graph.addresses.length).fill(LIBRARIES.length - 1)
  graph.constants.forEach((constant, i) => {
    for (const name of environment.namesOf(constant)) {
      const block = graph.blockOf[i]!
      owners[block] = Math.min(owners[block]!, libraryOf.get(name) ?? LIBRARIES.length - 1)
    }
  })
  return owners
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

import type { Name } from '../declaration.js'
import { InputError } from '../input-error.js'
import { displayName, parseName } from '../name.js'
import { ReaderError } from '../olean/reader-error.js'
import type { ChainLoader } from './chain-loader.js'
import type { ModuleFinder } from './module-finder.js'
import { ModuleEntry } from './part-source.js'
import { striped } from './striped.js'

/** Stands for the importer of a root. */
const ASKED_FOR = 'asked for'

/** What a module contributed when it was read. */
export interface ModuleRead {
  readonly entry: ModuleEntry
  readonly imports: readonly Name[]
}

export interface GraphOptions {
  readonly roots: readonly string[]
  readonly allowMissing: boolean
  readonly workers: number
  readonly signal?: AbortSignal | undefined
  /** Called with every module once, while all its files are in memory; in no particular order. */
  readonly visit: (entry: ModuleEntry) => void
  /** Whether to load the chains with all bodies as well. */
  readonly eager: boolean
  readonly onProgress?: ((modules: number) => void) | undefined
}

export interface ModuleGraph {
  /** Imports come before their importers; the order follows from the files alone. */
  readonly entries: ModuleEntry[]
  /** Displayed names of imports that were not found, as far as that is allowed. */
  readonly missing: string[]
}

/**
 * Reads modules and, transitively, what they import. Imports are followed in waves, the modules of one wave by striped
 * workers. The work per module does not depend on the number of the others.
 *
 * @throws InputError for a module that is not found or damaged, with its name, and for a cycle of imports
 */
export async function readModuleGraph(
  finder: ModuleFinder,
  loader: ChainLoader,
  options: GraphOptions,
): Promise<ModuleGraph> {
  const { table } = loader
  const read = new Map<Name, ModuleRead | undefined>()
  const roots = options.roots.map(root => parseName(root, table))
  let wave = roots.map(name => ({ name, importer: ASKED_FOR }))
  let done = 0
  while (wave.length > 0) {
    const fresh = new Map(wave.toReversed().map(item => [item.name, item]))
    const items = [...fresh.values()].toReversed().filter(({ name }) => !read.has(name))
    const results = await striped(
      items,
      options.workers,
      async ({ name, importer }) => {
        const result = await readModule(name, importer, finder, loader, options)
        options.onProgress?.(++done)
        return result
      },
      options.signal,
    )
    wave = []
    for (const [index, result] of results.entries()) {
      read.set(items[index]!.name, result)
      for (const name of result?.imports ?? []) {
        if (!read.has(name)) wave.push({ name, importer: `imported by ${result!.entry.name}` })
      }
    }
  }
  return inOrder(roots, read)
}

async function readModule(
  id: Name,
  importer: string,
  finder: ModuleFinder,
  loader: ChainLoader,
  options: GraphOptions,
): Promise<ModuleRead | undefined> {
  const entry = find(id, importer, finder, options.allowMissing)
  if (entry === undefined) return undefined
  const eager = options.eager && entry.bodies.paths.length > 0
  return loader.withWhole(entry, eager ? 'bodies' : 'public', () => {
    const module = loader.load(entry, 'public')
    const { imports } = module
    if (eager) loader.load(entry, 'bodies')
    options.visit(entry)
    module.forget()
    entry.bodies.module?.forget()
    return { entry, imports }
  })
}

function find(
  id: Name,
  importer: string,
  finder: ModuleFinder,
  allowMissing: boolean,
): ModuleEntry | undefined {
  try {
    return new ModuleEntry(displayName(id), id, finder.find(id, importer))
  } catch (error) {
    if (allowMissing && importer !== ASKED_FOR && error instanceof ReaderError && error.fault === 'no-module')
      return undefined
    throw error
  }
}

/** Post-order, depth first from the roots; iterative. */
function inOrder(roots: readonly Name[], read: ReadonlyMap<Name, ModuleRead | undefined>): ModuleGraph {
  const entries: ModuleEntry[] = []
  const missing = new Set<string>()
  const state = new Map<Name, 'open' | 'done'>()
  for (const root of roots) {
    const stack = [{ name: root, next: 0 }]
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const { name } = top
      const module = read.get(name)
      if (module === undefined || (top.next === 0 && state.has(name))) {
        if (module === undefined) missing.add(displayName(name))
        stack.pop()
        continue
      }
      state.set(name, 'open')
      const imported = module.imports[top.next++]
      if (imported === undefined) {
        state.set(name, 'done')
        entries.push(module.entry)
        stack.pop()
      } else if (state.get(imported) === 'open') {
        const path = stack.map(item => item.name)
        const cycle = [...path.slice(path.indexOf(imported)), imported].map(displayName)
        throw new InputError(`a cycle of imports: ${cycle.join(' -> ')}`, {
          file: module.entry.parts[0]!.path,
        })
      } else if (state.get(imported) !== 'done') {
        stack.push({ name: imported, next: 0 })
      }
    }
  }
  return { entries, missing: [...missing] }
}

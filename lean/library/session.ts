/** Opening a set of modules: by an index that is still right, or by reading them. */
import { resolve } from 'node:path'
import type { Name } from '../declaration.js'
import { displayName, parseName } from '../name.js'
import { ReaderError } from '../olean/reader-error.js'
import type { ChainLoader } from './chain-loader.js'
import { decodeIndex, indexKey, sameParts } from './index-file.js'
import type { LibraryOptions } from './library-options.js'
import { ModuleFinder } from './module-finder.js'
import { readModuleGraph } from './module-graph.js'
import { ModuleEntry } from './part-source.js'
import { SymbolList, symbolHash } from './symbol-index.js'
import { Symbols, symbolsOf } from './symbols.js'

/** What opening found out. */
export interface Session {
  readonly symbols: Symbols
  readonly missing: readonly string[]
  /** Of the index that was found. */
  readonly indexBytes: number
  /** Where the table of symbols came from. */
  readonly indexed: 'built' | 'found'
}

/** Name of the index of this question. */
export function keyOf({ paths, modules, allowMissing = false }: LibraryOptions): string {
  return indexKey({ paths: paths.map(path => resolve(path)), roots: modules, allowMissing })
}

/** The modules as a kept index lists them, if every file is still the one that was indexed. */
export function openIndexed(options: LibraryOptions, loader: ChainLoader): Session | undefined {
  if ((options.lazy ?? 'all') !== 'all') return undefined
  const bytes = options.index?.read(keyOf(options))
  const index = bytes === undefined ? undefined : decodeIndex(bytes)
  if (index === undefined) return undefined
  const finder = new ModuleFinder(options.paths, loader.cache.disk)
  const entries: ModuleEntry[] = []
  try {
    for (const { name, parts, header } of index.modules) {
      const id = parseName(name, loader.table)
      const found = finder.find(id, 'indexed')
      if (!sameParts(parts, found)) return undefined
      const entry = new ModuleEntry(name, id, found)
      entry.facts = index.headers[header]!
      entries.push(entry)
    }
    for (const name of index.missing) {
      if (isThere(finder, parseName(name, loader.table))) return undefined
    }
  } catch {
    // Whatever is wrong shows when the modules are read.
    return undefined
  }
  return {
    symbols: symbolsOf(index, entries),
    missing: index.missing,
    indexed: 'found',
    indexBytes: bytes!.length,
  }
}

function isThere(finder: ModuleFinder, name: Name): boolean {
  try {
    finder.find(name, 'indexed')
    return true
  } catch (error) {
    return !(error instanceof ReaderError && error.fault === 'no-module')
  }
}

/** Reads every module, and the chains with bodies too where nothing is lazy. */
export async function readAll(options: LibraryOptions, loader: ChainLoader): Promise<Session> {
  const finder = new ModuleFinder(options.paths, loader.cache.disk)
  const shown = new Map<ModuleEntry, Uint32Array>()
  const hidden = new Map<ModuleEntry, LastPart>()
  const eager = options.lazy === 'off'
  const { entries, missing } = await readModuleGraph(finder, loader, {
    roots: options.modules,
    allowMissing: options.allowMissing ?? false,
    workers: Math.max(1, options.importWorkers ?? 1),
    signal: options.signal,
    eager,
    visit: entry => {
      const names = loader.load(entry, 'public').names()
      shown.set(
        entry,
        Uint32Array.from(names, name => symbolHash(displayName(name))),
      )
      if (eager) hidden.set(entry, lastPartOf(entry, loader))
    },
    onProgress: options.onProgress,
  })
  const list = new SymbolList()
  let ordinal = 0
  for (const entry of entries) for (const hash of shown.get(entry)!) list.add(hash, ordinal++)
  const counts = entries.map(entry => shown.get(entry)!.length)
  const symbols = new Symbols(entries, list.index(), counts)
  if (eager) addPrivates(symbols, entry => hidden.get(entry)!)
  return { symbols, missing, indexed: 'built', indexBytes: 0 }
}

/** The constants that only the last part of a module's chain has, by position and hash. */
interface LastPart {
  readonly count: number
  readonly only: readonly (readonly [index: number, hash: number])[]
}

/** Looks into a chain, which stays deferred if it is. */
export function lastPartOf(entry: ModuleEntry, loader: ChainLoader): LastPart {
  if (entry.bodies.paths.length === 0) return { count: 0, only: [] }
  const shown = new Set(loader.peek(entry, 'public', module => module.names()))
  return loader.peek(entry, 'bodies', chain => ({
    count: chain.count(chain.lastPart),
    only: chain
      .names(chain.lastPart)
      .flatMap((name, index) => (shown.has(name) ? [] : [[index, symbolHash(displayName(name))] as const])),
  }))
}

/** Lists what only the last parts of chains have. */
export function addPrivates(symbols: Symbols, of: (entry: ModuleEntry) => LastPart): void {
  const list = new SymbolList()
  const counts: number[] = []
  let start = 0
  for (const entry of symbols.entries) {
    const { count, only } = of(entry)
    for (const [index, hash] of only) list.add(hash, start + index)
    start += count
    counts.push(count)
  }
  symbols.addPrivates(list.index(), counts)
}

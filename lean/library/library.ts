import { resolve } from 'node:path'
import type { Declaration, DeclarationSource, Name } from '../declaration.js'
import { displayName, NameTable, parseName } from '../name.js'
import type { ConstantKind } from '../olean/constant-decoder.js'
import { DISK, type FileSystem } from '../olean/file-system.js'
import type { LeanModule, PlaceholderKind } from '../olean/module.js'
import { PageCache } from '../olean/paged-file.js'
import { ReaderError } from '../olean/reader-error.js'
import { BodyLookup } from './body-lookup.js'
import { ChainLoader } from './chain-loader.js'
import { DecodedBudget } from './decoded-budget.js'
import { absenceOf, findConstantHeader, type HeaderAnswer } from './header-lookup.js'
import {
  decodeIndex,
  encodeIndex,
  factsOfPart,
  type IndexStore,
  indexKey,
  type LibraryIndex,
  sameParts,
} from './index-file.js'
import type { LazyMode } from './lazy-mode.js'
import { ModuleFinder } from './module-finder.js'
import { readModuleGraph } from './module-graph.js'
import type { ModuleRecord } from './module-record.js'
import { type HeaderFacts, ModuleEntry } from './part-source.js'
import { type LibraryStatus, statusOf } from './status.js'
import { SymbolList, symbolHash } from './symbol-index.js'
import { Symbols, symbolsOf } from './symbols.js'

export interface LibraryOptions {
  /** Folders that hold packages, as in LEAN_PATH. */
  readonly paths: readonly string[]
  /** Modules to open with everything they import. */
  readonly modules: readonly string[]
  /** Default: `all`. */
  readonly lazy?: LazyMode
  /** Modules whose private constants are visible at once. */
  readonly importAll?: readonly string[]
  /** Leave out imports that are not found and list them in {@link Library.missing}. */
  readonly allowMissing?: boolean
  /** Whether to recompute the hashes that the files cache (default), which finds nearly all damage inside terms. */
  readonly checkHashes?: boolean
  /** Modules that are read at a time (default 1). */
  readonly importWorkers?: number
  readonly signal?: AbortSignal
  readonly fileSystem?: FileSystem
  /** Bytes of files in memory at a time; beyond it reading ends in an `out-of-memory` error. */
  readonly memoryLimit?: number
  readonly allocate?: (bytes: number) => Buffer
  /** Where the index of symbols is kept between sessions. */
  readonly index?: IndexStore
  readonly onProgress?: (modules: number) => void
}

/**
 * Opens modules and, transitively, what they import.
 *
 * @throws InputError for a module that is not found, a cycle of imports, a damaged file; whether declarations of one name in
 *   two modules agree shows when the name is looked up
 */
export async function openLibrary(options: LibraryOptions): Promise<Library> {
  const { memoryLimit, allocate } = options
  const cache = new PageCache({
    files: options.fileSystem ?? DISK,
    ...(memoryLimit === undefined ? {} : { memoryLimit }),
    ...(allocate === undefined ? {} : { allocate }),
  })
  const loader = new ChainLoader(cache, new NameTable(), options.checkHashes ?? true)
  try {
    const session = openIndexed(options, loader) ?? (await readAll(options, loader))
    const library = new Library(options, loader, session)
    for (const name of options.importAll ?? []) library.showAll(name)
    return library
  } catch (error) {
    cache.close()
    throw error
  }
}

interface Session {
  readonly symbols: Symbols
  readonly missing: readonly string[]
  /** Of the index that was found. */
  readonly indexBytes: number
  /** Where the table of symbols came from. */
  readonly indexed: 'built' | 'found'
}

function keyOf({ paths, modules, allowMissing = false }: LibraryOptions): string {
  return indexKey({ paths: paths.map(path => resolve(path)), roots: modules, allowMissing })
}

/** The modules as a kept index lists them, if every file is still the one that was indexed. */
function openIndexed(options: LibraryOptions, loader: ChainLoader): Session | undefined {
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

async function readAll(options: LibraryOptions, loader: ChainLoader): Promise<Session> {
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
function lastPartOf(entry: ModuleEntry, loader: ChainLoader): LastPart {
  if (entry.bodies.paths.length === 0) return { count: 0, only: [] }
  const shown = new Set(loader.peek(entry, 'public', module => module.names()))
  return loader.peek(entry, 'bodies', chain => ({
    count: chain.count(chain.lastPart),
    only: chain
      .names(chain.lastPart)
      .flatMap((name, index) => (shown.has(name) ? [] : [[index, symbolHash(displayName(name))] as const])),
  }))
}

function addPrivates(symbols: Symbols, of: (entry: ModuleEntry) => LastPart): void {
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

const codeOf = (chain: LeanModule): string[] =>
  chain.auxiliaryNames(undefined, chain.lastPart).map(displayName)

/**
 * The constants of a set of modules, each found and decoded when somebody asks. All state is in this object: nothing survives
 * it but the index, and nothing in its answers depends on what was asked before.
 */
export class Library implements DeclarationSource {
  /** Displayed names of imports that were not found, as far as that was allowed. */
  readonly missing: readonly string[]
  readonly lazy: LazyMode
  readonly #options: LibraryOptions
  readonly #loader: ChainLoader
  readonly #symbols: Symbols
  readonly #lookup: BodyLookup
  readonly #budget = new DecodedBudget()
  readonly #indexed: 'built' | 'found'
  #indexBytes: number

  constructor(options: LibraryOptions, loader: ChainLoader, session: Session) {
    this.#options = options
    this.#loader = loader
    this.lazy = options.lazy ?? 'all'
    this.missing = session.missing
    this.#symbols = session.symbols
    this.#indexed = session.indexed
    this.#indexBytes = session.indexBytes
    this.#lookup = new BodyLookup(this.#symbols, loader, this.#budget, () => this.#buildPrivates())
    if (session.indexed === 'built') this.#keepIndex()
  }

  /** Displayed names of the modules, imports before their importers. */
  get modules(): string[] {
    return this.#symbols.entries.map(({ name }) => name)
  }

  /** Number of constants; opens every chain to find those that only private parts hold. */
  get size(): number {
    let size = 0
    for (const _ of this.names()) size++
    return size
  }

  /** Displayed names of all constants: per module those of its public part, then those that only its private part has. */
  *names(): Generator<string> {
    this.#requireOpen()
    const seen = new Set<string>()
    for (const entry of this.#symbols.entries) {
      const lists = [this.#loader.load(entry, 'public').names()]
      if (entry.bodies.paths.length > 0) {
        const chain = this.#loader.load(entry, 'bodies')
        lists.push(chain.names(chain.lastPart))
      }
      for (const name of lists.flat()) {
        const text = displayName(name)
        if (seen.has(text)) continue
        seen.add(text)
        yield text
      }
    }
  }

  /** Displayed names of the constants that one module shows its importers; opens its public part. */
  namesIn(module: string): string[] {
    this.#requireOpen()
    return this.#loader.load(this.#entry(module), 'public').names().map(displayName)
  }

  has(name: string): boolean {
    this.#requireOpen()
    return this.#lookup.has(name)
  }

  get(name: string): Declaration | undefined {
    this.#requireOpen()
    return this.#lookup.get(name)
  }

  kind(name: string): ConstantKind | undefined {
    this.#requireOpen()
    return this.#lookup.kind(name)
  }

  moduleOf(name: string): string | undefined {
    this.#requireOpen()
    return this.#lookup.moduleOf(name)
  }

  placeholderKind(name: string): PlaceholderKind | undefined {
    this.#requireOpen()
    return this.#lookup.placeholderKind(name)
  }

  /** What is known of a constant without opening anything. */
  findConstantHeader(name: string): HeaderAnswer {
    this.#requireOpen()
    return findConstantHeader(this.#symbols, name, this.#budget.use)
  }

  /** The whole declaration; may open what holds it. Undefined when there is none. */
  async findConstantBody(name: string): Promise<Declaration | undefined> {
    return this.get(name)
  }

  /** Why {@link has} says no, for messages. */
  absence(name: string): string {
    return absenceOf(this.#symbols, name)
  }

  /** Opens the chain with the bodies of a module, as `import all` does. */
  showAll(module: string): void {
    this.#requireOpen()
    const entry = this.#entry(module)
    if (entry.bodies.paths.length > 0) this.#loader.load(entry, 'bodies')
  }

  /** Names of the code in a module's own code files, `.ir.sig` and `.ir`, as displayed; opens them. */
  codeNames(module: string): string[] {
    this.#requireOpen()
    return codeOf(this.#loader.load(this.#entry(module), 'code'))
  }

  /**
   * The module that a symbol belongs to: a constant's, else that whose private part or code generator made it.
   *
   * @param build whether to make the table of private and auxiliary symbols when there is none, which looks into every module
   * @throws ReaderError `no-table` when that table is needed and may not be made
   */
  symbolOwner(
    name: string,
    build = true,
  ): { readonly module: string; readonly as: 'constant' | 'auxiliary' } | undefined {
    this.#requireOpen()
    const isConstant =
      this.#symbols.publicPlaces(name).length > 0 || this.#symbols.privatePlaces(name) !== undefined
    if (isConstant && this.has(name)) return { module: this.moduleOf(name)!, as: 'constant' }
    if (this.#symbols.auxiliary === undefined || this.#symbols.privatePlaces(name) === undefined) {
      if (!build)
        throw new ReaderError(
          'no-table',
          `${name} is no public constant, and there is no table of private and auxiliary symbols`,
        )
      this.#buildAuxiliary()
      if (this.has(name)) return { module: this.moduleOf(name)!, as: 'constant' }
    }
    for (const entry of this.#symbols.auxiliaryPlaces(name) ?? []) {
      if (this.#auxiliaryOf(entry).includes(name)) return { module: entry.name, as: 'auxiliary' }
    }
    return undefined
  }

  /**
   * What the session read or may still read, as plain data, in the order of the modules: chains that were never opened are
   * listed too, so that whoever keeps the list depends on all that an answer could come from.
   */
  dependencies(): ModuleRecord[] {
    return this.#symbols.entries.map(entry => ({
      name: entry.name,
      parts: entry.parts,
      ...entry.facts!,
      state: (entry.bodies.paths.length > 0 ? entry.bodies : entry.public).state,
    }))
  }

  status(): LibraryStatus {
    return statusOf(this.#symbols.entries, this.#loader, {
      lazy: this.lazy,
      workers: Math.max(1, this.#options.importWorkers ?? 1),
      index: this.#indexed,
      indexBytes: this.#indexBytes,
      sideLookups: this.#lookup.sideLookups,
    })
  }

  /** Files become unreachable; whatever was decoded stays valid. May be called again. */
  close(): void {
    this.#loader.cache.close()
  }

  #entry(module: string): ModuleEntry {
    const entry = this.#symbols.module(module)
    if (entry === undefined) throw new ReaderError('no-module', `${module} is not among the modules`)
    return entry
  }

  #requireOpen(): void {
    if (this.#loader.cache.closed) throw new ReaderError('closed-region', 'the library was closed')
  }

  #buildPrivates(): void {
    addPrivates(this.#symbols, entry => lastPartOf(entry, this.#loader))
    if (this.lazy === 'all') this.#keepIndex()
  }

  #buildAuxiliary(): void {
    if (this.#symbols.hasBodies && this.#symbols.privates === undefined) this.#buildPrivates()
    const list = new SymbolList()
    for (const [module, entry] of this.#symbols.entries.entries()) {
      for (const name of this.#auxiliaryOf(entry)) list.add(symbolHash(name), module)
    }
    this.#symbols.addAuxiliary(list.index())
    this.#keepIndex()
  }

  /** Displayed names of a module's code, private code too where its code files are at hand. */
  #auxiliaryOf(entry: ModuleEntry): string[] {
    const names = new Set(
      this.#loader.peek(entry, 'public', chain => chain.auxiliaryNames()).map(displayName),
    )
    if (entry.code.paths.length > 0)
      for (const name of this.#loader.peek(entry, 'code', codeOf)) names.add(name)
    return [...names]
  }

  #keepIndex(): void {
    const { index, lazy } = this.#options
    if (index === undefined) return
    if (lazy === 'off') return
    const headers: HeaderFacts[] = []
    const numbers = new Map<string, number>()
    const symbols = this.#symbols
    const modules = symbols.entries.map((entry, number): LibraryIndex['modules'][number] => {
      const facts = entry.facts!
      const key = JSON.stringify(facts)
      const header = numbers.get(key) ?? headers.push(facts) - 1
      numbers.set(key, header)
      const lastCount = symbols.lastCounts?.[number]
      return {
        name: entry.name,
        parts: entry.parts.map(factsOfPart),
        header,
        count: symbols.counts[number]!,
        ...(lastCount === undefined ? {} : { lastCount }),
      }
    })
    const bytes = encodeIndex({
      headers,
      modules,
      missing: this.missing,
      constants: symbols.constants,
      privates: symbols.privates,
      auxiliary: symbols.auxiliary,
    })
    this.#indexBytes = bytes.length
    index.keep(keyOf(this.#options), bytes)
  }
}

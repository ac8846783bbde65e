import type { Declaration, DeclarationSource } from '../declaration.js'
import { displayName, NameTable } from '../name.js'
import type { ConstantKind } from '../olean/constant-decoder.js'
import { DISK } from '../olean/file-system.js'
import type { LeanModule, PlaceholderKind } from '../olean/module.js'
import { PageCache } from '../olean/paged-file.js'
import { ReaderError } from '../olean/reader-error.js'
import { BodyLookup } from './body-lookup.js'
import { ChainLoader } from './chain-loader.js'
import { DecodedBudget } from './decoded-budget.js'
import { absenceOf, findConstantHeader, type HeaderAnswer } from './header-lookup.js'
import { encodeIndex, factsOfPart, type LibraryIndex } from './index-file.js'
import type { LazyMode } from './lazy-mode.js'
import type { LibraryOptions } from './library-options.js'
import type { ModuleRecord } from './module-record.js'
import type { HeaderFacts, ModuleEntry } from './part-source.js'
import { addPrivates, keyOf, lastPartOf, openIndexed, readAll, type Session } from './session.js'
import { type LibraryStatus, statusOf } from './status.js'
import { SymbolList, symbolHash } from './symbol-index.js'
import type { Symbols } from './symbols.js'

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
    for (const { name } of this.#symbols.entries) {
      for (const text of this.declaredIn(name)) {
        if (seen.has(text)) continue
        seen.add(text)
        yield text
      }
    }
  }

  /** Displayed names of the constants of one module: those of its public part, then those that only its private part has. */
  declaredIn(module: string): string[] {
    this.#requireOpen()
    const entry = this.#entry(module)
    const names = new Set(this.#loader.load(entry, 'public').names().map(displayName))
    if (entry.bodies.paths.length > 0) {
      const chain = this.#loader.load(entry, 'bodies')
      for (const name of chain.names(chain.lastPart)) names.add(displayName(name))
    }
    return [...names]
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

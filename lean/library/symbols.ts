import type { LibraryIndex } from './index-file.js'
import type { ModuleEntry } from './part-source.js'
import { Ordinals, type SymbolIndex, symbolHash } from './symbol-index.js'

/** Where a constant may be declared: which of a chain's constants. */
export interface Place {
  readonly entry: ModuleEntry
  /** In the public part, or in the last part of the chain with all bodies. */
  readonly index: number
}

/**
 * The table of symbols of a library: public constants, and, once somebody needed them, constants that only private parts hold
 * and names of the code generator. Asking it loads nothing.
 */
export class Symbols {
  readonly #public: Ordinals
  #privates:
    | { readonly index: SymbolIndex; readonly counts: readonly number[]; readonly ordinals: Ordinals }
    | undefined
  #auxiliary: SymbolIndex | undefined
  /** Whether some module has a chain with more than its public part. */
  readonly hasBodies: boolean
  readonly #byName: Map<string, ModuleEntry>

  constructor(
    /** Imports before their importers. */
    readonly entries: readonly ModuleEntry[],
    readonly constants: SymbolIndex,
    /** Constants of every public part. */
    readonly counts: readonly number[],
  ) {
    this.hasBodies = entries.some(({ bodies }) => bodies.paths.length > 0)
    this.#public = new Ordinals(counts)
    this.#byName = new Map(entries.map(entry => [entry.name, entry]))
  }

  get bytes(): number {
    return this.constants.bytes + (this.#privates?.index.bytes ?? 0) + (this.#auxiliary?.bytes ?? 0)
  }

  get privates(): SymbolIndex | undefined {
    return this.#privates?.index
  }

  /** Constants of the last part of every chain, with the table of private symbols. */
  get lastCounts(): readonly number[] | undefined {
    return this.#privates?.counts
  }

  get auxiliary(): SymbolIndex | undefined {
    return this.#auxiliary
  }

  module(name: string): ModuleEntry | undefined {
    return this.#byName.get(name)
  }

  addPrivates(index: SymbolIndex, counts: readonly number[]): void {
    this.#privates = { index, counts, ordinals: new Ordinals(counts) }
  }

  addAuxiliary(index: SymbolIndex): void {
    this.#auxiliary = index
  }

  publicPlaces(name: string): Place[] {
    return this.#places(this.constants, this.#public, name)
  }

  /** Among the constants that only private parts hold; undefined while there is no table of them. */
  privatePlaces(name: string): Place[] | undefined {
    if (!this.hasBodies) return []
    const table = this.#privates
    return table === undefined ? undefined : this.#places(table.index, table.ordinals, name)
  }

  /** Modules whose code generator may have made the name; undefined while there is no table of them. */
  auxiliaryPlaces(name: string): ModuleEntry[] | undefined {
    return this.#auxiliary?.candidates(symbolHash(name)).flatMap(module => this.entries[module] ?? [])
  }

  #places(index: SymbolIndex, ordinals: Ordinals, name: string): Place[] {
    const places: Place[] = []
    for (const ordinal of index.candidates(symbolHash(name))) {
      const at = ordinals.locate(ordinal)
      if (at !== undefined) places.push({ entry: this.entries[at.list]!, index: at.index })
    }
    return places
  }
}

/** The tables of an index over the modules that it lists. */
export function symbolsOf(index: LibraryIndex, entries: readonly ModuleEntry[]): Symbols {
  const { modules, constants, privates, auxiliary } = index
  const symbols = new Symbols(
    entries,
    constants,
    modules.map(({ count }) => count),
  )
  if (privates !== undefined)
    symbols.addPrivates(
      privates,
      modules.map(({ lastCount }) => lastCount ?? 0),
    )
  if (auxiliary !== undefined) symbols.addAuxiliary(auxiliary)
  return symbols
}

/** The module that a name of the shape `_private.<module>.0.<rest>` says it belongs to, as displayed. */
export function privateOwner(name: string): string | undefined {
  return /^_private\.(.+?)\.0\./.exec(name)?.[1]
}

/** Lookups that open chains of modules where that is what it takes. */
import type { Declaration } from '../declaration.js'
import { InputError } from '../input-error.js'
import { displayName } from '../name.js'
import type { ConstantKind } from '../olean/constant-decoder.js'
import type { ConstantRef, PlaceholderKind } from '../olean/module.js'
import { mayRepeat } from '../olean/statement.js'
import type { ChainLoader } from './chain-loader.js'
import type { DecodedBudget } from './decoded-budget.js'
import { isListedAs } from './header-lookup.js'
import type { ModuleEntry } from './part-source.js'
import type { Symbols } from './symbols.js'

/** One declaration of a name. */
interface Site {
  readonly entry: ModuleEntry
  /** In the public part, or in the last part for a constant that only that has. */
  readonly ref: ConstantRef
  readonly onlyPrivate: boolean
  /** The record that counts, once somebody asked. */
  full?: ConstantRef
}

interface Entry {
  /** In the order of the modules. */
  readonly sites: readonly Site[]
  /** The site that stands for all: the first, or the first theorem beside axioms. */
  main?: Site
  /** Whether the other sites were found to agree with the main one. */
  agreed: boolean
}

/**
 * Looks constants up by displayed name. Which record answers follows from the files alone: a public record that is no axiom is
 * final; a public axiom stands for the private record of that name, if there is one; constants that only private parts
 * hold come after all public ones. So no answer depends on what is open already.
 */
export class BodyLookup {
  /** Names that were looked up; undefined for those that are not there. */
  readonly #known = new Map<string, Entry | undefined>()
  /** Lookups that found nothing public and went on to the private symbols. */
  sideLookups = 0

  constructor(
    readonly symbols: Symbols,
    readonly loader: ChainLoader,
    readonly budget: DecodedBudget,
    /** Makes the table of private symbols. */
    readonly buildPrivates: () => void,
  ) {}

  has(name: string): boolean {
    return this.#entry(name) !== undefined
  }

  get(name: string): Declaration | undefined {
    const entry = this.#entry(name)
    if (entry === undefined) return undefined
    const main = this.#main(name, entry)
    const declaration = this.#decode(this.#full(name, main))
    if (!entry.agreed) {
      // The comparison may ask for this very constant.
      entry.agreed = true
      try {
        for (const site of entry.sites) if (site !== main) this.#compare(name, declaration, main, site)
      } catch (error) {
        entry.agreed = false
        throw error
      }
    }
    return declaration
  }

  /** Name of the module that declares the constant. */
  moduleOf(name: string): string | undefined {
    const entry = this.#entry(name)
    return entry === undefined ? undefined : this.#main(name, entry).entry.name
  }

  kind(name: string): ConstantKind | undefined {
    const entry = this.#entry(name)
    if (entry === undefined) return undefined
    const ref = this.#full(name, this.#main(name, entry))
    return this.budget.use(ref.module, () => ref.module.kind(ref))
  }

  /** What an axiom stands for whose body is in no file; undefined where the module's bodies are at hand. */
  placeholderKind(name: string): PlaceholderKind | undefined {
    const entry = this.#entry(name)
    if (entry === undefined) return undefined
    const main = this.#main(name, entry)
    if (main.onlyPrivate || main.entry.bodies.paths.length > 0) return undefined
    return this.budget.use(main.ref.module, () => main.ref.module.placeholderKind(main.ref))
  }

  #entry(name: string): Entry | undefined {
    if (this.#known.has(name)) return this.#known.get(name)
    let sites = this.#publicSites(name)
    if (sites.length === 0 && this.symbols.hasBodies) sites = this.#privateSites(name)
    const entry = sites.length === 0 ? undefined : { sites, agreed: sites.length === 1 }
    this.#known.set(name, entry)
    return entry
  }

  #publicSites(name: string): Site[] {
    const sites: Site[] = []
    for (const { entry, index } of this.symbols.publicPlaces(name)) {
      const module = this.loader.load(entry, 'public')
      const ref = { module, part: 0, index }
      if (this.budget.use(module, () => isListedAs(ref, name))) sites.push({ entry, ref, onlyPrivate: false })
    }
    return sites
  }

  #privateSites(name: string): Site[] {
    this.sideLookups++
    if (this.symbols.privatePlaces(name) === undefined) this.buildPrivates()
    const sites: Site[] = []
    for (const { entry, index } of this.symbols.privatePlaces(name) ?? []) {
      const module = this.loader.load(entry, 'bodies')
      const ref = { module, part: module.lastPart, index }
      if (this.budget.use(module, () => isListedAs(ref, name))) sites.push({ entry, ref, onlyPrivate: true })
    }
    return sites
  }

  /** The record with the body, where the files have it; opens the chain with the bodies if that may say more. */
  #full(name: string, site: Site): ConstantRef {
    site.full ??= this.#findFull(name, site)
    return site.full
  }

  #findFull(name: string, { entry, ref, onlyPrivate }: Site): ConstantRef {
    if (onlyPrivate || entry.bodies.paths.length === 0 || ref.module.kind(ref) !== 'axiom') return ref
    const chain = this.loader.load(entry, 'bodies')
    return this.budget.use(chain, () => {
      const body = chain.lastPartRef(name)
      if (body === undefined) return ref
      // A header lookup gives the public statement: the private record must not make another one.
      if (!chain.sameHead({ ...ref, module: chain }, body))
        throw new InputError(`the parts of ${entry.name} state it differently`, {
          file: entry.bodies.paths.at(-1)!,
          constant: name,
        })
      return body
    })
  }

  /** Theorems, and axioms beside theorems or axioms, may repeat. */
  #main(name: string, entry: Entry): Site {
    if (entry.main !== undefined) return entry.main
    const [first, ...others] = entry.sites as [Site, ...Site[]]
    let main = first
    const kindOf = (site: Site): ConstantKind => {
      const ref = this.#full(name, site)
      return ref.module.kind(ref)
    }
    for (const site of others) {
      const kinds = [kindOf(main), kindOf(site)]
      if (kinds.some(kind => kind !== 'theorem' && kind !== 'axiom')) {
        throw new InputError(`declared in ${main.entry.name} and again in ${site.entry.name}`, {
          file: site.entry.parts[0]!.path,
          constant: name,
        })
      }
      if (kinds[0] === 'axiom' && kinds[1] === 'theorem') main = site
    }
    entry.main = main
    return main
  }

  #compare(name: string, declaration: Declaration, main: Site, other: Site): void {
    const typeOf = (head: Parameters<typeof displayName>[0]) => this.get(displayName(head))?.type
    if (!mayRepeat(declaration, this.#decode(this.#full(name, other)), typeOf)) {
      throw new InputError(`${main.entry.name} and ${other.entry.name} declare it differently`, {
        file: other.entry.parts[0]!.path,
        constant: name,
      })
    }
  }

  #decode(ref: ConstantRef): Declaration {
    return this.budget.use(ref.module, () => ref.module.declaration(ref))
  }
}

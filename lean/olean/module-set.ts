import type { Declaration, DeclarationSource, Name } from '../declaration.js'
import { InputError } from '../input-error.js'
import { displayName, NameTable, parseName } from '../name.js'
import type { ConstantKind } from './constant-decoder.js'
import { type ConstantRef, LeanModule, type PlaceholderKind } from './module.js'
import { PageCache } from './paged-file.js'
import { findModule } from './search-path.js'
import { mayRepeat } from './statement.js'

/** Decoded objects kept over all modules before the least recently used modules drop theirs. */
const MAX_KEPT = 2_000_000

export interface OpenOptions {
  /** Folders that hold packages, as in LEAN_PATH. */
  readonly searchPaths: readonly string[]
  /** Modules to open with everything they import. */
  readonly modules: readonly string[]
  /** Leave out imports that are not found and list them in {@link ModuleSet.missing}. */
  readonly allowMissing?: boolean
  /** Whether to recompute the hashes that the files cache (default), which finds nearly all damage inside terms. */
  readonly checkHashes?: boolean
}

/**
 * Opens modules and, transitively, what they import; imports come before their importers. Reads headers, imports and the names
 * of constants, nothing else.
 *
 * @throws InputError for a module that is not found, a cycle of imports, a damaged file, a name that two modules declare and
 *   one of them neither as a theorem nor as an axiom; whether two such declarations agree shows when the name is looked up
 */
export function openModules(options: OpenOptions): ModuleSet {
  const cache = new PageCache()
  try {
    return readModules(options, cache)
  } catch (error) {
    cache.close()
    throw error
  }
}

function readModules(options: OpenOptions, cache: PageCache): ModuleSet {
  const table = new NameTable()
  const modules = new Map<Name, LeanModule>()
  const open = new Map<Name, { module: LeanModule; next: number }>()
  const missing: string[] = []
  const find = (name: Name, importer: string): string[] | undefined => {
    try {
      return findModule(options.searchPaths, name, importer)
    } catch (error) {
      if (options.allowMissing !== true || !(error instanceof InputError)) throw error
      if (!missing.includes(displayName(name))) missing.push(displayName(name))
      return undefined
    }
  }
  for (const root of options.modules) {
    const stack = [{ name: parseName(root, table), importer: 'asked for' }]
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const { name } = top
      let entry = open.get(name)
      if (modules.has(name)) {
        stack.pop()
        continue
      }
      if (entry === undefined) {
        const paths = find(name, top.importer)
        if (paths === undefined) {
          stack.pop()
          continue
        }
        entry = {
          module: new LeanModule(displayName(name), paths, cache, table, options.checkHashes),
          next: 0,
        }
        open.set(name, entry)
      }
      const imported = entry.module.imports[entry.next++]
      if (imported === undefined) {
        modules.set(name, entry.module)
        open.delete(name)
        stack.pop()
      } else if (open.has(imported)) {
        const cycle = stack.map(item => item.name)
        const names = [...cycle.slice(cycle.indexOf(imported)), imported].map(displayName)
        throw new InputError(`a cycle of imports: ${names.join(' -> ')}`, { file: entry.module.paths[0]! })
      } else {
        stack.push({ name: imported, importer: `imported by ${entry.module.name}` })
      }
    }
  }
  return new ModuleSet([...modules.values()], cache, missing)
}

interface Entry {
  ref: ConstantRef
  /** Further declarations of the same name in other modules (lean-env.md 3.3), not compared with the first yet. */
  others?: ConstantRef[]
}

/** All constants of a set of modules. */
export class ModuleSet implements DeclarationSource {
  readonly #constants = new Map<string, Entry>()
  /** Modules that hold decoded objects, least recently used first. */
  readonly #recent = new Set<LeanModule>()
  #kept = 0

  constructor(
    readonly modules: readonly LeanModule[],
    readonly cache: PageCache,
    /** Imports that were not found, as far as they were allowed to be missing. */
    readonly missing: readonly string[],
  ) {
    for (const module of modules) {
      for (const [name, ref] of module.constants()) {
        const key = displayName(name)
        const entry = this.#constants.get(key)
        if (entry === undefined) this.#constants.set(key, { ref })
        else this.#merge(key, entry, ref)
      }
      module.forget()
    }
  }

  /** A second declaration of a name: theorems, and axioms beside theorems or axioms, may repeat. */
  #merge(key: string, entry: Entry, ref: ConstantRef): void {
    const kinds = [entry.ref, ref].map(at => at.module.kind(at))
    if (kinds.some(kind => kind !== 'theorem' && kind !== 'axiom')) {
      throw new InputError(`declared in ${entry.ref.module.name} and again in ${ref.module.name}`, {
        file: ref.module.paths[0]!,
        constant: key,
      })
    }
    entry.others ??= []
    if (kinds[0] === 'axiom' && kinds[1] === 'theorem') {
      entry.others.push(entry.ref)
      entry.ref = ref
    } else {
      entry.others.push(ref)
    }
  }

  get size(): number {
    return this.#constants.size
  }

  /** Files in use, in the order in which they were opened. */
  get files(): string[] {
    return this.modules.flatMap(module => module.paths)
  }

  /** Bytes read from disk so far. */
  get bytesRead(): number {
    return this.cache.bytesRead
  }

  names(): Iterable<string> {
    return this.#constants.keys()
  }

  has(name: string): boolean {
    return this.#constants.has(name)
  }

  /** Name of the module that declares the constant. */
  moduleOf(name: string): string | undefined {
    return this.#constants.get(name)?.ref.module.name
  }

  /** Kind of the constant, without decoding it. */
  kind(name: string): ConstantKind | undefined {
    const ref = this.#constants.get(name)?.ref
    return ref?.module.kind(ref)
  }

  get(name: string): Declaration | undefined {
    const entry = this.#constants.get(name)
    if (entry === undefined) return undefined
    const declaration = this.#decode(entry.ref)
    if (entry.others !== undefined) {
      const { others } = entry
      // The comparison may ask for this very constant.
      delete entry.others
      try {
        for (const other of others) this.#compare(name, declaration, entry.ref, other)
      } catch (error) {
        entry.others = others
        throw error
      }
    }
    return declaration
  }

  placeholderKind(name: string): PlaceholderKind | undefined {
    const ref = this.#constants.get(name)?.ref
    if (ref === undefined) return undefined
    const kind = ref.module.placeholderKind(ref)
    if (!this.#recent.has(ref.module)) ref.module.forget()
    return kind
  }

  close(): void {
    this.cache.close()
  }

  #decode(ref: ConstantRef): Declaration {
    const { module } = ref
    const before = this.#recent.has(module) ? module.kept : 0
    this.#recent.delete(module)
    this.#recent.add(module)
    try {
      return module.declaration(ref)
    } finally {
      this.#kept += module.kept - before
      this.#trim(module)
    }
  }

  /** Lets the least recently used modules but this one drop what they decoded, down to the limit. */
  #trim(module: LeanModule): void {
    for (const old of this.#recent) {
      if (this.#kept <= MAX_KEPT || old === module) break
      this.#kept -= old.kept
      old.forget()
      this.#recent.delete(old)
    }
  }

  #compare(name: string, declaration: Declaration, ref: ConstantRef, other: ConstantRef): void {
    if (!mayRepeat(declaration, this.#decode(other), head => this.get(displayName(head))?.type)) {
      throw new InputError(`${ref.module.name} and ${other.module.name} declare it differently`, {
        file: other.module.paths[0]!,
        constant: name,
      })
    }
  }
}

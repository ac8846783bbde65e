import type { NameTable } from '../name.js'
import { LeanModule } from '../olean/module.js'
import type { PageCache, PagedFile } from '../olean/paged-file.js'
import { ReaderError } from '../olean/reader-error.js'
import type { ChainKind, ModuleEntry } from './part-source.js'

/** Loads of chains so far. */
export type LoadCounts = Record<ChainKind, number>

/** Opens chains of modules, each once, always from its first part on; the one way to do it, eager or not. */
export class ChainLoader {
  readonly loads: LoadCounts = { public: 0, bodies: 0, code: 0 }

  constructor(
    readonly cache: PageCache,
    readonly table: NameTable,
    readonly checkHashes: boolean,
  ) {}

  /**
   * @throws ReaderError `no-parts` for a chain that is absent, `vanished` for one whose files are gone, `out-of-memory`;
   *   InputError for damaged files
   */
  load(entry: ModuleEntry, kind: ChainKind): LeanModule {
    const source = entry[kind]
    if (source.module !== undefined) return source.module
    const module = this.#open(entry, kind)
    source.loaded(module)
    this.loads[kind]++
    if (kind === 'public') this.#note(entry, module)
    return module
  }

  /** Has all files of a chain in memory, each read at once, while `use` runs; one file is open at a time. */
  async withWhole<T>(entry: ModuleEntry, kind: ChainKind, use: () => T): Promise<T> {
    const releases: (() => void)[] = []
    try {
      for (const path of entry[kind].paths) releases.push(await this.#file(entry, kind, path).readWhole())
      return use()
    } finally {
      for (const release of releases) release()
    }
  }

  /** A look into a chain that leaves it deferred, for indexing. */
  peek<T>(entry: ModuleEntry, kind: ChainKind, use: (module: LeanModule) => T): T {
    return use(entry[kind].module ?? this.#open(entry, kind))
  }

  #open(entry: ModuleEntry, kind: ChainKind): LeanModule {
    const source = entry[kind]
    if (source.paths.length === 0)
      throw new ReaderError('no-parts', `module ${entry.name} has no such part (${kind})`)
    const files = source.paths.map(path => this.#file(entry, kind, path))
    return new LeanModule(entry.name, files, this.table, this.checkHashes)
  }

  #file(entry: ModuleEntry, kind: ChainKind, path: string): PagedFile {
    const source = entry[kind]
    if (source.failure !== undefined) throw source.failure
    try {
      const file = this.cache.file(path, entry.name)
      // What the index says, and what others are told they depend on, is about the file that was found.
      file.requireSame(entry.parts.find(part => part.path === path)!)
      return file
    } catch (error) {
      if (error instanceof ReaderError && error.fault === 'vanished') source.vanished(error)
      throw error
    }
  }

  #note(entry: ModuleEntry, module: LeanModule): void {
    const { version, wordBytes, gitHash, leanVersion } = module.chain.parts[0]!.header
    entry.facts = { containerVersion: version, wordBytes, gitHash, leanVersion }
  }
}

import type { Name } from '../declaration.js'
import type { LeanModule } from '../olean/module.js'
import type { PartKind, PartRecord, SourceState } from './module-record.js'

/** The chains of a module: what importers see; that with all bodies; the interpreter's code. */
export const CHAIN_KINDS = ['public', 'bodies', 'code'] as const
export type ChainKind = (typeof CHAIN_KINDS)[number]

const PARTS: Record<ChainKind, readonly PartKind[]> = {
  public: ['olean'],
  // The server part is needed by the private one, and both point into the public part.
  bodies: ['olean', 'server', 'private'],
  code: ['irSig', 'ir'],
}

/**
 * One chain of a module and how far it has been read: deferred until its first use, then loaded for good; absent when there is
 * no such file. A file that is gone at its first use is an error then and ever after, so that no answer depends on when it was
 * asked for.
 */
export class PartSource {
  /** Files from the first part of the chain on. */
  readonly paths: readonly string[]
  #module: LeanModule | undefined
  #failure: Error | undefined

  constructor(paths: readonly string[]) {
    this.paths = paths
  }

  get state(): SourceState {
    if (this.#module !== undefined) return 'loaded'
    return this.paths.length === 0 || this.#failure !== undefined ? 'absent' : 'deferred'
  }

  /** Once it is loaded. */
  get module(): LeanModule | undefined {
    return this.#module
  }

  /** Why files that were found are absent. */
  get failure(): Error | undefined {
    return this.#failure
  }

  loaded(module: LeanModule): void {
    this.#module = module
  }

  vanished(failure: Error): void {
    if (this.#module === undefined) this.#failure = failure
  }
}

/** What the header of a module's first part says. */
export interface HeaderFacts {
  readonly containerVersion: number
  readonly wordBytes: 4 | 8
  readonly gitHash: string
  readonly leanVersion: string
}

/** A module of a library: its files and its chains. */
export class ModuleEntry {
  readonly public: PartSource
  readonly bodies: PartSource
  readonly code: PartSource
  /** Known once the public part was open, in this session or when it was indexed. */
  facts: HeaderFacts | undefined

  constructor(
    /** Displayed name. */
    readonly name: string,
    readonly id: Name,
    /** The files that exist. */
    readonly parts: readonly PartRecord[],
  ) {
    const paths = (kind: ChainKind): string[] =>
      parts.filter(part => PARTS[kind].includes(part.kind)).map(part => part.path)
    this.public = new PartSource(paths('public'))
    this.bodies = new PartSource(parts.some(({ kind }) => kind === 'private') ? paths('bodies') : [])
    this.code = new PartSource(paths('code'))
  }
}

import type { ChainLoader } from './chain-loader.js'
import type { LazyMode } from './lazy-mode.js'
import type { SourceState } from './module-record.js'
import { CHAIN_KINDS, type ChainKind, type ModuleEntry } from './part-source.js'

/** What a session has read so far. Only this depends on the mode and on what was asked. */
export interface LibraryStatus {
  readonly lazy: LazyMode
  readonly workers: number
  readonly modules: number
  /** Modules whose public part is open. */
  readonly modulesOpened: number
  /** Chains with bodies that were opened for a body. */
  readonly privateLoads: number
  readonly codeLoads: number
  readonly fileOpens: number
  readonly bytesRead: number
  /** Bytes of files in memory, now and at most. */
  readonly heldBytes: number
  readonly peakHeldBytes: number
  /** Bytes of all files of the modules. */
  readonly libraryBytes: number
  /** Whether the table of symbols was built from the modules or found in the cache. */
  readonly index: 'built' | 'found'
  /** Bytes of the index that was kept; 0 when none was. */
  readonly indexBytes: number
  /** Lookups that found nothing public and went on to the private symbols. */
  readonly sideLookups: number
  /** Number of chains by state. */
  readonly chains: Record<ChainKind, Record<SourceState, number>>
}

export function statusOf(
  entries: readonly ModuleEntry[],
  loader: ChainLoader,
  known: Pick<LibraryStatus, 'lazy' | 'workers' | 'index' | 'indexBytes' | 'sideLookups'>,
): LibraryStatus {
  const { cache, loads } = loader
  const count = (kind: ChainKind): Record<SourceState, number> => {
    const counts = { loaded: 0, deferred: 0, absent: 0 }
    for (const entry of entries) counts[entry[kind].state]++
    return counts
  }
  const [shown, bodies, code] = CHAIN_KINDS.map(count) as [
    Record<SourceState, number>,
    Record<SourceState, number>,
    Record<SourceState, number>,
  ]
  let libraryBytes = 0
  for (const { parts } of entries) for (const { size } of parts) libraryBytes += size
  return {
    ...known,
    modules: entries.length,
    modulesOpened: loads.public,
    privateLoads: loads.bodies,
    codeLoads: loads.code,
    fileOpens: cache.opens,
    bytesRead: cache.bytesRead,
    heldBytes: cache.held,
    peakHeldBytes: cache.peakHeld,
    libraryBytes,
    chains: { public: shown, bodies, code },
  }
}

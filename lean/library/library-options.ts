import type { FileSystem } from '../olean/file-system.js'
import type { IndexStore } from './index-file.js'
import type { LazyMode } from './lazy-mode.js'

export interface LibraryOptions {
  /** Folders that hold packages, as in LEAN_PATH. */
  readonly paths: readonly string[]
  /** Modules to open with everything they import. */
  readonly modules: readonly string[]
  /** Default: `all`. */
  readonly lazy?: LazyMode
  /** Modules whose private constants are visible at once. */
  readonly importAll?: readonly string[]
  /** Leave out imports that are not found and list them in `Library.missing`. */
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

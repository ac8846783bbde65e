/** Compiled modules on disk, by a digest of what they were compiled from. */
import { keep, readKept } from '../disk-cache.js'

const nameOf = (digest: string): string => `engine/${digest}.wasm`

export function readCached(digest: string): Uint8Array | undefined {
  return readKept(nameOf(digest))
}

export function writeCached(digest: string, bytes: Uint8Array): void {
  keep(nameOf(digest), bytes)
}

/** Compiled modules on disk, and the plans they were made by, under a digest of what they were compiled from. */
import { deserialize, serialize } from 'node:v8'
import { keep, readKept } from '../disk-cache.js'

const nameOf = (digest: string): string => `engine/${digest}.wasm`
/** Plans in the serialisation of the runtime at hand. */
const planOf = (digest: string): string => `engine/${digest}-${process.versions.v8}.plan`

export function readCached(digest: string): Uint8Array | undefined {
  return readKept(nameOf(digest))
}

export function writeCached(digest: string, bytes: Uint8Array): void {
  keep(nameOf(digest), bytes)
}

export function readCachedPlan(digest: string): unknown {
  const kept = readKept(planOf(digest))
  return kept === undefined ? undefined : deserialize(kept)
}

export function writeCachedPlan(digest: string, plan: unknown): void {
  keep(planOf(digest), serialize(plan))
}

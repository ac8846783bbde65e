/** Compiled modules on disk, in the user's cache folder, by a digest of what they were compiled from. */

import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** `IX_CACHE_DIR`, else `ix` in the cache folder of the system. */
export function cacheFolder(): string {
  const { IX_CACHE_DIR, XDG_CACHE_HOME, LOCALAPPDATA } = process.env
  if (IX_CACHE_DIR) return IX_CACHE_DIR
  if (process.platform === 'win32' && LOCALAPPDATA) return join(LOCALAPPDATA, 'ix', 'cache')
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'ix')
  return join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'ix')
}

const path = (digest: string) => join(cacheFolder(), 'engine', `${digest}.wasm`)

/** Digest of the contents before them, so that a damaged file is not run. */
const SEAL_BYTES = 32

export function readCached(digest: string): Uint8Array | undefined {
  let file: Buffer
  try {
    file = readFileSync(path(digest))
  } catch {
    return undefined
  }
  const bytes = file.subarray(SEAL_BYTES)
  return sealOf(bytes).equals(file.subarray(0, SEAL_BYTES)) ? bytes : undefined
}

/** Keeps a module for later processes; a folder that cannot be written only costs time. */
export function writeCached(digest: string, bytes: Uint8Array): void {
  const target = path(digest)
  const partial = `${target}.${process.pid}`
  try {
    mkdirSync(join(cacheFolder(), 'engine'), { recursive: true })
    writeFileSync(partial, Buffer.concat([sealOf(bytes), bytes]))
    renameSync(partial, target)
  } catch {
    rmSync(partial, { force: true })
  }
}

function sealOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}

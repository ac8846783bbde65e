/**
 * Files that save work in later processes, in the user's cache folder. Losing one, or not being able to write it, only
 * costs time: damaged files count as absent.
 */
import { createHash } from 'node:crypto'
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

/** Digest of the contents before them. */
const SEAL_BYTES = 32

function sealOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}

/** `IX_CACHE_DIR`, else `ix` in the cache folder of the system. */
export function cacheFolder(): string {
  const { IX_CACHE_DIR, XDG_CACHE_HOME, LOCALAPPDATA } = process.env
  if (IX_CACHE_DIR) return IX_CACHE_DIR
  if (process.platform === 'win32' && LOCALAPPDATA) return join(LOCALAPPDATA, 'ix', 'cache')
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'ix')
  return join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'ix')
}

/** What was kept under a name (with `/` between folders). */
export function readKept(name: string): Uint8Array | undefined {
  try {
    const file = readFileSync(join(cacheFolder(), name))
    // No Buffer: views of those are slow to make.
    const bytes = new Uint8Array(file.buffer, file.byteOffset + SEAL_BYTES, file.length - SEAL_BYTES)
    return sealOf(bytes).equals(file.subarray(0, SEAL_BYTES)) ? bytes : undefined
  } catch {
    return undefined
  }
}

export function keep(name: string, bytes: Uint8Array): void {
  const target = join(cacheFolder(), name)
  const partial = `${target}.${process.pid}.tmp`
  try {
    mkdirSync(dirname(target), { recursive: true })
    const descriptor = openSync(partial, 'w')
    try {
      for (const chunk of [sealOf(bytes), bytes])
        for (let at = 0; at < chunk.length; ) at += writeSync(descriptor, chunk, at)
    } finally {
      closeSync(descriptor)
    }
    renameSync(partial, target)
  } catch {
    remove(partial)
  }
}

function remove(file: string): void {
  try {
    rmSync(file, { force: true })
  } catch {
    // Its folder is none.
  }
}

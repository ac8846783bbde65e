/**
 * Files that save work in later processes, in the user's cache folder. Losing one, or not being able to write it, only
 * costs time: damaged files count as absent.
 */
import { createHash } from 'node:crypto'
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { cacheFolder } from './wasm/cache.js'

/** Digest of the contents before them. */
const SEAL_BYTES = 32

function sealOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
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
    rmSync(partial, { force: true })
  }
}

/**
 * Files that save work in later processes, in the user's cache folder. Losing one, or not being able to write it, only
 * costs time: damaged files count as absent. So processes need no agreement about what is removed when.
 */
import { createHash } from 'node:crypto'
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { threadId } from 'node:worker_threads'

/** What a folder of the cache holds at most; what was used last stays. */
export interface Capacity {
  readonly entries: number
  readonly bytes: number
}

const CAPACITY: Capacity = { entries: 256, bytes: 2 ** 29 }

/** Milliseconds after which a file that somebody began to write counts as abandoned. */
const ABANDONED = 3_600_000

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
    const path = join(cacheFolder(), name)
    const file = readFileSync(path)
    touch(path)
    // No Buffer: views of those are slow to make.
    const bytes = new Uint8Array(file.buffer, file.byteOffset + SEAL_BYTES, file.length - SEAL_BYTES)
    return sealOf(bytes).equals(file.subarray(0, SEAL_BYTES)) ? bytes : undefined
  } catch {
    return undefined
  }
}

let fault: string | undefined

/** Folder and cause of the first entry that could not be kept since this was asked last, if any. */
export function takeCacheFault(): string | undefined {
  const taken = fault
  fault = undefined
  return taken
}

/** Names with a folder share its capacity with the others there, those without are never removed. */
export function keep(name: string, bytes: Uint8Array, capacity = CAPACITY): void {
  const target = join(cacheFolder(), name)
  const partial = `${target}.${process.pid}.${threadId}.tmp`
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
    if (name.includes('/')) prune(target, capacity)
  } catch (error) {
    fault ??= `cannot write to the cache in ${cacheFolder()}: ${(error as Error).message}`
    remove(partial)
  }
}

/** Removes what was not used for longest from the folder of a new entry, which stays, and what was never finished. */
function prune(target: string, { entries, bytes }: Capacity): void {
  const folder = dirname(target)
  const files = readdirSync(folder).flatMap(name => {
    const path = join(folder, name)
    const stat = statSync(path, { throwIfNoEntry: false })
    if (stat?.isFile() !== true) return []
    return [{ path, size: stat.size, used: path === target ? Number.POSITIVE_INFINITY : stat.mtimeMs }]
  })
  const isPartial = ({ path }: { path: string }) => path.endsWith('.tmp')
  for (const file of files) if (isPartial(file) && file.used < Date.now() - ABANDONED) remove(file.path)
  const whole = files.filter(file => !isPartial(file)).sort((a, b) => b.used - a.used)
  let total = 0
  whole.forEach(({ path, size }, i) => {
    total += size
    if (i > 0 && (i >= entries || total > bytes)) remove(path)
  })
}

/** The time of change of an entry, which nobody changes, is that of its last use. */
function touch(path: string): void {
  try {
    const now = new Date()
    utimesSync(path, now, now)
  } catch {
    // Somebody else's, or just removed.
  }
}

function remove(file: string): void {
  try {
    rmSync(file, { force: true })
  } catch {
    // Its folder is none.
  }
}

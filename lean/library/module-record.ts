import { createHash } from 'node:crypto'
import { InputError } from '../input-error.js'
import { DISK, type FileSystem, readFully, uninterrupted } from '../olean/file-system.js'

/** How far a chain of parts has been read: its root decoded, only its paths (and maybe its header) known, no such file. */
export type SourceState = 'loaded' | 'deferred' | 'absent'

/** Files of a module in the order of their chains: `.olean`, `.olean.server`, `.olean.private`; `.ir.sig`, `.ir`. */
export const PART_KINDS = ['olean', 'server', 'private', 'irSig', 'ir'] as const
export type PartKind = (typeof PART_KINDS)[number]

/** One file of a module, as plain data: what tells whether it is still the file that was read. */
export interface PartRecord {
  readonly kind: PartKind
  readonly path: string
  /** Bytes. */
  readonly size: number
  readonly mtimeMs: number
  readonly ino: number
  /** SHA-256 of the content, 64 lower-case hex digits; only where somebody asked for it. */
  readonly digest?: string
}

/** A module that was read or may be read, as plain data: no handles, no caches, survives JSON. */
export interface ModuleRecord {
  /** Displayed name. */
  readonly name: string
  /** The files that exist, in the order of {@link PART_KINDS}; those of chains that were never opened too. */
  readonly parts: readonly PartRecord[]
  /** From the header of the first part. */
  readonly containerVersion: number
  readonly wordBytes: 4 | 8
  readonly gitHash: string
  readonly leanVersion: string
  /** Of the bodies: `loaded` once the last chain that holds some is open, `deferred` before. */
  readonly state: SourceState
}

/** The record of a file as it is now, without reading it; `undefined` when there is no such file. */
export function partRecord(kind: PartKind, path: string, files: FileSystem = DISK): PartRecord | undefined {
  const facts = guard(path, () => uninterrupted(() => files.stat(path)))
  if (facts === undefined || facts.kind !== 'file') return undefined
  const { size, mtimeMs, ino } = facts
  return { kind, path, size, mtimeMs, ino }
}

/** The record with the digest of what the file holds now; `undefined` when there is no such file. */
export function digestedPart(kind: PartKind, path: string, files: FileSystem = DISK): PartRecord | undefined {
  const record = partRecord(kind, path, files)
  if (record === undefined) return undefined
  return { ...record, digest: guard(path, () => sha256(path, files)) }
}

const CHUNK = 1 << 20

function sha256(path: string, files: FileSystem): string {
  const hash = createHash('sha256')
  const descriptor = uninterrupted(() => files.open(path))
  try {
    const chunk = Buffer.allocUnsafe(CHUNK)
    for (let position = 0; ; ) {
      const count = readFully(files, descriptor, chunk, position)
      hash.update(chunk.subarray(0, count))
      if (count < CHUNK) return hash.digest('hex')
      position += count
    }
  } finally {
    files.close(descriptor)
  }
}

function guard<T>(file: string, action: () => T): T {
  try {
    return action()
  } catch (error) {
    if (error instanceof InputError) throw error
    throw new InputError(`cannot read: ${(error as Error).message}`, { file })
  }
}

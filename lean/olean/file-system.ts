import { closeSync, fstatSync, openSync, read, readSync, statSync } from 'node:fs'

/** What is known of a file without reading it. */
export interface FileFacts {
  readonly kind: 'file' | 'folder' | 'other'
  /** Bytes. */
  readonly size: number
  readonly mtimeMs: number
  readonly ino: number
}

/** The calls that readers make; tests put faults behind it. Every method may throw what the operating system reports. */
export interface FileSystem {
  /** `undefined` when there is no such file. */
  stat(path: string): FileFacts | undefined
  open(path: string): number
  /** Of an open file. */
  statOpen(descriptor: number): FileFacts
  /** Number of bytes read, which may be fewer than asked for; 0 at the end of the file. */
  read(descriptor: number, target: Uint8Array, offset: number, length: number, position: number): number
  /** The same without blocking the process. */
  readAsync(
    descriptor: number,
    target: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<number>
  close(descriptor: number): void
}

function factsOf(stat: {
  isFile(): boolean
  isDirectory(): boolean
  size: number
  mtimeMs: number
  ino: number
}): FileFacts {
  const kind = stat.isFile() ? 'file' : stat.isDirectory() ? 'folder' : 'other'
  return { kind, size: stat.size, mtimeMs: stat.mtimeMs, ino: stat.ino }
}

export const DISK: FileSystem = {
  stat(path) {
    const stat = statSync(path, { throwIfNoEntry: false })
    return stat === undefined ? undefined : factsOf(stat)
  },
  open: path => openSync(path, 'r'),
  statOpen: descriptor => factsOf(fstatSync(descriptor)),
  read: (descriptor, target, offset, length, position) =>
    readSync(descriptor, target, offset, length, position),
  readAsync: (descriptor, target, offset, length, position) =>
    new Promise((resolve, reject) => {
      read(descriptor, target, offset, length, position, (error, count) => {
        if (error === null) resolve(count)
        else reject(error)
      })
    }),
  close: descriptor => closeSync(descriptor),
}

/** Attempts at a call that keeps being interrupted, before the interruption counts as an error. */
const MAX_INTERRUPTIONS = 10_000

/** Repeats a call that a signal interrupted or that would have had to wait (EINTR, EAGAIN). */
export function uninterrupted<T>(call: () => T): T {
  for (let attempt = 1; ; attempt++) {
    try {
      return call()
    } catch (error) {
      if (!isInterruption(error) || attempt >= MAX_INTERRUPTIONS) throw error
    }
  }
}

function isInterruption(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException
  return code === 'EINTR' || code === 'EAGAIN'
}

/**
 * Fills `target` from a position of the file on, over short and interrupted reads.
 *
 * @returns bytes read: fewer than the target holds only at the end of the file
 */
export function readFully(
  files: FileSystem,
  descriptor: number,
  target: Uint8Array,
  position: number,
): number {
  let done = 0
  while (done < target.length) {
    const at = done
    const count = uninterrupted(() => files.read(descriptor, target, at, target.length - at, position + at))
    if (count === 0) break
    done += count
  }
  return done
}

/** {@link readFully} without blocking the process. */
export async function readFullyAsync(
  files: FileSystem,
  descriptor: number,
  target: Uint8Array,
  position: number,
): Promise<number> {
  let done = 0
  for (let interruptions = 0; done < target.length; ) {
    let count: number
    try {
      count = await files.readAsync(descriptor, target, done, target.length - done, position + done)
    } catch (error) {
      if (!isInterruption(error) || ++interruptions >= MAX_INTERRUPTIONS) throw error
      continue
    }
    if (count === 0) break
    interruptions = 0
    done += count
  }
  return done
}

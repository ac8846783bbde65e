import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { InputError } from '../lean/input-error.js'

/**
 * Writes a file so that it appears complete or not at all: under a temporary name beside it, flushed, then renamed.
 *
 * @throws InputError when the file cannot be written; what was there before is left as it was
 */
export function writeFileAtomically(file: string, chunks: Iterable<Uint8Array>): void {
  const temporary = `${file}.${process.pid}.tmp`
  try {
    const descriptor = openSync(temporary, 'wx', 0o666)
    try {
      for (const chunk of chunks)
        for (let at = 0; at < chunk.length; ) at += writeSync(descriptor, chunk, at, chunk.length - at)
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    renameSync(temporary, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') rmSync(temporary, { force: true })
    if (!isSystemError(error)) throw error
    throw new InputError(`cannot be written: ${error.message}`, { file })
  }
  syncDirectory(dirname(file))
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).code === 'string'
}

/** Makes the rename itself durable where the system lets directories be flushed. */
function syncDirectory(directory: string): void {
  try {
    const descriptor = openSync(directory, 'r')
    try {
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    if (!isSystemError(error)) throw error
  }
}

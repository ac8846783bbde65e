import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { InputError } from '../lean/input-error.js'
import { ByteReader } from './bytes.js'

/** Bytes that are read in windows. */
export interface ByteSource {
  /** For messages. */
  readonly label: string
  readonly size: number
  /** @throws InputError when the window is not inside the source or cannot be read */
  read(offset: number, length: number): Uint8Array
  close(): void
}

export function openFile(file: string): ByteSource {
  let descriptor: number | undefined
  let size: number
  try {
    descriptor = openSync(file, 'r')
    const stat = fstatSync(descriptor)
    if (!stat.isFile()) throw new Error('it is not a file')
    size = stat.size
  } catch (error) {
    if (descriptor !== undefined) closeSync(descriptor)
    throw new InputError(`cannot be opened: ${(error as Error).message}`, { file })
  }
  const open = descriptor
  return {
    label: file,
    size,
    read(offset, length) {
      checkWindow(this, offset, length)
      const bytes = new Uint8Array(length)
      for (let at = 0; at < length; ) {
        const got = readSync(open, bytes, at, length - at, offset + at)
        if (got === 0) throw new InputError('the file became shorter', { file, offset: offset + at })
        at += got
      }
      return bytes
    },
    close: () => closeSync(open),
  }
}

export function bytesInMemory(bytes: Uint8Array, label: string): ByteSource {
  return {
    label,
    size: bytes.length,
    read(offset, length) {
      checkWindow(this, offset, length)
      return bytes.subarray(offset, offset + length)
    },
    close: () => {},
  }
}

function checkWindow({ label, size }: ByteSource, offset: number, length: number): void {
  if (offset + length > size)
    throw new InputError(`${length} bytes expected, ${Math.max(0, size - offset)} left`, {
      file: label,
      offset,
    })
}

const WINDOW = 1 << 18

/** Sequential reading of a source through windows; skipping costs nothing. */
export class WindowCursor {
  #start: number
  /** Reads at the current position; valid until the next call of a method here. */
  reader: ByteReader

  constructor(
    readonly source: ByteSource,
    start = 0,
  ) {
    this.#start = start
    this.reader = new ByteReader(new Uint8Array(0), { file: source.label, offset: start })
  }

  get position(): number {
    return this.#start + this.reader.position
  }

  get remaining(): number {
    return this.source.size - this.position
  }

  /** A reader that has the next `count` bytes at hand, or all that are left. */
  ahead(count: number): ByteReader {
    if (this.reader.remaining < count && this.reader.remaining < this.remaining)
      this.#load(this.position, count)
    return this.reader
  }

  skip(count: number): void {
    if (count > this.remaining) this.reader.fail(`${count} bytes expected, ${this.remaining} left`)
    if (count <= this.reader.remaining) this.reader.position += count
    else this.#load(this.position + count, 0)
  }

  #load(start: number, count: number): void {
    const length = Math.min(Math.max(WINDOW, count), this.source.size - start)
    this.#start = start
    this.reader = new ByteReader(this.source.read(start, length), { file: this.source.label, offset: start })
  }
}

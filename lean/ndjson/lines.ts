import { closeSync, openSync, readSync } from 'node:fs'
import { InputError } from '../input-error.js'

const CHUNK = 1 << 20
/** Longer lines cannot become one JavaScript string. */
const MAX_LINE = 1 << 28

/** The name under which standard input is read. */
export const STANDARD_INPUT = '-'
const NAP_MS = 5

const COMPRESSIONS = [
  { name: 'gzip', magic: [0x1f, 0x8b] },
  { name: 'zstd', magic: [0x28, 0xb5, 0x2f, 0xfd] },
  { name: 'xz', magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a] },
]

/** What messages call a file. */
export function inputLabel(file: string): string {
  return file === STANDARD_INPUT ? 'standard input' : file
}

/**
 * The lines of a text file, or of standard input for `-`, as strings, read in chunks; empty lines are passed on as empty strings.
 *
 * @throws InputError when the file cannot be read, a line is not UTF-8 or exceeds 256 MiB
 */
export function* lines(path: string): Generator<string> {
  const file = inputLabel(path)
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let line = 1
  const decode = (bytes: Uint8Array): string => {
    try {
      return utf8.decode(bytes)
    } catch {
      throw new InputError('the line is not valid UTF-8', { file, line })
    }
  }
  let descriptor: number
  try {
    descriptor = path === STANDARD_INPUT ? 0 : openSync(path, 'r')
  } catch (error) {
    throw new InputError(`cannot open: ${(error as Error).message}`, { file })
  }
  try {
    const chunk = Buffer.alloc(CHUNK)
    let rest: Uint8Array[] = []
    let restLength = 0
    for (;;) {
      const count = readChunk(descriptor, chunk, file)
      if (count === 0) break
      if (line === 1 && restLength === 0) refuseCompressed(chunk.subarray(0, count), file)
      let start = 0
      for (;;) {
        const end = chunk.subarray(0, count).indexOf(10, start)
        if (end === -1) break
        const tail = chunk.subarray(start, end)
        yield decode(rest.length === 0 ? tail : Buffer.concat([...rest, tail]))
        rest = []
        restLength = 0
        line++
        start = end + 1
      }
      if (start < count) {
        rest.push(Uint8Array.prototype.slice.call(chunk, start, count))
        restLength += count - start
        if (restLength > MAX_LINE) throw new InputError('line longer than 256 MiB', { file, line })
      }
    }
    if (restLength > 0) yield decode(Buffer.concat(rest))
  } finally {
    closeSync(descriptor)
  }
}

function readChunk(descriptor: number, chunk: Buffer, file: string): number {
  for (;;) {
    try {
      return readSync(descriptor, chunk, 0, CHUNK, null)
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      if (code === 'EISDIR') throw new InputError('is a folder, not an export', { file })
      if (code !== 'EAGAIN') throw new InputError(`cannot read: ${message}`, { file })
      // A pipe that does not wait for its writer.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, NAP_MS)
    }
  }
}

function refuseCompressed(start: Uint8Array, file: string): void {
  for (const { name, magic } of COMPRESSIONS)
    if (magic.every((byte, i) => start[i] === byte))
      throw new InputError(`compressed with ${name}: unpack it first, or pipe it to the file name -`, {
        file,
      })
}

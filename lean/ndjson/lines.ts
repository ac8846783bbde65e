import { closeSync, openSync, readSync } from 'node:fs'
import { InputError } from '../input-error.js'

const CHUNK = 1 << 20
/** Longer lines cannot become one JavaScript string. */
const MAX_LINE = 1 << 28

/**
 * The lines of a text file as strings, read in chunks; empty lines are passed on as empty strings.
 *
 * @throws InputError when the file cannot be read, a line is not UTF-8 or exceeds 256 MiB
 */
export function* lines(file: string): Generator<string> {
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
    descriptor = openSync(file, 'r')
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
  try {
    return readSync(descriptor, chunk, 0, CHUNK, null)
  } catch (error) {
    throw new InputError(`cannot read: ${(error as Error).message}`, { file })
  }
}

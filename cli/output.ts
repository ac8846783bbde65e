/** Standard output that is a file or a device: every byte is written, or there is an error. */
import { fstatSync, writeSync } from 'node:fs'
import type { TextSink } from './terminal.js'

/** Results could not be written to where they should go; exit code 2. */
export class OutputError extends Error {
  override readonly name = 'OutputError'
}

/** Terminals, pipes and sockets keep their stream. Node's stream for a file takes a short write for a whole one. */
export function outputSink(stream: NodeJS.WriteStream & { readonly fd: number }): TextSink {
  const { fd } = stream
  const facts = kindOf(fd)
  if (stream.isTTY || facts === undefined || !(facts.isFile() || facts.isCharacterDevice())) return stream
  return {
    isTTY: false,
    write(text) {
      const bytes = Buffer.from(text)
      try {
        for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at)
      } catch (error) {
        throw new OutputError(`standard output cannot be written: ${(error as Error).message}`)
      }
      return true
    },
  }
}

function kindOf(fd: number) {
  try {
    return fstatSync(fd)
  } catch {
    return undefined
  }
}

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { brotliDecompressSync } from 'node:zlib'
import { keep, readKept } from '../aiur/disk-cache.js'
import { Environment } from '../ixon/environment.js'
import { InputError } from '../lean/input-error.js'

/** An environment compressed with brotli. What it unpacks to is kept in the cache. */
export function openCompressed(file: string): Environment {
  let packed: Buffer
  try {
    packed = readFileSync(file)
  } catch (error) {
    throw new InputError(`cannot be opened: ${(error as Error).message}`, { file })
  }
  const name = `environment/${createHash('sha256').update(packed).digest('hex')}`
  let bytes = readKept(name)
  if (bytes === undefined) {
    try {
      bytes = brotliDecompressSync(packed)
    } catch (error) {
      throw new InputError(`cannot be unpacked: ${(error as Error).message}`, { file })
    }
    keep(name, bytes)
  }
  return Environment.fromBytes(bytes, file)
}

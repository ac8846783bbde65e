/** The library that comes with the package: Lean's Init, public parts, and its 64 shards. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import { Environment } from '../ixon/environment.js'
import { InputError } from '../lean/input-error.js'
import { packageRoot } from './package-root.js'

/** The bundled environment. Unpacking it takes about a tenth of a second, so nothing is cached on disk. */
export function bundledEnvironment(): Environment {
  const file = join(packageRoot(), 'data', 'init.ixe.br')
  let bytes: Buffer
  try {
    bytes = brotliDecompressSync(readFileSync(file))
  } catch (error) {
    throw new InputError(`cannot read the bundled library: ${(error as Error).message}`, { file })
  }
  return Environment.fromBytes(bytes, file)
}

export function bundledManifest(): string {
  return join(packageRoot(), 'data', 'init.ixes')
}

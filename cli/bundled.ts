/** The library that comes with the package: Lean's Init, public parts, and its 64 shards. */
import { join } from 'node:path'
import type { Environment } from '../ixon/environment.js'
import { openCompressed } from './compressed.js'
import { packageRoot } from './package-root.js'

export function bundledFile(): string {
  return join(packageRoot(), 'data', 'init.ixe.br')
}

export function bundledEnvironment(): Environment {
  return openCompressed(bundledFile())
}

export function bundledManifest(): string {
  return join(packageRoot(), 'data', 'init.ixes')
}

import type { Address } from '../ixon/address.js'
import { compileEnvironment } from '../ixon/compile/compile.js'
import { Environment } from '../ixon/environment.js'
import { InputError } from '../lean/input-error.js'
import { openNdjson } from '../lean/ndjson/source.js'
import { bundledEnvironment } from './bundled.js'
import type { Context } from './context.js'

/** The environment in a file, or the bundled one. */
export function openEnvironment(file: string | undefined): Environment {
  return file === undefined ? bundledEnvironment() : Environment.open(file)
}

/** An export, or what some of its constants need, compiled in memory. */
export function openExport(file: string, roots: readonly string[], context: Context): Environment {
  const data = compileEnvironment(openNdjson(file), {
    ...(roots.length > 0 ? { roots } : {}),
    onProgress: ({ done, total }) => context.progress.update('Compiling', done, total, 'constants'),
  })
  context.progress.stop()
  return Environment.fromData(data, file)
}

/** Address of a displayed name. InputError, with names that end alike, if the environment has none. */
export function addressOfName(environment: Environment, name: string): Address {
  const address = environment.addressOf(name)
  if (address !== undefined) return address
  const similar: string[] = []
  const last = name.slice(name.lastIndexOf('.') + 1).toLowerCase()
  for (const candidate of environment.names()) {
    if (candidate.slice(candidate.lastIndexOf('.') + 1).toLowerCase() === last) similar.push(candidate)
    if (similar.length === 4) break
  }
  const hint =
    similar.length > 0
      ? `; there is ${similar.slice(0, 3).join(', ')}${similar.length > 3 ? ', ...' : ''}`
      : ''
  throw new InputError(`no constant is named ${name}${hint}`, { file: environment.source.label })
}

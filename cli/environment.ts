import { type Address, isAddress } from '../ixon/address.js'
import { Environment } from '../ixon/environment.js'
import { InputError } from '../lean/input-error.js'
import { bundledEnvironment } from './bundled.js'
import { openCompressed } from './compressed.js'

/** The environment in a file, maybe compressed (`.ixe.br`), or the bundled one. */
export function openEnvironment(file: string | undefined): Environment {
  if (file === undefined) return bundledEnvironment()
  return file.endsWith('.br') ? openCompressed(file) : Environment.open(file)
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

/** An address as it stands, or that of a displayed name. InputError if the environment holds no such constant. */
export function addressOrName(environment: Environment, text: string): Address {
  if (!isAddress(text)) return addressOfName(environment, text)
  if (!environment.has(text))
    throw new InputError(`no constant has the address ${text}`, { file: environment.source.label })
  return text
}

import { statSync } from 'node:fs'
import { type Address, isAddress } from '../ixon/address.js'
import { Environment } from '../ixon/environment.js'
import { InputError } from '../lean/input-error.js'
import { bundledEnvironment } from './bundled.js'
import { openCompressed } from './compressed.js'
import { nearest } from './suggest.js'

/** The environment in a file, maybe compressed (`.ixe.br`), or the bundled one. */
export function openEnvironment(file: string | undefined): Environment {
  if (file === undefined) return bundledEnvironment()
  return file.endsWith('.br') ? openCompressed(file) : Environment.open(file)
}

/** Address of a displayed name. InputError, with names that are written alike, if the environment has none. */
export function addressOfName(environment: Environment, name: string): Address {
  const address = environment.addressOf(name)
  if (address !== undefined) return address
  throw new InputError(`no constant is named ${name}${nameHint(name, environment.names())}`, {
    file: environment.source.label,
  })
}

const FILE_OPTIONS = [
  [/\.ndjson$/, '--ndjson'],
  [/\.ixe(\.br)?$/, '--ixe'],
  [/\.ixes$/, '--ixes'],
] as const

/** What else may have been meant by a name that is not there: the name of a file, or one of `names`. */
export function nameHint(name: string, names: Iterable<string>): string {
  const facts = statSync(name, { throwIfNoEntry: false })
  if (facts?.isDirectory() === true) return '; it is a folder: --olean takes those with .olean files'
  if (facts !== undefined) {
    const option = FILE_OPTIONS.find(([ending]) => ending.test(name))?.[1]
    return `; it is a file${option === undefined ? '' : `: write ${option} ${name}`}`
  }
  const last = (text: string): string => text.slice(text.lastIndexOf('.') + 1).toLowerCase()
  const all = [...names]
  const similar = nearest(name, all, { most: 3 })
  for (const candidate of all) {
    if (similar.length > 3) break
    if (last(candidate) === last(name) && !similar.includes(candidate)) similar.push(candidate)
  }
  if (similar.length === 0) return ''
  return `; there is ${similar.slice(0, 3).join(', ')}${similar.length > 3 ? ', ...' : ''}`
}

/** An address as it stands, or that of a displayed name. InputError if the environment holds no such constant. */
export function addressOrName(environment: Environment, text: string): Address {
  if (!isAddress(text)) return addressOfName(environment, text)
  if (!environment.has(text))
    throw new InputError(`no constant has the address ${text}`, { file: environment.source.label })
  return text
}

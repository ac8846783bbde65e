/** The bundled library with one leaf changed: a definition that nothing refers to becomes opaque. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundledEnvironment, bundledManifest } from '../cli/bundled.js'
import { type Address, addressOf } from '../ixon/address.js'
import { type Constant, encodeConstant } from '../ixon/constant.js'
import type { Environment } from '../ixon/environment.js'
import type { EnvironmentData, NamedConstant } from '../ixon/environment-data.js'
import { encodeEnvironment } from '../ixon/ixe-write.js'
import { NameTable, parseName } from '../lean/name.js'
import { encodeManifest, openManifest } from '../shards/manifest.js'

export interface Library {
  readonly ixe: string
  readonly ixes: string
}

export interface ChangedLibrary extends Library {
  /** Name of the definition that was changed. */
  readonly leaf: string
}

/** The files of the library as it is. */
export function writeLibrary(folder: string): Library {
  const environment = bundledEnvironment()
  const files = { ixe: join(folder, 'library.ixe'), ixes: join(folder, 'library.ixes') }
  writeFileSync(files.ixe, encodeEnvironment(dataOf(environment)))
  writeFileSync(files.ixes, encodeManifest(openManifest(bundledManifest())))
  return files
}

/** The files of the library with the change; shards own what they did, the leaf under its new address. */
export function writeChangedLibrary(folder: string): ChangedLibrary {
  const environment = bundledEnvironment()
  const { leaf, address, constant } = leafOf(environment)
  if (constant.info.kind !== 'defn') throw new Error(`${leaf} is no definition`)
  const bytes = encodeConstant({ ...constant, info: { ...constant.info, form: 'opaque' } })
  const changed = addressOf(bytes)
  const data = dataOf(environment)
  const constants = new Map(data.constants)
  constants.delete(address)
  constants.set(changed, bytes)
  const names = new Map(data.names)
  names.set(leaf, { ...names.get(leaf)!, address: changed })
  const manifest = openManifest(bundledManifest())
  const shards = manifest.shards.map(shard => ({
    ...shard,
    blocks: shard.blocks.map(block => (block === address ? changed : block)).sort(),
  }))
  const files = { ixe: join(folder, 'changed.ixe'), ixes: join(folder, 'changed.ixes') }
  writeFileSync(files.ixe, encodeEnvironment({ ...data, constants, names }))
  writeFileSync(files.ixes, encodeManifest({ ...manifest, shards }))
  return { ...files, leaf }
}

function dataOf(environment: Environment): EnvironmentData {
  const table = new NameTable()
  const names = new Map<string, NamedConstant>()
  const constants = new Map<Address, Uint8Array>()
  for (const address of environment.addresses()) {
    constants.set(address, environment.bytes(address))
    for (const name of environment.namesOf(address)) {
      const hints = environment.hint(address)
      const placeholder = environment.placeholders.get(name)
      names.set(name, { name: parseName(name, table), address, hints, placeholder })
    }
  }
  const blobs = new Map([...environment.blobAddresses()].map(address => [address, environment.blob(address)]))
  return { constants, blobs, names, ungrounded: environment.ungrounded }
}

/** The first definition by name that has one name and that nothing refers to. */
function leafOf(environment: Environment): { leaf: string; address: Address; constant: Constant } {
  const used = new Set<Address>()
  const candidates: { leaf: string; address: Address; constant: Constant }[] = []
  for (const address of environment.addresses()) {
    const constant = environment.constant(address)
    for (const ref of constant.refs) used.add(ref)
    const [leaf, other] = environment.namesOf(address)
    const plain = constant.info.kind === 'defn' && constant.info.form === 'definition'
    if (plain && leaf !== undefined && other === undefined) candidates.push({ leaf, address, constant })
  }
  const [first] = candidates
    .filter(({ address }) => !used.has(address))
    .sort((x, y) => (x.leaf < y.leaf ? -1 : 1))
  if (first === undefined) throw new Error('every definition is referred to')
  return first
}

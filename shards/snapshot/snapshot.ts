/** What a snapshot holds: the state after ingress, and verdicts. */
import { createHash } from 'node:crypto'
import { type Address, addressBytes } from '../../ixon/address.js'
import { type ByteReader, ByteWriter } from '../../ixon/bytes.js'
import { readTag0, writeTag0 } from '../../ixon/tags.js'
import { SnapshotChain, saveChain } from './chain.js'
import { type Dependency, readDependencies, writeDependencies } from './dependency.js'
import { readList, readText, writeList, writeText } from './fields.js'
import { readSettings, type Settings, writeSettings } from './settings.js'
import { writeSidecar } from './sidecar.js'
import { type ConstantVerdict, decodeSealed, encodeSealed, type SealedUnit } from './unit.js'

/** A manifest that was found to partition the environment. */
export interface SavedPartition {
  /** Ids, in the manifest's order. */
  readonly shards: readonly number[]
  /** Constants of the environment. */
  readonly constants: number
}

/** An environment that took work to make: bytes of an `.ixe` file. */
export interface SavedEnvironment {
  /** Names that it was made for; none: everything. */
  readonly roots: readonly string[]
  readonly bytes: Uint8Array
}

export interface SnapshotContents {
  readonly settings: Settings
  readonly dependencies: readonly Dependency[]
  /** What was asked to be read, where that is more than the files: folders and modules. */
  readonly library?: string | undefined
  readonly partition?: SavedPartition | undefined
  readonly environment?: SavedEnvironment | undefined
  /** Regions of the index of names: {@link nameRegions}, or those of an earlier snapshot of the same environment. */
  readonly names: ReadonlyMap<string, Uint8Array>
  /** By label. */
  readonly units: ReadonlyMap<string, SealedUnit>
  /**
   * Labels of the units that are about the input as the dependencies describe it. The verdicts of others, on earlier states of the
   * input, still hold for constants whose context digests are the same.
   */
  readonly current: ReadonlySet<string>
}

/** Regions. Indexes are cut into buckets, so that a question reads one of them and a change leaves the others as they were. */
const SETTINGS = 'settings'
const MODULES = 'modules'
const LIBRARY = 'library'
const PARTITION = 'partition'
const ENVIRONMENT = 'environment'
const UNITS = 'units'
const unitRegion = (key: string): string => `unit/${key}`
const nameRegion = (name: string): string =>
  `names/${createHash('sha256').update(name).digest('hex').slice(0, 2)}`
const constantRegion = (address: Address): string => `constants/${address.slice(0, 2)}`

const KEY_BYTES = 8

/** Names a unit in indexes. */
const unitKey = (label: string): string =>
  createHash('sha256')
    .update(label)
    .digest('hex')
    .slice(0, 2 * KEY_BYTES)

/** The index from names to addresses. */
export function nameRegions(
  names: Iterable<readonly [name: string, address: Address]>,
): Map<string, Uint8Array> {
  const buckets = new Map<string, (readonly [string, Address])[]>()
  for (const entry of names) push(buckets, nameRegion(entry[0]), entry)
  return new Map(
    [...buckets].map(([region, entries]) => {
      const writer = new ByteWriter(64 * entries.length)
      writeList(writer, entries.sort(byKey), ([name, address]) => {
        writeText(writer, name)
        writer.address(address)
      })
      return [region, writer.finish()]
    }),
  )
}

function byKey(left: readonly [string, unknown], right: readonly [string, unknown]): number {
  return left[0] < right[0] ? -1 : left[0] > right[0] ? 1 : 0
}

function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [value])
  else list.push(value)
}

function bytesOf(write: (writer: ByteWriter) => void): Uint8Array {
  const writer = new ByteWriter()
  write(writer)
  return writer.finish()
}

/** Equal contents, equal regions, byte for byte. */
export function regionsOf(contents: SnapshotContents): Map<string, Uint8Array> {
  const { settings, dependencies, library, partition, environment, names, units, current } = contents
  const regions = new Map<string, Uint8Array>()
  regions.set(
    SETTINGS,
    bytesOf(writer => writeSettings(writer, settings)),
  )
  regions.set(
    MODULES,
    bytesOf(writer => writeDependencies(writer, dependencies)),
  )
  if (library !== undefined) regions.set(LIBRARY, Buffer.from(library, 'utf8'))
  if (partition !== undefined)
    regions.set(
      PARTITION,
      bytesOf(writer => {
        writeTag0(writer, partition.constants)
        writeList(writer, partition.shards, id => writeTag0(writer, id))
      }),
    )
  if (environment !== undefined)
    regions.set(
      ENVIRONMENT,
      bytesOf(writer => {
        writeList(writer, environment.roots, root => writeText(writer, root))
        writeTag0(writer, environment.bytes.length)
        writer.bytes(environment.bytes)
      }),
    )
  for (const [name, bytes] of names) regions.set(name, bytes)
  const sorted = [...units].sort(byKey)
  regions.set(
    UNITS,
    bytesOf(writer =>
      writeList(writer, sorted, ([label]) => {
        writeText(writer, label)
        writer.byte(current.has(label) ? 1 : 0)
      }),
    ),
  )
  const holders = new Map<string, (readonly [Address, string])[]>()
  for (const [label, sealed] of sorted) {
    regions.set(unitRegion(unitKey(label)), encodeSealed(sealed))
    for (const { address } of sealed.unit.constants)
      push(holders, constantRegion(address), [address, unitKey(label)])
  }
  for (const [region, entries] of holders)
    regions.set(
      region,
      bytesOf(writer =>
        writeList(writer, entries.sort(byKey), ([address, key]) => {
          writer.address(address)
          writer.bytes(Buffer.from(key, 'hex'))
        }),
      ),
    )
  return regions
}

/**
 * Saves a snapshot and its sidecar.
 *
 * @param base saves only what differs from that snapshot
 * @returns bytes written
 * @throws InputError when a file cannot be written; an earlier snapshot is left as it was
 */
export function saveSnapshot(file: string, contents: SnapshotContents, base?: Snapshot): number {
  const size = saveChain(file, regionsOf(contents), base?.chain)
  writeSidecar(file, contents.dependencies)
  return size
}

/** An open snapshot. Opening reads headers; every question reads the regions that it needs. */
export class Snapshot {
  private constructor(readonly chain: SnapshotChain) {}

  /** @throws InputError as {@link SnapshotChain.open} */
  static open(file: string): Snapshot {
    return new Snapshot(SnapshotChain.open(file))
  }

  close(): void {
    this.chain.close()
  }

  #read<T>(region: string, what: string, read: (reader: ByteReader) => T): T {
    const reader = this.chain.reader(region)
    const value = read(reader)
    reader.end(what)
    return value
  }

  get settings(): Settings {
    return this.#read(SETTINGS, 'the settings', readSettings)
  }

  get dependencies(): Dependency[] {
    return this.#read(MODULES, 'the list of modules', readDependencies)
  }

  get library(): string | undefined {
    return this.chain.has(LIBRARY) ? Buffer.from(this.chain.region(LIBRARY)).toString('utf8') : undefined
  }

  get partition(): SavedPartition | undefined {
    if (!this.chain.has(PARTITION)) return undefined
    return this.#read(PARTITION, 'the partition', reader => {
      const constants = readTag0(reader)
      return { constants, shards: readList(reader, 1, 'shards', () => readTag0(reader)) }
    })
  }

  get environment(): SavedEnvironment | undefined {
    if (!this.chain.has(ENVIRONMENT)) return undefined
    return this.#read(ENVIRONMENT, 'the environment', reader => ({
      roots: readList(reader, 1, 'roots', () => readText(reader)),
      bytes: reader.bytes(readTag0(reader)),
    }))
  }

  /** Regions of the index of names, for the next snapshot of the same environment. */
  get names(): Map<string, Uint8Array> {
    const regions = this.chain.names().filter(name => name.startsWith('names/'))
    return new Map(regions.map(name => [name, this.chain.region(name)]))
  }

  /** Labels of the units, each with whether it is about the input as the dependencies describe it. */
  labels(): Map<string, boolean> {
    return this.#read(
      UNITS,
      'the list of units',
      reader => new Map(readList(reader, 2, 'units', () => [readText(reader), reader.byte() === 1] as const)),
    )
  }

  /** @throws InputError when it is damaged */
  unit(label: string): SealedUnit | undefined {
    const region = unitRegion(unitKey(label))
    return this.chain.has(region) ? this.#unit(region) : undefined
  }

  #unit(region: string): SealedUnit {
    const { data, origin } = this.chain.reader(region)
    return decodeSealed(data, origin)
  }

  /** All units by label. */
  units(): Map<string, SealedUnit> {
    return new Map([...this.labels().keys()].map(label => [label, this.#unit(unitRegion(unitKey(label)))]))
  }

  addressOf(name: string): Address | undefined {
    const region = nameRegion(name)
    if (!this.chain.has(region)) return undefined
    const entries = this.#read(region, 'the names', reader =>
      readList(reader, 33, 'names', () => [readText(reader), reader.address()] as const),
    )
    return entries.find(([known]) => known === name)?.[1]
  }

  /** Verdicts on a constant, with the units that they come from. */
  verdictsOn(address: Address): { verdict: ConstantVerdict; unit: SealedUnit }[] {
    const region = constantRegion(address)
    if (!this.chain.has(region)) return []
    const wanted = Buffer.from(addressBytes(address))
    const keys = this.#read(region, 'the constants', reader =>
      readList(reader, 32 + KEY_BYTES, 'constants', () => ({
        own: wanted.equals(reader.bytes(32)),
        key: Buffer.from(reader.bytes(KEY_BYTES)).toString('hex'),
      })),
    )
    return keys
      .filter(({ own }) => own)
      .flatMap(({ key }) => {
        const unit = this.#unit(unitRegion(key))
        const entry = unit.unit.constants.find(constant => constant.address === address)
        return entry === undefined ? [] : [{ verdict: entry.verdict, unit }]
      })
  }
}

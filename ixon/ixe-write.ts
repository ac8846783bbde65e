/** Writing `.ixe` files, format version 1 (ixon.md 5.1). */
import type { Name } from '../lean/declaration.js'
import { parseName } from '../lean/name.js'
import { type Address, ZERO_ADDRESS } from './address.js'
import { writeFileAtomically } from './atomic-write.js'
import { ByteWriter } from './bytes.js'
import { type EnvironmentData, hintCode, type NamedConstant } from './environment-data.js'
import { canonicalRoot } from './merkle.js'
import {
  PLACEHOLDER_KEY,
  PLACEHOLDER_NAMES,
  UNGROUNDED_NAME,
  writeAnnotated,
  writeEmptyMetadata,
} from './metadata.js'
import { nameAddress } from './name-address.js'
import { NameWriter } from './name-table.js'
import { writeTag0, writeTag4 } from './tags.js'

export const FORMAT_VERSION = 1
export const FLAG_ENVIRONMENT = 0xe

export interface WriteOptions {
  /** Leave names, and with them the kinds of placeholders and the list of constants left out, out of the file. */
  readonly anonymous?: boolean
}

const CHUNK = 1 << 20

/** Position of an address among all constants in ascending order. */
type RankOf = (address: Address) => number

/** @throws InputError when the file cannot be written */
export function writeEnvironment(file: string, data: EnvironmentData, options: WriteOptions = {}): void {
  writeFileAtomically(file, environmentChunks(data, options))
}

export function encodeEnvironment(data: EnvironmentData, options: WriteOptions = {}): Uint8Array {
  return Buffer.concat([...environmentChunks(data, options)])
}

function* environmentChunks(data: EnvironmentData, options: WriteOptions): Iterable<Uint8Array> {
  const writer = new ByteWriter(CHUNK)
  const addresses = [...data.constants.keys()].sort()
  writeTag4(writer, FLAG_ENVIRONMENT, FORMAT_VERSION)
  writer.address(canonicalRoot(addresses) ?? ZERO_ADDRESS)
  writer.byte(0) // no main constant
  writeTag0(writer, 0) // no assumptions
  yield* entries(writer, [...data.blobs.keys()].sort(), data.blobs)
  yield* entries(writer, addresses, data.constants)
  const numbers = new Map(addresses.map((address, rank) => [address, rank]))
  const ranks: RankOf = address => {
    const rank = numbers.get(address)
    if (rank === undefined) throw new RangeError(`${address} is not among the constants`)
    return rank
  }
  writeHints(writer, data, ranks)
  writeNames(writer, options.anonymous === true ? { ...data, names: new Map(), ungrounded: [] } : data, ranks)
  writeTag0(writer, 0) // no commitments
  yield writer.finish()
}

function* entries(
  writer: ByteWriter,
  addresses: readonly Address[],
  contents: ReadonlyMap<Address, Uint8Array>,
): Iterable<Uint8Array> {
  writeTag0(writer, addresses.length)
  for (const address of addresses) {
    const bytes = contents.get(address)!
    writer.address(address)
    writeTag0(writer, bytes.length)
    writer.bytes(bytes)
    if (writer.length >= CHUNK) {
      yield writer.finish()
      writer.clear()
    }
  }
}

/** Where several names share an address the least reducible hint holds. */
function writeHints(writer: ByteWriter, data: EnvironmentData, ranks: RankOf): void {
  const hints = new Map<number, number>()
  for (const { address, hints: own } of data.names.values()) {
    if (own === undefined) continue
    const rank = ranks(address)
    hints.set(rank, Math.min(hintCode(own), hints.get(rank) ?? Number.POSITIVE_INFINITY))
  }
  writeTag0(writer, hints.size)
  let previous = -1
  for (const [rank, code] of [...hints].sort((x, y) => x[0] - y[0])) {
    writeTag0(writer, rank - previous)
    writeTag0(writer, code)
    previous = rank
  }
}

/** Sections 4 and 5. */
function writeNames(writer: ByteWriter, data: EnvironmentData, ranks: RankOf): void {
  const constants = [...data.names.values()]
  // An entry needs a constant to point at, so an environment without any cannot list what was left out.
  const leftOut = data.constants.size === 0 ? [] : leftOutNames(data)
  const used: Name[] = constants.map(({ name }) => name)
  if (constants.some(({ placeholder }) => placeholder !== undefined))
    used.push(PLACEHOLDER_KEY, ...Object.values(PLACEHOLDER_NAMES))
  if (leftOut.length > 0) used.push(UNGROUNDED_NAME, ...leftOut.flat())
  const names = new NameWriter(used)
  names.write(writer)

  const sorted: (NamedConstant | undefined)[] = constants.sort((x, y) =>
    nameAddress(x.name) < nameAddress(y.name) ? -1 : 1,
  )
  if (leftOut.length > 0) {
    const own = nameAddress(UNGROUNDED_NAME)
    const at = constants.findIndex(({ name }) => nameAddress(name) > own)
    sorted.splice(at < 0 ? sorted.length : at, 0, undefined)
  }
  writeTag0(writer, sorted.length)
  const metadata = new ByteWriter()
  for (const constant of sorted) {
    const number = names.number(constant?.name ?? UNGROUNDED_NAME)
    writeTag0(writer, number)
    writeTag0(writer, constant === undefined ? 0 : ranks(constant.address))
    writeTag0(writer, constant?.hints === undefined ? 0 : hintCode(constant.hints) + 1)
    metadata.clear()
    if (constant === undefined)
      writeAnnotated(
        metadata,
        number,
        leftOut.map(([name, missing]) => [names.number(name), names.number(missing)]),
      )
    else if (constant.placeholder !== undefined)
      writeAnnotated(metadata, number, [
        [names.number(PLACEHOLDER_KEY), names.number(PLACEHOLDER_NAMES[constant.placeholder])],
      ])
    else writeEmptyMetadata(metadata)
    const bytes = metadata.finish()
    writeTag0(writer, bytes.length)
    writer.bytes(bytes)
  }
}

/** Constants left out, each with the name that exists nowhere, or with itself when the reason is another. */
function leftOutNames({ ungrounded }: EnvironmentData): [Name, Name][] {
  return ungrounded.map(({ name, missing }) => {
    const parsed = parseName(name)
    return [parsed, missing === undefined ? parsed : parseName(missing)]
  })
}

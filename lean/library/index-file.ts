import { createHash } from 'node:crypto'
import type { PartKind, PartRecord } from './module-record.js'
import { PART_KINDS } from './module-record.js'
import type { HeaderFacts } from './part-source.js'
import { SymbolIndex } from './symbol-index.js'

/** Bytes that a session may find again in a later one; losing them only costs time. */
export interface IndexStore {
  read(key: string): Uint8Array | undefined
  keep(key: string, bytes: Uint8Array): void
}

const FORMAT = 1

/** Size, time of change and inode of a part: what tells whether it is still the file that was indexed. */
type Facts = readonly [kind: PartKind, size: number, mtimeMs: number, ino: number]

interface IndexedModule {
  readonly name: string
  readonly parts: readonly Facts[]
  /** Position in the list of distinct headers. */
  readonly header: number
  /** Constants of the public part. */
  readonly count: number
  /** Constants of the last part; absent while there is no table of private symbols. */
  readonly lastCount?: number
}

/** What is known of a set of modules without opening them (lean-env.md 6.1, "Side index"). */
export interface LibraryIndex {
  readonly headers: readonly HeaderFacts[]
  readonly modules: readonly IndexedModule[]
  readonly missing: readonly string[]
  /** Constants of the public parts, by ordinal. */
  readonly constants: SymbolIndex
  /** Constants that only the last part of a chain holds, by ordinal in it. */
  readonly privates: SymbolIndex | undefined
  /** Names of the code generator, by module. */
  readonly auxiliary: SymbolIndex | undefined
}

/** Name of the index of a question: equal questions about equal paths find the same index. */
export function indexKey(question: {
  readonly paths: readonly string[]
  readonly roots: readonly string[]
  readonly allowMissing: boolean
}): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([FORMAT, question]))
    .digest('hex')
  return `library/${digest.slice(0, 40)}`
}

export const factsOfPart = ({ kind, size, mtimeMs, ino }: PartRecord): Facts => [kind, size, mtimeMs, ino]

export function sameParts(indexed: readonly Facts[], parts: readonly PartRecord[]): boolean {
  return JSON.stringify(indexed) === JSON.stringify(parts.map(factsOfPart))
}

const TABLES = ['constants', 'privates', 'auxiliary'] as const

/** Length of the head, the head as JSON padded to eight bytes, then the tables. */
export function encodeIndex(index: LibraryIndex): Uint8Array {
  const { headers, modules, missing } = index
  const sizes = TABLES.map(table => index[table]?.size ?? -1)
  const rows = modules.map(({ name, parts, header, count, lastCount }) => [
    name,
    parts.map(([kind, ...facts]) => [PART_KINDS.indexOf(kind), ...facts]),
    header,
    count,
    lastCount ?? -1,
  ])
  const head = JSON.stringify({ format: FORMAT, headers, rows, missing, sizes })
  const headBytes = Buffer.from(head + ' '.repeat((8 - ((Buffer.byteLength(head) + 8) % 8)) % 8))
  const length = Buffer.alloc(8)
  length.writeUInt32LE(headBytes.length)
  const tables = TABLES.map(table => index[table]?.pairs ?? new Uint32Array(0))
  return Buffer.concat([
    length,
    headBytes,
    ...tables.map(pairs => Buffer.from(pairs.buffer, pairs.byteOffset, pairs.byteLength)),
  ])
}

/** @returns undefined for bytes that are no index of this format */
export function decodeIndex(bytes: Uint8Array): LibraryIndex | undefined {
  try {
    // The tables need an alignment that the bytes of a file may lack.
    const aligned = new Uint8Array(bytes)
    const headLength = new DataView(aligned.buffer).getUint32(0, true)
    const head = JSON.parse(Buffer.from(aligned.subarray(8, 8 + headLength)).toString('utf8')) as {
      format: number
      headers: HeaderFacts[]
      rows: [string, [number, number, number, number][], number, number, number][]
      missing: string[]
      sizes: number[]
    }
    if (head.format !== FORMAT) return undefined
    let at = 8 + headLength
    const [constants, privates, auxiliary] = head.sizes.map(size => {
      if (size < 0) return undefined
      const pairs = new Uint32Array(aligned.buffer, at, 2 * size)
      at += 8 * size
      return new SymbolIndex(pairs)
    })
    if (constants === undefined || at !== aligned.length) return undefined
    const modules = head.rows.map(
      ([name, parts, header, count, lastCount]): IndexedModule => ({
        name,
        parts: parts.map(([kind, ...facts]): Facts => [PART_KINDS[kind]!, ...facts]),
        header,
        count,
        ...(lastCount < 0 ? {} : { lastCount }),
      }),
    )
    if (modules.some(({ header }) => head.headers[header] === undefined)) return undefined
    return { headers: head.headers, modules, missing: head.missing, constants, privates, auxiliary }
  } catch {
    return undefined
  }
}

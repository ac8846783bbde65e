/**
 * The file of a snapshot: named regions, each with its length and digest, found from a header with a digest of its own. The
 * digest of the header covers those of all regions, so it stands for the whole file; a region is read, and held against its
 * digest, when it is asked for.
 *
 *     magic            8 bytes, "IXSNAP" CR LF: a transfer as text shows
 *     format version   u32
 *     header length    u32, of the table of regions
 *     table            Tag0 count, then for each region its name (Tag0 length, UTF-8), Tag0 length, SHA-256
 *     digest           SHA-256 of everything before it
 *     regions          one after the other, ascending by name, to the end of the file
 */
import { createHash } from 'node:crypto'
import { readdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { writeFileAtomically } from '../../ixon/atomic-write.js'
import { type ByteSource, openFile } from '../../ixon/byte-source.js'
import { ByteReader, ByteWriter } from '../../ixon/bytes.js'
import { readTag0, writeTag0 } from '../../ixon/tags.js'
import { InputError } from '../../lean/input-error.js'
import { readList, readText, writeText } from './fields.js'

export const SNAPSHOT_FORMAT = 1

const MAGIC = Buffer.from('IXSNAP\r\n', 'latin1')
const FIXED = MAGIC.length + 4 + 4
const DIGEST_BYTES = 32
/** A name of one byte, a length, a digest. */
const LEAST_ENTRY = 2 + 1 + DIGEST_BYTES

/** Regions by name. */
export type Regions = ReadonlyMap<string, Uint8Array>

/** What a header says of a region. */
export interface RegionEntry {
  readonly length: number
  /** SHA-256, hexadecimal. */
  readonly digest: string
}

export const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()

/** The file by its only possible bytes: equal regions, equal files. */
export function encodeContainer(regions: Regions): { chunks: Uint8Array[]; id: string } {
  const names = [...regions.keys()].sort()
  const table = new ByteWriter()
  writeTag0(table, names.length)
  for (const name of names) {
    const bytes = regions.get(name)!
    writeText(table, name)
    writeTag0(table, bytes.length)
    table.bytes(sha256(bytes))
  }
  const fixed = Buffer.alloc(FIXED)
  MAGIC.copy(fixed)
  fixed.writeUInt32LE(SNAPSHOT_FORMAT, MAGIC.length)
  fixed.writeUInt32LE(table.length, MAGIC.length + 4)
  const header = Buffer.concat([fixed, table.finish()])
  const digest = sha256(header)
  return { chunks: [header, digest, ...names.map(name => regions.get(name)!)], id: digest.toString('hex') }
}

/**
 * Writes the file so that at any moment either the old one or the new one is there in full, and removes what saves that
 * were killed have left beside it.
 *
 * @returns bytes written
 * @throws InputError when the file cannot be written
 */
export function writeContainer(file: string, regions: Regions): number {
  const { chunks } = encodeContainer(regions)
  removeLeftovers(file)
  writeFileAtomically(file, chunks)
  return chunks.reduce((sum, chunk) => sum + chunk.length, 0)
}

/** Temporary files carry the number of the process that writes them; those of dead processes are of no use to anybody. */
export function removeLeftovers(file: string): void {
  let names: string[]
  try {
    names = readdirSync(dirname(file))
  } catch {
    return
  }
  for (const name of names) {
    if (!name.startsWith(`${basename(file)}.`)) continue
    const pid = /^\.(\d+)\.tmp$/.exec(name.slice(basename(file).length))?.[1]
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(dirname(file), name), { force: true })
  }
}

function isAlive(pid: number): boolean {
  // A leftover under this process's own number is that of an earlier process.
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

/** An open snapshot file. */
export class ContainerFile {
  /** Digest of the header: names the snapshot. */
  readonly id: string
  readonly entries: ReadonlyMap<string, RegionEntry>
  readonly #offsets = new Map<string, number>()
  /** Names of the regions read so far. */
  readonly read = new Set<string>()

  private constructor(private readonly source: ByteSource) {
    const { size, label } = source
    const fail = (reason: string, offset: number): never => {
      throw new InputError(reason, { file: label, offset })
    }
    const head = Buffer.from(source.read(0, Math.min(FIXED, size)))
    if (!head.subarray(0, MAGIC.length).equals(MAGIC.subarray(0, head.length)) || head.length === 0)
      fail('this is not a snapshot: bad magic bytes', 0)
    if (head.length < FIXED) fail('truncated snapshot: the header is missing', head.length)
    const version = head.readUInt32LE(MAGIC.length)
    if (version !== SNAPSHOT_FORMAT)
      fail(`snapshot format ${version}, this is a product for format ${SNAPSHOT_FORMAT}`, MAGIC.length)
    const length = head.readUInt32LE(MAGIC.length + 4)
    if (length > size - FIXED - DIGEST_BYTES)
      fail(`truncated snapshot: a table of ${length} bytes announced`, MAGIC.length + 4)
    const header = source.read(0, FIXED + length)
    const digest = sha256(header)
    if (!digest.equals(source.read(FIXED + length, DIGEST_BYTES)))
      fail('damaged snapshot: the header does not match its digest', FIXED + length)
    this.id = digest.toString('hex')
    const reader = new ByteReader(header.subarray(FIXED), { file: label, offset: FIXED })
    const entries = new Map<string, RegionEntry>()
    let offset = FIXED + length + DIGEST_BYTES
    let last = ''
    readList(reader, LEAST_ENTRY, 'regions', () => {
      const start = reader.position
      const name = readText(reader)
      if (name <= last) reader.fail('regions out of order', start)
      last = name
      const bytes = readTag0(reader)
      if (bytes > size - offset)
        reader.fail(
          `truncated snapshot: region ${name} needs ${bytes} bytes, ${size - offset} are left`,
          start,
        )
      const digest = Buffer.from(reader.bytes(DIGEST_BYTES)).toString('hex')
      entries.set(name, { length: bytes, digest })
      this.#offsets.set(name, offset)
      offset += bytes
    })
    reader.end('the table of regions')
    if (offset !== size) fail(`${size - offset} bytes after the last region`, offset)
    this.entries = entries
  }

  /** @throws InputError when the file cannot be read, is truncated, damaged, of another format, or no snapshot */
  static open(file: string): ContainerFile {
    const source = openFile(file)
    try {
      return new ContainerFile(source)
    } catch (error) {
      source.close()
      throw error
    }
  }

  get file(): string {
    return this.source.label
  }

  /** Bytes of the whole file. */
  get size(): number {
    return this.source.size
  }

  /** @throws InputError when it does not match its digest */
  region(name: string): Uint8Array {
    const entry = this.entries.get(name)
    const offset = this.#offsets.get(name)
    if (entry === undefined || offset === undefined)
      throw new InputError(`the snapshot has no region ${name}`, { file: this.file })
    const bytes = this.source.read(offset, entry.length)
    if (sha256(bytes).toString('hex') !== entry.digest)
      throw new InputError(`damaged snapshot: region ${name} does not match its digest`, {
        file: this.file,
        offset,
      })
    this.read.add(name)
    return bytes
  }

  /** Where a region starts in the file. */
  offset(name: string): number {
    return this.#offsets.get(name) ?? 0
  }

  close(): void {
    this.source.close()
  }
}

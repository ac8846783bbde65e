/**
 * Full and delta snapshots. A delta holds the regions that differ from those of an earlier snapshot, which it names by its
 * digest; that one may be a delta, too. What a chain stands for is pinned by a digest over all regions.
 */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { dirname, isAbsolute, relative, resolve } from 'node:path'
import { ByteReader, ByteWriter } from '../../ixon/bytes.js'
import { InputError } from '../../lean/input-error.js'
import { ContainerFile, type RegionEntry, type Regions, sha256, writeContainer } from './container.js'
import { readList, readText, writeList, writeText } from './fields.js'

/** Region of a delta that names its base. */
const BASE = 'base'

/** Files of a chain are all open at a time. */
const MOST_LINKS = 64

interface Base {
  readonly id: string
  /** Relative to the folder of the delta, or absolute. */
  readonly path: string
  /** Digest of all regions that base and delta make. */
  readonly state: string
  readonly removed: readonly string[]
}

/** The regions of a snapshot, wherever in its chain they lie. */
export class SnapshotChain {
  private constructor(
    /** From the file that was opened to the full snapshot. */
    readonly files: readonly ContainerFile[],
    private readonly holders: ReadonlyMap<string, ContainerFile>,
  ) {}

  /**
   * @throws InputError when a file of the chain is missing, damaged, not the one that was meant, or of another format
   */
  static open(file: string): SnapshotChain {
    const files: ContainerFile[] = []
    try {
      const holders = new Map<string, ContainerFile>()
      const removed = new Set<string>()
      let state: string | undefined
      for (let at: Base | undefined, path = file; ; path = resolve(dirname(path), at.path)) {
        if (at !== undefined && !existsSync(path))
          throw new InputError(`its base snapshot ${path} is missing`, { file })
        if (files.length === MOST_LINKS)
          throw new InputError(`a chain of more than ${MOST_LINKS} snapshots`, { file })
        const link = ContainerFile.open(path)
        files.push(link)
        if (at !== undefined && link.id !== at.id)
          throw new InputError(`its base snapshot ${path} is another than the one it was saved against`, {
            file,
          })
        for (const name of link.entries.keys())
          if (name !== BASE && !holders.has(name) && !removed.has(name)) holders.set(name, link)
        if (!link.entries.has(BASE)) break
        at = readBase(link)
        state ??= at.state
        for (const name of at.removed) if (!holders.has(name)) removed.add(name)
      }
      const chain = new SnapshotChain(files, holders)
      if (state !== undefined && stateOf(chain.entries()) !== state)
        throw new InputError('a delta that does not fit its base', { file })
      return chain
    } catch (error) {
      for (const link of files) link.close()
      throw error
    }
  }

  get file(): string {
    return this.files[0]!.file
  }

  /** Digest of the header of the file that was opened. */
  get id(): string {
    return this.files[0]!.id
  }

  names(): string[] {
    return [...this.holders.keys()].sort()
  }

  has(name: string): boolean {
    return this.holders.has(name)
  }

  /** A region, held against its digest. */
  region(name: string): Uint8Array {
    return (this.holders.get(name) ?? this.files[0]!).region(name)
  }

  /** A reader over a region, whose faults name file and offset. */
  reader(name: string): ByteReader {
    const holder = this.holders.get(name) ?? this.files[0]!
    return new ByteReader(holder.region(name), { file: holder.file, offset: holder.offset(name) })
  }

  entries(): Map<string, RegionEntry> {
    return new Map(this.names().map(name => [name, this.holders.get(name)!.entries.get(name)!]))
  }

  /** Names of the regions that were read so far. */
  get read(): string[] {
    return this.files.flatMap(file => [...file.read].filter(name => name !== BASE)).sort()
  }

  close(): void {
    for (const file of this.files) file.close()
  }
}

/** Saves regions in full, or as what differs from the snapshot in `base`. Returns the number of bytes written. */
export function saveChain(file: string, regions: Regions, base?: SnapshotChain): number {
  if (base === undefined) return writeContainer(file, regions)
  const known = base.entries()
  const changed = new Map<string, Uint8Array>()
  for (const [name, bytes] of regions)
    if (known.get(name)?.digest !== sha256(bytes).toString('hex')) changed.set(name, bytes)
  const removed = [...known.keys()].filter(name => !regions.has(name))
  const writer = new ByteWriter()
  writeText(writer, base.id)
  const path = relative(dirname(resolve(file)), resolve(base.file))
  writeText(writer, isAbsolute(path) ? resolve(base.file) : path)
  writeText(writer, stateOf(entriesOf(regions)))
  writeList(writer, removed, name => writeText(writer, name))
  changed.set(BASE, writer.finish())
  return writeContainer(file, changed)
}

function entriesOf(regions: Regions): Map<string, RegionEntry> {
  return new Map(
    [...regions].map(([name, bytes]) => [
      name,
      { length: bytes.length, digest: sha256(bytes).toString('hex') },
    ]),
  )
}

function stateOf(entries: ReadonlyMap<string, RegionEntry>): string {
  const hash = createHash('sha256')
  for (const name of [...entries.keys()].sort()) hash.update(`${name}\n${entries.get(name)!.digest}\n`)
  return hash.digest('hex')
}

function readBase(file: ContainerFile): Base {
  const reader = new ByteReader(file.region(BASE), { file: file.file, offset: file.offset(BASE) })
  const base = {
    id: readText(reader),
    path: readText(reader),
    state: readText(reader),
    removed: readList(reader, 1, 'removed regions', () => readText(reader)),
  }
  reader.end('the reference to the base')
  return base
}

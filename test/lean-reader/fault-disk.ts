import { DISK, type FileSystem } from '../../lean/olean/file-system.js'

export interface DiskCounts {
  stats: number
  opens: number
  reads: number
  /** Most files open at a time. */
  mostOpen: number
  /** Paths in the order in which they were opened. */
  opened: string[]
}

export interface Faults {
  /** Bytes that the n-th read (from 1) returns at most. */
  readonly chunk?: (read: number) => number
  /** Error code that the n-th read ends in, if any. */
  readonly fail?: (read: number) => string | undefined
  /** Whether a path is there. */
  readonly exists?: (path: string) => boolean
}

/** The disk with faults put before it; counts what is asked of it. */
export function faultyDisk(faults: Faults = {}): { disk: FileSystem; counts: DiskCounts } {
  const counts: DiskCounts = { stats: 0, opens: 0, reads: 0, mostOpen: 0, opened: [] }
  let open = 0
  const { chunk = () => Number.POSITIVE_INFINITY, fail = () => undefined, exists = () => true } = faults
  const errorOf = (code: string): Error => Object.assign(new Error(`${code}: injected`), { code })
  const before = (length: number): number => {
    counts.reads++
    const code = fail(counts.reads)
    if (code !== undefined) throw errorOf(code)
    return Math.min(length, chunk(counts.reads))
  }
  const disk: FileSystem = {
    stat(path) {
      counts.stats++
      return exists(path) ? DISK.stat(path) : undefined
    },
    open(path) {
      if (!exists(path)) throw errorOf('ENOENT')
      const descriptor = DISK.open(path)
      counts.opens++
      counts.opened.push(path)
      counts.mostOpen = Math.max(counts.mostOpen, ++open)
      return descriptor
    },
    statOpen: descriptor => DISK.statOpen(descriptor),
    read: (descriptor, target, offset, length, position) =>
      DISK.read(descriptor, target, offset, before(length), position),
    async readAsync(descriptor, target, offset, length, position) {
      return DISK.readAsync(descriptor, target, offset, before(length), position)
    },
    close(descriptor) {
      open--
      DISK.close(descriptor)
    },
  }
  return { disk, counts }
}

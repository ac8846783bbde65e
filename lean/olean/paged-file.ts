import { InputError } from '../input-error.js'
import {
  DISK,
  type FileFacts,
  type FileSystem,
  readFully,
  readFullyAsync,
  uninterrupted,
} from './file-system.js'
import { OutOfMemory, ReaderError } from './reader-error.js'

const PAGE_BITS = 13
const PAGE = 1 << PAGE_BITS
/** Positions inside a module must be small integers. */
const MAX_FILE = 0x7fff0000

interface Page {
  readonly file: PagedFile
  readonly index: number
  readonly bytes: Buffer
  readonly view: DataView
  used: boolean
}

export interface PageCacheOptions {
  /** Bytes of pages that stay in memory (default 32 MiB). */
  readonly maxBytes?: number
  /** Files that stay open (default 32). */
  readonly maxOpen?: number
  readonly files?: FileSystem
  /** Bytes of files in memory, whole files that are being indexed included, beyond which reading ends in an error. */
  readonly memoryLimit?: number
  /** What provides memory; throws a RangeError when there is none. */
  readonly allocate?: (bytes: number) => Buffer
}

/**
 * Files read in pages of 8 KiB. At most `maxBytes` of pages stay in memory and at most `maxOpen` files stay open, however
 * many files are in use. The bytes of files are never written to.
 */
export class PageCache {
  /** Bytes read from disk so far, pages that were read again included. */
  bytesRead = 0
  /** Files opened so far, those that were opened again included. */
  opens = 0
  /** Bytes of files in memory now, and at most so far. */
  held = 0
  peakHeld = 0
  readonly disk: FileSystem
  readonly #maxBytes: number
  readonly #maxOpen: number
  readonly #memoryLimit: number
  readonly #allocate: (bytes: number) => Buffer
  /** By path: every view of a file shares its pages. */
  readonly #files = new Map<string, PagedFile>()
  /** The pages in memory that may be dropped, in a ring that the clock hand walks over. */
  readonly #ring: Page[] = []
  #ringBytes = 0
  #hand = 0
  /** Open files, least recently opened first. */
  readonly #open = new Set<PagedFile>()
  #closed = false

  constructor(options: PageCacheOptions = {}) {
    this.#maxBytes = Math.max(4 * PAGE, options.maxBytes ?? 32 << 20)
    this.#maxOpen = Math.max(1, options.maxOpen ?? 32)
    this.#memoryLimit = options.memoryLimit ?? Number.POSITIVE_INFINITY
    this.#allocate = options.allocate ?? Buffer.allocUnsafeSlow
    this.disk = options.files ?? DISK
  }

  get closed(): boolean {
    return this.#closed
  }

  /** The file at a path, opened at its first use. @param module whose part it is, for messages */
  file(path: string, module: string): PagedFile {
    let file = this.#files.get(path)
    if (file === undefined) {
      file = new PagedFile(this, path, module)
      this.#files.set(path, file)
    }
    return file
  }

  load(file: PagedFile, index: number): Page {
    const start = index * PAGE
    const bytes = this.allocate(file, Math.min(PAGE, file.size - start))
    let read = 0
    try {
      read = file.guard(() => readFully(this.disk, file.descriptor(), bytes, start))
      if (read < bytes.length) file.becameShorter()
    } catch (error) {
      this.held -= bytes.length
      throw error
    }
    this.bytesRead += read
    const page = pageOf(file, index, bytes)
    this.#ring.push(page)
    this.#ringBytes += bytes.length
    return page
  }

  /** @throws OutOfMemory */
  allocate(file: PagedFile, bytes: number): Buffer {
    this.requireOpen(file)
    while (this.#ring.length > 0 && this.#ringBytes + bytes > this.#maxBytes) this.#drop()
    while (this.#ring.length > 0 && this.held + bytes > this.#memoryLimit) this.#drop()
    if (this.held + bytes > this.#memoryLimit) throw new OutOfMemory(file.module, bytes, this.held, file.path)
    let buffer: Buffer
    try {
      buffer = this.#allocate(bytes)
    } catch (error) {
      if (error instanceof RangeError) throw new OutOfMemory(file.module, bytes, this.held, file.path)
      throw error
    }
    this.held += bytes
    this.peakHeld = Math.max(this.peakHeld, this.held)
    return buffer
  }

  release(bytes: number): void {
    this.held -= bytes
  }

  requireOpen(file: PagedFile): void {
    if (this.#closed) throw new ReaderError('closed-region', 'used after it was closed', { file: file.path })
  }

  /** Drops the page that was not used for longest, roughly. */
  #drop(): void {
    for (;;) {
      if (this.#hand >= this.#ring.length) this.#hand = 0
      const page = this.#ring[this.#hand]!
      if (page.used) {
        page.used = false
        this.#hand++
        continue
      }
      page.file.forget(page)
      const last = this.#ring.pop()!
      if (last !== page) this.#ring[this.#hand] = last
      this.#ringBytes -= page.bytes.length
      this.held -= page.bytes.length
      return
    }
  }

  opened(file: PagedFile): void {
    this.opens++
    this.#open.add(file)
    if (this.#open.size <= this.#maxOpen) return
    for (const oldest of this.#open) {
      if (oldest === file || oldest.busy) continue
      oldest.closeDescriptor()
      return
    }
  }

  closedDescriptor(file: PagedFile): void {
    this.#open.delete(file)
  }

  /** Makes all files unreachable, then closes them; later reads end in `closed-region`. May be called again. */
  close(): void {
    this.#closed = true
    for (const file of this.#files.values()) file.forgetAll()
    this.#files.clear()
    this.#ring.length = 0
    this.#ringBytes = 0
    this.held = 0
    for (const file of this.#open) if (!file.busy) file.closeDescriptor()
  }
}

function pageOf(file: PagedFile, index: number, bytes: Buffer): Page {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  return { file, index, bytes, view, used: true }
}

/** A file of at most 2 GiB; every read outside it ends in an {@link InputError}. */
export class PagedFile {
  readonly size: number
  /** As the file was when it was opened first. */
  readonly mtimeMs: number
  readonly ino: number
  /** Whether a read is under way, which needs the descriptor. */
  busy = false
  #pages: (Page | undefined)[] = []
  #descriptor: number | undefined
  #lastIndex = -1
  #last: Page | undefined

  constructor(
    readonly cache: PageCache,
    readonly path: string,
    /** Whose part it is. */
    readonly module: string,
  ) {
    cache.requireOpen(this)
    const { size, mtimeMs, ino } = this.#openDescriptor()
    if (size > MAX_FILE) {
      this.closeDescriptor()
      throw new InputError('files of 2 GiB and more are not supported', { file: path })
    }
    this.size = size
    this.mtimeMs = mtimeMs
    this.ino = ino
  }

  u8(offset: number): number {
    if (offset >= this.size) this.truncated(offset)
    return this.#page(offset >>> PAGE_BITS).bytes[offset & (PAGE - 1)]!
  }

  /** A little-endian word; `offset` must be a multiple of 4. */
  u32(offset: number): number {
    if (offset + 4 > this.size) this.truncated(offset)
    return this.#page(offset >>> PAGE_BITS).view.getUint32(offset & (PAGE - 1), true)
  }

  /** A copy, or a view of a page: not to be kept. The caller has compared the length with the size of the file. */
  bytes(offset: number, length: number): Buffer {
    if (offset + length > this.size) this.truncated(offset)
    const first = offset >>> PAGE_BITS
    const within = offset & (PAGE - 1)
    if (within + length <= PAGE) return this.#page(first).bytes.subarray(within, within + length)
    const result = Buffer.allocUnsafeSlow(length)
    for (let done = 0; done < length; ) {
      const at = offset + done
      const page = this.#page(at >>> PAGE_BITS).bytes
      done += page.copy(
        result,
        done,
        at & (PAGE - 1),
        Math.min(page.length, (at & (PAGE - 1)) + length - done),
      )
    }
    return result
  }

  truncated(offset: number): never {
    throw new InputError(`the file ends early (${this.size} bytes)`, { file: this.path, offset })
  }

  becameShorter(): never {
    throw new InputError('the file became shorter while it was read', { file: this.path })
  }

  /**
   * Reads the whole file at once, for a reader that is about to visit most of it, and closes it.
   *
   * @returns ends that: pages are read on demand again
   */
  async readWhole(): Promise<() => void> {
    const bytes = this.cache.allocate(this, this.size)
    const release = (): void => {
      if (this.cache.closed) return
      this.cache.release(bytes.length)
      for (const page of whole) this.forget(page)
    }
    const whole: Page[] = []
    try {
      const descriptor = this.descriptor()
      // A descriptor that is closed under a pending read may already be another file's.
      this.busy = true
      const read = await readFullyAsync(this.cache.disk, descriptor, bytes, 0)
      this.busy = false
      if (read < bytes.length) this.becameShorter()
      this.cache.requireOpen(this)
    } catch (error) {
      this.busy = false
      release()
      throw this.#readError(error)
    }
    this.closeDescriptor()
    this.cache.bytesRead += bytes.length
    for (let index = 0; index * PAGE < bytes.length; index++) {
      const page = pageOf(this, index, bytes.subarray(index * PAGE, (index + 1) * PAGE))
      whole.push(page)
      this.#pages[index] = page
    }
    return release
  }

  #page(index: number): Page {
    if (index === this.#lastIndex) return this.#last!
    let page = this.#pages[index]
    if (page === undefined) {
      page = this.cache.load(this, index)
      this.#pages[index] = page
    }
    page.used = true
    this.#lastIndex = index
    this.#last = page
    return page
  }

  forget(page: Page): void {
    if (this.#pages[page.index] === page) this.#pages[page.index] = undefined
    if (this.#last === page) {
      this.#lastIndex = -1
      this.#last = undefined
    }
  }

  forgetAll(): void {
    this.#pages = []
    this.#lastIndex = -1
    this.#last = undefined
  }

  /** @throws InputError when the file was another one when those facts were noted */
  requireSame({ size, mtimeMs, ino }: Pick<FileFacts, 'size' | 'mtimeMs' | 'ino'>): void {
    if (size !== this.size || mtimeMs !== this.mtimeMs || ino !== this.ino)
      throw new InputError('the file changed while it was in use', { file: this.path })
  }

  descriptor(): number {
    if (this.#descriptor === undefined) {
      this.requireSame(this.#openDescriptor())
    }
    return this.#descriptor!
  }

  closeDescriptor(): void {
    if (this.busy) return
    if (this.#descriptor !== undefined) this.cache.disk.close(this.#descriptor)
    this.#descriptor = undefined
    this.cache.closedDescriptor(this)
  }

  #openDescriptor(): FileFacts {
    return this.guard(() => {
      const { disk } = this.cache
      this.#descriptor = uninterrupted(() => disk.open(this.path))
      const facts = uninterrupted(() => disk.statOpen(this.#descriptor!))
      if (facts.kind !== 'file') throw new Error('not a regular file')
      this.cache.opened(this)
      return facts
    })
  }

  /** Turns what the operating system reports into an {@link InputError}. */
  guard<T>(action: () => T): T {
    try {
      return action()
    } catch (error) {
      throw this.#readError(error)
    }
  }

  #readError(error: unknown): InputError {
    this.closeDescriptor()
    if (error instanceof InputError) return error
    const reason = `cannot read: ${(error as Error).message}`
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      return new ReaderError('vanished', reason, { file: this.path })
    return new InputError(reason, { file: this.path })
  }
}

import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { InputError } from '../input-error.js'

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

/**
 * Files read in pages of 8 KiB. At most `maxBytes` of pages stay in memory and at most `maxOpen` files stay open, however
 * many files are in use.
 */
export class PageCache {
  /** Bytes read from disk so far, pages that were read again included. */
  bytesRead = 0
  readonly #maxPages: number
  readonly #maxOpen: number
  /** The pages in memory, in a ring that the clock hand walks over. */
  readonly #ring: Page[] = []
  #hand = 0
  /** Open files, least recently opened first. */
  readonly #open = new Set<PagedFile>()

  constructor(options: { readonly maxBytes?: number; readonly maxOpen?: number } = {}) {
    this.#maxPages = Math.max(4, Math.floor((options.maxBytes ?? 32 << 20) / PAGE))
    this.#maxOpen = Math.max(1, options.maxOpen ?? 32)
  }

  load(file: PagedFile, index: number): Page {
    const start = index * PAGE
    const length = Math.min(PAGE, file.size - start)
    const bytes = Buffer.allocUnsafeSlow(length)
    const descriptor = file.descriptor()
    let done = 0
    while (done < length) {
      const count = file.guard(() => readSync(descriptor, bytes, done, length - done, start + done))
      if (count === 0) throw new InputError('the file became shorter while it was read', { file: file.path })
      done += count
    }
    this.bytesRead += length
    const page: Page = {
      file,
      index,
      bytes,
      view: new DataView(bytes.buffer, bytes.byteOffset, length),
      used: true,
    }
    if (this.#ring.length < this.#maxPages) this.#ring.push(page)
    else this.#replace(page)
    return page
  }

  #replace(page: Page): void {
    for (;;) {
      const old = this.#ring[this.#hand]!
      if (!old.used) {
        old.file.forget(old.index)
        this.#ring[this.#hand] = page
        this.#hand = (this.#hand + 1) % this.#maxPages
        return
      }
      old.used = false
      this.#hand = (this.#hand + 1) % this.#maxPages
    }
  }

  opened(file: PagedFile): void {
    this.#open.add(file)
    if (this.#open.size > this.#maxOpen) {
      const [oldest] = this.#open
      this.#open.delete(oldest!)
      oldest!.closeDescriptor()
    }
  }

  close(): void {
    for (const file of this.#open) file.closeDescriptor()
    this.#open.clear()
  }
}

/** A file of at most 2 GiB; every read outside it ends in an {@link InputError}. */
export class PagedFile {
  readonly size: number
  readonly #modified: number
  readonly #pages: (Page | undefined)[] = []
  #descriptor: number | undefined
  #lastIndex = -1
  #last: Page | undefined

  constructor(
    readonly cache: PageCache,
    readonly path: string,
  ) {
    const { size, modified } = this.#openDescriptor()
    if (size > MAX_FILE) throw new InputError('files of 2 GiB and more are not supported', { file: path })
    this.size = size
    this.#modified = modified
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

  forget(index: number): void {
    this.#pages[index] = undefined
    if (this.#lastIndex === index) {
      this.#lastIndex = -1
      this.#last = undefined
    }
  }

  descriptor(): number {
    if (this.#descriptor === undefined) {
      const { size, modified } = this.#openDescriptor()
      if (size !== this.size || modified !== this.#modified) {
        throw new InputError('the file changed while it was in use', { file: this.path })
      }
    }
    return this.#descriptor!
  }

  closeDescriptor(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor)
    this.#descriptor = undefined
  }

  #openDescriptor(): { size: number; modified: number } {
    return this.guard(() => {
      this.#descriptor = openSync(this.path, 'r')
      const stat = fstatSync(this.#descriptor)
      if (!stat.isFile()) throw new Error('not a regular file')
      this.cache.opened(this)
      return { size: stat.size, modified: stat.mtimeMs }
    })
  }

  /** Turns what the operating system reports into an {@link InputError}. */
  guard<T>(action: () => T): T {
    try {
      return action()
    } catch (error) {
      this.closeDescriptor()
      throw new InputError(`cannot read: ${(error as Error).message}`, { file: this.path })
    }
  }
}

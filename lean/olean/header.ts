import { InputError } from '../input-error.js'
import type { PagedFile } from './paged-file.js'
import { ReaderError } from './reader-error.js'

/** The fixed header of a module file (lean-env.md 1.2). */
export interface Header {
  /** 2: a part of a module; 3: saved state, which may hold closures (lean-env.md 1.11). */
  readonly version: 2 | 3
  /** Bytes of a machine word of the producer. */
  readonly wordBytes: 4 | 8
  /** Whether big integers use GMP's layout rather than Lean's own. */
  readonly gmp: boolean
  readonly leanVersion: string
  readonly gitHash: string
  /** The address at which byte 0 of the file expects to live. */
  readonly base: number
  /** Offset of the root word, the first of the data. */
  readonly rootOffset: number
  /** Offset behind the data: the end of the file, or the closure table of saved state. */
  readonly dataEnd: number
}

/** Which containers a reader takes. */
export type Accepted = 'module' | 'savedState'

const MAX_BASE = 2 ** 47

/**
 * @param first the header of the module's first part, whose word size the later parts share
 * @throws InputError for anything but a container of version 2, and of version 3 where saved state is accepted
 */
export function readHeader(file: PagedFile, first?: Header, accepted: Accepted = 'module'): Header {
  const fail = (reason: string, offset = 0): never => {
    throw new InputError(reason, { file: file.path, offset })
  }
  const badVersion = (which: string): never => {
    throw new ReaderError('bad-version', `container version ${which} is not supported`, {
      file: file.path,
      offset: 5,
    })
  }
  if (file.size < 6 || file.bytes(0, 5).toString('latin1') !== 'olean') fail('not an olean file')
  const version = file.u8(5)
  if (version === 1) badVersion('1 (Lean before 4.14)')
  if (version === 3 && accepted !== 'savedState') badVersion('3 (saved state with closures)')
  if (version !== 2 && version !== 3) return badVersion(String(version))
  if (file.size < 92) file.truncated(file.size)
  const flags = file.u8(6)
  if (flags > 1) fail(`unsupported flags ${flags.toString(2)}`, 6)
  const { wordBytes, base } =
    first === undefined
      ? detectWord(file, version)
      : { wordBytes: first.wordBytes, base: baseOf(file, first.wordBytes) }
  if (base % 0x10000 !== 0 || base >= MAX_BASE) fail('the base address is not one', 80)
  const rootOffset = rootOffsetOf(wordBytes, version)
  const header: Header = {
    version,
    wordBytes,
    gmp: flags === 1,
    leanVersion: padded(file, 7, 33),
    gitHash: padded(file, 40, 40),
    base,
    rootOffset,
    dataEnd: version === 2 ? file.size : rootOffset + wordAt(file, 80 + wordBytes, wordBytes),
  }
  if (header.dataEnd > file.size || header.dataEnd % 4 !== 0)
    fail(
      `${header.dataEnd - rootOffset} bytes of data announced, ${file.size - rootOffset} left`,
      80 + wordBytes,
    )
  if (first !== undefined && (header.gmp !== first.gmp || header.gitHash !== first.gitHash)) {
    fail('the parts of this module come from different versions of Lean')
  }
  return header
}

/** Nothing in the file says how wide its words are, but only one width gives a base and a root that make sense. */
function detectWord(file: PagedFile, version: 2 | 3): { wordBytes: 4 | 8; base: number } {
  const widths = ([8, 4] as const).filter(wordBytes => {
    const base = baseOf(file, wordBytes)
    const rootOffset = rootOffsetOf(wordBytes, version)
    if (rootOffset + wordBytes > file.size) return false
    const root = wordAt(file, rootOffset, wordBytes)
    return base % 0x10000 === 0 && base < MAX_BASE && root >= base + rootOffset && root < base + file.size
  })
  if (widths.length !== 1) {
    const reason =
      widths.length === 0
        ? `the root lies outside the file (${file.size} bytes): truncated, or its header is damaged`
        : 'cannot tell 32-bit from 64-bit: damaged header'
    throw new InputError(reason, { file: file.path, offset: 80 })
  }
  return { wordBytes: widths[0]!, base: baseOf(file, widths[0]!) }
}

/** Saved state has the size of its data before the root. */
function rootOffsetOf(wordBytes: 4 | 8, version: 2 | 3): number {
  return 80 + (version === 2 ? 1 : 2) * wordBytes
}

function baseOf(file: PagedFile, wordBytes: 4 | 8): number {
  return wordAt(file, 80, wordBytes)
}

function wordAt(file: PagedFile, offset: number, wordBytes: 4 | 8): number {
  const low = file.u32(offset)
  return wordBytes === 4 ? low : low + file.u32(offset + 4) * 2 ** 32
}

function padded(file: PagedFile, offset: number, length: number): string {
  const text = file.bytes(offset, length).toString('latin1')
  const end = text.indexOf('\0')
  return (end === -1 ? text : text.slice(0, end)).replace(/[^ -~]/g, '?')
}

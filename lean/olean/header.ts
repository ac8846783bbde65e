import { InputError } from '../input-error.js'
import type { PagedFile } from './paged-file.js'

/** The fixed header of a module file (lean-env.md 1.2). */
export interface Header {
  /** Bytes of a machine word of the producer. */
  readonly wordBytes: 4 | 8
  /** Whether big integers use GMP's layout rather than Lean's own. */
  readonly gmp: boolean
  readonly leanVersion: string
  readonly gitHash: string
  /** The address at which byte 0 of the file expects to live. */
  readonly base: number
  /** Offset of the root word, the first after the header. */
  readonly rootOffset: number
}

const MAX_BASE = 2 ** 47

/**
 * @param first the header of the module's first part, whose word size the later parts share
 * @throws InputError for anything but a container of version 2
 */
export function readHeader(file: PagedFile, first?: Header): Header {
  const fail = (reason: string, offset = 0): never => {
    throw new InputError(reason, { file: file.path, offset })
  }
  if (file.size < 6 || file.bytes(0, 5).toString('latin1') !== 'olean') fail('not an olean file')
  const version = file.u8(5)
  if (version === 1) fail('container version 1 (Lean before 4.14) is not supported', 5)
  if (version === 3) fail('container version 3 (saved state with closures) is not supported', 5)
  if (version !== 2) fail(`container version ${version} is not supported`, 5)
  if (file.size < 92) file.truncated(file.size)
  const flags = file.u8(6)
  if (flags > 1) fail(`unsupported flags ${flags.toString(2)}`, 6)
  const { wordBytes, base } =
    first === undefined
      ? detectWord(file)
      : { wordBytes: first.wordBytes, base: baseOf(file, first.wordBytes) }
  if (base % 0x10000 !== 0 || base >= MAX_BASE) fail('the base address is not one', 80)
  const header: Header = {
    wordBytes,
    gmp: flags === 1,
    leanVersion: padded(file, 7, 33),
    gitHash: padded(file, 40, 40),
    base,
    rootOffset: 80 + wordBytes,
  }
  if (first !== undefined && (header.gmp !== first.gmp || header.gitHash !== first.gitHash)) {
    fail('the parts of this module come from different versions of Lean')
  }
  return header
}

/** Nothing in the file says how wide its words are, but only one width gives a base and a root that make sense. */
function detectWord(file: PagedFile): { wordBytes: 4 | 8; base: number } {
  const widths = ([8, 4] as const).filter(wordBytes => {
    const base = baseOf(file, wordBytes)
    const root = wordAt(file, 80 + wordBytes, wordBytes)
    return base % 0x10000 === 0 && base < MAX_BASE && root >= base + 80 + wordBytes && root < base + file.size
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

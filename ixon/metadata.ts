/**
 * What we write into, and read from, the metadata of named constants (ixon.md 5.5): the kind of placeholders and the
 * list of constants that were left out, both as Lean metadata (`mdata`) on the type of an axiom. See docs/ixe-format.md.
 */
import type { Name } from '../lean/declaration.js'
import { ANONYMOUS } from '../lean/name.js'
import type { ByteReader, ByteWriter } from './bytes.js'
import type { PlaceholderKind } from './environment-data.js'
import { readTag0, writeTag0 } from './tags.js'

const str = (prefix: Name, part: string): Name => ({ kind: 'str', prefix, part })

/** Key of the metadata entry that says what an axiom stands for. */
export const PLACEHOLDER_KEY: Name = str(str(ANONYMOUS, 'Ix'), 'placeholder')
/** Name whose metadata lists the constants that were left out. It is not the name of a constant. */
export const UNGROUNDED_NAME: Name = str(str(ANONYMOUS, 'Ix'), 'ungrounded')
export const PLACEHOLDER_NAMES: Readonly<Record<PlaceholderKind, Name>> = {
  theorem: str(ANONYMOUS, 'theorem'),
  definition: str(ANONYMOUS, 'definition'),
  opaque: str(ANONYMOUS, 'opaque'),
}

const INFO_AXIOM = 1
const INFO_EMPTY = 255
const NODE = { leaf: 0, app: 1, binder: 2, let: 6, ref: 7, prj: 8, mdata: 9 } as const
const VALUE_NAME = 2

/** Metadata entries as pairs of name numbers. */
export type NamePairs = readonly (readonly [key: number, value: number])[]

export function writeEmptyMetadata(writer: ByteWriter): void {
  writer.byte(INFO_EMPTY)
  writeEnd(writer)
}

/** An axiom whose type carries `entries`: arena [leaf, mdata], the type's root being the second node. */
export function writeAnnotated(writer: ByteWriter, name: number, entries: NamePairs): void {
  writer.byte(INFO_AXIOM)
  writeTag0(writer, name)
  writeTag0(writer, 0) // level parameter names
  writeTag0(writer, 2)
  writer.byte(NODE.leaf)
  writer.byte(NODE.mdata)
  writeTag0(writer, 1)
  writeTag0(writer, entries.length)
  for (const [key, value] of entries) {
    writeTag0(writer, key)
    writer.byte(VALUE_NAME)
    writeTag0(writer, value)
  }
  writeTag0(writer, 0)
  writeTag0(writer, 1)
  writeEnd(writer)
}

/** Four empty tables and no original. */
function writeEnd(writer: ByteWriter): void {
  for (let i = 0; i < 5; i++) writer.byte(0)
}

/**
 * Name-valued metadata entries on the type of an axiom; empty for other constants, and for arenas that hold more than
 * the nodes of a Lean term.
 */
export function readAnnotations(reader: ByteReader): NamePairs {
  if (reader.byte() !== INFO_AXIOM) return []
  readTag0(reader)
  for (let left = readTag0(reader); left > 0; left--) readTag0(reader)
  const count = reader.count(readTag0(reader), 1, 'metadata nodes')
  let last: NamePairs = []
  for (let node = 0; node < count; node++) {
    const tag = reader.byte()
    last = []
    if (tag === NODE.mdata) {
      const pairs = readMaps(reader)
      if (pairs === undefined) return []
      last = pairs
      readTag0(reader)
      continue
    }
    const operands = nodeOperands(tag)
    if (operands === undefined) return []
    for (let left = operands; left > 0; left--) readTag0(reader)
  }
  return readTag0(reader) === count - 1 ? last : []
}

function nodeOperands(tag: number): number | undefined {
  if (tag === NODE.leaf) return 0
  if (tag === NODE.ref) return 1
  if (tag === NODE.app || tag === NODE.prj) return 2
  if (tag >= NODE.binder && tag < NODE.let) return 3
  return tag === NODE.let ? 4 : undefined
}

/** `undefined` when a value has a kind that we do not read. */
function readMaps(reader: ByteReader): [number, number][] | undefined {
  const pairs: [number, number][] = []
  for (let maps = reader.count(readTag0(reader), 1, 'metadata maps'); maps > 0; maps--)
    for (let entries = reader.count(readTag0(reader), 3, 'metadata entries'); entries > 0; entries--) {
      const key = readTag0(reader)
      const kind = reader.byte()
      if (kind === VALUE_NAME) pairs.push([key, readTag0(reader)])
      else if (kind === 1) reader.byte()
      else if (kind <= 5) reader.address()
      else return undefined
    }
  return pairs
}

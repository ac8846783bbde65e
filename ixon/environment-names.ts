/** Sections 4 to 6 of an `.ixe` file: names, what they name, and the end (ixon.md 5.1). */
import type { Name } from '../lean/declaration.js'
import { displayName, NameTable } from '../lean/name.js'
import type { ByteSource } from './byte-source.js'
import { ByteReader } from './bytes.js'
import type { PlaceholderKind, Ungrounded } from './environment-data.js'
import { PLACEHOLDER_KEY, PLACEHOLDER_NAMES, readAnnotations, UNGROUNDED_NAME } from './metadata.js'
import { readNames } from './name-table.js'
import { readTag0 } from './tags.js'

export interface NamedIndex {
  /** Displayed name -> rank of the constant. */
  readonly ranks: Map<string, number>
  readonly byRank: Map<number, string[]>
  readonly placeholders: Map<string, PlaceholderKind>
  readonly ungrounded: Ungrounded[]
}

const KINDS = new Map(
  (Object.keys(PLACEHOLDER_NAMES) as PlaceholderKind[]).map(kind => [
    displayName(PLACEHOLDER_NAMES[kind]),
    kind,
  ]),
)

export function readNamed(source: ByteSource, offset: number, constants: number): NamedIndex {
  const reader: ByteReader = new ByteReader(source.read(offset, source.size - offset), {
    file: source.label,
    offset,
  })
  const names = readNames(reader, new NameTable())
  const nameAt = (number: number): Name => names[number] ?? reader.fail(`name ${number} of ${names.length}`)
  const index: NamedIndex = { ranks: new Map(), byRank: new Map(), placeholders: new Map(), ungrounded: [] }
  for (let left = reader.count(readTag0(reader), 4, 'named constants'); left > 0; left--) {
    const start = reader.position
    const text = displayName(nameAt(readTag0(reader)))
    const rank = readTag0(reader)
    if (rank >= constants) reader.fail(`constant ${rank} of ${constants}`, start)
    readTag0(reader) // the hint of this name; the merged one of the address is in section 3
    const length = readTag0(reader)
    const metadata = new ByteReader(reader.bytes(length), {
      file: source.label,
      offset: offset + reader.position - length,
    })
    const pairs = readAnnotations(metadata)
    if (text === displayName(UNGROUNDED_NAME)) {
      for (const [name, missing] of pairs) index.ungrounded.push(leftOut(nameAt(name), nameAt(missing)))
      continue
    }
    if (index.ranks.has(text)) reader.fail(`${text} is named twice`, start)
    index.ranks.set(text, rank)
    const others = index.byRank.get(rank)
    if (others === undefined) index.byRank.set(rank, [text])
    else others.push(text)
    for (const [key, value] of pairs) {
      if (displayName(nameAt(key)) !== displayName(PLACEHOLDER_KEY)) continue
      const kind = KINDS.get(displayName(nameAt(value)))
      if (kind === undefined) reader.fail('an unknown kind of placeholder', start)
      index.placeholders.set(text, kind)
    }
  }
  for (let left = reader.count(readTag0(reader), 96, 'commitments'); left > 0; left--) reader.bytes(96)
  reader.end('the environment')
  return index
}

function leftOut(name: Name, missing: Name): Ungrounded {
  const own = displayName(name)
  const cause = displayName(missing)
  return own === cause
    ? { name: own, missing: undefined, reason: 'it has no Ixon form' }
    : { name: own, missing: cause, reason: `it needs ${cause}, which exists nowhere` }
}

/** What a snapshot was made from, as plain data, and whether it is still there. */
import { resolve } from 'node:path'
import type { ByteReader, ByteWriter } from '../../ixon/bytes.js'
import { readTag0, writeTag0 } from '../../ixon/tags.js'
import { InputError } from '../../lean/input-error.js'
import {
  digestedPart,
  type ModuleRecord,
  PART_KINDS,
  type PartRecord,
  partRecord,
} from '../../lean/library/module-record.js'
import {
  readChoice,
  readList,
  readReal,
  readText,
  writeChoice,
  writeList,
  writeReal,
  writeText,
} from './fields.js'

/** Files of a Lean module, or one file that is a module of its own. */
export const DEPENDENCY_KINDS = [...PART_KINDS, 'ixe', 'ixes', 'ndjson'] as const
export type DependencyKind = (typeof DEPENDENCY_KINDS)[number]

/** A file: what tells whether it is still the one that was read. */
export interface DependencyPart extends Omit<PartRecord, 'kind'> {
  readonly kind: DependencyKind
}

/** A module with its files; those that were never opened are dependencies, too. */
export interface Dependency extends Partial<Omit<ModuleRecord, 'name' | 'parts'>> {
  readonly name: string
  readonly parts: readonly DependencyPart[]
}

/** `fast`: size, time of the last change and inode; `strict`: content as well; `none`: nothing. */
export const CHECK_MODES = ['fast', 'strict', 'none'] as const
export type CheckMode = (typeof CHECK_MODES)[number]

// Records of other kinds of files are made alike: the kind is only passed on.
const PASSED_ON = PART_KINDS[0]

/**
 * The record of a file as it is now, with the digest of its content.
 *
 * @throws InputError when there is no such file
 */
export function dependencyOn(kind: DependencyKind, path: string, name: string): Dependency {
  const absolute = resolve(path)
  const part = digestedPart(PASSED_ON, absolute)
  if (part === undefined) throw new InputError('there is no such file', { file: path })
  return { name, parts: [{ ...part, kind }] }
}

/**
 * Why the files are not those that were recorded: one line for each, with the module's name. A file that grew, shrank,
 * was written again, replaced, deleted or moved is found by every mode but `none`.
 */
export function changesOf(dependencies: readonly Dependency[], mode: CheckMode): string[] {
  if (mode === 'none') return []
  const changes: string[] = []
  for (const { name, parts } of dependencies)
    for (const part of parts) {
      const change = changeOf(part, mode)
      if (change !== undefined) changes.push(`${name}: ${part.path} ${change}`)
    }
  return changes
}

function changeOf(part: DependencyPart, mode: CheckMode): string | undefined {
  const now = (mode === 'strict' ? digestedPart : partRecord)(PASSED_ON, part.path)
  if (now === undefined) return 'is not there any more'
  if (now.size !== part.size)
    return `${now.size > part.size ? 'grew' : 'shrank'} from ${part.size} to ${now.size} bytes`
  if (mode === 'strict') {
    if (part.digest === undefined) return 'was recorded without a digest'
    return now.digest === part.digest ? undefined : 'has other content'
  }
  if (now.mtimeMs !== part.mtimeMs) return 'was written again'
  return now.ino === part.ino ? undefined : 'was replaced'
}

export function writeDependencies(writer: ByteWriter, dependencies: readonly Dependency[]): void {
  writeList(writer, dependencies, dependency => {
    const { name, parts, ...lean } = dependency
    writeText(writer, name)
    writeList(writer, parts, part => {
      writeChoice(writer, DEPENDENCY_KINDS, part.kind)
      writeText(writer, part.path)
      writeTag0(writer, part.size)
      writeReal(writer, part.mtimeMs)
      writeReal(writer, part.ino)
      writeText(writer, part.digest ?? '')
    })
    writeTag0(writer, lean.containerVersion ?? 0)
    writeTag0(writer, lean.wordBytes ?? 0)
    writeText(writer, lean.gitHash ?? '')
    writeText(writer, lean.leanVersion ?? '')
    writeChoice(writer, STATES, lean.state ?? 'none')
  })
}

const STATES = ['none', 'loaded', 'deferred', 'absent'] as const

/** Inverse of {@link writeDependencies}. */
export function readDependencies(reader: ByteReader): Dependency[] {
  return readList(reader, 7, 'modules', () => {
    const name = readText(reader)
    const parts = readList(reader, 20, 'files', () => {
      const kind = readChoice(reader, DEPENDENCY_KINDS, 'kind of file')
      const path = readText(reader)
      const size = readTag0(reader)
      const [mtimeMs, ino, digest] = [readReal(reader), readReal(reader), readText(reader)]
      return { kind, path, size, mtimeMs, ino, ...(digest === '' ? {} : { digest }) }
    })
    const start = reader.position
    const [containerVersion, wordBytes] = [readTag0(reader), readTag0(reader)]
    const [gitHash, leanVersion] = [readText(reader), readText(reader)]
    const state = readChoice(reader, STATES, 'state of a module')
    if (state === 'none') return { name, parts }
    if (wordBytes !== 4 && wordBytes !== 8) return reader.fail(`words of ${wordBytes} bytes`, start)
    return { name, parts, containerVersion, wordBytes, gitHash, leanVersion, state }
  })
}

/** What a module is, wherever its files lie and whenever they were written: for comparing module lists. */
export function sameModules(left: readonly Dependency[], right: readonly Dependency[]): boolean {
  const shapes = (dependencies: readonly Dependency[]): string =>
    JSON.stringify(dependencies.map(({ name, parts }) => [name, parts.map(part => part.kind)]))
  return shapes(left) === shapes(right)
}

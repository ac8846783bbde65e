/** What a verdict depends on besides its declarations: the product, its kernel, the options and the limits. */
import type { ByteReader, ByteWriter } from '../../ixon/bytes.js'
import { digestOf } from './context-digest.js'
import { readList, readText, writeList, writeText } from './fields.js'

/** Values by name, all of them texts; the names are those that messages use. */
export type Settings = ReadonlyMap<string, string>

export function settingsDigest(settings: Settings): string {
  return digestOf([...settings].flat())
}

/** Where two settings differ, by name: `kernel digest: saved under a, this run has b`. */
export function settingChanges(saved: Settings, now: Settings): string[] {
  const changes: string[] = []
  for (const name of new Set([...now.keys(), ...saved.keys()])) {
    const [then, current] = [saved.get(name) ?? 'nothing', now.get(name) ?? 'nothing']
    if (then !== current) changes.push(`${name}: saved under ${shown(then)}, this run has ${shown(current)}`)
  }
  return changes
}

/** Digests by their beginnings. */
function shown(value: string): string {
  return /^[0-9a-f]{64}$/.test(value) ? value.slice(0, 12) : value
}

export function writeSettings(writer: ByteWriter, settings: Settings): void {
  writeList(writer, [...settings], ([name, value]) => {
    writeText(writer, name)
    writeText(writer, value)
  })
}

export function readSettings(reader: ByteReader): Settings {
  return new Map(readList(reader, 2, 'settings', () => [readText(reader), readText(reader)] as const))
}

/** Fields of snapshot regions that the byte readers and writers of `ixon/` do not have. */
import type { ByteReader, ByteWriter } from '../../ixon/bytes.js'
import { readTag0, writeTag0 } from '../../ixon/tags.js'

export function writeText(writer: ByteWriter, text: string): void {
  const bytes = Buffer.from(text, 'utf8')
  writeTag0(writer, bytes.length)
  writer.bytes(bytes)
}

export function readText(reader: ByteReader): string {
  const start = reader.position
  const bytes = reader.bytes(readTag0(reader))
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return reader.fail('a text that is not UTF-8', start)
  }
}

/** An f64, for times and costs that are no integers. */
export function writeReal(writer: ByteWriter, value: number): void {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setFloat64(0, value, true)
  writer.bytes(bytes)
}

export function readReal(reader: ByteReader): number {
  const bytes = reader.bytes(8)
  return new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0, true)
}

/** One of a few words, by its position among them. */
export function writeChoice<T extends string>(writer: ByteWriter, choices: readonly T[], value: T): void {
  writer.byte(choices.indexOf(value))
}

export function readChoice<T extends string>(reader: ByteReader, choices: readonly T[], what: string): T {
  const value = choices[reader.byte()]
  return value === undefined ? reader.fail(`an unknown ${what}`, reader.position - 1) : value
}

/** @param least bytes that an item takes at the least: no count is believed that the data cannot hold */
export function readList<T>(reader: ByteReader, least: number, what: string, item: () => T): T[] {
  const items: T[] = []
  for (let left = reader.count(readTag0(reader), least, what); left > 0; left--) items.push(item())
  return items
}

export function writeList<T>(writer: ByteWriter, items: readonly T[], write: (item: T) => void): void {
  writeTag0(writer, items.length)
  items.forEach(write)
}

/**
 * Variable-length integers (ixon.md 2.1). Values are u64 on paper; readers here reject what a double cannot hold
 * exactly (above 2^53-1), since no count or index of a real file comes near. Only minimal forms are accepted.
 */
import type { ByteReader, ByteWriter } from './bytes.js'

function significantBytes(value: number): number {
  let count = 1
  for (let rest = value; rest >= 256; rest = Math.floor(rest / 256)) count++
  return count
}

function writeLittleEndian(writer: ByteWriter, value: number, count: number): void {
  let rest = value
  for (let i = 0; i < count; i++) {
    writer.byte(rest % 256)
    rest = Math.floor(rest / 256)
  }
}

function write(writer: ByteWriter, flag: number, inlineBits: number, value: number): void {
  const threshold = 2 ** inlineBits
  if (value < threshold) {
    writer.byte(flag * 2 * threshold + value)
    return
  }
  const count = significantBytes(value)
  writer.byte(flag * 2 * threshold + threshold + count - 1)
  writeLittleEndian(writer, value, count)
}

/** Value behind the head byte `head`, of which `inlineBits` low bits may hold the value itself. */
function readValue(reader: ByteReader, head: number, inlineBits: number): number {
  const threshold = 1 << inlineBits
  const low = head & (threshold - 1)
  if ((head & threshold) === 0) return low
  const start = reader.position - 1
  const count = low + 1
  if (count > 8) reader.fail(`an integer of ${count} bytes`, start)
  reader.skip(count)
  const { data } = reader
  let value = 0
  for (let i = start + count; i > start; i--) value = value * 256 + data[i]!
  if (value > Number.MAX_SAFE_INTEGER) reader.fail('an integer above 2^53-1', start)
  if (value < threshold || data[start + count] === 0) reader.fail('an integer that is not minimal', start)
  return value
}

export function writeTag0(writer: ByteWriter, value: number): void {
  if (value < 128) writer.byte(value)
  else write(writer, 0, 7, value)
}

export function readTag0(reader: ByteReader): number {
  const head = reader.byte()
  return head < 128 ? head : readValue(reader, head, 7)
}

/** `flag` 0..3. */
export function writeTag2(writer: ByteWriter, flag: number, value: number): void {
  write(writer, flag, 5, value)
}

/** The caller reads the head byte; its flag is `head >> 6`. */
export function readTag2Value(reader: ByteReader, head: number): number {
  return readValue(reader, head & 63, 5)
}

/** `flag` 0..15. */
export function writeTag4(writer: ByteWriter, flag: number, value: number): void {
  if (value < 8) writer.byte((flag << 4) | value)
  else write(writer, flag, 3, value)
}

/** The caller reads the head byte; its flag is `head >> 4`. */
export function readTag4Value(reader: ByteReader, head: number): number {
  return readValue(reader, head & 15, 3)
}

/** Encoded length in bytes of a Tag0. */
export function tag0Size(value: number): number {
  return value < 128 ? 1 : 1 + significantBytes(value)
}

/** Encoded length in bytes of a Tag4. */
export function tag4Size(value: number): number {
  return value < 8 ? 1 : 1 + significantBytes(value)
}

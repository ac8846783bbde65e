/**
 * Proofs as bytes: one byte string per proof. Counts follow from the header and the shape, never from the proof;
 * field elements have to be canonical.
 */

import type { Extension } from './extension.js'
import type { Parameters } from './parameters.js'
import type { Claim } from './shape.js'

const MAGIC = [0x69, 0x78, 0x70, 0x72, 0x6f, 0x6f, 0x66] // "ixproof"
export const VERSION = 2
const P_HIGH = 0xffffffff

/** Most elements of a claim that a header may announce. */
const MAX_CLAIM = 1 << 16

export class ProofError extends Error {}

/** @throws ProofError with the reason unless the condition holds */
export function require(condition: boolean, reason: string): asserts condition {
  if (!condition) throw new ProofError(reason)
}

export function sameBytes(x: Uint8Array, y: Uint8Array): boolean {
  return x.length === y.length && x.every((byte, i) => byte === y[i])
}

export interface Header {
  parameters: Parameters
  keyDigest: Uint8Array
  claim: Claim
  /** Log height per circuit of the key, -1 for circuits without rows. */
  heights: Int8Array
}

/** Where a part of a proof lies. */
export interface Section {
  name: string
  start: number
  end: number
}

export class ProofWriter {
  private bytes = new Uint8Array(1 << 16)
  private view = new DataView(this.bytes.buffer)
  length = 0
  readonly sections: Section[] = []

  /** Names what has been written since the last section. */
  section(name: string): void {
    const last = this.sections[this.sections.length - 1]
    this.sections.push({ name, start: last?.end ?? 0, end: this.length })
  }

  private room(count: number): number {
    const at = this.length
    if (at + count > this.bytes.length) {
      const grown = new Uint8Array(2 * (at + count))
      grown.set(this.bytes.subarray(0, at))
      this.bytes = grown
      this.view = new DataView(grown.buffer)
    }
    this.length = at + count
    return at
  }

  u8(value: number): void {
    const at = this.room(1)
    this.view.setUint8(at, value)
  }

  u16(value: number): void {
    const at = this.room(2)
    this.view.setUint16(at, value, true)
  }

  u32(value: number): void {
    const at = this.room(4)
    this.view.setUint32(at, value, true)
  }

  words(lo: number, hi: number): void {
    this.u32(lo)
    this.u32(hi)
  }

  element(x: bigint): void {
    const at = this.room(8)
    this.view.setBigUint64(at, x, true)
  }

  extension(x: Extension): void {
    this.words(x.lo0, x.hi0)
    this.words(x.lo1, x.hi1)
  }

  raw(bytes: Uint8Array): void {
    const at = this.room(bytes.length)
    this.bytes.set(bytes, at)
  }

  finish(): Uint8Array {
    return this.bytes.slice(0, this.length)
  }
}

export class ProofReader {
  private readonly view: DataView
  at = 0

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  private take(count: number): number {
    const { at } = this
    if (at + count > this.bytes.length) throw new ProofError(`the proof ends at byte ${this.bytes.length}`)
    this.at = at + count
    return at
  }

  u8(): number {
    return this.view.getUint8(this.take(1))
  }

  u16(): number {
    return this.view.getUint16(this.take(2), true)
  }

  u32(): number {
    return this.view.getUint32(this.take(4), true)
  }

  raw(count: number): Uint8Array {
    const at = this.take(count)
    return this.bytes.subarray(at, at + count)
  }

  element(): bigint {
    const at = this.checked()
    return this.view.getBigUint64(at, true)
  }

  extension(): Extension {
    const a = this.checked()
    const b = this.checked()
    const { view } = this
    return {
      lo0: view.getUint32(a, true),
      hi0: view.getUint32(a + 4, true),
      lo1: view.getUint32(b, true),
      hi1: view.getUint32(b + 4, true),
    }
  }

  /** The bytes of a row of canonical elements. */
  row(elements: number): Uint8Array {
    const start = this.at
    for (let i = 0; i < elements; i++) this.checked()
    return this.bytes.subarray(start, this.at)
  }

  finish(): void {
    if (this.at !== this.bytes.length)
      throw new ProofError(`the proof is followed by ${this.bytes.length - this.at} bytes`)
  }

  private checked(): number {
    const at = this.take(8)
    if (this.view.getUint32(at + 4, true) === P_HIGH && this.view.getUint32(at, true) !== 0)
      throw new ProofError(`byte ${at}: a field element is not canonical`)
    return at
  }
}

export function writeHeader(w: ProofWriter, { parameters: p, keyDigest, claim, heights }: Header): void {
  for (const byte of MAGIC) w.u8(byte)
  w.u8(VERSION)
  w.u8(p.hiding ? 1 : 0)
  w.u16(p.queries)
  w.u8(p.queryWork)
  w.u8(p.target)
  w.u8(p.finalLog)
  w.raw(keyDigest)
  w.u32(claim.entry)
  w.u32(claim.inputs.length)
  w.u32(claim.outputs.length)
  w.u8(claim.rank === null ? 0 : 1)
  for (const x of [...claim.inputs, ...claim.outputs]) w.element(x)
  if (claim.rank !== null) w.element(claim.rank)
  w.u32(heights.length)
  for (const height of heights) w.u8(height + 1)
}

/** @throws ProofError for anything that {@link writeHeader} does not write */
export function readHeader(r: ProofReader): Header {
  for (const byte of MAGIC) if (r.u8() !== byte) throw new ProofError('byte 0: this is not a proof')
  const version = r.u8()
  if (version !== VERSION)
    throw new ProofError(
      `byte 7: version ${version} is not ${VERSION}: ` +
        (version < VERSION
          ? 'an older ix made this proof; make it again, or verify it with the version that made it'
          : 'a newer ix made this proof, or it is damaged; verify it with the version that made it'),
    )
  const flag = () => {
    const value = r.u8()
    if (value > 1) throw new ProofError(`byte ${r.at - 1}: ${value} is neither 0 nor 1`)
    return value === 1
  }
  const parameters: Parameters = {
    hiding: flag(),
    queries: r.u16(),
    queryWork: r.u8(),
    target: r.u8(),
    finalLog: r.u8(),
  }
  const keyDigest = r.raw(32)
  const entry = r.u32()
  const [inputCount, outputCount] = [r.u32(), r.u32()]
  if (inputCount > MAX_CLAIM || outputCount > MAX_CLAIM) throw new ProofError('the claim is too long')
  const ranked = flag()
  const inputs = Array.from({ length: inputCount }, () => r.element())
  const outputs = Array.from({ length: outputCount }, () => r.element())
  const rank = ranked ? r.element() : null
  const circuits = r.u32()
  const heights = Int8Array.from(r.raw(circuits), x => (x > 64 ? 64 : x - 1))
  return { parameters, keyDigest, claim: { entry, inputs, outputs, rank }, heights }
}

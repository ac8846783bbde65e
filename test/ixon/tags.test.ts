import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ByteReader, ByteWriter } from '../../ixon/bytes.js'
import {
  readTag0,
  readTag2Value,
  readTag4Value,
  tag0Size,
  tag4Size,
  writeTag0,
  writeTag2,
  writeTag4,
} from '../../ixon/tags.js'

function written(write: (writer: ByteWriter) => void): string {
  const writer = new ByteWriter(1)
  write(writer)
  return Buffer.from(writer.finish()).toString('hex')
}

const reader = (hex: string) => new ByteReader(Buffer.from(hex, 'hex'), { file: 'x.ixe', offset: 100 })

describe('variable-length integers', () => {
  it.each<[string, number, number]>([
    ['73', 7, 3],
    ['17', 1, 7],
    ['1808', 1, 8],
    ['18ff', 1, 255],
    ['190001', 1, 256],
  ])('Tag4 %s', (hex, flag, value) => {
    expect(written(w => writeTag4(w, flag, value))).toBe(hex)
    const r = reader(hex)
    const head = r.byte()
    expect([head >> 4, readTag4Value(r, head), r.remaining]).toEqual([flag, value, 0])
  })

  it.each<[string, number, number]>([
    ['01', 0, 1],
    ['1f', 0, 31],
    ['2020', 0, 32],
    ['c5', 3, 5],
    ['e020', 3, 32],
    ['e10001', 3, 256],
  ])('Tag2 %s', (hex, flag, value) => {
    expect(written(w => writeTag2(w, flag, value))).toBe(hex)
    const r = reader(hex)
    const head = r.byte()
    expect([head >> 6, readTag2Value(r, head), r.remaining]).toEqual([flag, value, 0])
  })

  it.each<[string, number]>([
    ['7f', 127],
    ['8080', 128],
    ['80ff', 255],
    ['810001', 256],
    ['82000001', 65536],
  ])('Tag0 %s', (hex, value) => {
    expect(written(w => writeTag0(w, value))).toBe(hex)
    expect(readTag0(reader(hex))).toBe(value)
  })

  it('round-trips and knows its sizes', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), value => {
        const tag0 = written(w => writeTag0(w, value))
        expect(tag0.length / 2).toBe(tag0Size(value))
        expect(readTag0(reader(tag0))).toBe(value)
        const tag4 = written(w => writeTag4(w, 9, value))
        expect(tag4.length / 2).toBe(tag4Size(value))
        const r = reader(tag4)
        expect(readTag4Value(r, r.byte())).toBe(value)
      }),
    )
  })

  it.each([
    ['8000', 'not minimal'],
    ['807f', 'not minimal'],
    ['81ff00', 'not minimal'],
    ['88000000000000000001', 'integer of 9 bytes'],
    ['87ffffffffffffffff', 'above 2^53-1'],
    ['8100', '2 bytes expected, 1 left'],
    ['', 'unexpected end'],
  ])('rejects Tag0 %s: %s', (hex, reason) => {
    expect(() => readTag0(reader(hex))).toThrow(
      new RegExp(`^x.ixe, offset 10[01]: .*${reason.replace('^', '\\^')}`),
    )
  })
})

import { describe, expect, it } from 'vitest'
import { ByteReader, ByteWriter } from '../../ixon/bytes.js'
import { canonicalUniverse } from '../../ixon/canonical-universe.js'
import {
  imax,
  max,
  numeral,
  readUniverse,
  successor,
  type Universe,
  variable,
  writeUniverse,
} from '../../ixon/universe.js'
import { Random } from '../fuzz/random.js'
import { checkCanonicalClasses, checkRandomPairs } from './universe-classes.js'

function hex(universe: Universe): string {
  const writer = new ByteWriter()
  writeUniverse(writer, universe)
  return Buffer.from(writer.finish()).toString('hex')
}

const [u, v, w] = [variable(0), variable(1), variable(2)] as const
const [zero, one, two] = [numeral(0), numeral(1), numeral(2)] as const
const s = successor

describe('universe encoding', () => {
  it.each<[string, Universe]>([
    ['00', zero],
    ['0100', one],
    ['01c0', s(u)],
    ['40c0c1', max(u, v)],
    ['8001c0c0', imax(s(u), u)],
    ['202000', numeral(32)],
    ['e020', variable(32)],
  ])('%s', (bytes, universe) => {
    expect(hex(universe)).toBe(bytes)
    expect(readUniverse(new ByteReader(Buffer.from(bytes, 'hex')))).toEqual(universe)
  })

  it('rejects forms that the writer never writes', () => {
    for (const bytes of ['010100', '41c0c1', '81c0c1', '40c0', '', '200100', 'e01f'])
      expect(() => readUniverse(new ByteReader(Buffer.from(bytes, 'hex')))).toThrow(/offset/)
  })

  it('reads and writes deep universes without recursion', () => {
    let deep: Universe = u
    for (let i = 0; i < 100_000; i++) deep = i % 2 === 0 ? max(deep, v) : imax(v, deep)
    const text = hex(deep)
    expect(hex(readUniverse(new ByteReader(Buffer.from(text, 'hex'))))).toBe(text)
  })
})

describe('canonical universes', () => {
  it.each<[string, Universe, string]>([
    ['max v1 v0', max(v, u), '40c0c1'],
    ['max (max v0 v1) v2', max(max(u, v), w), '40c040c1c2'],
    ['(max v0 v1)+1', s(max(u, v)), '4001c001c1'],
    ['imax (imax 1 v0) v0', imax(imax(one, u), u), 'c0'],
    ['max (max (v0+1) (v1+1)) 1', max(max(s(u), s(v)), one), '4001c001c1'],
    ['imax (v0+1) v1', imax(s(u), v), '8001c0c1'],
    ['imax (imax (v0+1) v1) v2', imax(imax(s(u), v), w), '808001c0c1c2'],
    ['max 1 v0', max(one, u), '40c00100'],
    ['max 1 (v0+1)', max(one, s(u)), '01c0'],
    ['max 2 (v0+1)', max(two, s(u)), '4001c00200'],
    ['imax v0 0', imax(u, zero), '00'],
    ['imax 0 v0', imax(zero, u), 'c0'],
    ['imax 1 v0', imax(one, u), 'c0'],
    ['imax v0 1', imax(u, one), '40c00100'],
    ['imax v0 (v1+1)', imax(u, s(v)), '40c001c1'],
    ['(imax v0 v1)+1', s(imax(u, v)), '4001c18001c0c1'],
    ['imax v0 (imax v1 v2)', imax(u, imax(v, w)), '8040c0c1c2'],
    ['imax v0 (max v1 v2)', imax(u, max(v, w)), '4080c0c180c0c2'],
    ['max v0 (imax v0 v1)', max(u, imax(u, v)), '40c0c1'],
    ['max (v0+1) (imax v0 v1)', max(s(u), imax(u, v)), '4001c0c1'],
    ['(imax (v0+1) v0)+1', s(imax(s(u), u)), '408002c0c00100'],
    ['max (imax v0 v1) (imax v1 v0)', max(imax(u, v), imax(v, u)), '40c0c1'],
    ['max 1 (imax v0 v1)', max(one, imax(u, v)), '4080c0c10100'],
    ['imax 2 v0', imax(two, u), '800200c0'],
    // By the rules of the format alone v3 would count where v1 is zero.
    [
      'imax (imax (imax v1 v3 + 1) v1) v0',
      imax(imax(s(imax(v, variable(3))), v), u),
      '4080c0c0408080c1c1c08080804001c101c3c3c1c0',
    ],
  ])('%s', (_, universe, bytes) => {
    expect(hex(canonicalUniverse(universe))).toBe(bytes)
  })

  it('has one idempotent, value-preserving representative per class of levels of at most 5 nodes', () => {
    checkCanonicalClasses(5)
  })

  it('has a value-preserving representative for classes of random levels on four parameters', () => {
    expect(checkRandomPairs(4000, new Random(20261121))).toBeGreaterThan(500)
  })

  it('finishes on a level that doubles 60 times by sharing', () => {
    let shared: Universe = max(u, s(v))
    for (let i = 0; i < 60; i++) shared = max(shared, shared)
    expect(hex(canonicalUniverse(shared))).toBe('40c001c1')
  })
})

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Address, addressOf } from '../../ixon/address.js'
import { encodeConstant, type Projection, projectionAddress } from '../../ixon/constant.js'
import { Environment } from '../../ixon/environment.js'
import type { EnvironmentData, NamedConstant } from '../../ixon/environment-data.js'
import { encodeEnvironment, writeEnvironment } from '../../ixon/ixe-write.js'
import { canonicalRoot } from '../../ixon/merkle.js'
import { nameAddress } from '../../ixon/name-address.js'
import { InputError } from '../../lean/input-error.js'
import { parseName } from '../../lean/name.js'
import * as worked from './worked-constants.js'

const EMPTY: EnvironmentData = { constants: new Map(), blobs: new Map(), names: new Map(), ungrounded: [] }

function withConstants(...contents: Uint8Array[]): Map<Address, Uint8Array> {
  return new Map(contents.map(bytes => [addressOf(bytes), bytes]))
}

function named(name: string, address: Address, rest: Partial<NamedConstant> = {}): [string, NamedConstant] {
  return [name, { name: parseName(name), address, hints: undefined, placeholder: undefined, ...rest }]
}

function projection(info: Projection): Uint8Array {
  return encodeConstant({ info, sharing: [], refs: [], univs: [] })
}

const BOOL_CONTENTS = [
  Buffer.from(worked.WORKED_CONSTANTS.find(row => row[0] === 'Bool block')![1], 'hex'),
  projection({ kind: 'iprj', idx: 0, block: worked.BOOL_BLOCK }),
  projection({ kind: 'cprj', idx: 0, cidx: 0, block: worked.BOOL_BLOCK }),
  projection({ kind: 'cprj', idx: 0, cidx: 1, block: worked.BOOL_BLOCK }),
]

const ID = Buffer.from(worked.ID_BYTES, 'hex')

/** Names, hints, a placeholder, an alias, a blob and two constants left out. */
const SAMPLE: EnvironmentData = {
  constants: withConstants(...BOOL_CONTENTS, ID),
  blobs: withConstants(Buffer.from('hi')),
  names: new Map([
    named('Bool', worked.BOOL),
    named('Bool.true', worked.BOOL_TRUE),
    named('id', worked.ID, { hints: { kind: 'regular', height: 3 } }),
    named('inline', worked.ID, { hints: { kind: 'abbrev' } }),
    named('Odd.«x y».7', worked.BOOL_FALSE, { placeholder: 'theorem' }),
  ]),
  ungrounded: [
    { name: 'left.out', missing: 'no.where', reason: 'it mentions no.where, which exists nowhere' },
    { name: 'left.twice', missing: undefined, reason: 'it depends on itself' },
  ],
}

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ixe-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('.ixe bytes', () => {
  it('of the empty environment', () => {
    const bytes = encodeEnvironment(EMPTY)
    expect(bytes.length).toBe(74)
    expect(addressOf(bytes)).toBe('bcf9254eed1c4af23a1c02e998eca119f66b0b40f0daa2dc39cab964b31e993d')
    const environment = Environment.fromBytes(bytes, 'empty')
    environment.verify()
    expect([...environment.addresses()]).toEqual([])
  })

  it('of id with a hint, without names', () => {
    const names = new Map([named('id', worked.ID, { hints: { kind: 'regular', height: 1 } })])
    const bytes = encodeEnvironment({ ...EMPTY, constants: withConstants(ID), names }, { anonymous: true })
    const anonymous = '2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213'
    expect(Buffer.from(bytes).toString('hex')).toBe(
      `e144f2c41d0714c95f1ae6a44974e22114227527e74e8c7bf132aaf562cd5e185400000001${worked.ID}0f${worked.ID_BYTES}01010301${anonymous}000000`,
    )
  })

  it('of Bool, without names', () => {
    const bytes = encodeEnvironment({ ...EMPTY, constants: withConstants(...BOOL_CONTENTS) })
    expect(bytes.length).toBe(346)
    expect(addressOf(bytes)).toBe('741c344f3c2c93545e984653021f38e908d9f818b45ff8b8a868a19a03819057')
    expect(Environment.fromBytes(bytes, 'Bool').root).toBe(
      '8e75bb92d25dd586f3c05b9f915079be43f8dc3b2fcccffa773fa291fe0f8a5b',
    )
  })
})

describe('Merkle roots', () => {
  it('of one, three and no leaves', () => {
    expect(canonicalRoot([worked.BOOL])).toBe(
      'ea3de5b227ece9edcdf1417117214a0e9c5588c923a363a904699e2b7c626a12',
    )
    const three = [worked.BOOL, worked.BOOL_TRUE, worked.BOOL_FALSE]
    expect(canonicalRoot([...three, worked.BOOL])).toBe(
      '80ad218fc9f41712e1e757f00a32bb60e20ef5256f8fb74a69bcb1883d077a51',
    )
    expect(canonicalRoot([])).toBeUndefined()
  })
})

describe('an environment file', () => {
  it('gives back what was written', () => {
    const file = join(folder, 'sample.ixe')
    writeEnvironment(file, SAMPLE)
    expect(readdirSync(folder)).toEqual(['sample.ixe'])
    const environment = Environment.open(file)
    environment.verify()
    expect([...environment.addresses()]).toEqual([...SAMPLE.constants.keys()].sort())
    expect(environment.count).toBe(5)
    for (const [address, bytes] of SAMPLE.constants) {
      expect(environment.has(address)).toBe(true)
      expect(Buffer.from(environment.bytes(address))).toEqual(Buffer.from(bytes))
      expect(Buffer.from(encodeConstant(environment.constant(address)))).toEqual(Buffer.from(bytes))
    }
    expect(environment.blockOf(worked.BOOL_TRUE)).toBe(worked.BOOL_BLOCK)
    expect(environment.blockOf(worked.BOOL_BLOCK)).toBe(worked.BOOL_BLOCK)
    const [blob] = environment.blobAddresses()
    expect(Buffer.from(environment.blob(blob!)).toString()).toBe('hi')
    expect(environment.hint(worked.ID)).toEqual({ kind: 'abbrev' })
    expect(environment.hint(worked.BOOL)).toBeUndefined()
    for (const [name, { address }] of SAMPLE.names) {
      expect(environment.addressOf(name)).toBe(address)
      expect(environment.namesOf(address)).toContain(name)
    }
    expect(environment.namesOf(worked.ID).toSorted()).toEqual(['id', 'inline'])
    expect(environment.namesOf(worked.BOOL_BLOCK)).toEqual([])
    expect(environment.addressOf('Ix.ungrounded')).toBeUndefined()
    expect([...environment.names()].toSorted()).toEqual([...SAMPLE.names.keys()].toSorted())
    expect([...environment.placeholders]).toEqual([['Odd.«x y».7', 'theorem']])
    expect(environment.ungrounded.map(({ name, missing }) => [name, missing])).toEqual([
      ['left.out', 'no.where'],
      ['left.twice', undefined],
    ])
    environment.close()
  })

  it('says what is not there', () => {
    const environment = Environment.fromData(SAMPLE, 'sample')
    const nobody = projectionAddress({ kind: 'iprj', idx: 7, block: worked.BOOL_BLOCK })
    expect(environment.has(nobody)).toBe(false)
    expect(environment.has('xyz')).toBe(false)
    expect(() => environment.bytes(nobody)).toThrow(InputError)
    expect(() => environment.blob(nobody)).toThrow(InputError)
    expect(() => Environment.open(join(folder, 'absent.ixe'))).toThrow(/absent.ixe: cannot be opened/)
    expect(() => writeEnvironment(join(folder, 'no', 'where.ixe'), SAMPLE)).toThrow(/cannot be written/)
  })

  it('leaves the old file alone when writing fails', () => {
    const file = join(folder, 'kept.ixe')
    writeFileSync(file, 'old')
    const broken = {
      ...SAMPLE,
      names: new Map([named('x', 'not in the file' as Address, { hints: { kind: 'opaque' } })]),
    }
    expect(() => writeEnvironment(file, broken)).toThrow()
    expect(readFileSync(file, 'utf8')).toBe('old')
    expect(readdirSync(folder).filter(name => name.endsWith('.tmp'))).toEqual([])
  })

  it('checks the hash of a constant when it is first read, not before', () => {
    const bytes = Buffer.from(encodeEnvironment(SAMPLE))
    const at = bytes.indexOf(ID)
    bytes[at + 5] = bytes[at + 5]! ^ 1
    const environment = Environment.fromBytes(bytes, 'forged.ixe')
    expect(environment.bytes(worked.BOOL).length).toBeGreaterThan(0)
    expect(() => environment.constant(worked.ID)).toThrow(
      new RegExp(`^forged.ixe, offset ${at}: the constant ${worked.ID} does not hash to its address`),
    )
  })

  it('checks the hash of a name when it is shown, and those of its prefixes', () => {
    const bytes = Buffer.from(encodeEnvironment(SAMPLE))
    const at = bytes.indexOf('inline')
    bytes[at] = bytes[at]! ^ 1
    const environment = Environment.fromBytes(bytes, 'forged.ixe')
    expect(environment.addressOf('id')).toBe(worked.ID)
    expect(environment.addressOf('hnline')).toBeUndefined()
    expect(environment.namesOf(worked.BOOL_TRUE)).toEqual(['Bool.true'])
    const reason = /^forged.ixe, offset \d+: a name that does not hash to its address/
    expect(() => environment.namesOf(worked.ID)).toThrow(reason)
    expect(() => [...environment.names()]).toThrow(reason)
    expect(() => environment.verify()).toThrow(reason)
    const prefix = Buffer.from(encodeEnvironment(SAMPLE))
    prefix[prefix.indexOf('Odd')] = 0x6f
    expect(() => Environment.fromBytes(prefix, 'forged.ixe').namesOf(worked.BOOL_FALSE)).toThrow(reason)
  })

  it('rejects a name listed twice, and one that names two constants', () => {
    const bytes = Buffer.from(encodeEnvironment(SAMPLE))
    const hash = (name: string): Buffer => Buffer.from(nameAddress(parseName(name)), 'hex')
    const twice = Buffer.from(bytes)
    hash('id').copy(twice, twice.indexOf(hash('inline')))
    expect(() => Environment.fromBytes(twice, 'x').addressOf('Bool')).toThrow(/a name that is listed twice/)
    // Some byte near the end is the number of a named constant's name.
    const second = Buffer.from(bytes)
    let changed = 0
    for (let at = second.length - 1; at > 0 && changed === 0; at--) {
      second[at] = second[at]! ^ 1
      try {
        Environment.fromBytes(second, 'x').addressOf('Bool')
      } catch (error) {
        if (/is named twice/.test((error as Error).message)) changed = at
      }
      second[at] = second[at]! ^ 1
    }
    expect(changed).toBeGreaterThan(0)
  })

  it('rejects other versions and other files', () => {
    const bytes = Buffer.from(encodeEnvironment(SAMPLE))
    bytes[0] = 0xe0
    expect(() => Environment.fromBytes(bytes, 'old.ixe')).toThrow(/old.ixe, offset 0: format version 0/)
    expect(() => Environment.fromBytes(Buffer.from('hello'), 'x')).toThrow(/not an .ixe file/)
    expect(() => Environment.fromBytes(Buffer.alloc(0), 'x')).toThrow(/unexpected end/)
  })

  it('reads or rejects every mutation with an InputError', () => {
    const original = encodeEnvironment(SAMPLE)
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(original.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        fc.option(fc.nat(original.length)),
        (changes, length) => {
          const bytes = Buffer.from(original.subarray(0, length ?? original.length))
          for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value
          try {
            Environment.fromBytes(bytes, 'mutated').verify()
            // Only flags, hints and metadata are not bound by a hash.
          } catch (error) {
            expect(error).toBeInstanceOf(InputError)
            expect((error as InputError).message).toMatch(/^mutated/)
          }
        },
      ),
      { numRuns: 1000 },
    )
  })
})

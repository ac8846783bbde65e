import { createHash } from 'node:crypto'
import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressOf } from '../../../ixon/address.js'
import { decodeConstant, encodeConstant } from '../../../ixon/constant.js'
import { Environment } from '../../../ixon/environment.js'
import type { Expression } from '../../../ixon/expression.js'
import { InputError } from '../../../lean/input-error.js'
import { SnapshotChain, saveChain } from '../../../shards/snapshot/chain.js'
import { ContainerFile, encodeContainer, writeContainer } from '../../../shards/snapshot/container.js'
import {
  regionsOf,
  Snapshot,
  type SnapshotContents,
  saveSnapshot,
} from '../../../shards/snapshot/snapshot.js'
import { decodeSealed, encodeSealed } from '../../../shards/snapshot/unit.js'
import { address, contents, folder, sealed, unit } from './fixtures.js'

const UNITS = [unit('shard 1', { status: 'accepted', failed: [], undecided: [] }), unit('shard 3')]

/** What a snapshot holds, read back. */
function contentsOf(snapshot: Snapshot): SnapshotContents {
  const { settings, dependencies, partition, environment, names } = snapshot
  const current = new Set([...snapshot.labels()].filter(([, now]) => now).map(([label]) => label))
  return { settings, dependencies, partition, environment, names, units: snapshot.units(), current }
}

function load<T>(file: string, use: (snapshot: Snapshot) => T): T {
  const snapshot = Snapshot.open(file)
  try {
    return use(snapshot)
  } finally {
    snapshot.close()
  }
}

describe('a snapshot', () => {
  it('is saved, loaded and saved again to the same bytes', () => {
    const [path, at] = [folder(), 's.ixsnap']
    saveSnapshot(join(path, at), contents(path, UNITS))
    const first = readFileSync(join(path, at))
    load(join(path, at), snapshot => {
      expect(snapshot.unit('shard 3')!.unit).toEqual(UNITS[1])
      expect([...snapshot.units().values()].map(value => value.unit)).toEqual(UNITS)
      saveSnapshot(join(path, 'again'), contentsOf(snapshot))
    })
    expect(readFileSync(join(path, 'again')).equals(first)).toBe(true)
    saveSnapshot(join(path, 'other'), contents(path, UNITS.toReversed()))
    expect(readFileSync(join(path, 'other')).equals(first)).toBe(true)
  })

  it('answers a question from the regions that it needs', () => {
    const path = folder()
    const file = join(path, 's.ixsnap')
    const many = Array.from({ length: 40 }, (_, i) =>
      unit(`shard ${i}`, {
        constants: Array.from({ length: 20 }, (_, j) => ({
          address: address(1000 * i + j),
          context: address(-1000 * i - j),
          verdict: 'accepted' as const,
        })),
      }),
    )
    saveSnapshot(file, contents(path, many, 2000))
    load(file, snapshot => {
      expect(snapshot.chain.read).toEqual([])
      expect(snapshot.chain.names().length).toBeGreaterThan(400)
      expect(snapshot.addressOf('n1')).toBe(address(1))
      expect(snapshot.chain.read).toHaveLength(1)
      const [found] = snapshot.verdictsOn(snapshot.addressOf('n1')!)
      expect(found).toMatchObject({ verdict: 'accepted', unit: { unit: { label: 'shard 0' } } })
      expect(snapshot.chain.read).toEqual([
        `constants/${address(1).slice(0, 2)}`,
        expect.stringMatching(/^names\/..$/),
        expect.stringMatching(/^unit\/[0-9a-f]{16}$/),
      ])
    })
  })

  it('holds a term a million deep', () => {
    let term: Expression = { kind: 'sort', universe: 0 }
    for (let i = 0; i < 1_000_000; i++) term = { kind: 'app', fn: { kind: 'var', index: 0 }, arg: term }
    const constant = encodeConstant({
      info: { kind: 'axio', unsafe: false, lvls: 0, type: term },
      sharing: [],
      refs: [],
      univs: [{ kind: 'zero' }],
    })
    const data = {
      constants: new Map([[addressOf(constant), constant]]),
      blobs: new Map(),
      names: new Map(),
      ungrounded: [],
    }
    const { source } = Environment.fromData(data, 'deep')
    const path = folder()
    const save = (name: string): Buffer => {
      const environment = { roots: [], bytes: source.read(0, source.size) }
      saveSnapshot(join(path, name), { ...contents(path, []), environment })
      return readFileSync(join(path, name))
    }
    expect(save('deep').equals(save('again'))).toBe(true)
    load(join(path, 'deep'), snapshot => {
      const environment = Environment.fromBytes(snapshot.environment!.bytes, 'deep')
      const read = environment.constant(addressOf(constant))
      expect(Buffer.compare(encodeConstant(read), constant)).toBe(0)
      expect(decodeConstant(constant).info.kind).toBe('axio')
    })
  })
})

describe('a delta', () => {
  it('chain: base and deltas make the full snapshot, from any folder', () => {
    const path = folder()
    const [first, second] = [contents(path, UNITS), contents(path, [UNITS[0]!, unit('shard 4')], 5)]
    saveSnapshot(join(path, 'base'), first)
    load(join(path, 'base'), base => saveSnapshot(join(path, 'delta'), second, base))
    const third = contents(path, [unit('shard 5'), unit('shard 4')], 5)
    load(join(path, 'delta'), base => saveSnapshot(join(path, 'last'), third, base))
    for (const [name, full] of [
      ['delta', second],
      ['last', third],
    ] as const)
      load(join(path, name), snapshot => {
        expect(
          new Map(snapshot.chain.names().map(region => [region, snapshot.chain.region(region)])),
        ).toEqual(new Map([...regionsOf(full)].map(([region, bytes]) => [region, new Uint8Array(bytes)])))
        saveSnapshot(join(path, 'full'), contentsOf(snapshot))
        saveSnapshot(join(path, 'expected'), full)
        expect(readFileSync(join(path, 'full')).equals(readFileSync(join(path, 'expected')))).toBe(true)
      })
  })

  it('shared dependency: of an unchanged state it is almost empty', () => {
    const path = folder()
    const large = contents(path, UNITS, 20_000)
    const full = saveSnapshot(join(path, 'base'), large)
    load(join(path, 'base'), base => {
      for (const name of ['one', 'two']) expect(saveSnapshot(join(path, name), large, base)).toBeLessThan(400)
    })
    expect(full).toBeGreaterThan(500_000)
    for (const name of ['one', 'two'])
      load(join(path, name), snapshot => expect(snapshot.addressOf('n19999')).toBe(address(19_999)))
  })

  it('missing dependency: a base that is gone, or another, is named', () => {
    const path = folder()
    saveSnapshot(join(path, 'base'), contents(path, UNITS))
    load(join(path, 'base'), base => saveSnapshot(join(path, 'delta'), contents(path, [UNITS[0]!]), base))
    renameSync(join(path, 'base'), join(path, 'moved'))
    expect(() => Snapshot.open(join(path, 'delta'))).toThrow(/its base snapshot .*base is missing/)
    saveSnapshot(join(path, 'base'), contents(path, []))
    expect(() => Snapshot.open(join(path, 'delta'))).toThrow(/another than the one it was saved against/)
  })

  it('of a chain without end is refused', () => {
    const path = folder()
    saveChain(join(path, '0'), new Map([['a', Buffer.of(0)]]))
    for (let i = 1; i <= 70; i++) {
      if (i === 64) break
      const base = SnapshotChain.open(join(path, String(i - 1)))
      saveChain(join(path, String(i)), new Map([['a', Buffer.of(i)]]), base)
      base.close()
    }
    const longest = SnapshotChain.open(join(path, '63'))
    expect([...longest.region('a')]).toEqual([63])
    saveChain(join(path, '64'), new Map([['a', Buffer.of(64)]]), longest)
    longest.close()
    expect(() => SnapshotChain.open(join(path, '64'))).toThrow('a chain of more than 64 snapshots')
  })
})

describe('a damaged file', () => {
  function saved(): { file: string; bytes: Buffer } {
    const path = folder()
    const file = join(path, 's.ixsnap')
    saveSnapshot(file, contents(path, UNITS))
    return { file, bytes: readFileSync(file) }
  }
  const readAll = (file: string): SnapshotContents => load(file, contentsOf)

  it('is refused wherever it is cut', () => {
    const { file, bytes } = saved()
    for (let length = bytes.length - 1; length >= 0; length -= 1 + (length % 7)) {
      truncateSync(file, length)
      expect(() => readAll(file)).toThrow(InputError)
    }
  })

  it('is refused with any byte changed', () => {
    const { file, bytes } = saved()
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const altered = Buffer.from(bytes)
        altered[at]! ^= change
        writeFileSync(file, altered)
        // Regions that no question needs are held against their digests, too.
        const read = (): void =>
          load(file, snapshot => {
            for (const name of snapshot.chain.names()) snapshot.chain.region(name)
          })
        expect(read).toThrow(InputError)
      }),
    )
  })

  it('of another kind or format is refused by name', () => {
    const { file, bytes } = saved()
    writeFileSync(file, 'some other file, long enough to have a header')
    expect(() => Snapshot.open(file)).toThrow(`${file}, offset 0: this is not a snapshot: bad magic bytes`)
    writeFileSync(file, Buffer.concat([bytes, Buffer.of(1)]))
    expect(() => Snapshot.open(file)).toThrow('1 bytes after the last region')
    const later = Buffer.from(bytes)
    later.writeUInt32LE(9, 8)
    writeFileSync(file, later)
    expect(() => Snapshot.open(file)).toThrow('snapshot format 9, this is a product for format 1')
  })

  it('announces no more than it has: every length and count, whoever computed the digests', () => {
    const { file } = saved()
    const original = ContainerFile.open(file)
    const names = [...original.entries.keys()].filter(name => !name.startsWith('environment'))
    const regions = new Map(names.map(name => [name, Buffer.from(original.region(name))]))
    original.close()
    const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.nat(),
        fc.constantFrom(0x7f, 0xff, 0x87, 0x80),
        (name, at, value) => {
          const altered = Buffer.from(regions.get(name)!)
          if (altered.length === 0) return
          altered[at % altered.length] = value
          const other = new Map([...regions, [name, altered] as const])
          writeContainer(file, other)
          expect(encodeContainer(other).id).not.toBe(sha256(altered))
          // It may still be well formed; else it is one InputError, soon.
          try {
            readAll(file)
          } catch (error) {
            expect(error).toBeInstanceOf(InputError)
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  it('a unit is read back as it was written', () => {
    const bytes = encodeSealed(sealed(unit('u')))
    expect(decodeSealed(bytes, {}).unit).toEqual(unit('u'))
    for (let length = 0; length < bytes.length; length++)
      expect(() => decodeSealed(bytes.subarray(0, length), {})).toThrow(InputError)
  })
})

it('what killed saves have left is removed by the next one', () => {
  const path = folder()
  const file = join(path, 's.ixsnap')
  // No process has this number: it is above the largest one of every system.
  writeFileSync(`${file}.99999999.tmp`, 'half a snapsh')
  writeFileSync(`${file}.${process.ppid}.tmp`, 'of a process that lives')
  saveSnapshot(file, contents(path, UNITS))
  expect(readdirSync(path).sort()).toEqual(
    ['s.ixsnap', `s.ixsnap.${process.ppid}.tmp`, 's.ixsnap.deps', 'x.ndjson'].sort(),
  )
  rmSync(file)
  expect(existsSync(file)).toBe(false)
})

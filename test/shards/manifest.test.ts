import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalRoot } from '../../ixon/merkle.js'
import { InputError } from '../../lean/input-error.js'
import {
  encodeManifest,
  type Manifest,
  openManifest,
  readManifest,
  TREE_NODE,
} from '../../shards/manifest.js'
import { canonicalSet } from '../../shards/merkle.js'

const A = 'aa'.repeat(32)
const B = 'bb'.repeat(32)
const C = 'cc'.repeat(32)

const TWO: Manifest = {
  totalCrossIngress: 20n,
  shards: [
    { id: 0, heartbeats: 30n, ownSize: 30n, crossIngress: 20n, blocks: [A, C], foreign: [B] },
    { id: 1, heartbeats: 20n, ownSize: 20n, crossIngress: 0n, blocks: [B], foreign: [] },
  ],
  tree: [TREE_NODE, 0, 1],
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const u64 = (value: number): string => {
  const buffer = Buffer.alloc(8)
  buffer.writeUInt32LE(value)
  return buffer.toString('hex')
}

/** Written out after ixon.md 5.6, field by field. */
const TWO_WITHOUT_TREE = [
  '4958455300000000',
  `${u64(20)}${u64(0)}`,
  '02000000',
  `00000000${u64(30)}${u64(30)}${u64(20)}`,
  `01${canonicalRoot([B])}`,
  `02000000${A}${C}`,
  `01000000${B}`,
  `01000000${u64(20)}${u64(20)}${u64(0)}`,
  '00',
  `01000000${B}`,
  '00000000',
].join('')

describe('manifest bytes', () => {
  it('follow the layout of the format', () => {
    expect(hex(encodeManifest(TWO))).toBe(`${TWO_WITHOUT_TREE}01010000000000${'0001000000'}`)
    const { tree: _, ...bare } = TWO
    expect(hex(encodeManifest(bare))).toBe(`${TWO_WITHOUT_TREE}00`)
  })

  it('reads files with a tree, without one, and from before there were trees', () => {
    const { tree: _, ...bare } = TWO
    expect(readManifest(encodeManifest(TWO), 'a.ixes')).toEqual(TWO)
    expect(readManifest(encodeManifest(bare), 'a.ixes')).toEqual(bare)
    expect(readManifest(Buffer.from(TWO_WITHOUT_TREE, 'hex'), 'a.ixes')).toEqual(bare)
  })

  it('gives back what was written', () => {
    const u64s = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
    const set = fc
      .array(fc.uint8Array({ minLength: 32, maxLength: 32 }).map(hex), { maxLength: 5 })
      .map(canonicalSet)
    const shards = fc.uniqueArray(
      fc.record({
        id: fc.nat(0xffff_ffff),
        heartbeats: u64s,
        ownSize: u64s,
        crossIngress: u64s,
        blocks: set,
        foreign: set,
      }),
      { selector: shard => shard.id, minLength: 1, maxLength: 6 },
    )
    fc.assert(
      fc.property(shards, fc.boolean(), (list, leftLeaning) => {
        const ids = list.map(shard => shard.id)
        const tree = leftLeaning
          ? [...ids.slice(1).map(() => TREE_NODE), ...ids]
          : ids.flatMap((id, i) => (i < ids.length - 1 ? [TREE_NODE, id] : [id]))
        const manifest: Manifest = {
          totalCrossIngress: list.reduce((sum, shard) => sum + shard.crossIngress, 0n),
          shards: list.map(shard => ({ ...shard })),
          tree,
        }
        expect(readManifest(encodeManifest(manifest), 'a.ixes')).toEqual(manifest)
      }),
    )
  })
})

describe('damaged manifests', () => {
  const bytes = encodeManifest(TWO)
  const fails = (change: (copy: Buffer) => void, message: string): void => {
    const copy = Buffer.from(bytes)
    change(copy)
    expect(() => readManifest(copy, 'a.ixes')).toThrow(message)
  }

  it('end in an InputError at every cut', () => {
    for (let length = 0; length < bytes.length; length++) {
      // Cut right before the tree, the file is one from before there were trees.
      if (length === TWO_WITHOUT_TREE.length / 2) continue
      expect(() => readManifest(bytes.subarray(0, length), 'a.ixes')).toThrow(InputError)
    }
  })

  it('are explained', () => {
    fails(copy => copy.write('JXES'), 'a.ixes, offset 0: not a shard manifest: bad magic bytes')
    fails(copy => copy.writeUInt32LE(0xffffffff, 24), 'a list of 4294967295 shards needs')
    fails(copy => copy.writeUInt8(2, 56), 'offset 56: bad option byte 2 before the assumption root')
    fails(copy => copy.writeUInt8(1, 57), 'shard 0: the assumption root is not the Merkle root')
    fails(copy => copy.writeUInt32LE(0x7fffffff, 89), 'a list of 2147483647 owned blocks needs')
    fails(copy => copy.writeUInt8(0xdd, 93), 'owned blocks are not in ascending order')
    fails(copy => copy.writeUInt32LE(19, 8), 'the total cross ingress is not the sum over the shards')
    fails(copy => copy.writeUInt32LE(0, 193), 'shard id 0 occurs twice')
    fails(copy => copy.writeUInt32LE(7, copy.length - 4), 'tree leaf 7 is not a shard id')
    fails(copy => copy.writeUInt32LE(0, copy.length - 4), 'tree leaf 0 is not a shard id, or occurs twice')
    fails(copy => copy.writeUInt8(2, copy.length - 11), 'unknown tree node 2')
    fails(copy => copy.writeUInt8(1, copy.length - 5), 'the tree has more leaves than there are shards')
    expect(() => readManifest(Buffer.concat([bytes, Uint8Array.of(0)]), 'a.ixes')).toThrow('trailing bytes')
    expect(() => openManifest('/nonexistent/a.ixes')).toThrow(InputError)
  })

  it('never crash the reader', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        changes => {
          const copy = bytes.slice()
          for (const [at, value] of changes) copy[at] = value
          try {
            expect(hex(encodeManifest(readManifest(copy, 'a.ixes')))).toBe(hex(copy))
          } catch (error) {
            expect(error).toBeInstanceOf(InputError)
          }
        },
      ),
      { numRuns: 2000 },
    )
  })
})

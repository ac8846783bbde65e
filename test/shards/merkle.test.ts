import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Address } from '../../ixon/address.js'
import { canonicalRoot } from '../../ixon/merkle.js'
import { InputError } from '../../lean/input-error.js'
import {
  canonicalSet,
  canonicalTree,
  joinRoots,
  membershipPath,
  pathRoot,
  readTree,
} from '../../shards/merkle.js'

// ixon.md 2.5
const BLOCK = 'c0f99f3cc846aceabdba2eb3e1907200372e7a4b52a4a733df7f0d30b84b3978'
const BOOL = 'e6eba3c8b4d19f6a1076b39fa89aec61dccbb960f83d9a62e6acf35a69c9a0a4'
const FALSE = 'dda12bcb330727f6dfb816bc9752aabd0520e6515b79fc8a5a9e713866f4c63e'
const TRUE = 'a29a636176cf1135d077eb074798f9007c78e7801383e9cff363bae5edf05762'

const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes!).toString('hex')
const addresses = fc.array(
  fc.uint8Array({ minLength: 32, maxLength: 32 }).map(bytes => Buffer.from(bytes).toString('hex') as Address),
  { minLength: 1, maxLength: 40 },
)

describe('canonical trees', () => {
  it('agrees with the vectors of ixon.md 6.2 and 5.1', () => {
    expect(canonicalRoot([BOOL])).toBe('ea3de5b227ece9edcdf1417117214a0e9c5588c923a363a904699e2b7c626a12')
    expect(hex(canonicalTree([BOOL]))).toBe(`e200${BOOL}`)
    expect(canonicalRoot([BOOL, FALSE, TRUE])).toBe(
      '80ad218fc9f41712e1e757f00a32bb60e20ef5256f8fb74a69bcb1883d077a51',
    )
    expect(hex(canonicalTree([BOOL, FALSE, TRUE]))).toBe(`e2020200${TRUE}00${FALSE}0200${BOOL}01`)
    expect(canonicalTree([BOOL, FALSE, TRUE])).toHaveLength(104)
    expect(canonicalRoot([BOOL, FALSE, TRUE, BLOCK])).toBe(
      '8e75bb92d25dd586f3c05b9f915079be43f8dc3b2fcccffa773fa291fe0f8a5b',
    )
  })

  it('has no root over the empty set', () => {
    expect(canonicalRoot([])).toBeUndefined()
    expect(canonicalTree([])).toBeUndefined()
  })

  it('depends on the set only', () => {
    expect(canonicalRoot([TRUE, BOOL, TRUE, FALSE])).toBe(canonicalRoot([FALSE, TRUE, BOOL]))
  })

  it('reads back with the same root and leaves', () => {
    fc.assert(
      fc.property(addresses, set => {
        const tree = readTree(canonicalTree(set)!)
        expect(tree.root).toBe(canonicalRoot(set))
        expect(tree.leaves).toEqual(canonicalSet(set))
      }),
    )
  })

  it('leads every member, and nobody else, to the root', () => {
    fc.assert(
      fc.property(addresses, set => {
        const root = canonicalRoot(set)
        for (const member of set) {
          const path = membershipPath(set, member)!
          expect(pathRoot(member, path)).toBe(root)
          expect(pathRoot(BOOL, path)).not.toBe(root)
        }
        expect(membershipPath(set, BOOL)).toBeUndefined()
      }),
    )
  })
})

describe('free-form trees', () => {
  it('joins two roots', () => {
    const pair = readTree(Buffer.from(`e20200${BOOL}0200${TRUE}00${FALSE}`, 'hex'))
    expect(pair.leaves).toEqual([BOOL, TRUE, FALSE])
    expect(pair.root).toBe(
      joinRoots(canonicalRoot([BOOL])!, joinRoots(canonicalRoot([TRUE])!, canonicalRoot([FALSE])!)),
    )
  })

  it('takes padding for 32 zero bytes without leaves', () => {
    const tree = readTree(Uint8Array.of(0xe2, 1))
    expect(tree).toEqual({ root: '00'.repeat(32), leaves: [] })
  })

  it('does not recurse over a deep tree', () => {
    const depth = 200_000
    const bytes = new Uint8Array(1 + depth * 2 + 1).fill(2, 1, 1 + depth)
    bytes[0] = 0xe2
    bytes.fill(1, 1 + depth)
    expect(readTree(bytes).leaves).toEqual([])
  })
})

describe('damaged trees', () => {
  const bytes = canonicalTree([BOOL, FALSE, TRUE])!

  it('are an InputError with the offset at every cut', () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(() => readTree(bytes.subarray(0, length), 'a.tree')).toThrow(InputError)
    }
    expect(() => readTree(Buffer.concat([bytes, Uint8Array.of(0)]), 'a.tree')).toThrow(
      'a.tree, offset 104: 1 bytes after the end of the Merkle tree',
    )
    expect(() => readTree(Uint8Array.of(0xe2, 3))).toThrow('offset 1: unknown tree node 3')
  })

  it('never pass for the original', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const damaged = bytes.slice()
        damaged[at]! ^= change
        try {
          expect(readTree(damaged).root).not.toBe(readTree(bytes).root)
        } catch (error) {
          expect(error).toBeInstanceOf(InputError)
        }
      }),
    )
  })
})

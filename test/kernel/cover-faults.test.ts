import fc from 'fast-check'
import { expect, test } from 'vitest'
import { coverFaults, missingShards, type ShardStatement } from '../../kernel/claim-arguments.js'

/** Shards whose proofs have to be about their numbers. */
const shards = (...ids: number[]) =>
  ids.map(id => ({ id, inputs: [BigInt(id)] }) as unknown as ShardStatement)
const proof = (id: number, file = `${id}.ixp`) => ({ file, inputs: [BigInt(id)] })
const all = Array.from({ length: 64 }, (_, i) => i)

test('shards without a proof are summed up in ranges', () => {
  const missing = (...proven: number[]) =>
    coverFaults(
      shards(...all),
      proven.map(id => proof(id)),
      () => null,
    )
  const some = missing(0, 10)
  expect(some.faults).toEqual(['shards 1-9, 11-63 are not proven'])
  expect(some.missing).toEqual(all.filter(id => id !== 0 && id !== 10))
  expect(missing(...all.slice(0, 63))).toEqual({ faults: ['shard 63 is not proven'], missing: [63] })
  expect(missing(...all)).toEqual({ faults: [], missing: [] })
})

test('what is wrong with proofs comes before what is missing', () => {
  const given = [proof(2), proof(2, 'again.ixp'), proof(4), proof(9, 'other.ixp')]
  const verdict = ({ file }: { file: string }) => (file === '4.ixp' ? 'damaged' : null)
  expect(coverFaults(shards(7, 2, 4, 5, 1), given, verdict)).toEqual({
    faults: [
      '4.ixp (shard 4): damaged',
      'other.ixp is a valid proof of the kernel, but about no shard of this library',
      'shard 2 is proven more than once: 2.ixp, again.ixp',
      'shards 1, 5, 7 are not proven',
    ],
    missing: [1, 5, 7],
  })
})

test('where no proof is about a shard, that is the fault', () => {
  const { faults, missing } = coverFaults(shards(1, 2), [proof(9)], () => null)
  expect(faults).toHaveLength(1)
  expect(missing).toEqual([])
})

test('ranges name every shard once', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(100), { minLength: 1 }), ids => {
      ids.sort((a, b) => a - b)
      const [, text] = /^shards? ([\d, -]+) (is|are) not proven$/.exec(missingShards(ids))!
      const named = text!.split(', ').flatMap(range => {
        const [from, to = from] = range.split('-').map(Number) as [number, number?]
        return Array.from({ length: to! - from + 1 }, (_, i) => from + i)
      })
      expect(named).toEqual(ids)
    }),
  )
})

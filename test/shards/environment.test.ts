import { describe, expect, it } from 'vitest'
import { addressOf } from '../../ixon/address.js'
import { Environment } from '../../ixon/environment.js'
import { canonicalRoot } from '../../ixon/merkle.js'
import { InputError } from '../../lean/input-error.js'
import { coverage } from '../../shards/coverage.js'
import { environmentGraph } from '../../shards/graph.js'
import { TREE_NODE } from '../../shards/manifest.js'
import { manifestOf, partition } from '../../shards/partition.js'
import { claimOf, shardClaim } from '../../shards/shard-claim.js'

const bytes = (hex: string): Uint8Array => Buffer.from(hex.replaceAll(' ', ''), 'hex')

// Bool and its projections (ixon.md 2.5).
const BOOL_BLOCK = bytes('c10100000000000200000000003000000001000030000000010100')
const BLOCK = addressOf(BOOL_BLOCK)
const BOOL = addressOf(bytes(`d600 ${BLOCK} 000000`))
const FALSE = addressOf(bytes(`d40000 ${BLOCK} 000000`))
const TRUE = addressOf(bytes(`d40001 ${BLOCK} 000000`))
const bool = [BOOL_BLOCK, ...['d600', 'd40000', 'd40001'].map(head => bytes(`${head} ${BLOCK} 000000`))]
/** `def b : Bool := Bool.true`: refs ascend, Bool.true (a2..) before Bool (e6..). */
const USER = bytes(`d001 00 2001 2000 00 02 ${TRUE} ${BOOL} 00`)

function environmentOf(...constants: Uint8Array[]): Environment {
  const map = new Map(constants.map(constant => [addressOf(constant), constant]))
  return Environment.fromData(
    { constants: map, blobs: new Map(), names: new Map(), ungrounded: [] },
    'test.ixe',
  )
}

describe('the graph of an environment', () => {
  it('has a block for every constant that is no projection, and lifts references to blocks', () => {
    const graph = environmentGraph(environmentOf(...bool, USER))
    expect(graph.constants).toHaveLength(5)
    expect(graph.addresses).toEqual([BLOCK, addressOf(USER)].sort())
    const user = graph.addresses.indexOf(addressOf(USER))
    const block = graph.addresses.indexOf(BLOCK)
    const { offsets, entries } = graph.producers
    expect([...entries.subarray(offsets[user]!, offsets[user + 1]!)]).toEqual([block])
    expect(offsets[block + 1]! - offsets[block]!).toBe(0)
    expect(graph.sizes[block]).toBe(27)
    expect(
      graph.constants.map(address => graph.addresses[graph.blockOf[graph.constants.indexOf(address)]!]),
    ).toEqual(graph.constants.map(address => (address === addressOf(USER) ? addressOf(USER) : BLOCK)))
  })

  it('ignores references to what the environment does not have', () => {
    const graph = environmentGraph(environmentOf(USER))
    expect(graph.producers.entries).toHaveLength(0)
  })

  it('refuses a projection out of a block that is not there', () => {
    expect(() => environmentGraph(environmentOf(bool[1]!))).toThrow(InputError)
  })

  it('is partitioned and covered', () => {
    const graph = environmentGraph(environmentOf(...bool, USER))
    expect(coverage(graph, manifestOf(graph, partition(graph, { shards: 2 })))).toMatchObject({ ok: true })
    const apart = { shardOf: Uint32Array.of(0, 1), tree: [TREE_NODE, 0, 1], nets: 1, moves: 0 }
    const manifest = manifestOf(graph, { ...apart, costs: new Float64Array(2) })
    expect(coverage(graph, manifest)).toMatchObject({ ok: true })
    const consumer = manifest.shards.find(shard => shard.blocks.includes(addressOf(USER)))!
    expect(consumer.foreign).toEqual([BLOCK])
    expect(consumer.ownSize).toBe(BigInt(USER.length))
    expect(manifest.totalCrossIngress).toBe(27n)
    const other = manifest.shards.find(shard => shard !== consumer)!
    expect(coverage(graph, { ...manifest, shards: [consumer] }).uncovered).toEqual(
      [BLOCK, BOOL, FALSE, TRUE].sort(),
    )
    expect(coverage(graph, { ...manifest, shards: [consumer, other] }).constantsOf).toEqual([1, 4])
  })
})

describe('the claim of a shard', () => {
  it('of everything is the environment claim of ixon.md 6.2', () => {
    const claim = shardClaim(environmentOf(...bool), [BLOCK])!
    expect(claim.owned).toEqual([BLOCK, BOOL, FALSE, TRUE].sort())
    expect(claim.frontier).toEqual([])
    expect(claim.claim).toEqual({
      kind: 'checkEnv',
      root: '8e75bb92d25dd586f3c05b9f915079be43f8dc3b2fcccffa773fa291fe0f8a5b',
    })
    expect(claim.digest).toBe('ec017e7e5fbb4019c85a1d097057cbeb9b21014a68c84f6441091eba3ac64e09')
  })

  it('assumes the constants that an owned one refers to directly, in the environment only', () => {
    const claim = shardClaim(environmentOf(...bool, USER), [addressOf(USER)])!
    expect(claim.owned).toEqual([addressOf(USER)])
    expect(claim.frontier).toEqual([TRUE, BOOL].sort())
    expect(claim.claim.assumptions).toBe(canonicalRoot([TRUE, BOOL]))
    const alone = shardClaim(environmentOf(USER), [addressOf(USER)])!
    expect(alone.frontier).toEqual([])
    expect(alone.digest).not.toBe(claim.digest)
  })

  it('assumes the block of a projection that is owned alone', () => {
    expect(claimOf(environmentOf(...bool), [TRUE])!.frontier).toEqual([BLOCK])
  })

  it('does not exist for no constants', () => {
    expect(shardClaim(environmentOf(...bool), [])).toBeUndefined()
  })
})

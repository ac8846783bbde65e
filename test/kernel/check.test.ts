import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { checkConstraints } from '../../aiur/circuit/constraints.js'
import { compileEnvironment } from '../../ixon/compile/compile.js'
import { Environment } from '../../ixon/environment.js'
import { check } from '../../kernel/check.js'
import type { CheckTarget } from '../../kernel/target.js'
import type { Verdict } from '../../kernel/verdict.js'
import { openNdjson } from '../../lean/ndjson/source.js'
import { claimDigest } from '../../shards/claim.js'
import { claimOf, shardClaim } from '../../shards/shard-claim.js'
import { Store } from './claims.js'

const FOLDER = '../shared/data/arena/'
const data = existsSync(FOLDER)
if (!data) console.log(`check.test.ts: no ${FOLDER}, skipped`)

function open(file: string): Environment {
  return Environment.fromData(compileEnvironment(openNdjson(`${FOLDER}${file}.ndjson`)), file)
}

function named(environment: Environment, ...names: string[]): CheckTarget {
  return { kind: 'constants', addresses: names.map(name => environment.addressOf(name)!) }
}

const all = (environment: Environment): CheckTarget => ({
  kind: 'constants',
  addresses: [...environment.addresses()],
})
const failures = (verdict: Verdict) => verdict.failed.map(({ name, reason }) => `${name}: ${reason}`)

describe.skipIf(!data)('check', () => {
  test('one constant: a Check claim, with the run that establishes it', async () => {
    const environment = open('047_good_andType')
    const verdict = await check({ environment, target: named(environment, 'And.rec') })
    expect(verdict).toMatchObject({ status: 'accepted', failed: [], undecided: [], assumptions: [] })
    const constant = environment.addressOf('And.rec')!
    expect(verdict.claimDigest).toBe(claimDigest({ kind: 'check', constant }))
    const { layout, record, call } = verdict.run!
    expect(checkConstraints(layout, record, call)).toEqual([])
  })

  test('several constants: the CheckEnv claim of their closure', async () => {
    const environment = open('047_good_andType')
    const verdict = await check({ environment, target: all(environment) })
    expect(verdict.status).toBe('accepted')
    expect(verdict.claimDigest).toBe(claimOf(environment, environment.addresses())!.digest)
    // And, And.intro, And.rec and andType; a block itself is no constant.
    expect(verdict.checked).toBe(4)
  })

  test('a shard: the claim of its blocks', async () => {
    const environment = open('153_good_natAddZeroLeft')
    const block = environment.blockOf(environment.addressOf('Nat.add')!)
    const claim = shardClaim(environment, [block])!
    expect(claim.frontier.length).toBeGreaterThan(0)
    const verdict = await check({ environment, target: { kind: 'shard', claim } })
    expect(verdict).toMatchObject({
      status: 'accepted',
      claimDigest: claim.digest,
      checked: claim.owned.length,
    })
  })

  test('every failure is listed, and the rest is accepted', async () => {
    const environment = open('151_bad_r6NegBox')
    const verdict = await check({ environment, target: all(environment) })
    expect(verdict.status).toBe('rejected')
    expect(failures(verdict)).toEqual([
      'r6NegBox.mk: non-positive occurrence of an inductive type',
      'r6Host: non-positive occurrence of an inductive type',
    ])
    expect(verdict.checked).toBeGreaterThan(0)
    const { layout, record, call } = verdict.run!
    expect(checkConstraints(layout, record, call)).toEqual([])
  })

  test('a single target stops at the first failure', async () => {
    const environment = open('002_bad_badDef')
    const verdict = await check({ environment, target: named(environment, 'badDef') })
    expect(verdict.status).toBe('rejected')
    expect(failures(verdict)).toEqual([expect.stringMatching(/^badDef: a term does not have the type/)])
    expect(verdict.run).toBeUndefined()
    expect(verdict.claimDigest).toBeUndefined()
  })

  test('limits leave the question open', async () => {
    const environment = open('153_good_natAddZeroLeft')
    const target = all(environment)
    for (const limits of [{ rows: 1000 }, { memory: 1 << 20 }, { seconds: 0.001 }]) {
      const verdict = await check({ environment, target, limits })
      expect(verdict.status).toBe('undecided')
      expect(verdict.undecided[0]!.reason).toMatch(/limit/)
      expect(verdict.run).toBeUndefined()
    }
  })

  test('progress counts constants', async () => {
    const environment = open('137_good_stringEmptyOfList')
    const seen: number[] = []
    const totals = new Set<number>()
    const { checked } = await check({
      environment,
      target: all(environment),
      onProgress: ({ phase, done, total }) => {
        expect(phase).toBe('execute')
        seen.push(done)
        totals.add(total)
      },
    })
    expect(seen.length).toBeGreaterThan(0)
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
    expect([...totals]).toEqual([checked])
  })

  test('axioms are named', async () => {
    const environment = open('091_good_quotSoundType')
    const { status, assumptions } = await check({ environment, target: all(environment) })
    expect(status).toBe('accepted')
    expect(assumptions.map(({ name, kind }) => `${kind} ${name}`)).toEqual(['axiom Quot.sound'])
  })

  // The claim owns the theorem alone; division, by which it holds, is checked with what it rests on.
  test('a claim names the axioms behind the primitives that computed', async () => {
    const environment = open('166_good_natDivTrunc')
    const claim = claimOf(environment, [environment.addressOf('natDivTrunc')!])!
    const { status, assumptions } = await check({ environment, target: { kind: 'shard', claim } })
    expect(status).toBe('accepted')
    expect(assumptions.map(({ name, kind }) => `${kind} ${name}`)).toContain('axiom Nat.div_rec_fuel_lemma')
    expect(assumptions.filter(({ kind }) => kind === 'primitive')).toEqual([])
  })

  test('a primitive without a body is assumed, and named', async () => {
    const environment = open('179_good_natGcdCoprime')
    const { status, assumptions } = await check({ environment, target: all(environment) })
    expect(status).toBe('accepted')
    expect(assumptions.map(({ name, kind }) => `${kind} ${name}`)).toContain('primitive Nat.gcd')
  })
})

test('a constant outside the claim that is malformed: named, and its user taken out', async () => {
  const store = new Store()
  const bad = store.put('d2 02 00 00 00 00 0100')
  const user = store.put(`d2 00 00 2000 00 01 ${bad} 00`)
  const good = store.put('d2 00 00 00 00 00 0100')
  const { constants, blobs } = store
  const environment = Environment.fromData({ constants, blobs, names: new Map(), ungrounded: [] }, 'made')
  const claim = claimOf(environment, [user, good])!
  expect(claim.frontier).toEqual([bad])
  const verdict = await check({ environment, target: { kind: 'shard', claim } })
  expect(verdict).toMatchObject({ status: 'rejected', checked: 1 })
  expect(verdict.failed.map(({ address }) => address)).toEqual([bad])
  expect(verdict.claimDigest).toBe(claimOf(environment, [good])!.digest)
})

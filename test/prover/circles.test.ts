import { describe, expect, test } from 'vitest'
import { P } from '../../aiur/vm/goldilocks.js'
import type { Claim } from '../../prover/shape.js'
import { block, call, fn, listWalk, program, ret } from '../aiur/bytecode-builder.js'
import { Forger } from './forger.js'
import { BALANCE, claimed } from './forgeries/forgery.js'

describe('circles', () => {
  const passes = (callee: number) => block([call(callee, [0])], ret(0, 1))
  const ranks = [0n, 1n, P - 1n, 1n << 32n]

  test('a call that supports itself', () => {
    const p = program(fn('f', 1, 1, passes(0)))
    const unranked = new Forger(p, { ranks: false })
    expect(unranked.attempt([unranked.trace('f', [[3, 1, 2, 42]])], claimed([3], [42]))).toBeNull()
    const forger = new Forger(p)
    for (const r of ranks)
      for (const claimedRank of [r, r + 1n].map(x => x % P))
        expect(
          forger.attempt([forger.trace('f', [[3, 1, 2, 42, r]])], claimed([3], [42], 0, claimedRank)),
        ).toMatch(BALANCE)
  })

  test('two functions that support each other', () => {
    const p = program(fn('g', 1, 1, passes(1)), fn('f', 1, 1, passes(0)))
    const rows = (forger: Forger, g: (number | bigint)[], f: (number | bigint)[]) => [
      forger.trace('g', [[3, 1, 1, 42, ...g]]),
      forger.trace('f', [[3, 1, 2, 42, ...f]]),
    ]
    const unranked = new Forger(p, { ranks: false })
    expect(unranked.attempt(rows(unranked, [], []), claimed([3], [42], 1))).toBeNull()
    const forger = new Forger(p)
    for (const r of ranks)
      expect(forger.attempt(rows(forger, [r], [r + 1n]), claimed([3], [42], 1, (r + 2n) % P))).toMatch(
        BALANCE,
      )
  })

  test('three functions in a circle', () => {
    const p = program(fn('h', 1, 1, passes(2)), fn('g', 1, 1, passes(0)), fn('f', 1, 1, passes(1)))
    const rows = (forger: Forger, rank: (x: bigint) => bigint[]) => [
      forger.trace('h', [[3, 1, 1, 42, ...rank(2n)]]),
      forger.trace('g', [[3, 1, 1, 42, ...rank(0n)]]),
      forger.trace('f', [[3, 1, 2, 42, ...rank(1n)]]),
    ]
    const unranked = new Forger(p, { ranks: false })
    expect(
      unranked.attempt(
        rows(unranked, () => []),
        claimed([3], [42], 2),
      ),
    ).toBeNull()
    const forger = new Forger(p)
    for (const r of ranks)
      expect(
        forger.attempt(
          rows(forger, x => [(r + x) % P]),
          claimed([3], [42], 2, (r + 2n) % P),
        ),
      ).toMatch(BALANCE)
  })

  test('a list that contains itself', () => {
    const p = listWalk()
    const attempt = (forger: Forger, rank: (number | bigint)[], claim: Claim) =>
      forger.attempt(
        [
          forger.trace('all', [[0, 0, 1, 2, 1, 0, 42, ...rank]]),
          forger.trace('memory[2]', [[1, 1, 0, 1, 0]]),
        ],
        claim,
      )
    expect(attempt(new Forger(p, { ranks: false }), [], claimed([0], [42]))).toBeNull()
    for (const r of ranks)
      expect(attempt(new Forger(p), [r], claimed([0], [42], 0, (r + 1n) % P))).toMatch(BALANCE)
  })
})

import { expect, it } from 'vitest'
import { Random } from '../fuzz/random.js'
import { checkCanonicalClasses, checkRandomPairs } from './universe-classes.js'

it('canonicalises all 22,140 levels of at most 7 nodes to 757 representatives', () => {
  expect(checkCanonicalClasses(7)).toEqual({ levels: 22_140, classes: 757 })
})

it('canonicalises 100,000 pairs of random levels on four parameters', () => {
  expect(checkRandomPairs(100_000, new Random(7))).toBeGreaterThan(10_000)
})

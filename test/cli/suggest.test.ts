import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { editDistance, nearest } from '../../cli/suggest.js'

describe('edit distance', () => {
  it.each([
    ['', '', 0],
    ['shard', 'shrad', 1],
    ['check', 'chek', 1],
    ['check', 'chekc', 1],
    ['abc', '', 3],
    ['ca', 'abc', 3],
    ['kitten', 'sitting', 3],
  ])('of %j and %j is %i', (a, b, edits) => {
    expect(editDistance(a, b, 10)).toBe(edits)
    expect(editDistance(b, a, 10)).toBe(edits)
  })

  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 })

  it('below the limit does not depend on the limit', () => {
    fc.assert(
      fc.property(word, word, fc.nat(5), (a, b, limit) => {
        const edits = editDistance(a, b, 100)
        const bounded = editDistance(a, b, limit)
        if (edits <= limit) expect(bounded).toBe(edits)
        else expect(bounded).toBeGreaterThan(limit)
      }),
    )
  })
})

describe('suggestions', () => {
  it('come nearest first, then by the alphabet, whatever the order of the candidates', () => {
    const candidates = ['Nat.add_mod', 'Nat.and_comm', 'Nat.add_comm', 'Nat.mul', 'Nat.add_com']
    expect(nearest('Nat.add_com', candidates, { most: 3 })).toEqual([
      'Nat.add_com',
      'Nat.add_comm',
      'Nat.add_mod',
    ])
    expect(nearest('Nat.add_com', candidates.reverse(), { most: 3 })[1]).toBe('Nat.add_comm')
  })

  it('are none for what resembles nothing, and do not mind letter case', () => {
    expect(nearest('xyz', ['check', 'prove'])).toEqual([])
    expect(nearest('CHECK', ['check', 'prove'])).toEqual(['check'])
  })
})

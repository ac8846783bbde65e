import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  cheapestGroupDegree,
  groupingOrder,
  groupSizes,
  quotientDegreeOf,
  stepDegree,
} from '../../aiur/circuit/grouping.js'

const degrees = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 300 })

test('groups hold all lookups in order, within the degree unless alone, and none could be merged with the next', () => {
  fc.assert(
    fc.property(degrees, fc.integer({ min: 1, max: 4 }), (messages, most) => {
      const sizes = groupSizes(messages, most)
      expect(sizes.reduce((a, b) => a + b, 0)).toBe(messages.length)
      let at = 0
      const sums = sizes.map(size => {
        at += size
        return messages.slice(at - size, at).reduce((a, b) => a + b, 0)
      })
      sums.forEach((sum, i) => {
        if (sizes[i]! > 1) expect(sum).toBeLessThanOrEqual(most)
        if (i > 0) {
          const first = messages[sizes.slice(0, i).reduce((a, b) => a + b, 0)]!
          expect(sums[i - 1]! + first).toBeGreaterThan(most)
        }
      })
      expect(stepDegree(messages, sizes)).toBe(1 + Math.max(...sums))
    }),
  )
})

test('the order keeps the provided message first and sorts the others', () => {
  fc.assert(
    fc.property(degrees, messages => {
      const order = groupingOrder(messages)
      expect(order[0]).toBe(0)
      expect(order.toSorted((a, b) => a - b)).toEqual(messages.map((_, i) => i))
      const others = order.slice(1).map(i => messages[i]!)
      expect(others).toEqual(others.toSorted((a, b) => b - a))
    }),
  )
})

test('degree 5 is for hundreds of lookups, degree 2 for circuits without products', () => {
  const ones = (n: number) => new Array<number>(n).fill(1)
  const quotient = (messages: number[], constraints: number) => {
    const group = cheapestGroupDegree(messages, constraints)
    return quotientDegreeOf(Math.max(constraints, stepDegree(messages, groupSizes(messages, group))))
  }
  expect(quotient(ones(1), 2)).toBe(1)
  expect(quotient(ones(8), 2)).toBe(2)
  expect(quotient(ones(100), 3)).toBe(2)
  expect(quotient(ones(240), 3)).toBe(4)
})

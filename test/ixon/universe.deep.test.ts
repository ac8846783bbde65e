import { expect, it } from 'vitest'
import { checkCanonicalClasses } from './universe-classes.js'

it('canonicalises all 22,140 levels of at most 7 nodes to 757 representatives', () => {
  expect(checkCanonicalClasses(7)).toEqual({ levels: 22_140, classes: 757 })
})

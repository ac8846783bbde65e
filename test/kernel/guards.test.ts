/** What `npm run guards` takes out of the kernel: every assertion and range check, one at a time. */
import { expect, test } from 'vitest'
import { compile } from '../../aiur/language/compile.js'
import { ENTRY, kernelSources } from '../../kernel/sources.js'
import { guardNames, guardsOf, withoutGuard } from './guards.js'

const sources = kernelSources()

test('each guard can be taken out by itself', () => {
  let count = 0
  for (const source of sources) {
    const guards = guardsOf(source)
    count += guards.length
    guards.forEach((guard, i) => {
      const left = guardsOf({ ...source, text: withoutGuard(source.text, guard) })
      const names = guardNames(guards.filter((_, j) => j !== i))
      expect(guardNames(left)).toEqual(names)
    })
  }
  expect(count).toBeGreaterThan(200)
})

test.each(['recursor.aiur', 'nat.aiur', 'blake3.aiur', 'def_eq.aiur'])('%s compiles without one', file => {
  const source = sources.find(({ name }) => name === `kernel/${file}`)!
  const guard = guardsOf(source).at(-1)!
  const weakened = sources.map(each =>
    each === source ? { ...each, text: withoutGuard(source.text, guard) } : each,
  )
  expect(() => compile(weakened, { roots: [ENTRY] })).not.toThrow()
})

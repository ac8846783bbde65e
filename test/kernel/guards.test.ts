/** What `npm run guards` does to the kernel, one at a time. */
import { expect, test } from 'vitest'
import { compile } from '../../aiur/language/compile.js'
import { ENTRY, kernelSources } from '../../kernel/sources.js'
import { decisionsOf, guardsOf, weakened, weakeningNames } from './weakenings.js'

const sources = kernelSources()

test('each guard can be taken out by itself', () => {
  let count = 0
  for (const source of sources) {
    const guards = guardsOf(source)
    count += guards.length
    guards.forEach((guard, i) => {
      const left = guardsOf({ ...source, text: weakened(source.text, guard) })
      const names = weakeningNames(guards.filter((_, j) => j !== i))
      expect(weakeningNames(left)).toEqual(names)
    })
  }
  expect(count).toBeGreaterThan(200)
})

test('decisions are matches on 0, 1 and perhaps a third', () => {
  const text = `fn f(e: &Expr, n: G) -> G {
  match load(e) { Expr.App(f, x) => match g(f, x) { 1 => 0, _ => h({ 0 }, [1, 2]), }, _ => 0, } -- match n { 0 => 1, 1 => 0, }
  match n { 0 => (1, 2), 1 => 3, 2 => 4, }
  match m { 0 => (1, 2), 1 => 3, _ => 4, }
  match m { 0 => 1, 7 => 3, _ => 4, }
  match ptr_val(a) - ptr_val(b) { 0 => 1, _ => k(a, b), }
  match #k(a, b) { 0 => (), 1 => assert_eq!(a, b); (), }
}`
  const decisions = decisionsOf({ name: 'kernel/f.aiur', text })
  expect(decisions.map(each => each.text)).toEqual([
    'match g(f, x) as if 1',
    'match g(f, x) as if 0',
    'match m as if 0',
    'match m as if 1',
    'match m as if 2',
    'match ptr_val(a) - ptr_val(b) as if 0',
    'match #k(a, b) as if 0',
    'match #k(a, b) as if 1',
  ])
  expect(weakened(text, decisions[5]!)).toBe(text.replace('ptr_val(a) - ptr_val(b)', '0'))
})

test.each([
  ['recursor.aiur', guardsOf],
  ['nat.aiur', guardsOf],
  ['blake3.aiur', guardsOf],
  ['def_eq.aiur', guardsOf],
  ['positivity.aiur', decisionsOf],
  ['levels.aiur', decisionsOf],
])('%s compiles when weakened (%o)', (file, weakeningsOf) => {
  const source = sources.find(({ name }) => name === `kernel/${file}`)!
  const last = weakeningsOf(source).at(-1)!
  const weaker = sources.map(each =>
    each === source ? { ...each, text: weakened(source.text, last) } : each,
  )
  expect(() => compile(weaker, { roots: [ENTRY] })).not.toThrow()
})

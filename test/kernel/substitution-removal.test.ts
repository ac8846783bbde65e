/**
 * Substitution leaves alone what advice says has nothing to replace. Advice that says so of something else, or walks on where
 * it must not, makes a wrong term in a kernel without the assertion that checks it.
 */
import { expect, test } from 'vitest'
import { compile } from '../../aiur/language/compile.js'
import { execute } from '../../aiur/vm/interpreter.js'
import { IoBuffer } from '../../aiur/vm/io.js'
import { kernelSources } from '../../kernel/sources.js'
import { type Mutation, mutated } from './mutation.js'

/** Asserts that `made` is `result`, on a kernel with functions that replace its own. */
function holds(made: string, result: string, lie: string, without: readonly Mutation[] = []): boolean {
  const main = {
    name: 'main',
    text: `
fn closed() -> &Expr { store(Expr.Sort(store(Level.Zero))) }
fn var(i: G) -> &Expr { store(Expr.BVar(i)) }
fn free(k: G) -> &Expr { store(Expr.FVar(k, closed())) }
fn level() -> &Expr { store(Expr.Sort(store(Level.Param(0)))) }
fn one() -> &Expr { store(Expr.Sort(store(Level.Succ(store(Level.Zero))))) }
fn at_one(e: &Expr) -> &Expr { inst_levels(e, store(List.Cons(store(Level.Succ(store(Level.Zero))), store(List.Nil)))) }
pub fn main() { assert_eq!(${made}, ${result}); }`,
  }
  const program = compile([...without.reduce(mutated, kernelSources()), main], {
    roots: ['main'],
    overlay: [{ name: 'overlay', text: lie }],
  })
  return execute(program, 'main', [], new IoBuffer()).ok
}

const substitution = (from: string, to = ''): Mutation => ({ file: 'substitution.aiur', from, to })
const bounded = (part: string): Mutation =>
  substitution(`      assert_eq!(level_bound(${part}), 0);\n      e,\n`, '      e,\n')

interface Case {
  readonly name: string
  readonly made: string
  readonly right: string
  readonly wrong: string
  readonly lie: string
  readonly without: Mutation
}

const NOTHING = ''
/** Arms of `inst_levels` that leave a part alone, with the pattern that takes the term apart. */
const LEVEL_ARMS: readonly (readonly [
  arm: number,
  what: string,
  pattern: string,
  part: string,
  left: string,
])[] = [
  [2, 'a function', 'let Expr.App(f, x) = load(e);', 'f', 'store(Expr.App(level(), closed()))'],
  [3, 'an argument', 'let Expr.App(f, x) = load(e);', 'x', 'store(Expr.App(closed(), level()))'],
  [
    4,
    'the domain of an abstraction',
    'let Expr.Lam(t, b) = load(e);',
    't',
    'store(Expr.Lam(level(), closed()))',
  ],
  [5, 'the domain of a type', 'let Expr.Pi(t, b) = load(e);', 't', 'store(Expr.Pi(level(), closed()))'],
]

const CASES: readonly Case[] = [
  {
    name: 'what is left alone has no loose variable',
    made: 'inst1(var(0), closed())',
    right: 'closed()',
    wrong: 'var(0)',
    lie: 'fn walk_shape(e: &Expr, d: G) -> G { 0 }',
    without: substitution('  let (r, _) = bounds(e);\n  let _ = u32_range_check(d - r);\n  ()\n', '  ()\n'),
  },
  {
    name: 'what is left alone has no free variable that becomes a bound one',
    made: 'abstract1(free(0), 0)',
    right: 'var(0)',
    wrong: 'free(0)',
    lie: 'fn is_free_below(e: &Expr, k: G) -> G { 1 }',
    without: substitution(
      '      let (_, v) = bounds(e);\n      let _ = u32_range_check(k - v);\n      e,\n',
      '      e,\n',
    ),
  },
  {
    name: 'a free variable of a lower level does not become a bound one',
    made: 'abstract1(free(0), 1)',
    right: 'free(0)',
    wrong: 'var(1)',
    lie: 'fn is_free_below(e: &Expr, k: G) -> G { 0 }',
    without: substitution('          let _ = u32_range_check(j - k);\n'),
  },
  {
    name: 'what is left alone has no level parameter',
    made: 'at_one(level())',
    right: 'one()',
    wrong: 'level()',
    lie: 'fn level_walk_shape(e: &Expr) -> G { 0 }',
    without: bounded('e'),
  },
  ...LEVEL_ARMS.map(
    ([arm, what, pattern, part, left]): Case => ({
      name: `what is left alone has no level parameter: ${what}`,
      made: `at_one(${left})`,
      right: left.replace('level()', 'one()'),
      wrong: left,
      lie: `fn level_walk_shape(e: &Expr) -> G {
  match load(e) {
    Expr.Sort(&Level.Zero) => 0,
    Expr.Sort(_) => 1,
    _ => ${arm},
  }
}`,
      without: substitution(
        `    ${arm} =>\n      ${pattern}\n      assert_eq!(level_bound(${part}), 0);\n`,
        `    ${arm} =>\n      ${pattern}\n`,
      ),
    }),
  ),
]

test.each(CASES)('$name', ({ made, right, wrong, lie, without }) => {
  expect(holds(made, right, NOTHING)).toBe(true)
  expect(holds(made, wrong, NOTHING)).toBe(false)
  expect(holds(made, wrong, lie)).toBe(false)
  expect(holds(made, wrong, lie, [without])).toBe(true)
})

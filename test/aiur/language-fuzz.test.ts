import fc from 'fast-check'
import { expect, it } from 'vitest'
import { CompileError, compile } from '../../aiur/language/compile.js'
import { PROGRAMS } from './programs.js'

const SOURCES = [
  ...PROGRAMS.map(p => p.source),
  `#syntax reference
   /- lists -/ enum List‹T› { Nil, Cons(T, &List‹T›) } type Gs = &List‹G›
   fn rev‹T›(l: &List‹T›, acc: &List‹T›) -> &List‹T› { match l { &List.Nil => acc, &List.Cons(x, t) => rev(t, store(List.Cons(x, acc))), } }
   pub fn f(a: [G; 3]) -> G { fold(0 .. 3, 0, |s, @i| s + a[@i] * 0x10); let l: Gs = store(List.Nil); ptr_val(rev(l, l)) }`,
]
const TOKENS = [
  ...'(){}[]‹›<>,;:=|&+-*@#_.'.split(''),
  ...[
    '..',
    '=>',
    '->',
    '--',
    '/-',
    '-/',
    '"',
    'match',
    'let',
    'return',
    'fold',
    'fn',
    'pub',
    'enum',
    'type',
    'G',
    'U8',
  ],
  ...[
    'store',
    'load',
    '0',
    '1',
    '99999',
    '7u8',
    '0x',
    'f',
    'a',
    'x',
    'E.A',
    '.f',
    '@f(a)',
    '#f(a)',
    '\n',
    '\0',
    'é',
    '𝔽',
  ],
]

const mutations = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    remove: fc.integer({ min: 0, max: 12 }),
    insert: fc.oneof(fc.constantFrom(...TOKENS), fc.string({ maxLength: 4 }), fc.constant('')),
  }),
  { minLength: 1, maxLength: 4 },
)

function mutate(source: string, changes: readonly { at: number; remove: number; insert: string }[]): string {
  let text = source
  for (const { at, remove, insert } of changes) {
    const from = Math.floor(at * text.length)
    text = text.slice(0, from) + insert + text.slice(from + remove)
  }
  return text
}

/** Compiles, or fails with a CompileError whose place is in the text. */
function compiles(text: string): boolean {
  try {
    compile([{ name: 'fuzz', text }])
    return true
  } catch (error) {
    if (!(error instanceof CompileError)) throw error
    const lines = text.split('\n')
    expect(error.line).toBeLessThanOrEqual(lines.length)
    expect(error.column).toBeLessThanOrEqual(lines[error.line - 1]!.length + 1)
    return false
  }
}

it('a mutated source compiles or ends in one CompileError', () => {
  let accepted = 0
  let rejected = 0
  fc.assert(
    fc.property(fc.constantFrom(...SOURCES), mutations, (source, changes) => {
      if (compiles(mutate(source, changes))) accepted++
      else rejected++
    }),
    { numRuns: 3000 },
  )
  expect(accepted).toBeGreaterThan(0)
  expect(rejected).toBeGreaterThan(accepted)
})

it('any order of tokens ends in one CompileError', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...TOKENS), { maxLength: 40 }), tokens => {
      compiles(tokens.join(' '))
      compiles(`pub fn f(a: G) -> G { ${tokens.join(' ')} }`)
    }),
    { numRuns: 1000 },
  )
})

it('absurd nesting is an error, not a crash', () => {
  const nested = (open: string, close: string): string => open.repeat(100_000) + close.repeat(100_000)
  expect(() => compile([{ name: 'deep', text: `fn f() -> G { ${nested('(', ')')} }` }])).toThrow(
    'nested too deeply',
  )
  expect(() => compile([{ name: 'deep', text: `fn f(x: ${'&'.repeat(100_000)}G) {}` }])).toThrow(
    'nested too deeply',
  )
  expect(() => compile([{ name: 'deep', text: nested('/-', '-/') }])).not.toThrow()
  const sum = Array.from({ length: 50_000 }, () => 'a').join(' + ')
  for (const syntax of ['ix', 'reference'] as const) {
    expect(() => compile([{ name: 'deep', text: `pub fn f(a: G) -> G { ${sum} }` }], { syntax })).toThrow(
      'nested too deeply',
    )
  }
})

it('folds in folds are bounded', () => {
  const fold = (body: string): string => `fold(0 .. 60000, 0, |s, @i| s + ${body})`
  expect(() => compile([{ name: 'f', text: `pub fn f() -> G { ${fold(fold(fold('1')))} }` }])).toThrow(
    'terms after unrolling folds',
  )
})

it('replicated elements are bounded', () => {
  for (const element of ['a', '()']) {
    const text = `fn f(a: G) { let x = [[${element}; 60000]; 60000]; }`
    expect(() => compile([{ name: 'f', text }])).toThrow('terms after expansion')
  }
})

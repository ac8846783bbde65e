import { describe, expect, it } from 'vitest'
import { CompileError, type CompileOptions, compile } from '../../aiur/language/compile.js'

/** Compiles a source in which `«…»` marks the place that the error must underline. */
function errorOf(marked: string, options: CompileOptions = {}): CompileError {
  const start = marked.indexOf('«')
  const end = marked.indexOf('»') - 1
  const text = marked.replace('«', '').replace('»', '')
  let error: unknown
  try {
    compile([{ name: 'f.aiur', text }], options)
  } catch (thrown) {
    error = thrown
  }
  if (!(error instanceof CompileError)) throw new Error(`no CompileError for: ${text} (${error})`)
  const before = text.slice(0, start).split('\n')
  const line = before.length
  const column = before.at(-1)!.length + 1
  const sourceLine = text.split('\n')[line - 1]!
  expect(error.message.split('\n')[0]).toBe(`f.aiur:${line}:${column}: ${error.reason}`)
  expect([error.file, error.line, error.column]).toEqual(['f.aiur', line, column])
  const width = Math.max(1, Math.min(end - start, sourceLine.length - column + 1))
  const margin = ' '.repeat(String(line).length)
  expect(error.message.split('\n').slice(1, 3)).toEqual([
    `${line} | ${sourceLine}`,
    `${margin} | ${' '.repeat(column - 1)}^${'~'.repeat(width - 1)}`,
  ])
  return error
}

type Row = [source: string, reason: string, expected?: string]

function table(rows: Row[], options: CompileOptions = {}): void {
  for (const [source, reason, expected] of rows) {
    it(`${reason}: ${source.replace(/\s+/g, ' ').slice(0, 70)}`, () => {
      const error = errorOf(source, options)
      expect(error.reason).toBe(reason)
      expect(error.expected).toBe(expected)
    })
  }
}

it('shows the whole message', () => {
  const error = errorOf('fn g(x: U8) -> U8 { x }\npub fn f(a: G) -> G {\n  to_field(g(«a + 1»))\n}')
  expect(error.message).toBe(
    [
      'f.aiur:3:14: this has type G',
      '3 |   to_field(g(a + 1))',
      '  |              ^~~~~',
      'expected U8 (u8_range_check(a, b) turns two G into two U8)',
    ].join('\n'),
  )
})

it('carries the errors of other functions', () => {
  const text = 'fn a() -> G { x }\nfn b() -> G { 1 }\nfn c() -> G { y }\nfn d() -> G { z + w }'
  let error: unknown
  try {
    compile([{ name: 'f', text }])
  } catch (thrown) {
    error = thrown
  }
  if (!(error instanceof CompileError)) throw error
  expect(error.message).toMatch(/^f:1:15: unknown name 'x'\n[\s\S]*\nand 2 more errors$/)
  expect(error.others.map(e => [e.line, e.reason])).toEqual([
    [3, "unknown name 'y'"],
    [4, "unknown name 'z'"],
  ])
})

it('keeps tabs before the caret', () => {
  expect(() => compile([{ name: 't', text: 'fn f() -> G {\n\t\ty\n}' }])).toThrow('2 | \t\ty\n  | \t\t^\n')
})

describe('words and syntax', () => {
  it('shows of a long line what is around the place', () => {
    const at = (text: string): CompileError => {
      try {
        compile([{ name: 'long', text }])
      } catch (error) {
        if (error instanceof CompileError) return error
      }
      throw new Error('it compiled')
    }
    const error = at(`fn f() -> G { ${'1 + '.repeat(30_000)} @ }`)
    expect([error.line, error.column]).toEqual([1, 120_018])
    const [, line, caret] = error.message.split('\n')
    expect(line!.length).toBeLessThan(220)
    expect(line![caret!.indexOf('^')]).toBe('}')
    expect(at('x'.repeat(100_000)).message.length).toBeLessThan(800)
  })

  table([
    ['fn f() «$» {}', "unexpected character '$'"],
    ['fn f() -> G { 1 } «/-» /- -/', 'unclosed comment', "'-/'"],
    ['fn f() { dbg!(«"»x); }', 'unclosed string', `'"' on the same line`],
    ['fn f() -> U8 { «256u8» }', 'byte literal out of range', 'at most 255u8'],
    ['fn f() -> G { «12ab» }', "malformed number '12ab'", "a number, or a byte such as '200u8'"],
    ['#syntax «lean»\nfn f() {}', "unknown syntax 'lean'", "'ix' or 'reference'"],
    ['fn f() -> G { 1 «fn» g() {}', "unexpected 'fn' ('fn' is a reserved word)", "';', an operator or '}'"],
    ['fn f() -> G { 1 + «}»', "unexpected '}'", 'a term'],
    ['fn f() -> G { (1, 2 «}»', "unexpected '}'", "',' or ')'"],
    ['fn f(a: G) -> G { match a { 0 => 1 «1» => 2, } }', "unexpected '1'", "',' after the arm"],
    ['fn f(a: G) -> G { match a { «}» }', 'a match needs at least one arm', 'an arm'],
    ['fn f() -> G { [«]»[0] }', 'an array literal needs at least one element', 'an element'],
    [
      '«let» x = 1;',
      "unexpected 'let' ('let' is a reserved word)",
      "a declaration: 'enum', 'type', 'fn' or 'pub fn'",
    ],
    ['fn f(a: [G; «99999999999»]) {}', 'number too large here', 'at most 65536'],
    ['pub fn f«‹»T›(x: T) {}', 'an entry function cannot have type parameters', "'('"],
    ['fn f(x: «fn»(G) -> G) {}', 'function types are not supported', 'a type'],
  ])
})

it('reports the end of the file', () => {
  expect(() => compile([{ name: 'f', text: 'fn f() -> G {' }])).toThrow('f:1:14: unexpected end of file')
})

describe('call heads and fold indices', () => {
  table([
    ['fn f() -> G { # «g»() }', "unexpected 'g'", "'#f(…)' without a blank"],
    ['fn f() -> G { @ «f»() }', "unexpected 'f'", "'@f(…)' without a blank"],
    ['fn f(a: [G; 2]) -> G { a[@«i»] }', "no fold binds '@i' here"],
    ['fn f(a: [G; 2]) -> G { fold(0 .. 2, 0, |s, @i| s + a[@i]) + a[@«i»] }', "no fold binds '@i' here"],
    ['fn f() -> G { fold(0 .. 2, 0, |s, @i| @i«)» }', "unexpected ')'", "'('"],
  ])
})

describe('names and declarations', () => {
  table([
    ['fn f() -> G { «x» }', "unknown name 'x'", 'a variable in scope'],
    ['fn f() -> G { «g»(1) }', "unknown function 'g'"],
    ['fn g() -> G { 1 } fn f() -> G { «g» }', "function 'g' used as a value", 'a call: g(…)'],
    ['fn f() -> G { «A.B» }', "unknown constructor 'A.B'"],
    ['fn f(x: «X») {}', "unknown type 'X'", 'an enum, a type alias or a type parameter'],
    ['enum E { A } fn f(x: E) -> G { match x { «E.B» => 1, } }', "unknown constructor 'E.B'"],
    ['enum E { A } fn f(x: E) -> G { #«E.A»() }', "constructor 'E.A' called as a function", 'a function'],
    ['fn f() {} fn «f»() {}', "'f' is declared twice"],
    ['enum E { A, «A» }', "'E.A' is declared twice"],
    ['enum E { A } type «E» = G', "'E' is declared twice"],
    ['fn f(a: G, «a»: G) {}', "parameter 'a' given twice"],
    ['fn f‹T, «T»›() {}', "type parameter 'T' given twice"],
    ['enum P‹T› { A(T) } fn f(x: «P») {}', "'P' is given 0 type arguments", '1 type arguments'],
    ['fn f‹T›(x: «T‹G›») {}', "type parameter 'T' takes no arguments"],
    ['type A = B type B = «A»', "type alias 'A' expands to itself"],
    ['enum «E» { A(G, E) }', "enum 'E' contains itself", 'a pointer (&) in between'],
    ['enum W‹T› { A(T) } enum «E» { N, C(W‹E›) }', "enum 'E' contains itself", 'a pointer (&) in between'],
    ['enum «P»‹T› { A(P‹&T›) }', "enum 'P' contains itself", 'a pointer (&) in between'],
    ['pub fn f(x: «(G, &G)») {}', 'a pointer in the signature of an entry function', 'a type without &'],
    [
      'type P = &G pub fn f() -> «P» { store(1) }',
      'a pointer in the signature of an entry function',
      'a type without &',
    ],
    [
      'fn f(«x»: [[[G; 60000]; 60000]; 60000]) {}',
      'a value of type [[G; 60000]; 60000] is too long',
      'at most 65536 elements',
    ],
  ])
})

describe('types', () => {
  table([
    ['fn f() -> G { «2u8» }', 'this has type U8', 'G (to_field(x) turns a U8 into a G)'],
    ['fn f() -> U8 { «2» }', 'this has type G', 'U8: 2u8'],
    ['fn f(x: U8) -> G { 1 + «x» }', 'this has type U8', 'G (to_field(x) turns a U8 into a G)'],
    ['fn f() { «1» }', 'this has type G', '()'],
    ['fn f(a: G) -> G { match a { 0 => 1, _ => «(1, 2)», } }', 'this has type (G, G)', 'G'],
    ['fn f(a: G) -> [G; 2] { [a, «a»[0]] }', 'this has type G', 'an array of known type'],
    ['fn f(a: [G; 2]) -> G { «a[2]» }', 'index 2 of 2 components', '0 to 1'],
    ['fn f(a: [G; 2]) -> [G; 2] { «a[1..3]» }', 'slice 1..3 of 2 elements', 'from <= to <= 2'],
    ['fn f(a: [G; 2]) -> [G; 2] { set(a, 0, «store(1)») }', 'this has type &G', 'G'],
    ['fn f(a: (G, G)) -> G { «proj(a, 2)» }', 'index 2 of 2 components', '0 to 1'],
    ['fn f(a: &G) -> G { proj(«a», 0) }', 'this has type &G', 'a tuple of known type'],
    ['fn f(a: G) -> G { load(«a») }', 'this has type G', '&_'],
    ['fn g(a: G, b: G) -> G { a } fn f() -> G { «g(1)» }', "'g' is given 1 arguments", '2: (a: G, b: G)'],
    ['fn f() -> G { «eq_zero(1, 2)» }', "'eq_zero' is given 2 operands", '1'],
    [
      'enum E { A(G) } fn f() -> E { «E.A» }',
      "constructor 'E.A' used without arguments",
      '1, one for each field',
    ],
    [
      'enum E { A(G) } fn f() -> E { «E.A(1, 2)» }',
      "constructor 'E.A' used with 2 arguments",
      '1, one for each field',
    ],
    [
      'enum E { A(G) } fn f(e: E) -> G { match e { «E.A» => 1, } }',
      "'E.A' is given 0 patterns",
      '1, one for each field',
    ],
    [
      'enum E { A } fn f(e: G) -> G { match e { «E.A» => 1, } }',
      'this pattern takes apart E',
      'a pattern for G',
    ],
    [
      'fn f(e: (G, G)) -> G { let «(a, b, c)» = e; a }',
      'this pattern takes apart (_, _, _)',
      'a pattern for (G, G)',
    ],
    ['fn f(e: &G) -> G { match e { «0» => 1, } }', 'a number cannot match here', 'a pattern for &G'],
    ['fn f(e: U8) -> G { match e { «256» => 1, } }', 'this number never matches a U8', 'at most 255'],
    ['fn f(e: (G, G)) -> G { let (a, «a») = e; a }', "'a' is bound twice in this pattern"],
    [
      'fn f(e: (G, G)) -> G { match e { (a, 0) | «(0, 1)» => 1, } }',
      "this alternative does not bind 'a'",
      'the same variables in all',
    ],
    [
      'fn f(e: (G, G)) -> G { match e { (0, 1) | («a», 0) => 1, } }',
      "'a' is not bound by the first alternative",
    ],
    [
      'fn f(e: (G, U8)) -> G { match e { (a, 0) | (0, «a») => 1, } }',
      "'a' has type U8 in this alternative",
      'G as in the first alternative',
    ],
    ['fn f() -> G { «1» : &G }', 'this has type G', '&G'],
    ['fn f() -> G { let x: (G, G) = «1»; 2 }', 'this has type G', '(G, G)'],
    ['fn f() { assert_eq!(1, «2u8»); }', 'this has type U8', 'G (to_field(x) turns a U8 into a G)'],
    ['fn f() -> [G; 0] { «io_read(0, 0, 0)» }', 'a read of no elements', 'at least 1'],
    ['fn f(x: [U8; 2]) { io_write(0, «x»); }', 'this has type [U8; 2]', '[G; 2]'],
    [
      'enum E { A, B } fn f(e: E) -> G { match e { «B» => 1, E.A => 2, } }',
      "'B' here would be a variable that matches everything",
      "'E.B'",
    ],
    [
      'enum L { Nil, Cons(G, &L) } fn f(l: &L) -> &L { let (q, r) = unconstrained_limbs_div_mod(«l», l); q }',
      'this has type &L',
      'a pointer to an enum of (G, pointer to rest) and an empty constructor',
    ],
    [
      'enum O‹T› { None, Some(T) } fn f() -> G { let x = «O.None»; match x { O.None => 1, _ => 2, } }',
      'cannot infer the type O‹_›',
      'a type ascription (e : T)',
    ],
  ])
})

describe('return', () => {
  table([
    ['fn f() -> G { 1 + («return 2») }', 'illegal return: the value is needed here', 'a term with a value'],
    [
      'fn f() -> G { let x = «return 1»; x }',
      'illegal return: the value is needed here',
      'a term with a value',
    ],
    [
      'fn f(a: G) -> G { let x = «match a { 0 => return 1, _ => return 2, }»; x }',
      'illegal return: the value is needed here',
      'a term with a value',
    ],
    ['fn f() -> G { return «1u8» }', 'this has type U8', 'G (to_field(x) turns a U8 into a G)'],
    [
      'fn g() -> G { return 1 } fn f() -> G { «@g()» + 1 }',
      'illegal return: the value is needed here',
      'a term with a value',
    ],
  ])

  it('of another type inside an inlined body names both places', () => {
    const error = errorOf(
      'fn g(a: G) -> G { match a { 0 => return «a», _ => a, } }\npub fn f(a: G) -> U8 {\n  u8_from_field_unsafe(@g(a))\n}',
    )
    expect(error.reason).toBe('this has type G')
    expect(error.notes).toEqual(['inlined at f.aiur:3:25'])
  })
})

describe('expansion without end', () => {
  table([
    ['fn f(a: G) -> G { @«f»(a) }', 'inline recursion: f -> f', 'a plain call somewhere in the cycle'],
    [
      'fn f(a: G) -> G { @g(a) } fn g(a: G) -> G { @h(a) } fn h(a: G) -> G { @«f»(a) }',
      'inline recursion: f -> g -> h -> f',
      'a plain call somewhere in the cycle',
    ],
    [
      'fn g‹T›(x: T, n: G) -> G { match n { 0 => 1, _ => «g(store(x), n - 1)», } } pub fn f(n: G) -> G { g(n, n) }',
      "specialising 'g' has no end (polymorphic recursion)",
    ],
    [
      'fn g‹T›(x: T, n: G) -> G { match n { 0 => 1, _ => «g((x, x, x, x), n - 1)», } } pub fn f(n: G) -> G { g(n, n) }',
      "specialising 'g' has no end (polymorphic recursion)",
    ],
    ['fn f() -> G { #«u4_xor»(1, 2) }', "'u4_xor' is not a function", 'a function'],
  ])
})

describe('overlays and roots', () => {
  const base = { name: 'base', text: 'enum E { A, B } fn g(a: G) -> G { a } pub fn f(a: G) -> G { g(a) }' }

  it('rejects another signature', () => {
    const overlay = [{ name: 'over', text: 'fn g(a: U8) -> G { to_field(a) }' }]
    expect(() => compile([base], { overlay })).toThrow(
      "over:1:4: 'g' replaces a function of another signature\n1 | fn g(a: U8) -> G { to_field(a) }\n  |    ^\nexpected fn (G) -> G",
    )
    const entry = [{ name: 'over', text: 'pub fn g(a: G) -> G { a }' }]
    expect(() => compile([base], { overlay: entry })).toThrow('another signature')
  })

  it('rejects a second declaration of a type', () => {
    const overlay = [{ name: 'over', text: 'enum E { C }' }]
    expect(() => compile([base], { overlay })).toThrow("over:1:6: 'E' is declared twice")
  })

  it('rejects an unknown root', () => {
    expect(() => compile([base], { roots: ['nope'] })).toThrow("no function 'nope' to keep")
  })

  it('names both places of a duplicate', () => {
    const twice = { name: 'twice', text: '\nfn g() {}' }
    expect(() => compile([base, twice])).toThrow(
      /^twice:2:4: 'g' is declared twice[\s\S]*first declared at base:1:20$/,
    )
  })
})

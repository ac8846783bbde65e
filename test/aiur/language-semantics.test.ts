import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Op, Program } from '../../aiur/bytecode.js'
import { type CompileOptions, compile } from '../../aiur/language/compile.js'
import { blocksOf } from '../../aiur/language/deduplicate.js'
import { printProgram } from '../../aiur/language/print.js'
import { execute } from '../../aiur/vm/interpreter.js'
import { IoBuffer } from '../../aiur/vm/io.js'

const P = 0xffffffff00000001n

function program(text: string, options: CompileOptions = {}): Program {
  return compile([{ name: 'test.aiur', text }], options)
}

function run(p: Program, args: readonly bigint[], entry = 'f', io = new IoBuffer()): bigint[] {
  const outcome = execute(p, entry, [...args], io)
  if (!outcome.ok) throw outcome.error
  return outcome.outputs
}

function evaluate(text: string, args: readonly bigint[] = [], options: CompileOptions = {}): bigint[] {
  return run(program(text, options), args)
}

function opsOf(p: Program, name: string): Op[] {
  return [...blocksOf(p.functions[p.functionIndex.get(name)!]!.body)].flatMap(block => block.ops)
}

describe('operator chains', () => {
  const chain = (expression: string, options: CompileOptions = {}): bigint =>
    evaluate(`pub fn f() -> G { ${expression} }`, [], options)[0]!

  it('are left-associative in our syntax, and read greedily to the right in the reference syntax', () => {
    expect(chain('10 - 3 - 2')).toBe(5n)
    expect(chain('10 - 3 - 2', { syntax: 'reference' })).toBe(9n)
    expect(chain('10 - 3 + 2')).toBe(9n)
    expect(chain('10 - 3 + 2', { syntax: 'reference' })).toBe(5n)
    expect(chain('20 - 2 * 3 - 4')).toBe(10n)
    expect(chain('20 - 2 * 3 - 4', { syntax: 'reference' })).toBe(18n)
    expect(chain('5 * 3 - 4', { syntax: 'reference' })).toBe(11n)
  })

  it('follow the pragma of their file', () => {
    const text = '-- a comment first\n#syntax reference\npub fn f() -> G { 10 - 3 - 2 }'
    expect(evaluate(text)).toEqual([9n])
    expect(evaluate('#syntax ix\npub fn f() -> G { 10 - 3 - 2 }', [], { syntax: 'reference' })).toEqual([5n])
  })

  it('bind indexing and ascription to the nearest operand', () => {
    expect(
      evaluate('pub fn f(x: [G; 2], y: [G; 3]) -> G { x[0] + y[2] * x[1] : G }', [1n, 2n, 0n, 0n, 5n]),
    ).toEqual([11n])
  })

  const operators = fc.array(fc.tuple(fc.constantFrom('+', '-', '*'), fc.bigInt(0n, 1000n)), {
    maxLength: 12,
  })
  const apply = (op: string, a: bigint, b: bigint): bigint =>
    (((op === '+' ? a + b : op === '-' ? a - b : a * b) % P) + P) % P

  it('agree with a direct reading of the rules, both ways', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 1000n), operators, (first, rest) => {
        const text = [String(first), ...rest.map(([op, n]) => `${op} ${n}`)].join(' ')
        const products = (fold: (numbers: bigint[]) => bigint): [bigint[], string[]] => {
          const terms: bigint[][] = [[first]]
          const signs: string[] = []
          for (const [op, n] of rest) {
            if (op === '*') terms.at(-1)!.push(n)
            else {
              signs.push(op)
              terms.push([n])
            }
          }
          return [terms.map(fold), signs]
        }
        const [values, signs] = products(numbers => numbers.reduce((a, b) => apply('*', a, b)))
        const left = values.slice(1).reduce((sum, value, i) => apply(signs[i]!, sum, value), values[0]!)
        let right = values.at(-1)!
        for (let i = values.length - 2; i >= 0; i--) right = apply(signs[i]!, values[i]!, right)
        expect(chain(text)).toBe(((left % P) + P) % P)
        expect(chain(text, { syntax: 'reference' })).toBe(((right % P) + P) % P)
      }),
      { numRuns: 60 },
    )
  })
})

describe('literals and lexing', () => {
  it('accepts hexadecimal, binary, octal, bytes and reduces by the order of the field', () => {
    const text = 'pub fn f() -> [G; 5] { [0xff, 0b101, 0o17, to_field(0x7fu8), 0xffffffff00000003] }'
    expect(evaluate(text)).toEqual([255n, 5n, 15n, 127n, 2n])
  })

  it('skips nested comments and accepts both kinds of brackets', () => {
    const text = `/- a /- nested -/ -- still -/ enum O<T> { N, S(T) } -- end
      fn get‹T›(o: O<T>, d: T) -> T { match o { O<T>.S(x) => x, O‹T›.N => d, } }
      pub fn f(a: G) -> G { get(O<G>.S(a), 0) + get(O‹G›.N, 7) + get<G>(O.N, 1) }`
    expect(evaluate(text, [5n])).toEqual([13n])
  })

  it('lets a function be named like a builtin that the reference does not have', () => {
    expect(evaluate('fn u4_xor(a: G) -> G { a + 1 } pub fn f(a: G) -> G { u4_xor(a) }', [1n])).toEqual([2n])
  })

  it('reads a parenthesised type or pattern as grouping, and as a tuple in the reference syntax', () => {
    const text = 'enum E { A, B } pub fn f(x: (G), e: E) -> G { match e { (E.A | E.B) => x, } }'
    expect(evaluate(text, [4n, 1n])).toEqual([4n])
    expect(() => evaluate(text, [4n, 1n], { syntax: 'reference' })).toThrow('this pattern takes apart (_)')
    expect(evaluate('#syntax reference\npub fn f(x: (G)) -> G { let (y) = x; y }', [4n])).toEqual([4n])
  })
})

describe('fold', () => {
  it('counts up, down and not at all', () => {
    const body = (range: string): string =>
      `pub fn f(a: [G; 4]) -> G { fold(${range}, 0, |s, @i| s * 10 + a[@i]) }`
    expect(evaluate(body('0 .. 4'), [1n, 2n, 3n, 4n])).toEqual([1234n])
    expect(evaluate(body('4 .. 1'), [1n, 2n, 3n, 4n])).toEqual([432n])
    expect(evaluate(body('2 .. 2'), [1n, 2n, 3n, 4n])).toEqual([0n])
  })

  it('nests, shadows and destructures', () => {
    const text = `pub fn f(a: [G; 2], b: [G; 2]) -> (G, G) {
      let s = 100;
      let (t, n) = fold(0 .. 2, (0, 0), |(s, n), @i|
        (s + fold(0 .. 2, 0, |t, @j| t + a[@i] * b[@j]), n + fold(0 .. 2, 0, |t, @i| t + b[@i])));
      (t + s, n)
    }`
    expect(evaluate(text, [2n, 3n, 5n, 7n])).toEqual([160n, 24n])
  })

  it('writes an array', () => {
    const text = 'pub fn f(a: G) -> [G; 3] { fold(0 .. 3, [a; 3], |v, @i| set(v, @i, v[@i] + a)) }'
    expect(evaluate(text, [4n])).toEqual([8n, 8n, 8n])
  })

  it('unrolls thousands of steps', () => {
    const text = 'pub fn f(a: [G; 1]) -> G { fold(0 .. 20000, 0, |s, @i| s + a[0]) }'
    expect(evaluate(text, [3n])).toEqual([60000n])
  })
})

describe('scoping and order', () => {
  it('keeps a nested let from capturing', () => {
    expect(evaluate('pub fn f() -> G { let y = 1; let x = (let y = 2; y * 10); y + x }')).toEqual([21n])
    expect(
      evaluate('fn g(x: G) -> G { let y = x + 1; y } pub fn f(y: G) -> G { @g(y * 2) + y }', [10n]),
    ).toEqual([31n])
  })

  it('runs statements where they stand', () => {
    const text = `pub fn f(x: G) -> G {
      assert_eq!(x, 1);
      let x = 2;
      io_write(0, [x]);
      let y = io_read(0, 0, 1);
      io_set_info(0, [5], 0, 1);
      let (i, n) = io_get_info(0, [5]);
      dbg!("y", y);
      y[0] + i + n
    }`
    expect(evaluate(text, [1n])).toEqual([3n])
    expect(() => evaluate(text, [2n])).toThrow()
  })

  it('runs operands in order around a match among them', () => {
    const text = `fn w(x: G) -> G { io_write(0, [x]); x }
      pub fn f(a: G) -> [G; 3] {
        let s = w(1) + (match a { 0 => w(2), _ => w(20), }) + w(3);
        assert_eq!(s, io_read(0, 0, 1)[0] + io_read(0, 1, 1)[0] + io_read(0, 2, 1)[0]);
        io_read(0, 0, 3)
      }`
    expect(evaluate(text, [0n])).toEqual([1n, 2n, 3n])
    expect(evaluate(text, [1n])).toEqual([1n, 20n, 3n])
  })

  it('sequences terms and drops their values', () => {
    expect(evaluate('pub fn f(a: G) -> G { match a { 0 => 1, _ => 2, }; (a, a); a + 1; a }', [3n])).toEqual([
      3n,
    ])
  })

  it('gives a body that ends in a statement the unit value', () => {
    expect(
      evaluate('fn g(a: G) { assert_eq!(a, 1); } pub fn f(a: G) -> G { g(a); let () = g(1); a }', [1n]),
    ).toEqual([1n])
  })
})

describe('return', () => {
  it('leaves the function from inside operands and continuations', () => {
    const text = `pub fn f(a: G, b: G) -> G {
      let x = 100 + (match a { 0 => return 1, _ => match b { 0 => return 2, _ => b, }, });
      x * 2
    }`
    expect(evaluate(text, [0n, 5n])).toEqual([1n])
    expect(evaluate(text, [1n, 0n])).toEqual([2n])
    expect(evaluate(text, [1n, 5n])).toEqual([210n])
  })

  it('of an inlined function leaves its caller', () => {
    const text = `fn g(a: G) -> G { match a { 0 => return 7, _ => a, } }
      fn h(a: G) -> G { return a + 50 }
      pub fn f(a: G) -> G { match a { 5 => @h(a), _ => @g(a) + 1, } }`
    expect(evaluate(text, [0n])).toEqual([7n])
    expect(evaluate(text, [1n])).toEqual([2n])
    expect(evaluate(text, [5n])).toEqual([55n])
  })

  it('makes a match take the type of the arms that have a value', () => {
    const text = 'pub fn f(a: G) -> G { let (x, y) = match a { 0 => return 9, _ => (a, a + 1), }; x * y }'
    expect(evaluate(text, [0n])).toEqual([9n])
    expect(evaluate(text, [3n])).toEqual([12n])
  })
})

describe('data', () => {
  it('pads every constructor with zeros', () => {
    const text = `enum E { A(G, G), B, C(G) }
      pub fn f(a: G) -> E { match a { 0 => E.A(4, 5), 1 => E.B, 2 => E.B(), _ => E.C(6), } }`
    expect([0n, 1n, 2n, 3n].map(a => evaluate(text, [a]))).toEqual([
      [0n, 4n, 5n],
      [1n, 0n, 0n],
      [1n, 0n, 0n],
      [2n, 6n, 0n],
    ])
  })

  it('has no tag in an enum with one constructor, unless asked for', () => {
    const text =
      'enum P { Mk(G, G) } enum U { Mk } pub fn f(p: P, u: U) -> (P, U) { let P.Mk(x, y) = p; match u { U.Mk => (P.Mk(y, x), u), } }'
    expect(evaluate(text, [1n, 2n])).toEqual([2n, 1n])
    expect(evaluate(text, [0n, 1n, 2n, 0n], { tags: 'p438' })).toEqual([0n, 2n, 1n, 0n])
  })

  it('takes arrays and tuples apart', () => {
    const text = `pub fn f(a: [(G, G); 3]) -> [G; 5] {
      let b = set(a, 1, (8, 9));
      let c = b[1..3];
      let [(x, _), (_, y)] = c;
      [x, y, proj(b[1], 1), proj(a[2], 0), 7]
    }`
    expect(evaluate(text, [1n, 2n, 3n, 4n, 5n, 6n])).toEqual([8n, 6n, 9n, 5n, 7n])
  })

  it('shares lists in memory', () => {
    const text = `enum List‹T› { Nil, Cons(T, &List‹T›) }
      type Gs = &List‹G›
      fn map_add(l: Gs, n: G) -> Gs { match l { &List.Nil => l, &List.Cons(x, xs) => store(List.Cons(x + n, map_add(xs, n))), } }
      fn length‹T›(l: &List‹T›) -> G { match load(l) { List.Nil => 0, List.Cons(_, t) => 1 + length(t), } }
      fn sum(l: Gs) -> G { match l { &List.Cons(x, &List.Cons(y, t)) => x + y + sum(t), &List.Cons(x, _) => x, _ => 0, } }
      pub fn f(a: G) -> (G, G, G, G) {
        let l = store(List.Cons(a, store(List.Cons(a + 1, store(List.Cons(a + 2, store(List.Nil)))))));
        let m = map_add(l, 0);
        (sum(l), length(l), length(store(List.Cons((1u8, a), store(List.Nil)))), ptr_val(l) - ptr_val(m))
      }`
    const p = program(text)
    expect(run(p, [10n])).toEqual([33n, 3n, 1n, 0n])
    expect([...p.functionIndex.keys()]).toEqual(['map_add', 'sum', 'f', 'length.G', 'length.Tup.U8.G'])
    expect(p.memorySizes).toEqual([3, 4])
  })
})

describe('builtins', () => {
  it('compute what their tables say', () => {
    const text = `pub fn f(a: U8, b: U8) -> [G; 14] {
      let (s, c) = u8_add(a, b);
      let (d, w) = u8_sub(a, b);
      let (l, h) = u8_mul(a, b);
      let (x, y) = u8_xor_split7(a, b);
      let (p, q, r) = u8_chain_rotr7(a, b);
      [to_field(s), to_field(c), to_field(d), to_field(w), to_field(l), to_field(h), to_field(x), to_field(y),
       to_field(p), to_field(q), to_field(r), u8_less_than(a, b), to_field(u8_xor(a, b)), to_field(u8_shift_left(a))]
    }`
    expect(evaluate(text, [45n, 131n])).toEqual([
      176n,
      0n,
      170n,
      1n,
      7n,
      23n,
      1n,
      92n,
      6n,
      1n,
      90n,
      1n,
      174n,
      90n,
    ])
  })

  it('lower nibble and 32-bit builtins to their ops', () => {
    const text = `pub fn f(a: G, b: G) -> [G; 6] {
      let (x, y) = u4_xor_split3(a, b);
      let (c, d) = u4_range_check(a, b);
      [u4_xor(a, b), x, y, c, d, u32_range_check(a)]
    }`
    const p = program(text)
    expect(opsOf(p, 'f').map(op => op.op)).toEqual(['u4XorSplit3', 'u4RangeCheck', 'u4Xor', 'u32RangeCheck'])
    expect(run(p, [13n, 6n])).toEqual([11n, 1n, 6n, 13n, 6n, 13n])
  })

  it('divide limb chains', () => {
    const text = `enum L { Cons(G, &L), Nil }
      fn one(n: G) -> &L { match n { 0 => store(L.Nil), _ => store(L.Cons(n, store(L.Nil))), } }
      fn value(l: &L) -> G { match l { &L.Nil => 0, &L.Cons(x, t) => x + 4294967296 * value(t), } }
      pub fn f(a: G, b: G) -> (G, G) {
        let (q, r) = unconstrained_limbs_div_mod(one(a), one(b));
        (value(q), value(r))
      }`
    expect(evaluate(text, [300n, 7n])).toEqual([42n, 6n])
    expect(evaluate(text, [300n, 0n])).toEqual([0n, 300n])
  })

  it('divide chains of 8-byte limbs', () => {
    const text = `enum B‹T› { Cons(T, &B‹T›), Nil }
      fn one(n: U8) -> &B‹[U8; 8]› { store(B.Cons([n, 1u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8], store(B.Nil))) }
      fn first(l: &B‹[G; 8]›) -> G { match l { &B.Nil => 0, &B.Cons(x, _) => x[0] + 256 * x[1], } }
      pub fn f(a: U8, b: U8) -> (G, G) {
        let (q, r) = unconstrained_big_uint_div_mod(one(a), one(b));
        (first(q), first(r))
      }`
    expect(evaluate(text, [44n, 1n])).toEqual([1n, 43n])
  })

  it('keep messages and labels', () => {
    const p = program(
      'pub fn f(a: G) -> G { assert_eq!((a, 1), (1, a), "both"); dbg!("here"); dbg!("a", a); a }',
    )
    expect(opsOf(p, 'f').filter(op => op.op !== 'const')).toEqual([
      { op: 'assertEq', xs: [0, 1], ys: [2, 0], message: 'both' },
      { op: 'debug', label: 'here' },
      { op: 'debug', label: 'a', values: [0] },
    ])
  })
})

describe('calls and programs', () => {
  it('enforces the types of an inlined callee only in our syntax', () => {
    const text = 'fn g(a: U8) -> U8 { a } pub fn f(a: G) -> G { @g(a) }'
    expect(() => program(text)).toThrow('this has type G')
    expect(evaluate(text, [3n], { syntax: 'reference' })).toEqual([3n])
  })

  it('inlines generic callees, nested', () => {
    const text = `fn swap‹A, B›(p: (A, B)) -> (B, A) { let (a, b) = p; (b, a) }
      fn twice‹A, B›(p: (A, B)) -> (A, B) { let q: (B, A) = @swap(p); @swap(q) }
      pub fn f(a: G, b: U8) -> (U8, G, G, U8) { let (x, y) = @swap((a, b)); let (z, w) = @twice((a, b)); (x, y, z, w) }`
    expect(evaluate(text, [1n, 2n])).toEqual([2n, 1n, 1n, 2n])
    expect(opsOf(program(text), 'f')).toEqual([])
  })

  it('merges files, replaces by overlay in place and keeps what roots reach', () => {
    const files = [
      {
        name: 'a',
        text: 'type N = G fn g(a: N) -> G { h(a) + 1 } fn h(a: G) -> G { a } fn unused(a: G) -> G { a * 3 }',
      },
      {
        name: 'b',
        text: '#syntax reference\npub fn f(a: G) -> G { g(a) - 1 - 1 } pub fn other() -> G { 1 }',
      },
    ]
    expect(run(compile(files), [4n])).toEqual([5n])
    const overlay = [{ name: 'o', text: 'fn h(b: N) -> G { extra(b) } fn extra(b: G) -> G { b * 10 }' }]
    const p = compile(files, { overlay, roots: ['f'] })
    expect(run(p, [4n])).toEqual([41n])
    expect([...p.functionIndex.keys()]).toEqual(['g', 'h', 'f', 'extra'])
  })

  it('merges functions that only differ in names and types erased', () => {
    const text = `fn even(n: G) -> G { match n { 0 => 1, _ => odd(n - 1), } }
      fn odd(n: G) -> G { match n { 0 => 0, _ => even(n - 1), } }
      fn even2(k: G) -> G { match k { 0 => 1, _ => odd2(k - 1), } }
      fn odd2(k: G) -> G { match k { 0 => 0, _ => even2(k - 1), } }
      fn id1(x: U8) -> U8 { x } fn id2(x: G) -> G { x }
      pub fn f(a: G) -> G { even(a) + odd2(a) } pub fn f2(a: G) -> G { even2(a) + odd(a) }`
    const p = program(text)
    expect(p.functions.map(f => [f.name, f.aliases, f.entry, f.constrained])).toEqual([
      ['even', ['even', 'even2'], false, true],
      ['odd', ['odd', 'odd2'], false, true],
      ['id1', ['id1', 'id2'], false, false],
      ['f', ['f', 'f2'], true, true],
    ])
    expect(p.functionIndex.get('odd2')).toBe(1)
    expect(run(p, [7n])).toEqual([1n])
  })

  it('merges a tail splice with the function it splices', () => {
    const p = program('fn sg(x: G) -> G { match x { 0 => 0, _ => 1, } } pub fn f(a: G) -> G { @sg(a) }')
    expect(p.functions.map(f => f.aliases)).toEqual([['sg', 'f']])
    expect(p.functions[0]!.entry).toBe(true)
  })

  it('keeps functions apart that differ in a message, and unconstrained calls from constrained ones', () => {
    const text = `fn a(x: G) { assert_eq!(x, 1, "a"); } fn b(x: G) { assert_eq!(x, 1, "b"); }
      fn c(x: G) { a(x) } fn d(x: G) { #a(x) } pub fn f(x: G) { a(x); b(x); c(x); d(x) }`
    expect(program(text).functions).toHaveLength(5)
  })

  it('prints a listing', () => {
    const p = program(
      'fn g(x: G) -> G { x } pub fn f(a: G) -> G { let y = match a { 0 => 3, _ => g(a), }; y * y }',
    )
    expect(printProgram(p)).toBe(
      [
        '0 g: 1 -> 1, 1 leaves',
        '  return [0] v0',
        '',
        '1 f: 1 -> 1, 3 leaves entry',
        '  match v0',
        '  0 =>',
        '    v1 = const 3',
        '    yield [0] v1',
        '  _ =>',
        '    v1 = call g [v0] outputSize=1',
        '    yield [1] v1',
        '  then v1',
        '  v2 = mul v1 v1',
        '  return [2] v2',
        '',
        'memories ',
        '',
      ].join('\n'),
    )
  })

  it('survives long bodies', () => {
    const lets = Array.from({ length: 4000 }, (_, i) => `let (x, y) = (y + ${i}, x);`).join('\n')
    expect(evaluate(`pub fn f(x: G, y: G) -> G { ${lets} x - y }`, [0n, 0n])).toHaveLength(1)
    const matches = Array.from({ length: 300 }, () => 'let x = match x { 0 => 1, _ => x + 1, };').join('\n')
    expect(evaluate(`pub fn f(x: G) -> G { ${matches} x }`, [5n])).toEqual([305n])
  })
})

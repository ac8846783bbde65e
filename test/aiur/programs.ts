/**
 * Small Aiur programs with their expected circuits. `layout` is (inputs, selectors, auxiliaries with the
 * multiplicity column, lookups with the return slot) without call ranks and without gadgets.
 */

export interface ExpectedCircuit {
  /** Function name. */
  name: string
  layout: readonly [inputs: number, selectors: number, auxiliaries: number, lookups: number]
  /** Classic width: inputs + selectors + auxiliaries + 2 (1 + lookups). */
  classicWidth?: number
  /** Committed shape: main columns m, stage 2 columns s2, quotient degree q, width m + s2 + 2q. */
  committed?: { main: number; stage2: number; quotientDegree: number; width: number }
}

export interface Run {
  entry: string
  args: readonly bigint[]
  result: readonly bigint[]
  /** Rows and memo hits per circuit; `memory[s]` names a memory. */
  rows?: Record<string, { rows: number; hits: number }>
  /** Total of width * F(rows) over the classic widths. */
  classicCost?: number
  /** Total cost of the transforms model without gadgets. */
  transformsCost?: number
}

export interface LanguageProgram {
  name: string
  source: string
  /** Which representation of single-constructor enums the figures assume. */
  tags: 'head' | 'p438'
  circuits: readonly ExpectedCircuit[]
  /** Memory sizes of the compiled program. */
  memorySizes?: readonly number[]
  runs?: readonly Run[]
}

type Shape = readonly [main: number, stage2: number, quotientDegree: number, width: number]

function circuit(
  name: string,
  layout: ExpectedCircuit['layout'],
  classicWidth: number | null,
  shape: Shape | null,
): ExpectedCircuit {
  return {
    name,
    layout,
    ...(classicWidth === null ? {} : { classicWidth }),
    ...(shape === null
      ? {}
      : { committed: { main: shape[0], stage2: shape[1], quotientDegree: shape[2], width: shape[3] } }),
  }
}

function program(
  name: string,
  source: string,
  circuits: ExpectedCircuit[],
  more: { tags?: 'head' | 'p438'; memorySizes?: number[]; runs?: Run[] } = {},
): LanguageProgram {
  return { name, source, tags: 'head', circuits, ...more }
}

const bytes = (n: number, f: (i: number) => string): string =>
  Array.from({ length: n }, (_, i) => f(i)).join(', ')

const ADDRESS_EQUALITY = `
fn address_eq(a: &[U8; 32], b: &[U8; 32]) -> G {
  let x = load(a);
  let y = load(b);
  match to_field(x[0]) - to_field(y[0]) {
    0 => address_eq_tail(a, b),
    _ => 0,
  }
}
fn address_eq_tail(a: &[U8; 32], b: &[U8; 32]) -> G {
  let x = load(a);
  let y = load(b);
  match [${bytes(31, i => `to_field(x[${i + 1}]) - to_field(y[${i + 1}])`)}] {
    [${bytes(31, () => '0')}] => 1,
    _ => 0,
  }
}
pub fn main(x: [U8; 32], y: [U8; 32]) -> G { address_eq(store(x), store(y)) }
`

const OP = 'enum Op { Push(G), Pair(G, G), Stop }'

/** Section 8 of the language's specification, in its order. */
export const PROGRAMS: readonly LanguageProgram[] = [
  program('A1', 'pub fn f(a: G) -> G { a + 7 }', [circuit('f', [1, 1, 1, 1], 7, [3, 2, 1, 7])]),
  program('A2', 'pub fn f(a: G) -> G { a * a * a }', [circuit('f', [1, 1, 3, 1], 9, [5, 2, 2, 11])], {
    runs: [{ entry: 'f', args: [3n], result: [27n] }],
  }),
  program('A3', 'pub fn f(a: G) -> G { let two = 2; two * a + two * two }', [
    circuit('f', [1, 1, 1, 1], 7, [3, 2, 1, 7]),
  ]),
  program('A4', 'pub fn f(a: G) -> G { eq_zero(a - 3) }', [circuit('f', [1, 1, 3, 1], 9, [5, 2, 2, 11])], {
    runs: [
      { entry: 'f', args: [3n], result: [1n] },
      { entry: 'f', args: [4n], result: [0n] },
    ],
  }),
  program(
    'A5',
    'pub fn f(a: G, b: G) -> G { let p = store((a, b)); let (x, y) = load(p); x - y }',
    [circuit('f', [2, 1, 4, 3], 15, [7, 4, 2, 15])],
    { memorySizes: [2], runs: [{ entry: 'f', args: [9n, 4n], result: [5n] }] },
  ),
  program('A6', 'pub fn f(a: G) -> G { match a { 0 => 5, 1 => a * a, _ => a * a * a, } }', [
    circuit('f', [1, 3, 5, 1], 13, [9, 2, 2, 15]),
  ]),
  program(
    'A7',
    `${OP}
     pub fn f(o: Op) -> G { match o { Op.Push(x) => x, Op.Pair(x, y) => x * y, Op.Stop => 9, } }`,
    [circuit('f', [3, 3, 2, 1], 12, [8, 2, 2, 14])],
    {
      runs: [
        { entry: 'f', args: [0n, 4n, 0n], result: [4n] },
        { entry: 'f', args: [1n, 4n, 5n], result: [20n] },
        { entry: 'f', args: [2n, 0n, 0n], result: [9n] },
      ],
    },
  ),
  program('A8', `${OP} pub fn f(o: Op) -> G { match o { Op.Pair(x, y) => x * y, _ => 0, } }`, [
    circuit('f', [3, 2, 2, 1], 11, [7, 2, 2, 13]),
  ]),
  program(
    'A9',
    'pub fn f(a: G) -> G { let y = match a { 0 => 3, _ => a * a, }; y * y }',
    [circuit('f', [1, 3, 5, 1], 13, [9, 2, 2, 15])],
    {
      runs: [
        { entry: 'f', args: [0n], result: [9n] },
        { entry: 'f', args: [2n], result: [16n] },
      ],
    },
  ),
  program(
    'A10',
    'pub fn f(a: G) -> G { let y = match a { 0 => return 1, _ => a + a, }; y * y }',
    [circuit('f', [1, 3, 4, 1], 12, [8, 2, 2, 14])],
    {
      runs: [
        { entry: 'f', args: [0n], result: [1n] },
        { entry: 'f', args: [2n], result: [16n] },
      ],
    },
  ),
  program(
    'A11',
    'pub fn f(x: U8, y: U8) -> (U8, U8, U8) { let (s, c) = u8_add(x, y); (s, c, u8_xor(x, y)) }',
    [circuit('f', [2, 1, 3, 3], 14, [6, 4, 2, 14])],
    { runs: [{ entry: 'f', args: [45n, 131n], result: [176n, 0n, 174n] }] },
  ),
  program(
    'A12',
    'pub fn f(x: G, y: G) -> G { u32_less_than(x, y) }',
    [circuit('f', [2, 1, 13, 7], 32, [16, 8, 2, 28])],
    {
      runs: [
        { entry: 'f', args: [300n, 500n], result: [1n] },
        { entry: 'f', args: [500n, 500n], result: [0n] },
      ],
    },
  ),
  program('A13', 'pub fn f(n: G) -> G { match n { 0 => 1, _ => n * f(n - 1), } }', [
    circuit('f', [1, 2, 4, 2], 13, [7, 4, 2, 15]),
  ]),
  program(
    'A14',
    `fn half(x: G) -> (G, G) { match x { 0 => (0, 0), 1 => (0, 1), _ => let (q, r) = half(x - 2); (q + 1, r), } }
     pub fn f(x: G) -> G {
       let (q, r) = #half(x);
       assert_eq!(q + q + r, x);
       let (qq, rr) = u8_range_check(q, r);
       to_field(qq)
     }`,
    [circuit('f', [1, 1, 3, 2], 11, [5, 2, 2, 11])],
    { runs: [{ entry: 'f', args: [11n], result: [5n] }] },
  ),
  program(
    'A15',
    `pub fn f(k: G) -> G {
       let (i, n) = io_get_info(3, [k]);
       let v: [G; 2] = io_read(3, i, 2);
       io_write(4, v);
       v[0] + v[1] + n
     }`,
    [circuit('f', [1, 1, 5, 1], 11, [7, 2, 1, 11])],
  ),
  program(
    'A16',
    'pub fn f(x: U8) -> [G; 8] { u8_bit_decomposition(u8_shift_right(x)) }',
    [circuit('f', [1, 1, 10, 3], 20, [12, 4, 2, 20])],
    { runs: [{ entry: 'f', args: [85n], result: [0n, 1n, 0n, 1n, 0n, 1n, 0n, 0n] }] },
  ),
  program(
    'A17',
    `enum L { Nil, Cons(G, &L) }
     fn s(l: &L) -> G { match l { &L.Nil => 0, &L.Cons(h, t) => h + s(t), } }
     pub fn f(a: G) -> G { s(store(L.Cons(a, store(L.Nil)))) }`,
    [circuit('s', [1, 2, 5, 3], 16, [8, 6, 2, 18]), circuit('f', [1, 1, 4, 4], 16, [6, 4, 2, 14])],
    { memorySizes: [3], runs: [{ entry: 'f', args: [6n], result: [6n] }] },
  ),
  program(
    'A18 tagged',
    'enum Pt { Mk(G, G) } pub fn f(p: Pt) -> G { let Pt.Mk(x, y) = p; x * y }',
    [circuit('f', [3, 1, 2, 1], 10, null)],
    { tags: 'p438', runs: [{ entry: 'f', args: [0n, 6n, 7n], result: [42n] }] },
  ),
  program(
    'A18',
    'enum Pt { Mk(G, G) } pub fn f(p: Pt) -> G { let Pt.Mk(x, y) = p; x * y }',
    [circuit('f', [2, 1, 2, 1], null, [5, 2, 2, 11])],
    { runs: [{ entry: 'f', args: [6n, 7n], result: [42n] }] },
  ),
  program('A19', 'pub fn f(a: G) -> G { match a { 0 | 1 => 4, _ => a, } }', [
    circuit('f', [1, 3, 3, 1], 11, [7, 2, 2, 13]),
  ]),
  program(
    'A20',
    'pub fn f(a: G, b: G) -> G { match (a, b) { (0, 0) => 1, _ => 0, } }',
    [circuit('f', [2, 3, 2, 1], 11, [7, 2, 2, 13])],
    {
      runs: [
        { entry: 'f', args: [0n, 0n], result: [1n] },
        { entry: 'f', args: [0n, 1n], result: [0n] },
        { entry: 'f', args: [1n, 0n], result: [0n] },
      ],
    },
  ),
  program('A21', 'pub fn f(x: [U8; 4]) -> G { match x { [0, 0, 0, 0] => 1, _ => 0, } }', [
    circuit('f', [4, 5, 2, 1], 15, [11, 2, 2, 17]),
  ]),
  program(
    'A22',
    'pub fn f(x: [U8; 4]) -> G { eq_zero(to_field(x[0]) + to_field(x[1]) + to_field(x[2]) + to_field(x[3])) }',
    [circuit('f', [4, 1, 3, 1], 12, [8, 2, 2, 14])],
  ),
  program(
    'A23',
    `fn g(a: G) -> (G, G) { (a, a) }
     pub fn f(a: G, t: G) -> G { match t { 0 => let (x, y) = g(a); x + y, 1 => a * a * a * a, } }`,
    [circuit('f', [2, 2, 4, 2], 14, [8, 4, 2, 16])],
  ),
  program(
    'A24',
    'pub fn f(x: U8, y: U8) -> U8 { let (l, h) = u8_mul(x, y); let (d, b) = u8_sub(l, h); u8_and(d, u8_or(b, h)) }',
    [circuit('f', [2, 1, 6, 5], 21, [9, 6, 2, 19])],
  ),
  program('A25', 'pub fn f(a: G) -> [G; 4] { match a { 0 => [1, 2, 3, 4], _ => [a; 4], } }', [
    circuit('f', [1, 2, 2, 1], 9, [5, 2, 2, 11]),
  ]),
  program(
    'A26',
    'pub fn f(a: G) -> G { let (x, y) = match a { 0 => (10, 20), 1 => (30, 40), _ => (a, a * a), }; x + y }',
    [circuit('f', [1, 4, 6, 1], 15, [11, 2, 2, 17])],
    {
      runs: [
        { entry: 'f', args: [1n], result: [70n] },
        { entry: 'f', args: [5n], result: [30n] },
      ],
    },
  ),
  program(
    'A27',
    'pub fn f(a: G, b: G) -> G { match a { 0 => let x = match b { 0 => 7, 1 => 8, }; x + 1, _ => a * b, } }',
    [circuit('f', [2, 4, 3, 1], 13, [9, 2, 2, 15])],
  ),
  program(
    'A28',
    `enum N { Z, S(&N) }
     fn t(n: N) -> G { match n { N.S(&N.S(&N.Z)) => 1, _ => 0, } }
     pub fn main(a: G) -> G { t(N.S(store(N.S(store(N.Z))))) + a }`,
    [circuit('t', [2, 4, 6, 3], 20, [12, 6, 2, 22])],
    { memorySizes: [2], runs: [{ entry: 'main', args: [0n], result: [1n] }] },
  ),
  program(
    'A29',
    'enum C { Red, Green, Blue } pub fn f(c: C) -> G { match c { C.Red => 10, C.Green => 20, C.Blue => 30, } }',
    [circuit('f', [1, 3, 1, 1], 9, [5, 2, 2, 11])],
  ),
  program('A30 exhaustive', 'pub fn f(b: G, x: G) -> G { match b { 0 => x, 1 => x + 1, } }', [
    circuit('f', [2, 2, 1, 1], 9, [5, 2, 2, 11]),
  ]),
  program('A30 default', 'pub fn f(b: G, x: G) -> G { match b { 0 => x, _ => x + 1, } }', [
    circuit('f', [2, 2, 2, 1], 10, [6, 2, 2, 12]),
  ]),
  program('A30 branchless', 'pub fn f(b: G, x: G) -> G { x + b }', [
    circuit('f', [2, 1, 1, 1], 8, [4, 2, 1, 8]),
  ]),
  program(
    'A31 fused',
    `enum E { A(G), B(&[G; 8]) }
     pub fn f(e: E) -> G {
       match e {
         E.A(x) => x,
         E.B(p) => let [a, b, c, d, _, _, _, _] = load(p); a + b + c + d,
       }
     }`,
    [circuit('f', [2, 2, 9, 2], 19, [13, 4, 2, 21])],
  ),
  program(
    'A31 split',
    `enum E { A(G), B(&[G; 8]) }
     fn cold(p: &[G; 8]) -> G { let [a, b, c, d, _, _, _, _] = load(p); a + b + c + d }
     pub fn f(e: E) -> G { match e { E.A(x) => x, E.B(p) => cold(p), } }`,
    [circuit('f', [2, 2, 2, 2], 12, [6, 4, 2, 14]), circuit('cold', [1, 1, 9, 2], 17, [11, 2, 2, 17])],
  ),
  program('A32 A33', ADDRESS_EQUALITY, [
    circuit('address_eq', [2, 2, 66, 4], 80, [70, 8, 2, 82]),
    circuit('address_eq_tail', [2, 32, 66, 3], 108, [100, 6, 2, 110]),
  ]),
  program('B1', 'fn sq(x: G) -> G { x * x } pub fn f(a: G) -> G { @sq(a) + @sq(a + 1) }', [
    circuit('f', [1, 1, 3, 1], null, [5, 2, 2, 11]),
  ]),
  program('B2', 'fn sq(x: G) -> G { x * x } pub fn f(a: G) -> G { sq(a) + sq(a + 1) }', [
    circuit('sq', [1, 1, 2, 1], null, [4, 2, 2, 10]),
    circuit('f', [1, 1, 3, 3], null, [5, 4, 2, 13]),
  ]),
  program(
    'B3',
    `pub fn f(a: [U8; 4], b: [U8; 4]) -> [U8; 4] {
       let (s, c) = unconstrained_u32_add(a, b);
       let (s0, s1) = u8_range_check(s[0], s[1]);
       let (s2, s3) = u8_range_check(s[2], s[3]);
       assert_eq!(c * (c - 1), 0);
       [s0, s1, s2, s3]
     }`,
    [circuit('f', [8, 1, 6, 3], null, [15, 4, 2, 23])],
    { runs: [{ entry: 'f', args: [255n, 1n, 0n, 0n, 1n, 0n, 0n, 0n], result: [0n, 2n, 0n, 0n] }] },
  ),
  program('B4', 'pub fn f(a: U8, b: U8) -> (U8, U8) { u8_xor_split7(a, b) }', [
    circuit('f', [2, 1, 3, 2], null, [6, 2, 2, 12]),
  ]),
  program(
    'B5',
    `pub fn f(x: G) -> G {
       let i = unconstrained_g_inverse(x);
       let t = x * i - 1;
       assert_eq!(x * t, 0);
       assert_eq!(i * t, 0);
       i
     }`,
    [circuit('f', [1, 1, 5, 1], null, [7, 2, 2, 13])],
  ),
  program('B6', 'pub fn f(x: G) -> [G; 8] { unconstrained_g_to_bytes(x) }', [
    circuit('f', [1, 1, 9, 1], null, [11, 2, 1, 15]),
  ]),
  program('B7', 'pub fn f(a: [U8; 4]) -> G { u32_to_field(a) }', [
    circuit('f', [4, 1, 1, 1], null, [6, 2, 1, 10]),
  ]),
  program(
    'B8',
    'fn sg(x: G) -> G { match x { 0 => 0, _ => 1, } } pub fn f(a: G) -> G { @sg(a) + 5 }',
    [circuit('f', [1, 3, 3, 1], null, [7, 2, 2, 13])],
    { runs: [{ entry: 'f', args: [8n], result: [6n] }] },
  ),
  program('B9', 'fn sg(x: G) -> G { match x { 0 => 0, _ => 1, } } pub fn f(a: G) -> G { @sg(a) }', [
    circuit('f', [1, 2, 2, 1], null, [5, 2, 2, 11]),
  ]),
  program(
    'P1',
    'pub fn fact(n: G) -> G { match n { 0 => 1, _ => n * fact(n - 1), } }',
    [circuit('fact', [1, 2, 4, 2], 13, [7, 4, 2, 15])],
    {
      runs: [
        {
          entry: 'fact',
          args: [5n],
          result: [120n],
          rows: { fact: { rows: 6, hits: 0 } },
          classicCost: 201.6271,
          transformsCost: 1379.2331,
        },
      ],
    },
  ),
  program(
    'P2',
    'pub fn fib(n: G) -> G { match n { 0 => 1, 1 => 1, _ => fib(n - 1) + fib(n - 2), } }',
    [circuit('fib', [1, 3, 5, 3], 17, [9, 6, 2, 19])],
    {
      runs: [
        {
          entry: 'fib',
          args: [10n],
          result: [89n],
          rows: { fib: { rows: 11, hits: 8 } },
          classicCost: 646.9137,
          transformsCost: 4011.106,
        },
      ],
    },
  ),
  program(
    'P3',
    `enum L { Nil, Cons(G, &L) }
     fn sum(l: &L) -> G { match load(l) { L.Nil => 0, L.Cons(h, t) => h + sum(t), } }
     fn up(n: G) -> &L { match n { 0 => store(L.Nil), _ => store(L.Cons(n, up(n - 1))), } }
     pub fn main(n: G) -> G { let a = up(n); let b = up(n - 1); sum(a) + sum(b) }`,
    [
      circuit('sum', [1, 2, 5, 3], 16, [8, 6, 2, 18]),
      circuit('up', [1, 2, 4, 3], 15, [7, 6, 2, 17]),
      circuit('main', [1, 1, 5, 5], 19, [7, 6, 2, 17]),
    ],
    {
      memorySizes: [3],
      runs: [
        {
          entry: 'main',
          args: [8n],
          result: [64n],
          rows: {
            sum: { rows: 9, hits: 1 },
            up: { rows: 9, hits: 1 },
            main: { rows: 1, hits: 0 },
            'memory[3]': { rows: 9, hits: 9 },
          },
          classicCost: 1302.8196,
          transformsCost: 7777.3914,
        },
      ],
    },
  ),
  program(
    'P4',
    `fn leaf(x: G) -> G { x * x }
     fn mid(x: G) -> G { leaf(x) + 1 }
     pub fn main(x: G) -> G { let h = #mid(x); let c = mid(x); assert_eq!(h, c); c }`,
    [
      circuit('leaf', [1, 1, 2, 1], 8, [4, 2, 2, 10]),
      circuit('mid', [1, 1, 2, 2], 10, [4, 2, 2, 10]),
      circuit('main', [1, 1, 3, 2], 11, [5, 2, 2, 11]),
    ],
    {
      runs: [
        {
          entry: 'main',
          args: [3n],
          result: [10n],
          rows: {
            main: { rows: 1, hits: 0 },
            mid: { rows: 1, hits: 0 },
            leaf: { rows: 1, hits: 0 },
          },
          transformsCost: 203,
        },
      ],
    },
  ),
]

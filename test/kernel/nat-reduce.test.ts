/** Which arithmetic `whnf` does on its own, on terms over a table whose entries are taken for granted. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compile } from '../../aiur/language/compile.js'
import { execute } from '../../aiur/vm/interpreter.js'
import type { IoBuffer } from '../../aiur/vm/io.js'
import { METHOD, PRIMITIVES, tableOf } from '../../kernel/primitive-table.js'
import { kernelSources } from '../../kernel/sources.js'
import { CHANNEL, digestWords, Witness } from '../../kernel/witness.js'
import { limbsOf, numberOf } from './nat-program.js'

/**
 * Channel 20 holds the arguments in prefix form: 0 n limbs a literal, 1 a variable, 2 Nat.zero, 3 id n an application of
 * primitive id to n arguments. Channel 21 gets what becomes of the application: 0 stuck, or 2, the shape of the result
 * in the same form; 1 when reduction goes on.
 */
const ENTRY = `
fn number_at(at: G, n: G) -> Limbs {
  match n {
    0 => store(List.Nil),
    _ =>
      let [x] = io_read(20, at, 1);
      store(List.Cons(x, number_at(at + 1, n - 1))),
  }
}

fn term_at(at: G, ctx: &Ctx) -> (&Expr, G) {
  let [kind] = io_read(20, at, 1);
  match kind {
    0 =>
      let [n] = io_read(20, at + 1, 1);
      (nat_literal_of(number_at(at + 2, n), ctx), at + 2 + n),
    1 => (store(Expr.FVar(0, prim_const(ctx, 1))), at + 1),
    2 => (prim_const(ctx, 2), at + 1),
    3 =>
      let [id] = io_read(20, at + 1, 1);
      let [n] = io_read(20, at + 2, 1);
      let (args, end) = terms_at(at + 3, n, ctx);
      (apply_spine(prim_const(ctx, id), args), end),
  }
}

fn terms_at(at: G, n: G, ctx: &Ctx) -> (Exprs, G) {
  match n {
    0 => (store(List.Nil), at),
    _ =>
      let (e, next) = term_at(at, ctx);
      let (rest, end) = terms_at(next, n - 1, ctx);
      (store(List.Cons(e, rest)), end),
  }
}

fn write_limbs(n: Limbs) {
  match load(n) {
    List.Nil => (),
    List.Cons(x, rest) =>
      io_write(21, [x]);
      write_limbs(rest),
  }
}

fn write_term(e: &Expr) {
  match load(e) {
    Expr.Nat(n, _) =>
      io_write(21, [0, list_length(n)]);
      write_limbs(n),
    Expr.FVar(_, _) => io_write(21, [1]);,
    Expr.Const(a, _) => io_write(21, [3, prim_id(a), 0]);,
    Expr.App(_, _) =>
      let (h, args) = collect_spine(e);
      let Expr.Const(a, _) = load(h);
      io_write(21, [3, prim_id(a), list_length(args)]);
      write_terms(args),
  }
}

fn write_terms(es: Exprs) {
  match load(es) {
    List.Nil => (),
    List.Cons(e, rest) =>
      write_term(e);
      write_terms(rest),
  }
}

pub fn reduce(digest: [G; 8]) {
  let ctx = load_primitives(digest);
  let (e, _) = term_at(0, ctx);
  let (h, args) = collect_spine(e);
  let Expr.Const(a, _) = load(h);
  match prim_reduce(prim_id(a), a, args) {
    Reduction.Stuck => io_write(21, [0]);,
    Reduction.Step(_) => io_write(21, [1]);,
    Reduction.Final(r) =>
      io_write(21, [2]);
      write_term(r),
  }
}
`

const NO_CHECKS = `
fn prim_ok(ctx: &Ctx, id: G) { () }
fn whnf_unaccelerated(h: &Expr, a: Addr, us: Levels, args: Exprs, mode: G) -> &Expr { apply_spine(h, args) }
`

const program = compile([...kernelSources(), { name: 'entry', text: ENTRY }], {
  roots: ['reduce'],
  overlay: [{ name: 'overlay', text: NO_CHECKS }],
})

const table = tableOf(
  PRIMITIVES.map(({ name }, i) => ({
    name,
    address: (i + 1).toString(16).padStart(2, '0').padEnd(64, '0'),
    method: METHOD.equations,
    witnesses: [],
  })),
)

type Term = bigint | 'x' | 'zero' | { readonly op: string; readonly args: readonly Term[] }

const of = (op: string, ...args: Term[]): Term => ({ op, args })
const numberFor = (op: string) => 1 + PRIMITIVES.findIndex(({ name }) => name === `Nat.${op}` || name === op)

function encode(term: Term): number[] {
  if (term === 'x') return [1]
  if (term === 'zero') return [2]
  if (typeof term === 'bigint') return [0, limbsOf(term).length, ...limbsOf(term)]
  return [3, numberFor(term.op), term.args.length, ...term.args.flatMap(encode)]
}

function decode(words: readonly bigint[]): Term {
  let at = 0
  const next = () => Number(words[at++]!)
  const term = (): Term => {
    switch (next()) {
      case 0: {
        const n = next()
        at += n
        return numberOf(words.slice(at - n, at))
      }
      case 1:
        return 'x'
      default: {
        const op = PRIMITIVES[next() - 1]!.name.replace(/^Nat\./, '')
        const n = next()
        return { op, args: Array.from({ length: n }, term) }
      }
    }
  }
  return term()
}

/** Ten times as many as the longest of these terms takes, and little enough that a kernel without its own limit ends. */
const ROWS = 2_000_000

function reduce(term: Term): Term | 'stuck' | 'step' {
  const witness = new Witness({ constant: () => undefined, blob: () => undefined })
  witness.putPrimitives(table.digest, table.bytes)
  const io: IoBuffer = witness.io
  io.put(20, [], encode(term))
  const outcome = execute(program, 'reduce', digestWords(table.digest).map(BigInt), io, { rows: ROWS })
  if (!outcome.ok) throw outcome.error
  const [status, ...rest] = io.read(21, 0, io.length(21))
  return status === 0n ? 'stuck' : status === 1n ? 'step' : decode(rest)
}

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? a : gcd(b, a % b)
}

const truth = (value: boolean): Term => ({ op: value ? 'Bool.true' : 'Bool.false', args: [] })

const MEANING: Record<string, (a: bigint, b: bigint) => Term> = {
  add: (a, b) => a + b,
  sub: (a, b) => (a < b ? 0n : a - b),
  mul: (a, b) => a * b,
  pow: (a, b) => a ** (b % 20n),
  div: (a, b) => (b === 0n ? 0n : a / b),
  mod: (a, b) => (b === 0n ? a : a % b),
  gcd,
  beq: (a, b) => truth(a === b),
  ble: (a, b) => truth(a <= b),
  land: (a, b) => a & b,
  lor: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  shiftLeft: (a, b) => a << (b % 200n),
  shiftRight: (a, b) => a >> (b % 200n),
  succ: a => a + 1n,
  pred: a => (a === 0n ? 0n : a - 1n),
  log2: a => BigInt(a === 0n ? 0 : a.toString(2).length - 1),
}
const UNARY = new Set(['succ', 'pred', 'log2'])
const BOUND: Record<string, bigint> = { pow: 20n, shiftLeft: 200n, shiftRight: 200n }

const number = fc.oneof(fc.bigInt({ min: 0n, max: 5n }), fc.bigInt({ min: 0n, max: 2n ** 100n }))

describe('on numerals', () => {
  test.each(Object.keys(MEANING))('Nat.%s', op => {
    fc.assert(
      fc.property(number, number, (a, wide) => {
        const b = wide % (BOUND[op] ?? 2n ** 128n)
        const args = UNARY.has(op) ? [a] : [a, b]
        expect(reduce(of(op, ...args))).toEqual(MEANING[op]!(a, b))
      }),
      { numRuns: 12 },
    )
    const zeros = UNARY.has(op) ? ['zero' as const] : (['zero', 'zero'] as const)
    expect(reduce(of(op, ...zeros))).toEqual(MEANING[op]!(0n, 0n))
  })

  test('arguments are evaluated first', () => {
    expect(reduce(of('add', of('mul', 6n, 7n), of('succ', 'zero')))).toBe(43n)
    expect(reduce(of('mod', of('pow', 2n, 100n), of('succ', 1000n)))).toBe(2n ** 100n % 1001n)
  })
})

describe('on numbers with very many digits', () => {
  /** Limbs that are mostly zero, and limbs that are not. */
  const long = (1n << 140_000n) + 1n
  const dense = 3n ** 90_000n

  test.each<[string, Term]>([
    ['a product', of('mul', dense, dense)],
    ['a quotient', of('div', long, long)],
    ['a remainder', of('mod', long, long)],
    ['a greatest common divisor', of('gcd', long, long)],
    ['a power', of('pow', 3n, 1_000_000n)],
    ['a power of two', of('pow', 2n, 5_000_000n)],
    ['a power of a long number', of('pow', 2n ** 4000n, 2n ** 20n)],
  ])('%s is not computed', (_name, term) => {
    expect(() => reduce(term)).toThrow(/unsupported: arithmetic on numbers with too many digits/)
  })

  test('what takes few steps is', () => {
    expect(reduce(of('mul', long, 2n ** 4000n))).toBe(long * 2n ** 4000n)
    expect(reduce(of('pow', 2n, 200_000n))).toBe(2n ** 200_000n)
    expect(reduce(of('add', long, long))).toBe(long + long)
  })

  test("exponents beyond those of Lean's own kernel are left alone", () => {
    expect(reduce(of('pow', 3n, 2n ** 70n))).toBe('stuck')
    expect(reduce(of('shiftLeft', 3n, 2n ** 70n))).toBe('stuck')
  })
})

describe('on what is no numeral', () => {
  test.each<[string, Term, Term | 'stuck']>([
    ['x + 5 is compact', of('add', 'x', 5n), of('add', 'x', 5n)],
    ['so are sums of sums', of('add', of('add', 'x', 5n), 7n), of('add', 'x', 12n)],
    ['x + 0', of('add', 'x', 0n), 'x'],
    ['x / 64', of('div', 'x', 64n), of('div', 'x', 64n)],
    ['x % 2', of('mod', 'x', 2n), of('mod', 'x', 2n)],
    ['x / 1', of('div', 'x', 1n), 'stuck'],
    ['x / 0', of('div', 'x', 0n), 'stuck'],
    ['x % 0', of('mod', 'x', 0n), 'stuck'],
    ['0 + x', of('add', 0n, 'x'), 'stuck'],
    ['x * 0', of('mul', 'x', 0n), 'stuck'],
    ['x * 1', of('mul', 'x', 1n), 'stuck'],
    ['x - 3', of('sub', 'x', 3n), 'stuck'],
    ['x ^ 0', of('pow', 'x', 0n), 'stuck'],
    ['gcd x 0', of('gcd', 'x', 0n), 'stuck'],
    ['beq x x', of('beq', 'x', 'x'), 'stuck'],
    ['ble 0 x', of('ble', 0n, 'x'), 'stuck'],
    ['x >>> 3', of('shiftRight', 'x', 3n), 'stuck'],
    ['succ x', of('succ', 'x'), 'stuck'],
    ['pred x', of('pred', 'x'), 'stuck'],
    ['log2 x', of('log2', 'x'), 'stuck'],
  ])('%s', (_name, term, result) => {
    expect(reduce(term)).toEqual(result)
  })
})

describe('nothing happens', () => {
  test.each<[string, Term]>([
    ['without arguments', of('add')],
    ['with too few', of('add', 2n)],
    ['with too many', of('add', 2n, 3n, 4n)],
    ['on a unary function with two', of('succ', 2n, 3n)],
    ['to a power that is too large', of('pow', 2n, 2n ** 24n + 1n)],
    ['to a shift that is too large', of('shiftLeft', 1n, 2n ** 24n + 1n)],
    ['to what is no function on numbers', of('String.ofList', 2n)],
  ])('%s', (_name, term) => {
    expect(reduce(term)).toBe('stuck')
  })
})

test('the channels of this test are free', () => {
  expect(Math.max(...Object.values(CHANNEL))).toBeLessThan(20)
})

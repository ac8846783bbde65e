/**
 * Random well-typed Aiur programs with inputs. They use every operation, generics, nested and non-tail matches, early
 * returns, constrained and unconstrained calls of the same function, recursion with and without ranks, IO and hints.
 * Most runs succeed; some fail an assertion, a range check, a match or an IO operation.
 */

import fc from 'fast-check'
import { IoBuffer } from '../../aiur/vm/io.js'

export interface RandomProgram {
  source: string
  args: bigint[]
  makeIo: () => IoBuffer
}

/** A number in 0 .. n - 1. */
type Choose = (n: number) => number

export function randomProgram(g: fc.GeneratorValue): RandomProgram {
  const choose: Choose = n => g(fc.nat, { max: n - 1 })
  const functions = range(2 + choose(3)).map(i => new Body(choose, i).fn())
  const main = new Body(choose, functions.length).main()
  const args = [...range(2).map(() => BigInt(literal(choose))), BigInt(choose(256))]
  const words = range(8).map(() => Number(BigInt(literal(choose)) % (1n << 53n)))
  return {
    source: [PRELUDE, ...functions, main].join('\n'),
    args,
    makeIo: () => {
      const io = new IoBuffer()
      io.put(1, [0], words)
      io.put(1, [1], [5, 6])
      io.put(1, [2, 0xfffffff0], words.slice(0, 3))
      io.put(2 ** 40, [7], [9])
      return io
    },
  }
}

/** Used by all programs. */
const PRELUDE = `
enum Opt‹T› { None, Some(T), Two(T, G) }
enum List‹T› { Nil, Cons(T, &List‹T›) }
enum Shape { Dot, Line(G), Box(G, G), Byte(U8) }
enum Limbs { Cons(G, &Limbs), Nil }
enum Chain‹T› { Cons(T, &Chain‹T›), Nil }
fn pick‹T›(c: G, x: T, y: T) -> T { match c { 0 => x, _ => y, } }
fn swap‹A, B›(p: (A, B)) -> (B, A) { let (a, b) = p; (b, a) }
fn get‹T›(o: Opt‹T›, d: T) -> T { match o { Opt.None => d, Opt.Some(x) => x, Opt.Two(x, _) => x, } }
fn build(n: G, x: G) -> &List‹G› { match n { 0 => store(List.Nil), _ => store(List.Cons(x * n, build(n - 1, x + 1))), } }
fn length‹T›(l: &List‹T›) -> G { match load(l) { List.Nil => 0, List.Cons(_, t) => length(t) + 1, } }
fn sum(l: &List‹G›) -> G { match load(l) { List.Nil => 0, List.Cons(x, t) => x + sum(t), } }
fn tree(n: G, x: G) -> G { match n { 0 => x, 1 => x * x, _ => tree(n - 1, x) + tree(n - 2, x + 1) * 3 + tree(n - 1, 2), } }
fn even(n: G) -> G { match n { 0 => 1, _ => odd(n - 1), } }
fn odd(n: G) -> G { match n { 0 => 0, _ => even(n - 1), } }
fn measure(s: Shape) -> G { match s { Shape.Dot => 0, Shape.Line(n) => n, Shape.Box(a, 3) => a, Shape.Box(a, b) => a * b, Shape.Byte(b) => to_field(b), } }
fn limbs(n: G, x: G) -> &Limbs { match n { 0 => store(Limbs.Nil), _ => store(Limbs.Cons(x, limbs(n - 1, x))), } }
fn limb_sum(l: &Limbs) -> G { match load(l) { Limbs.Nil => 0, Limbs.Cons(x, t) => x + 5 * limb_sum(t), } }
fn bytes(n: G, x: [U8; 8]) -> &Chain‹[U8; 8]› { match n { 0 => store(Chain.Nil), _ => store(Chain.Cons(x, bytes(n - 1, x))), } }
fn upper(b: G) -> G { to_field(u8_shift_right(u8_from_field_unsafe(b))) }
fn mix(x: G, y: G) -> [G; 3] {
  let b = unconstrained_g_to_bytes(x);
  let c = unconstrained_g_to_bytes(y);
  [upper(b[0]) * x - y, to_field(u8_xor(u8_from_field_unsafe(b[1]), u8_from_field_unsafe(c[0]))), eq_zero(b[7] - c[7]) + x * y]
}
fn byte_sum(l: &Chain‹[G; 8]›) -> G { match load(l) { Chain.Nil => 0, Chain.Cons(x, t) => x[0] + 7 * x[7] + 5 * byte_sum(t), } }
`

const WIDE = [
  '4026531839',
  '4026531840',
  '4294967295',
  '4294967296',
  '18446744069414584320',
  '9223372036854775808',
]

function literal(choose: Choose): string {
  switch (choose(6)) {
    case 0:
      return WIDE[choose(WIDE.length)]!
    case 1:
      return String(choose(0x7fffffff) * 4 + choose(4))
    case 2:
      return String((BigInt(choose(0x7fffffff)) << 32n) + BigInt(choose(0x7fffffff)))
    default:
      return String(choose(20))
  }
}

function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i)
}

/** Names in scope by type; `N` are field elements below 16. */
type Scope = Record<'G' | 'U' | 'N', string[]>

const BYTE_OPS = ['u8_xor', 'u8_and', 'u8_or']
const TWO_BYTES = ['u8_add', 'u8_sub', 'u8_mul', 'u8_xor_split7', 'u8_xor_split4']
const THREE_BYTES = ['u8_chain_rotr7', 'u8_chain_rotr4']

class Body {
  private names = 0
  private inMain = false

  constructor(
    private readonly choose: Choose,
    /** Functions f0 .. f<index - 1> may be called. */
    private readonly index: number,
  ) {}

  fn(): string {
    const scope: Scope = { G: ['a', 'b'], U: ['u'], N: [] }
    const { index, choose } = this
    if (choose(3) > 0) return `fn f${index}(n: G, a: G, b: G, u: U8) -> G {\n${this.block(scope, 2)}\n}`
    // Recursion: by one step only without ranks, by several with.
    const calls = choose(2) === 0 ? ['n - 1'] : ['n - 1', 'n - 2', 'n - 1']
    const results = calls.map((n, i) => `let r${i} = f${index}(${n}, a + ${i}, b, u);`).join(' ')
    const after: Scope = { ...scope, G: [...scope.G, ...calls.map((_, i) => `r${i}`)] }
    return `fn f${index}(n: G, a: G, b: G, u: U8) -> G {
  match n { 0 => ${this.block(scope, 1)}, 1 => a, _ => ${results} ${this.block(after, 1)}, }
}`
  }

  main(): string {
    this.inMain = true
    const scope: Scope = { G: ['a', 'b'], U: ['u'], N: [] }
    const calls = range(this.index).map(i => {
      const name = this.name()
      const call = this.call(i, scope)
      scope.G.push(name)
      return `let ${name} = ${call};`
    })
    return `pub fn main(a: G, b: G, u: U8) -> (G, U8, [G; 2]) {
  ${calls.join('\n  ')}
  ${this.statements(scope, 2, 4).join('\n  ')}
  (${this.G(scope, 1)}, ${this.U(scope, 1)}, [${this.G(scope, 0)}, ${this.N(scope, 0)}])
}`
  }

  private name(): string {
    return `v${this.names++}`
  }

  private of<T>(list: readonly T[]): T {
    return list[this.choose(list.length)]!
  }

  /** Statements and a field element. */
  private block(outer: Scope, depth: number): string {
    const scope: Scope = { G: [...outer.G], U: [...outer.U], N: [...outer.N] }
    const statements = this.statements(scope, depth, 3)
    const last = depth > 0 && this.choose(3) === 0 ? this.match(scope, depth - 1) : this.G(scope, depth)
    return [...statements, last].join('\n')
  }

  private statements(scope: Scope, depth: number, most: number): string[] {
    return range(1 + this.choose(most)).map(() => this.statement(scope, depth))
  }

  private bind(scope: Scope, types: ('G' | 'U' | 'N')[], value: string): string {
    const names = types.map(() => this.name())
    types.forEach((type, i) => {
      scope[type].push(names[i]!)
    })
    return `let ${names.length === 1 ? names[0] : `(${names.join(', ')})`} = ${value};`
  }

  private statement(scope: Scope, depth: number): string {
    const { choose } = this
    const G = () => this.G(scope, depth)
    const U = () => this.U(scope, depth)
    const N = () => this.N(scope, depth)
    switch (choose(25)) {
      case 0:
        return this.bind(scope, ['U', 'U'], `${this.of(TWO_BYTES)}(${U()}, ${U()})`)
      case 1:
        return this.bind(scope, ['U', 'U', 'U'], `${this.of(THREE_BYTES)}(${U()}, ${U()})`)
      case 2: {
        const bits = range(8).map(() => this.name())
        const statement = `let [${bits.join(', ')}] = u8_bit_decomposition(${U()});`
        scope.N.push(...bits)
        return statement
      }
      case 3:
        return this.bind(scope, ['N', 'N'], `u4_xor_split3(${N()}, ${N()})`)
      case 4:
        return this.bind(scope, ['U', 'U'], `u8_range_check(${N()}, to_field(${U()}))`)
      case 5:
        return this.bind(scope, ['N', 'N'], `u4_range_check(${N()}, ${N()})`)
      case 6:
        return this.bind(scope, ['G'], `u32_range_check(${choose(8) === 0 ? G() : this.word(scope)})`)
      case 7: {
        const three = choose(2) === 0
        const operands = range(three ? 3 : 2).map(() => this.bytes(scope, 4))
        const [sum, carry] = [this.name(), this.name()]
        scope.G.push(carry, ...range(4).map(i => `${sum}[${i}]`))
        return `let (${sum}, ${carry}) = unconstrained_u32_add${three ? 3 : ''}(${operands.join(', ')});`
      }
      case 8: {
        const bytes = this.name()
        const statement = `let ${bytes} = unconstrained_g_to_bytes(${G()});`
        scope.G.push(...range(8).map(i => `${bytes}[${i}]`))
        return statement
      }
      case 9: {
        const x = G()
        return choose(8) === 0 ? `assert_eq!(${x}, ${G()}, "unlikely");` : `assert_eq!((${x}, 3), (${x}, 3));`
      }
      case 10: {
        const [index, length] = [this.name(), this.name()]
        scope.G.push(index, length)
        const key = this.of([
          '1, [0]',
          '1, [0]',
          '1, [1]',
          '1, [2, 4294967280]',
          '1099511627776, [7]',
          '1, [9]',
        ])
        return `let (${index}, ${length}) = io_get_info(${choose(3) === 0 ? this.of(['1, [0]', '1, [1]']) : key});`
      }
      case 11: {
        const names = range(1 + choose(3)).map(() => this.name())
        const index = choose(12) === 0 ? G() : String(choose(9))
        scope.G.push(...names)
        return `let [${names.join(', ')}] = io_read(1, ${index}, ${names.length});`
      }
      case 12:
        return `io_write(${this.of(['1', '3', '3'])}, [${range(1 + choose(3))
          .map(G)
          .join(', ')}]);`
      case 13:
        return `io_set_info(4, [${this.index}, ${choose(1000)}, ${this.of(scope.G)}], ${choose(99)}, ${this.word(scope)});`
      case 14:
        return `dbg!("${this.of(['x', 'y'])}", (${G()}, ${U()}));`
      case 15: {
        const [q, r] = [this.name(), this.name()]
        const operands = range(2).map(
          i => `${this.of(['', '#'])}limbs(${choose(4) + (i === 0 ? 2 : 0)}, ${this.word(scope)})`,
        )
        scope.G.push(`limb_sum(${q})`, `limb_sum(${r})`, `ptr_val(${q})`)
        return `let (${q}, ${r}) = unconstrained_limbs_div_mod(${operands.join(', ')});`
      }
      case 16: {
        const [q, r] = [this.name(), this.name()]
        const operands = range(2).map(i => `bytes(${choose(3) + (i === 0 ? 1 : 0)}, ${this.bytes(scope, 8)})`)
        scope.G.push(`byte_sum(${q})`, `byte_sum(${r})`)
        return `let (${q}, ${r}) = unconstrained_big_uint_div_mod(${operands.join(', ')});`
      }
      case 17: {
        // The same call as a hint and constrained.
        if (this.index === 0) return this.bind(scope, ['G'], G())
        const call = this.call(choose(this.index), scope)
        const hint = this.bind(scope, ['G'], `#${call}`)
        return `${hint} ${this.bind(scope, ['G'], call)}`
      }
      case 18: {
        const p = this.name()
        const [x, y] = [this.name(), this.name()]
        const store = `let ${p} = store((${G()}, ${G()}, ${U()}));`
        scope.G.push(x, y, `ptr_val(${p})`)
        return `${store} let (${x}, ${y}, _) = load(${p});`
      }
      case 19:
        return this.bind(scope, ['G', 'U'], `swap((${U()}, ${G()}))`)
      case 20:
      case 21:
      case 22:
        return depth === 0
          ? this.bind(scope, ['G'], G())
          : this.bind(scope, ['G'], this.match(scope, depth - 1))
      case 23:
        return this.bind(scope, ['U'], U())
      default:
        return this.bind(scope, ['G'], G())
    }
  }

  private match(scope: Scope, depth: number): string {
    const { choose } = this
    // Not all arms of a match may return.
    const arm = (bound: string[] = [], last = false) => {
      const inner: Scope = { ...scope, G: [...scope.G, ...bound] }
      if (!last && !this.inMain && choose(10) === 0) return `return ${this.G(inner, 0)}`
      return this.block(inner, depth)
    }
    switch (choose(4)) {
      case 0: {
        const shape = this.of([
          () => 'Shape.Dot',
          () => `Shape.Line(${this.G(scope, 0)})`,
          () => `Shape.Box(${this.G(scope, 0)}, ${this.of(['3', '4', this.of(scope.G)])})`,
          () => `pick(${this.of(scope.G)}, Shape.Dot, Shape.Byte(${this.of(scope.U)}))`,
        ])()
        return `match ${shape} { Shape.Dot => ${arm()}, Shape.Line(x) => ${arm(['x'])}, Shape.Box(x, 3) => ${arm(['x'])}, Shape.Box(x, y) => ${arm(['x', 'y'])}, Shape.Byte(_) => ${arm([], true)}, }`
      }
      case 1: {
        const cases = range(1 + choose(5)).map(i => i + choose(2) * i * 1000)
        const arms = [...new Set(cases)].map((c, i) => `${c} => ${arm([], i === 0)}`)
        const missing = choose(25) === 0
        return `match ${this.small(scope)} { ${arms.join(', ')}${missing ? '' : `, _ => ${arm()}`}, }`
      }
      case 2:
        return `match (${this.small(scope)}, eq_zero(${this.G(scope, 0)})) { (0, 1) => ${arm()}, (x, 0) => ${arm(['x'])}, (1, _) => ${arm()}, (_, y) => ${arm(['y'], true)}, }`
      default:
        return `match load(${this.of(['build', '#build'])}(${choose(4)}, ${this.G(scope, 0)})) { List.Nil => ${arm()}, List.Cons(h, &List.Cons(k, _)) => ${arm(['h', 'k'])}, List.Cons(h, t) => ${arm(['h', 'sum(t)', 'length(t)'], true)}, }`
    }
  }

  private call(callee: number, scope: Scope): string {
    return `f${callee}(${this.choose(6)}, ${this.G(scope, 0)}, ${this.of(scope.G)}, ${this.of(scope.U)})`
  }

  /** A field element that often is one of the first numbers. */
  private small(scope: Scope): string {
    return this.of([
      () => this.N(scope, 1),
      () => `u32_less_than(${this.word(scope)}, ${this.word(scope)})`,
      () => `u8_less_than(${this.U(scope, 0)}, ${this.U(scope, 0)})`,
      () => this.G(scope, 0),
    ])()
  }

  private G(scope: Scope, depth: number): string {
    const { choose } = this
    if (depth === 0) return choose(3) === 0 ? literal(choose) : this.of(scope.G)
    const sub = () => this.G(scope, depth - 1)
    switch (choose(16)) {
      case 0:
        return `(${sub()} + ${sub()})`
      case 1:
        return `(${sub()} - ${sub()})`
      case 2:
        return `(${sub()} * ${sub()})`
      case 3:
        return `eq_zero(${sub()})`
      case 4:
        return `to_field(${this.U(scope, depth - 1)})`
      case 5:
        return `u8_less_than(${this.U(scope, depth - 1)}, ${this.U(scope, depth - 1)})`
      case 6:
        return `u32_less_than(${choose(12) === 0 ? sub() : this.word(scope)}, ${this.word(scope)})`
      case 7:
        return `u32_to_field(${this.bytes(scope, 4)})`
      case 8:
        return `unconstrained_g_inverse(${sub()})`
      case 9:
        return `ptr_val(store(${sub()}))`
      case 10:
        return `load(store(${sub()}))`
      case 11:
        return `pick(${this.small(scope)}, ${sub()}, ${sub()})`
      case 12:
        return `get(${this.of(['Opt‹G›.None', `Opt.Some(${sub()})`, `Opt.Two(${sub()}, 1)`])}, ${sub()})`
      case 13:
        return this.of([
          () => `${this.of(['', '#'])}tree(${choose(5)}, ${sub()})`,
          () => `${this.of(['', '#'])}even(${choose(9)})`,
          () => `#mix(${sub()}, ${sub()})[${choose(3)}]`,
          () => `${this.of(['', '#'])}sum(build(${choose(4)}, ${sub()}))`,
          () => `measure(${this.of([`Shape.Box(${sub()}, 3)`, `Shape.Line(${sub()})`, 'Shape.Dot'])})`,
        ])()
      case 14:
        return this.index === 0
          ? this.N(scope, 0)
          : `${this.of(['', '#'])}${this.call(choose(this.index), scope)}`
      default:
        return this.of(scope.G)
    }
  }

  private U(scope: Scope, depth: number): string {
    const { choose } = this
    if (depth === 0) return choose(3) === 0 ? `${choose(256)}u8` : this.of(scope.U)
    const sub = () => this.U(scope, depth - 1)
    switch (choose(6)) {
      case 0:
        return `u8_shift_left(${sub()})`
      case 1:
        return `u8_shift_right(${sub()})`
      case 2:
        return `u8_from_field_unsafe(${choose(15) === 0 ? this.G(scope, 0) : this.N(scope, 0)})`
      case 3:
        return this.of(scope.U)
      default:
        return `${this.of(BYTE_OPS)}(${sub()}, ${sub()})`
    }
  }

  private N(scope: Scope, depth: number): string {
    const { choose } = this
    if (depth === 0 || choose(3) === 0)
      return scope.N.length === 0 || choose(3) === 0 ? String(choose(16)) : this.of(scope.N)
    if (choose(30) === 0) return this.G(scope, 0)
    return `u4_xor(${this.N(scope, depth - 1)}, ${this.N(scope, depth - 1)})`
  }

  /** A field element below 2^32. */
  private word(scope: Scope): string {
    return this.of([
      () => String(this.choose(0x7fffffff) * 2),
      () => `to_field(${this.of(scope.U)})`,
      () => `u32_to_field(${this.bytes(scope, 4)})`,
    ])()
  }

  private bytes(scope: Scope, count: number): string {
    return `[${range(count)
      .map(() => this.U(scope, 0))
      .join(', ')}]`
  }
}

/** Statements about operations on literals, by family and size, with results computed by bigint and JavaScript strings. */
import type { Expr, Level } from '../lean/declaration.js'
import { parseName } from '../lean/name.js'

/** left = right in a type. */
export interface Statement {
  readonly type: Expr
  readonly left: Expr
  readonly right: Expr
}

/** The i-th statement of a family: signs change with i, operands are pseudorandom. */
export type Family = (i: number) => Statement

const zero: Level = { kind: 'zero' }
const one: Level = { kind: 'succ', pred: zero }
const constant = (name: string, ...levels: Level[]): Expr => ({
  kind: 'const',
  name: parseName(name),
  levels,
})
const apply = (name: string | Expr, ...args: Expr[]): Expr =>
  args.reduce<Expr>((fn, arg) => ({ kind: 'app', fn, arg }), typeof name === 'string' ? constant(name) : name)
const nat = (value: bigint): Expr => ({ kind: 'nat', value })
const str = (value: string): Expr => ({ kind: 'str', value })
const int = (value: bigint): Expr =>
  value < 0n ? apply('Int.negSucc', nat(-value - 1n)) : apply('Int.ofNat', nat(value))
const bool = (value: boolean): Expr => constant(value ? 'Bool.true' : 'Bool.false')
const [NAT, INT, BOOL, STRING] = ['Nat', 'Int', 'Bool', 'String'].map(name => constant(name)) as [
  Expr,
  Expr,
  Expr,
  Expr,
]
const equation = (type: Expr, a: Expr, b: Expr) => apply(constant('Eq', one), type, a, b)
const lessOrEqual = (type: Expr, instance: Expr, a: Expr, b: Expr) =>
  apply(constant('LE.le', zero), type, instance, a, b)
const less = (type: Expr, instance: Expr, a: Expr, b: Expr) =>
  apply(constant('LT.lt', zero), type, instance, a, b)
const decided = (proposition: Expr, decision: Expr, value: boolean): Statement => ({
  type: BOOL,
  left: apply('Decidable.decide', proposition, decision),
  right: bool(value),
})

/** A linear congruential generator: the same operands each time. */
class Numbers {
  #state = 20261121n

  /** A number of exactly this many bits. */
  bits(count: number): bigint {
    let value = 1n
    for (let i = 1; i < count; i++) {
      this.#state = (this.#state * 6364136223846793005n + 1442695040888963407n) & ((1n << 64n) - 1n)
      value = 2n * value + (this.#state >> 63n)
    }
    return value
  }

  letters(count: number): string {
    return Array.from({ length: count }, () => String.fromCharCode(97 + Number(this.bits(12) % 26n))).join('')
  }
}

const size = (value: bigint): bigint => (value < 0n ? -value : value)
/** Quotient and remainder with a remainder that is not negative. */
const remainder = (a: bigint, b: bigint): bigint => (b === 0n ? a : ((a % b) + size(b)) % size(b))
const quotient = (a: bigint, b: bigint): bigint => (b === 0n ? 0n : (a - remainder(a, b)) / b)
/** The remainder nearest to zero, for b > 0. */
const balanced = (a: bigint, b: bigint): bigint => {
  const r = remainder(a, b)
  return 2n * r < b ? r : r - b
}

const INT_OPERATIONS: readonly [string, (a: bigint, b: bigint) => bigint][] = [
  ['Int.add', (a, b) => a + b],
  ['Int.sub', (a, b) => a - b],
  ['Int.mul', (a, b) => a * b],
  ['Int.ediv', quotient],
  ['Int.emod', remainder],
]

type Decision = [
  name: string,
  type: Expr,
  proposition: (a: Expr, b: Expr) => Expr,
  value: (a: bigint, b: bigint) => boolean,
]

const DECISIONS: readonly Decision[] = [
  ['Nat.decEq', NAT, (a, b) => equation(NAT, a, b), (a, b) => a === b],
  ['Nat.decLe', NAT, (a, b) => lessOrEqual(NAT, constant('instLENat'), a, b), (a, b) => a <= b],
  ['Nat.decLt', NAT, (a, b) => less(NAT, constant('instLTNat'), a, b), (a, b) => a < b],
  ['Int.decEq', INT, (a, b) => equation(INT, a, b), (a, b) => a === b],
  ['Int.decLe', INT, (a, b) => lessOrEqual(INT, constant('Int.instLEInt'), a, b), (a, b) => a <= b],
  ['Int.decLt', INT, (a, b) => less(INT, constant('Int.instLTInt'), a, b), (a, b) => a < b],
]

function* integers(numbers: Numbers, count: number): Generator<[string, Family]> {
  const signed = (i: number): bigint => (i & 1 ? -1n : 1n) * numbers.bits(count)
  const label = (name: string): string => `\`${name}\`, ${count} bits`
  for (const [name, f] of INT_OPERATIONS)
    yield [
      label(name),
      i => {
        const [a, b] = [signed(i), signed(i >> 1)]
        return { type: INT, left: apply(name, int(a), int(b)), right: int(f(a, b)) }
      },
    ]
  yield [
    label('Int.neg'),
    i => {
      const a = signed(i)
      return { type: INT, left: apply('Int.neg', int(a)), right: int(-a) }
    },
  ]
  yield [
    label('Int.natAbs'),
    i => {
      const a = signed(i)
      return { type: NAT, left: apply('Int.natAbs', int(a)), right: nat(size(a)) }
    },
  ]
  yield [
    label('Int.bmod'),
    i => {
      const [a, b] = [signed(i), numbers.bits(count)]
      return { type: INT, left: apply('Int.bmod', int(a), nat(b)), right: int(balanced(a, b)) }
    },
  ]
  yield [
    label('Int.bdiv'),
    i => {
      const [a, b] = [signed(i), numbers.bits(count)]
      const right = int((a - balanced(a, b)) / b)
      return { type: INT, left: apply('Int.bdiv', int(a), nat(b)), right }
    },
  ]
  for (const [name, type, proposition, value] of DECISIONS)
    yield [
      label(name),
      i => {
        const natural = type === NAT
        const a = natural ? numbers.bits(count) : signed(i)
        const b = i & 2 ? a : natural ? numbers.bits(count) : signed(i >> 1)
        const literal = natural ? nat : int
        const [x, y] = [literal(a), literal(b)]
        return decided(proposition(x, y), apply(name, x, y), value(a, b))
      },
    ]
}

function* powers(numbers: Numbers): Generator<[string, Family]> {
  for (const exponent of [3n, 64n, 2000n])
    yield [
      `\`Int.pow\`, exponent ${exponent}`,
      i => {
        const base = (i & 1 ? -1n : 1n) * numbers.bits(7)
        return { type: INT, left: apply('Int.pow', int(base), nat(exponent)), right: int(base ** exponent) }
      },
    ]
}

function* bitVectors(numbers: Numbers, width: number): Generator<[string, Family]> {
  const w = nat(BigInt(width))
  const type = apply('BitVec', w)
  const modulus = 1n << BigInt(width)
  const vector = (value: bigint): Expr => apply('BitVec.ofNat', w, nat(value))
  const label = (name: string): string => `\`${name}\`, width ${width}`
  yield [
    label('BitVec.toNat'),
    () => {
      const a = numbers.bits(width + 5)
      return { type: NAT, left: apply('BitVec.toNat', w, vector(a)), right: nat(a % modulus) }
    },
  ]
  for (const [name, f] of [
    ['BitVec.add', (a: bigint, b: bigint) => a + b],
    ['BitVec.mul', (a: bigint, b: bigint) => a * b],
  ] as const)
    yield [
      label(name),
      () => {
        const [a, b] = [numbers.bits(width), numbers.bits(width)]
        return { type, left: apply(name, w, vector(a), vector(b)), right: vector(f(a, b) % modulus) }
      },
    ]
  yield [
    label('BitVec.ult'),
    () => {
      const [a, b] = [numbers.bits(width), numbers.bits(width)]
      return { type: BOOL, left: apply('BitVec.ult', w, vector(a), vector(b)), right: bool(a < b) }
    },
  ]
  yield [
    label('instDecidableLtBitVec'),
    () => {
      const [a, b] = [numbers.bits(width), numbers.bits(width)]
      const proposition = less(type, apply('instLTBitVec', w), vector(a), vector(b))
      return decided(proposition, apply('instDecidableLtBitVec', w, vector(a), vector(b)), a < b)
    },
  ]
  yield [
    label('BitVec.decEq'),
    i => {
      const a = numbers.bits(width)
      const b = i & 1 ? a : numbers.bits(width)
      const proposition = equation(type, vector(a), vector(b))
      return decided(proposition, apply('BitVec.decEq', w, vector(a), vector(b)), a === b)
    },
  ]
}

function* strings(numbers: Numbers, count: number): Generator<[string, Family]> {
  const label = (name: string, note = ''): string => `\`${name}\`${note}, ${count} characters`
  const decision = (a: string, b: string): Statement =>
    decided(equation(STRING, str(a), str(b)), apply('String.decEq', str(a), str(b)), a === b)
  yield [
    label('String.append'),
    () => {
      const [a, b] = [numbers.letters(count), numbers.letters(count)]
      return { type: STRING, left: apply('String.append', str(a), str(b)), right: str(a + b) }
    },
  ]
  yield [
    label('String.utf8ByteSize'),
    () => {
      const left = apply('String.utf8ByteSize', str(numbers.letters(count)))
      return { type: NAT, left, right: nat(BigInt(count)) }
    },
  ]
  yield [
    label('String.length'),
    () => {
      const left = apply('String.length', str(numbers.letters(count)))
      return { type: NAT, left, right: nat(BigInt(count)) }
    },
  ]
  yield [
    label('String.decEq', ' of equals'),
    () => {
      const a = numbers.letters(count)
      return decision(a, a)
    },
  ]
  yield [
    label('String.decEq', ', last differs'),
    () => {
      const a = numbers.letters(count)
      return decision(a, `${a.slice(0, -1)}A`)
    },
  ]
}

export function* families(): Generator<[string, Family]> {
  const numbers = new Numbers()
  for (const count of [7, 64, 2000]) yield* integers(numbers, count)
  yield* powers(numbers)
  for (const width of [8, 64, 256]) yield* bitVectors(numbers, width)
  for (const count of [5, 50, 200]) yield* strings(numbers, count)
}

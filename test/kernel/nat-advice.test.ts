/** Every piece of advice of arithmetic, answered by many lies: nothing but the true result may come of them. */
import { expect, test } from 'vitest'
import { execute } from '../../aiur/vm/interpreter.js'
import { IoBuffer } from '../../aiur/vm/io.js'
import { limbsOf, natProgram, numberOf, OPERATIONS, type Operation } from './nat-program.js'

const P = 2n ** 64n - 2n ** 32n + 1n
const LIMB = 2n ** 32n
const LIE = 30
const ASKED = 31

/** Name, parameters, and what it answers by itself. */
const HINTS = [
  ['high_word_hint', ['x'], 'high_word(x)'],
  ['limb_less_hint', ['x', 'y'], 'u32_less_than(x, y)'],
  ['borrow_hint', ['x', 'y', 'c'], 'borrow(x, y, c)'],
  ['half_hint', ['x'], 'half(x)'],
  ['shift_hint', ['x', 'n'], 'shifted(x, n)'],
] as const

/** Each tells what it is asked about, and answers as the channel says: another value, or one so much larger. */
const OVERLAY = `
fn high_word(x: G) -> G {
  let b = unconstrained_g_to_bytes(x);
  b[4] + 256 * b[5] + 65536 * b[6] + 16777216 * b[7]
}
fn borrow(x: G, y: G, c: G) -> G { match c { 0 => u32_less_than(x, y), _ => 1 - u32_less_than(y, x), } }
fn half(x: G) -> G {
  let b = unconstrained_g_to_bytes(x);
  (x - u8_bit_decomposition(u8_from_field_unsafe(b[0]))[0]) * 9223372034707292161
}
fn shifted(x: G, n: G) -> G { match n { 0 => x, _ => shifted(half(x), n - 1), } }
fn told(hint: G, x: G, honest: G) -> G {
  io_write(${ASKED}, [hint, x]);
  let (at, _) = io_get_info(${LIE}, [0]);
  let l = io_read(${LIE}, at, 6);
  match [l[0] - hint, l[1] + 4294967296 * l[2] - x] {
    [0, 0] => l[3] + 4294967296 * l[4] + l[5] * honest,
    _ => honest,
  }
}
${HINTS.map(([name, parameters, honest], i) => {
  const list = parameters.map(parameter => `${parameter}: G`).join(', ')
  return `fn ${name}(${list}) -> G { told(${i}, x, ${honest}) }`
}).join('\n')}
`

const program = natProgram(OVERLAY)

interface Lie {
  readonly hint: number
  readonly word: bigint
  readonly value: bigint
  /** Is the value added to the honest one? */
  readonly relative: boolean
}

const NONE: Lie = { hint: HINTS.length, word: 0n, value: 0n, relative: true }

function run(operation: Operation, a: bigint, b: bigint, { hint, word, value, relative }: Lie) {
  const io = new IoBuffer()
  io.put(0, [0], limbsOf(a))
  io.put(0, [1], limbsOf(b))
  const halves = [word, value].flatMap(each => [Number(each % LIMB), Number(each >> 32n)])
  io.put(LIE, [0], [hint, ...halves, relative ? 1 : 0])
  const args = [BigInt(OPERATIONS.indexOf(operation))]
  const outcome = execute(program, 'run', args, io, { rows: 20_000 })
  const asked = new Map<string, readonly [number, bigint]>()
  const told = io.length(ASKED) === 0 ? [] : io.read(ASKED, 0, io.length(ASKED))
  for (let i = 0; i < told.length; i += 2)
    asked.set(`${told[i]} ${told[i + 1]}`, [Number(told[i]), told[i + 1]!])
  const words = outcome.ok ? io.read(1, 0, io.length(1)) : undefined
  return { words: words?.join(' '), asked: [...asked.values()] }
}

const inField = (value: bigint): bigint => ((value % P) + P) % P

/** 1 / 2^n: 2^96 is -1. */
const inversePower = (n: number): bigint => inField(-(2n ** BigInt(96 - n)))

/** Small and large values, neighbours of the truth, and quotients that leave another remainder than the true one. */
function* liesAbout(hint: number, word: bigint): Generator<Lie> {
  for (const value of [0n, 1n, 2n, 3n, LIMB - 1n, LIMB, P - 1n]) yield { hint, word, value, relative: false }
  for (const value of [1n, 2n, P - 1n, P - 2n]) yield { hint, word, value, relative: true }
  for (const n of [1, 2, 5, 8, 31, 32])
    for (const rest of [0n, 1n, 2n, 5n, 31n])
      yield { hint, word, value: ((word - rest + P) * inversePower(n)) % P, relative: false }
}

const CASES: readonly (readonly [Operation, bigint, bigint])[] = [
  ['add', numberOf([5n, 7n, 9n]), numberOf([3n, 2n])],
  ['add', LIMB ** 2n - 1n, LIMB - 1n],
  ['sub', numberOf([5n, 7n, 9n]), numberOf([3n, 7n])],
  ['sub', numberOf([1n, 0n, 4n]), numberOf([3n, 7n])],
  ['mul', numberOf([5n, LIMB - 1n]), numberOf([LIMB - 1n, 3n])],
  ['mul', 3n, 1n],
  ['cmp', numberOf([9n, 4n]), numberOf([5n, 4n])],
  ['cmp', 5n, 9n],
  ['log2', 9n, 0n],
  ['log2', 2n ** 31n, 0n],
  ['pow', 3n, 6n],
  ['pow', 2n, 5n],
  ['powOk', 2n ** 40n + 1n, 77n],
  ['powOk', 2n, 2n ** 24n + 1n],
  ['shl', 5n, 40n],
  ['shl', 5n, 3n],
  ['shr', numberOf([77n, 5n, 9n]), 40n],
  ['shr', numberOf([77n, 5n]), 3n],
  ['shr', numberOf([77n, 5n, 9n, 1n]), 69n],
]

test.each(CASES)('%s of %s and %s', (operation, a, b) => {
  const { words: right, asked } = run(operation, a, b, NONE)
  expect(right).toBeDefined()
  expect(asked).not.toEqual([])
  const wrong: string[] = []
  for (const [hint, word] of asked)
    for (const lie of liesAbout(hint, word)) {
      const { words } = run(operation, a, b, lie)
      if (words !== undefined && words !== right)
        wrong.push(`${HINTS[hint]![0]} ${word}: ${lie.relative ? '+' : ''}${lie.value} gives ${words}`)
    }
  expect(wrong).toEqual([])
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  BYTE_PAIR_RESULTS,
  type BytecodeFunction,
  NIBBLE_PAIR_RESULTS,
  type Op,
  type Program,
  type Value,
} from '../../aiur/bytecode.js'
import { checkConstraints } from '../../aiur/circuit/constraints.js'
import { layout } from '../../aiur/circuit/layout.js'
import { compile } from '../../aiur/language/compile.js'
import { P } from '../../aiur/vm/goldilocks.js'
import { execute } from '../../aiur/vm/interpreter.js'
import { IoBuffer } from '../../aiur/vm/io.js'
import { type HintOp, plainHints } from '../../aiur/vm/plain-hints.js'
import type { RecordView } from '../../aiur/vm/record.js'
import { resultCount } from '../../aiur/vm/values.js'
import { executeHere } from '../../aiur/wasm/engine.js'
import { program as assembled, block, call, fn, ret } from './bytecode-builder.js'
import { differenceHere, differenceOfOutcomes, plainEngine } from './compare-engines.js'

const HINT = `fn half(b: G) -> G { to_field(u8_shift_right(u8_from_field_unsafe(b))) }
fn halves(x: G) -> [G; 3] {
  let b = unconstrained_g_to_bytes(x);
  [half(b[0]), half(b[1]) * 18446744069414584320, x - b[7]]
}
`
const LOOP = `${HINT}fn sum(n: G, limit: G) -> G {
  match n {
    0 => 0,
    _ =>
      let h = #halves(n * n * n * 1099511627776 + n);
      assert_eq!(eq_zero(n - limit), 0, "the limit");
      sum(n - 1, limit) + h[0] + h[1] * h[2],
  }
}
pub fn main(n: G, limit: G) -> G { sum(n, limit) }`

const program = (text: string) => compile([{ name: 'hints.aiur', text }])

const plainNames = (p: Program): string[] =>
  p.functions.filter((_, i) => plainHints(p)[i] !== null).map(f => f.name)

/** Rows by function. */
const rowsOf = ({ program: p, functions }: RecordView): Record<string, number> =>
  Object.fromEntries(p.functions.map((f, i) => [f.name, functions[i]!.count]))

describe('a plain hint', () => {
  test('leaves no row, nor does what it calls', async () => {
    const engine = await plainEngine(program(LOOP))
    const outcome = execute(engine.program, 'main', [9n, 0n], new IoBuffer())
    expect(outcome.ok && rowsOf(outcome.record)).toEqual({ half: 0, halves: 0, sum: 10, main: 1 })
    for (const n of [0n, 1n, 700n]) expect(differenceHere(engine, 'main', [n, 0n])).toBe(null)
  })

  test('counts towards no limit', async () => {
    const engine = await plainEngine(program(LOOP))
    const enough = execute(engine.program, 'main', [9n, 0n], new IoBuffer(), { rows: 11 })
    const short = execute(engine.program, 'main', [9n, 0n], new IoBuffer(), { rows: 10 })
    expect([enough.ok, short.ok]).toEqual([true, false])
    for (let rows = 1; rows < 13; rows++)
      expect(differenceHere(engine, 'main', [9n, 0n], undefined, { rows })).toBe(null)
  })

  test('counts no use, and the caller counts on', async () => {
    const text = `${HINT}pub fn main(n: U8) -> G {
  let x = u8_xor(n, 3u8);
  let h = #halves(to_field(x));
  let y = u8_xor(x, u8_from_field_unsafe(h[0]));
  to_field(u8_shift_right(y))
}`
    const engine = await plainEngine(program(text))
    const outcome = execute(engine.program, 'main', [200n], new IoBuffer())
    const { byteUses, bytePairUses } = outcome.record
    const total = (uses: Uint32Array) => uses.reduce((a, b) => a + b, 0)
    expect([total(byteUses.shiftRight), total(bytePairUses[0]!)]).toEqual([1, 2])
    expect(differenceHere(engine, 'main', [200n])).toBe(null)
  })

  test('fails with its caller as it was, and a run that is resumed goes on', async () => {
    const engine = await plainEngine(program(LOOP))
    for (const limit of [1n, 300n, 700n]) expect(differenceHere(engine, 'main', [700n, limit])).toBe(null)
    const [left, right] = [new IoBuffer(), new IoBuffer()]
    for (const rows of [undefined, 900]) {
      const limits = rows === undefined ? {} : { rows }
      const first = execute(engine.program, 'main', [700n, 5n], left)
      const twin = executeHere(engine, 'main', [700n, 5n], right)
      expect(first.ok || twin.ok).toBe(false)
      const second = execute(engine.program, 'main', [800n, 0n], left, limits, first.record)
      const resumed = executeHere(engine, 'main', [800n, 0n], right, limits, twin.record)
      expect(differenceOfOutcomes(second, left, resumed, right)).toBe(null)
    }
  })
})

test.each([
  ['may fail', HINT.replace('let b =', 'let _ = half(x); let b ='), '#halves(n)'],
  ['is constrained', HINT, 'halves(n)'],
  ['branches', HINT.replace('[half(b[0])', '[match x { 0 => 1, _ => half(b[0]), }'), '#halves(n)'],
  ['stores', HINT.replace('[half(b[0])', '[load(store(half(b[0])))'), '#halves(n)'],
  ['reads', HINT.replace('[half(b[0])', '[io_read(0, 0, 1)[0] + half(b[0])'), '#halves(n)'],
  ['divides', HINT.replace('[half(b[0])', '[unconstrained_g_inverse(x) + half(b[0])'), '#halves(n)'],
  ['takes long', HINT.replace('half(b[0])', Array(129).fill('x').join(' * ')), '#halves(n)'],
])('a function that %s is none', async (_, hint, call) => {
  const engine = await plainEngine(program(`${hint}pub fn main(n: G) -> G { let h = ${call}; h[0] }`))
  expect(plainNames(engine.program)).not.toContain('halves')
  for (const n of [7n, 255n, 256n]) expect(differenceHere(engine, 'main', [n])).toBe(null)
})

test('what a plain hint calls leaves rows where it is called by others', async () => {
  const text = `${HINT}pub fn main(n: G) -> G { let h = #halves(#half(n)); h[0] + half(6) }`
  const engine = await plainEngine(program(text))
  expect(plainNames(engine.program)).toEqual(['halves'])
  const outcome = execute(engine.program, 'main', [8n], new IoBuffer())
  expect(outcome.ok && rowsOf(outcome.record)).toEqual({ half: 2, halves: 0, main: 1 })
  for (const n of [6n, 8n, 256n]) expect(differenceHere(engine, 'main', [n])).toBe(null)
})

/** A hint whose result is checked, and one whose result is not. */
const ADVICE = `fn quarter(x: G) -> G { let b = unconstrained_g_to_bytes(x); b[0] * 3 }
fn bits(x: G) -> G { let b = unconstrained_g_to_bytes(x); eq_zero(b[0] - 7) }
pub fn main(n: G) -> G {
  let q = #quarter(n);
  assert_eq!(q, 3 * n);
  #bits(n)
}`

test('what is known of the results of a hint spares checks, and only those', async () => {
  const text = `fn digits(x: G) -> [G; 3] {
  let b = unconstrained_g_to_bytes(x);
  let u = u8_from_field_unsafe(b[0]);
  [to_field(u8_and(u, 15u8)), to_field(u8_shift_right(u)), x]
}
pub fn main(n: G) -> G {
  let d = #digits(n);
  let low = u4_xor(d[0], 5);
  let _ = u4_range_check(d[1], low);
  low + u4_xor(d[2], low)
}`
  const p = program(text)
  const [bounds] = plainHints(p).flatMap(hint => (hint === null ? [] : [hint.bounds]))
  expect(bounds).toEqual([15, 127, Number.POSITIVE_INFINITY])
  const engine = await plainEngine(p)
  for (const n of [3n, 15n, 16n, 31n, 32n, 256n, P - 1n])
    expect(differenceHere(engine, 'main', [n])).toBe(null)
  const results = [3n, 16n, 32n].map(n => execute(p, 'main', [n], new IoBuffer()))
  expect(results.map(r => (r.ok ? '' : r.error.kind))).toEqual(['', 'nibbleRange', 'nibbleRange'])
})

describe('the trace of a caller', () => {
  const p = program(ADVICE)
  const shapes = layout(p)
  const failures = (record: RecordView, outputs: bigint[]) =>
    checkConstraints(shapes, record, { entry: 'main', args: [9n], outputs, io: new IoBuffer() }).map(String)
  const run = () => {
    const outcome = execute(p, 'main', [9n], new IoBuffer())
    if (!outcome.ok) throw outcome.error
    return outcome
  }

  /** A prover answers a call otherwise. */
  const answer = (record: ReturnType<typeof run>['record'], name: string, value: number) => {
    const table = record.functions[p.functionIndex.get(name)!]!
    const words = Uint32Array.of(9, 0)
    const row = table.intern(words, 0)
    table.values.set([9, 0, value, 0], row * table.strideWords)
  }

  test('computes the results again', async () => {
    const { record, outputs } = run()
    expect(plainNames(p)).toEqual(['quarter', 'bits'])
    expect(failures(record, outputs)).toEqual([])
    const engine = await plainEngine(p)
    expect(failures(executeHere(engine, 'main', [9n], new IoBuffer()).record, outputs)).toEqual([])
  })

  test('takes an answer from the record, which counts as far as it is not checked', () => {
    const { record, outputs } = run()
    expect(outputs).toEqual([0n])
    answer(record, 'quarter', 28)
    expect(failures(record, outputs)).toEqual([expect.stringContaining('assert')])
    const { record: other } = run()
    const [main] = other.functions.slice(-1)
    main!.values[main!.keyWords] = 5
    expect(failures(other, [5n])).not.toEqual([])
    answer(other, 'bits', 5)
    expect(failures(other, [5n])).toEqual([])
  })
})

const OPERATIONS: HintOp['op'][] = [
  ...['const', 'add', 'sub', 'mul', 'eqZero', 'u8BitDecomposition', 'u8ShiftLeft', 'u8ShiftRight'],
  ...Object.keys(BYTE_PAIR_RESULTS),
  ...Object.keys(NIBBLE_PAIR_RESULTS),
  ...['u32LessThan', 'u32ToField', 'unconstrainedGToBytes'],
] as HintOp['op'][]

/** An operation on values chosen by `value`. */
function randomOp(g: fc.GeneratorValue, op: HintOp['op'], value: () => Value): HintOp {
  switch (op) {
    case 'const':
      return { op, value: g(fc.constantFrom<bigint[]>, 0n, 1n, 9n, 15n, 16n, 200n, 256n, P - 1n) }
    case 'u32ToField':
      return { op, bytes: [value(), value(), value()] }
    case 'eqZero':
    case 'u8BitDecomposition':
    case 'u8ShiftLeft':
    case 'u8ShiftRight':
    case 'unconstrainedGToBytes':
      return { op, a: value() }
    default:
      return { op, a: value(), b: value() }
  }
}

/** Bytes of the first value, then bits of the first byte. */
const BEGINNING: Op[] = [
  { op: 'unconstrainedGToBytes', a: 0 },
  { op: 'u8BitDecomposition', a: 2 },
]
const FIRST_BIT = 10

/** A plain hint of two values: the operation on bits. */
function hintOf(g: fc.GeneratorValue, op: HintOp['op']): BytecodeFunction {
  const last = randomOp(g, op, () => FIRST_BIT + g(fc.nat, { max: 7 }))
  return fn('f0', 2, 1, block([...BEGINNING, last], ret(0, FIRST_BIT + 7 + resultCount(last))))
}

/** A function of two values, a plain hint or not, that may call one of those before it. */
function randomFunction(g: fc.GeneratorValue, index: number): BytecodeFunction {
  const ops = BEGINNING.slice()
  let length = FIRST_BIT + 8
  const value = () => g(fc.nat, { max: length - 1 })
  for (let i = g(fc.nat, { max: 12 }); i > 0; i--) {
    const op: Op =
      i === 3
        ? call(g(fc.nat, { max: index - 1 }), [value(), 3])
        : randomOp(g, g(fc.constantFrom<HintOp['op'][]>, ...OPERATIONS), value)
    ops.push(op)
    length += resultCount(op)
  }
  return fn(`f${index}`, 2, 1, block(ops, ret(0, length - 1)))
}

test('random plain hints give what they gave with rows, in both engines and in traces', async () => {
  let runs = 0
  await fc.assert(
    fc.asyncProperty(fc.gen(), fc.bigInt({ min: 0n, max: P - 1n }), async (g, x) => {
      const operation = OPERATIONS[runs++ % OPERATIONS.length]!
      const hints = [hintOf(g, operation), randomFunction(g, 1), randomFunction(g, 2)]
      const calls = hints.map((_, i) => call(i, [0, 1], 1, true))
      const p = assembled(...hints, fn('main', 2, 3, block(calls, ret(0, 2, 3, 4))))
      const plan = plainHints(p)
      expect(plan[0]?.ops.at(-1)?.op).toBe(operation)
      const args = [x, 3n]
      const io = new IoBuffer()
      const outcome = execute(p, 'main', args, io)
      // An entry is no plain hint.
      const recording = { ...p, functions: p.functions.map(f => ({ ...f, entry: true })) }
      const expected = execute(recording, 'main', args, new IoBuffer())
      const { rangeUses, byteUses, bytePairUses, nibblePairUses } = outcome.record
      expect(rangeUses.count).toBe(0)
      expect({ byteUses, bytePairUses, nibblePairUses }).toEqual({
        byteUses: expected.record.byteUses,
        bytePairUses: expected.record.bytePairUses,
        nibblePairUses: expected.record.nibblePairUses,
      })
      plan.forEach((hint, i) => {
        if (hint !== null) expect(outcome.record.functions[i]!.count).toBe(0)
      })
      expect(outcome.ok ? outcome.outputs : outcome.error.reason).toEqual(
        expected.ok ? expected.outputs : expected.error.reason,
      )
      expect(differenceHere(await plainEngine(p), 'main', args)).toBe(null)
      if (!outcome.ok) return
      plan.slice(0, 3).forEach((hint, i) => {
        if (hint !== null) expect(Number(outcome.outputs[i])).toBeLessThanOrEqual(hint.bounds[0]!)
      })
      const claim = { entry: 'main', args, outputs: outcome.outputs, io }
      expect(checkConstraints(layout(p), outcome.record, claim).map(String)).toEqual([])
    }),
    { numRuns: 150 },
  )
  expect(runs).toBeGreaterThan(OPERATIONS.length)
})

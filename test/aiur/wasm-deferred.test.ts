import { expect, test } from 'vitest'
import { compile } from '../../aiur/language/compile.js'
import { execute } from '../../aiur/vm/interpreter.js'
import { IoBuffer } from '../../aiur/vm/io.js'
import { QUEUE_LENGTH } from '../../aiur/wasm/deferred.js'
import { executeHere } from '../../aiur/wasm/engine.js'
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

const program = (text: string) => compile([{ name: 'deferred.aiur', text }])

test('calls of a total hint wait, and leave the rows of calls made at once', async () => {
  const engine = await plainEngine(program(LOOP))
  const { functions, functionIndex } = engine.program
  expect(engine.map.queues.map(q => functions[q.function]!.name)).toEqual(['halves'])
  expect(functions[functionIndex.get('halves')!]!.constrained).toBe(false)
  for (const n of [0, 1, QUEUE_LENGTH - 1, QUEUE_LENGTH, 3 * QUEUE_LENGTH + 5])
    expect(differenceHere(engine, 'main', [BigInt(n), 0n])).toBe(null)
})

test('a failure leaves the rows of the calls that wait', async () => {
  const engine = await plainEngine(program(LOOP))
  for (const limit of [1n, 300n, 699n, 700n]) expect(differenceHere(engine, 'main', [700n, limit])).toBe(null)
})

test('a row limit ends the run where it ends the interpreter', async () => {
  const engine = await plainEngine(program(LOOP))
  for (let rows = 1; rows < 40; rows++)
    expect(differenceHere(engine, 'main', [9n, 0n], undefined, { rows })).toBe(null)
})

test('an execution that is resumed after a failure goes on with what waits', async () => {
  const engine = await plainEngine(program(LOOP))
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

test.each([
  ['may fail', HINT.replace('let b =', 'let _ = half(x); let b =')],
  ['is constrained', HINT, 'halves(n)'],
  ['shares what it calls', HINT, '#halves(#half(n))'],
])('a function that %s is called at once', async (_, hint, call = '#halves(n)') => {
  const engine = await plainEngine(program(`${hint}pub fn main(n: G) -> G { let h = ${call}; h[0] }`))
  expect(engine.map.queues).toEqual([])
  for (const n of [7n, 255n, 256n]) expect(differenceHere(engine, 'main', [n])).toBe(null)
})

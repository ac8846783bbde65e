import { expect, test } from 'vitest'
import { layout } from '../../aiur/circuit/layout.js'
import { compile } from '../../aiur/language/compile.js'
import { execute } from '../../aiur/vm/interpreter.js'
import { IoBuffer } from '../../aiur/vm/io.js'
import { deriveKey, provingKey } from '../../prover/derive-key.js'
import { decodeKey, encodeKey } from '../../prover/key-file.js'
import { prove } from '../../prover/prove.js'
import { verify } from '../../prover/verify.js'
import { factorial, fibonacci } from '../aiur/bytecode-builder.js'
import { SMALL } from './tampering.js'

const TRANSPARENT = { ...SMALL, hiding: false }

test('a proving key made from a verifying key has the circuits with rows, and proves the same', () => {
  const text = 'pub fn f(n: G) -> G { match n { 0 => g(n), _ => n } }  fn g(n: G) -> G { n + 1 }'
  const source = compile([{ name: 'f.aiur', text }])
  const f = source.functionIndex.get('f')!
  const io = new IoBuffer()
  const outcome = execute(source, f, [7n], io)
  if (!outcome.ok) throw outcome.error
  const { record, outputs } = outcome
  const shapes = layout(source)
  const whole = deriveKey(shapes)
  const key = decodeKey(encodeKey(whole.key))
  const made = provingKey(key, shapes, record)
  expect(made.circuits.flatMap((c, i) => (c === null ? key.circuits[i]!.name : []))).toEqual(['g'])
  expect(made.circuits.length).toBe(whole.circuits.length)
  const run = { entry: f, args: [7n], outputs, io }
  // without hiding a proof has no randomness
  const [mine, theirs] = [made, whole].map(k => prove(k, shapes, record, run, { parameters: TRANSPARENT }))
  expect(mine!.bytes).toEqual(theirs!.bytes)
  expect(verify(key, mine!.claim, mine!.bytes, TRANSPARENT).accepted).toBe(true)
})

test('the verifying key of another program is refused', () => {
  const source = fibonacci()
  const outcome = execute(source, 0, [3n], new IoBuffer())
  if (!outcome.ok) throw outcome.error
  const { record } = outcome
  const shapes = layout(source)
  const { key } = deriveKey(shapes)
  const refuses = (other: typeof key) =>
    expect(() => provingKey(other, shapes, record)).toThrow('not that of the program')
  expect(provingKey(key, shapes, record).key).toBe(key)
  refuses(deriveKey(layout(factorial())).key)
  refuses({ ...key, circuits: key.circuits.slice(1) })
  const [first, ...rest] = key.circuits
  refuses({ ...key, circuits: [{ ...first!, main: first!.main + 1 }, ...rest] })
  refuses({ ...key, circuits: [{ ...first!, constraints: first!.constraints.slice(1) }, ...rest] })
})

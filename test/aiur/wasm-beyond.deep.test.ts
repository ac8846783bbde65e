/** A run whose tables take more than 4 GiB: 201 million rows, about 9 GiB of memory and a minute. */
import { freemem } from 'node:os'
import { expect, test } from 'vitest'
import { compile } from '../../aiur/language/compile.js'
import { P } from '../../aiur/vm/goldilocks.js'
import { IoBuffer } from '../../aiur/vm/io.js'
import { hasMemory64 } from '../../aiur/wasm/address.js'
import { executeWasm } from '../../aiur/wasm/engine.js'

const SOURCE = `fn fill(x: G, depth: G) -> G {
  match depth {
    0 => load(store(x * 1099511627776)),
    _ => fill(2 * x, depth - 1) + fill(2 * x + 1, depth - 1),
  }
}
pub fn main(depth: G) -> G { fill(1, depth) }`
const DEPTH = 26n

/** 2^40 times the sum of x 2^depth .. (x + 1) 2^depth - 1. */
function expected(x: bigint, depth: bigint): bigint {
  const count = 1n << depth
  return (((count * (2n * x * count + count - 1n)) / 2n) << 40n) % P
}

const ENOUGH = 11 * 2 ** 30
const reason = !hasMemory64()
  ? `node ${process.version} has no 64-bit memory`
  : freemem() < ENOUGH
    ? `${Math.floor(freemem() / 2 ** 30)} of 11 GiB are free`
    : undefined
if (reason !== undefined) console.log(`${reason}: no run beyond 4 GiB`)

test.skipIf(reason !== undefined)('a run goes on beyond 4 GiB and its record can be read', async () => {
  const program = compile([{ name: 'fill.aiur', text: SOURCE }])
  const notices: string[] = []
  const limits = { onNotice: (line: string) => notices.push(line) }
  const outcome = await executeWasm(program, 'main', [DEPTH], new IoBuffer(), limits)
  if (!outcome.ok) throw outcome.error
  expect(outcome.outputs).toEqual([expected(1n, DEPTH)])
  expect(notices).toHaveLength(1)
  const { record } = outcome
  const { rows, bytes } = record.totals()
  expect(record.state.bits).toBe(64)
  expect(rows).toBe(3 * 2 ** 26)
  expect(bytes).toBeGreaterThan(8 * 2 ** 30)
  console.log(`${notices}; ${rows} rows, ${bytes} bytes`)
  const fill = record.functions[program.functionIndex.get('fill')!]!
  const cells = record.memory(1)
  const words = new Uint32Array(6)
  const cell = new Uint32Array(2)
  const value = (from: Uint32Array, i: number) => (BigInt(from[2 * i + 1]!) << 32n) | BigInt(from[2 * i]!)
  // Up to the last row, which is above all others.
  for (let row = fill.count - 1; row >= 0; row -= 10_007) {
    fill.copyWords(row, 0, 6, words, 0)
    expect(value(words, 2)).toBe(expected(value(words, 0), value(words, 1)))
    expect(fill.usesOf(row)).toBe(1)
    expect(fill.find(words, 0)).toBe(row)
  }
  for (let row = cells.count - 1; row >= 0; row -= 10_007) {
    cells.copyWords(row, 0, 2, cell, 0)
    expect(value(cell, 0)).toBe(expected(2n ** DEPTH + BigInt(row), 0n))
    expect(cells.usesOf(row)).toBe(2)
    expect(cells.find(cell, 0)).toBe(row)
  }
})

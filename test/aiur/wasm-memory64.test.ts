import { describe, expect, test } from 'vitest'
import { compile } from '../../aiur/language/compile.js'
import type { ExecutionError } from '../../aiur/vm/error.js'
import { execute } from '../../aiur/vm/interpreter.js'
import { IoBuffer } from '../../aiur/vm/io.js'
import { planRanks } from '../../aiur/vm/ranks.js'
import { ADDRESSES, hasMemory64 } from '../../aiur/wasm/address.js'
import { compileModule, engineFrom, executeHere, executeWasm } from '../../aiur/wasm/engine.js'
import { Execution, runHere } from '../../aiur/wasm/execution.js'
import { failureAt } from '../../aiur/wasm/failure.js'
import { LEAST_SHIFT, type MemoryMap, mapMemory, TABLE, type TablePlan } from '../../aiur/wasm/memory-map.js'
import { newState } from '../../aiur/wasm/memory-state.js'
import { differenceOfOutcomes } from './compare-engines.js'

// The other tests of the engine run in 64-bit memory by IX_ADDRESS_BITS (wasm-memory64.deep.test.ts).
if (!hasMemory64()) console.log(`node ${process.version} has no 64-bit memory: what runs in it is skipped`)

const SOURCE = `fn sum(n: G, bad: G) -> G {
  match n {
    0 => 0,
    _ =>
      assert_eq!(eq_zero(n - bad), 0, "the bad one");
      sum(n - 1, bad) + load(store(n * 1099511627776)),
  }
}
pub fn main(n: G, bad: G) -> G {
  io_write(5, [n]);
  sum(n, bad)
}`
const PROGRAM = compile([{ name: 'sum.aiur', text: SOURCE }])

async function engine(bits: 32 | 64) {
  const { bytes } = await compileModule(PROGRAM, { cache: false, optimise: false, bits })
  return engineFrom(PROGRAM, bytes, bits)
}

test('a module says what its addresses are, and the cache keeps both', async () => {
  const narrow = await compileModule(PROGRAM, { optimise: false })
  const wide = await compileModule(PROGRAM, { optimise: false, bits: 64 })
  expect(narrow.key).not.toBe(wide.key)
  expect(narrow.bytes).not.toEqual(wide.bytes)
  expect(WebAssembly.validate(narrow.bytes)).toBe(true)
  expect(WebAssembly.validate(wide.bytes)).toBe(hasMemory64())
})

test('a limit above 4 GiB takes a 64-bit memory where there are such', async () => {
  const bits = async (memoryBytes?: number) => {
    const limits = memoryBytes === undefined ? {} : { memoryBytes }
    const { record } = await executeWasm(PROGRAM, 'main', [3n, 9n], new IoBuffer(), limits)
    return record.state.bits
  }
  expect(await bits()).toBe(32)
  expect(await bits(ADDRESSES[32].mostBytes)).toBe(32)
  expect(await bits(ADDRESSES[32].mostBytes + 1)).toBe(hasMemory64() ? 64 : 32)
})

test.skipIf(!hasMemory64())('a failed execution goes on in a copy with 64-bit addresses', async () => {
  const [left, right] = [new IoBuffer(), new IoBuffer()]
  const limits = { memoryBytes: 1 << 26 }
  const [narrow, wide] = [await engine(32), await engine(64)]
  const first = execute(PROGRAM, 'main', [900n, 300n], left)
  const twin = executeHere(narrow, 'main', [900n, 300n], right, limits)
  expect(first.ok || first.error.kind).toBe('assertMismatch')
  expect(differenceOfOutcomes(first, left, twin, right)).toBe(null)
  const second = execute(PROGRAM, 'main', [800n, 0n], left, {}, first.record)
  const resumed = executeHere(wide, 'main', [800n, 0n], right, limits, twin.record)
  expect(second.ok || second.error.kind).toBe(true)
  expect(resumed.record.state.bits).toBe(64)
  expect(differenceOfOutcomes(second, left, resumed, right)).toBe(null)
})

test('a memory that is used up says after how much, and what goes beyond', async () => {
  const { map } = await engine(32)
  // No page of these memories is touched but those of the tables' descriptions.
  const reason = (bits: 32 | 64, bytes: number, limit?: number): string => {
    const { words } = newState(map, bits, bytes)
    const run = { program: PROGRAM, map, words, tables: 4e9, sp: 0, depth: 0 }
    return failureAt({ kind: 'memoryLimit' }, run, limit === undefined ? {} : { memoryBytes: limit }).reason
  }
  expect(reason(32, 2 ** 30, 2 ** 30)).toBe('memory limit of 1073741824 bytes reached')
  const narrow = `the 4 GiB of a 32-bit memory are used up after 0 rows in 4000000000 bytes`
  const beyond = hasMemory64() ? '' : '; a runtime with 64-bit memory (Node 24) goes beyond'
  expect(reason(32, 2 ** 32)).toBe(narrow + beyond)
  expect(reason(32, 2 ** 33, 2 ** 33)).toBe(narrow + beyond)
  if (!hasMemory64()) return
  expect(reason(64, 2 ** 33, 2 ** 33)).toBe('memory limit of 8589934592 bytes reached')
  expect(reason(64, 2 ** 35)).toBe(
    'the 17179869184 bytes of memory are used up after 0 rows in 4000000000 bytes',
  )
})

describe.each(hasMemory64() ? ([32, 64] as const) : ([32] as const))('with %i-bit addresses', bits => {
  /** The outcome when a field of a table's description is not what it was at the beginning. */
  async function outcomeWith(table: (map: MemoryMap) => TablePlan, field: keyof typeof TABLE, value: number) {
    const made = await engine(bits)
    const main = PROGRAM.functionIndex.get('main')!
    const execution = new Execution(made, main, [3n, 0n], new IoBuffer(), {})
    const { words } = execution.state
    words[(table(made.map).descriptor + TABLE[field]) / 4] = value
    const finished = runHere(made, execution, main)
    const { ok, ...outcome } = execution.collect(finished)
    return ok ? 'accepted' : (outcome as { error: ExecutionError }).error
  }

  test('an index that cannot double ends the run', async () => {
    const memory = (map: MemoryMap) => map.memories[0]!
    const { lastShift } = ADDRESSES[bits]
    const error = await outcomeWith(memory, 'shift', lastShift)
    expect(error).toMatchObject({ kind: 'memoryLimit', reason: expect.stringContaining('than an index') })
    expect(await outcomeWith(memory, 'shift', LEAST_SHIFT)).toBe('accepted')
  })

  test('a dictionary without numbers left ends the run', async () => {
    const { segmentRows } = mapMemory(PROGRAM, planRanks(PROGRAM)).wide
    const segments = Math.floor(2 ** 28 / segmentRows)
    const error = await outcomeWith(map => map.wide, 'segments', segments)
    expect(error).toMatchObject({ kind: 'memoryLimit', reason: expect.stringContaining('2^28 values') })
    expect(await outcomeWith(map => map.wide, 'segments', 0)).toBe('accepted')
  })
})

import { mkdtempSync, readdirSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { compile } from '../../aiur/language/compile.js'
import { IoBuffer } from '../../aiur/vm/io.js'
import { compileModule, executeWasm } from '../../aiur/wasm/engine.js'
import { block, call, constant, factorial, fn, program, ret } from './bytecode-builder.js'
import { differenceInThread } from './compare-engines.js'

/** f(n) = f(n + 1), without end. */
const endless = () =>
  program(fn('f', 1, 1, block([constant(1), { op: 'add', a: 0, b: 1 }, call(0, [2])], ret(0, 3))))

const folder = mkdtempSync(join(tmpdir(), 'ix-cache-'))
beforeAll(() => vi.stubEnv('IX_CACHE_DIR', folder))
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

async function failure(limits: Parameters<typeof executeWasm>[4]) {
  const outcome = await executeWasm(endless(), 'f', [0n], new IoBuffer(), limits)
  if (outcome.ok) throw new Error('an endless recursion ended')
  return outcome
}

test('a recursion two million calls deep', async () => {
  const p = factorial()
  const outcome = await executeWasm(p, p.functions.length - 1, [2_000_000n], new IoBuffer())
  if (!outcome.ok) throw outcome.error
  expect(outcome.record.functions[0]!.count).toBe(2_000_001)
})

test('running out of stack is an outcome that says how deep it got and what raises the limit', async () => {
  const { error, record } = await failure({ stackMegabytes: 16 })
  expect(error.kind).toBe('callDepth')
  expect(error.limit).toBe(true)
  expect(error.depth).toBeGreaterThan(30_000)
  expect(error.reason).toContain(`${error.depth} calls deep`)
  expect(error.reason).toContain('--stack-size')
  expect(error.trace).toHaveLength(16)
  expect(error.trace[0]!.args).toEqual([BigInt(error.depth - 1)])
  expect(record.functions[0]!.count).toBe(0)
})

test('a recursion without end reaches the memory limit, the row limit, the time limit or an interruption', async () => {
  expect((await failure({ memoryBytes: 16 << 20 })).error.kind).toBe('memoryLimit')
  expect((await failure({ rows: 100_000 })).error).toMatchObject({ kind: 'rowLimit', depth: 100_001 })
  expect((await failure({ timeoutMs: 1 })).error.kind).toBe('timeLimit')
  const abort = new AbortController()
  const progress: number[] = []
  const { error } = await failure({
    signal: abort.signal,
    onProgress: ({ rows }) => {
      progress.push(rows)
      abort.abort()
    },
  })
  expect(error.kind).toMatch(/cancelled|memoryLimit|callDepth/)
  expect((await failure({ signal: AbortSignal.abort() })).error.kind).toBe('cancelled')
})

test('debug statements and IO come back from the thread', async () => {
  const p = program(
    fn(
      'f',
      1,
      0,
      block(
        [
          { op: 'debug', label: 'seen', values: [0, 0] },
          { op: 'ioWrite', channel: 0, data: [0] },
        ],
        ret(0),
      ),
    ),
  )
  const lines: string[] = []
  const io = new IoBuffer()
  const onDebug = (label: string, values: bigint[]) => lines.push(`${label} ${values}`)
  const outcome = await executeWasm(p, 'f', [2n ** 40n], io, { onDebug })
  expect(outcome.ok).toBe(true)
  expect(lines).toEqual([`seen ${2n ** 40n},${2n ** 40n}`])
  expect(io.read(2 ** 40, 0, 1)).toEqual([2n ** 40n])
  expect(await differenceInThread(p, 'f', [7n])).toBe(null)
})

test('a module is compiled once; a damaged file in the cache is replaced', async () => {
  const p = program(fn('f', 1, 1, block([constant(77), { op: 'mul', a: 0, b: 1 }], ret(0, 2))))
  expect((await compileModule(p)).cached).toBe(false)
  const second = await compileModule(p)
  expect(second.cached).toBe(true)
  for (const name of readdirSync(join(folder, 'engine'))) truncateSync(join(folder, 'engine', name), 100)
  const third = await compileModule(p)
  expect(third.cached).toBe(false)
  expect(third.bytes).toEqual(new Uint8Array(second.bytes))
  expect((await compileModule(p)).cached).toBe(true)
})

test('a body of thousands of steps is compiled and optimised', async () => {
  const source = `fn known(x: G) -> G { x * 7 }
pub fn main(n: G) -> G { fold(0 .. 3000, n, |s, @i| s * s + known(3)) }`
  const p = compile([{ name: 'long.aiur', text: source }])
  expect(await differenceInThread(p, 'main', [5n])).toBe(null)
})

import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Program } from '../../aiur/bytecode.js'
import { layout } from '../../aiur/circuit/layout.js'
import { execute } from '../../aiur/vm/interpreter.js'
import { IoBuffer } from '../../aiur/vm/io.js'
import { deriveKey } from '../../prover/derive-key.js'
import { Engine } from '../../prover/engine/engine.js'
import { openColumns } from '../../prover/openings.js'
import { parameters } from '../../prover/parameters.js'
import { prove } from '../../prover/prove.js'
import { randomSource } from '../../prover/random.js'
import { oneThread, runAll, type Threads } from '../../prover/threads.js'
import { hashNodes } from '../../prover/tree.js'
import { verify } from '../../prover/verify.js'
import { WorkerEnded, type WorkerThreads, workerThreads } from '../../prover/worker-threads.js'
import { factorial, fibonacci } from '../aiur/bytecode-builder.js'

const root = join(import.meta.dirname, '..', '..')
let built: string
let programs: { worker: URL; supervisor: URL }

/** Workers run compiled code. */
beforeAll(() => {
  // beside node_modules, for the packages that it loads
  mkdirSync(join(root, '.cache'), { recursive: true })
  built = mkdtempSync(join(root, '.cache', 'worker-'))
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const options = ['--sourceMap', 'false', '--declaration', 'false', '--outDir', built]
  execFileSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json'), ...options], { cwd: root })
  const compiled = (name: string) => pathToFileURL(join(built, 'prover', `${name}.js`))
  programs = { worker: compiled('worker'), supervisor: compiled('supervisor') }
}, 120_000)

afterAll(() => {
  rmSync(built, { recursive: true, force: true })
})

async function started(count: number): Promise<WorkerThreads> {
  const threads = workerThreads(count, programs)
  while (threads.started < count - 1) await setTimeout(5)
  return threads
}

/** Reproducible, and not random at all. */
function counting() {
  let state = 1
  return randomSource(target => {
    for (let i = 0; i < target.length; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      target[i] = state
    }
  })
}

function proven(program: Program, args: bigint[], hiding: boolean, threads: Threads) {
  const entry = program.functions.length - 1
  const io = new IoBuffer()
  const outcome = execute(program, entry, args, io)
  if (!outcome.ok) throw outcome.error
  const shapes = layout(program)
  const call = { entry, args, outputs: outcome.outputs, io }
  const p = parameters('fast', { hiding })
  const key = deriveKey(shapes)
  const proof = prove(key, shapes, outcome.record, call, { parameters: p, random: counting(), threads })
  return { bytes: proof.bytes, verdict: verify(key.key, proof.claim, proof.bytes, p) }
}

test.each<[string, Program, bigint[], boolean]>([
  ['fibonacci', fibonacci(), [20n], true],
  ['factorial', factorial(), [1500n], true],
  ['factorial', factorial(), [1500n], false],
])('%s: one proof for any number of threads, with SIMD or without', async (_, program, args, hiding) => {
  const alone = proven(program, args, hiding, oneThread())
  expect(alone.verdict).toMatchObject({ accepted: true })
  for (const on of [true, false]) {
    const engine = new Engine({ transforms: on, vectors: on })
    expect(Buffer.compare(proven(program, args, hiding, oneThread(engine)).bytes, alone.bytes)).toBe(0)
  }
  for (const count of [1, 2, 3]) {
    const threads = await started(count)
    try {
      for (let again = 0; again < 2; again++)
        expect(Buffer.compare(proven(program, args, hiding, threads).bytes, alone.bytes)).toBe(0)
    } finally {
      await threads.close()
    }
  }
})

test('a failure on any thread is thrown, and the threads go on', async () => {
  const threads = await started(2)
  try {
    const bad = { count: 2, children: new Uint32Array(0), injected: null, target: new Uint32Array(0) }
    const args = { ...bad, key: new Uint32Array(8), keyed: false }
    for (let again = 0; again < 3; again++)
      expect(() => runAll(threads, hashNodes, args, 40)).toThrow(RangeError)
    expect(proven(fibonacci(), [5n], true, threads).verdict).toMatchObject({ accepted: true })
  } finally {
    await threads.close()
  }
})

/** A worker program of the test, beside the compiled one. */
function stranger(name: string, code: string): URL {
  const file = join(built, 'prover', `${name}.js`)
  writeFileSync(file, code)
  return pathToFileURL(file)
}

const SERVE = `
import { workerData } from 'node:worker_threads'
import { TASKS } from './tasks.js'
import { serve } from './worker-threads.js'
`

test.each<[string, string, RegExp]>([
  ['ends', 'process.exit(7)', /^worker thread 1 of the prover ended: exit code 7$/],
  [
    'runs out of memory',
    'const kept = []; for (;;) kept.push(new Array(1000).fill(0).map(() => ({})))',
    /^worker thread 1 of the prover ended: .*memory/,
  ],
])('a worker that %s with a piece of work is an error, not a wait', async (name, code, message) => {
  // this thread leaves the pieces to the worker until it has one
  const taken = new Int32Array(new SharedArrayBuffer(4))
  const dying = stranger(
    `dying-${name.replaceAll(' ', '-')}`,
    `${SERVE}
TASKS.openColumns = (_, { taken }) => {
  Atomics.store(taken, 0, 1)
  Atomics.notify(taken, 0)
  ${code}
}
serve(workerData)
`,
  )
  // heaps of new threads are small, so that running out is quick
  setFlagsFromString('--max-old-space-size=32')
  const threads = workerThreads(2, { ...programs, worker: dying })
  while (threads.started < 1) await setTimeout(5)
  // as without the flag
  setFlagsFromString('--max-old-space-size=0')
  try {
    threads.start(openColumns, { taken } as never, 2)
    expect(Atomics.wait(taken, 0, 0, 30_000)).not.toBe('timed-out')
    // this thread fails on its own piece, and the failure of a piece does not hide the end of the worker
    let thrown: unknown
    try {
      threads.finish()
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(WorkerEnded)
    expect((thrown as Error).message).toMatch(message)
    expect(threads.notStarted).toEqual([])
  } finally {
    await threads.close()
  }
})

test('work that other threads could not find is refused', async () => {
  const threads = await started(2)
  try {
    const unknown = () => threads.start(function hashNodes() {}, {}, 2)
    expect(unknown).toThrow('hashNodes is not among the tasks of the prover')
  } finally {
    await threads.close()
  }
})

test('the work of workers that cannot start is done by others, and they are named', async () => {
  const broken = stranger('broken', "throw new Error('no room')\n")
  const threads = workerThreads(3, { ...programs, worker: broken })
  expect(proven(fibonacci(), [5n], true, threads).verdict).toMatchObject({ accepted: true })
  await threads.close()
  expect(threads.started).toBe(0)
  expect([...threads.notStarted].sort()).toEqual(['worker thread 1: no room', 'worker thread 2: no room'])
})

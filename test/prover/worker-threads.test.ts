import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Program } from '../../aiur/bytecode.js'
import { layout } from '../../aiur/circuit/layout.js'
import { execute } from '../../aiur/vm/interpreter.js'
import { IoBuffer } from '../../aiur/vm/io.js'
import { deriveKey } from '../../prover/derive-key.js'
import { Engine } from '../../prover/engine/engine.js'
import { parameters } from '../../prover/parameters.js'
import { prove } from '../../prover/prove.js'
import { randomSource } from '../../prover/random.js'
import { oneThread, runAll, type Threads } from '../../prover/threads.js'
import { verify } from '../../prover/verify.js'
import { type WorkerThreads, workerThreads } from '../../prover/worker-threads.js'
import { factorial, fibonacci } from '../aiur/bytecode-builder.js'

const root = join(import.meta.dirname, '..', '..')
let built: string
let worker: URL

/** Workers run compiled code. */
beforeAll(() => {
  // beside node_modules, for the packages that it loads
  mkdirSync(join(root, '.cache'), { recursive: true })
  built = mkdtempSync(join(root, '.cache', 'worker-'))
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const options = ['--sourceMap', 'false', '--declaration', 'false', '--outDir', built]
  execFileSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json'), ...options], { cwd: root })
  worker = pathToFileURL(join(built, 'prover', 'worker.js'))
}, 120_000)

afterAll(() => {
  rmSync(built, { recursive: true, force: true })
})

async function started(count: number): Promise<WorkerThreads> {
  const threads = workerThreads(count, worker)
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
      expect(() => runAll(threads, 'hashNodes', args, 40)).toThrow(RangeError)
    expect(proven(fibonacci(), [5n], true, threads).verdict).toMatchObject({ accepted: true })
  } finally {
    await threads.close()
  }
})

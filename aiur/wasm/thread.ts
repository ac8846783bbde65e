/** Runs a module in a thread with a stack deep enough for the recursion of Aiur programs. */

import { Worker } from 'node:worker_threads'
import type { FunctionIndex } from '../bytecode.js'
import type { Engine, Execution, Finished } from './execution.js'

/**
 * The thread's program. It stands here as text because it has to run as it is, from source and from a build alike,
 * and needs nothing but the module: all it finds is read from the shared memory afterwards.
 */
const PROGRAM = `
const { parentPort } = require('node:worker_threads')
parentPort.once('message', ({ module, memory, entry, scratch }) => {
  let exports = {}
  let row = 0
  let failure = null
  try {
    const debug = (site, count) => {
      const words = new Uint32Array(memory.buffer, scratch, 2 * count)
      const values = Array.from({ length: count }, (_, i) => (BigInt(words[2 * i + 1]) << 32n) | BigInt(words[2 * i]))
      parentPort.postMessage({ debug: site, values })
    }
    exports = new WebAssembly.Instance(module, { env: { memory, debug } }).exports
    exports.start()
    row = exports['entry_' + entry]() >>> 0
  } catch (error) {
    failure = { name: error.name, message: String(error.message) }
  }
  // Addresses are signed numbers or, with 64 bits, bigints.
  const value = name => {
    const found = exports[name]?.value ?? 0
    return typeof found === 'bigint' ? Number(found) : found >>> 0
  }
  parentPort.postMessage({
    row, failure, sp: value('sp'), depth: value('depth'), heap: value('heap'),
    rows: value('rows'), quantum: value('quantum'), fuel: value('fuel'),
  })
})
`

type Message = Finished | { debug: number; values: bigint[] }

/** A thread that was started ahead of its run. */
let waiting: { readonly worker: Worker; readonly stackMegabytes: number } | undefined

/** Starts the thread of a run that is about to come, since that takes as long as a small run. */
export function prepareThread(stackMegabytes: number): void {
  if (waiting !== undefined) return
  const worker = startThread(stackMegabytes)
  const forget = (): void => {
    if (waiting?.worker === worker) waiting = undefined
  }
  worker.on('error', forget)
  worker.on('exit', forget)
  worker.unref()
  waiting = { worker, stackMegabytes }
}

function takeThread(stackMegabytes: number): Worker {
  const prepared = waiting
  if (prepared?.stackMegabytes !== stackMegabytes) return startThread(stackMegabytes)
  waiting = undefined
  prepared.worker.ref()
  return prepared.worker
}

function startThread(stackMegabytes: number): Worker {
  return new Worker(PROGRAM, {
    eval: true,
    name: 'aiur',
    resourceLimits: { stackSizeMb: stackMegabytes },
  })
}

/** @param stackMegabytes size of the stack; room is only taken as it is used */
export function runInThread(
  engine: Engine,
  execution: Execution,
  entry: FunctionIndex,
  stackMegabytes: number,
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const worker = takeThread(stackMegabytes)
    worker.on('message', (message: Message) => {
      if ('debug' in message) execution.debug(message.debug, message.values)
      else resolve(message)
    })
    worker.on('error', reject)
    worker.on('exit', code =>
      reject(new Error(`the thread of the WebAssembly engine ended with code ${code}`)),
    )
    const { module, map } = engine
    worker.postMessage({ module, memory: execution.memory, entry, scratch: map.scratch })
  })
}

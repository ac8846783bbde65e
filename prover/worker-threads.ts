/**
 * Worker threads of Node for the prover. The calling thread gives out work and does its share; workers sleep on a
 * shared counter in between. It all happens within synchronous calls.
 */

import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { Engine, type Simd } from './engine/engine.js'
import { fastestSimd } from './engine/measure.js'
import type { Shape } from './shape.js'
import type { TaskName } from './tasks.js'
import { prepare, runPiece, type Thread, type Threads } from './threads.js'

/** Work to do, or what is proven, or the end. */
export type Message =
  | { kind: 'setup'; shape: Shape }
  | { kind: 'work'; task: TaskName; args: unknown; pieces: number; counters: Int32Array }
  | { kind: 'close' }

export interface WorkerStart {
  port: MessagePort
  index: number
  simd: Simd
  control: SharedArrayBuffer
}

/** Shared by all: the number of messages so far, whether a piece has failed, and workers that are up. */
const SENT = 0
const FAILED = 1
const STARTED = 2

/** Of one piece of work: the first piece that nobody has, and how many are done. */
const NEXT = 0
const DONE = 1

/** How long the calling thread sleeps before it looks again, in milliseconds. */
const PATIENCE = 1000

type Work = Extract<Message, { kind: 'work' }>

/**
 * Takes pieces until none is left. A late worker finds none, since every work has counters of its own. After a failure
 * the rest is only counted.
 */
function help(
  thread: Thread,
  control: Int32Array,
  work: Work,
  onFailure: (error: unknown) => void,
  onPiece?: (begun: number, pieces: number) => void,
): void {
  const { task, args, pieces, counters } = work
  for (;;) {
    const piece = Atomics.add(counters, NEXT, 1)
    if (piece >= pieces) return
    onPiece?.(piece, pieces)
    try {
      if (Atomics.load(control, FAILED) === 0) runPiece(thread, task, args, piece)
    } catch (error) {
      onFailure(error)
      Atomics.store(control, FAILED, 1)
    }
    if (Atomics.add(counters, DONE, 1) + 1 === pieces) Atomics.notify(counters, DONE)
  }
}

/** What a worker does: helps until it is told to end. */
export function serve({ port, index, simd, control: buffer }: WorkerStart): void {
  const control = new Int32Array(buffer)
  const thread: Thread = { engine: new Engine(simd), index, shape: undefined }
  Atomics.add(control, STARTED, 1)
  for (;;) {
    const sent = Atomics.load(control, SENT)
    const received = receiveMessageOnPort(port)?.message as Message | undefined
    if (received === undefined) {
      Atomics.wait(control, SENT, sent)
      continue
    }
    if (received.kind === 'close') break
    if (received.kind === 'setup') prepare(thread, received.shape)
    else help(thread, control, received, error => port.postMessage(error))
  }
  port.close()
}

export interface WorkerThreads extends Threads {
  /** Workers that are up; until then others do their part. */
  readonly started: number
  /** Resolves when the workers have ended. */
  close(): Promise<void>
}

/**
 * Starts workers. End them with `close`.
 *
 * @param count threads in all, at least 1
 * @param program the module that calls {@link serve}
 */
export function workerThreads(
  count: number,
  program: URL = new URL('./worker.js', import.meta.url),
): WorkerThreads {
  const simd = fastestSimd()
  const buffer = new SharedArrayBuffer(12)
  const control = new Int32Array(buffer)
  const own: Thread = { engine: new Engine(simd), index: 0, shape: undefined }
  const workers = Array.from({ length: count - 1 }, (_, i) => {
    const { port1, port2 } = new MessageChannel()
    const start: WorkerStart = { port: port2, index: i + 1, simd, control: buffer }
    const worker = new Worker(program, { workerData: start, transferList: [port2] })
    // one that cannot start takes no work
    worker.on('error', () => {})
    worker.unref()
    port1.unref()
    const ended = new Promise<void>(resolve => worker.once('exit', () => resolve()))
    return { port: port1, worker, ended }
  })
  const send = (message: Message) => {
    for (const { port } of workers) port.postMessage(message)
    Atomics.add(control, SENT, 1)
    Atomics.notify(control, SENT)
  }
  let open: Work[] = []
  const finish = () => {
    const finished = open
    open = []
    const failures: unknown[] = []
    for (const work of finished) help(own, control, work, error => failures.push(error), threads.onPiece)
    for (const { counters, pieces } of finished)
      for (let done = 0; done < pieces; done = Atomics.load(counters, DONE))
        Atomics.wait(counters, DONE, done, PATIENCE)
    if (Atomics.load(control, FAILED) === 0) return
    Atomics.store(control, FAILED, 0)
    for (const { port } of workers)
      for (let sent = receiveMessageOnPort(port); sent !== undefined; sent = receiveMessageOnPort(port))
        failures.push(sent.message)
    throw failures[0]
  }
  const threads: WorkerThreads = {
    count,
    own,
    onPiece: undefined,
    share: words => new Uint32Array(new SharedArrayBuffer(4 * words)),
    setup(shape) {
      send({ kind: 'setup', shape })
      prepare(own, shape)
    },
    start(task, args, pieces) {
      if (pieces === 0) return
      if (pieces === 1 && open.length === 0) return runPiece(own, task, args, 0)
      const counters = new Int32Array(new SharedArrayBuffer(8))
      const work: Work = { kind: 'work', task, args, pieces, counters }
      open.push(work)
      send(work)
    },
    finish,
    get started() {
      return Atomics.load(control, STARTED)
    },
    async close() {
      send({ kind: 'close' })
      // the process would end with nothing else to wait for
      for (const { worker } of workers) worker.ref()
      await Promise.all(workers.map(w => w.ended))
    },
  }
  return threads
}

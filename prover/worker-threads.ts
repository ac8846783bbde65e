/**
 * Worker threads of Node for the prover. The calling thread gives out work and does its share; workers sleep on a
 * shared counter in between. It all happens within synchronous calls, so another thread watches the workers
 * (supervisor.ts): one that has come up and ends before it is told to may have taken a piece with it, and that is an error.
 */

import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { Engine, type Simd } from './engine/engine.js'
import { fastestSimd } from './engine/measure.js'
import type { Shape } from './shape.js'
import { TASKS, type TaskName, taskName } from './tasks.js'
import { prepare, type Task, type Thread, type Threads } from './threads.js'

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

export interface SupervisorStart {
  /** The module that calls {@link serve}. */
  program: string
  workers: readonly WorkerStart[]
  /** Takes an {@link EndReport} for each worker that ended by itself. */
  reports: MessagePort
  control: SharedArrayBuffer
}

export interface EndReport {
  index: number
  /** Whether it had come up before. */
  up: boolean
  reason: string
}

/** Shared by all: the number of messages so far, whether a piece has failed, and workers that are up. */
const SENT = 0
const FAILED = 1
const STARTED = 2
/** How many workers ended by themselves; behind it the state of each by index, 0 until it is up. */
export const END = 3
export const UP = 1
export const FINISHED = 2
export const ENDED = 3

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
  const { args, pieces, counters } = work
  const run = TASKS[work.task] as Task<unknown>
  for (;;) {
    const piece = Atomics.add(counters, NEXT, 1)
    if (piece >= pieces) return
    onPiece?.(piece, pieces)
    try {
      if (Atomics.load(control, FAILED) === 0) run(thread, args, piece)
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
  Atomics.store(control, END + index, UP)
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
  Atomics.store(control, END + index, FINISHED)
  port.close()
}

/** A worker that was up has ended by itself. */
export class WorkerEnded extends Error {
  override readonly name = 'WorkerEnded'

  constructor({ index, reason }: EndReport) {
    super(`worker thread ${index} of the prover ended: ${reason}`)
  }
}

export interface WorkerThreads extends Threads {
  /** Workers that are up; until then others do their part. */
  readonly started: number
  /** Why workers could not start, once known; others do their work. */
  readonly notStarted: readonly string[]
  /** Resolves when the workers have ended. */
  close(): Promise<void>
}

/**
 * Starts workers. End them with `close`.
 *
 * @param count threads in all, at least 1
 * @param programs the compiled module that calls {@link serve}, and the one that starts it
 * @throws WorkerEnded by `finish`, when a worker that was up ends by itself
 */
export function workerThreads(
  count: number,
  programs = {
    worker: new URL('./worker.js', import.meta.url),
    supervisor: new URL('./supervisor.js', import.meta.url),
  },
): WorkerThreads {
  const simd = fastestSimd()
  const buffer = new SharedArrayBuffer(4 * (END + count))
  const control = new Int32Array(buffer)
  const own: Thread = { engine: new Engine(simd), index: 0, shape: undefined }
  const ports: MessagePort[] = []
  const workers = Array.from({ length: count - 1 }, (_, i): WorkerStart => {
    const { port1, port2 } = new MessageChannel()
    port1.unref()
    ports.push(port1)
    return { port: port2, index: i + 1, simd, control: buffer }
  })
  const reports = new MessageChannel()
  reports.port1.unref()
  const notStarted: string[] = []
  const supervisor = count === 1 ? null : superviseFrom(programs.supervisor)
  function superviseFrom(url: URL) {
    const start = { program: programs.worker.href, workers, reports: reports.port2, control: buffer }
    const thread = new Worker(url, {
      workerData: start satisfies SupervisorStart,
      transferList: [reports.port2, ...workers.map(w => w.port)],
    })
    thread.on('error', error => notStarted.push(String(error)))
    thread.unref()
    return { thread, ended: new Promise<void>(resolve => thread.once('exit', () => resolve())) }
  }
  /** Takes the reports of workers that ended: the first that was up. */
  const firstEnded = (): EndReport | undefined => {
    let first: EndReport | undefined
    for (;;) {
      const report = receiveMessageOnPort(reports.port1)?.message as EndReport | undefined
      if (report === undefined) return first
      if (report.up) first ??= report
      else notStarted.push(`worker thread ${report.index}: ${report.reason}`)
    }
  }
  let seen = 0
  /** After the error, work stays undone that the worker had: the threads are only good to be closed. */
  const checkWorkers = () => {
    const ended = Atomics.load(control, END)
    if (ended === seen) return
    seen = ended
    const report = firstEnded()
    if (report !== undefined) throw new WorkerEnded(report)
  }
  const send = (message: Message) => {
    for (const port of ports) port.postMessage(message)
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
      for (let done = 0; done < pieces; done = Atomics.load(counters, DONE)) {
        checkWorkers()
        Atomics.wait(counters, DONE, done, PATIENCE)
      }
    if (Atomics.load(control, FAILED) === 0) return
    Atomics.store(control, FAILED, 0)
    for (const port of ports)
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
      if (pieces === 1 && open.length === 0) return task(own, args, 0)
      const counters = new Int32Array(new SharedArrayBuffer(8))
      const work: Work = { kind: 'work', task: taskName(task), args, pieces, counters }
      open.push(work)
      send(work)
    },
    finish,
    get started() {
      return Atomics.load(control, STARTED)
    },
    notStarted,
    async close() {
      send({ kind: 'close' })
      if (supervisor === null) return
      // the process would end with nothing else to wait for
      supervisor.thread.ref()
      await supervisor.ended
      firstEnded()
      reports.port1.close()
    },
  }
  return threads
}

/** Work that is parted among threads. What is computed does not depend on their number. */

import type { Share } from './columns.js'
import { Engine } from './engine/engine.js'
import { fastestSimd } from './engine/measure.js'
import type { Shape } from './shape.js'

/** What a task finds on the thread that runs it. */
export interface Thread {
  readonly engine: Engine
  /** 0 is the thread that gives out the work. */
  readonly index: number
  /** The statement that is being proven. */
  shape: Shape | undefined
}

/** Does a piece of work. Pieces write to different places, so their order does not matter. */
export type Task<A> = (thread: Thread, args: A, piece: number) => void

export interface Threads {
  readonly count: number
  /** The calling thread. */
  readonly own: Thread
  /** Memory that all threads see. */
  readonly share: Share
  /** Tells all threads what is proven. */
  setup(shape: Shape): void
  /**
   * Begins work that is done when {@link finish} returns. Work is begun in order; one may not read what another writes.
   *
   * @param task one of `TASKS` (tasks.ts), by whose name other threads find it
   */
  start<A>(task: Task<A>, args: A, pieces: number): void
  finish(): void
  /** Called when the calling thread begins a piece. */
  onPiece: ((begun: number, pieces: number) => void) | undefined
  /** Ends the other threads. */
  close(): Promise<void>
}

/** Does all of some work. */
export function runAll<A>(threads: Threads, task: Task<A>, args: A, pieces: number): void {
  threads.start(task, args, pieces)
  threads.finish()
}

/** Transforms on other threads are at most as long as a column's domain before blow-up. */
export function prepare(thread: Thread, shape: Shape): void {
  const { logSize, logDomain } = shape.classes[0]!
  thread.shape = shape
  thread.engine.prepare(thread.index === 0 ? logDomain : logSize)
}

/** The calling thread alone. */
export function oneThread(engine = new Engine(fastestSimd())): Threads {
  const own: Thread = { engine, index: 0, shape: undefined }
  const threads: Threads = {
    count: 1,
    own,
    onPiece: undefined,
    share: words => new Uint32Array(words),
    setup: shape => prepare(own, shape),
    start(task, args, pieces) {
      for (let piece = 0; piece < pieces; piece++) {
        threads.onPiece?.(piece, pieces)
        task(own, args, piece)
      }
    },
    finish() {},
    async close() {},
  }
  return threads
}

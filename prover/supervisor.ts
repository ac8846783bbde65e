/**
 * The thread that starts the workers and sees them end. The thread that gives out work sleeps in synchronous calls, in
 * which it is told of nothing; this one never computes.
 */

import { Worker, workerData } from 'node:worker_threads'
import { END, ENDED, FINISHED, type SupervisorStart, UP } from './worker-threads.js'

const { program, workers, reports, control: buffer } = workerData as SupervisorStart
const control = new Int32Array(buffer)

for (const start of workers) {
  let reason: string | undefined
  const ended = (code: number) => {
    const state = Atomics.load(control, END + start.index)
    if (state === FINISHED) return
    reports.postMessage({ index: start.index, up: state === UP, reason: reason ?? `exit code ${code}` })
    Atomics.store(control, END + start.index, ENDED)
    Atomics.add(control, END, 1)
  }
  try {
    new Worker(new URL(program), { workerData: start, transferList: [start.port] })
      .on('error', error => {
        reason = error instanceof Error ? error.message : String(error)
      })
      .on('exit', ended)
  } catch (error) {
    reason = (error as Error).message
    ended(0)
  }
}

/** Shards on a pool of worker threads. */
import { fileURLToPath } from 'node:url'
import { Piscina } from 'piscina'
import {
  type ShardResult,
  type ShardSettings,
  type ShardTask,
  SharedProgress,
  type WorkerInput,
} from './shard-task.js'

export interface PoolOptions {
  /** Shards at a time. */
  readonly jobs: number
  /** Go on after a shard that is rejected. */
  readonly keepGoing: boolean
  /** Ends the run: shards in work end as at a limit, the others are not begun. */
  readonly signal?: AbortSignal
  /** Milliseconds after the signal at which workers that have not ended are ended; default: never. */
  readonly settle?: number
  /** About four times a second: constants done of all shards, and their number as far as it is known. */
  readonly onProgress?: (done: number, total: number) => void
  /** Module whose default function turns a `WorkerInput` into a `ShardResult`. */
  readonly worker?: URL
}

const PROGRESS_MS = 250

/**
 * Checks shards and returns their results in the order of the tasks, which do not depend on the number of jobs. Without
 * `keepGoing` the list ends with the first rejected shard; shards not begun when the run was ended are missing.
 */
export async function checkShards(
  tasks: readonly ShardTask[],
  settings: ShardSettings,
  options: PoolOptions,
): Promise<ShardResult[]> {
  const { jobs, keepGoing, signal, settle, onProgress } = options
  const { worker = new URL('./shard-worker.js', import.meta.url) } = options
  const progress = SharedProgress.of(tasks)
  const results: (ShardResult | undefined)[] = tasks.map(() => undefined)
  const pool = new Piscina({
    filename: fileURLToPath(worker),
    minThreads: 0,
    maxThreads: jobs,
    concurrentTasksPerWorker: 1,
    idleTimeout: 1000,
  })
  // A worker that dies between two tasks takes no result with it.
  pool.on('error', () => {})
  let deadline: NodeJS.Timeout | undefined
  const interrupt = (): void => {
    progress.last = -1
    if (settle !== undefined) deadline = setTimeout(() => void pool.destroy(), settle)
  }
  if (signal?.aborted === true) interrupt()
  signal?.addEventListener('abort', interrupt)
  const timer = setInterval(() => {
    const { done, total } = progress.sum()
    onProgress?.(done, total)
  }, PROGRESS_MS)
  let next = 0
  const drain = async (): Promise<void> => {
    while (next <= progress.last) {
      const position = next++
      const task = tasks[position]!
      const input: WorkerInput = { settings, task, position, progress: progress.buffer }
      const result = await pool.run(input).catch((error: unknown) => died(task, error))
      results[position] = result
      progress.set(position, task.owned.length, task.owned.length)
      if (result.status === 'rejected' && !keepGoing) progress.last = Math.min(progress.last, position)
    }
  }
  try {
    await Promise.all(Array.from({ length: Math.min(jobs, tasks.length) }, drain))
  } finally {
    clearInterval(timer)
    clearTimeout(deadline)
    signal?.removeEventListener('abort', interrupt)
    await pool.destroy()
  }
  const wanted = signal?.aborted === true ? results : results.slice(0, progress.last + 1)
  return wanted.filter(result => result !== undefined)
}

function died({ id, owned }: ShardTask, error: unknown): ShardResult {
  return {
    id,
    constants: owned.length,
    status: 'died',
    checked: 0,
    failed: [],
    undecided: [],
    assumptions: {},
    claim: null,
    rows: 0,
    cost: 0,
    memory: null,
    seconds: 0,
    error: error instanceof Error ? error.message : String(error),
  }
}

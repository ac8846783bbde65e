/** What the workers of `ix check --all` are told and what they answer: plain data. */
import type { CostModel } from '../../aiur/circuit/cost.js'
import type { SourceFile } from '../../aiur/language/compile-error.js'
import type { Address } from '../../ixon/address.js'
import type { Assumption } from '../../kernel/assumption.js'
import type { EngineName } from '../../kernel/engine.js'
import type { CheckLimits, Failure, Verdict } from '../../kernel/verdict.js'
import type { Memory } from '../cost.js'

/** The same for all shards. */
export interface ShardSettings {
  readonly ixe: string | undefined
  readonly engine: EngineName
  readonly model: CostModel
  readonly constraints: boolean
  /** For each shard. */
  readonly limits: CheckLimits
  readonly overlay?: readonly SourceFile[]
  /** Names of trusted code that constants may rest on. */
  readonly allow?: readonly string[]
}

export interface ShardTask {
  readonly id: number
  /** Constants to check, ascending: those that the shard owns, or what a snapshot leaves of them. */
  readonly owned: readonly Address[]
}

export interface ShardResult {
  readonly id: number
  readonly constants: number
  /** `died`: the worker ended before it could answer. */
  readonly status: Verdict['status'] | 'died'
  readonly checked: number
  readonly failed: readonly Failure[]
  readonly undecided: readonly Failure[]
  /** How many constants of each kind the shard assumes. */
  readonly assumptions: Readonly<Partial<Record<Assumption['kind'], number>>>
  readonly violations?: readonly string[]
  /** What went another way than usual. */
  readonly notices?: readonly string[]
  readonly claim: Address | null
  /** Rows of all circuits. */
  readonly rows: number
  /** FFT cost in the chosen model. */
  readonly cost: number
  readonly memory: Memory | null
  readonly seconds: number
  /** How many of the constants were taken over from a snapshot. */
  readonly reused?: number
  /** Rows, cost and memory are those of a part of the constants: the others were taken over from a snapshot. */
  readonly partial?: boolean
  /** Why the worker died. */
  readonly error?: string
  /** What a snapshot keeps; absent for a worker that died. */
  readonly evidence?: Evidence
}

/** What stands behind a result. */
export interface Evidence {
  /** No limit and no interruption ended the check. */
  readonly finished: boolean
  readonly accepted: readonly Address[]
  /** Numbers of the primitives that computed. */
  readonly primitives: readonly number[]
  readonly assumptions: readonly Assumption[]
}

export function byKind(assumptions: readonly Assumption[]): ShardResult['assumptions'] {
  const counts: Partial<Record<Assumption['kind'], number>> = {}
  for (const { kind } of assumptions) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}

/**
 * Shared words: the position of the last shard that is wanted (-1: none), then for each shard the constants done and
 * their total.
 */
export class SharedProgress {
  readonly #words: Int32Array

  constructor(readonly buffer: SharedArrayBuffer) {
    this.#words = new Int32Array(buffer)
  }

  static of(tasks: readonly ShardTask[]): SharedProgress {
    const progress = new SharedProgress(new SharedArrayBuffer(4 + 8 * tasks.length))
    progress.last = tasks.length - 1
    tasks.forEach(({ owned }, position) => {
      progress.set(position, 0, owned.length)
    })
    return progress
  }

  get last(): number {
    return Atomics.load(this.#words, 0)
  }

  set last(position: number) {
    Atomics.store(this.#words, 0, position)
  }

  set(position: number, done: number, total: number): void {
    Atomics.store(this.#words, 1 + 2 * position, done)
    Atomics.store(this.#words, 2 + 2 * position, total)
  }

  sum(): { done: number; total: number } {
    let done = 0
    let total = 0
    for (let at = 1; at < this.#words.length; at += 2) {
      done += Atomics.load(this.#words, at)
      total += Atomics.load(this.#words, at + 1)
    }
    return { done, total }
  }
}

/** A task as a worker receives it. */
export interface WorkerInput {
  readonly settings: ShardSettings
  readonly task: ShardTask
  readonly position: number
  readonly progress: SharedArrayBuffer
}

/** What the process that checks is told and what it answers. */
import type { Address } from '../../ixon/address.js'
import type { Assumption } from '../../kernel/assumption.js'
import type { Failure, Verdict } from '../../kernel/verdict.js'

export interface CheckLimitsOf {
  readonly rows: number
  readonly seconds: number
}

/** A part of an environment, or everything in an export of lean4export. */
export type Subject =
  | { readonly kind: 'shard'; readonly ixe: string; readonly owned: readonly Address[] }
  | { readonly kind: 'export'; readonly file: string }

export interface Task {
  /** Row of the table that it counts for. */
  readonly group: string
  /** Its name in the journal, with all that a result depends on besides the kernel. */
  readonly id: string
  readonly subject: Subject
}

export interface Outcome {
  /** `died`: the process that checked it ended before it could answer. */
  readonly status: Verdict['status'] | 'died'
  /** Constants to check: without blocks, which are checked by their members. */
  readonly constants: number
  readonly accepted: number
  readonly rejected: readonly Failure[]
  readonly undecided: readonly Failure[]
  readonly assumptions: Readonly<Partial<Record<Assumption['kind'], number>>>
  readonly rows: number
  /** FFT cost under `transforms`. */
  readonly cost: number
  /** Processor time of the check, the reading of its input included. */
  readonly seconds: number
}

/** One line of the journal. */
export interface Entry extends Outcome {
  readonly group: string
  readonly id: string
  /** Digest of the kernel's program. */
  readonly kernel: string
}

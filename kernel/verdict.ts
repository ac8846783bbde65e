/**
 * What the checking harness is asked and what it answers: the interface between the kernel and the command line.
 */
import type { Program } from '../aiur/bytecode.js'
import type { EntryCall } from '../aiur/circuit/constraints.js'
import type { Layout } from '../aiur/circuit/layout.js'
import type { SourceFile } from '../aiur/language/compile-error.js'
import type { RecordView } from '../aiur/vm/record.js'
import type { Address } from '../ixon/address.js'
import type { Environment } from '../ixon/environment.js'
import type { Assumption } from './assumption.js'
import type { EngineName } from './engine.js'
import type { CheckTarget } from './target.js'

/** A run that reaches a limit ends undecided. Absent = no limit. */
export interface CheckLimits {
  /** Rows of all functions and memories together. */
  readonly rows?: number
  /** Bytes of the execution record. */
  readonly memory?: number
  readonly seconds?: number
  /** Bytes of the stack that calls nest on; the interpreter needs none. */
  readonly stack?: number
  /** Checks at a time that part what the system has left of memory; default 1. */
  readonly jobs?: number
}

export interface CheckProgress {
  readonly phase: 'load' | 'execute' | 'constraints'
  /** Constants done of `total`, as far as the phase can tell. */
  readonly done: number
  readonly total: number
  readonly rows: number
}

export interface CheckRequest {
  readonly environment: Environment
  readonly target: CheckTarget
  /** Default `wasm`. */
  readonly engine?: EngineName
  /** Optimise the kernel's WebAssembly module, which pays off in long runs only. Default false. */
  readonly optimise?: boolean
  readonly limits?: CheckLimits
  /** Files whose functions replace those of the kernel: the verdict is that of the variant. */
  readonly overlay?: readonly SourceFile[]
  /** Names of TRUSTED_CODE that constants may rest on (trusted-code.ts); without it they are declined. */
  readonly allow?: readonly string[]
  /** Stops the check as a limit does. The interpreter does not hear it while it runs. */
  readonly signal?: AbortSignal
  /** Called now and then, at most a few times a second. */
  readonly onProgress?: (progress: CheckProgress) => void
  /** Receives lines about a check that goes another way than usual. */
  readonly onNotice?: (line: string) => void
}

/** A constant and why it was not accepted, in one line. */
export interface Failure {
  /** Displayed name, or the address when the environment has no name for it. */
  readonly name: string
  readonly address: Address
  readonly reason: string
  /** The nearest definition that the constant reaches and whose body the input does not hold. */
  readonly hiddenBody?: string
}

/** The execution behind a verdict; what cost reports, the constraint checker and later the prover consume. */
export interface KernelRun {
  readonly program: Program
  readonly layout: Layout
  readonly record: RecordView
  /** The entry call that the record answers, with the IO as the run left it. */
  readonly call: EntryCall
}

export interface Verdict {
  /**
   * `rejected`: at least one constant is wrong; `undecided`: none is wrong as far as the run got, but a limit was
   * reached or a feature is missing.
   */
  readonly status: 'accepted' | 'rejected' | 'undecided'
  /** Constants checked and accepted. */
  readonly checked: number
  /** Every rejected constant, not only the first. */
  readonly failed: readonly Failure[]
  /** Constants that could not be decided, with the missing feature or the limit that was reached. */
  readonly undecided: readonly Failure[]
  /** Constants that the last execution accepted, what justifies primitives aside. */
  readonly accepted: readonly Address[]
  /** Numbers of the primitives that it computed with, ascending. */
  readonly primitives: readonly number[]
  readonly assumptions: readonly Assumption[]
  /** Digest of the claim that the run establishes; absent when nothing was accepted. */
  readonly claimDigest?: Address
  /** The last execution that ran to its end; absent when none did. */
  readonly run?: KernelRun
  /** How far the execution came that a limit ended. */
  readonly stopped?: Omit<KernelRun, 'call'>
  readonly seconds: { readonly load: number; readonly execute: number }
}

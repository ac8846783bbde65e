/** The two engines that run the kernel, behind one face. */
import type { ExecutionError } from '../aiur/vm/error.js'
import type { IoBuffer } from '../aiur/vm/io.js'
import type { Limits } from '../aiur/vm/limits.js'
import type { ExecutionRecord, RecordView } from '../aiur/vm/record.js'
import type { WasmRecord } from '../aiur/wasm/record.js'
import type { CompiledKernel } from './compiled.js'
import { ENTRY } from './sources.js'

/** `wasm`: compiled to WebAssembly, in a thread of its own. `interp`: the interpreter that it has to agree with. */
export const ENGINES = ['wasm', 'interp'] as const

export type EngineName = (typeof ENGINES)[number]

export type KernelOutcome =
  | { readonly ok: true; readonly outputs: bigint[]; readonly record: RecordView }
  | { readonly ok: false; readonly error: ExecutionError; readonly record: RecordView }

export interface KernelLimits extends Limits {
  /** Ends the run undecided; the interpreter does not hear it while it runs. */
  signal?: AbortSignal
  /** MiB of the stack that calls nest on; the interpreter needs none. */
  stackMegabytes?: number
  /** Runs at a time that part what the system has left of memory. */
  jobs?: number
}

/** Gets ready what a run of the WebAssembly engine needs and can be had while its input is still being read. */
export async function prepareEngine(stackMegabytes: number | undefined): Promise<void> {
  const [{ prepareThread }, { DEFAULT_STACK_MEGABYTES }] = await Promise.all([
    import('../aiur/wasm/thread.js'),
    import('../aiur/wasm/engine.js'),
  ])
  prepareThread(stackMegabytes ?? DEFAULT_STACK_MEGABYTES)
}

/** Runs the entry of a kernel. After a failure the next run takes over what was found. */
export interface KernelEngine {
  /** @param resume whether to go on from the failed run before, on the same IO, whose record is lost by it */
  execute(args: bigint[], io: IoBuffer, limits: KernelLimits, resume: boolean): Promise<KernelOutcome>
}

/**
 * Only the engine that is asked for is loaded.
 *
 * @param optimise whether to spend ten seconds, once for each state of the kernel, on optimising the module; the
 *   platform's own compiler leaves little to gain in runs of minutes
 */
export async function kernelEngine(
  name: EngineName,
  kernel: CompiledKernel,
  optimise: boolean,
): Promise<KernelEngine> {
  const { program, digest } = kernel
  if (name === 'interp') {
    const { execute } = await import('../aiur/vm/interpreter.js')
    let failed: ExecutionRecord | undefined
    return {
      async execute(args, io, limits, resume) {
        const outcome = execute(program, ENTRY, args, io, limits, resume ? failed : undefined)
        failed = outcome.record
        return outcome
      },
    }
  }
  const { engineOf, executeWasm } = await import('../aiur/wasm/engine.js')
  await engineOf(program, { digest, optimise })
  let failed: WasmRecord | undefined
  return {
    async execute(args, io, limits, resume) {
      const outcome = await executeWasm(program, ENTRY, args, io, limits, resume ? failed : undefined)
      failed = outcome.record
      return outcome
    },
  }
}

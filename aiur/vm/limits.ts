/** What a run may take, and where it may begin: the same for all engines. */

import type { FunctionIndex, Program } from '../bytecode.js'
import { ExecutionError } from './error.js'

export interface Limits {
  /** Rows of all function and memory tables together. */
  rows?: number
  /** Bytes of all tables and stacks; growth beyond it ends the run. */
  memoryBytes?: number
  timeoutMs?: number
  /** Called about four times a second. */
  onProgress?: (progress: {
    rows: number
    depth: number
    seconds: number
    /** Rows of {@link watch}, from engines that can tell. */
    watched?: number
  }) => void
  /** Name of a function whose rows are a measure of progress. */
  watch?: string
  /** Names of functions whose innermost activation an error's trace ends with when it lies further out. */
  landmarks?: readonly string[]
  /** Receives lines about a run that goes another way than usual. */
  onNotice?: (line: string) => void
  /** Receives debug statements; without it they do nothing. */
  onDebug?: (label: string, values: bigint[]) => void
}

/** Index of an entry function that accepts these arguments. @throws ExecutionError */
export function resolveEntry(program: Program, entry: FunctionIndex | string, args: bigint[]): number {
  const index = typeof entry === 'string' ? program.functionIndex.get(entry) : entry
  const f = index === undefined ? undefined : program.functions[index]
  if (index === undefined || f === undefined) throw new ExecutionError('notEntry', `no function ${entry}`)
  if (!f.entry) throw new ExecutionError('notEntry', `${f.name} is not an entry function`)
  if (args.length !== f.inputSize)
    throw new ExecutionError('arity', `${f.name} takes ${f.inputSize} field elements, not ${args.length}`)
  return index
}

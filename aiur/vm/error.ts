/** Failures of an execution, with the Aiur calls that led to them. */

export type ExecutionErrorKind =
  | 'notEntry'
  | 'arity'
  | 'invalidMemorySize'
  | 'unboundPointer'
  | 'u32Range'
  | 'byteRange'
  | 'nibbleRange'
  | 'assertLength'
  | 'assertMismatch'
  | 'noMatchCase'
  | 'yieldOutside'
  | 'outputsDiffer'
  | 'infiniteLoop'
  | 'ioUnknownKey'
  | 'ioKeySet'
  | 'ioOutOfBounds'
  | 'ioChannel'
  | 'badLimbChain'
  | 'rowLimit'
  | 'memoryLimit'
  | 'timeLimit'
  | 'callDepth'
  | 'cancelled'

/** One activation of the trace. */
export interface TraceFrame {
  function: string
  args: bigint[]
  /** Runs inside an unconstrained call. */
  unconstrained: boolean
}

/** The number of innermost activations that an error lists. */
export const TRACE_FRAMES = 16

const LIMITS: ReadonlySet<ExecutionErrorKind> = new Set([
  'rowLimit',
  'memoryLimit',
  'timeLimit',
  'callDepth',
  'cancelled',
])

export class ExecutionError extends Error {
  override readonly name = 'ExecutionError'

  constructor(
    readonly kind: ExecutionErrorKind,
    /** What went wrong, without the trace. */
    readonly reason: string,
    /** Innermost activations first, at most {@link TRACE_FRAMES}; then the landmarks asked for that lie further out. */
    readonly trace: TraceFrame[] = [],
    /** Activations on the stack. */
    readonly depth = trace.length,
  ) {
    super(trace.length === 0 ? reason : `${reason}\n${formatTrace(trace, depth)}`)
  }

  /** Was a limit of the caller reached (rather than the program failing)? */
  get limit(): boolean {
    return LIMITS.has(this.kind)
  }
}

function formatTrace(trace: TraceFrame[], depth: number): string {
  const lines = trace.map(frame => {
    const shown = frame.args.slice(0, 12).map(String)
    if (frame.args.length > shown.length) shown.push(`… ${frame.args.length - shown.length} more`)
    return `  in ${frame.unconstrained ? '#' : ''}${frame.function}(${shown.join(', ')})`
  })
  if (depth > trace.length) lines.push(`  … ${depth - trace.length} more calls`)
  return lines.join('\n')
}

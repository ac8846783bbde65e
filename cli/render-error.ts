import { CompileError } from '../aiur/language/compile-error.js'
import { InputError, RejectedInput } from '../lean/input-error.js'
import { EXIT, type ExitCode, UsageError } from './exit.js'
import { OutputError } from './output.js'
import { colorsFor, type Terminal, visible } from './terminal.js'

/** The exit code that an error of a command stands for. Only of Aiur programs it is the answer that one does not compile. */
export function exitCodeOf(error: unknown, command = ''): ExitCode {
  if (error instanceof UsageError) return EXIT.usage
  if (error instanceof RejectedInput) return EXIT.rejected
  if (error instanceof CompileError && command === 'aiur') return EXIT.rejected
  return EXIT.undecided
}

/**
 * The one place that shows errors: a single line on standard error (Aiur compile errors keep their source line and
 * caret), the stack only with `debug`.
 *
 * @param command whose help shows what a wrong command line should have been
 */
export function renderError(error: unknown, terminal: Terminal, debug: boolean, command = 'ix'): void {
  const colors = colorsFor(terminal.stderr, terminal.env)
  const hint =
    error instanceof UsageError
      ? ` (${error.command ?? command} --help shows how)`
      : isExpected(error)
        ? ''
        : ' (internal error; --debug shows where)'
  const shown = messageOf(error)
    .split('\n')
    .map(line => visible(line))
    .join('\n')
  terminal.stderr.write(`${colors.red('error:')} ${shown}${hint}\n`)
  if (debug && error instanceof Error) terminal.stderr.write(`${error.stack}\n`)
}

export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof CompileError) return error.message
  return error.message.replaceAll(/\s*\n\s*/g, ' ').replaceAll(SYSTEM_CALL, '$1')
}

/** What Node says of a failed system call: its code, what it means, the call and the files, which are named anyway. */
const SYSTEM_CALL = /\bE[A-Z0-9]{2,}: ([^,]+), [a-z]+(?: '[^']*'(?: -> '[^']*')?)?/g

/** Errors about the input or the system, not faults of the program. */
function isExpected(error: unknown): boolean {
  return (
    error instanceof UsageError ||
    error instanceof InputError ||
    error instanceof CompileError ||
    error instanceof OutputError ||
    (error instanceof Error && 'syscall' in error)
  )
}

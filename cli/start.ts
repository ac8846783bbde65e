import { EXIT } from './exit.js'
import { outputSink } from './output.js'
import { run } from './run.js'

/** Runs the command line of this process. */
export async function start(): Promise<void> {
  // A reader that goes away (`ix ... | head`) is no error; the exit code stays the verdict. Nor is it that nobody can hear
  // what is going on.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return
    process.stderr.write(`error: standard output cannot be written: ${error.message}\n`)
    process.exit(EXIT.undecided)
  })
  process.stderr.on('error', () => {})

  // No handler for SIGINT here: most work is synchronous, so only the default action ends it at once (see interrupt.ts).
  process.exitCode = await run(process.argv.slice(2), {
    stdout: outputSink(process.stdout),
    stderr: process.stderr,
    env: process.env,
  })
}

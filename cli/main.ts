#!/usr/bin/env node
import { run } from './run.js'

// A reader that goes away (`ix ... | head`) is no error; the exit code stays the verdict.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

// No handler for SIGINT here: most work is synchronous, so only the default action ends it at once (see interrupt.ts).
process.exitCode = await run(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
})

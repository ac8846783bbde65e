import { run } from '../../cli/run.js'
import { bufferTerminal } from './buffer-terminal.js'

/** A command line of ix, run in this process: its exit code and what it wrote. */
export async function ix(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const terminal = bufferTerminal()
  const code = await run(argv, terminal)
  return { code, out: terminal.stdout.text, err: terminal.stderr.text }
}

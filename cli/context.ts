import type { ExitCode } from './exit.js'
import { Progress } from './progress.js'
import { type Column, table } from './table.js'
import { type Colors, colorsFor, type Terminal, tableWidth, visible } from './terminal.js'

/** What a command works with: one per run of the command line. */
export class Context {
  readonly progress: Progress
  /** Colours for standard output. */
  readonly colors: Colors
  exitCode: ExitCode = 0
  /** Whether to tell what goes wrong without harm, and where errors come from. */
  debug = false

  constructor(readonly terminal: Terminal) {
    this.progress = new Progress(terminal)
    this.colors = colorsFor(terminal.stdout, terminal.env)
  }

  /** Aligned columns of results, as wide as tables may be. */
  printTable(columns: readonly Column[], rows: readonly (readonly string[])[]): void {
    const { stdout } = this.terminal
    stdout.write(table(columns, rows, this.colors, tableWidth(stdout)))
  }

  /** A line of results, on standard output. */
  print(line = ''): void {
    this.terminal.stdout.write(`${visible(line, this.colors.isColorSupported)}\n`)
  }

  /** Lines about what is going on, on standard error. */
  note(lines: string): void {
    this.progress.stop()
    for (const line of lines.split('\n'))
      this.terminal.stderr.write(`${visible(line, this.colors.isColorSupported)}\n`)
  }

  /** The one object of `--json`. Big integers become decimal strings. */
  printJson(value: unknown): void {
    const text = JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? part.toString() : part))
    this.terminal.stdout.write(`${text}\n`)
  }
}

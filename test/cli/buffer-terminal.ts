import type { Terminal, TextSink } from '../../cli/terminal.js'

/** A stream that keeps what is written; as a terminal it has what cli-progress asks of one. */
export class Sink implements TextSink {
  text = ''

  constructor(
    readonly isTTY = false,
    readonly columns = 100,
  ) {}

  write(text: string): boolean {
    this.text += text
    return true
  }

  cursorTo(): boolean {
    return this.write('\r')
  }

  clearLine(): boolean {
    return true
  }

  moveCursor(): boolean {
    return true
  }
}

export interface BufferTerminal extends Terminal {
  readonly stdout: Sink
  readonly stderr: Sink
}

export function bufferTerminal(
  options: { tty?: boolean; columns?: number; env?: Record<string, string | undefined> } = {},
): BufferTerminal {
  const { tty, columns, env = {} } = options
  return { stdout: new Sink(tty, columns), stderr: new Sink(tty, columns), env }
}

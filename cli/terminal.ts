import pc from 'picocolors'

/** Tables and help fit into this many columns; the first column of a table gives way. */
export const TABLE_WIDTH = 100

/** Columns of tables on a stream: those of a terminal that is narrower. */
export function tableWidth({ isTTY, columns }: TextSink): number {
  return isTTY === true && columns !== undefined && columns > 0 ? Math.min(TABLE_WIDTH, columns) : TABLE_WIDTH
}

export type Colors = ReturnType<typeof pc.createColors>

/** Where a run of the command line writes: the process's streams, or buffers in tests. */
export interface Terminal {
  readonly stdout: TextSink
  readonly stderr: TextSink
  readonly env: Readonly<Record<string, string | undefined>>
}

/** The part of a writable stream that the command line needs. */
export interface TextSink {
  readonly isTTY?: boolean
  /** Of a terminal. */
  readonly columns?: number
  write(text: string): boolean
}

/** Colours for a stream: none unless it is a terminal; NO_COLOR (any value but the empty one) turns them off. */
export function colorsFor(stream: TextSink, env: Terminal['env']): Colors {
  const off = (env.NO_COLOR ?? '') !== '' || env.TERM === 'dumb'
  return pc.createColors(stream.isTTY === true && !off)
}

/** Control characters, maybe the beginning of a colour as picocolors makes them; what moves or reverses lines of text. */
const CONTROL = /\p{Cc}(?:\[(?:1|22|3[1236]|39)m)?|[\u2028-\u202e\u2066-\u2069]/gu

/**
 * A line as it may be shown. Names come from files of anybody: one with line breaks or commands for the terminal in it must
 * not look like a verdict.
 *
 * @param coloured whether our own colours may be in it; they pass, then
 */
export function visible(line: string, coloured = false): string {
  return line.replace(CONTROL, found =>
    coloured && found.length > 1 && found.startsWith('\u001b')
      ? found
      : `\\u{${found.codePointAt(0)!.toString(16)}}${found.slice(1)}`,
  )
}

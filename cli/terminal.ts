import pc from 'picocolors'

/** Tables and help fit into this many columns; the first column of a table gives way. */
export const TABLE_WIDTH = 100

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

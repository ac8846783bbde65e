/** One source text of a program. */
export interface SourceFile {
  name: string
  text: string
}

/** A half-open range of UTF-16 offsets of one file. */
export interface Span {
  readonly file: SourceFile
  readonly start: number
  readonly end: number
}

export interface Place {
  /** 1-based. */
  line: number
  /** 1-based, in UTF-16 code units. */
  column: number
  /** The line's text without its end. */
  text: string
}

export function placeOf(span: Span): Place {
  const { text } = span.file
  const start = Math.min(span.start, text.length)
  let line = 1
  let lineStart = 0
  for (let at = text.indexOf('\n'); at >= 0 && at < start; at = text.indexOf('\n', at + 1)) {
    line++
    lineStart = at + 1
  }
  const end = text.indexOf('\n', lineStart)
  const lineText = text.slice(lineStart, end < 0 ? text.length : end).replace(/\r$/, '')
  return { line, column: start - lineStart + 1, text: lineText }
}

export function join(from: Span, to: Span): Span {
  return { file: from.file, start: from.start, end: to.end }
}

/** Characters of a source line that an error shows. */
const LONGEST_LINE = 200
/** A word that no source has on purpose. */
const LONG_WORD = /(\w{200})\w+/g

/**
 * An error in an Aiur source. The message has `file:line:column: what`, the source line, a caret under the
 * place, what was expected, and where an inlined body came from.
 */
export class CompileError extends Error {
  override readonly name = 'CompileError'
  readonly file: string
  readonly line: number
  readonly column: number

  constructor(
    /** What is wrong, without the place. */
    readonly reason: string,
    readonly span: Span,
    readonly expected?: string,
    readonly notes: readonly string[] = [],
    /** Errors in other functions; their texts are not part of this message. */
    readonly others: readonly CompileError[] = [],
  ) {
    const { line, column, text } = placeOf(span)
    const number = String(line)
    // Of a long line, as files that are no sources have them, what is around the place.
    const from = text.length <= LONGEST_LINE || column <= LONGEST_LINE / 2 ? 0 : column - LONGEST_LINE / 2
    const shown = text.slice(from, from + LONGEST_LINE)
    const indent = shown.slice(0, column - 1 - from).replace(/[^\t]/g, ' ')
    const width = Math.max(1, Math.min(span.end - span.start, shown.length - indent.length))
    const lines = [
      `${span.file.name}:${line}:${column}: ${reason.replace(LONG_WORD, '$1…')}`,
      `${number} | ${shown}`,
      `${' '.repeat(number.length)} | ${indent}^${'~'.repeat(width - 1)}`,
    ]
    if (expected !== undefined) lines.push(`expected ${expected}`)
    for (const note of notes) lines.push(`note: ${note}`)
    if (others.length > 0) lines.push(`and ${others.length} more error${others.length === 1 ? '' : 's'}`)
    super(lines.join('\n'))
    this.file = span.file.name
    this.line = line
    this.column = column
  }

  withNote(note: string): CompileError {
    return new CompileError(this.reason, this.span, this.expected, [...this.notes, note], this.others)
  }

  withOthers(others: readonly CompileError[]): CompileError {
    return new CompileError(this.reason, this.span, this.expected, this.notes, others)
  }
}

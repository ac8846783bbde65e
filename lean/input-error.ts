/** Bad, unsupported or missing input: one line for the user, exit code 2. */
export class InputError extends Error {
  override readonly name: string = 'InputError'

  constructor(
    /** What is wrong, without file and offset. */
    readonly reason: string,
    readonly where: Place = {},
  ) {
    const place = [
      where.file,
      where.line === undefined ? undefined : `line ${where.line}`,
      where.offset === undefined ? undefined : `offset ${where.offset}`,
      where.constant === undefined ? undefined : `constant ${where.constant}`,
    ].filter(part => part !== undefined)
    super(place.length === 0 ? reason : `${place.join(', ')}: ${reason}`)
  }
}

/** Where an error lies: byte offsets for binary files, lines (from 1) for text. */
export interface Place {
  readonly file?: string
  readonly line?: number
  readonly offset?: number
  readonly constant?: string
}

/**
 * Readable input that is not a valid list of declarations (a name declared twice, a repeated universe parameter, a
 * reference to something that is not declared before): a verdict, exit code 1, where other {@link InputError}s leave
 * the question open.
 */
export class RejectedInput extends InputError {
  override readonly name: string = 'RejectedInput'
}

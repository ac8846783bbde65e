/** Bad, unsupported or missing input: one line for the user, exit code 2. */
export class InputError extends Error {
  override readonly name = 'InputError'

  constructor(
    /** What is wrong, without file and offset. */
    readonly reason: string,
    readonly where: { readonly file?: string; readonly offset?: number; readonly constant?: string } = {},
  ) {
    const place = [
      where.file,
      where.offset === undefined ? undefined : `offset ${where.offset}`,
      where.constant === undefined ? undefined : `constant ${where.constant}`,
    ].filter(part => part !== undefined)
    super(place.length === 0 ? reason : `${place.join(', ')}: ${reason}`)
  }
}

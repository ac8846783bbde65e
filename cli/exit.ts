/** Exit codes of every command. */
export const EXIT = {
  /** Accepted, or done. */
  ok: 0,
  /** A constant is wrong, or the input is not a valid list of declarations. */
  rejected: 1,
  /** Could not decide: bad or unsupported input, or a limit was reached. */
  undecided: 2,
  /** The command line itself is wrong. */
  usage: 64,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** A command line that cannot be carried out as written; exit code 64. */
export class UsageError extends Error {
  override readonly name = 'UsageError'

  constructor(
    message: string,
    /** Whose help shows how it is done, "ix check" say; by default that of the command that runs. */
    readonly command?: string,
  ) {
    super(message)
  }
}

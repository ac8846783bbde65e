import { InputError, type Place } from '../input-error.js'

/** What went wrong while modules were read, for callers that act on it. */
export type ReaderFault =
  /** No search path holds the module. */
  | 'no-module'
  /** A chain of no files. */
  | 'no-parts'
  /** A part without the earlier parts of its chain. */
  | 'missing-part'
  /** A file that was there when its module was found. */
  | 'vanished'
  | 'out-of-memory'
  /** Use after close. */
  | 'closed-region'
  | 'bad-version'
  /** A symbol that only a table of private and auxiliary symbols can place, and there is none. */
  | 'no-table'
  /** A closure belongs to a library that is not at hand. */
  | 'missing-library'

/** A fault of the files, or of how they are used, that has a name. */
export class ReaderError extends InputError {
  override readonly name: string = 'ReaderError'

  constructor(
    readonly fault: ReaderFault,
    reason: string,
    where: Place = {},
  ) {
    super(reason, where)
  }
}

/** Memory that a module needs and cannot have; smaller requests may still succeed. */
export class OutOfMemory extends ReaderError {
  override readonly name: string = 'OutOfMemory'

  constructor(
    readonly module: string,
    /** Bytes asked for. */
    readonly wanted: number,
    /** Bytes of files in memory at that moment. */
    readonly held: number,
    file: string,
  ) {
    super(
      'out-of-memory',
      `not enough memory to read module ${module}: ${wanted} bytes wanted, ${held} bytes held`,
      { file },
    )
  }
}

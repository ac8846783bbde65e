import type { Argv } from 'yargs'
import { parseBytes, parseCount, parseDuration } from './format.js'

export interface Limits {
  readonly rows?: number
  /** Bytes. */
  readonly memory?: number
  readonly seconds?: number
  /** Bytes of the stack that calls nest on. */
  readonly stack?: number
}

/** Adds the options that bound a run. */
export function limitOptions<T>(args: Argv<T>) {
  return args
    .option('limit-rows', { type: 'string', describe: 'Stop undecided after so many rows (500M)' })
    .option('limit-memory', {
      type: 'string',
      describe: 'Stop undecided when tables exceed this (4G); more than 4G takes Node 24',
    })
    .option('timeout', { type: 'string', describe: 'Stop undecided after this time (90s, 5m)' })
    .option('stack-size', {
      type: 'string',
      describe: 'Stack of the WebAssembly engine: 1G holds ten million calls (default: 2000M)',
    })
}

export function limitsOf(args: {
  limitRows: string | undefined
  limitMemory: string | undefined
  timeout: string | undefined
  stackSize: string | undefined
}): Limits {
  return {
    ...(args.limitRows === undefined ? {} : { rows: parseCount('limit-rows', args.limitRows) }),
    ...(args.limitMemory === undefined ? {} : { memory: parseBytes('limit-memory', args.limitMemory) }),
    ...(args.stackSize === undefined ? {} : { stack: parseBytes('stack-size', args.stackSize) }),
    ...(args.timeout === undefined ? {} : { seconds: parseDuration('timeout', args.timeout) }),
  }
}

/** `--incr-save` and its like. */
import { resolve } from 'node:path'
import type { Argv } from 'yargs'
import { CHECK_MODES, type CheckMode } from '../../shards/snapshot/dependency.js'
import { UsageError } from '../exit.js'

export interface IncrementalFlags {
  readonly incrSave: string | undefined
  readonly incrLoad: string | undefined
  readonly incrHeaderSave: string | undefined
  readonly incrCheck: CheckMode | undefined
  readonly incrDelta: boolean | undefined
}

export function incrementalOptions<T>(args: Argv<T>) {
  return args
    .option('incr-save', {
      type: 'string',
      describe: 'Save a snapshot at the end: input after ingress, and verdicts',
    })
    .option('incr-load', {
      type: 'string',
      describe: 'Take over from a snapshot the verdicts on what has not changed',
    })
    .option('incr-header-save', {
      type: 'string',
      describe: 'Save a snapshot of the input after ingress only',
    })
    .option('incr-check', {
      choices: CHECK_MODES,
      describe: 'How to make sure of what --incr-load takes over (default: fast)',
    })
    .option('incr-delta', {
      type: 'boolean',
      describe: 'Have --incr-save save only what differs from the loaded snapshot',
    })
}

/** @throws UsageError */
export function validateIncremental(flags: IncrementalFlags): void {
  const { incrSave, incrLoad, incrHeaderSave, incrCheck, incrDelta } = flags
  if (incrCheck !== undefined && incrLoad === undefined)
    throw new UsageError('--incr-check needs --incr-load')
  if (incrSave !== undefined && incrHeaderSave !== undefined && resolve(incrSave) === resolve(incrHeaderSave))
    throw new UsageError('--incr-save and --incr-header-save need two files')
  if (incrDelta !== true) return
  if (incrSave === undefined || incrLoad === undefined)
    throw new UsageError('--incr-delta needs --incr-load and --incr-save')
  if (resolve(incrSave) === resolve(incrLoad))
    throw new UsageError('--incr-delta needs two files: a delta cannot replace its base')
}

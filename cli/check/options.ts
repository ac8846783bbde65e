import type { CostModel } from '../../aiur/circuit/cost.js'
import type { EngineName } from '../../kernel/engine.js'
import { STANDARD_INPUT } from '../../lean/ndjson/lines.js'
import { type TableOptions, validateTable } from '../cost.js'
import { UsageError } from '../exit.js'
import { type IncrementalFlags, validateIncremental } from '../incremental/flags.js'
import { type OleanOptions, requireOlean } from '../olean-options.js'
import { type ProfileOptions, validateProfile, wantsProfile } from '../profile.js'

/** The command line of `ix check`. */
export interface CheckOptions extends OleanOptions, IncrementalFlags, TableOptions, ProfileOptions {
  names: string[]
  ixe: string | undefined
  ixes: string | undefined
  shard: number | undefined
  all: boolean | undefined
  jobs: number | undefined
  keepGoing: boolean
  ndjson: string | undefined
  engine: EngineName
  cost: CostModel
  constraints: boolean | undefined
  json: boolean | undefined
  overlay: string[] | undefined
  allow: string[] | undefined
  baseline: string | undefined
  limitRows: string | undefined
  limitMemory: string | undefined
  timeout: string | undefined
  stackSize: string | undefined
}

export function validate(options: CheckOptions): void {
  const { names, ixe, ixes, shard, all, jobs, ndjson, olean } = options
  const sharded = all === true ? '--all' : '--shard'
  if (options.baseline !== undefined && all === true)
    throw new UsageError('--baseline needs one target, not --all: ix diff compares two results of --all')
  validateTable(options)
  validateProfile(options)
  if (wantsProfile(options)) {
    const asked = options.profile === undefined ? `--by ${options.by}` : '--profile'
    if (all === true) throw new UsageError(`${asked} needs one target, not --all`)
    if ((options.incrLoad ?? options.incrSave ?? options.incrHeaderSave) !== undefined)
      throw new UsageError(
        `${asked} is of a whole execution: leave out --incr-load, --incr-save and --incr-header-save`,
      )
  }
  if (shard !== undefined && (!Number.isInteger(shard) || shard < 0))
    throw new UsageError('--shard must be a shard id: 0, 1, ...')
  if (shard !== undefined && all === true) throw new UsageError('either --shard or --all, not both')
  if (jobs !== undefined && all !== true) throw new UsageError('--jobs needs --all')
  if (jobs !== undefined && (!Number.isInteger(jobs) || jobs < 1))
    throw new UsageError('--jobs must be a number of workers: 1, 2, ...')
  if (shard !== undefined || all === true) {
    if (names.length > 0) throw new UsageError(`either ${sharded} or names, not both`)
    if (ndjson !== undefined)
      throw new UsageError(`${sharded} needs an environment with a manifest, not --ndjson`)
    if (olean !== undefined)
      throw new UsageError(`${sharded} needs an environment with a manifest, not --olean`)
    if (ixe !== undefined && ixes === undefined) throw new UsageError(`--ixe with ${sharded} needs --ixes`)
  } else if (ixes !== undefined) {
    throw new UsageError('--ixes needs --shard or --all')
  }
  validateIncremental(options)
  const snapshot = (options.incrSave ?? options.incrLoad ?? options.incrHeaderSave) !== undefined
  if (ndjson !== undefined && ixe !== undefined) throw new UsageError('either --ixe or --ndjson, not both')
  if (olean !== undefined && (ndjson ?? ixe) !== undefined)
    throw new UsageError('--olean stands alone: leave out --ixe and --ndjson')
  requireOlean(options)
  if (ndjson === STANDARD_INPUT && snapshot)
    throw new UsageError('--ndjson - keeps no snapshot: an export that is read once cannot be compared')
  if (options.own === true && names.length > 0) throw new UsageError('either --own or names, not both')
  if (options.own === true && snapshot)
    throw new UsageError('--own keeps no snapshot: leave out --incr-save, --incr-load and --incr-header-save')
  if (options.readReport !== undefined && options.incrLoad !== undefined)
    throw new UsageError('--read-report tells what a run reads in full: leave out --incr-load')
  if (names.length + [shard, all, ixe, ndjson, olean].filter(given => given !== undefined).length === 0) {
    throw new UsageError('nothing to check: give --shard, --all, names, --ixe, --olean or --ndjson')
  }
}

/** Options and figures that all commands about proofs share. */
import { availableParallelism } from 'node:os'
import type { Argv } from 'yargs'
import { type Parameters, type Preset, parameters, type Security } from '../../prover/parameters.js'
import type { Context } from '../context.js'
import { UsageError } from '../exit.js'

const PRESETS: readonly Preset[] = ['default', 'fast']

export function presetOptions<T>(args: Argv<T>) {
  return args.option('preset', {
    choices: PRESETS,
    default: 'default' as Preset,
    describe: 'Security: at least 100 proven bits, or 50 for demonstrations (fast)',
  })
}

function strengthOptions<T>(args: Argv<T>) {
  return presetOptions(args)
    .option('transparent', { type: 'boolean', describe: 'Do not hide the witness: smaller and faster' })
    .option('jobs', { type: 'number', describe: 'Threads that prove (default: one per core, at most 4)' })
    .option('json', { type: 'boolean', describe: 'Print one JSON object' })
}

export function proverOptions<T>(args: Argv<T>) {
  return strengthOptions(args).option('out', {
    alias: 'o',
    type: 'string',
    demandOption: true,
    describe: 'Where the proof goes',
  })
}

/** Of commands that prove on request only. */
export function proveOptions<T>(args: Argv<T>) {
  return strengthOptions(args)
    .option('prove', { type: 'string', describe: 'Prove the claim, too, and write the proof here' })
    .implies({ transparent: 'prove', jobs: 'prove' })
}

const DEFAULT_JOBS = 4
const MAX_JOBS = 256

export function proverThreads({ jobs }: { jobs: number | undefined }): number {
  if (jobs === undefined) return Math.min(availableParallelism(), DEFAULT_JOBS)
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > MAX_JOBS)
    throw new UsageError(`--jobs must be a number of threads: 1, 2, ... ${MAX_JOBS}`)
  return jobs
}

export function proverParameters(options: { preset: Preset; transparent: boolean | undefined }): Parameters {
  return parameters(options.preset, { hiding: options.transparent !== true })
}

export function securityJson({ terms, proven, conjectured, work }: Security) {
  return { proven, conjectured, terms, work }
}

export function printSecurity(
  { terms, proven, conjectured }: Security,
  p: Parameters,
  context: Context,
): void {
  const list = Object.entries(terms).map(([name, bits]) => `${name} ${bits.toFixed(0)}`)
  context.print(
    `${proven.toFixed(1)} bits proven, ${conjectured.toFixed(0)} conjectured; ` +
      (p.hiding ? 'hides the witness' : 'does not hide the witness'),
  )
  context.print(`  ${list.join(', ')}`)
}

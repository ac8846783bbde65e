import type { Argv } from 'yargs'
import { ENGINES } from '../../kernel/engine.js'
import { ALLOW_OPTION } from '../allow.js'
import { BASELINE_OPTION } from '../baseline.js'
import { validate } from '../check/options.js'
import type { Context } from '../context.js'
import { tableOptions } from '../cost.js'
import { COST_MODELS } from '../cost-models.js'
import { incrementalOptions } from '../incremental/flags.js'
import { limitOptions } from '../limits.js'
import { oleanOptions } from '../olean-options.js'
import { OVERLAY_OPTION } from '../overlay.js'
import { BY, profileOptions } from '../profile.js'

export function addCheck(parser: Argv, context: Context): void {
  parser.command(
    'check [names..]',
    'Check constants, or a shard of a library, with the Lean kernel',
    args =>
      profileOptions(tableOptions(incrementalOptions(oleanOptions(limitOptions(args)))), BY)
        .positional('names', {
          type: 'string',
          array: true,
          default: [] as string[],
          describe: 'Constants to check, each with all it needs (default: everything)',
        })
        .option('of', {
          type: 'string',
          describe: 'With --by caller or --profile: only what belongs to this constant',
        })
        .option('ixe', { type: 'string', describe: 'Environment file (default: the bundled Init)' })
        .option('ixes', {
          type: 'string',
          describe: 'Its shard manifest (default: that of the bundled Init)',
        })
        .option('shard', { type: 'number', describe: 'Check what this shard owns' })
        .option('all', { type: 'boolean', describe: 'Check every shard of the manifest' })
        .option('jobs', {
          type: 'number',
          describe: 'With --all: shards that are checked at a time (default: by cores and memory)',
        })
        .option('keep-going', {
          type: 'boolean',
          default: false,
          describe: 'With --all: go on after a shard that is not accepted',
        })
        .option('ndjson', {
          type: 'string',
          nargs: 1,
          describe: 'Check an export of lean4export; - is standard input',
        })
        .option('engine', { choices: ENGINES, default: ENGINES[0], describe: 'What runs the kernel' })
        .option('cost', { choices: COST_MODELS, default: COST_MODELS[0]!, describe: 'Cost model' })
        .option('constraints', {
          type: 'boolean',
          describe: 'Also evaluate every constraint on every row and balance all lookups',
        })
        .option('allow', ALLOW_OPTION)
        .option('overlay', OVERLAY_OPTION)
        .option('baseline', BASELINE_OPTION)
        .option('json', { type: 'boolean', describe: 'Print one JSON object' })
        .example('$0 check --shard 10', 'What shard 10 of the bundled Init owns')
        .example('$0 check --shard 10 --top 20', 'The same, with the 20 costliest circuits')
        .example('$0 check --shard 10 --by constant --top 20', 'The constants that cost most')
        .example('$0 check --shard 10 --by caller --of Nat.land', 'Which calls of one constant cost what')
        .example('$0 check Nat.add_comm --profile comm.json', 'Where its cost comes from, for speedscope')
        .example('$0 check --all --jobs 2', 'All of the bundled Init, two shards at a time')
        .example('$0 check Nat.add_comm', 'One constant of the bundled Init with all it needs')
        .example('$0 check --ixe init.ixe --ixes init.ixes --shard 10', 'A shard of a library of your own')
        .example('$0 check --ixe x.ixe Nat.add_comm', 'A constant of an environment of your own')
        .example('$0 check --olean lean/lib Nat.add_comm', 'A constant straight from .olean files')
        .example('$0 check Nat.add --overlay variant.aiur --baseline before.json', 'What a variant costs')
        .example('$0 check --all --incr-save init.ixsnap', 'Check everything and save a snapshot')
        .example(
          '$0 check --all --incr-load init.ixsnap --incr-save init.ixsnap',
          'Check what has changed since, and save again',
        )
        .example('$0 check --ndjson export.ndjson', 'Checker mode: the exit code is the verdict'),
    async options => {
      validate(options)
      if (options.all === true) await (await import('../check/all.js')).checkAll(options, context)
      else await (await import('../check/one.js')).checkOne(options, context)
    },
  )
}

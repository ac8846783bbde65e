import type { Argv } from 'yargs'
import { ENGINES } from '../../kernel/engine.js'
import { ALLOW_OPTION } from '../allow.js'
import type { Context } from '../context.js'
import { UsageError } from '../exit.js'
import { proverOptions } from '../proof/parameters.js'

export function addProve(parser: Argv, context: Context): void {
  parser.command(
    'prove [names..]',
    'Check constants or a shard, and prove that the kernel accepted them',
    args =>
      proverOptions(args)
        .positional('names', {
          type: 'string',
          array: true,
          default: [] as string[],
          describe: 'Constants, proven together with all they need',
        })
        .option('ixe', { type: 'string', describe: 'Environment file (default: the bundled Init)' })
        .option('ixes', {
          type: 'string',
          describe: 'Its shard manifest (default: that of the bundled Init)',
        })
        .option('shard', { type: 'number', describe: 'Prove what this shard owns' })
        .option('engine', { choices: ENGINES, default: ENGINES[0], describe: 'What runs the kernel' })
        .option('allow', ALLOW_OPTION)
        .example('$0 prove Nat.add_comm -o add-comm.ixp', 'A constant of the bundled Init with all it needs')
        .example('$0 prove --shard 10 -o shard10.ixp', 'What shard 10 of the bundled Init owns'),
    async options => {
      if ((options.shard === undefined) === (options.names.length === 0))
        throw new UsageError('either names or --shard is needed')
      if (options.shard !== undefined && options.ixe !== undefined && options.ixes === undefined)
        throw new UsageError('--ixe with --shard needs --ixes')
      await (await import('../proof/prove-target.js')).proveTarget(options, context)
    },
  )
}

import type { Argv } from 'yargs'
import type { Context } from '../context.js'
import { UsageError } from '../exit.js'
import { presetOptions } from '../proof/parameters.js'

export function addVerify(parser: Argv, context: Context): void {
  parser.command(
    'verify <proofs..>',
    'Verify proofs of the kernel: of constants, of a shard, or of every shard of a library',
    args =>
      presetOptions(args)
        .positional('proofs', { type: 'string', array: true, demandOption: true, describe: 'Proof files' })
        .option('ixe', { type: 'string', describe: 'Environment file (default: the bundled Init)' })
        .option('ixes', {
          type: 'string',
          describe: 'Its shard manifest (default: that of the bundled Init)',
        })
        .option('shard', { type: 'number', describe: 'The proof has to be about this shard' })
        .option('constant', {
          type: 'string',
          array: true,
          default: [] as string[],
          describe: 'The proof has to be about these constants',
        })
        .option('json', { type: 'boolean', describe: 'Print one JSON object' })
        .example('$0 verify shard10.ixp --shard 10', 'That shard 10 of the bundled Init was accepted')
        .example('$0 verify add-comm.ixp --constant Nat.add_comm', 'That a constant was accepted')
        .example('$0 verify *.ixp', 'That all shards of the bundled Init were: one verdict'),
    async options => {
      const one = options.shard !== undefined || options.constant.length > 0
      if (options.shard !== undefined && options.constant.length > 0)
        throw new UsageError('either --shard or --constant, not both')
      if (one && options.proofs.length !== 1)
        throw new UsageError('--shard and --constant are about one proof')
      if (options.ixe !== undefined && options.ixes === undefined && options.constant.length === 0)
        throw new UsageError('--ixe needs --ixes')
      const { verifyOne, verifyAll } = await import('../proof/verify-target.js')
      if (one) await verifyOne(options, context)
      else await verifyAll(options, context)
    },
  )
}

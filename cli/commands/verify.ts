import type { Argv } from 'yargs'
import { ALLOW_OPTION } from '../allow.js'
import type { Context } from '../context.js'
import { presetOptions } from '../proof/parameters.js'

export function addVerify(parser: Argv, context: Context): void {
  parser.command(
    'verify <proofs..>',
    'Verify a proof of constants, of a shard or of a claim, or the proofs of all shards of a library',
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
          describe: 'The proof has to be about these constants (of a claim: a name or an address)',
        })
        .option('allow', ALLOW_OPTION)
        .option('json', { type: 'boolean', describe: 'Print one JSON object' })
        .example('$0 verify shard10.ixp --shard 10', 'That shard 10 of the bundled Init was accepted')
        .example('$0 verify add-comm.ixp --constant Nat.add_comm', 'That a constant was accepted')
        .example('$0 verify kind.ixp', 'What a claim of `ix reveal --prove` says; needs no environment')
        .example('$0 verify *.ixp', 'That all shards of the bundled Init were: one verdict'),
    async options => {
      await (await import('../proof/verify-target.js')).verifyProofs(options, context)
    },
  )
}

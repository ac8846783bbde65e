import type { Argv } from 'yargs'
import { InputError } from '../../lean/input-error.js'
import { bundledManifest } from '../bundled.js'
import type { Context } from '../context.js'
import { addressOrName, openEnvironment } from '../environment.js'
import { UsageError } from '../exit.js'
import { plural } from '../format.js'
import { proveOptions } from '../proof/parameters.js'

export function addContains(parser: Argv, context: Context): void {
  parser.command(
    'contains <name>',
    'Show that a constant is a leaf of the tree that the claim of a shard is about',
    args =>
      proveOptions(args)
        .positional('name', {
          type: 'string',
          demandOption: true,
          describe: 'Displayed Lean name, or an address',
        })
        .option('shard', { type: 'number', demandOption: true, describe: 'The shard that owns it' })
        .option('ixe', { type: 'string', describe: 'Environment file (default: the bundled Init)' })
        .option('ixes', {
          type: 'string',
          describe: 'Its shard manifest (default: that of the bundled Init)',
        })
        .option('constraints', {
          type: 'boolean',
          describe: 'Evaluate every constraint on every row and balance all lookups',
        })
        .example('$0 contains Nat.add --shard 17', 'That the proof of shard 17 is about Nat.add, too')
        .example('$0 contains Nat.add --shard 17 --prove in17.ixp', 'A proof for `ix verify in17.ixp`'),
    async options => {
      const { name, shard, ixe, ixes } = options
      if (ixe !== undefined && ixes === undefined) throw new UsageError('--ixe needs --ixes')
      const [{ runContains }, { membershipPath }, { shardTarget }, { concludeStatement }] = await Promise.all(
        [
          import('../../kernel/contains.js'),
          import('../../shards/merkle.js'),
          import('../check/shard-target.js'),
          import('../statement.js'),
        ],
      )
      const environment = openEnvironment(ixe)
      const manifest = ixes ?? bundledManifest()
      const constant = addressOrName(environment, name)
      const { label, target } = shardTarget(environment, manifest, shard, () => {}, context)
      const owned = target?.kind === 'shard' ? target.claim.owned : []
      const path = membershipPath(owned, constant)
      if (target?.kind !== 'shard' || path === undefined)
        throw new InputError(`${label} does not own ${name}`, { file: manifest })
      const tree = target.claim.claim.root
      const claim = { kind: 'contains', tree, constant } as const
      const lines = [
        `the tree of ${label}: ${plural(owned.length, 'constant')}, ${plural(path.length, 'step')} from leaf to root`,
      ]
      const outcome = await runContains(claim, path)
      await concludeStatement(claim, `${name} in ${label}`, outcome, lines, options, context)
    },
  )
}

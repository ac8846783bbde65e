import type { Argv } from 'yargs'
import type { Context } from '../context.js'
import { validateTable } from '../cost.js'

export function addDiff(parser: Argv, context: Context): void {
  parser.command(
    'diff <before> <after>',
    'Compare the costs of two results of --json, circuit by circuit, with --by constant constant by constant, or shard by shard',
    args =>
      args
        .positional('before', { type: 'string', demandOption: true, describe: 'Earlier result of --json' })
        .positional('after', { type: 'string', demandOption: true, describe: 'Later result of --json' })
        .option('top', { type: 'number', describe: 'Show this many of the changes only (--json has all)' })
        .option('json', { type: 'boolean', describe: 'Print one JSON object' })
        .example('$0 diff before.json after.json', 'Of ix check, or of ix check --all')
        .example('$0 diff before.json after.json --top 10', 'The ten greatest changes'),
    async options => {
      validateTable(options)
      const { printDiff } = await import('../diff.js')
      printDiff(options, context)
    },
  )
}

import type { Argv } from 'yargs'
import type { Context } from '../context.js'
import { addressOfName, openEnvironment } from '../environment.js'

export function addAddrOf(parser: Argv, context: Context): void {
  parser.command(
    'addr-of <name>',
    'Print the address of a constant',
    args =>
      args
        .positional('name', { type: 'string', demandOption: true, describe: 'Displayed Lean name' })
        .option('ixe', { type: 'string', describe: 'Environment file (default: the bundled Init)' })
        .option('json', { type: 'boolean', describe: 'Print one JSON object' })
        .example('$0 addr-of Nat.add', 'In the bundled library')
        .example('$0 addr-of --ixe x.ixe Nat.add', 'In a file of your own'),
    ({ name, ixe, json }) => {
      const environment = openEnvironment(ixe)
      const address = addressOfName(environment, name)
      if (json === true) context.printJson({ name, address })
      else context.print(address)
    },
  )
}

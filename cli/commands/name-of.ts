import type { Argv } from 'yargs'
import { type Address, isAddress } from '../../ixon/address.js'
import { blockPointer } from '../../ixon/constant.js'
import type { Environment } from '../../ixon/environment.js'
import { InputError } from '../../lean/input-error.js'
import type { Context } from '../context.js'
import { openEnvironment } from '../environment.js'
import { UsageError } from '../exit.js'

export function addNameOf(parser: Argv, context: Context): void {
  parser.command(
    'name-of <address>',
    'Print every name of an address; for a block, the names of its members',
    args =>
      args
        .positional('address', { type: 'string', demandOption: true, describe: '64 hexadecimal digits' })
        .option('ixe', { type: 'string', describe: 'Environment file (default: the bundled Init)' })
        .option('json', { type: 'boolean', describe: 'Print one JSON object' })
        .example('$0 name-of e6eba3c8b4d19f6a1076b39fa89aec61dccbb960f83d9a62e6acf35a69c9a0a4', 'Bool'),
    ({ address: text, ixe, json }) => {
      const address = text.toLowerCase()
      if (!isAddress(address)) throw new UsageError('an address has 64 hexadecimal digits')
      const environment = openEnvironment(ixe)
      const names = namesOf(environment, address)
      if (names.length === 0) throw new InputError(`nothing has the address ${address}`)
      if (json === true) context.printJson({ address, names })
      else for (const name of names) context.print(name)
    },
  )
}

/** Head, two indices, an address and three empty tables (ixon.md 2.4). */
const MAX_PROJECTION_BYTES = 1 + 9 + 9 + 32 + 3

function namesOf(environment: Environment, address: Address): string[] {
  const own = environment.namesOf(address)
  if (own.length > 0 || !environment.has(address)) return [...own]
  const members: string[] = []
  for (const other of environment.addresses()) {
    // Only projections are this short and point into the block.
    if (environment.size(other) > MAX_PROJECTION_BYTES) continue
    if (blockPointer(environment.constant(other)) === address) members.push(...environment.namesOf(other))
  }
  return members.sort()
}

import type { Argv } from 'yargs'
import type { Revealed, RevealedFields } from '../../shards/claim.js'
import type { Context } from '../context.js'
import { addressOrName, openEnvironment } from '../environment.js'
import { UsageError } from '../exit.js'
import { proveOptions } from '../proof/parameters.js'

export function addReveal(parser: Argv, context: Context): void {
  parser.command(
    'reveal <name>',
    'Show that the constant at an address has these fields, and keep the others hidden',
    args =>
      proveOptions(args)
        .positional('name', {
          type: 'string',
          demandOption: true,
          describe: 'Displayed Lean name, or an address (of a block, say)',
        })
        .option('field', {
          type: 'string',
          array: true,
          default: [] as string[],
          describe: 'Fields to reveal (default: all); of a block, in each of its members',
        })
        .option('ixe', { type: 'string', describe: 'Environment file (default: the bundled Init)' })
        .option('constraints', {
          type: 'boolean',
          describe: 'Evaluate every constraint on every row and balance all lookups',
        })
        .example('$0 reveal Nat.add --field kind --field safety', 'That it is a safe definition')
        .example('$0 reveal Nat.add --field type', 'The hash of the bytes of its type')
        .example('$0 reveal Nat.add --field kind --prove kind.ixp', 'A proof for `ix verify kind.ixp`'),
    async options => {
      const [{ revealedBy, runReveal }, { concludeStatement }] = await Promise.all([
        import('../../kernel/reveal.js'),
        import('../statement.js'),
      ])
      const environment = openEnvironment(options.ixe)
      const address = addressOrName(environment, options.name)
      const constant = onlyFields(revealedBy(environment.constant(address)), options.field)
      const claim = { kind: 'reveal', commitment: address, constant } as const
      const outcome = await runReveal(claim, environment.bytes(address))
      await concludeStatement(claim, `fields of ${options.name}`, outcome, [], options, context)
    },
  )
}

/** @throws UsageError for a field that the constant does not have */
function onlyFields(whole: Revealed, names: readonly string[]): Revealed {
  if (names.length === 0) return whole
  const lists = whole.kind === 'block' ? (whole.members ?? []).map(m => m.fields) : [whole.fields]
  const known = new Set(lists.flatMap(Object.keys))
  for (const name of names)
    if (!known.has(name))
      throw new UsageError(
        `no field ${name}: ${/^[aeiou]/.test(whole.kind) ? 'an' : 'a'} ${whole.kind} has ${[...known].join(', ')}`,
      )
  const pick = (fields: RevealedFields): RevealedFields =>
    Object.fromEntries(Object.entries(fields).filter(([name]) => names.includes(name)))
  return whole.kind === 'block'
    ? { kind: 'block', members: (whole.members ?? []).map(m => ({ ...m, fields: pick(m.fields) })) }
    : { kind: whole.kind, fields: pick(whole.fields) }
}

import type { Argv } from 'yargs'
import type { Context } from '../context.js'
import { plural } from '../format.js'

export function addVk(parser: Argv, context: Context): void {
  parser.command(
    'vk',
    'Print the digest of the verifying key of the kernel, or of a program of claims, or write the key',
    args =>
      args
        .option('claim', {
          choices: ['check', 'reveal', 'contains'] as const,
          default: 'check' as const,
          describe: 'Kind of the claims that it verifies: each has a program of its own',
        })
        .option('out', { alias: 'o', type: 'string', describe: 'Write the key here, for ix/verify' })
        .option('json', { type: 'boolean', describe: 'Print one JSON object' })
        .example('$0 vk', 'The digest that proofs of this kernel carry')
        .example('$0 vk --claim reveal -o reveal.ixvk', 'The key for proofs of `ix reveal`'),
    async ({ claim, json, out }) => {
      const { keyOf } = await import('../proof/keys.js')
      const key = await keyOf(claim)
      if (out !== undefined) {
        const [{ encodeKey }, { writeFileAtomically }] = await Promise.all([
          import('../../prover/key-file.js'),
          import('../../ixon/atomic-write.js'),
        ])
        writeFileAtomically(out, [encodeKey(key)])
      }
      const digest = Buffer.from(key.digest).toString('hex')
      if (json === true) context.printJson({ digest, circuits: key.circuits.length, entries: key.entries })
      else {
        context.print(digest)
        const entries = key.entries.map(
          e => `${e.name} (${plural(e.inputs, 'input')}, ${plural(e.outputs, 'output')})`,
        )
        context.print(`${plural(key.circuits.length, 'circuit')}, entries: ${entries.join(', ')}`)
      }
    },
  )
}

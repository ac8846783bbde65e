import type { Argv } from 'yargs'
import type { Context } from '../context.js'
import { plural } from '../format.js'

export function addVk(parser: Argv, context: Context): void {
  parser.command(
    'vk',
    'Print the digest of the verifying key of the kernel, or write the key',
    args =>
      args
        .option('out', { alias: 'o', type: 'string', describe: 'Write the key here, for ix/verify' })
        .option('json', { type: 'boolean', describe: 'Print one JSON object' })
        .example('$0 vk', 'The digest that proofs of this kernel carry'),
    async ({ json, out }) => {
      const [{ compiledKernel }, { deriveKey }] = await Promise.all([
        import('../../kernel/compiled.js'),
        import('../../prover/derive-key.js'),
      ])
      const { layout } = await compiledKernel()
      const { key } = deriveKey(layout)
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

import type { Argv } from 'yargs'
import type { Context } from '../context.js'
import { bytes } from '../format.js'

export function addInfo(parser: Argv, context: Context): void {
  parser.command(
    'info <files..>',
    'Say what files are: modules, exports, environments, manifests, proofs, keys, snapshots',
    args =>
      args
        .positional('files', { type: 'string', array: true, demandOption: true, describe: 'Files' })
        .option('json', { type: 'boolean', describe: 'Print one JSON object' })
        .example('$0 info Main.olean', 'Which Lean wrote it, and which parts are there')
        .example('$0 info shard10.ixp', 'Whether it is a proof of this kernel, and whether it hides'),
    async ({ files, json }) => {
      const { fileInfo } = await import('../info.js')
      const found = []
      for (const file of files) found.push(await fileInfo(file))
      if (json === true) {
        context.printJson({ files: found.map(({ lines: _, ...info }) => info) })
        return
      }
      for (const { file, kind, bytes: size, lines } of found) {
        context.print(`${context.colors.bold(file)}: ${kind}, ${bytes(size)}`)
        for (const line of lines) context.print(`  ${line}`)
      }
    },
  )
}

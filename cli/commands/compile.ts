import { statSync } from 'node:fs'
import type { Argv } from 'yargs'
import { writeFileAtomically } from '../../ixon/atomic-write.js'
import { type CompileProgress, compileEnvironment } from '../../ixon/compile/compile.js'
import type { EnvironmentData, PlaceholderKind } from '../../ixon/environment-data.js'
import { writeEnvironment } from '../../ixon/ixe-write.js'
import type { DeclarationSource } from '../../lean/declaration.js'
import { Library } from '../../lean/library/library.js'
import { openNdjson } from '../../lean/ndjson/source.js'
import type { Context } from '../context.js'
import { UsageError } from '../exit.js'
import { bytes, count, duration, plural } from '../format.js'
import { closeLibrary, hintAtMissingParts, openOleans, rootsOf } from '../library.js'
import { type OleanOptions, oleanOptions, requireOlean } from '../olean-options.js'
import { requireWritable } from '../writable.js'

/** Left-out constants that are shown without --report. */
const SHOWN = 10

export function addCompile(parser: Argv, context: Context): void {
  parser.command(
    'compile',
    'Compile Lean files into a content-addressed environment (.ixe)',
    args =>
      oleanOptions(args)
        .option('ndjson', {
          type: 'string',
          nargs: 1,
          describe: 'Export of lean4export to compile instead; - is standard input',
        })
        .option('consts', {
          type: 'string',
          array: true,
          describe: 'Compile only these constants and what they reach',
        })
        .option('output', { alias: 'o', type: 'string', demandOption: true, describe: 'File to write' })
        .option('allow-partial', {
          type: 'boolean',
          describe: 'Leave out constants that mention a name existing nowhere, and what needs them',
        })
        .option('without', {
          type: 'string',
          array: true,
          describe: 'Leave out these constants, and what needs them (with --allow-partial)',
        })
        .option('report', { type: 'string', describe: 'Write what was left out or lacks its body, as JSON' })
        .option('json', { type: 'boolean', describe: 'Print one JSON object' })
        .example('$0 compile --olean lean/lib --module Init -o init.ixe --allow-partial', 'A public library')
        .example('$0 compile --ndjson export.ndjson -o x.ixe', 'An export')
        .example('$0 compile --olean lean/lib --consts Nat.add -o x.ixe', 'What one constant needs')
        .example(
          '$0 compile --ndjson export.ndjson --consts Nat.add -o x.ixe',
          'One constant with its closure',
        ),
    async options => {
      requireWritable(options.output, options.report, options.readReport)
      const started = performance.now()
      const source = await openSource(options, context)
      const roots = source instanceof Library ? rootsOf(source, options.consts, options) : options.consts
      const compile = () =>
        compileEnvironment(source, {
          allowPartial: options.allowPartial === true,
          without: options.without ?? [],
          ...(roots === undefined ? {} : { roots }),
          onProgress: progress => showProgress(progress, context),
        })
      const data =
        source instanceof Library
          ? hintAtMissingParts('leave out what needs them with --allow-partial', compile)
          : compile()
      context.progress.stop()
      if (source instanceof Library) closeLibrary(source, options)
      writeEnvironment(options.output, data)
      const size = statSync(options.output).size
      const seconds = (performance.now() - started) / 1000
      const placeholders = placeholdersOf(data)
      const { ungrounded } = data
      if (options.report !== undefined) {
        const report = { ungrounded, placeholders }
        writeFileAtomically(options.report, [Buffer.from(`${JSON.stringify(report, null, 1)}\n`)])
      }
      const summary = {
        output: options.output,
        bytes: size,
        names: data.names.size,
        constants: data.constants.size,
        blobs: data.blobs.size,
        ungrounded: ungrounded.length,
        placeholders: countKinds(placeholders),
        seconds,
      }
      if (options.json === true) {
        context.printJson({ ...summary, ungrounded })
        return
      }
      context.print(
        `${plural(summary.names, 'name')}, ${plural(summary.constants, 'constant')} and blocks, ` +
          `${plural(summary.blobs, 'blob')}`,
      )
      const { theorem, definition, opaque } = summary.placeholders
      if (placeholders.length > 0) {
        context.print(
          `bare statements, assumed when they are used: ${count(theorem)} theorems, ` +
            `${count(definition)} definitions, ${count(opaque)} opaque constants`,
        )
      }
      if (ungrounded.length > 0) {
        context.print(`left out: ${plural(ungrounded.length, 'constant')}`)
        for (const { name, reason } of ungrounded.slice(0, SHOWN)) context.print(`  ${name}: ${reason}`)
        if (ungrounded.length > SHOWN) {
          const where =
            options.report === undefined ? '--report FILE lists all of them' : `all in ${options.report}`
          context.print(`  ... and ${count(ungrounded.length - SHOWN)} more (${where})`)
        }
      }
      context.print(`wrote ${options.output} (${bytes(size)}) in ${duration(seconds)}`)
    },
  )
}

async function openSource(
  options: OleanOptions & { ndjson: string | undefined; consts: string[] | undefined },
  context: Context,
): Promise<DeclarationSource | Library> {
  const { olean, ndjson } = options
  if (ndjson !== undefined) {
    if (olean !== undefined || options.module !== undefined) {
      throw new UsageError('--ndjson stands alone: leave out --olean and --module')
    }
    requireOlean(options)
    return openNdjson(ndjson)
  }
  if (options.own === true && options.consts !== undefined)
    throw new UsageError('either --own or --consts, not both')
  if (olean === undefined) throw new UsageError('--olean is needed, or --ndjson')
  // Who compiles everything opens everything.
  return openOleans(options, options.consts === undefined && options.own !== true ? 'off' : 'all', context)
}

function showProgress({ phase, done, total }: CompileProgress, context: Context): void {
  const label = phase === 'references' ? 'Reading' : 'Compiling'
  context.progress.update(label, done, total, 'constants')
}

interface Placeholder {
  readonly name: string
  readonly kind: PlaceholderKind
}

function placeholdersOf(data: EnvironmentData): Placeholder[] {
  const list: Placeholder[] = []
  for (const [name, { placeholder }] of data.names) {
    if (placeholder !== undefined) list.push({ name, kind: placeholder })
  }
  return list
}

function countKinds(placeholders: readonly Placeholder[]): Record<PlaceholderKind, number> {
  const counts = { theorem: 0, definition: 0, opaque: 0 }
  for (const { kind } of placeholders) counts[kind]++
  return counts
}

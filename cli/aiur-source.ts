/** Programs in Aiur that the user names, and how a call of one is written. */
import type { Argv } from 'yargs'
import type { Program } from '../aiur/bytecode.js'
import { compile } from '../aiur/language/compile.js'
import { normalise } from '../aiur/vm/goldilocks.js'
import { UsageError } from './exit.js'
import { OVERLAY_OPTION, readOverlays } from './overlay.js'
import { readText } from './read-text.js'

interface LanguageOptions {
  syntax: 'ix' | 'reference'
  overlay: string[] | undefined
  json: boolean | undefined
}

/** A program in one file. */
export interface SourceOptions extends LanguageOptions {
  file: string
}

/** A program in several files. */
export interface SourcesOptions extends LanguageOptions {
  files: string[]
}

export function sourceOptions<T>(args: Argv<T>) {
  return languageOptions(
    args.positional('file', { type: 'string', demandOption: true, describe: 'Aiur source' }),
  )
}

export function sourcesOptions<T>(args: Argv<T>) {
  return languageOptions(
    args.positional('files', {
      type: 'string',
      array: true,
      demandOption: true,
      describe: 'Aiur sources of one program',
    }),
  )
}

function languageOptions<T>(args: Argv<T>) {
  return args
    .option('syntax', {
      choices: ['ix', 'reference'] as const,
      default: 'ix' as const,
      describe: 'How chains of + and - are read',
    })
    .option('overlay', OVERLAY_OPTION)
    .option('json', { type: 'boolean', describe: 'Print one JSON object' })
}

export function compileFile({ file, ...options }: SourceOptions): Program {
  return compileFiles({ ...options, files: [file] })
}

export function compileFiles({ files, syntax, overlay }: SourcesOptions): Program {
  const sources = files.map(name => ({ name, text: readText(name, 'source') }))
  return compile(sources, { syntax, overlay: readOverlays(overlay) })
}

/** @throws UsageError */
export function fieldElement(text: string): bigint {
  if (!/^-?(\d+|0x[0-9a-f]+)$/i.test(text)) throw new UsageError(`"${text}" is not a field element`)
  const negative = text.startsWith('-')
  const value = BigInt(negative ? text.slice(1) : text)
  return normalise(negative ? -value : value)
}

/** The entry function asked for, or the only one, or main. @throws UsageError */
export function entryOf(program: Program, asked: string | undefined): string {
  const entries = program.functions.filter(f => f.entry)
  if (asked !== undefined) return asked
  if (entries.length === 1) return entries[0]!.name
  if (entries.some(f => f.aliases.includes('main'))) return 'main'
  const names = entries.flatMap(f => f.aliases)
  throw new UsageError(
    names.length === 0
      ? 'the program has no entry function (pub fn)'
      : `--entry is needed: one of ${names.join(', ')}`,
  )
}

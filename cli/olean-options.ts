/** `--olean` and the options that go with it; reading modules is in `library.ts`. */
import type { Argv } from 'yargs'
import { LAZY_MODES, type LazyMode } from '../lean/library/lazy-mode.js'
import { UsageError } from './exit.js'

export interface OleanOptions {
  olean: string[] | undefined
  module: string[] | undefined
  own: boolean | undefined
  lazy: LazyMode | undefined
  importWorkers: string | undefined
  readMemory: string | undefined
  readReport: string | undefined
}

export function oleanOptions<T>(args: Argv<T>) {
  return args
    .option('olean', {
      type: 'string',
      array: true,
      nargs: 1,
      describe:
        'Folder that holds .olean files (LEAN_PATH), a project of Lake, or an installed Lean; several times',
    })
    .option('module', {
      type: 'string',
      array: true,
      nargs: 1,
      describe:
        'Module to read, with what it imports (default: those at the top of the folders, of Lean itself only when it stands alone)',
    })
    .option('own', {
      type: 'boolean',
      describe: 'Only what these modules declare, with all it needs, not all that they import',
    })
    .option('lazy', {
      choices: LAZY_MODES,
      describe: 'What is opened on first use: nothing, chains with bodies, or every module',
    })
    .option('import-workers', {
      type: 'string',
      describe: 'Modules read at a time (default: LEAN_IMPORT_WORKERS, else the cores, at most 4)',
    })
    .option('read-memory', {
      type: 'string',
      describe: 'Bytes of module files in memory at a time (512M); more ends the run (default: no limit)',
    })
    .option('read-report', { type: 'string', describe: 'Write what was read of the modules, as JSON' })
}

export function requireOlean(options: OleanOptions): void {
  if (options.olean !== undefined) return
  for (const name of ['module', 'own', 'lazy', 'importWorkers', 'readMemory', 'readReport'] as const) {
    const flag = name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
    if (options[name] !== undefined) throw new UsageError(`--${flag} needs --olean`)
  }
}

/** Modules of Lean as input of a command. */
import { readdirSync } from 'node:fs'
import { keep, readKept } from '../aiur/disk-cache.js'
import { writeFileAtomically } from '../ixon/atomic-write.js'
import { compileEnvironment } from '../ixon/compile/compile.js'
import { Environment } from '../ixon/environment.js'
import { InputError } from '../lean/input-error.js'
import { importWorkerCount } from '../lean/library/import-workers.js'
import type { LazyMode } from '../lean/library/lazy-mode.js'
import { type Library, openLibrary } from '../lean/library/library.js'
import type { ModuleRecord } from '../lean/library/module-record.js'
import type { Context } from './context.js'
import { type ExportSession, keepEnvironment, savedEnvironment } from './export.js'
import type { OleanOptions } from './olean-options.js'

/** @param defaultMode without `--lazy` */
export async function openOleans(
  options: OleanOptions,
  defaultMode: LazyMode,
  context: Context,
): Promise<Library> {
  const paths = options.olean ?? []
  const library = await openLibrary({
    paths,
    modules: options.module ?? paths.flatMap(topModules),
    lazy: options.lazy ?? defaultMode,
    importWorkers: importWorkerCount(options.importWorkers, context.terminal.env, line => context.note(line)),
    index: { read: readKept, keep },
    onProgress: modules => context.progress.update('Reading', modules, 0, 'modules'),
  })
  context.progress.stop()
  return library
}

/** What a run with a snapshot keeps of modules. */
export interface LibrarySession extends ExportSession {
  /** Notes what the environment was made from, chains that were never opened included. */
  readModules(records: readonly ModuleRecord[]): void
}

/** What constants of modules need, or everything in them, compiled in memory or taken from a snapshot. */
export async function compileOleans(
  options: OleanOptions,
  roots: readonly string[],
  context: Context,
  session?: LibrarySession,
): Promise<Environment> {
  const saved = savedEnvironment(session, roots, (options.olean ?? []).join(', '))
  if (saved !== undefined) return saved
  // Who checks everything opens everything.
  const library = await openOleans(options, roots.length > 0 ? 'all' : 'off', context)
  const label = (options.olean ?? []).join(', ')
  try {
    for (const name of roots)
      if (!library.has(name)) throw new InputError(library.absence(name), { file: label })
    const data = compileEnvironment(library, {
      ...(roots.length > 0 ? { roots } : {}),
      onProgress: ({ done, total }) => context.progress.update('Compiling', done, total, 'constants'),
    })
    const environment = Environment.fromData(data, label)
    session?.readModules(library.dependencies())
    keepEnvironment(session, roots, environment)
    return environment
  } finally {
    context.progress.stop()
    closeLibrary(library, options)
  }
}

/** Ends the use of a library; what was read goes into the report that was asked for. */
export function closeLibrary(library: Library, { readReport }: OleanOptions): void {
  const report = { ...library.status(), dependencies: library.dependencies() }
  library.close()
  if (readReport !== undefined)
    writeFileAtomically(readReport, [Buffer.from(`${JSON.stringify(report, null, 1)}\n`)])
}

/** Modules whose files lie in the folder itself. */
function topModules(folder: string): string[] {
  let files: string[]
  try {
    files = readdirSync(folder)
  } catch (error) {
    throw new InputError(`cannot read: ${(error as Error).message}`, { file: folder })
  }
  // macOS archives carry a ._ twin of every file.
  const modules = files.filter(file => file.endsWith('.olean') && !file.startsWith('.')).sort()
  if (modules.length === 0)
    throw new InputError('no .olean file at its top; --module names the modules', { file: folder })
  return modules.map(file => file.slice(0, -'.olean'.length))
}

/** Modules of Lean as input of a command. */
import { join, sep } from 'node:path'
import { keep, readKept } from '../aiur/disk-cache.js'
import { writeFileAtomically } from '../ixon/atomic-write.js'
import { compileEnvironment } from '../ixon/compile/compile.js'
import { Environment } from '../ixon/environment.js'
import { InputError } from '../lean/input-error.js'
import { importWorkerCount } from '../lean/library/import-workers.js'
import type { LazyMode } from '../lean/library/lazy-mode.js'
import { type Library, openLibrary } from '../lean/library/library.js'
import type { ModuleRecord } from '../lean/library/module-record.js'
import { ReaderError } from '../lean/olean/reader-error.js'
import type { Context } from './context.js'
import { type ExportSession, keepEnvironment, savedEnvironment } from './export.js'
import { parseBytes } from './format.js'
import { oleanFolders, toolchainHint, topModules } from './olean-folders.js'
import type { OleanOptions } from './olean-options.js'

/** @param defaultMode without `--lazy` */
export async function openOleans(
  options: OleanOptions,
  defaultMode: LazyMode,
  context: Context,
): Promise<Library> {
  const { paths, own } = oleanFolders(options.olean ?? [])
  const { readMemory } = options
  const library = await openLibrary({
    paths,
    modules: options.module ?? own.flatMap(topModules),
    lazy: options.lazy ?? defaultMode,
    importWorkers: importWorkerCount(options.importWorkers, context.terminal.env, line => context.note(line)),
    ...(readMemory === undefined ? {} : { memoryLimit: parseBytes('read-memory', readMemory) }),
    index: { read: readKept, keep },
    onProgress: modules => context.progress.update('Reading', modules, 0, 'modules'),
  }).catch((error: unknown) => {
    if (!(error instanceof ReaderError) || error.fault !== 'no-module') throw error
    const hint = toolchainHint(/^module (\S+)/.exec(error.reason)?.[1] ?? '')
    throw new ReaderError(error.fault, error.reason + hint, error.where)
  })
  context.progress.stop()
  noteVersions(library, context)
  return library
}

/** Modules of one version read those of another without complaint, and may not agree with them. */
function noteVersions(library: Library, context: Context): void {
  const examples = new Map<string, string>()
  for (const { leanVersion, name } of library.dependencies())
    if (!examples.has(leanVersion)) examples.set(leanVersion, name)
  if (examples.size < 2) return
  const list = [...examples].map(([version, name]) => `${version || 'unknown'} (${name})`)
  context.note(`the modules are of several versions of Lean: ${list.join(', ')}`)
}

/** Adds to the error of a compilation what can be done about names that only parts that are not at hand declare. */
export function hintAtMissingParts<T>(otherwise: string, compile: () => T): T {
  try {
    return compile()
  } catch (error) {
    if (!(error instanceof InputError) || !/exists nowhere\)/.test(error.reason)) throw error
    throw new InputError(
      `${error.reason}; either put the .server and .private parts beside the .olean files, or ${otherwise}`,
      error.where,
    )
  }
}

/** What to compile with all it needs; undefined: everything. @throws InputError when `--own` finds nothing */
export function rootsOf(
  library: Library,
  names: readonly string[] | undefined,
  options: OleanOptions,
): readonly string[] | undefined {
  if (options.own !== true) return names === undefined || names.length === 0 ? undefined : names
  const own = ownNames(library, options)
  if (own.length === 0)
    throw new InputError('the modules of your own declare no constant', { file: options.olean!.join(', ') })
  return own
}

/** Names that `--own` is about: all that the modules named, or those in the folders of one's own, declare. */
function ownNames(library: Library, options: OleanOptions): string[] {
  const { own } = oleanFolders(options.olean ?? [])
  const asked = options.module === undefined ? undefined : new Set(options.module)
  const prefixes = own.map(folder => join(folder, sep))
  const isOwn = ({ name, parts }: ModuleRecord): boolean =>
    asked?.has(name) ?? prefixes.some(prefix => parts[0]?.path.startsWith(prefix) === true)
  return library.dependencies().flatMap(record => (isOwn(record) ? library.declaredIn(record.name) : []))
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
  const label = (options.olean ?? []).join(', ')
  const saved = savedEnvironment(session, roots, label)
  if (saved !== undefined) return saved
  // Who checks everything opens everything.
  const library = await openOleans(options, roots.length > 0 || options.own === true ? 'all' : 'off', context)
  try {
    for (const name of roots)
      if (!library.has(name)) throw new InputError(library.absence(name), { file: label })
    const wanted = rootsOf(library, roots, options)
    const data = hintAtMissingParts('check what your own modules need with --own', () =>
      compileEnvironment(library, {
        ...(wanted === undefined ? {} : { roots: wanted }),
        onProgress: ({ done, total }) => context.progress.update('Compiling', done, total, 'constants'),
      }),
    )
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

import { compileEnvironment } from '../ixon/compile/compile.js'
import { Environment } from '../ixon/environment.js'
import { InputError } from '../lean/input-error.js'
import { inputLabel } from '../lean/ndjson/lines.js'
import { openNdjson } from '../lean/ndjson/source.js'
import type { SavedEnvironment } from '../shards/snapshot/snapshot.js'
import type { Context } from './context.js'
import { nameHint } from './environment.js'

/** What a run with a snapshot knows of an export. */
export interface ExportSession {
  /** The environment that it was compiled to, of a snapshot or for the next one. */
  environment: SavedEnvironment | undefined
  readonly saves: boolean
}

/**
 * An export, or what some of its constants need, compiled in memory or taken from a snapshot. What a snapshot is made of is
 * compiled in full, as far as that is possible, so that it serves for other constants, too. What Lean tells apart is told apart.
 */
export function openExport(
  file: string,
  roots: readonly string[],
  context: Context,
  session?: ExportSession,
): Environment {
  const saved = savedEnvironment(session, roots, file)
  if (saved !== undefined) return saved
  const compile = (wanted: readonly string[]): Environment => {
    const source = openNdjson(file)
    for (const name of wanted)
      if (!source.has(name))
        throw new InputError(`no constant is named ${name}${nameHint(name, source.names())}`, {
          file: inputLabel(file),
        })
    const data = compileEnvironment(source, {
      apart: true,
      ...(wanted.length > 0 ? { roots: wanted } : {}),
      onProgress: ({ done, total }) => context.progress.update('Compiling', done, total, 'constants'),
    })
    context.progress.stop()
    const environment = Environment.fromData(data, inputLabel(file))
    keepEnvironment(session, wanted, environment)
    return environment
  }
  if (session?.saves !== true || roots.length === 0) return compile(roots)
  try {
    return compile([])
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return compile(roots)
  }
}

/** The environment of the loaded snapshot, if it has what is asked for. */
export function savedEnvironment(
  session: ExportSession | undefined,
  roots: readonly string[],
  label: string,
): Environment | undefined {
  const saved = session?.environment
  if (saved === undefined || !serves(saved.roots, roots)) return undefined
  return Environment.fromBytes(saved.bytes, label)
}

/** @param roots what it was made for; none: everything */
export function keepEnvironment(
  session: ExportSession | undefined,
  roots: readonly string[],
  environment: Environment,
): void {
  const { source } = environment
  if (session !== undefined) session.environment = { roots, bytes: source.read(0, source.size) }
}

function serves(saved: readonly string[], wanted: readonly string[]): boolean {
  return saved.length === 0 || (wanted.length > 0 && wanted.every(root => saved.includes(root)))
}

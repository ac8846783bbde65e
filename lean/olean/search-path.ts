import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { Name } from '../declaration.js'
import { InputError } from '../input-error.js'
import { displayName } from '../name.js'

/**
 * The files of a module under the first search path that holds its package, that is a folder or `.olean` file named like its
 * first component (lean-env.md 3.4): `.olean`, and with the private part also `.olean.server` and `.olean.private`.
 *
 * @param importer who asks for it, for the message
 * @throws InputError when it is not there, or when its private part lacks the server part
 */
export function findModule(searchPaths: readonly string[], module: Name, importer: string): string[] {
  const parts = pathParts(module, importer)
  const root = searchPaths.find(
    path => isA('folder', join(path, parts[0]!)) || isA('file', `${join(path, parts[0]!)}.olean`),
  )
  const wanted = `module ${displayName(module)} (${importer})`
  if (root === undefined)
    throw new InputError(`${wanted} is under none of the search paths ${searchPaths.join(', ')}`)
  const file = `${join(root, ...parts)}.olean`
  if (!isA('file', file)) throw new InputError(`${wanted} not found`, { file })
  const [server, secret] = [`${file}.server`, `${file}.private`]
  if (!isA('file', secret)) return [file]
  if (!isA('file', server))
    throw new InputError('the server part is missing, which the private part needs', { file: server })
  return [file, server, secret]
}

/** Components of the module's path; a name from a file must not lead out of the search path. */
function pathParts(module: Name, importer: string): string[] {
  const parts: string[] = []
  for (let at = module; at.kind !== 'anonymous'; at = at.prefix) {
    if (at.kind === 'num' || /^\.{0,2}$|[/\\\0]/.test(at.part)) {
      throw new InputError(`${JSON.stringify(displayName(module))} is no module name (${importer})`)
    }
    parts.push(at.part)
  }
  if (parts.length === 0) throw new InputError(`an empty module name (${importer})`)
  return parts.reverse()
}

function isA(kind: 'file' | 'folder', path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat !== undefined && (kind === 'file' ? stat.isFile() : stat.isDirectory())
}

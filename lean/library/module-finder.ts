import { join } from 'node:path'
import type { Name } from '../declaration.js'
import { InputError } from '../input-error.js'
import { displayName } from '../name.js'
import type { FileSystem } from '../olean/file-system.js'
import { ReaderError } from '../olean/reader-error.js'
import { PART_KINDS, type PartKind, type PartRecord, partRecord } from './module-record.js'

const SUFFIX: Record<PartKind, string> = {
  olean: '.olean',
  server: '.olean.server',
  private: '.olean.private',
  irSig: '.ir.sig',
  ir: '.ir',
}

/** Finds the files of modules under search paths (lean-env.md 1.1, 3.4). */
export class ModuleFinder {
  /** Search path of a package by its first component. */
  readonly #roots = new Map<string, string | undefined>()

  constructor(
    readonly searchPaths: readonly string[],
    readonly disk: FileSystem,
  ) {}

  /**
   * The files of a module under the first search path that holds its package, that is a folder or `.olean` file named like
   * its first component, in the order of {@link PART_KINDS}.
   *
   * @param importer who asks for it, for the message
   * @throws ReaderError `no-module` when it is not there, `missing-part` when a part lacks an earlier one of its chain;
   *   InputError for a name that cannot be a module's
   */
  find(module: Name, importer: string): PartRecord[] {
    const parts = pathParts(module, importer)
    const root = this.#rootOf(parts[0]!)
    const wanted = `module ${displayName(module)} (${importer})`
    if (root === undefined)
      throw new ReaderError(
        'no-module',
        `${wanted} is under none of the search paths ${this.searchPaths.join(', ')}`,
      )
    const stem = join(root, ...parts)
    const found = new Map<PartKind, PartRecord>()
    for (const kind of PART_KINDS) {
      const record = partRecord(kind, `${stem}${SUFFIX[kind]}`, this.disk)
      if (record !== undefined) found.set(kind, record)
    }
    const later = found.get('private') ?? found.get('server')
    if (!found.has('olean')) {
      const file = `${stem}${SUFFIX.olean}`
      if (later === undefined) throw new ReaderError('no-module', `${wanted} not found`, { file })
      throw new ReaderError('missing-part', `the public part is missing, which ${later.path} needs`, { file })
    }
    if (found.has('private') && !found.has('server'))
      throw new ReaderError('missing-part', 'the server part is missing, which the private part needs', {
        file: `${stem}${SUFFIX.server}`,
      })
    return [...found.values()]
  }

  #rootOf(first: string): string | undefined {
    if (!this.#roots.has(first)) {
      // A later part without the public one is an error, and no reason to look elsewhere.
      const files = [SUFFIX.olean, SUFFIX.server, SUFFIX.private]
      const holds = (path: string): boolean =>
        this.disk.stat(join(path, first))?.kind === 'folder' ||
        files.some(suffix => this.disk.stat(`${join(path, first)}${suffix}`)?.kind === 'file')
      this.#roots.set(first, this.searchPaths.find(holds))
    }
    return this.#roots.get(first)
  }
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

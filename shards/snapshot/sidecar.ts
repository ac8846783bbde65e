/**
 * The sidecar `FILE.deps` of a snapshot: the files that it depends on, as JSON. An array of records, one for each module, each
 * with the module's name and one path for every kind of file. Older sidecars are flat arrays of paths. Unknown keys are
 * ignored; relative paths are relative to the folder of the sidecar. It says where files lie and nothing else: their sizes, times and
 * digests are in the snapshot.
 */
import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, relative, resolve } from 'node:path'
import { writeFileAtomically } from '../../ixon/atomic-write.js'
import { InputError } from '../../lean/input-error.js'
import { removeLeftovers } from './container.js'
import { DEPENDENCY_KINDS, type Dependency, type DependencyKind } from './dependency.js'
import { JsonScanner } from './json-scanner.js'

export interface SidecarModule {
  /** Absent in flat sidecars. */
  readonly module?: string
  readonly files: readonly { readonly kind: DependencyKind; readonly path: string }[]
}

export function sidecarOf(snapshot: string): string {
  return `${snapshot}.deps`
}

/** Files below the folder of the sidecar get relative paths, so that both can move together. */
export function writeSidecar(snapshot: string, dependencies: readonly Dependency[]): void {
  const file = sidecarOf(snapshot)
  const folder = dirname(resolve(file))
  const place = (path: string): string => {
    const near = relative(folder, path)
    return near.startsWith('..') || near === '' ? path : near
  }
  const records = dependencies.map(({ name, parts }) => ({
    module: name,
    ...Object.fromEntries(parts.map(part => [part.kind, place(part.path)])),
  }))
  removeLeftovers(file)
  writeFileAtomically(file, [Buffer.from(`${JSON.stringify(records, undefined, 1)}\n`)])
}

/**
 * Reads a sidecar, of either shape; undefined when there is none.
 *
 * @throws InputError with file, offset and the place in the JSON when it is malformed
 */
export function readSidecar(snapshot: string): SidecarModule[] | undefined {
  const file = sidecarOf(snapshot)
  if (!existsSync(file)) return undefined
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new InputError(`cannot be read: ${(error as Error).message}`, { file })
  }
  const folder = dirname(resolve(file))
  const json = new JsonScanner(text, file)
  const modules: SidecarModule[] = []
  const flat: string[] = []
  json.array('$', index => {
    const path = `$[${index}]`
    if (json.peek() === '"') {
      flat.push(resolve(folder, json.string(path)))
      return
    }
    let module: string | undefined
    const files: SidecarModule['files'][number][] = []
    json.object(path, key => {
      const inside = `${path}.${key}`
      if (key === 'module') module = json.string(inside)
      else if (isKind(key)) files.push({ kind: key, path: resolve(folder, json.string(inside)) })
      else json.skip(inside)
    })
    modules.push({ ...(module === undefined ? {} : { module }), files })
  })
  json.end()
  return [...modules, ...grouped(flat)]
}

function isKind(key: string): key is DependencyKind {
  return (DEPENDENCY_KINDS as readonly string[]).includes(key)
}

/** Endings of the files of a module, longer ones first. */
const ENDINGS: readonly (readonly [string, DependencyKind])[] = [
  ['.olean.private', 'private'],
  ['.olean.server', 'server'],
  ['.olean', 'olean'],
  ['.ir.sig', 'irSig'],
  ['.ir', 'ir'],
  ['.ixes', 'ixes'],
  ['.ixe', 'ixe'],
  ['.ixe.br', 'ixe'],
  ['.ndjson', 'ndjson'],
]

/** The files of a module have the same path but for their ending; the modules come in the order of their first files. */
function grouped(paths: readonly string[]): SidecarModule[] {
  const modules = new Map<string, { kind: DependencyKind; path: string }[]>()
  for (const path of paths) {
    const ending = ENDINGS.find(([text]) => path.endsWith(text))
    const kind = ending?.[1] ?? 'ndjson'
    // An environment and its manifest may share a name and are two modules all the same.
    const alone = ending === undefined || ['ixe', 'ixes', 'ndjson'].includes(kind)
    const stem = alone ? path : path.slice(0, -ending[0].length)
    const files = modules.get(stem)
    if (files === undefined) modules.set(stem, [{ kind, path }])
    else files.push({ kind, path })
  }
  return [...modules.values()].map(files => ({ files }))
}

/**
 * The dependencies at the places that a sidecar names. A sidecar of another list of modules is passed over: it belongs to
 * another save.
 */
export function relocated(
  dependencies: readonly Dependency[],
  sidecar: readonly SidecarModule[] | undefined,
): { dependencies: readonly Dependency[]; ignored: boolean } {
  if (sidecar === undefined) return { dependencies, ignored: false }
  const fits =
    sidecar.length === dependencies.length &&
    dependencies.every(({ name, parts }, i) => {
      const { module, files } = sidecar[i]!
      const known =
        module === undefined ? parts.every((part, j) => sameFile(part.path, files[j]?.path)) : module === name
      return (
        known &&
        files.length === parts.length &&
        parts.every(part => files.some(file => file.kind === part.kind))
      )
    })
  if (!fits) return { dependencies, ignored: true }
  const moved = dependencies.map((dependency, i) => ({
    ...dependency,
    parts: dependency.parts.map(part => ({
      ...part,
      path: sidecar[i]!.files.find(file => file.kind === part.kind)!.path,
    })),
  }))
  return { dependencies: moved, ignored: false }
}

/** Flat sidecars name no modules: their files are known by their own names. */
function sameFile(path: string, other: string | undefined): boolean {
  return other !== undefined && basename(path) === basename(other)
}

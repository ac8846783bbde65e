/** What `--olean` may name: a folder of modules, a project of Lake, an installed Lean. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { InputError } from '../lean/input-error.js'

export interface OleanFolders {
  /** Where modules are looked up, in this order. */
  readonly paths: readonly string[]
  /** Those of them whose modules are meant when none is named; the others are for what these import. */
  readonly own: readonly string[]
}

type Variables = Readonly<Record<string, string | undefined>>

/**
 * Folders of modules as they are; for a project of Lake what it built, what its packages built, and the library of its
 * toolchain where elan has it; for an installed Lean its library.
 *
 * @throws InputError for a folder that cannot be read, a project that was not built
 */
export function oleanFolders(given: readonly string[], env: Variables = process.env): OleanFolders {
  const paths: string[] = []
  let own: string[] = []
  for (const folder of given) {
    requireFolder(folder)
    const library = join(folder, 'lib', 'lean')
    if (isProject(folder)) {
      const built = buildFolder(folder)
      if (built === undefined)
        throw new InputError('the project has no .lake/build/lib: lake build makes it', { file: folder })
      paths.push(built, ...packageFolders(folder), ...toolchainFolder(folder, env))
      own.push(built)
    } else if (holdsLean(library)) {
      paths.push(library)
      own.push(library)
    } else {
      paths.push(folder)
      own.push(folder)
    }
  }
  // Beside modules of one's own, Lean's library is there to be imported.
  const others = own.filter(folder => !holdsLean(folder))
  if (others.length > 0) own = others
  return { paths: [...new Set(paths)], own: [...new Set(own)] }
}

/** Modules whose files lie in the folder itself. @throws InputError when there are none */
export function topModules(folder: string): string[] {
  // macOS archives carry a ._ twin of every file.
  const modules = list(folder)
    .filter(file => file.endsWith('.olean') && !file.startsWith('.'))
    .sort()
  if (modules.length === 0)
    throw new InputError('no .olean file at its top; --module names the modules', { file: folder })
  return modules.map(file => file.slice(0, -'.olean'.length))
}

/** A sentence for modules that are Lean's own and were not found; empty for others. */
export function toolchainHint(module: string): string {
  return /^(Init|Std|Lean|Lake)(\.|$)/.test(module)
    ? "; Lean's own library is the folder lib/lean of its toolchain: name it with one more --olean"
    : ''
}

function requireFolder(folder: string): void {
  let isFolder: boolean
  try {
    isFolder = statSync(folder).isDirectory()
  } catch (error) {
    throw new InputError(`cannot read: ${(error as Error).message}`, { file: folder })
  }
  if (isFolder) return
  const module = /^[^.].*(?=\.olean$)/.exec(basename(folder))?.[0]
  const hint =
    module === undefined ? '' : `: --olean ${dirname(folder)} --module ${module}, if that is its top folder`
  throw new InputError(`not a folder${hint}`, { file: folder })
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    throw new InputError(`cannot read: ${(error as Error).message}`, { file: folder })
  }
}

const holdsLean = (folder: string): boolean => existsSync(join(folder, 'Init.olean'))

function isProject(folder: string): boolean {
  return ['lakefile.lean', 'lakefile.toml', 'lake-manifest.json', '.lake'].some(file =>
    existsSync(join(folder, file)),
  )
}

/** Lake wrote to `lib` before it wrote to `lib/lean`. */
function buildFolder(project: string): string | undefined {
  const lib = join(project, '.lake', 'build', 'lib')
  return [join(lib, 'lean'), lib].find(folder => existsSync(folder))
}

/** What the packages of a project built, as far as they did; by its manifest, else by what is there. */
function packageFolders(project: string): string[] {
  const file = join(project, 'lake-manifest.json')
  const manifest = existsSync(file) ? readManifest(file) : {}
  const packages = join(project, manifest.packagesDir ?? join('.lake', 'packages'))
  const folders =
    manifest.packages === undefined
      ? existsSync(packages)
        ? list(packages)
            .sort()
            .map(name => join(packages, name))
        : []
      : manifest.packages.map(({ type, name, dir, subDir }) =>
          type === 'path' ? join(project, dir ?? '.') : join(packages, name ?? '', subDir ?? ''),
        )
  return folders.flatMap(folder => buildFolder(folder) ?? [])
}

interface LakeManifest {
  readonly packagesDir?: string
  readonly packages?: readonly {
    readonly type?: string
    readonly name?: string
    readonly dir?: string
    readonly subDir?: string
  }[]
}

function readManifest(file: string): LakeManifest {
  const fail = (why: string): never => {
    throw new InputError(`not a manifest of Lake: ${why}`, { file })
  }
  let value: unknown
  try {
    value = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    return fail((error as Error).message)
  }
  if (typeof value !== 'object' || value === null) return fail('no object')
  const text = (object: Record<string, unknown>, key: string): string | undefined => {
    const part = object[key]
    if (part === undefined || part === null) return undefined
    return typeof part === 'string' ? part : fail(`${key} is no text`)
  }
  const fields = value as Record<string, unknown>
  const packagesDir = text(fields, 'packagesDir')
  if (fields.packages !== undefined && !Array.isArray(fields.packages)) return fail('packages is no list')
  const packages = (fields.packages as unknown[] | undefined)?.map(entry => {
    if (typeof entry !== 'object' || entry === null) return fail('a package is no object')
    const parts = ['type', 'name', 'dir', 'subDir'].flatMap(key => {
      const part = text(entry as Record<string, unknown>, key)
      return part === undefined ? [] : [[key, part] as const]
    })
    return Object.fromEntries(parts)
  })
  return {
    ...(packagesDir === undefined ? {} : { packagesDir }),
    ...(packages === undefined ? {} : { packages }),
  }
}

/** The library of the toolchain that `lean-toolchain` names: "leanprover/lean4:v4.28.0" is in leanprover--lean4---v4.28.0. */
function toolchainFolder(project: string, { ELAN_HOME, HOME }: Variables): string[] {
  const file = join(project, 'lean-toolchain')
  if (!existsSync(file)) return []
  const name = readFileSync(file, 'utf8').trim()
  const folder = name.replaceAll('/', '--').replaceAll(':', '---')
  const elan = ELAN_HOME || join(HOME || homedir(), '.elan')
  const library = resolve(elan, 'toolchains', folder, 'lib', 'lean')
  return holdsLean(library) ? [library] : []
}

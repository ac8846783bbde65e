/** Sessions over the small modules that the tests of the library read, and what they answer. */

import { join } from 'node:path'
import type { Name } from '../../lean/declaration.js'
import type { IndexStore } from '../../lean/library/index-file.js'
import { type Library, openLibrary } from '../../lean/library/library.js'
import type { LibraryOptions } from '../../lean/library/library-options.js'
import { displayName, NameTable } from '../../lean/name.js'
import { LeanModule } from '../../lean/olean/module.js'
import { PageCache } from '../../lean/olean/paged-file.js'
import { DATA } from './data.js'

export const PARTS = join(DATA, 'module-parts')
export const WORLD = join(DATA, 'reproducers')

/** One module in three parts. */
export const openA = (options: Partial<LibraryOptions> = {}): Promise<Library> =>
  openLibrary({ paths: [PARTS], modules: ['A'], allowMissing: true, lazy: 'parts', ...options })

/** Three modules in three parts each that import one another, and what they import of the library. */
export const openChain = (options: Partial<LibraryOptions> = {}): Promise<Library> =>
  openLibrary({ paths: [WORLD], modules: ['Chain.Top'], allowMissing: true, lazy: 'parts', ...options })

export function memoryStore(): IndexStore & { readonly entries: Map<string, Uint8Array> } {
  const entries = new Map<string, Uint8Array>()
  return { entries, read: key => entries.get(key), keep: (key, bytes) => entries.set(key, bytes) }
}

/** What a session answers, as text: every declaration by kind and terms, and every placeholder. */
export function answers(library: Library, names: Iterable<string>): string {
  const lines: string[] = []
  for (const name of names) {
    const declaration = library.get(name)
    const { kind = 'absent' } = declaration ?? {}
    const placeholder = library.placeholderKind(name) ?? ''
    lines.push(
      `${name} ${library.has(name)} ${kind} ${library.moduleOf(name)} ${placeholder} ${text(declaration)}`,
    )
  }
  return lines.join('\n')
}

export function text(value: unknown): string {
  return JSON.stringify(value, (key, item) =>
    typeof item === 'bigint'
      ? `${item}n`
      : key === 'name' || key === 'binder'
        ? displayName(item as Name)
        : item,
  )
}

export const QUERIES = [
  'fib5',
  'add_zz',
  'hidden',
  'op',
  'exposed',
  'Ev.rec',
  'T.rec_1',
  'T.rec_2',
  'ax',
  'nowhere',
]
export const PRIVATE = '_private.A.0.privDef'

/** Names of the constants in the public part of a module. */
export function* publicNames(module: string): Generator<string> {
  const path = join(WORLD, `${module}.olean`)
  const own = new LeanModule(module, [new PageCache().file(path, module)], new NameTable())
  for (const name of own.names()) yield displayName(name)
}

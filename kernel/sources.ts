import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { SourceFile } from '../aiur/language/compile-error.js'

/** The public entry of the kernel: (claim digest, primitive table digest), eight words each. */
export const ENTRY = 'verify_claim'

/** The folder of the kernel's Aiur sources: this module's own, or the source folder beside `dist`. */
function sourceFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url))
  const folders = [here, join(here, '..', '..', 'kernel')]
  const found = folders.find(folder => existsSync(join(folder, 'types.aiur')))
  if (found === undefined) throw new Error(`the kernel's sources are in none of ${folders.join(', ')}`)
  return found
}

/** All `kernel/*.aiur` files, `types.aiur` first, the others by name. */
export function kernelSources(): SourceFile[] {
  const folder = sourceFolder()
  const names = readdirSync(folder).filter(name => name.endsWith('.aiur'))
  names.sort((a, b) => Number(b === 'types.aiur') - Number(a === 'types.aiur') || (a < b ? -1 : 1))
  return names.map(name => ({ name: `kernel/${name}`, text: readFileSync(join(folder, name), 'utf8') }))
}

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const FOLDERS = ['aiur', 'cli', 'ixon', 'kernel', 'lean', 'shards']

let digest: string | undefined

/** A digest of the program itself: two builds of one version are two products. */
export function buildDigest(): string {
  if (digest !== undefined) return digest
  const own = fileURLToPath(import.meta.url)
  const root = join(own, '..', '..', '..')
  const hash = createHash('sha256')
  for (const folder of FOLDERS)
    for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter(file => file.isFile() && extname(file.name) === extname(own) && !file.name.endsWith('.d.ts'))
      .map(file => join(file.parentPath, file.name))
      .sort()) {
      const bytes = readFileSync(entry)
      hash.update(`${entry.slice(root.length)} ${bytes.length}\n`).update(bytes)
    }
  digest = hash.digest('hex')
  return digest
}

/** The key that snapshots are sealed with: made once for each user, in the cache folder. */
import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cacheFolder } from '../../aiur/disk-cache.js'

const BYTES = 32

/** Undefined when there is none and none can be made: snapshots then go without a seal. */
export function sealKey(): Uint8Array | undefined {
  const file = join(cacheFolder(), 'snapshot.key')
  try {
    mkdirSync(cacheFolder(), { recursive: true })
    writeFileSync(file, randomBytes(BYTES), { mode: 0o600, flag: 'wx' })
  } catch {
    // There is one already, or the folder cannot be written.
  }
  try {
    const key = readFileSync(file)
    return key.length === BYTES ? key : undefined
  } catch {
    return undefined
  }
}

/** Tells keys apart without telling them. */
export function keyName(key: Uint8Array | undefined): string {
  return key === undefined
    ? 'none'
    : createHash('sha256').update('ix snapshot key\n').update(key).digest('hex')
}

/** Saves that are killed at random moments. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { packageRoot } from '../../../cli/package-root.js'
import { readSidecar } from '../../../shards/snapshot/sidecar.js'
import { Snapshot } from '../../../shards/snapshot/snapshot.js'

const dist = join(packageRoot(), 'dist')
export const built = existsSync(join(dist, 'shards', 'snapshot', 'snapshot.js'))
if (!built)
  console.log('skipped: saves are killed in processes of their own, which need dist/ (npm run build)')

/** Milliseconds within which a save is killed: a few saves fit. */
const WITHIN = 40
const NAMES = 5_000

/** Returns what was found afterwards: how often either state, and how many saves left a part behind. */
export async function killSaves(times: number): Promise<{ one: number; two: number; leftovers: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'ix-killed-'))
  const file = join(folder, 's.ixsnap')
  const child = fileURLToPath(new URL('./endless-saves.mjs', import.meta.url))
  const found = { one: 0, two: 0, leftovers: 0 }
  const digests = new Map<string, string>()
  try {
    for (let i = 0; i < times; i++) {
      const saver = spawn(process.execPath, [child, dist, file, String(NAMES)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const ended = new Promise(resolve => saver.once('close', resolve))
      await new Promise((resolve, reject) => {
        saver.stdout.once('data', resolve)
        saver.once('close', () => reject(new Error('the saves ended by themselves')))
      })
      await setTimeout(Math.random() * WITHIN)
      saver.kill('SIGKILL')
      await ended
      const snapshot = Snapshot.open(file)
      for (const name of snapshot.chain.names()) snapshot.chain.region(name)
      const version = snapshot.settings.get('version')!
      expect(snapshot.dependencies).toHaveLength(1)
      snapshot.close()
      expect(['one', 'two']).toContain(version)
      found[version as 'one' | 'two']++
      // One state, one file, whatever was killed before.
      const digest = createHash('sha256').update(readFileSync(file)).digest('hex')
      expect(digests.get(version) ?? digest).toBe(digest)
      digests.set(version, digest)
      const sidecar = readSidecar(file)
      if (sidecar !== undefined) expect(sidecar).toHaveLength(1)
      const parts = readdirSync(folder).filter(name => name.endsWith('.tmp'))
      expect(parts.length).toBeLessThanOrEqual(1)
      found.leftovers += parts.length
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
  return found
}

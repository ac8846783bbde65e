import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { EXIT } from '../../cli/exit.js'
import { OLDEST, oldNode } from '../../cli/node-version.js'
import { packageRoot } from '../../cli/package-root.js'

const main = join(packageRoot(), 'dist', 'cli', 'main.js')
const built = existsSync(main)
if (!built) console.log('skipped: what main does with an old Node needs dist/ (npm run build)')

describe('a Node that is too old', () => {
  it('is one before that of package.json', () => {
    const { engines } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'))
    expect(engines.node).toBe(`>=${OLDEST.join('.')}`)
    expect(oldNode('18.20.8')).toBe('ix needs Node 20.19 or newer; this is Node 18.20.8')
    expect(oldNode('20.9.0')).toMatch(/20\.9\.0/)
    for (const version of ['20.19.0', '20.20.2', '22.0.0', process.versions.node])
      expect(oldNode(version)).toBeUndefined()
  })

  it.skipIf(!built)('ends the program before it loads what such a Node cannot parse', () => {
    const older =
      "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.8' } })"
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--import', `data:text/javascript,${encodeURIComponent(older)}`, main, 'check', 'Nat'],
      { encoding: 'utf8' },
    )
    expect([status, stdout, stderr]).toEqual([
      EXIT.undecided,
      '',
      'error: ix needs Node 20.19 or newer; this is Node 18.20.8\n',
    ])
  })
})

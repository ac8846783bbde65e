import {
  copyFileSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EXIT } from '../../cli/exit.js'
import { run } from '../../cli/run.js'
import { Snapshot } from '../../shards/snapshot/snapshot.js'
import { DATA, LIB, skipReason } from '../lean-reader/data.js'
import { bufferTerminal } from './buffer-terminal.js'

const folder = mkdtempSync(join(tmpdir(), 'ix-incremental-olean-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const at = (name: string): string => join(folder, name)

async function check(...argv: string[]) {
  const terminal = bufferTerminal()
  const code = await run(['check', ...argv, '--json', '--engine', 'interp'], terminal)
  const { seconds: _, incremental, ...said } = JSON.parse(terminal.stdout.text)
  return { said: { code, ...said }, incremental, err: terminal.stderr.text }
}

const PARTS = ['R12Own.olean', 'R12Own.olean.server', 'R12Own.olean.private']

describe.skipIf(skipReason !== undefined)('a snapshot of a module in three parts', () => {
  const world = ['--olean', folder, '--module', 'R12Own', '--lazy', 'all']
  beforeAll(() => {
    for (const part of PARTS) copyFileSync(join(DATA, 'reproducers', part), at(part))
  })

  it('saved lazily lists every chain, opened or not, with a digest', async () => {
    await check(...world, 'Bool.true', '--incr-save', at('s'))
    const snapshot = Snapshot.open(at('s'))
    const { dependencies } = snapshot
    snapshot.close()
    expect(dependencies).toMatchObject([{ name: 'R12Own', state: 'deferred' }])
    expect(dependencies[0]!.parts.map(({ kind }) => kind)).toEqual(['olean', 'server', 'private'])
    for (const part of dependencies[0]!.parts) {
      expect(part.digest).toMatch(/^[0-9a-f]{64}$/)
      expect(part.size).toBe(statSync(part.path).size)
    }
    expect(JSON.parse(readFileSync(at('s.deps'), 'utf8'))).toEqual([
      { module: 'R12Own', olean: PARTS[0], server: PARTS[1], private: PARTS[2] },
    ])
  })

  it('serves a body that was never loaded before the save', async () => {
    const loaded = await check(...world, 'N.add_left_comm', '--incr-load', at('s'))
    expect(loaded.incremental).toMatchObject({ stale: null, changed: [] })
    expect(loaded.said).toMatchObject({ code: EXIT.ok, status: 'accepted', assumptions: [] })
    expect(loaded.said).toEqual((await check(...world, 'N.add_left_comm')).said)
  })

  it('finds a part that was built again, grew, is gone, or whose folder moved', async () => {
    await check(...world, 'N.zero_add', '--incr-save', at('t'))
    const again = async (...flags: string[]) =>
      check(...world, 'N.zero_add', '--incr-load', at('t'), ...flags)
    expect((await again()).incremental).toMatchObject({ changed: [], checkedAgain: 0 })
    const part = at(PARTS[2]!)
    utimesSync(part, new Date(1e12), new Date(1e12))
    expect((await again()).incremental).toMatchObject({
      changed: [`R12Own: ${part} was written again`],
      // Read again, and the same constants: their verdicts hold.
      checkedAgain: 0,
    })
    expect((await again('--incr-check', 'strict')).incremental).toMatchObject({
      changed: [],
      checkedAgain: 0,
    })
    const bytes = readFileSync(part)
    writeFileSync(part, Buffer.concat([bytes, Buffer.alloc(8)]))
    expect((await again('--incr-check', 'strict')).incremental.changed).toEqual([
      expect.stringMatching(/R12Own\.olean\.private grew from \d+ to \d+ bytes/),
    ])
    writeFileSync(part, bytes)
    renameSync(part, at('hidden'))
    const without = await again()
    expect(without.incremental.changed).toEqual([`R12Own: ${part} is not there any more`])
    const { status, claim, checked, assumptions } = (await check(...world, 'N.zero_add')).said
    expect(without.said).toMatchObject({ status, claim, checked, assumptions })
    renameSync(at('hidden'), part)
    const elsewhere = await check(
      '--olean',
      join(DATA, 'reproducers'),
      '--module',
      'R12Own',
      'N.zero_add',
      '--incr-load',
      at('t'),
    )
    // Another list of modules, and the same constants.
    expect(elsewhere.incremental).toMatchObject({
      stale: null,
      changed: ['the folders or modules to read are others'],
      checkedAgain: 0,
    })
    expect(elsewhere.said.status).toBe('accepted')
  })
})

it.skipIf(skipReason !== undefined)(
  'everything in a module is reported under the same name by a load',
  async () => {
    const world = ['--olean', join(DATA, 'reproducers'), '--module', 'R12Own']
    const full = await check(...world, '--incr-save', at('all'))
    const loaded = await check(...world, '--incr-load', at('all'))
    expect(loaded.said).toEqual(full.said)
    expect(loaded.incremental.checkedAgain).toBe(0)
  },
)

describe.skipIf(LIB === undefined)('a snapshot of a constant of the library', () => {
  it('depends on all modules, and one more constant is read from them after the load', async () => {
    const world = ['--olean', LIB!, '--module', 'Init']
    const first = await check(...world, 'Nat.add_comm', '--incr-save', at('u'))
    const snapshot = Snapshot.open(at('u'))
    expect(snapshot.dependencies).toHaveLength(506)
    snapshot.close()
    const same = await check(...world, 'Nat.add_comm', '--incr-load', at('u'))
    expect(same.incremental).toMatchObject({ checkedAgain: 0, changed: [] })
    expect(same.said).toEqual(first.said)
    const other = await check(...world, 'Nat.mul_comm', '--incr-load', at('u'))
    expect(other.said).toMatchObject({ code: EXIT.ok, status: 'accepted' })
  })
})

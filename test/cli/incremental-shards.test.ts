import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { Evidence, ShardResult } from '../../cli/check/shard-task.js'
import { Context } from '../../cli/context.js'
import { IncrementalSession } from '../../cli/incremental/session.js'
import { ShardPlans } from '../../cli/incremental/shards.js'
import { packageRoot } from '../../cli/package-root.js'
import { Snapshot } from '../../shards/snapshot/snapshot.js'
import { type Aliases, environmentOf, exportOf } from '../shards/snapshot/fixtures.js'
import { bufferTerminal } from './buffer-terminal.js'

const main = join(packageRoot(), 'dist', 'cli', 'main.js')
const built = existsSync(main)
if (!built) console.log('skipped: the workers of --all need dist/ (npm run build)')

// biome-ignore lint/suspicious/noExplicitAny: parsed JSON
type Json = any

function ix(argv: string[]): Promise<{ code: number | null; json: Json; err: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] })
    let [out, err] = ['', '']
    child.stdout.on('data', chunk => {
      out += chunk
    })
    child.stderr.on('data', chunk => {
      err += chunk
    })
    child.on('error', reject)
    child.on('close', code => resolve({ code, json: out.startsWith('{') ? JSON.parse(out) : undefined, err }))
  })
}

const CHAIN: Aliases = Array.from({ length: 12 }, (_, i) => [`d${i + 1}`, i === 0 ? 'c' : `d${i}`] as const)
const CHANGED: Aliases = CHAIN.map(([name, value]) => (name === 'd12' ? [name, value, 9] : [name, value]))

describe.runIf(built)('all shards with a snapshot', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ix-incremental-shards-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const at = (name: string): string => join(folder, name)
  const all = (name: string, ...flags: string[]) =>
    ix(['check', '--all', '--ixe', at(`${name}.ixe`), '--ixes', at(`${name}.ixes`), '--json', ...flags])

  beforeAll(async () => {
    for (const [name, aliases] of [
      ['old', CHAIN],
      ['new', CHANGED],
    ] as const) {
      writeFileSync(at(`${name}.ndjson`), exportOf(aliases))
      await ix(['compile', '--ndjson', at(`${name}.ndjson`), '-o', at(`${name}.ixe`)])
      await ix(['shard', at(`${name}.ixe`), '--shards', '3', '-o', at(`${name}.ixes`)])
    }
  })

  /** Verdicts of a report, and the figures of the shards that were not checked in part. */
  const said = (json: Json, parts: ReadonlySet<number>): unknown => ({
    status: json.status,
    checked: json.checked,
    constants: json.constants,
    shards: json.shards.map((shard: Json) => {
      const { seconds: _, reused: __, partial: ___, rows, cost, memory, ...verdict } = shard
      return parts.has(shard.id) ? verdict : { ...verdict, rows, cost, memory }
    }),
  })

  it('nothing is checked again when nothing changed, and only what changed otherwise', async () => {
    const full = await all('old', '--incr-save', at('s'))
    expect(full).toMatchObject({ code: 0, json: { status: 'accepted', incremental: { checkedAgain: 14 } } })
    for (const mode of ['fast', 'strict', 'none']) {
      const again = await all('old', '--incr-load', at('s'), '--incr-check', mode)
      expect(again.json.incremental).toMatchObject({ reused: 14, checkedAgain: 0, changed: [], false: [] })
      expect(said(again.json, new Set())).toEqual(said(full.json, new Set()))
    }
    const changed = await all('new', '--incr-load', at('s'), '--incr-save', at('t'), '--incr-delta')
    expect(changed.json.incremental).toMatchObject({ reused: 13, checkedAgain: 1 })
    const parts = new Set<number>(
      changed.json.shards.flatMap((shard: { id: number; partial?: boolean }) =>
        shard.partial ? [shard.id] : [],
      ),
    )
    expect(parts.size).toBe(1)
    expect(said(changed.json, parts)).toEqual(said((await all('new')).json, parts))
    const third = await all('new', '--incr-load', at('t'), '--incr-check', 'strict')
    expect(third.json.incremental).toMatchObject({ reused: 14, checkedAgain: 0 })
    expect(said(third.json, new Set())).toEqual(said(changed.json, new Set()))
    // One of the shards by itself: its verdicts are taken over, though --all keeps no table of its costs.
    const one = await ix([
      'check',
      '--shard',
      '0',
      '--ixe',
      at('new.ixe'),
      '--ixes',
      at('new.ixes'),
      '--json',
      '--incr-load',
      at('t'),
    ])
    expect(one).toMatchObject({ code: 0, json: { status: 'accepted', incremental: { checkedAgain: 0 } } })
  })
})

it('an interrupted run saves what it has, and the rest as unfinished', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ix-interrupted-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 's')
  const environment = environmentOf(folder, CHAIN)
  const owned = [...environment.addresses()].sort()
  const shards = [0, 1, 2, 3].map(id => ({ id, owned: owned.filter((_, i) => i % 4 === id) }))
  const flags = { incrSave: file, incrLoad: undefined, incrHeaderSave: undefined, incrCheck: undefined }
  const begin = (load?: string) =>
    IncrementalSession.begin(
      { ...flags, incrLoad: load, incrDelta: undefined },
      { engine: 'wasm', cost: 'transforms', constraints: undefined },
      {},
      [],
      [{ kind: 'ndjson', name: 'export', file: environment.source.label }],
      new Context(bufferTerminal()),
    )
  const session = (await begin())!
  const plans = new ShardPlans(session, environment, shards, true)
  expect(plans.tasks()).toEqual(shards)
  const result = (
    id: number,
    status: 'accepted' | 'undecided' | 'died',
    evidence?: Evidence,
  ): ShardResult => ({
    id,
    status,
    constants: shards[id]!.owned.length,
    checked: 0,
    failed: [],
    undecided: [],
    assumptions: {},
    claim: null,
    rows: 0,
    cost: 0,
    memory: null,
    seconds: 0,
    ...(evidence === undefined ? {} : { evidence }),
  })
  const none = { accepted: [], primitives: [], assumptions: [] }
  // Shard 0 was done, shard 1 heard of the interruption, shard 2 had to be ended, shard 3 was not begun.
  const merged = plans.merge([
    result(0, 'accepted', { ...none, finished: true, accepted: shards[0]!.owned }),
    result(1, 'undecided', { ...none, finished: false }),
    result(2, 'died'),
  ])
  expect(merged.map(({ id, status }) => `${id} ${status}`)).toEqual(['0 accepted', '1 undecided', '2 died'])
  session.save()
  const snapshot = Snapshot.open(file)
  const units = [...snapshot.units().values()].map(({ unit }) => unit)
  snapshot.close()
  expect(units.map(({ label, status }) => `${label} ${status}`)).toEqual([
    'shard 0 accepted',
    'shard 1 unfinished',
    'shard 2 unfinished',
    'shard 3 unfinished',
  ])
  for (const { constants, status } of units)
    expect(new Set(constants.map(({ verdict }) => verdict))).toEqual(new Set([status]))
  const again = (await begin(file))!
  expect(new ShardPlans(again, environment, shards, true).tasks().map(({ id }) => id)).toEqual([1, 2, 3])
  again.close()
})

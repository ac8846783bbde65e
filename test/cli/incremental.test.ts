import {
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { checkShards } from '../../cli/check/pool.js'
import { EXIT } from '../../cli/exit.js'
import { sealKey } from '../../cli/incremental/seal-key.js'
import { run } from '../../cli/run.js'
import { settingsDigest } from '../../shards/snapshot/settings.js'
import { Snapshot, saveSnapshot } from '../../shards/snapshot/snapshot.js'
import { type SealedUnit, sealUnit, type Unit } from '../../shards/snapshot/unit.js'
import { type Aliases, exportOf } from '../shards/snapshot/fixtures.js'
import { bufferTerminal } from './buffer-terminal.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ix-incremental-'))
})
afterAll(() => rmSync(folder, { recursive: true }))
const at = (name: string): string => join(folder, name)

interface Answer {
  code: number
  err: string
  // biome-ignore lint/suspicious/noExplicitAny: parsed JSON
  json: any
}

async function check(...argv: string[]): Promise<Answer> {
  const terminal = bufferTerminal()
  const code = await run(['check', ...argv, '--json', '--engine', 'interp'], terminal)
  const text = terminal.stdout.text
  return { code, err: terminal.stderr.text, json: text === '' ? undefined : JSON.parse(text) }
}

/** What a report says, apart from how long it took and how it came about. */
function said({ code, json }: Answer): unknown {
  const { seconds: _, incremental: __, ...rest } = json
  return { code, ...rest }
}

/** Without what depends on the part that was executed. */
function verdict(answer: Answer): unknown {
  const { target, engine, status, checked, failed, undecided, assumptions, claim } = answer.json
  return { code: answer.code, target, engine, status, checked, failed, undecided, assumptions, claim }
}

const CHAIN: Aliases = [
  ['d1', 'c'],
  ['d2', 'd1'],
  ['d3', 'd2'],
  ['leaf', 'd3'],
]
const write = (aliases: Aliases, name = 'x.ndjson'): string => {
  writeFileSync(at(name), exportOf(aliases))
  return at(name)
}

describe('flags', () => {
  it.each([
    [['--incr-save'], '--incr-save needs a value'],
    [['--incr-load'], '--incr-load needs a value'],
    [['--incr-header-save'], '--incr-header-save needs a value'],
    [['--incr-save='], '--incr-save needs a value'],
    [['--incr-check', 'fast'], '--incr-check needs --incr-load'],
    [['--incr-check', 'slow', '--incr-load', 'a'], '--incr-check: "slow" is none of'],
    [['--incr-delta', '--incr-load', 'a'], '--incr-delta needs --incr-load and --incr-save'],
    [['--incr-delta', '--incr-load', 'a', '--incr-save', 'a'], 'a delta cannot replace its base'],
    [['--incr-save', 'a', '--incr-header-save', 'a'], 'need two files'],
  ])('%j is wrong usage', async (flags, message) => {
    const terminal = bufferTerminal()
    expect(await run(['check', 'Nat', ...flags], terminal)).toBe(EXIT.usage)
    expect(terminal.stderr.text).toContain(message)
  })

  it('that name a place where nothing can be written end the run before it checks', async () => {
    const answer = await check('--ndjson', write(CHAIN), '--incr-save', join(folder, 'nowhere', 's'))
    expect(answer.code).toBe(EXIT.undecided)
    expect(answer.json).toEqual({
      error: expect.stringMatching(/nowhere\/s: cannot be written: no such file or directory$/),
      exitCode: 2,
    })
  })

  it('go together: load, save, header and each mode', async () => {
    const file = write(CHAIN)
    const full = await check('--ndjson', file, '--incr-save', at('s'), '--incr-header-save', at('h'))
    expect(full).toMatchObject({
      code: 0,
      json: { status: 'accepted', incremental: { loaded: null, reused: 0 } },
    })
    for (const mode of ['fast', 'strict', 'none']) {
      const again = await check(
        '--ndjson',
        file,
        '--incr-load',
        at('s'),
        '--incr-check',
        mode,
        '--incr-save',
        at('t'),
      )
      expect(said(again)).toEqual(said(full))
      expect(again.json.incremental).toMatchObject({ check: mode, stale: null, changed: [], checkedAgain: 0 })
      expect(readFileSync(at('t')).equals(readFileSync(at('s')))).toBe(true)
      const header = await check('--ndjson', file, '--incr-load', at('h'), '--incr-check', mode)
      expect(said(header)).toEqual(said(full))
      expect(header.json.incremental).toMatchObject({ stale: null, reused: 0 })
    }
    const delta = await check(
      '--ndjson',
      file,
      '--incr-load',
      at('s'),
      '--incr-save',
      at('d'),
      '--incr-delta',
    )
    expect(said(delta)).toEqual(said(full))
    expect(readFileSync(at('d')).length).toBeLessThan(400)
    expect(said(await check('--ndjson', file, '--incr-load', at('d')))).toEqual(said(full))
  })
})

describe('after a change', () => {
  /** Reused and checked constants of a run over a changed export; its verdict is that of a full run. */
  async function changeTo(
    change: Aliases,
  ): Promise<{ reused: number; checkedAgain: number; changed: string[] }> {
    const file = write(CHAIN)
    await check('--ndjson', file, '--incr-save', at('s'))
    write(change)
    const [again, full] = [
      await check('--ndjson', file, '--incr-load', at('s')),
      await check('--ndjson', file),
    ]
    expect(verdict(again)).toEqual(verdict(full))
    expect(again.err).toContain('changed since the snapshot: export: ')
    return again.json.incremental
  }
  const differently = (name: string): Aliases =>
    CHAIN.map(([own, value]) => (own === name ? [own, value, 7] : [own, value]))

  it('only what reaches it is checked again', async () => {
    // Of T, c, d1, d2, d3, leaf. Only a hint changes: addresses stay as they are.
    expect(await changeTo(differently('leaf'))).toMatchObject({ reused: 5, checkedAgain: 1 })
    expect(await changeTo(differently('d2'))).toMatchObject({ reused: 3, checkedAgain: 3 })
    expect(await changeTo(differently('d1'))).toMatchObject({ reused: 2, checkedAgain: 4 })
  })

  it('of any kind the report is that of a full run', async () => {
    const places = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 3 })), {
      minLength: 1,
      maxLength: 6,
    })
    // Each declaration is an alias of an earlier one, with a hint.
    const aliases = places.map(
      (list): Aliases =>
        list.map(([value, height], i) => [
          `d${i}`,
          value % (i + 1) === 0 ? 'c' : `d${(value % (i + 1)) - 1}`,
          height,
        ]),
    )
    await fc.assert(
      fc.asyncProperty(aliases, aliases, async (before, after) => {
        const file = write(before, 'any.ndjson')
        await check('--ndjson', file, '--incr-save', at('any'))
        write(after, 'any.ndjson')
        const full = await check('--ndjson', file)
        for (const mode of ['fast', 'strict']) {
          const again = await check('--ndjson', file, '--incr-load', at('any'), '--incr-check', mode)
          expect(verdict(again)).toEqual(verdict(full))
        }
      }),
      { numRuns: 8 },
    )
  })

  it('of the declarations that are not there any more nothing is left', async () => {
    expect(await changeTo(CHAIN.slice(0, 3))).toMatchObject({ reused: 5, checkedAgain: 0 })
    expect(await changeTo([...CHAIN, ['more', 'leaf']])).toMatchObject({ reused: 6, checkedAgain: 1 })
  })

  it('a wrong declaration among reused ones is found, and the report is that of a full run', async () => {
    const file = write(CHAIN)
    await check('--ndjson', file, '--incr-save', at('s'))
    const wrong = exportOf(CHAIN).replace(/("type":1)(,"value":\d+,"all":\[6\])/, '"type":0$2')
    expect(wrong).not.toBe(exportOf(CHAIN))
    writeFileSync(file, wrong)
    const again = await check('--ndjson', file, '--incr-load', at('s'), '--incr-save', at('s2'))
    expect(said(again)).toEqual(said(await check('--ndjson', file)))
    expect(again).toMatchObject({ code: EXIT.rejected, json: { failed: [{ name: 'leaf' }] } })
    const third = await check('--ndjson', file, '--incr-load', at('s2'))
    expect(said(third)).toEqual(said(again))
    expect(third.json.incremental.checkedAgain).toBe(0)
  })

  it('an entry on an earlier input is not taken for one on this input', async () => {
    const file = write(CHAIN)
    await check('--ndjson', file, 'leaf', '--incr-save', at('s'))
    write(CHAIN.map(([name, value]) => (name === 'leaf' ? [name, 'c'] : [name, value])))
    await check('--ndjson', file, 'd1', '--incr-load', at('s'), '--incr-save', at('s'))
    const leaf = await check('--ndjson', file, 'leaf', '--incr-load', at('s'))
    expect(leaf.json.incremental).toMatchObject({ changed: [], stale: null })
    expect(verdict(leaf)).toEqual(verdict(await check('--ndjson', file, 'leaf')))
  })

  it('mode none takes a changed input for unchanged, but does not pass that on to a snapshot that it saves', async () => {
    const file = write(CHAIN)
    await check('--ndjson', file, 'leaf', '--incr-save', at('s'))
    write(CHAIN.map(([name, value]) => (name === 'leaf' ? [name, 'c'] : [name, value])))
    const trusting = await check(
      '--ndjson',
      file,
      'leaf',
      '--incr-load',
      at('s'),
      '--incr-check',
      'none',
      '--incr-save',
      at('n'),
    )
    expect(trusting.json.incremental).toMatchObject({ check: 'none', changed: [], checkedAgain: 0 })
    const fast = await check('--ndjson', file, 'leaf', '--incr-load', at('n'))
    expect(fast.json.incremental.changed).toHaveLength(1)
    expect(verdict(fast)).toEqual(verdict(await check('--ndjson', file, 'leaf')))
  })

  it('two sessions in one process do not know of each other', async () => {
    const [one, two] = [write(CHAIN, 'one.ndjson'), write(CHAIN.slice(0, 2), 'two.ndjson')]
    const answers = await Promise.all([
      check('--ndjson', one, '--incr-save', at('one')),
      check('--ndjson', two, '--incr-save', at('two')),
    ])
    const alone = [
      await check('--ndjson', one, '--incr-load', at('one')),
      await check('--ndjson', two, '--incr-load', at('two')),
    ]
    expect(alone.map(said)).toEqual(answers.map(said))
    const first = readFileSync(at('one'))
    await check('--ndjson', one, '--incr-save', at('one'))
    expect(readFileSync(at('one')).equals(first)).toBe(true)
  })
})

it('a header snapshot serves for other constants than it was saved for', async () => {
  const file = write(CHAIN)
  await check('--ndjson', file, 'd1', '--incr-header-save', at('h'))
  const snapshot = Snapshot.open(at('h'))
  expect(snapshot.labels().size).toBe(0)
  expect(snapshot.addressOf('leaf')).toMatch(/^[0-9a-f]{64}$/)
  snapshot.close()
  // The export itself is not read again: nothing in it could be.
  const { mtime, atime } = await import('node:fs').then(({ statSync }) => statSync(file))
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, ' '.repeat(text.length))
  utimesSync(file, atime, mtime)
  const loaded = await check('--ndjson', file, 'leaf', '--incr-load', at('h'), '--incr-check', 'none')
  writeFileSync(file, text)
  expect(verdict(loaded)).toEqual(verdict(await check('--ndjson', file, 'leaf')))
})

describe('a snapshot that does not fit', () => {
  let file: string
  let full: Answer
  beforeEach(async () => {
    file = write(CHAIN)
    full = await check('--ndjson', file, '--incr-save', at('s'))
  })

  /** The run reports why nothing is taken over and says what a full run says; the snapshot is as it was. */
  async function fallsBack(reason: RegExp, ...flags: string[]): Promise<void> {
    const before = existsSync(at('s')) ? readFileSync(at('s')) : undefined
    const again = await check('--ndjson', file, '--incr-load', at('s'), ...flags)
    expect(again.json.incremental).toMatchObject({ stale: expect.stringMatching(reason), reused: 0 })
    expect(again.err).toMatch(reason)
    expect({ code: again.code, status: again.json.status }).toEqual({ code: 0, status: 'accepted' })
    expect(again.json.claim).toBe(full.json.claim)
    if (before !== undefined) expect(readFileSync(at('s')).equals(before)).toBe(true)
  }

  it('of other options or limits is stale by name', async () => {
    await fallsBack(/it is stale, row limit: saved under none, this run has 5000000/, '--limit-rows', '5M')
    await fallsBack(/time limit: saved under none, this run has 60/, '--timeout', '1m')
    await fallsBack(/trusted code: saved under none, this run has Lean.reduceNat/, '--allow=Lean.reduceNat')
    await fallsBack(/cost model: saved under transforms, this run has rows/, '--cost', 'rows')
    await fallsBack(/constraints: saved under not evaluated, this run has evaluated/, '--constraints')
    writeFileSync(
      at('o.aiur'),
      'fn is_assumed(a: Addr, scope: &Scope) -> G {\n  let Scope.Mk(assumed, _, _) = load(scope);\n  skip_set_has(assumed, a)\n}\n',
    )
    await fallsBack(
      /kernel: saved under [0-9a-f]{12}, this run has|overlay: saved under none/,
      '--overlay',
      at('o.aiur'),
    )
  })

  it.each(['product version', 'build', 'kernel', 'engine'])('of another %s is stale by name', async name => {
    const snapshot = Snapshot.open(at('s'))
    const { dependencies, names } = snapshot
    const settings = new Map([...snapshot.settings, [name, 'another']])
    const contents = { settings, dependencies, names, units: snapshot.units(), current: new Set<string>() }
    saveSnapshot(at('s'), contents)
    snapshot.close()
    await fallsBack(new RegExp(`it is stale, ${name}: saved under another, this run has`))
  })

  it('of another format, foreign, truncated, missing, or with a malformed sidecar is refused', async () => {
    const bytes = readFileSync(at('s'))
    const later = Buffer.from(bytes)
    later[8] = 2
    writeFileSync(at('s'), later)
    await fallsBack(/snapshot format 2, this is a product for format 1/)
    writeFileSync(at('s'), 'what is this? a file of another kind, and no snapshot')
    await fallsBack(/this is not a snapshot/)
    writeFileSync(at('s'), bytes)
    truncateSync(at('s'), bytes.length - 5)
    await fallsBack(/truncated snapshot/)
    writeFileSync(at('s'), bytes)
    const deps = readFileSync(at('s.deps'))
    writeFileSync(at('s.deps'), '[{"module": 5}]')
    await fallsBack(/s\.deps, offset 12: \$\[0\]\.module: expected a string/)
    writeFileSync(at('s.deps'), deps)
    renameSync(at('s'), at('elsewhere'))
    await fallsBack(/cannot be opened/)
    renameSync(at('elsewhere'), at('s'))
  })

  it('of another base is refused', async () => {
    await check('--ndjson', file, '--incr-load', at('s'), '--incr-save', at('delta'), '--incr-delta')
    renameSync(at('s'), at('base'))
    renameSync(at('delta'), at('s'))
    renameSync(at('base'), at('delta'))
    await fallsBack(/base snapshot .*s is another|its base snapshot/)
  })
})

describe('a forged snapshot', () => {
  const WRONG = exportOf(CHAIN).replace(/("type":1)(,"value":\d+,"all":\[6\])/, '"type":0$2')

  async function forge(change: (sealed: SealedUnit, settings: string) => SealedUnit): Promise<string> {
    const file = at('wrong.ndjson')
    writeFileSync(file, WRONG)
    expect((await check('--ndjson', file, '--incr-save', at('f'))).code).toBe(EXIT.rejected)
    const snapshot = Snapshot.open(at('f'))
    const { settings, dependencies, environment, names } = snapshot
    const units = new Map(
      [...snapshot.units()].map(([label, value]) => [label, change(value, settingsDigest(settings))]),
    )
    // Every digest of the file is right again.
    saveSnapshot(at('f'), {
      settings,
      dependencies,
      environment,
      names,
      units,
      current: new Set(units.keys()),
    })
    snapshot.close()
    return file
  }
  const accepting = (unit: Unit): Unit => ({
    ...unit,
    status: 'accepted',
    failed: [],
    constants: unit.constants.map(constant => ({ ...constant, verdict: 'accepted' })),
  })

  it('with a verdict flipped to accepted is not believed by strict, which names the entry', async () => {
    const file = await forge(({ unit, seal }) => ({ ...sealUnit(accepting(unit), undefined, ''), seal }))
    const strict = await check('--ndjson', file, '--incr-load', at('f'), '--incr-check', 'strict')
    expect(strict).toMatchObject({
      code: EXIT.rejected,
      json: { status: 'rejected', failed: [{ name: 'leaf' }], incremental: { reused: 0, stale: null } },
    })
    expect(strict.json.incremental.false).toEqual([
      expect.stringMatching(/^everything: its seal is not that of key/),
    ])
    expect(strict.err).toContain('an entry of the snapshot is not believed, everything: its seal')
    // What fast mode trusts: whoever wrote the file.
    expect((await check('--ndjson', file, '--incr-load', at('f'))).code).toBe(EXIT.ok)
    // But it does not put its own seal on that.
    await check('--ndjson', file, '--incr-load', at('f'), '--incr-save', at('g'))
    expect((await check('--ndjson', file, '--incr-load', at('g'), '--incr-check', 'strict')).code).toBe(
      EXIT.rejected,
    )
    writeFileSync(file, `${WRONG}\n`)
    await check('--ndjson', file, 'd1', '--incr-load', at('f'), '--incr-save', at('g'))
    const washed = await check('--ndjson', file, '--incr-load', at('g'), '--incr-check', 'strict')
    expect(washed.code).toBe(EXIT.rejected)
  })

  it('with a digest swapped, and a seal for it, is found by what strict recomputes', async () => {
    const file = await forge(({ unit }, settings) =>
      sealUnit({ ...accepting(unit), binding: 'ab'.repeat(32), constants: [] }, sealKey(), settings),
    )
    const strict = await check('--ndjson', file, '--incr-load', at('f'), '--incr-check', 'strict')
    expect(strict.code).toBe(EXIT.rejected)
    expect(strict.json.incremental.false).toEqual([
      'everything: it is bound to another input than the one it was saved for',
    ])
  })

  it('with the verdict of one entry under the label of another is not believed by any mode', async () => {
    const file = await forge(({ unit, seal }) => ({
      ...sealUnit({ ...accepting(unit), label: 'constants c' }, undefined, ''),
      seal,
    }))
    const snapshot = Snapshot.open(at('f'))
    const [value] = snapshot.units().values()
    const { settings, dependencies, names } = snapshot
    saveSnapshot(at('f'), {
      settings,
      dependencies,
      names,
      units: new Map([['everything', value!]]),
      current: new Set(['everything']),
    })
    snapshot.close()
    const fast = await check('--ndjson', file, '--incr-load', at('f'))
    expect(fast.code).toBe(EXIT.rejected)
    expect(fast.json.incremental.false).toEqual(['everything: it is an entry about constants c'])
  })
})

describe('an unfinished run', () => {
  it('that a limit ended is saved as unfinished and checked again', async () => {
    const file = write(CHAIN)
    const limited = await check('--ndjson', file, '--limit-rows', '500', '--incr-save', at('s'))
    expect(limited).toMatchObject({ code: EXIT.undecided, json: { status: 'undecided' } })
    const snapshot = Snapshot.open(at('s'))
    const { unit } = snapshot.unit('everything')!
    expect(unit.status).toBe('unfinished')
    expect(new Set(unit.constants.map(({ verdict: value }) => value))).toEqual(new Set(['unfinished']))
    snapshot.close()
    const again = await check('--ndjson', file, '--limit-rows', '500', '--incr-load', at('s'))
    expect(again.json.incremental).toMatchObject({ stale: null, reused: 0 })
  })

  it('whose workers do not hear of the interruption ends in time', async () => {
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 1500)
    const settings = {
      ixe: undefined,
      engine: 'wasm',
      model: 'transforms',
      constraints: false,
      limits: {},
    } as const
    const tasks = ['accepted', 'deaf', 'accepted 60000', 'accepted'].map((fate, id) => ({
      id,
      owned: fate.split(' '),
    }))
    const started = performance.now()
    const results = await checkShards(tasks, settings, {
      jobs: 2,
      keepGoing: true,
      signal: controller.signal,
      settle: 500,
      worker: new URL('./shard-stand-in.mjs', import.meta.url),
    })
    expect(performance.now() - started).toBeLessThan(20_000)
    expect(results.map(({ id, status }) => `${id} ${status}`)).toEqual([
      '0 accepted',
      '1 died',
      '2 undecided',
    ])
  })
})

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { EXIT } from '../../cli/exit.js'
import { run } from '../../cli/run.js'
import { readManifest } from '../../shards/manifest.js'
import { exportOf } from '../shards/snapshot/fixtures.js'
import { bufferTerminal } from './buffer-terminal.js'
import { ix } from './run-ix.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ix-cli-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const at = (name: string): string => join(folder, name)

/** Runs with `--json` and takes standard output for exactly one JSON object. */
async function ixJson(...argv: string[]) {
  const { code, out, err } = await ix(...argv, '--json')
  expect(out.endsWith('\n')).toBe(true)
  expect(out.trimEnd()).not.toContain('\n')
  return { code, err, json: JSON.parse(out) }
}

/** An export of `T : Type`, `c : T`, then `d1 := c`, `d2 := d1`, ... */
function chainOf(definitions: number, change?: (lines: object[]) => void): string {
  const alias = (_: unknown, i: number) => [`d${i + 1}`, i === 0 ? 'c' : `d${i}`, i + 1] as const
  return exportOf(Array.from({ length: definitions }, alias), change)
}

function write(name: string, text: string): string {
  writeFileSync(at(name), text)
  return at(name)
}

describe('help', () => {
  const COMMANDS = [
    ['check'],
    ['diff'],
    ['info'],
    ['compile'],
    ['shard'],
    ['addr-of'],
    ['name-of'],
    ['aiur'],
    ['aiur', 'check'],
    ['aiur', 'layout'],
    ['aiur', 'run'],
  ]

  it.each(COMMANDS.map(command => [command.join(' ')]))(
    'of %s has examples and fits 100 columns',
    async command => {
      const { code, out, err } = await ix(...command.split(' '), '--help')
      expect(code).toBe(EXIT.ok)
      expect(err).toBe('')
      expect(out).toContain(`ix ${command}`)
      expect(out).toContain('Examples:')
      expect(Math.max(...out.split('\n').map(line => line.length))).toBeLessThanOrEqual(100)
    },
  )

  it('fits a narrower terminal', async () => {
    const terminal = bufferTerminal({ tty: true, columns: 80 })
    expect(await run(['check', '--help'], terminal)).toBe(EXIT.ok)
    const longest = Math.max(...terminal.stdout.text.split('\n').map(line => line.length))
    expect(longest).toBeLessThanOrEqual(80)
    expect(longest).toBeGreaterThan(70)
  })

  it('of the program lists every command and the exit codes', async () => {
    const { out } = await ix('--help')
    for (const [command] of COMMANDS) expect(out).toContain(`ix ${command}`)
    expect(out.replaceAll(/\s+/g, ' ')).toContain(
      'Exit codes: 0 accepted or done, 1 rejected, 2 could not decide (bad or unsupported input, limit reached), 64 wrong usage.',
    )
  })

  it('has a version', async () => {
    expect((await ix('--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})

describe('colours', () => {
  it('appear on a terminal unless NO_COLOR says otherwise, and never in JSON', async () => {
    const file = write('colour.aiur', 'pub fn double(n: G) -> G { n + n }\n')
    const show = async (env: Record<string, string>, ...flags: string[]): Promise<string> => {
      const terminal = bufferTerminal({ tty: true, env })
      expect(await run(['aiur', 'layout', file, ...flags], terminal)).toBe(EXIT.ok)
      return terminal.stdout.text
    }
    expect(await show({})).toContain('\u001b[')
    expect(await show({ NO_COLOR: '1' })).not.toContain('\u001b[')
    expect(await show({}, '--json')).not.toContain('\u001b[')
    const failing = bufferTerminal({ tty: true, env: { NO_COLOR: '1' } })
    await run(['frobnicate'], failing)
    expect(failing.stderr.text).not.toContain('\u001b[')
  })
})

describe('wrong usage', () => {
  it.each([
    [['--hlep'], 'a command is needed'],
    [['chek'], 'there is no command "chek"; did you mean check? (ix --help'],
    [['check'], 'nothing to check'],
    [['check', '--shard', '1', 'Nat'], 'either --shard or names'],
    [['check', '--shard', 'one'], '--shard must be a shard id'],
    [['check', '--ixe', 'a.ixe', '--shard', '1'], '--ixe with --shard needs --ixes'],
    [['check', '--ixes', 'a.ixes', 'Nat'], '--ixes needs --shard or --all'],
    [['check', '--all', 'Nat'], 'either --all or names'],
    [['check', '--all', '--shard', '1'], 'either --shard or --all'],
    [['check', '--all', '--ndjson', 'a'], '--all needs an environment with a manifest'],
    [['check', '--shard', '1', '--jobs', '2'], '--jobs needs --all'],
    [['check', '--all', '--jobs', '0'], '--jobs must be a number of workers'],
    [['prove', 'Nat', '-o', 'nat.ixp', '--jobs', '0'], '--jobs must be a number of threads'],
    [['prove', 'Nat', '-o', 'nat.ixp', '--jobs', '1.5'], '--jobs must be a number of threads'],
    [['constructor'], 'there is no command "constructor"; one of check, diff,'],
    [['check', 'Nat', '--shard'], '--shard needs a value (ix check --help'],
    [['check', 'Nat', '--ixe', ''], '--ixe needs a value'],
    [['check', '--olean'], '--olean needs a value'],
    [['check', '--ixe', 'a', '--ixe', 'b'], '--ixe is given more than once'],
    [['check', 'Nat', '--timeout', '5m', '--timeout', '3m'], '--timeout is given more than once'],
    [['check', '--ixe', 'a.ixe', '--ndjson', 'a.ndjson'], 'either --ixe or --ndjson'],
    [['check', 'Nat', '--limit-rows', 'many'], '--limit-rows: expected a number'],
    [['check', 'Nat', '--engine', 'abacus'], '--engine: "abacus" is none of "wasm", "interp"'],
    [['check', 'Nat', '--frobnicate'], 'unknown option --frobnicate (ix check --help'],
    [['check', '--shrad', '3'], 'unknown option --shrad; did you mean --shard?'],
    [['check', '--shrad=3'], 'unknown option --shrad; did you mean --shard?'],
    [['check', 'Nat', '--no-josn'], 'unknown option --no-josn; did you mean --json?'],
    [['addr-of'], 'an argument is missing: ix addr-of <name> (ix addr-of --help'],
    [
      ['verify', '--constant', 'Nat', 'nat.ixp'],
      '--constant takes all words that follow it, so write it last',
    ],
    [['addr-of', 'Nat.add', 'Nat.sub'], 'unexpected argument "Nat.sub"'],
    [['aiur', 'rn', 'x.aiur'], 'there is no command "rn"; did you mean run? (ix aiur --help'],
    [['aiur', 'run'], 'an argument is missing: ix aiur run <file> [args..] (ix aiur run --help'],
    [['aiur', 'run', 'x.aiur', '--jobs', '2'], 'unknown option --jobs (ix aiur run --help'],
    [['compile', '-o', 'a.ixe'], '--olean is needed, or --ndjson'],
    [['compile', '--ndjson', 'a', '--module', 'M', '-o', 'a.ixe'], '--ndjson stands alone'],
    [['compile', '--ndjson', 'a'], '--output must be given'],
    [['shard', 'a.ixe', '--shards', '0'], '--shards must be a positive integer'],
    [['shard', 'a.ixe', '--shards', '2', '--balance', '60'], '--balance must be'],
    [['name-of', 'Nat'], 'an address has 64 hexadecimal digits'],
    [['aiur'], 'one of check, layout, run, prove, verify is needed'],
  ])('%j is refused with exit code 64', async (argv, message) => {
    const { code, out, err } = await ix(...argv)
    expect(code).toBe(EXIT.usage)
    expect(out).toBe('')
    expect(err).toContain(message)
    expect(err.trimEnd()).not.toContain('\n')
  })

  it('of nothing at all shows the help', async () => {
    const { code, out, err } = await ix()
    expect({ code, out }).toEqual({ code: EXIT.usage, out: '' })
    expect(err).toBe((await ix('--help')).out)
  })

  it('names the constants that a wrong name is near to, or the file that it is', async () => {
    const near = await ix('check', 'Nat.add_com')
    expect(near).toMatchObject({ code: EXIT.undecided, out: '' })
    expect(near.err).toContain('no constant is named Nat.add_com; there is Nat.add_comm, ')
    expect((await ix('addr-of', 'nat.add')).err).toContain('; there is Nat.add, ')
    expect((await ix('addr-of', 'Nowhere.add')).err).toMatch(
      /; there is \S+\.add, \S+\.add, \S+\.add, \.\.\.\n/,
    )
    const file = write('some.ndjson', '')
    expect((await ix('check', file)).err).toContain(`it is a file: write --ndjson ${file}`)
    expect((await ix('check', folder)).err).toContain('it is a folder: --olean takes those')
    expect((await ix('check', 'qqqqqqqqqqqqq')).err).toMatch(/named qqqqqqqqqqqqq\n$/)
  })
})

describe('compile, shard and look up', () => {
  it('goes from an export to shards', async () => {
    const input = write('chain.ndjson', chainOf(40))
    const compiled = await ixJson('compile', '--ndjson', input, '-o', at('chain.ixe'))
    expect(compiled.code).toBe(EXIT.ok)
    expect(compiled.json).toMatchObject({ names: 42, constants: 42, ungrounded: [], output: at('chain.ixe') })
    expect(compiled.json.bytes).toBe(readFileSync(at('chain.ixe')).length)

    const sharded = await ixJson('shard', at('chain.ixe'), '--shards', '4')
    expect(sharded.code).toBe(EXIT.ok)
    expect(sharded.json).toMatchObject({ constants: 42, blocks: 42, output: at('chain.ixes') })
    const manifest = readManifest(readFileSync(at('chain.ixes')), 'chain.ixes')
    expect(manifest.shards.reduce((sum, shard) => sum + shard.blocks.length, 0)).toBe(42)
    expect(sharded.json.shards.map((shard: { blocks: number }) => shard.blocks)).toEqual(
      manifest.shards.map(shard => shard.blocks.length),
    )

    const { out: address } = await ix('addr-of', '--ixe', at('chain.ixe'), 'd7')
    expect(address).toMatch(/^[0-9a-f]{64}\n$/)
    expect((await ix('name-of', '--ixe', at('chain.ixe'), address.trim())).out).toBe('d7\n')
    expect((await ixJson('name-of', '--ixe', at('chain.ixe'), address.trim().toUpperCase())).json).toEqual({
      address: address.trim(),
      names: ['d7'],
    })
    expect(readdirSync(folder).filter(name => name.endsWith('.tmp'))).toEqual([])
  })

  it('reads compressed environments, with the cache and without', async () => {
    const { code } = await ix(
      'compile',
      '--ndjson',
      write('packed.ndjson', chainOf(3)),
      '-o',
      at('packed.ixe'),
    )
    expect(code).toBe(EXIT.ok)
    const plain = await ix('addr-of', '--ixe', at('packed.ixe'), 'd2')
    writeFileSync(at('packed.ixe.br'), brotliCompressSync(readFileSync(at('packed.ixe'))))
    vi.stubEnv('IX_CACHE_DIR', at('cache'))
    for (let run = 0; run < 2; run++)
      expect(await ix('addr-of', '--ixe', at('packed.ixe.br'), 'd2')).toEqual(plain)
    expect(readdirSync(at('cache/environment'))).toHaveLength(1)
    // a cache that cannot be written is told with --debug only
    vi.stubEnv('IX_CACHE_DIR', at('packed.ixe'))
    expect(await ix('addr-of', '--ixe', at('packed.ixe.br'), 'd2')).toEqual(plain)
    const { code: found, err } = await ix('addr-of', '--ixe', at('packed.ixe.br'), 'd2', '--debug')
    expect(found).toBe(EXIT.ok)
    expect(err).toContain(`cannot write to the cache in ${at('packed.ixe')}: `)
    expect(err.trim().split('\n')).toHaveLength(1)
    vi.unstubAllEnvs()
    writeFileSync(at('bad.ixe.br'), 'no brotli')
    const bad = await ix('addr-of', '--ixe', at('bad.ixe.br'), 'd2')
    expect(bad).toMatchObject({ code: EXIT.undecided, err: expect.stringContaining('cannot be unpacked') })
  })

  it('prints what it did for people', async () => {
    const input = write('small.ndjson', chainOf(3))
    const compiled = await ix('compile', '--ndjson', input, '-o', at('small.ixe'))
    expect(compiled.out).toMatch(
      /^5 names, 5 constants and blocks, \d blobs?\nwrote .*small\.ixe \(.*\) in .*\n$/,
    )
    const sharded = await ix('shard', at('small.ixe'), '--shards', '2', '-o', at('other.ixes'))
    expect(sharded.out).toContain('5 constants in 5 blocks')
    expect(sharded.out).toContain('predicted FFT cost per shard')
    expect(existsSync(at('other.ixes'))).toBe(true)
    expect(`${compiled.err}${sharded.err}`).toBe('')
  })

  it('says what is wrong with its input and exits with 2', async () => {
    const input = write('chain2.ndjson', chainOf(2))
    await ix('compile', '--ndjson', input, '-o', at('chain2.ixe'))
    const cut = write('cut.ixe', '')
    writeFileSync(cut, readFileSync(at('chain2.ixe')).subarray(0, 100))
    for (const argv of [
      ['addr-of', '--ixe', cut, 'T'],
      ['addr-of', '--ixe', at('absent.ixe'), 'T'],
      ['shard', cut, '--shards', '2'],
      ['compile', '--ndjson', at('absent.ndjson'), '-o', at('x.ixe')],
      ['compile', '--ndjson', write('text.ndjson', 'hello'), '-o', at('x.ixe')],
      ['compile', '--olean', folder, '--module', 'Absent', '-o', at('x.ixe')],
    ]) {
      const { code, out, err } = await ix(...argv)
      expect(code).toBe(EXIT.undecided)
      expect(out).toBe('')
      expect(err).toMatch(/^error: [^\n]+\n$/)
      const json = await ixJson(...argv)
      expect(json.json).toEqual({ error: expect.any(String), exitCode: EXIT.undecided })
    }
    expect(existsSync(at('x.ixe'))).toBe(false)
    expect((await ix('addr-of', '--ixe', at('chain2.ixe'), 'T.D2')).err).toBe(
      `error: ${at('chain2.ixe')}: no constant is named T.D2; there is d2\n`,
    )
  })

  it('refuses more shards than blocks', async () => {
    await ix('compile', '--ndjson', write('two.ndjson', chainOf(0)), '-o', at('two.ixe'))
    const { code, err } = await ix('shard', at('two.ixe'), '--shards', '3')
    expect(code).toBe(EXIT.usage)
    expect(err).toContain('has only 2 blocks')
  })
})

describe('check', () => {
  it('accepts an export and prices it', async () => {
    const input = write('good.ndjson', chainOf(3))
    const { code, json } = await ixJson('check', '--ndjson', input)
    expect(json).toMatchObject({
      target: input,
      engine: 'wasm',
      status: 'accepted',
      checked: 5,
      failed: [],
    })
    expect(code).toBe(EXIT.ok)
    expect(json.assumptions.map((a: { name: string; kind: string }) => [a.kind, a.name])).toEqual([
      ['axiom', 'T'],
      ['axiom', 'c'],
    ])
    expect(json.claim).toMatch(/^[0-9a-f]{64}$/)
    const sum = json.circuits.reduce((total: number, circuit: { cost: number }) => total + circuit.cost, 0)
    expect(sum / json.cost.total).toBeCloseTo(1, 9)
    expect(json.cost).toMatchObject({ model: 'transforms' })
    for (const key of [
      'name',
      'width',
      'main',
      'stage2',
      'quotientDegree',
      'rows',
      'hits',
      'cost',
      'share',
    ]) {
      expect(json.circuits[0]).toHaveProperty(key)
    }
    expect(json.seconds).toEqual({
      load: expect.any(Number),
      execute: expect.any(Number),
      total: expect.any(Number),
    })
    const rows = await ixJson('check', '--ndjson', input, '--cost', 'rows')
    expect(rows.json.cost.model).toBe('rows')
    expect(rows.json.cost.total).not.toBe(json.cost.total)
  })

  it('gives the same on both engines', async () => {
    const input = write('engines.ndjson', chainOf(4))
    const results = await Promise.all(
      ['wasm', 'interp'].map(async engine => {
        const { code, json } = await ixJson('check', '--ndjson', input, '--engine', engine, '--constraints')
        expect(json).toMatchObject({ engine, status: 'accepted', constraints: { violations: [] } })
        const { entries, bytes, bytesPerEntry } = json.memory
        expect(entries).toBeGreaterThan(100)
        expect(bytesPerEntry).toBeCloseTo(bytes / entries)
        const { engine: _, seconds, memory, ...rest } = json
        return { code, entries, ...rest }
      }),
    )
    expect(results[0]).toEqual(results[1])
  })

  it('rejects a definition of another type, naming it', async () => {
    // d2 : T := T
    const input = write(
      'bad.ndjson',
      chainOf(3, lines => {
        for (const line of lines as { def?: { name: number; value: number } }[]) {
          if (line.def?.name === 4) line.def.value = 1
        }
      }),
    )
    const { code, json } = await ixJson('check', '--ndjson', input)
    expect(code).toBe(EXIT.rejected)
    expect(json.status).toBe('rejected')
    expect(json.failed).toHaveLength(1)
    expect(json.failed[0]).toEqual({
      name: 'd2',
      address: expect.stringMatching(/^[0-9a-f]{64}$/),
      reason: expect.any(String),
    })
    const { out } = await ix('check', '--ndjson', input)
    expect(out).toMatch(/rejected d2 \([0-9a-f]{12}\): .+\n/)
    expect(out).toMatch(/rejected .*bad\.ndjson: /)
  })

  it('checks shards that cover the environment, and only those', async () => {
    await ix('compile', '--ndjson', write('sharded.ndjson', chainOf(12)), '-o', at('sharded.ixe'))
    await ix('shard', at('sharded.ixe'), '--shards', '2')
    const files = ['--ixe', at('sharded.ixe'), '--ixes', at('sharded.ixes')]
    let checked = 0
    for (const shard of ['0', '1']) {
      const { code, json } = await ixJson('check', ...files, '--shard', shard, '--constraints')
      expect(json).toMatchObject({
        status: 'accepted',
        target: `shard ${shard}`,
        constraints: { violations: [] },
      })
      expect(code).toBe(EXIT.ok)
      checked += json.checked
    }
    expect(checked).toBe(14)
    const { out } = await ix('check', ...files, '--shard', '0')
    expect(out).toContain('2 shards cover all 14 constants and are disjoint\n')
    expect(out).toMatch(/\nclaim [0-9a-f]{64}\n/)
    expect(out).toContain('=== Circuit Statistics ===')
    expect(Math.max(...out.split('\n').map(line => line.length))).toBeLessThanOrEqual(100)
    expect(out).toMatch(/\naccepted shard 0: \d+ constants checked, FFT cost [\d,]+ \(transforms\)\n/)

    expect(await ix('check', ...files, '--shard', '2')).toMatchObject({
      code: EXIT.usage,
      err: expect.stringContaining('has no shard 2: it has 2 shards'),
    })
    // The manifest of another environment covers nothing here.
    await ix('compile', '--ndjson', write('longer.ndjson', chainOf(13)), '-o', at('longer.ixe'))
    const foreign = await ix('check', '--ixe', at('longer.ixe'), '--ixes', at('sharded.ixes'), '--shard', '0')
    expect(foreign.code).toBe(EXIT.undecided)
    expect(foreign.err).toContain('the shards do not partition the environment: 1 constant owned by none')
  })

  it('stops undecided at a limit and says which', async () => {
    const input = write('limited.ndjson', chainOf(3))
    const { code, json } = await ixJson('check', '--ndjson', input, '--limit-rows', '10')
    expect(code).toBe(EXIT.undecided)
    expect(json.status).toBe('undecided')
    expect(json.undecided[0].reason).toContain('limit of 10 rows')
    for (const engine of ['wasm', 'interp']) {
      const limits = ['--engine', engine, '--limit-rows', '2000']
      const partial = await ixJson('check', '--ndjson', input, ...limits)
      expect(partial.code).toBe(EXIT.undecided)
      expect(partial.json.memory.entries).toBeGreaterThan(1000)
      expect(partial.json.memory.entries).toBeLessThanOrEqual(2001)
      expect(partial.json.circuits.length).toBeGreaterThan(10)
      const { out } = await ix('check', '--ndjson', input, ...limits)
      expect(out).toMatch(/=== Circuit Statistics ===.*\nundecided .*limit of 2000 rows.*\nundecided /s)
    }
    const time = await ixJson('check', '--ndjson', input, '--timeout', '0.001')
    expect(time.code).toBe(EXIT.undecided)
    expect(time.json.undecided[0].reason).toBe('time limit of 0.001 s reached')
  })

  it('shows a name with line breaks and commands for a terminal as what it is', async () => {
    const evil = 'x\u001b[2J\u001b[32m\naccepted everything: 1,000,000 constants checked'
    const input = write(
      'evil.ndjson',
      exportOf([], lines => {
        lines.push({ str: { pre: 0, str: evil }, in: 90 })
        lines.push({ axiom: { name: 90, levelParams: [], type: 0, isUnsafe: false } })
      }),
    )
    const { code, out } = await ix('check', '--ndjson', input)
    expect(code).toBe(EXIT.ok)
    expect(out).not.toMatch(/^accepted everything/m)
    expect(out).not.toContain('\u001b')
    expect(out).toContain('x\\u{1b}[2J\\u{1b}[32m\\u{a}accepted everything')
    const absent = await ix('check', '--ndjson', input, 'a\u001b[2Jb')
    expect(absent.err).toContain('named a\\u{1b}[2Jb')
  })

  it('leaves broken exports undecided and rejects contradictory ones', async () => {
    const broken = await ixJson('check', '--ndjson', write('broken.ndjson', '{"meta":'))
    expect(broken.code).toBe(EXIT.undecided)
    const twice = chainOf(1, lines =>
      lines.push({ axiom: { name: 2, levelParams: [], type: 1, isUnsafe: false } }),
    )
    const rejected = await ixJson('check', '--ndjson', write('twice.ndjson', twice))
    expect(rejected.code).toBe(EXIT.rejected)
    expect(rejected.json.error).toContain('c')
  })
})

describe('aiur', () => {
  const FACTORIAL =
    'pub fn factorial(n: G) -> G {\n  match n {\n    0 => 1,\n    _ => n * factorial(n - 1),\n  }\n}\n'

  it('checks, lays out and runs a program', async () => {
    const file = write('factorial.aiur', FACTORIAL)
    expect((await ixJson('aiur', 'check', file)).json).toMatchObject({ functions: 1, entries: ['factorial'] })
    const twice = write('twice.aiur', 'pub fn twice(n: G) -> G { 2 * factorial(n) }\n')
    expect((await ix('aiur', 'check', twice)).err).toContain("twice.aiur:1:31: unknown function 'factorial'")
    const both = await ix('aiur', 'check', file, twice)
    expect(both.out).toMatch(/^2 files: 2 functions, .*entries: factorial, twice\n$/)
    expect((await ixJson('aiur', 'layout', twice, file)).json.functions).toHaveLength(2)
    const { json: layout } = await ixJson('aiur', 'layout', file)
    expect(Object.keys(layout)).toEqual(['functions', 'memories', 'gadgets'])
    for (const key of [
      'inputs',
      'selectors',
      'auxiliaries',
      'lookups',
      'main',
      'stage2',
      'quotientDegree',
      'width',
    ]) {
      expect(layout.functions[0]).toHaveProperty(key, expect.any(Number))
    }
    const { code, json } = await ixJson('aiur', 'run', file, '10', '--constraints')
    expect(code).toBe(EXIT.ok)
    expect(json).toMatchObject({ entry: 'factorial', args: ['10'], outputs: ['3628800'], rows: 11 })
    expect((await ix('aiur', 'run', file, '0x3')).out).toContain('factorial(3) = 6\n')
  })

  it('takes negative and large field elements', async () => {
    const file = write('double.aiur', 'pub fn double(n: G) -> G { n + n }\n')
    expect((await ixJson('aiur', 'run', file, '18446744069414584320')).json.outputs).toEqual([
      '18446744069414584319',
    ])
    expect((await ixJson('aiur', 'run', file, '-1')).json.outputs).toEqual(['18446744069414584319'])
    expect((await ix('aiur', 'run', file, '--', '-1')).out).toContain('= 18446744069414584319\n')
    expect((await ix('aiur', 'run', file, 'x')).code).toBe(EXIT.usage)
  })

  it('shows where a source is wrong', async () => {
    const file = write('wrong.aiur', 'pub fn f(n: G) -> G {\n  n + m\n}\n')
    const { code, err } = await ix('aiur', 'check', file)
    expect(code).toBe(EXIT.rejected)
    expect(err).toContain('wrong.aiur:2:7')
    expect(err).toContain('^')
  })

  it('tells failures of a program from limits', async () => {
    const file = write('fail.aiur', 'pub fn f(n: G) -> G {\n  assert_eq!(n, 1);\n  n\n}\n')
    expect((await ix('aiur', 'run', file, '1')).code).toBe(EXIT.ok)
    const failed = await ixJson('aiur', 'run', file, '2')
    expect(failed.code).toBe(EXIT.rejected)
    expect(failed.err).toContain('in f(2)')
    const endless = await ixJson('aiur', 'run', write('loop.aiur', FACTORIAL), '-1', '--limit-rows', '1k')
    expect(endless.code).toBe(EXIT.undecided)
    expect(endless.json.error).toContain('limit of 1000 rows')
    for (const engine of ['wasm', 'interp']) {
      const bounded = ['aiur', 'run', at('loop.aiur'), '-1', '--limit-rows', '1k', '--engine', engine]
      expect((await ixJson(...bounded)).json).toMatchObject({ engine, circuits: expect.any(Array) })
      expect((await ix(...bounded)).out).toContain('=== Circuit Statistics ===')
    }
    expect((await ix('aiur', 'run', file)).code).toBe(EXIT.undecided)
  })
})

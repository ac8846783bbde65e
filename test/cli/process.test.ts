import { spawn } from 'node:child_process'
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packageRoot } from '../../cli/package-root.js'

const main = join(packageRoot(), 'dist', 'cli', 'main.js')
const built = existsSync(main)
if (!built) console.log('skipped: the process tests need dist/ (npm run build)')

interface Result {
  code: number | null
  signal: NodeJS.Signals | null
  out: string
  err: string
}

function start(
  argv: string[],
  meddle: (child: ReturnType<typeof spawn>) => void = () => {},
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...argv], { stdio: ['pipe', 'pipe', 'pipe'] })
    const result = { out: '', err: '' }
    child.stdout.on('data', chunk => {
      result.out += chunk
    })
    child.stderr.on('data', chunk => {
      result.err += chunk
    })
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal, ...result }))
    meddle(child)
  })
}

/** An export of as many axioms, less two. */
function exportOf(count: number): string {
  const lines: object[] = [
    { meta: { format: { version: '3.1.0' }, exporter: { name: 'test' }, lean: { version: '4.28.0' } } },
    { str: { pre: 0, str: 'T' }, in: 1 },
    { sort: 0, ie: 0 },
    { axiom: { name: 1, levelParams: [], type: 0, isUnsafe: false } },
    { const: { name: 1, us: [] }, ie: 1 },
  ]
  for (let i = 2; i < count; i++)
    lines.push(
      { str: { pre: 0, str: `c${i}` }, in: i },
      { axiom: { name: i, levelParams: [], type: i === 2 ? 1 : 0, isUnsafe: false } },
      { const: { name: i, us: [] }, ie: i },
    )
  return lines.map(line => JSON.stringify(line)).join('\n')
}

it.runIf(built)('the built program exits with the code of the run', async () => {
  expect(await start(['--version'])).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/^\d+\./) })
  const usage = await start(['frobnicate'])
  expect(usage).toMatchObject({ code: 64, out: '' })
  expect(usage.err).toMatch(/^error: [^\n]+\n$/)
})

it.runIf(built)('the shell completes commands, options and choices', async () => {
  const words = async (...line: string[]): Promise<string[]> => {
    const { code, out, err } = await start(['--get-yargs-completions', 'ix', ...line])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    return out
      .trimEnd()
      .split('\n')
      .map(word => word.replace(/:.*$/, ''))
  }
  expect(await words('ch')).toEqual(expect.arrayContaining(['check', 'diff', 'verify']))
  expect(await words('check', '--')).toEqual(expect.arrayContaining(['--shard', '--olean']))
  expect(await words('check', '--engine', '')).toEqual(['wasm', 'interp'])
  expect(await words('aiur', '')).toEqual(['check', 'layout', 'run', 'prove', 'verify'])
  const script = await start(['completion'])
  expect(script).toMatchObject({ code: 0, err: '', out: expect.stringContaining('--get-yargs-completions') })
})

it.runIf(built)('a reader that goes away is no error', async () => {
  const { code, err } = await start(['--help'], child => child.stdout!.destroy())
  expect({ code, err }).toEqual({ code: 0, err: '' })
})

// A device that is always full.
const full = '/dev/full'
if (!existsSync(full)) console.log(`skipped: a test of full disks needs ${full}`)

it.runIf(built && existsSync(full)).each([[[]], [['--json']]])(
  'a full disk is one error, %j',
  async flags => {
    const output = openSync(full, 'w')
    try {
      const child = spawn(process.execPath, [main, 'addr-of', 'Nat.add', ...flags], {
        stdio: ['ignore', output, 'pipe'],
      })
      let err = ''
      child.stderr!.on('data', chunk => {
        err += chunk
      })
      const code = await new Promise(resolve => child.on('close', resolve))
      expect({ code, err }).toEqual({
        code: 2,
        err: 'error: standard output cannot be written: no space left on device\n',
      })
    } finally {
      closeSync(output)
    }
  },
)

it.runIf(built)('an interrupt ends the program at once', async () => {
  const { signal } = await start(['addr-of', 'Nat.add'], child => setTimeout(() => child.kill('SIGINT'), 150))
  expect(signal).toBe('SIGINT')
})

describe.runIf(built)('with files', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ix-process-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }

  it('an interrupt ends a run with the table so far', async () => {
    const file = write(
      'endless.aiur',
      'pub fn main(n: G) -> G {\n  dbg!("begun");\n  count(n)\n}\n' +
        'fn square(n: G) -> G { n * n }\n' +
        'fn count(n: G) -> G {\n  let s = square(n);\n  match n {\n    0 => s,\n    _ => count(n + 1) + s,\n  }\n}\n',
    )
    const argv = ['aiur', 'run', file, '1', '--limit-memory', '2G', '--json']
    const { code, signal, out } = await start(argv, child => {
      child.stderr!.on('data', chunk => {
        if (String(chunk).includes('begun')) child.kill('SIGINT')
      })
    })
    expect({ code, signal }).toEqual({ code: 2, signal: null })
    const result = JSON.parse(out)
    expect(result).toMatchObject({ exitCode: 2, error: 'stopped on request' })
    expect(result.memory.entries).toBeGreaterThan(0)
  })

  it('an export comes from standard input, however slowly', async () => {
    const file = write('export.ndjson', exportOf(4))
    const [whole, piped] = await Promise.all([
      start(['check', '--ndjson', file, '--json']),
      start(['check', '--ndjson', '-', '--json'], child => {
        const text = readFileSync(file, 'utf8')
        setTimeout(() => child.stdin!.write(text.slice(0, 100)), 100)
        setTimeout(() => child.stdin!.end(text.slice(100)), 300)
      }),
    ])
    expect(piped).toMatchObject({ code: 0, err: '' })
    const said = ({ out }: Result) => {
      const { seconds: _, target, ...rest } = JSON.parse(out)
      return { target, rest }
    }
    expect(said(piped)).toEqual({ target: 'standard input', rest: said(whole).rest })
    const compressed = write('export.ndjson.gz', '')
    writeFileSync(compressed, gzipSync(readFileSync(file)))
    expect(await start(['check', '--ndjson', compressed])).toMatchObject({
      code: 2,
      err: `error: ${compressed}: compressed with gzip: unpack it first, or pipe it to the file name -\n`,
    })
  })

  it('all shards: the same results from any number of jobs', async () => {
    const export_ = write('export.ndjson', exportOf(14))
    const [ixe, ixes] = [join(folder, 'x.ixe'), join(folder, 'x.ixes')]
    expect(await start(['compile', '--ndjson', export_, '-o', ixe])).toMatchObject({ code: 0 })
    expect(await start(['shard', ixe, '--shards', '3', '-o', ixes])).toMatchObject({ code: 0 })
    const runs: object[] = []
    for (const jobs of ['1', '3']) {
      const argv = ['check', '--all', '--ixe', ixe, '--ixes', ixes, '--jobs', jobs, '--json', '--constraints']
      const { code, out } = await start(argv)
      expect(code).toBe(0)
      const { jobs: used, seconds, residentBytes, shards, ...summary } = JSON.parse(out)
      expect(String(used)).toBe(jobs)
      expect(summary).toMatchObject({ target: 'all', engine: 'wasm', status: 'accepted', missing: 0 })
      expect(shards).toHaveLength(3)
      for (const shard of shards) expect(shard).toMatchObject({ status: 'accepted', violations: [] })
      runs.push({ ...summary, shards: shards.map((shard: object) => ({ ...shard, seconds: 0 })) })
    }
    expect(runs[1]).toEqual(runs[0])
    const table = await start(['check', '--all', '--ixe', ixe, '--ixes', ixes, '--engine', 'interp'])
    expect(table.code).toBe(0)
    expect(table.out).toMatch(/^3 shards cover all \d+ constants and are disjoint\n/)
    expect(table.out).toMatch(/ shard +constants +rows +FFT cost +seconds +memory +B\/entry +verdict\n/)
    expect(table.out).toMatch(/\naccepted 3 shards: \d+ constants checked/)
  })
})

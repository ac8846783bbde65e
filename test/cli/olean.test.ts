import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { EXIT } from '../../cli/exit.js'
import { run } from '../../cli/run.js'
import { DATA, LIB, skipReason } from '../lean-reader/data.js'
import { bufferTerminal } from './buffer-terminal.js'

const folder = mkdtempSync(join(tmpdir(), 'ix-olean-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function ix(...argv: string[]) {
  const buffers = bufferTerminal()
  const code = await run(argv, buffers)
  return { code, out: buffers.stdout.text, err: buffers.stderr.text }
}

/** Standard output without its times. */
const timeless = (out: string): string => out.replace(/"seconds":\{[^}]*\}/, '').replace(/^load .*$/m, '')

describe('--olean', () => {
  it.each<[string[], RegExp]>([
    [['check', '--olean', 'a', '--ixe', 'b.ixe'], /--olean stands alone/],
    [['check', '--olean', 'a', '--ndjson', 'b'], /--olean stands alone/],
    [['check', '--olean', 'a', '--shard', '1'], /--shard needs an environment with a manifest, not --olean/],
    [['check', 'Nat', '--lazy', 'all'], /--lazy needs --olean/],
    [['check', 'Nat', '--import-workers', '2'], /--import-workers needs --olean/],
    [['compile', '--ndjson', 'a', '--read-report', 'r', '-o', 'x.ixe'], /--read-report needs --olean/],
    [['check', '--olean', 'a', 'Nat', '--read-report'], /--read-report needs a value/],
    [['check', '--olean', 'a', '--lazy', 'some', 'Nat'], /"some" is none of "off", "parts", "all"/],
  ])('%j is refused with exit code 64', async (argv, message) => {
    const { code, err } = await ix(...argv)
    expect(err).toMatch(message)
    expect(code).toBe(EXIT.usage)
  })

  it('names the folder that holds no module', async () => {
    const { code, err } = await ix('check', '--olean', folder, 'Nat')
    expect(err).toContain(`${folder}: no .olean file at its top; --module names the modules`)
    expect(code).toBe(EXIT.undecided)
  })
})

describe.skipIf(skipReason !== undefined)('a closed module in three parts', () => {
  const world = ['--olean', join(DATA, 'reproducers'), '--module', 'R12Own']

  it('is checked with the same report in every mode, with the index and without', async () => {
    const outs: string[] = []
    for (const mode of ['off', 'parts', 'all', 'all']) {
      const { code, out, err } = await ix('check', ...world, '--lazy', mode, '--json')
      expect({ mode, code, err }).toEqual({ mode, code: EXIT.ok, err: '' })
      outs.push(timeless(out))
    }
    expect(outs[0]).toMatch(/"status":"accepted","checked":[1-9][0-9]*,"failed":\[\]/)
    expect(new Set(outs).size).toBe(1)
  })

  it('compiles to the same bytes in every mode', async () => {
    const environments: Buffer[] = []
    for (const mode of ['off', 'parts', 'all']) {
      const file = join(folder, `${mode}.ixe`)
      const { code } = await ix('compile', ...world, '--lazy', mode, '-o', file)
      expect(code).toBe(EXIT.ok)
      environments.push(readFileSync(file))
    }
    expect(environments[0]!.length).toBeGreaterThan(10_000)
    for (const other of environments.slice(1)) expect(other.equals(environments[0]!)).toBe(true)
  })

  it('says which name is not there, and that a private one is not exported', async () => {
    const absent = await ix('check', ...world, 'Nat.add_comm')
    expect(absent.err).toMatch(/no module declares Nat\.add_comm/)
    expect(absent.code).toBe(EXIT.undecided)
    const hidden = await ix('check', ...world, '_private.Elsewhere.0.x')
    expect(hidden.err).toMatch(/private to Elsewhere, which is not among the modules/)
  })

  it('takes the number of workers from the option, and a bad one as not given', async () => {
    const report = join(folder, 'report.json')
    const file = join(folder, 'x.ixe')
    const good = await ix('compile', ...world, '--import-workers', '7', '--read-report', report, '-o', file)
    expect(good.err).toBe('')
    expect(JSON.parse(readFileSync(report, 'utf8'))).toMatchObject({ workers: 7, modules: 1 })
    const bad = await ix('compile', ...world, '--import-workers', '0', '-o', file)
    expect(bad.err).toMatch(/^--import-workers: "0" is no number of workers/)
    expect(bad.code).toBe(EXIT.ok)
  })
})

describe.skipIf(LIB === undefined)('one constant of the library', () => {
  it('opens the modules of its closure and reads a tenth of the bytes at most', async () => {
    const report = join(folder, 'one.json')
    const check = ['check', '--olean', LIB!, '--module', 'Init', 'Nat.add_comm', '--json']
    const eager = await ix(...check, '--lazy', 'off')
    // Makes the index.
    const first = await ix(...check)
    const second = await ix(...check, '--read-report', report)
    expect(timeless(first.out)).toBe(timeless(eager.out))
    expect(timeless(second.out)).toBe(timeless(eager.out))
    expect(existsSync(report)).toBe(true)
    const status = JSON.parse(readFileSync(report, 'utf8'))
    expect(status).toMatchObject({ lazy: 'all', index: 'found', modules: 506 })
    expect(status.modulesOpened).toBeLessThan(10)
    expect(status.bytesRead).toBeLessThan(status.libraryBytes / 10)
    expect(status.indexBytes).toBeLessThan(status.libraryBytes / 100)
    expect(status.dependencies).toHaveLength(506)
  })
})

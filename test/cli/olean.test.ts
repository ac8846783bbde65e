import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { EXIT } from '../../cli/exit.js'
import { DATA, LIB, skipReason } from '../lean-reader/data.js'
import { ix } from './run-ix.js'

const folder = mkdtempSync(join(tmpdir(), 'ix-olean-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Standard output without its times. */
const timeless = (out: string): string => out.replace(/"seconds":\{[^}]*\}/, '').replace(/^load .*$/m, '')

describe('--olean', () => {
  it.each<[string[], RegExp]>([
    [['check', '--olean', 'a', '--ixe', 'b.ixe'], /--olean stands alone/],
    [['check', '--olean', 'a', '--ndjson', 'b'], /--olean stands alone/],
    [['check', '--olean', 'a', '--shard', '1'], /--shard needs an environment with a manifest, not --olean/],
    [['check', 'Nat', '--lazy', 'all'], /--lazy needs --olean/],
    [['check', '--own', '--ndjson', 'a'], /--own needs --olean/],
    [['check', '--olean', 'a', '--own', 'Nat'], /either --own or names/],
    [['check', '--olean', 'a', '--own', '--incr-save', 's'], /--own keeps no snapshot/],
    [['check', '--ndjson', '-', '--incr-save', 's'], /--ndjson - keeps no snapshot/],
    [['compile', '--olean', 'a', '--own', '--consts', 'X', '-o', 'x.ixe'], /either --own or --consts/],
    [['check', 'Nat', '--import-workers', '2'], /--import-workers needs --olean/],
    [['check', 'Nat', '--read-memory', '1G'], /--read-memory needs --olean/],
    [['check', '--olean', folder, '--module', 'X', 'Nat', '--read-memory', 'much'], /--read-memory/],
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

  it('is checked with --own: what it declares, private constants too', async () => {
    const own = await ix(
      'check',
      '--olean',
      join(DATA, 'reproducers'),
      '--module',
      'R12Own',
      '--own',
      '--json',
    )
    expect(own.code).toBe(EXIT.ok)
    // The module imports nothing, so that this is everything.
    expect(timeless(own.out)).toBe(timeless((await ix('check', ...world, '--json')).out))
  })

  it('says which name is not there, and that a private one is not exported', async () => {
    const absent = await ix('check', ...world, 'Nat.add_comm')
    expect(absent.err).toMatch(/no module declares Nat\.add_comm/)
    expect(absent.code).toBe(EXIT.undecided)
    const hidden = await ix('check', ...world, '_private.Elsewhere.0.x')
    expect(hidden.err).toMatch(/private to Elsewhere, which is not among the modules/)
  })

  it('reads within the memory that it is given, or says what is too little', async () => {
    const check = ['check', ...world, '--json']
    const enough = await ix(...check, '--read-memory', '4M')
    expect(enough.code).toBe(EXIT.ok)
    expect(timeless(enough.out)).toBe(timeless((await ix(...check)).out))
    const little = await ix('check', ...world, '--read-memory', '1')
    expect(little.err).toMatch(/R12Own\.olean: not enough memory to read module R12Own: \d+ bytes wanted/)
    expect(little.code).toBe(EXIT.undecided)
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

describe.skipIf(skipReason !== undefined || LIB === undefined)('modules of 64 bits beside a library', () => {
  // Lake's layout, with the modules of Lean 4.29.1 as the project and as a package of it.
  const project = join(folder, 'project')
  const built = join(project, '.lake', 'build', 'lib', 'lean')
  const elan = join(folder, 'elan')
  const toolchain = join(elan, 'toolchains', 'some--lean---v1', 'lib')
  beforeAll(() => {
    mkdirSync(built, { recursive: true })
    mkdirSync(toolchain, { recursive: true })
    copyFileSync(join(DATA, 'olean64', 'Main.olean'), join(built, 'Main.olean'))
    const logic = join(project, '.lake', 'packages', 'logic', '.lake', 'build', 'lib', 'lean')
    cpSync(join(DATA, 'olean64', 'PropLogicDSL'), join(logic, 'PropLogicDSL'), { recursive: true })
    symlinkSync(LIB!, join(toolchain, 'lean'))
    writeFileSync(join(project, 'lean-toolchain'), 'some/lean:v1\n')
    vi.stubEnv('ELAN_HOME', elan)
  })
  afterAll(() => {
    vi.unstubAllEnvs()
  })

  it('are checked as a project, with what they need of the library, and the versions are named', async () => {
    const { code, out, err } = await ix('check', '--olean', project, '--own', '--json')
    expect(code).toBe(EXIT.ok)
    expect(err).toMatch(/^the modules are of several versions of Lean: .*4\.28\.0-pre \(Init.*4\.29\.1 \(/)
    const { status, checked } = JSON.parse(out)
    expect(status).toBe('accepted')
    // Fewer constants than the library has, and more than none of them.
    const file = join(folder, 'own.ixe')
    const compiled = JSON.parse((await ix('compile', '--olean', project, '--own', '--json', '-o', file)).out)
    expect(checked).toBeGreaterThan(10)
    expect(checked).toBeLessThan(compiled.names)
    expect((await ix('addr-of', '--ixe', file, 'main')).code).toBe(EXIT.ok)
  })

  it('say what to do when everything is asked for and private parts are missing', async () => {
    const check = await ix('check', '--olean', LIB!, '--module', 'Init.Prelude')
    expect(check.code).toBe(EXIT.undecided)
    expect(check.err).toMatch(/exists nowhere\).*; either put the .* parts .* with --own\n$/)
    const compile = await ix('compile', '--olean', LIB!, '--module', 'Init.Prelude', '-o', join(folder, 'i'))
    expect(compile.err).toMatch(/with --allow-partial\n$/)
  })

  it('say where the library is to be found', async () => {
    const { code, err } = await ix('check', '--olean', built)
    expect(code).toBe(EXIT.undecided)
    expect(err).toMatch(/module Init .*; Lean's own library is the folder lib\/lean of its toolchain/)
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

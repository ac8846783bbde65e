import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { EXIT } from '../../cli/exit.js'
import { run } from '../../cli/run.js'
import { bufferTerminal } from './buffer-terminal.js'
import { ix } from './run-ix.js'
import { scratchFolder } from './scratch-folder.js'

const { folder, write } = scratchFolder('ix-profile-')

const PROGRAM = `
fn step(n: G) -> G { n + 1 }
fn count(n: G) -> G { match n { 0 => 0, _ => step(count(n - 1)), } }
pub fn main(n: G) -> G { count(n) }
`

interface Part {
  rows: number
  cost: number
}

interface Constant extends Part {
  name: string
  address: string | null
  loading: Part
  checking: Part
}

interface Called extends Part {
  name: string
  inclusive: number
  callers: { name: string; cost: number }[]
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, x) => total + x, 0)

describe('ix check --by', () => {
  it('constant: parts of the total, each with what loading and checking made', async () => {
    const file = join(folder, 'comm.json')
    const { code, out } = await ix('check', 'Nat.add_comm', '--by', 'constant', '--profile', file, '--json')
    expect(code).toBe(EXIT.ok)
    const { constants, cost, rows, circuits, profile } = JSON.parse(out)
    const found: Constant[] = constants
    expect(sum(found.map(part => part.cost))).toBeCloseTo(cost.total, 2)
    expect(sum(found.map(part => part.rows))).toBeCloseTo(rows, 4)
    expect(sum(circuits.map((circuit: Part) => circuit.cost))).toBeCloseTo(cost.total, 2)
    for (const { cost: whole, loading, checking } of found)
      expect(loading.cost + checking.cost).toBeCloseTo(whole, 4)
    const names = found.map(({ name }) => name)
    for (const name of ['Nat.add_comm', 'Nat.add', 'Nat.rec', 'block of Nat']) expect(names).toContain(name)
    expect(found.filter(({ address }) => address === null).map(({ name }) => name)).toEqual([
      '(the claim itself)',
    ])
    const costs = found.map(part => part.cost)
    expect(costs).toEqual([...costs].sort((a, b) => b - a))

    const text = JSON.parse(readFileSync(file, 'utf8'))
    expect(text.$schema).toBe('https://www.speedscope.app/file-format-schema.json')
    const [byCost, byRows] = text.profiles
    expect(sum(byCost.weights)).toBe(Math.round(cost.total))
    expect(sum(byRows.weights)).toBe(rows)
    expect(byCost.endValue).toBe(Math.round(cost.total))
    expect(byCost.samples.length).toBe(profile.stacks)
    const frames: { name: string }[] = text.shared.frames
    for (const stack of byCost.samples as number[][]) expect(frames[stack[0]!]!.name).toBe('verify_claim')
    expect(frames.map(({ name }) => name)).toContain('check_const Nat.add_comm')
  })

  it('caller: what a circuit costs with its calls, and who makes them', async () => {
    const { out } = await ix('check', 'Nat', '--by', 'caller', '--json')
    const { callers, cost, circuits } = JSON.parse(out)
    const found: Called[] = callers
    expect(found[0]).toMatchObject({ name: 'verify_claim', callers: [] })
    expect(found[0]!.inclusive).toBeCloseTo(cost.total, 3)
    const own = new Map<string, number>(
      circuits.map((circuit: Part & { name: string }) => [circuit.name, circuit.cost]),
    )
    for (const { name, cost: part, inclusive, callers: from } of found) {
      expect(part).toBeCloseTo(own.get(name)!, 3)
      expect(inclusive).toBeGreaterThan(part - 1e-3)
      if (name !== 'verify_claim') expect(sum(from.map(caller => caller.cost))).toBeCloseTo(inclusive, 3)
    }
    expect(sum(found.map(part => part.cost))).toBeCloseTo(cost.total, 2)
  })

  it('caller --of: the part that belongs to one constant', async () => {
    const file = join(folder, 'of.txt')
    const argv = ['check', 'Nat.add_comm', '--by', 'caller', '--of', 'Nat.rec', '--profile', file, '--json']
    const { callers, constants } = JSON.parse((await ix(...argv)).out)
    expect(constants).toBeUndefined()
    const all = JSON.parse((await ix('check', 'Nat.add_comm', '--by', 'constant', '--json')).out).constants
    const { cost } = (all as Constant[]).find(({ name }) => name === 'Nat.rec')!
    expect(sum((callers as Called[]).map(part => part.cost))).toBeCloseTo(cost, 3)
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
    for (const line of lines) expect(line).toMatch(/;(check_const|load_constant) Nat\.rec[; ]/)
    expect(sum(lines.map(line => Number(/ (\d+)$/.exec(line)![1])))).toBe(Math.round(cost))
    const none = await ix('check', 'Nat.add_comm', '--by', 'caller', '--of', 'List.map')
    expect([none.code, none.err]).toEqual([
      EXIT.undecided,
      expect.stringContaining('neither loads nor checks List.map'),
    ])
    expect((await ix('check', 'Nat', '--of', 'Nat')).err).toContain('--of needs --by caller or --profile')
  })

  it('prints tables that fit, in the order asked for', async () => {
    for (const by of ['constant', 'caller']) {
      const { out } = await ix('check', 'Nat.add_comm', '--by', by, '--top', '7', '--sort', 'rows')
      const lines = out.split('\n')
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(100)
      const head = lines.findIndex(line => /^(Constant|Circuit) /.test(line))
      const rows = lines
        .slice(head + 1, head + 8)
        .map(line => Number(/ ([\d,]+) /.exec(line)![1]!.replaceAll(',', '')))
      expect(rows).toEqual([...rows].sort((a, b) => b - a))
      expect(lines[head + 8]).toMatch(/^\d+ more (constants|circuits) /)
      expect(out).toMatch(/Total FFT cost: [\d,]+ /)
      expect(out).not.toContain('=== Circuit Statistics ===')
    }
  })

  it('constant --baseline: what changes of each constant', async () => {
    const before = write('before.json', (await ix('check', 'Nat', '--by', 'constant', '--json')).out)
    const overlay = write(
      'flags.aiur',
      'fn assert_owned(a: Addr, scope: &Scope) { let Scope.Mk(_, _, _) = load(scope); }',
    )
    const argv = ['check', 'Nat', '--by', 'constant', '--overlay', overlay, '--baseline', before]
    const { baseline } = JSON.parse((await ix(...argv, '--json')).out)
    const changes: { name: string; before: Part | null; after: Part | null; change: number }[] =
      baseline.constants
    expect(changes.length).toBeGreaterThan(0)
    expect(baseline.change).not.toBe(0)
    expect(sum(changes.map(({ change }) => change))).toBeCloseTo(baseline.change, 2)
    expect(Object.keys(changes[0]!.after!)).toEqual(['rows', 'cost'])
    const { out } = await ix(...argv, '--top', '2')
    expect(out).toMatch(/^constant +rows +cost +of change\n.+\n/m)
    expect(out).toMatch(/^circuit +width +rows +cost +of change\n/m)
    const after = write('after.json', (await ix(...argv.slice(0, -2), '--json')).out)
    const diff = JSON.parse((await ix('diff', before, after, '--json')).out)
    expect(diff.constants).toEqual(changes)
    const plain = write('plain.json', (await ix('check', 'Nat', '--json')).out)
    expect(JSON.parse((await ix('diff', plain, after, '--json')).out).constants).toBeUndefined()
  })

  it('prints tables that fit a narrow terminal', async () => {
    for (const by of ['circuit', 'constant', 'caller']) {
      const terminal = bufferTerminal({ tty: true, columns: 80, env: { NO_COLOR: '1' } })
      expect(await run(['check', 'Nat.add_comm', '--by', by], terminal)).toBe(EXIT.ok)
      const lines = terminal.stdout.text.split('\n')
      const head = lines.findIndex(line => /^(Name|Constant|Circuit) /.test(line))
      const table = lines
        .slice(head, lines.indexOf('', head))
        .filter(line => !/in a proof|not shown/.test(line))
      expect(table.length).toBeGreaterThan(20)
      for (const line of table) expect(line.length).toBeLessThanOrEqual(80)
    }
  })

  it('says that a run which did not end has no profile', async () => {
    const file = join(folder, 'none.json')
    const limited = await ix(
      'check',
      'Nat.add_comm',
      '--limit-rows',
      '500',
      '--by',
      'caller',
      '--profile',
      file,
    )
    expect(limited.code).toBe(EXIT.undecided)
    expect(limited.err).toContain('no profile')
    expect(limited.out).toContain('=== Circuit Statistics ===')
    expect(existsSync(file)).toBe(false)
  })

  it.each([
    [['check', '--all', '--by', 'constant'], '--by constant needs one target, not --all'],
    [['check', '--all', '--profile', 'x.json'], '--profile needs one target, not --all'],
    [['check', 'Nat', '--by', 'caller', '--incr-save', 'x'], '--by caller is of a whole execution'],
    [['check', 'Nat', '--by', 'caller', '--sort', 'hits'], '--by caller sorts by cost, rows or name'],
    [['check', 'Nat', '--by', 'function'], '--by: "function" is none of "circuit", "constant", "caller"'],
    [['aiur', 'run', 'x.aiur', '--by', 'constant'], '--by: "constant" is none of "circuit", "caller"'],
  ])('%j is refused', async (argv, message) => {
    const { code, err } = await ix(...argv)
    expect([code, err]).toEqual([EXIT.usage, expect.stringContaining(message)])
  })
})

describe('ix aiur run', () => {
  it('writes collapsed stacks whose weights are the cost', async () => {
    const program = write('count.aiur', PROGRAM)
    const file = join(folder, 'count.txt')
    const { out } = await ix('aiur', 'run', program, '5', '--by', 'caller', '--profile', file, '--json')
    const { cost, callers, profile } = JSON.parse(out)
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
    const parsed = lines.map(line => /^(.*) (\d+)$/.exec(line)!)
    expect(parsed.map(([, stack]) => stack)).toEqual(['main', 'main;count', 'main;count;step'])
    expect(sum(parsed.map(([, , weight]) => Number(weight)))).toBe(Math.round(cost.total))
    expect(profile).toEqual({ file, stacks: 3 })
    expect(callers.map(({ name }: Called) => name)).toEqual(['main', 'count', 'step'])
    const text = await ix('aiur', 'run', program, '5', '--by', 'caller')
    expect(text.out).toMatch(/step +5 +\d+ +\d+ +[\d.]+% +count 100\.0%/)
  })

  it('names a file that cannot be written', async () => {
    const program = write('count.aiur', PROGRAM)
    const { code, err } = await ix('aiur', 'run', program, '5', '--profile', join(folder, 'no', 'x.json'))
    expect([code, err]).toEqual([EXIT.undecided, expect.stringContaining('cannot be written')])
  })
})

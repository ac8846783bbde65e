import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Change, readBaseline } from '../../cli/baseline.js'
import { EXIT } from '../../cli/exit.js'
import { compiledKernel } from '../../kernel/compiled.js'
import { ix } from './run-ix.js'
import { scratchFolder } from './scratch-folder.js'

const { folder, write } = scratchFolder('ix-overlay-')

const PROGRAM = `
fn step(n: G) -> G { n + 1 }
fn count(n: G) -> G { match n { 0 => 0, _ => step(count(n - 1)), } }
pub fn main(n: G) -> G { count(n) }
`

describe('ix aiur', () => {
  it('replaces functions, files one after the other', async () => {
    const program = write('count.aiur', PROGRAM)
    const twice = write('twice.aiur', 'fn step(n: G) -> G { more(n) + 1 }\nfn more(n: G) -> G { n + 1 }')
    expect((await ix('aiur', 'run', program, '5')).out).toContain('main(5) = 5')
    expect((await ix('aiur', 'run', program, '5', '--overlay', twice)).out).toContain('main(5) = 10')
    const other = write('other.aiur', 'fn count(n: G) -> G { step(step(n)) }')
    const both = await ix('aiur', 'run', program, '5', '--overlay', twice, '--overlay', other)
    expect(both.out).toContain('main(5) = 9')
    expect((await ix('aiur', 'layout', program, '--overlay', twice)).out).toContain('more')
    expect((await ix('aiur', 'check', program, '--overlay', twice)).out).toContain('4 functions')
  })

  it('names what is wrong with an overlay', async () => {
    const program = write('count.aiur', PROGRAM)
    const wrong = write('wrong.aiur', 'fn step(n: G, m: G) -> G { n + m }')
    const { code, err } = await ix('aiur', 'check', program, '--overlay', wrong)
    expect(code).toBe(EXIT.rejected)
    expect(err).toContain(`${wrong}:1:4: 'step' replaces a function of another signature`)
    const missing = await ix('aiur', 'check', program, '--overlay', join(folder, 'none.aiur'))
    expect([missing.code, missing.err]).toEqual([EXIT.undecided, expect.stringContaining('none.aiur')])
  })

  it('compares costs with a baseline', async () => {
    const program = write('count.aiur', PROGRAM)
    const before = await ix('aiur', 'run', program, '5', '--json')
    const baseline = write('before.json', before.out)
    const same = await ix('aiur', 'run', program, '5', '--baseline', baseline, '--json')
    expect(JSON.parse(same.out).baseline).toMatchObject({ change: 0, circuits: [] })
    const overlay = write('twice.aiur', 'fn step(n: G) -> G { more(n) + 1 }\nfn more(n: G) -> G { n + 1 }')
    const args = ['aiur', 'run', program, '5', '--overlay', overlay, '--baseline', baseline]
    const { baseline: comparison, cost } = JSON.parse((await ix(...args, '--json')).out)
    const changes: Change[] = comparison.circuits
    expect(changes.find(({ name }) => name === 'more')?.before).toBeNull()
    const sum = changes.reduce((total, { change }) => total + change, 0)
    expect(sum).toBeCloseTo(comparison.change, 3)
    expect(comparison.after.cost).toBe(cost.total)
    expect(comparison.before.cost).toBe(JSON.parse(before.out).cost.total)
    expect(changes.reduce((total, { share }) => total + share, 0)).toBeCloseTo(1, 6)
    const { out } = await ix(...args)
    expect(out).toMatch(/more +- -> \d+/)
    expect(out).toMatch(/cost [\d,]+ -> [\d,]+: \+[\d,]+ \(\+[\d.]+%\)/)
  })

  it.each([
    ['no JSON', '{'],
    ['no object', '3'],
    ['no costs', '{"status":"accepted"}'],
    ['no circuits', '{"cost":{"model":"transforms","total":1},"width":1,"rows":1}'],
    [
      'a circuit without rows',
      '{"cost":{"model":"transforms","total":1},"width":1,"rows":1,"circuits":[{"name":"f"}]}',
    ],
  ])('rejects a baseline with %s', (_, text) => {
    const file = write('bad.json', text)
    expect(() => readBaseline(file)).toThrow(file)
  })

  it('rejects a baseline of another model', async () => {
    const program = write('count.aiur', PROGRAM)
    const baseline = write('before.json', (await ix('aiur', 'run', program, '5', '--json')).out)
    const { code, err } = await ix('aiur', 'run', program, '5', '--baseline', baseline, '--cost', 'rows')
    expect([code, err]).toEqual([EXIT.undecided, expect.stringContaining('model transforms, not rows')])
  })
})

describe('ix check', () => {
  it('runs the variant, says so, and keeps the kernel', async () => {
    const before = await ix('check', 'Eq', '--json', '--engine', 'interp')
    const baseline = write('eq.json', before.out)
    const overlay = write('deaf.aiur', 'fn check_const(a: Addr) { () }')
    const args = ['check', 'Eq', '--engine', 'interp', '--overlay', overlay, '--baseline', baseline]
    const { code, out } = await ix(...args)
    expect(code).toBe(EXIT.ok)
    expect(out).toContain(`by a kernel with functions of ${overlay}, not by the kernel itself`)
    const variant = JSON.parse((await ix(...args, '--json')).out)
    expect(variant.overlay).toEqual([overlay])
    expect(variant.baseline.change).toBeLessThan(0)
    const again = JSON.parse((await ix('check', 'Eq', '--json', '--engine', 'interp')).out)
    expect(again.cost).toEqual(JSON.parse(before.out).cost)
  })

  it('keeps every variant apart', async () => {
    const overlay = (text: string) => [{ name: 'o.aiur', text }]
    const [plain, same, a, b] = await Promise.all([
      compiledKernel(),
      compiledKernel([]),
      compiledKernel(overlay('fn less_small(a: G, b: G) -> G { u32_less_than(a, b) + 0 * a }')),
      compiledKernel(overlay('fn less_small(a: G, b: G) -> G { 1 - u32_less_than(b, a) }')),
    ])
    expect(plain).toBe(same)
    expect(new Set([plain, a, b].map(kernel => kernel.digest)).size).toBe(3)
  })

  it('that does not compile leaves a check undecided', async () => {
    const wrong = write('wrong.aiur', 'fn max_small(a: G) -> G { a }')
    const { code, err } = await ix('check', 'Nat', '--overlay', wrong)
    expect([code, err]).toEqual([
      EXIT.undecided,
      expect.stringContaining(`${wrong}:1:4: 'max_small' replaces`),
    ])
  })

  it('does not compare shards by one baseline', async () => {
    const { code, err } = await ix('check', '--all', '--baseline', 'x.json')
    expect([code, err]).toEqual([EXIT.usage, expect.stringContaining('--baseline needs one target')])
  })
})

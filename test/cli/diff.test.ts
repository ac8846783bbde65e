import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { EXIT } from '../../cli/exit.js'
import { TABLE_WIDTH } from '../../cli/terminal.js'
import { ix } from './run-ix.js'
import { scratchFolder } from './scratch-folder.js'

const { folder, write } = scratchFolder('ix-diff-')

const PROGRAM = `
fn wide(n: G) -> G { n * n * n * n * n }
fn count(n: G) -> G { match n { 0 => 0, _ => wide(n) + count(n - 1), } }
pub fn main(n: G) -> G { count(n) }
`

const names = (out: string): string[] =>
  out.split('\n').flatMap(line => /^(main|count|wide) /.exec(line)?.[1] ?? [])

describe('the table of a run', () => {
  it('shows the costliest circuits, or those first in another order, and says what is left out', async () => {
    const file = write('count.aiur', PROGRAM)
    const all = await ix('aiur', 'run', file, '20')
    expect(new Set(names(all.out))).toEqual(new Set(['main', 'count', 'wide']))
    const { circuits } = JSON.parse((await ix('aiur', 'run', file, '20', '--json')).out)
    const by = (key: 'cost' | 'width' | 'rows') =>
      [...circuits]
        .filter(c => c.rows > 0)
        .sort((a, b) => b[key] - a[key])
        .map(c => c.name)
    const one = await ix('aiur', 'run', file, '20', '--top', '1')
    expect(names(one.out)).toEqual(by('cost').slice(0, 1))
    const rest = 100 * circuits.slice(1).reduce((sum: number, c: { share: number }) => sum + c.share, 0)
    expect(one.out).toContain(`\n2 more circuits with ${rest.toFixed(2)}% of the cost not shown\n`)
    // What stands above the table is that of the whole run.
    expect(one.out.slice(0, one.out.indexOf('---'))).toBe(all.out.slice(0, all.out.indexOf('---')))
    for (const key of ['width', 'rows'] as const)
      expect(names((await ix('aiur', 'run', file, '20', '--sort', key)).out)).toEqual(by(key))
    expect(names((await ix('aiur', 'run', file, '20', '--sort', 'name')).out)).toEqual([
      'count',
      'main',
      'wide',
    ])
    expect(names((await ix('aiur', 'run', file, '20', '--top', '99')).out)).toHaveLength(3)
  })

  it.each([['x'], ['-1'], ['1.5']])('refuses --top %s', async top => {
    const { code, err } = await ix('aiur', 'run', 'x.aiur', '1', '--top', top)
    expect([code, err]).toEqual([EXIT.usage, expect.stringContaining('--top must be a number of lines')])
  })
})

describe('ix diff', () => {
  it('compares two results of one target', async () => {
    const file = write('count.aiur', PROGRAM)
    const before = write('before.json', (await ix('aiur', 'run', file, '20', '--json')).out)
    const after = write('after.json', (await ix('aiur', 'run', file, '40', '--json')).out)
    const { code, out } = await ix('diff', before, after, '--json')
    expect(code).toBe(EXIT.ok)
    const json = JSON.parse(out)
    const baseline = JSON.parse((await ix('aiur', 'run', file, '40', '--json', '--baseline', before)).out)
    expect(json).toEqual({
      target: { before: 'main', after: 'main' },
      status: { before: null, after: null },
      ...baseline.baseline,
    })
    const text = await ix('diff', before, after, '--top', '1')
    expect(names(text.out)).toHaveLength(1)
    expect(text.out).toMatch(/\n1 circuit of lesser change not shown\n/)
    expect(text.out).toMatch(/cost [\d,]+ -> [\d,]+: \+[\d,]+ \(\+[\d.]+%\)\n$/)
    const same = await ix('diff', before, before)
    expect(same.out).toMatch(/^width \d+, rows \d+, cost [\d,]+: 0 \(0\.00%\)\n$/)
  })

  const shard = (id: number, cost: number, status = 'accepted') => ({ id, status, rows: cost / 10, cost })
  const result = (name: string, shards: object[], model = 'transforms') =>
    write(name, JSON.stringify({ target: 'all', status: 'accepted', model, shards }))

  it('compares two results of all shards, the greatest change first', async () => {
    const before = result('all-before.json', [shard(0, 1000), shard(1, 2000), shard(2, 50)])
    const after = result('all-after.json', [shard(0, 900), shard(1, 3000, 'undecided'), shard(2, 50)])
    const { code, out } = await ix('diff', before, after)
    expect(code).toBe(EXIT.ok)
    const lines = out.trimEnd().split('\n')
    expect(lines[1]).toMatch(/^ +1 +200 -> 300 +2,000 -> 3,000 +\+1,000 +\+50\.00% +accepted -> undecided$/)
    expect(lines[2]).toMatch(/^ +0 +100 -> 90 +1,000 -> 900 +-100 +-10\.00% +accepted$/)
    expect(lines[3]).toBe('2 shards changed: rows 305 -> 395, cost 3,050 -> 3,950: +900 (+29.51%)')
    expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(TABLE_WIDTH)
    const json = JSON.parse((await ix('diff', before, after, '--json')).out)
    expect(json).toMatchObject({ change: 900, before: { cost: 3050 }, after: { cost: 3950 } })
    expect(json.shards.map(({ id }: { id: number }) => id)).toEqual([1, 0])
    expect((await ix('diff', before, after, '--top', '1')).out).toContain(
      '1 shard of lesser change not shown',
    )
    expect((await ix('diff', before, before)).out).toBe('0 shards changed: rows 305, cost 3,050: 0 (0.00%)\n')
    const fewer = result('fewer.json', [shard(0, 1000), shard(1, 2000)])
    expect((await ix('diff', before, fewer)).out).toMatch(/ 2 +5 -> - +50 -> - +-50 /)
  })

  it('says when the results are not of one target or not accepted', async () => {
    const costs = { cost: { model: 'transforms', total: 1 }, width: 1, rows: 1, circuits: [] }
    const a = write('a.json', JSON.stringify({ target: 'Nat', status: 'accepted', ...costs }))
    const b = write('b.json', JSON.stringify({ target: 'Eq', status: 'rejected', ...costs }))
    const { out } = await ix('diff', a, b)
    expect(out).toMatch(/^different targets: Nat -> Eq\n.*b\.json is rejected\n/)
    expect((await ix('diff', a, a)).out).not.toMatch(/different|rejected/)
  })

  it('refuses what cannot be compared', async () => {
    const all = result('all.json', [shard(0, 10)])
    const rows = result('all-rows.json', [shard(0, 10)], 'rows')
    const costs = { cost: { model: 'transforms', total: 1 }, width: 1, rows: 1, circuits: [] }
    const one = write('one.json', JSON.stringify({ target: 'Nat', status: 'accepted', ...costs }))
    for (const [before, after, message] of [
      [all, one, 'one result is of all shards, the other of one target'],
      [all, rows, 'has costs of model transforms, the other result of rows'],
      [one, write('text.json', 'no'), 'cannot read the result'],
      [one, write('empty.json', '{}'), 'not a result of --json with costs'],
      [all, write('odd.json', '{"shards":[null]}'), 'not a result of ix check --all'],
      [one, join(folder, 'absent.json'), 'absent.json: cannot read the result: no such file'],
    ] as const) {
      const { code, out, err } = await ix('diff', before, after)
      expect({ code, out }).toEqual({ code: EXIT.undecided, out: '' })
      expect(err).toContain(message)
    }
  })
})

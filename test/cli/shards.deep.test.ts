import { describe, expect, it } from 'vitest'
import { EXIT } from '../../cli/exit.js'
import { run } from '../../cli/run.js'
import { bufferTerminal } from './buffer-terminal.js'

interface Failure {
  name: string
  reason: string
}

interface Result {
  code: number
  status: string
  checked: number
  failed: Failure[]
  undecided: Failure[]
  constraints?: { violations: string[] }
}

async function check(shard: number, ...flags: string[]): Promise<Result> {
  const terminal = bufferTerminal()
  const code = await run(['check', '--shard', String(shard), '--json', ...flags], terminal)
  const result = { code, ...JSON.parse(terminal.stdout.text) }
  console.log(
    `shard ${shard}: ${result.status}, ${result.checked} checked, cost ${Math.round(result.cost.total)}, ` +
      `${result.seconds.execute.toFixed(0)} s`,
  )
  return result
}

describe('shards of the bundled library', () => {
  it.each([0, 5, 10, 16, 21, 32, 40, 48, 63])('shard %i is accepted', async shard => {
    expect(await check(shard)).toMatchObject({ code: EXIT.ok, status: 'accepted', failed: [], undecided: [] })
  })

  it('shard 10: constants, calls and circuits add up to the same cost', async () => {
    const terminal = bufferTerminal()
    for (const by of ['constant', 'caller']) {
      terminal.stdout.text = ''
      expect(await run(['check', '--shard', '10', '--by', by, '--json'], terminal)).toBe(EXIT.ok)
      const result = JSON.parse(terminal.stdout.text)
      const parts: { name: string; rows: number; cost: number }[] = result.constants ?? result.callers
      expect(parts.reduce((sum, { cost }) => sum + cost, 0)).toBeCloseTo(result.cost.total, 1)
      expect(parts.reduce((sum, { rows }) => sum + rows, 0)).toBeCloseTo(result.rows, 3)
      if (by === 'constant') expect(parts.length).toBeGreaterThan(618)
    }
  })

  it.each([10, 16])('shard %i satisfies every constraint', async shard => {
    expect(await check(shard, '--constraints')).toMatchObject({
      code: EXIT.ok,
      status: 'accepted',
      constraints: { violations: [] },
    })
  })
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import {
  compareRuns,
  comparisonLines,
  gate,
  METRICS,
  type Measurement,
  type Run,
} from '../../bench/lazy/gate.js'

const scratch = mkdtempSync(join(tmpdir(), 'gate-'))
afterAll(() => rmSync(scratch, { recursive: true }))

const BASE: Measurement = {
  bytesRead: 68_832_040,
  modulesOpened: 506,
  fileOpens: 507,
  peakHeldBytes: 3_465_120,
  peakMemory: 97_861_632,
  cpu: 893,
  firstVerdict: 1043,
}
const run = (change: Partial<Record<string, Partial<Measurement>>> = {}): Run => ({
  'Init one eager': { ...BASE, ...change['Init one eager'] },
  'Init one lazy': {
    ...BASE,
    bytesRead: 660_964,
    modulesOpened: 2,
    fileOpens: 2,
    ...change['Init one lazy'],
  },
})

describe('two recorded runs', () => {
  it('that are equal pass, with nothing better or worse', () => {
    const { ok, counts, changes } = compareRuns(run(), run())
    expect(ok).toBe(true)
    expect(changes).toHaveLength(2 * METRICS.length)
    for (const metric of METRICS) expect(counts[metric]).toEqual({ better: 0, same: 2, worse: 0 })
  })

  it.each<[string, Partial<Measurement>, boolean]>([
    ['one percent more bytes', { bytesRead: 667_500 }, true],
    ['more than one percent more bytes', { bytesRead: 667_700 }, false],
    ['one module more of two', { modulesOpened: 3 }, false],
    ['5 % more memory', { peakMemory: Math.floor(97_861_632 * 1.0499) }, true],
    ['more than 5 % more memory', { peakMemory: Math.ceil(97_861_632 * 1.0501) }, false],
    ['twice the processor time, which is noise', { cpu: 2000, firstVerdict: 2500 }, true],
    [
      'less of everything',
      { bytesRead: 1, modulesOpened: 1, fileOpens: 1, peakMemory: 1, peakHeldBytes: 1 },
      true,
    ],
    ['something where there was nothing', { peakHeldBytes: 1e12 }, false],
  ])('with %s', (_, change, passes) => {
    expect(compareRuns(run(), run({ 'Init one lazy': change })).ok).toBe(passes)
  })

  it('are classified per workload and metric, with relative changes and counts', () => {
    const after = run({
      'Init one eager': { bytesRead: 68_832_040 * 1.02, peakMemory: 97_861_632 * 0.9 },
      'Init one lazy': { bytesRead: 330_482, cpu: 893.5 },
    })
    const comparison = compareRuns(run(), after)
    const of = (workload: string, metric: string) =>
      comparison.changes.find(change => change.workload === workload && change.metric === metric)!
    expect(of('Init one eager', 'bytesRead')).toMatchObject({ verdict: 'worse', fails: true })
    expect(of('Init one eager', 'bytesRead').relative).toBeCloseTo(0.02)
    expect(of('Init one eager', 'peakMemory')).toMatchObject({ verdict: 'better', fails: false })
    expect(of('Init one lazy', 'bytesRead').relative).toBeCloseTo(-0.5)
    expect(of('Init one lazy', 'cpu').verdict).toBe('same')
    expect(comparison.counts.bytesRead).toEqual({ better: 1, same: 0, worse: 1 })
    const lines = comparisonLines(comparison)
    expect(lines).toContain('bytesRead: better/worse 1/1, same 0')
    expect(lines.some(line => /^Init one eager {2}bytesRead .* \+2\.00 % {2}FAILS$/.test(line))).toBe(true)
  })

  it('pass with a recorded reason, which is printed', () => {
    const reasons = { 'Init one lazy: modulesOpened': 'the index looks into both candidates' }
    const comparison = compareRuns(run(), run({ 'Init one lazy': { modulesOpened: 3 } }), reasons)
    expect(comparison.ok).toBe(true)
    expect(comparisonLines(comparison).join('\n')).toContain('accepted: the index looks into both candidates')
  })

  it('fail when a workload is gone', () => {
    const { 'Init one lazy': _, ...rest } = run()
    const comparison = compareRuns(run(), rest)
    expect(comparison).toMatchObject({ ok: false, missing: ['Init one lazy'] })
  })

  it('give the exit code of the command', () => {
    const [before, worse] = [run(), run({ 'Init one lazy': { bytesRead: 10_000_000 } })]
    const file = join(scratch, 'before.json')
    const reasons = join(scratch, 'reasons.json')
    writeFileSync(file, JSON.stringify(before))
    writeFileSync(reasons, JSON.stringify({ 'Init one lazy: bytesRead': 'a larger constant' }))
    const lines: string[] = []
    const print = (line: string): void => void lines.push(line)
    expect(gate(file, before, undefined, print)).toBe(0)
    expect(lines.at(-1)).toBe('no growth beyond the limits')
    expect(gate(file, worse, undefined, print)).toBe(1)
    expect(lines.at(-1)).toBe('growth beyond the limits without a reason')
    expect(gate(file, worse, reasons, print)).toBe(0)
    expect(gate(file, {}, undefined, print)).toBe(1)
    expect(gate(file, {}, undefined, print, workload => workload.startsWith('Std'))).toBe(0)
    expect(() => gate(join(scratch, 'absent.json'), before, undefined, print)).toThrow(/ENOENT/)
  })
})

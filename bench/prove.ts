/**
 * Times proving and verifying. Arguments: `shard:10`, a constant of the bundled library, or `FILE.ixe:NAME`; before
 * them `--transparent` (nothing is hidden), `--jobs N` (threads; the default is one per core, at most 4) and `--json`.
 * Each target runs in a process of its own, so that its peak memory is its own, and is verified in another one, as by somebody
 * who has only the proof. Prints tables in Markdown for docs/performance.md, or one JSON object per target.
 */

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { report } from '../aiur/circuit/cost.js'
import { keyOf } from '../cli/proof/keys.js'
import { check } from '../kernel/check.js'
import { provingKey } from '../prover/derive-key.js'
import { parameters } from '../prover/parameters.js'
import { prove } from '../prover/prove.js'
import { oneThread } from '../prover/threads.js'
import { inspect, verify } from '../prover/verify.js'
import { workerThreads } from '../prover/worker-threads.js'
import { targetOf } from './targets.js'

const VERIFICATIONS = 9

function stopwatch(): () => number {
  let last = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(last)
    last = process.cpuUsage()
    return (user + system) / 1e6
  }
}

const round = (x: number) => Number(x.toFixed(3))

/** Times are in seconds. */
interface Measured {
  target: string
  hiding: boolean
  jobs: number
  circuits: number
  cells: number
  bytes: number
  /** Processor time and elapsed time of the key and the proof. */
  processor: number
  elapsed: number
  /** Elapsed time. */
  phases: Record<string, number>
  verify: Verified
  extensionBytes: number
  /** Peak of the process, the kernel's execution included, and what it was before the proof. */
  peakBytes: number
  executionBytes: number
  proven: number
  parts: Record<string, number>
}

/** Of several verifications in a new process: times of the first one, and the medians. */
interface Verified {
  first: number
  firstProcessor: number
  median: number
  processor: number
}

async function measureVerification(file: string, hiding: boolean): Promise<Verified> {
  const p = parameters('default', { hiding })
  const key = await keyOf('check')
  const proof = readFileSync(file)
  const { claim } = inspect(proof)
  const lap = stopwatch()
  const times = Array.from({ length: VERIFICATIONS }, () => {
    lap()
    const begun = performance.now()
    const verdict = verify(key, claim, proof, p)
    if (!verdict.accepted) throw new Error(verdict.reason)
    return { elapsed: (performance.now() - begun) / 1000, processor: lap() }
  })
  const median = (of: number[]) => round(of.sort((x, y) => x - y)[VERIFICATIONS >> 1]!)
  return {
    first: round(times[0]!.elapsed),
    firstProcessor: round(times[0]!.processor),
    median: median(times.map(t => t.elapsed)),
    processor: median(times.map(t => t.processor)),
  }
}

const peak = () => 1024 * process.resourceUsage().maxRSS

/** What another process of this program prints. */
function again<T>(args: readonly string[]): T {
  const output = execFileSync(process.execPath, [fileURLToPath(import.meta.url), ...args], {
    encoding: 'utf8',
  })
  return JSON.parse(output) as T
}

async function measure(asked: string, hiding: boolean, jobs: number): Promise<Measured> {
  const p = parameters('default', { hiding })
  const { run } = await check(targetOf(asked))
  if (run === undefined) throw new Error(`${asked} was not accepted`)
  const used = report(run.layout, run.record).circuits.filter(c => c.rows > 0)
  const executionBytes = peak()
  const lap = stopwatch()
  const started = performance.now()
  const threads = jobs === 1 ? oneThread() : workerThreads(jobs)
  const key = provingKey(await keyOf('check'), run.layout, run.record)
  const keySeconds = (performance.now() - started) / 1000
  const proof = prove(key, run.layout, run.record, run.call, { parameters: p, threads })
  await threads.close()
  const elapsed = (performance.now() - started) / 1000
  const processor = lap()
  const folder = mkdtempSync(join(tmpdir(), 'ix-bench-prove-'))
  let verified: Verified
  try {
    const file = join(folder, 'proof.ixp')
    writeFileSync(file, proof.bytes)
    verified = again<Verified>([...(hiding ? [] : ['--transparent']), '--verify', file])
  } finally {
    rmSync(folder, { recursive: true })
  }
  const parts: Record<string, number> = {}
  for (const { name, start, end } of proof.sections) parts[name] = (parts[name] ?? 0) + end - start
  const phases = Object.entries(proof.times).map(([phase, ms]) => [phase, round(ms / 1000)])
  return {
    target: asked,
    hiding,
    jobs,
    circuits: used.length,
    cells: used.reduce((sum, c) => sum + c.rows * (c.main + c.stage2), 0),
    bytes: proof.bytes.length,
    processor: round(processor),
    elapsed: round(elapsed),
    phases: { key: round(keySeconds), ...Object.fromEntries(phases) },
    verify: verified,
    extensionBytes: proof.committedBytes,
    peakBytes: peak(),
    executionBytes,
    proven: round(proof.security.proven),
    parts,
  }
}

const mega = (bytes: number) =>
  (bytes / 1e6).toLocaleString('en', { maximumFractionDigits: bytes < 1e8 ? 2 : 0 })
const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`
const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]) =>
  [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')

function printTables(all: readonly Measured[]): void {
  const phases = Object.keys(all[0]!.phases)
  const ms = (seconds: number) => Math.round(1000 * seconds)
  const head = [
    '',
    'circuits',
    'trace cells',
    'elapsed s',
    'processor s',
    ...phases,
    'verify first / median ms',
    'verify processor, first / median ms',
  ]
  const rows = all.map(m => [
    m.target,
    m.circuits,
    m.cells.toLocaleString('en'),
    m.elapsed.toFixed(1),
    m.processor.toFixed(1),
    ...phases.map(phase => m.phases[phase]!.toFixed(2)),
    `${ms(m.verify.first)} / ${ms(m.verify.median)}`,
    `${ms(m.verify.firstProcessor)} / ${ms(m.verify.processor)}`,
  ])
  console.log(table(head, rows))
  const sizes = ['', 'proof MB', 'extension MB', 'peak MB', 'peak over extension', 'before the proof MB']
  const memory = all.map(m => [
    m.target,
    mega(m.bytes),
    mega(m.extensionBytes),
    mega(m.peakBytes),
    (m.peakBytes / m.extensionBytes).toFixed(1),
    mega(m.executionBytes),
  ])
  console.log(`\n${table(sizes, memory)}`)
  const names = [...new Set(all.flatMap(m => Object.keys(m.parts)))]
  const parts = names.map(name => [name, ...all.map(m => (m.parts[name] ?? 0).toLocaleString('en'))])
  console.log(`\n${table(['bytes', ...all.map(m => m.target)], parts)}`)
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    transparent: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    jobs: { type: 'string', default: String(Math.min(availableParallelism(), 4)) },
    here: { type: 'boolean', default: false },
    verify: { type: 'string' },
  },
})
const { transparent, json, jobs, here } = values
const asked =
  positionals.length > 0 ? positionals : ['HEq', 'Nat.add_comm', 'test/lean/Twin.ixe:Twin.add_comm']
if (values.verify !== undefined)
  console.log(JSON.stringify(await measureVerification(values.verify, !transparent)))
else if (here) console.log(JSON.stringify(await measure(asked[0]!, !transparent, Number(jobs))))
else {
  const all = asked.map(target => {
    const options = [...(transparent ? ['--transparent'] : []), '--jobs', jobs, '--here', target]
    const measured = again<Measured>(options)
    if (json) console.log(JSON.stringify(measured))
    return measured
  })
  if (!json) printTables(all)
}

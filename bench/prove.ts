/**
 * Times proving and verifying. Arguments: `shard:10`, a constant of the bundled library, or `FILE.ixe:NAME`; with
 * `--transparent` first, nothing is hidden. Prints one JSON object per argument; times are seconds of processor time.
 */

import { report } from '../aiur/circuit/cost.js'
import { bundledEnvironment, bundledManifest } from '../cli/bundled.js'
import { addressOfName, openEnvironment } from '../cli/environment.js'
import type { Environment } from '../ixon/environment.js'
import { check } from '../kernel/check.js'
import type { CheckTarget } from '../kernel/target.js'
import { deriveKey } from '../prover/derive-key.js'
import { parameters } from '../prover/parameters.js'
import { prove } from '../prover/prove.js'
import { verify } from '../prover/verify.js'
import { openManifest } from '../shards/manifest.js'
import { shardClaim } from '../shards/shard-claim.js'

const VERIFICATIONS = 9

function targetOf(asked: string): { environment: Environment; target: CheckTarget } {
  const [first, second] = asked.split(':') as [string, string | undefined]
  if (first === 'shard') {
    const environment = bundledEnvironment()
    const shard = openManifest(bundledManifest()).shards.find(s => s.id === Number(second))
    const claim = shard && shardClaim(environment, shard.blocks)
    if (claim === undefined) throw new Error(`there is nothing to prove in ${asked}`)
    return { environment, target: { kind: 'shard', claim } }
  }
  const environment = second === undefined ? bundledEnvironment() : openEnvironment(first)
  return {
    environment,
    target: { kind: 'constants', addresses: [addressOfName(environment, second ?? first)] },
  }
}

function stopwatch(): () => number {
  let last = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(last)
    last = process.cpuUsage()
    return (user + system) / 1e6
  }
}

const round = (x: number) => Number(x.toFixed(3))

async function measure(asked: string, hiding: boolean): Promise<void> {
  const p = parameters('default', { hiding })
  const { run } = await check(targetOf(asked))
  if (run === undefined) throw new Error(`${asked} was not accepted`)
  const used = report(run.layout, run.record).circuits.filter(c => c.rows > 0)
  const lap = stopwatch()
  const key = deriveKey(run.layout)
  const phases: Record<string, number> = { key: round(lap()) }
  let phase = 'start'
  const started = performance.now()
  const proof = prove(key, run.layout, run.record, run.call, {
    parameters: p,
    onPhase: next => {
      phases[phase] = round((phases[phase] ?? 0) + lap())
      phase = next
    },
  })
  phases[phase] = round((phases[phase] ?? 0) + lap())
  const elapsed = (performance.now() - started) / 1000
  const verifying = Array.from({ length: VERIFICATIONS }, () => {
    lap()
    const verdict = verify(key.key, proof.claim, proof.bytes, p)
    if (!verdict.accepted) throw new Error(verdict.reason)
    return lap()
  })
  const parts: Record<string, number> = {}
  for (const { name, start, end } of proof.sections) parts[name] = (parts[name] ?? 0) + end - start
  const cells = used.reduce((sum, c) => sum + c.rows * (c.main + c.stage2), 0)
  const first = round(verifying[0]!)
  const median = round(verifying.sort((x, y) => x - y)[VERIFICATIONS >> 1]!)
  console.log(
    JSON.stringify({
      target: asked,
      hiding,
      circuits: used.length,
      cells,
      bytes: proof.bytes.length,
      prove: round(Object.values(phases).reduce((sum, x) => sum + x, 0)),
      elapsed: round(elapsed),
      verify: { first, median },
      phases,
      extensionBytes: proof.committedBytes,
      residentBytes: 1024 * process.resourceUsage().maxRSS,
      proven: round(proof.security.proven),
      parts,
    }),
  )
}

const asked = process.argv.slice(2)
const hiding = asked[0] !== '--transparent'
for (const one of hiding ? asked : asked.slice(1)) await measure(one, hiding)

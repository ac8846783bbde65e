/** Proves an execution and writes the proof. */
import type { EntryCall } from '../../aiur/circuit/constraints.js'
import type { Layout } from '../../aiur/circuit/layout.js'
import type { RecordView } from '../../aiur/vm/record.js'
import { writeFileAtomically } from '../../ixon/atomic-write.js'
import { deriveKey } from '../../prover/derive-key.js'
import type { Parameters } from '../../prover/parameters.js'
import { type Phase, type Proof, prove } from '../../prover/prove.js'
import type { Context } from '../context.js'
import { bytes, count, duration } from '../format.js'
import { printSecurity, securityJson } from './parameters.js'

const PHASES: Record<Phase, string> = {
  trace: 'Filling traces',
  commit: 'Committing',
  lookups: 'Summing lookups',
  quotient: 'Dividing constraints',
  openings: 'Opening',
  fri: 'Folding',
  queries: 'Answering queries',
}

interface Execution {
  layout: Layout
  record: RecordView
  call: EntryCall
}

export function writeProof(
  { layout, record, call }: Execution,
  options: { label: string; out: string; parameters: Parameters; json: boolean | undefined },
  context: Context,
): void {
  const started = performance.now()
  const key = deriveKey(layout)
  let done = 0
  const proof = prove(key, layout, record, call, {
    parameters: options.parameters,
    onPhase: phase => context.progress.update(PHASES[phase], done++, Object.keys(PHASES).length, 'phases'),
  })
  context.progress.stop()
  writeFileAtomically(options.out, [proof.bytes])
  const seconds = (performance.now() - started) / 1000
  if (options.json === true) {
    context.printJson({
      target: options.label,
      file: options.out,
      bytes: proof.bytes.length,
      key: Buffer.from(key.key.digest).toString('hex'),
      claim: proof.claim,
      security: securityJson(proof.security),
      parts: partsOf(proof),
      seconds: { prove: seconds, ...inSeconds(proof.times) },
    })
    return
  }
  for (const [name, size] of Object.entries(partsOf(proof)))
    context.print(`${name.padEnd(28)} ${count(size).padStart(12)}`)
  printSecurity(proof.security, options.parameters, context)
  context.print(
    `${context.colors.bold(context.colors.green('proven'))} ${options.label}: ${options.out}, ` +
      `${bytes(proof.bytes.length)}, ${duration(seconds)}`,
  )
}

/** Bytes of a proof by what they are. */
function partsOf({ sections }: Proof): Record<string, number> {
  const parts: Record<string, number> = {}
  for (const { name, start, end } of sections) parts[name] = (parts[name] ?? 0) + end - start
  return parts
}

function inSeconds(times: Record<Phase, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(times).map(([phase, ms]) => [phase, ms / 1000]))
}

/** Proves an execution and writes the proof. */
import type { EntryCall } from '../../aiur/circuit/constraints.js'
import type { Layout } from '../../aiur/circuit/layout.js'
import type { RecordView } from '../../aiur/vm/record.js'
import { writeFileAtomically } from '../../ixon/atomic-write.js'
import { InputError } from '../../lean/input-error.js'
import { deriveKey, provingKey } from '../../prover/derive-key.js'
import type { Parameters } from '../../prover/parameters.js'
import { type Phase, type Proof, prove } from '../../prover/prove.js'
import { oneThread } from '../../prover/threads.js'
import type { VerifyingKey } from '../../prover/verifying-key.js'
import { WorkerEnded, workerThreads } from '../../prover/worker-threads.js'
import type { Context } from '../context.js'
import { bytes, count, duration } from '../format.js'
import { printSecurity, securityJson } from './parameters.js'

/** What a phase is called, and the percentage of the time that it takes of a large proof, about. */
const PHASES: Record<Phase, { title: string; share: number }> = {
  trace: { title: 'filling traces', share: 15 },
  commit: { title: 'committing', share: 25 },
  lookups: { title: 'summing lookups', share: 25 },
  quotient: { title: 'dividing constraints', share: 25 },
  openings: { title: 'opening', share: 3 },
  fri: { title: 'folding', share: 5 },
  queries: { title: 'answering queries', share: 2 },
}

export interface Execution {
  layout: Layout
  record: RecordView
  call: EntryCall
}

export interface WriteOptions {
  /** Of the layout, if it is at hand. */
  key?: VerifyingKey
  label: string
  out: string
  parameters: Parameters
  jobs: number
  json: boolean | undefined
  /** What stands in front of the proof in the file. */
  claim?: Uint8Array
  /** Trusted code that the claim allows. */
  allowed?: readonly string[]
}

/** Proves and writes, and prints what was written: for `--json` the only object. */
export async function writeProof(
  execution: Execution,
  options: WriteOptions,
  context: Context,
): Promise<void> {
  const written = await writtenProof(execution, options, context)
  if (options.json === true) context.printJson(written)
}

/** Proves and writes, and prints what was written unless it is JSON, which the caller gets. */
export async function writtenProof(
  { layout, record, call }: Execution,
  options: WriteOptions,
  context: Context,
): Promise<object> {
  const started = performance.now()
  const before = process.cpuUsage()
  const workers = options.jobs === 1 ? null : workerThreads(options.jobs)
  const threads = workers ?? oneThread()
  const { key: known } = options
  const key = known === undefined ? deriveKey(layout) : provingKey(known, layout, record)
  let proof: Proof
  try {
    proof = prove(key, layout, record, call, {
      parameters: options.parameters,
      threads,
      onPhase: progressOf(options.label, context),
    })
  } catch (error) {
    if (error instanceof WorkerEnded) throw new InputError(error.message)
    throw error
  } finally {
    await threads.close()
    context.progress.stop()
  }
  const notStarted = workers?.notStarted ?? []
  if (context.debug) for (const reason of notStarted) context.note(`could not start ${reason}`)
  const { allowed = [] } = options
  const front = options.claim ?? new Uint8Array(0)
  writeFileAtomically(options.out, [front, proof.bytes])
  const parts = { ...(front.length === 0 ? {} : { claim: front.length }), ...partsOf(proof) }
  const size = front.length + proof.bytes.length
  const seconds = (performance.now() - started) / 1000
  const { user, system } = process.cpuUsage(before)
  const peak = 1024 * process.resourceUsage().maxRSS
  if (options.json === true)
    return {
      target: options.label,
      file: options.out,
      bytes: size,
      key: Buffer.from(key.key.digest).toString('hex'),
      claim: proof.claim,
      ...(allowed.length === 0 ? {} : { allowed }),
      security: securityJson(proof.security),
      parts,
      jobs: options.jobs,
      notStarted,
      seconds: { prove: seconds, processor: (user + system) / 1e6, ...inSeconds(proof.times) },
      memory: { peak, extension: proof.committedBytes },
    }
  for (const [name, part] of Object.entries(parts))
    context.print(`${name.padEnd(28)} ${count(part).padStart(12)}`)
  if (allowed.length > 0) context.print(`allowed: ${allowed.join(', ')}`)
  printSecurity(proof.security, options.parameters, context)
  context.print(
    `${context.colors.bold(context.colors.green('proven'))} ${options.label}: ${options.out}, ` +
      `${bytes(size)}, ${duration(seconds)}`,
  )
  return {}
}

/** Shows how much of the expected time is over; within a phase it never goes back. */
function progressOf(label: string, context: Context): (phase: Phase, begun: number) => void {
  let reached = 0
  return (phase, begun) => {
    let before = 0
    for (const [name, { share }] of Object.entries(PHASES)) {
      if (name === phase) break
      before += share
    }
    const { title, share } = PHASES[phase]
    reached = Math.max(reached, before + share * begun)
    context.progress.update(`Proving ${label}`, Math.floor(reached), 100, `%, ${title}`)
  }
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

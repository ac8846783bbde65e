/**
 * Mutation campaigns: constants of an environment are mutated, the kernel judges every mutant, and what it accepts has to
 * stand before the oracle. A sample of what it rejects is shown to the oracle, too.
 */
import type { SourceFile } from '../../aiur/language/compile-error.js'
import { engineOf } from '../../aiur/wasm/engine.js'
import type { Address } from '../../ixon/address.js'
import type { Environment } from '../../ixon/environment.js'
import { compiledKernel } from '../../kernel/compiled.js'
import { primitiveTable } from '../../kernel/primitive-table.js'
import { compose, donorsOf } from './compose.js'
import type { Mutant, Pool } from './mutant.js'
import { type Run, runMutants } from './mutant-runs.js'
import { mutate } from './mutate.js'
import { judge } from './oracle/declarations.js'
import { clearTerms, Undecided, Wrong } from './oracle/terms.js'
import { World } from './oracle/world.js'
import { Random } from './random.js'

export interface Campaign {
  readonly environment: Environment
  readonly mutations: number
  readonly seed: number
  /** Largest constant that is mutated, in bytes. */
  readonly bytes: number
  /** Mutants of one constant. */
  readonly perConstant: number
  /** One rejected mutant in this many is shown to the oracle. */
  readonly rejectedSample: number
  /** Whether mutants are put together from several constants (compose.ts) instead of changed in one place. */
  readonly composed?: boolean
  /** Functions that replace the kernel's, for a campaign that has to find something. */
  readonly overlay?: readonly SourceFile[]
}

/** Counts by kind of mutation. */
export interface Tally {
  rejected: number
  undecided: number
  /** Accepted, and right by the oracle. */
  right: number
  /** Accepted, and the oracle could not tell. */
  open: number
}

export interface Suspect extends Run {
  readonly of: string
  readonly verdict: string
}

export interface Report {
  readonly tallies: ReadonlyMap<string, Tally>
  /** Accepted, but wrong by the oracle. */
  readonly wrong: readonly Suspect[]
  /** Rejected, but right by the oracle, and how many were looked at. */
  readonly missed: readonly Suspect[]
  readonly sampled: number
  /** Why mutants were left undecided. */
  readonly reasons: ReadonlyMap<string, number>
  /** Constants that were mutated but are not accepted as they are (they assume what they refer to, yet need more). */
  readonly unusable: number
  readonly mutants: number
}

export async function runCampaign(campaign: Campaign): Promise<Report> {
  const { environment, seed, bytes, perConstant, rejectedSample } = campaign
  const kernel = await compiledKernel(campaign.overlay)
  const engine = await engineOf(kernel.program, { digest: kernel.digest, optimise: false })
  const primitives = primitiveTable(environment)
  const random = new Random(seed)
  const pool = poolOf(environment)
  const donors = campaign.composed === true ? donorsOf(environment, bytes) : undefined
  const subjects = donors?.weighted ?? [...environment.addresses()].filter(a => environment.size(a) <= bytes)
  const tallies = new Map<string, Tally>()
  const wrong: Suspect[] = []
  const missed: Suspect[] = []
  const reasons = new Map<string, number>()
  let sampled = 0
  let unusable = 0
  let mutants = 0
  while (mutants < campaign.mutations) {
    const address = random.pick(subjects)
    const original = environment.constant(address)
    if ('block' in original.info) continue
    const batch: Mutant[] = []
    for (let i = 0; i < perConstant && mutants + batch.length < campaign.mutations; i++) {
      const mutant =
        donors === undefined ? mutate(original, pool, random) : compose(address, original, donors, random)
      if (mutant !== undefined) batch.push(mutant)
    }
    const [self, ...runs] = runMutants(engine, environment, primitives, [
      { kind: 'none', constant: original },
      ...batch,
    ])
    if (self!.answer !== 'accepted') {
      unusable++
      continue
    }
    const of = environment.namesOf(address)[0] ?? address
    for (const run of runs) {
      mutants++
      const tally = tallyOf(tallies, run.kind)
      if (run.answer !== 'accepted') {
        tally[run.answer]++
        if (run.answer === 'undecided') reasons.set(run.reason, (reasons.get(run.reason) ?? 0) + 1)
        if (run.answer !== 'rejected' || random.below(rejectedSample) > 0) continue
        sampled++
        const verdict = verdictOf(environment, run, address)
        if (verdict === 'right') missed.push({ ...run, of, verdict })
        continue
      }
      const verdict = verdictOf(environment, run, address)
      if (verdict === 'right') tally.right++
      else if (verdict.startsWith('open')) tally.open++
      else wrong.push({ ...run, of, verdict })
    }
  }
  return { tallies, wrong, missed, sampled, reasons, unusable, mutants }
}

/** `right`, `open: ...` or why the oracle finds a mutant wrong, as what it was made from and as what it may have become. */
function verdictOf(environment: Environment, run: Run, original: Address): string {
  const verdict = verdictAs(environment, run, original)
  if (run.like === undefined || verdict === 'right' || verdict.startsWith('open')) return verdict
  const other = verdictAs(environment, run, run.like)
  return other === 'right' || other.startsWith('open') ? other : verdict
}

function verdictAs(environment: Environment, run: Run, original: Address): string {
  clearTerms()
  try {
    const world = new World(environment, { address: run.address, constant: run.constant })
    judge(world, environment.constant(original), original)
    return 'right'
  } catch (error) {
    if (error instanceof Undecided || error instanceof RangeError) return `open: ${error.message}`
    if (error instanceof Wrong) return error.message
    throw error
  }
}

function tallyOf(tallies: Map<string, Tally>, kind: string): Tally {
  let tally = tallies.get(kind)
  if (tally === undefined) {
    tally = { rejected: 0, undecided: 0, right: 0, open: 0 }
    tallies.set(kind, tally)
  }
  return tally
}

const pools = new WeakMap<Environment, Pool>()

/** What replacements are taken from. */
export function poolOf(environment: Environment): Pool {
  let pool = pools.get(environment)
  if (pool === undefined) {
    const constants: { address: Address; lvls: number }[] = []
    for (const address of environment.addresses()) {
      const { info } = environment.constant(environment.blockOf(address))
      if (environment.blockOf(address) === address && info.kind === 'muts') continue
      const lvls = info.kind === 'muts' ? info.members[0]!.lvls : 'lvls' in info ? info.lvls : 0
      constants.push({ address, lvls })
    }
    pool = { constants, blobs: [...environment.blobAddresses()] }
    pools.set(environment, pool)
  }
  return pool
}

/** What the oracle holds against a report, in one line each. */
export function complaints({ wrong, missed }: Report): string[] {
  return [...wrong, ...missed].map(
    ({ of, kind, answer, reason, verdict }) => `${of}, ${kind}: ${answer} ${reason} - the oracle: ${verdict}`,
  )
}

/** A line for each kind of mutation, and the sums. */
export function summary({ tallies, wrong, missed, sampled, reasons, unusable, mutants }: Report): string {
  const sum: Tally = { rejected: 0, undecided: 0, right: 0, open: 0 }
  const lines = [...tallies].sort().map(([kind, tally]) => {
    for (const key of ['rejected', 'undecided', 'right', 'open'] as const) sum[key] += tally[key]
    return `${kind}: ${tally.rejected} rejected, ${tally.undecided} undecided, ${tally.right} accepted and right, ${tally.open} accepted and open`
  })
  return [
    ...lines,
    ...[...reasons].sort().map(([reason, count]) => `undecided ${count}: ${reason}`),
    `${mutants} mutants: ${sum.rejected} rejected, ${sum.undecided} undecided, ${sum.right} accepted and right, ${sum.open} accepted and open, ${wrong.length} accepted and wrong`,
    `of ${sampled} rejected ones shown to the oracle ${missed.length} are right; ${unusable} constants are not accepted by themselves`,
  ].join('\n')
}

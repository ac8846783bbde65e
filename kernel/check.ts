import type { Program } from '../aiur/bytecode.js'
import type { EntryCall } from '../aiur/circuit/constraints.js'
import type { ExecutionError } from '../aiur/vm/error.js'
import type { RecordView } from '../aiur/vm/record.js'
import type { Address } from '../ixon/address.js'
import type { Environment } from '../ixon/environment.js'
import { canonicalRoot } from '../ixon/merkle.js'
import { type Claim, claimDigest } from '../shards/claim.js'
import { canonicalSet } from '../shards/merkle.js'
import type { Assumption } from './assumption.js'
import { assumptionsOf, displayName, HEADER_AXIOM } from './assumptions.js'
import { constantClaim, tableAddresses, walkedPrimitives } from './claim-arguments.js'
import { closureOf, edgesOf } from './closure.js'
import { type CompiledKernel, compiledKernel } from './compiled.js'
import type { ConstantShape } from './constant-shape.js'
import { type KernelEngine, type KernelLimits, type KernelOutcome, kernelEngine } from './engine.js'
import { reasonOf } from './failure-reason.js'
import { addressAt, CHECK, LANDMARKS } from './landmarks.js'
import {
  isPrimitive,
  METHOD,
  neededPrimitives,
  type PrimitiveTable,
  primitiveTable,
} from './primitive-table.js'
import { ENTRY } from './sources.js'
import { trustedMentions, trustIn, trustingConstants, trustReason } from './trusted-code.js'
import type { CheckRequest, Failure, KernelRun, Verdict } from './verdict.js'
import { digestWords, environmentSource, Witness } from './witness.js'

interface Goal {
  readonly claim: Claim
  readonly digest: Address
  /** Leaves of the claim's trees, by root. */
  readonly trees: readonly { readonly root: Address; readonly leaves: readonly Address[] }[]
  /** Constants that the claim is about. */
  readonly subjects: readonly Address[]
}

/**
 * Runs the kernel over constants with all they reach, or over a shard. Two or more constants make one CheckEnv claim
 * over all they reach; a single one makes a Check claim and stops at the first failure. A constant that fails is taken
 * out of a claim about several, which then assumes it, until the rest is accepted.
 */
export async function check(request: CheckRequest): Promise<Verdict> {
  const started = performance.now()
  const kernel = await compiledKernel(request.overlay)
  const engine = await kernelEngine(request.engine ?? 'wasm', kernel, request.optimise ?? false)
  const run = new CheckRun(request, started, kernel, engine)
  const loaded = performance.now()
  await run.go()
  const seconds = { load: (loaded - started) / 1000, execute: (performance.now() - loaded) / 1000 }
  return { ...run.verdict(), seconds }
}

class CheckRun {
  private readonly witness: Witness
  private readonly table: PrimitiveTable
  private readonly closure: ReadonlyMap<Address, ConstantShape | undefined>
  private goal: Goal | undefined
  private readonly failed: Failure[] = []
  private readonly undecided: Failure[] = []
  private run: KernelRun | undefined
  private stopped: Verdict['stopped']

  constructor(
    private readonly request: CheckRequest,
    private readonly started: number,
    private readonly kernel: CompiledKernel,
    private readonly engine: KernelEngine,
  ) {
    const { environment, target } = request
    const subjects = target.kind === 'shard' ? target.claim.owned : target.addresses
    const reached = closureOf(environment, target.kind === 'shard' ? [] : subjects)
    const wanted = target.kind === 'shard' ? target.primitives : neededPrimitives(environment, reached)
    this.table = primitiveTable(environment, wanted, trustIn(environment, request.allow))
    // Literals and fast paths stand for the constants of the table, so a check of constants covers those too.
    this.closure =
      target.kind === 'shard'
        ? reached
        : closureOf(environment, [...reached.keys(), ...tableAddresses(this.table)])
    const single = target.kind === 'constants' && subjects.length === 1
    const checked = target.kind === 'shard' ? subjects : [...this.closure.keys()]
    const blocks = hashedBlocks(environment, checked) + (single ? 0 : TREE_BLOCKS * checked.length)
    this.witness = new Witness(environmentSource(environment), blocks > BYTE_HASHING ? 'bytes' : 'nibbles')
    this.witness.putClosure([
      ...subjects,
      ...(target.kind === 'shard' ? target.claim.frontier : []),
      ...tableAddresses(this.table),
      ...witnessAddresses(this.table),
    ])
    this.witness.putPrimitives(this.table.digest, this.table.bytes)
    this.goal = single
      ? constantGoal(subjects[0]!)
      : this.setGoal(target.kind === 'shard' ? subjects : [...this.closure.keys()])
    this.declineTrusting(checked)
  }

  /** Leaves out what rests on compiled code that is not allowed; a claim about one constant that does is not begun. */
  private declineTrusting(checked: readonly Address[]): void {
    const { environment, allow } = this.request
    const shapes = checked.map(address => [address, this.witness.shapes.get(address)] as const)
    for (const [address, used] of trustingConstants(trustedMentions(environment, shapes), allow)) {
      const [named = address] = this.membersOf(address)
      const name = displayName(environment, named)
      this.undecided.push({ name, address: named, reason: trustReason(used) })
      if (this.goal !== undefined)
        this.goal = this.goal.claim.kind === 'check' ? undefined : this.without(this.goal, [address])
    }
  }

  /** A block's projections that have a name, or the constant itself. */
  private membersOf(address: Address): Address[] {
    const { environment } = this.request
    if (environment.namesOf(address).length > 0) return [address]
    return [...this.closure.keys(), ...(this.goal?.subjects ?? [])].filter(
      other => this.witness.shapes.get(other)?.block === address && environment.namesOf(other).length > 0,
    )
  }

  /**
   * Every failure ends an execution; the next one takes over what was found so far. When anything failed, the accepted
   * rest is executed once more by itself: only that record is a proof's.
   */
  async go(): Promise<void> {
    const { kernel } = this
    let resume = false
    while (this.goal !== undefined) {
      const { goal } = this
      const { outcome, call } = await this.execute(goal, resume)
      if (outcome.ok && !resume) {
        this.run = { ...kernel, record: outcome.record, call }
        return
      }
      resume = false
      if (outcome.ok) continue
      const atHand = constantsAtHand(outcome.error, outcome.record)
      this.note(outcome.error, atHand[0] ?? goal.subjects[0]!)
      if (outcome.error.limit) this.stopped = { ...kernel, record: outcome.record }
      if (outcome.error.limit || goal.claim.kind === 'check') return
      this.goal = this.without(goal, atHand)
      resume = true
    }
  }

  private async execute(goal: Goal, resume: boolean): Promise<{ outcome: KernelOutcome; call: EntryCall }> {
    const { witness, kernel, table } = this
    witness.putClaim(goal.claim, goal.digest)
    for (const { root, leaves } of goal.trees) witness.putTree(root, leaves)
    const args = [...digestWords(goal.digest), ...digestWords(table.digest)].map(BigInt)
    const limits = limitsOf(this.request, this.started, kernel.program, this.checkable(goal))
    const outcome = await this.engine.execute(args, witness.io, limits, resume)
    return {
      outcome,
      call: { entry: ENTRY, args, outputs: outcome.ok ? outcome.outputs : [], io: witness.io },
    }
  }

  /** Constants that a claim has checked: blocks are checked by their members. */
  private checkable(goal: Goal): number {
    const subjects = goal.claim.kind === 'check' ? [...this.closure.keys()] : goal.subjects
    return subjects.filter(subject => this.witness.shapes.get(subject)?.members.length === 0).length
  }

  private note(error: ExecutionError, subject: Address): void {
    const { environment, limits } = this.request
    const { text: cause, undecided } = reasonOf(error)
    // The engine only knows what loading had left of it.
    const text = error.kind === 'timeLimit' ? `time limit of ${limits?.seconds} s reached` : cause
    const hidden = undecided ? undefined : hiddenBodies(environment, this.table, subject)[0]
    const reason = hidden === undefined ? text : `${text} (its closure hides the body of ${hidden})`
    const failure = {
      name: displayName(environment, subject),
      address: subject,
      reason,
      ...(hidden === undefined ? {} : { hiddenBody: hidden }),
    }
    if (undecided || hidden !== undefined) this.undecided.push(failure)
    else this.failed.push(failure)
  }

  /** The goal that owns exactly these constants and assumes what they refer to directly; none for no constants. */
  private setGoal(constants: readonly Address[]): Goal | undefined {
    const owned = canonicalSet(constants)
    const root = canonicalRoot(owned)
    if (root === undefined) return undefined
    const inside = new Set(owned)
    const outside = new Set<Address>()
    for (const address of owned)
      for (const edge of edgesOf(this.witness.shapes.get(address)))
        if (!inside.has(edge) && this.request.environment.has(edge)) outside.add(edge)
    const frontier = canonicalSet(outside)
    const assumptions = canonicalRoot(frontier)
    const claim: Claim = { kind: 'checkEnv', root, ...(assumptions === undefined ? {} : { assumptions }) }
    const trees = [{ root, leaves: owned }]
    if (assumptions !== undefined) trees.push({ root: assumptions, leaves: frontier })
    return { claim, digest: claimDigest(claim), trees, subjects: owned }
  }

  /**
   * The goal without the first of these constants that it owns, and all that belongs to the same block. (What failed may
   * be a constant outside that an owned one needs.)
   */
  private without(goal: Goal, constants: readonly Address[]): Goal | undefined {
    const blockOf = (constant: Address): Address => this.witness.shapes.get(constant)?.block ?? constant
    for (const constant of constants) {
      const block = blockOf(constant)
      const rest = goal.subjects.filter(subject => blockOf(subject) !== block)
      if (rest.length < goal.subjects.length) return this.setGoal(rest)
    }
    return undefined
  }

  verdict(): Omit<Verdict, 'seconds'> {
    const { failed, undecided, run, stopped, goal } = this
    const status = failed.length > 0 ? 'rejected' : undecided.length > 0 ? 'undecided' : 'accepted'
    return {
      status,
      checked: run === undefined ? 0 : checkedConstants(run),
      failed,
      undecided,
      accepted: run === undefined || goal === undefined ? [] : this.accepted(goal),
      primitives: run === undefined ? [] : [...usedPrimitives(run)].sort((a, b) => a - b),
      assumptions: goal === undefined ? [] : this.assumptions(goal),
      ...(run === undefined || goal === undefined ? {} : { claimDigest: goal.digest, run }),
      ...(stopped === undefined ? {} : { stopped }),
    }
  }

  private assumptions(goal: Goal): Assumption[] {
    const subjects = goal.claim.kind === 'check' ? this.closure.keys() : goal.subjects
    const used = this.run === undefined ? new Set<number>() : usedPrimitives(this.run)
    return assumptionsOf(this.request.environment, this.table, used, subjects)
  }

  /** A single constant is checked with all that it and the primitives of the table reach. */
  private accepted(goal: Goal): readonly Address[] {
    if (goal.claim.kind !== 'check') return goal.subjects
    return [
      ...closureOf(this.request.environment, [...goal.subjects, ...walkedPrimitives(this.table)]).keys(),
    ]
  }
}

function witnessAddresses(table: PrimitiveTable): Address[] {
  return table.entries.flatMap(entry => entry.witnesses)
}

/** Blocks of 64 bytes at which the tables of byte hashing are paid for (docs/costs.md). */
const BYTE_HASHING = 700
/** Blocks that a leaf of a Merkle tree hashes: itself and one inner node. */
const TREE_BLOCKS = 3

/** Blocks of 64 bytes in these constants, which a check of them hashes at least. */
function hashedBlocks(environment: Environment, addresses: readonly Address[]): number {
  return addresses.reduce(
    (sum, address) => sum + (environment.has(address) ? Math.ceil(environment.size(address) / 64) : 0),
    0,
  )
}

function limitsOf(request: CheckRequest, started: number, program: Program, total: number): KernelLimits {
  const { limits = {}, onProgress, onNotice, signal } = request
  const left =
    limits.seconds === undefined ? undefined : limits.seconds * 1000 - (performance.now() - started)
  return {
    landmarks: LANDMARKS.filter(name => program.functionIndex.has(name)),
    ...(limits.rows === undefined ? {} : { rows: limits.rows }),
    ...(limits.memory === undefined ? {} : { memoryBytes: limits.memory }),
    ...(limits.stack === undefined ? {} : { stackMegabytes: limits.stack / 2 ** 20 }),
    ...(limits.jobs === undefined ? {} : { jobs: limits.jobs }),
    ...(onNotice === undefined ? {} : { onNotice }),
    ...(left === undefined ? {} : { timeoutMs: Math.max(1, Math.ceil(left)) }),
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined
      ? {}
      : {
          watch: CHECK,
          onProgress: ({ rows, watched }) =>
            onProgress({
              phase: 'execute',
              done: watched ?? 0,
              total: watched === undefined ? 0 : total,
              rows,
            }),
        }),
  }
}

function constantGoal(address: Address): Goal {
  const claim = constantClaim(address)
  return { claim, digest: claimDigest(claim), trees: [], subjects: [address] }
}

/** The constants at hand when the execution failed, innermost first. */
function constantsAtHand(error: ExecutionError, record: RecordView): Address[] {
  return error.trace
    .filter(frame => LANDMARKS.includes(frame.function))
    .flatMap(frame => addressAt(record, Number(frame.args[0])) ?? [])
}

/** `f.eq_1`, `f.eq_def`, ...; f may be private to a module. */
const EQUATION_LEMMA = /^(.+)\.eq_(?:\d+|def|unfold)$/

/**
 * Definitions that a constant can reach and whose bodies the input does not hold, by name, the nearest first: what they
 * would reduce to is unknown, so conversion may fail for a right constant. A hidden primitive that the table accelerates
 * is none of them.
 */
function hiddenBodies(environment: Environment, table: PrimitiveTable, address: Address): string[] {
  const hidden: string[] = []
  const { placeholders } = environment
  const accelerated = new Set(table.entries.map(entry => (entry.method === METHOD.absent ? '' : entry.name)))
  const equationOf = environment.namesOf(address).map(name => EQUATION_LEMMA.exec(name)?.[1])
  // Acceleration computes on literals; an equation lemma of the primitive itself needs the body.
  const computes = (name: string): boolean =>
    accelerated.has(name) && !equationOf.some(subject => subject === name || subject?.endsWith(`.${name}`))
  for (const reached of closureOf(environment, [address]).keys()) {
    if (environment.bytes(reached)[0] !== HEADER_AXIOM) continue
    for (const name of environment.namesOf(reached)) {
      const kind = placeholders.get(name)
      const body = kind === 'definition' || kind === 'opaque' || (kind === undefined && isPrimitive(name))
      if (body && !computes(name)) hidden.push(name)
    }
  }
  return hidden
}

function checkedConstants({ program, record }: KernelRun): number {
  const index = program.functionIndex.get(CHECK)
  return index === undefined ? 0 : record.functions[index]!.usedRows()
}

/** Numbers of the primitives whose entries an execution relied on: the second argument of `prim_ok`. */
function usedPrimitives({ program, record }: KernelRun): Set<number> {
  const used = new Set<number>()
  const index = program.functionIndex.get('prim_ok')
  if (index === undefined) return used
  const table = record.functions[index]!
  for (let row = 0; row < table.count; row++) if (table.usesOf(row) > 0) used.add(table.word(row, 2))
  return used
}

import type { Program } from '../aiur/bytecode.js'
import { layout } from '../aiur/circuit/layout.js'
import type { ExecutionError } from '../aiur/vm/error.js'
import { execute, type Limits } from '../aiur/vm/interpreter.js'
import type { ExecutionRecord } from '../aiur/vm/record.js'
import { type Address, addressFromBytes } from '../ixon/address.js'
import type { Environment } from '../ixon/environment.js'
import { type Claim, claimDigest } from '../shards/claim.js'
import { claimOf, type ShardClaim } from '../shards/shard-claim.js'
import { type ConstantShape, constantShape } from './constant-shape.js'
import { reasonOf } from './failure-reason.js'
import {
  isPrimitive,
  METHOD,
  neededPrimitives,
  type PrimitiveTable,
  primitiveTable,
} from './primitive-table.js'
import { ENTRY, kernelProgram } from './sources.js'
import type { Assumption, CheckRequest, Failure, KernelRun, Verdict } from './verdict.js'
import { digestWords, environmentSource, Witness } from './witness.js'

/** Words of an AddrRec: eight of the address, primitive number, context. */
const ADDRESS_RECORD = 10

/** Functions whose first argument is the address of the constant at hand. */
const LANDMARKS = ['check_const', 'load_constant', 'visit']

const HEADER_AXIOM = 0xd2

interface Goal {
  readonly claim: Claim
  readonly digest: Address
  /** Leaves of the claim's trees, by root. */
  readonly trees: readonly { readonly root: Address; readonly leaves: readonly Address[] }[]
  /** Constants that the claim is about. */
  readonly subjects: readonly Address[]
  /** Constants it takes for granted. */
  readonly frontier: readonly Address[]
}

/**
 * Runs the kernel over constants with all they reach, or over a shard. A constant that fails is taken out of a claim
 * about several, and the rest is run again, until all failures are known. Two or more constants make one CheckEnv claim
 * over all they reach; a single one makes a Check claim and stops at the first failure.
 */
export function check(request: CheckRequest): Verdict {
  const { environment, target } = request
  const started = performance.now()
  const program = kernelProgram()
  const subjects = target.kind === 'shard' ? target.claim.owned : target.addresses
  const closure = closureOf(environment, target.kind === 'shard' ? [] : subjects)
  const wanted = target.kind === 'shard' ? undefined : neededPrimitives(environment, closure)
  const table = primitiveTable(environment, wanted)
  const whole = target.kind === 'constants' && subjects.length !== 1
  let goal: Goal | undefined =
    target.kind === 'shard'
      ? shardGoal(target.claim)
      : whole
        ? optionalGoal(claimOf(environment, closure.keys()))
        : constantGoal(subjects[0]!)
  let load = 0
  let executed = 0
  const failed: Failure[] = []
  const undecided: Failure[] = []
  let run: KernelRun | undefined
  let checked = 0
  let left = started
  const split = (): number => {
    const now = performance.now()
    const passed = (now - left) / 1000
    left = now
    return passed
  }
  while (goal !== undefined) {
    const witness = witnessOf(environment, goal, table)
    load += split()
    const args = [...digestWords(goal.digest), ...digestWords(table.digest)].map(BigInt)
    const outcome = execute(program, ENTRY, args, witness.io, limitsOf(request, started, program))
    executed += split()
    if (outcome.ok) {
      checked = checkedConstants(program, outcome.record)
      const { record, outputs } = outcome
      run = {
        program,
        layout: layout(program),
        record,
        call: { entry: ENTRY, args, outputs, io: witness.io },
      }
      break
    }
    const { text, undecided: open } = reasonOf(outcome.error)
    const address = culprit(outcome.error, outcome.record)
    const subject = address ?? goal.subjects[0]!
    const hidden = open ? [] : hiddenBodies(environment, table, subject)
    if (open) undecided.push(failureOf(environment, subject, text))
    else if (hidden.length === 0) failed.push(failureOf(environment, subject, text))
    else
      undecided.push(failureOf(environment, subject, `${text} (its closure hides the body of ${hidden[0]})`))
    if (outcome.error.limit || address === undefined || goal.claim.kind === 'check') break
    goal = without(environment, goal, address)
  }
  const status = failed.length > 0 ? 'rejected' : undecided.length > 0 ? 'undecided' : 'accepted'
  return {
    status,
    checked,
    failed,
    undecided,
    assumptions: goal === undefined ? [] : assumptionsOf(environment, goal, table, closure.keys(), run),
    ...(run === undefined || goal === undefined ? {} : { claimDigest: goal.digest }),
    ...(run === undefined ? {} : { run }),
    seconds: { load, execute: executed },
  }
}

function limitsOf(request: CheckRequest, started: number, program: Program): Limits {
  const { limits = {}, onProgress } = request
  const left =
    limits.seconds === undefined ? undefined : limits.seconds * 1000 - (performance.now() - started)
  return {
    landmarks: LANDMARKS.filter(name => program.functionIndex.has(name)),
    ...(limits.rows === undefined ? {} : { rows: limits.rows }),
    ...(limits.memory === undefined ? {} : { memoryBytes: limits.memory }),
    ...(left === undefined ? {} : { timeoutMs: Math.max(1, left) }),
    ...(onProgress === undefined
      ? {}
      : { onProgress: ({ rows }) => onProgress({ phase: 'execute', done: 0, total: 0, rows }) }),
  }
}

/** Everything reachable over the walk edges, by shape. */
function closureOf(
  environment: Environment,
  roots: readonly Address[],
): Map<Address, ConstantShape | undefined> {
  const closure = new Map<Address, ConstantShape | undefined>()
  const open = [...roots]
  for (let address = open.pop(); address !== undefined; address = open.pop()) {
    if (closure.has(address) || !environment.has(address)) continue
    const shape = constantShape(environment.bytes(address))
    closure.set(address, shape)
    if (shape === undefined) continue
    shape.refs.forEach((ref, i) => {
      if (shape.uses[i] === 1) open.push(ref)
    })
    if (shape.block !== undefined) open.push(shape.block)
  }
  return closure
}

function constantGoal(address: Address): Goal {
  const claim: Claim = { kind: 'check', constant: address }
  return { claim, digest: claimDigest(claim), trees: [], subjects: [address], frontier: [] }
}

function shardGoal({ owned, frontier, claim, digest }: ShardClaim): Goal {
  const trees = [{ root: claim.root, leaves: owned }]
  if (claim.assumptions !== undefined) trees.push({ root: claim.assumptions, leaves: frontier })
  return { claim, digest, trees, subjects: owned, frontier }
}

function optionalGoal(claim: ShardClaim | undefined): Goal | undefined {
  return claim === undefined ? undefined : shardGoal(claim)
}

/** The goal without a constant and all that belongs to its block, which the rest then assumes. */
function without(environment: Environment, goal: Goal, address: Address): Goal | undefined {
  const block = environment.has(address) ? environment.blockOf(address) : address
  const rest = goal.subjects.filter(subject => subject !== address && environment.blockOf(subject) !== block)
  if (rest.length === goal.subjects.length) return undefined
  return optionalGoal(claimOf(environment, rest))
}

function witnessOf(environment: Environment, goal: Goal, table: PrimitiveTable): Witness {
  const witness = new Witness(environmentSource(environment))
  const primitives = table.entries.filter(entry => entry.method !== METHOD.absent)
  witness.putClosure([
    ...goal.subjects,
    ...goal.frontier,
    ...primitives.flatMap(entry => [entry.address, ...entry.witnesses]),
  ])
  for (const { root, leaves } of goal.trees) witness.putTree(root, leaves)
  witness.putClaim(goal.claim, goal.digest)
  witness.putPrimitives(table.digest, table.bytes)
  return witness
}

/** The constant at hand when the execution failed. */
function culprit(error: ExecutionError, record: ExecutionRecord): Address | undefined {
  const frame = error.trace.find(({ function: name }) => LANDMARKS.includes(name))
  const pointer = frame?.args[0]
  if (pointer === undefined) return undefined
  const { values, strideWords, count } = record.memory(ADDRESS_RECORD)
  if (pointer >= BigInt(count)) return undefined
  const bytes = new Uint8Array(32)
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < 8; i++) view.setUint32(4 * i, values[Number(pointer) * strideWords + 2 * i]!, true)
  return addressFromBytes(bytes)
}

/**
 * Definitions that a constant can reach and whose bodies the input does not hold, by name: what they would reduce to is
 * unknown, so conversion may fail for a right constant. A hidden primitive that the table accelerates is none of them.
 */
function hiddenBodies(environment: Environment, table: PrimitiveTable, address: Address): string[] {
  const hidden: string[] = []
  const { placeholders } = environment
  const accelerated = new Set(table.entries.map(entry => (entry.method === METHOD.absent ? '' : entry.name)))
  for (const reached of closureOf(environment, [address]).keys()) {
    if (environment.bytes(reached)[0] !== HEADER_AXIOM) continue
    for (const name of environment.namesOf(reached)) {
      const kind = placeholders.get(name)
      const body = kind === 'definition' || kind === 'opaque' || (kind === undefined && isPrimitive(name))
      if (body && !accelerated.has(name)) hidden.push(name)
    }
  }
  return hidden
}

function failureOf(environment: Environment, address: Address, reason: string): Failure {
  return { name: displayName(environment, address), address, reason }
}

function displayName(environment: Environment, address: Address): string {
  return environment.namesOf(address)[0] ?? address
}

function checkedConstants(program: Program, record: ExecutionRecord): number {
  const index = program.functionIndex.get('check_const')
  return index === undefined ? 0 : record.functions[index]!.usedRows()
}

/** Axioms among what the claim is about, and primitives that were taken for the standard ones. */
function assumptionsOf(
  environment: Environment,
  goal: Goal,
  table: PrimitiveTable,
  closure: Iterable<Address>,
  run: KernelRun | undefined,
): Assumption[] {
  const assumptions: Assumption[] = []
  for (const address of goal.claim.kind === 'check' ? closure : goal.subjects) {
    if (!environment.has(address) || environment.bytes(address)[0] !== HEADER_AXIOM) continue
    const name = displayName(environment, address)
    assumptions.push({ name, address, kind: environment.placeholders.get(name) ?? 'axiom' })
  }
  const used = run === undefined ? undefined : usedPrimitives(run)
  table.entries.forEach(({ name, address, method }, i) => {
    if (method === METHOD.assumed && used?.has(i + 1) === true)
      assumptions.push({ name, address, kind: 'primitive' })
  })
  return assumptions.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

/** Numbers of the primitives whose entries an execution relied on: the second argument of `prim_ok`. */
function usedPrimitives({ program, record }: KernelRun): Set<number> {
  const used = new Set<number>()
  const index = program.functionIndex.get('prim_ok')
  if (index === undefined) return used
  const { values, strideWords, count, multiplicity } = record.functions[index]!
  for (let row = 0; row < count; row++) if (multiplicity[row]! > 0) used.add(values[row * strideWords + 2]!)
  return used
}

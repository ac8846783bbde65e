/** Which constants cause the cost of a run of the kernel, and by which calls. */
import type { CostReport } from '../aiur/circuit/cost.js'
import { type Frame, ownCosts, type Profile, profile } from '../aiur/circuit/profile.js'
import type { Address } from '../ixon/address.js'
import type { Environment } from '../ixon/environment.js'
import { displayName } from './assumptions.js'
import { addressAt, CHECK, LOAD } from './landmarks.js'
import type { KernelRun } from './verdict.js'

/** The profile of a run; calls that check or load a constant are told apart by its address. */
export function profileRun(
  { layout, record, call, program }: KernelRun,
  costs: CostReport,
  onProgress?: (done: number, total: number) => void,
): Profile {
  const labels = new Map<number, (row: number) => string>()
  for (const name of [CHECK, LOAD]) {
    const index = program.functionIndex.get(name)
    if (index === undefined) continue
    const table = record.functions[index]!
    labels.set(index, row => addressAt(record, table.word(row, 0))!)
  }
  return profile(layout, record, call, costs, { labels, onProgress })
}

/** Rows that were made for one constant, and what they cost. */
export interface Share {
  rows: number
  cost: number
}

export interface ConstantCost {
  readonly name: string
  /** Undefined for what belongs to no constant: the claim, its sets, the primitive table, the walk. */
  readonly address: Address | undefined
  readonly total: Share
  /** Made while it was hashed and parsed, for whatever reason that was. */
  readonly loading: Share
  /** Made while it was checked, without the loading of constants. */
  readonly checking: Share
}

/** Per node the frame of the constant that it belongs to, undefined for none: the nearest one above it. */
function owners({ frames, parents, nodeFrames }: Profile): (Frame | undefined)[] {
  const found: (Frame | undefined)[] = []
  for (let node = 0; node < parents.length; node++) {
    const frame = frames[nodeFrames[node]!]!
    found.push(frame.label === undefined ? found[parents[node]!] : frame)
  }
  return found
}

/** By falling cost. The sum of the totals is that of the run. */
export function constantCosts(profile: Profile, environment: Environment): ConstantCost[] {
  const own = ownCosts(profile)
  const shares = new Map<string, { loading: Share; checking: Share }>()
  owners(profile).forEach((owner, node) => {
    const address = owner?.label ?? ''
    let found = shares.get(address)
    if (found === undefined) {
      found = { loading: { rows: 0, cost: 0 }, checking: { rows: 0, cost: 0 } }
      shares.set(address, found)
    }
    const loads = owner !== undefined && profile.circuits[owner.circuit]!.name === LOAD
    const share = found[loads ? 'loading' : 'checking']
    share.rows += own.rows[node]!
    share.cost += own.cost[node]!
  })
  const nameOf = constantNames(environment, shares.keys())
  return [...shares]
    .map(([address, { loading, checking }]) => ({
      name: address === '' ? '(the claim itself)' : nameOf(address),
      address: address === '' ? undefined : address,
      total: { rows: loading.rows + checking.rows, cost: loading.cost + checking.cost },
      loading,
      checking,
    }))
    .sort((a, b) => b.total.cost - a.total.cost || (a.name < b.name ? -1 : 1))
}

/** The part of a profile that belongs to one constant, in the same tree. */
export function profileOfConstant(profile: Profile, address: Address): Profile {
  const of = owners(profile)
  const entries = profile.entries.map((made, node) => (of[node]?.label === address ? made : 0))
  const part = { ...profile, entries }
  return { ...part, total: ownCosts(part).cost.reduce((sum, cost) => sum + cost, 0) }
}

/** Names for these constants; a block without one is called by a member. */
export function constantNames(
  environment: Environment,
  addresses: Iterable<Address>,
): (address: Address) => string {
  const blocks = new Map<Address, string>()
  for (const address of addresses) {
    const [name] = environment.has(address) ? environment.namesOf(address) : []
    if (name === undefined) continue
    const block = environment.blockOf(address)
    if (block !== address && !blocks.has(block)) blocks.set(block, `block of ${name}`)
  }
  return address => {
    const name = displayName(environment, address)
    return name === address ? (blocks.get(address) ?? address) : name
  }
}

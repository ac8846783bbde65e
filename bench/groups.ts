/**
 * What function groups (several functions in one circuit) would give on top of stacks. Chooses groups from the records of
 * checks of constants and shards (the arguments, as in `bench/prove.ts`; those after `--unseen` do not take part in the
 * choice), and computes the size of the proofs with and without them. Prints one JSON object per record, after one about
 * the groups.
 */

import { traces } from '../aiur/circuit/constraints.js'
import { quotientDegreeOf } from '../aiur/circuit/grouping.js'
import type { FunctionLayout, Layout } from '../aiur/circuit/layout.js'
import { shapeCost } from '../aiur/circuit/shape-cost.js'
import { check } from '../kernel/check.js'
import { deriveKey, type WholeProvingKey } from '../prover/derive-key.js'
import { LOG_BLOWUP, type Parameters, parameters } from '../prover/parameters.js'
import { logHeightOf, type Shape, shapeOf } from '../prover/shape.js'
import { accumulatorColumns, type KeyCircuit, type VerifyingKey } from '../prover/verifying-key.js'
import { targetOf } from './targets.js'

const MAX_MEMBERS = 16
/** Greatest average increase of the cost of a record. */
const MAX_INCREASE = 0.02

/** Rows of every function (by position in the layout) and heights of all circuits of the key. */
interface Profile {
  readonly name: string
  readonly rows: readonly number[]
  readonly heights: Int8Array
  /** Unpadded cost of all circuits. */
  readonly cost: number
}

async function profileOf(name: string, key: WholeProvingKey, layout: Layout): Promise<Profile> {
  const { run } = await check(targetOf(name))
  if (run === undefined) throw new Error(`${name} was not accepted`)
  const heights = new Int8Array(key.circuits.length).fill(-1)
  const rows = layout.functions.map(() => 0)
  let cost = 0
  for (const trace of traces(key.system, run.layout, run.record, run.call.io)) {
    if (trace.height === 0) continue
    const index = key.circuits.findIndex(c => c.name === trace.circuit.name)
    heights[index] = logHeightOf(trace.height)
    if (index < rows.length) rows[index] = trace.height
    const { main, degree } = key.key.circuits[index]!
    const stage2 = accumulatorColumns(key.key.circuits[index]!)
    cost += shapeCost(
      'transforms',
      { main, stage2, quotientDegree: quotientDegreeOf(degree), classicWidth: 0 },
      trace.height,
    )
  }
  return { name, rows, heights, cost }
}

type Shaped = Pick<
  FunctionLayout,
  'main' | 'stage2' | 'quotientDegree' | 'classicWidth' | 'width' | 'lookups'
>

/** Members are laid out like branches: inputs, auxiliaries and lookups shared, selectors side by side. */
function grouped(members: readonly FunctionLayout[]): Shaped {
  if (members.length === 1) return members[0]!
  const most = (of: (f: FunctionLayout) => number) => Math.max(...members.map(of))
  const main = most(f => f.inputs + f.auxiliaries) + members.reduce((sum, f) => sum + f.selectors, 0)
  const lookups = most(f => f.lookups)
  const stage2 = 2 * lookups
  return {
    main,
    lookups,
    stage2,
    quotientDegree: 2,
    width: main + stage2 + 4,
    classicWidth: main + 2 * (1 + lookups),
  }
}

/** Merges ranked by the active width that they save per unit of cost, until the cost allows no more. */
function chooseGroups(functions: readonly FunctionLayout[], profiles: readonly Profile[]): number[][] {
  interface Group {
    members: number[]
    shape: Shaped
    /** Per profile. */
    rows: number[]
    costs: number[]
  }
  const groupOf = (members: number[]): Group => {
    const shape = grouped(members.map(i => functions[i]!))
    const rows = profiles.map(p => members.reduce((sum, i) => sum + p.rows[i]!, 0))
    return { members, shape, rows, costs: rows.map(n => shapeCost('transforms', shape, n)) }
  }
  const average = (of: (p: number) => number) =>
    profiles.reduce((sum, _, p) => sum + of(p), 0) / profiles.length
  const groups: (Group | undefined)[] = functions.map((_, i) => groupOf([i]))
  /** The merge of two groups: width saved, cost added. */
  const merge = (a: Group, b: Group) => {
    const both = groupOf([...a.members, ...b.members])
    const saved = average(p => {
      const width = (g: Group) => (g.rows[p]! > 0 ? g.shape.width : 0)
      return width(a) + width(b) - width(both)
    })
    const added = average(p => (both.costs[p]! - a.costs[p]! - b.costs[p]!) / profiles[p]!.cost)
    return { both, saved, added }
  }
  const value = (m: { saved: number; added: number }) =>
    m.saved <= 0 ? 0 : m.saved / Math.max(m.added, 1e-9)
  // circuits with wide groups of lookups would lose them
  const alone = (g: Group) => g.shape.quotientDegree > 2
  /** Best partner after i and the value of that merge. */
  const best = functions.map(() => ({ partner: -1, value: 0 }))
  const search = (i: number) => {
    best[i] = { partner: -1, value: 0 }
    const a = groups[i]
    if (a === undefined || alone(a)) return
    for (let j = i + 1; j < groups.length; j++) {
      const b = groups[j]
      if (b === undefined || alone(b) || a.members.length + b.members.length > MAX_MEMBERS) continue
      const v = value(merge(a, b))
      if (v > best[i]!.value) best[i] = { partner: j, value: v }
    }
  }
  functions.forEach((_, i) => {
    search(i)
  })
  let increase = 0
  for (;;) {
    let i = 0
    best.forEach((b, k) => {
      if (b.value > best[i]!.value) i = k
    })
    const { partner, value: found } = best[i]!
    if (found === 0) break
    const { both, added } = merge(groups[i]!, groups[partner]!)
    if (increase + added > MAX_INCREASE) {
      best[i] = { partner: -1, value: 0 }
      continue
    }
    increase += added
    groups[i] = both
    groups[partner] = undefined
    best.forEach((b, k) => {
      if (k === i || k === partner || b.partner === i || b.partner === partner) search(k)
      else if (
        k < i &&
        groups[k] !== undefined &&
        !alone(groups[k]!) &&
        groups[k]!.members.length + both.members.length <= MAX_MEMBERS
      ) {
        const v = value(merge(groups[k]!, both))
        if (v > b.value) best[k] = { partner: i, value: v }
      }
    })
  }
  return groups.filter(g => g !== undefined).map(g => g.members)
}

/** Operations of a function as a member of a group. */
function operationsOf({ expressions, lookups }: KeyCircuit, { selectors }: FunctionLayout): number {
  const weights = selectors > 1 ? 0 : 2 * lookups.reduce((sum, l) => sum + l.message.length, 0)
  return expressions.kinds.length + weights
}

/** The key with one circuit per group, as far as a shape depends on it, and the heights of a profile. */
function regrouped(key: VerifyingKey, layout: Layout, groups: number[][], { rows, heights }: Profile) {
  const circuits: KeyCircuit[] = []
  const logs: number[] = []
  for (const members of groups) {
    const first = key.circuits[members[0]!]!
    const height = members.reduce((sum, i) => sum + rows[i]!, 0)
    logs.push(height === 0 ? -1 : logHeightOf(height))
    if (members.length === 1) {
      circuits.push(first)
      continue
    }
    const shape = grouped(members.map(i => layout.functions[i]!))
    const all = members.map(i => key.circuits[i]!)
    const longest = Math.max(...all.flatMap(c => c.lookups.map(l => l.message.length)))
    circuits.push({
      ...first,
      main: shape.main,
      nextColumns: [],
      groupDegree: 1,
      degree: 3,
      // Message elements are weighted by the selector of their member; those of branching functions are already.
      expressions: {
        ...first.expressions,
        kinds: new Uint8Array(
          members.reduce((sum, i) => sum + operationsOf(key.circuits[i]!, layout.functions[i]!), 0),
        ),
        degrees: Uint8Array.of(2),
      },
      constraints: [...all.flatMap(c => c.constraints), 0],
      lookups: Array.from({ length: shape.lookups }, () => ({
        multiplicity: 0,
        message: new Array<number>(longest).fill(0),
      })),
    })
  }
  for (let i = layout.functions.length; i < key.circuits.length; i++) {
    circuits.push(key.circuits[i]!)
    logs.push(heights[i]!)
  }
  return { key: { ...key, circuits }, heights: logs }
}

/** Expected bytes of a proof of this shape: the queries fall on random rows. */
function expectedBytes(shape: Shape, circuits: number, p: Parameters): number {
  const salt = p.hiding ? 16 : 0
  const distinct = (log: number) => {
    const n = 2 ** log
    return n * (1 - (1 - 1 / n) ** p.queries)
  }
  const logDomain = shape.classes[0]!.logDomain
  /** Siblings that cannot be computed, in a tree over 2^log leaves. */
  const siblings = (log: number) => {
    let sum = 0
    for (let level = log; level > 0; level--) sum += 2 * distinct(level - 1) - distinct(level)
    return 32 * sum
  }
  let bytes = 60 + 8 * 17 + circuits + 3 * 32 + 16 * shape.active.length + 3 * siblings(logDomain)
  for (const c of shape.classes) {
    const next = c.next.reduce((sum, group) => sum + group.columns.length, 0)
    bytes += 16 * (c.mainColumns + c.accumulatorColumns + 2 * c.slices + next)
    bytes +=
      distinct(c.logDomain) * (8 * (c.mainColumns + c.accumulatorColumns + c.quotientColumns) + 3 * salt)
  }
  for (let log = logDomain; log > shape.finalLog + LOG_BLOWUP; log--) {
    const missing = 2 * distinct(log - 1) - distinct(log)
    bytes += 32 + 16 * missing + salt * distinct(log - 1) + siblings(log - 1)
  }
  return Math.round(bytes + 16 * shape.finalLength)
}

function describe(key: VerifyingKey, heights: ArrayLike<number>, p: Parameters) {
  const shape = shapeOf(key, heights, p)
  const widths = shape.active.map(a => a.mainColumns + a.accumulatorColumns)
  return {
    circuits: shape.active.length,
    /** Operations that a verifier evaluates. */
    operations: shape.active.reduce((sum, a) => sum + a.circuit.expressions.kinds.length, 0),
    unstacked: widths.reduce((a, b) => a + b, 0),
    columns: shape.classes.reduce((sum, c) => sum + c.mainColumns + c.accumulatorColumns, 0),
    constraints: shape.constraints,
    bytes: expectedBytes(shape, key.circuits.length, p),
  }
}

const asked = process.argv.slice(2)
const unseen = asked.indexOf('--unseen')
const names = asked.filter(name => name !== '--unseen')
const { run } = await check(targetOf(names[0]!))
if (run === undefined) throw new Error(`${names[0]} was not accepted`)
const { layout } = run
const key = deriveKey(layout)
const profiles: Profile[] = []
for (const name of names) profiles.push(await profileOf(name, key, layout))
const groups = chooseGroups(layout.functions, unseen < 0 ? profiles : profiles.slice(0, unseen))
const sizes = groups.map(g => g.length).filter(n => n > 1)
console.log(
  JSON.stringify({
    functions: layout.functions.length,
    groups: sizes.length,
    members: sizes.reduce((a, b) => a + b, 0),
  }),
)
for (const profile of profiles)
  for (const hiding of [true, false]) {
    const p = parameters('default', { hiding })
    const before = describe(key.key, profile.heights, p)
    const made = regrouped(key.key, layout, groups, profile)
    const after = describe(made.key, made.heights, p)
    const change = (x: number, y: number) => `${((100 * (y - x)) / x).toFixed(1)} %`
    const cost = groups.reduce((sum, members) => {
      const rows = members.reduce((n, i) => n + profile.rows[i]!, 0)
      return sum + shapeCost('transforms', grouped(members.map(i => layout.functions[i]!)), rows)
    }, 0)
    const single = layout.functions.reduce(
      (sum, f, i) => sum + shapeCost('transforms', f, profile.rows[i]!),
      0,
    )
    console.log(
      JSON.stringify({
        record: profile.name,
        hiding,
        before,
        after,
        cost: change(profile.cost, profile.cost + cost - single),
        unstacked: change(before.unstacked, after.unstacked),
        columns: change(before.columns, after.columns),
        operations: change(before.operations, after.operations),
        bytes: change(before.bytes, after.bytes),
      }),
    )
  }

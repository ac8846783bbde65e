/**
 * Mutations of constants: one place of a compiled constant is changed. Most changes make it wrong; some only change its
 * encoding, or give another constant that is right as well.
 */
import type { Address } from '../../ixon/address.js'
import {
  type Constant,
  type ConstantInfo,
  type Constructor,
  type Definition,
  encodeConstant,
  type Inductive,
  infoExpressions,
  type Member,
  type Recursor,
} from '../../ixon/constant.js'
import { type Expression, visitExpressions } from '../../ixon/expression.js'
import { successor, type Universe } from '../../ixon/universe.js'

/** Numbers below a bound, by a seed (mulberry32). */
export class Random {
  constructor(private state: number) {}

  below(bound: number): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0
    let t = this.state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * bound) | 0
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!
  }
}

export interface Mutant {
  /** What was changed. */
  readonly kind: string
  readonly constant: Constant
}

/** Where replacements come from. */
export interface Pool {
  /** Constants by address, with their number of universe parameters. */
  readonly constants: readonly { readonly address: Address; readonly lvls: number }[]
  readonly blobs: readonly Address[]
}

/** A changed constant, or `undefined` when the place that was chosen cannot be changed in the way that was chosen. */
export function mutate(constant: Constant, pool: Pool, random: Random): Mutant | undefined {
  const { info } = constant
  const ways: (() => Mutant | undefined)[] = [
    () => mutateMetadata(constant, random),
    () => mutateTables(constant, pool, random),
  ]
  const what = random.below(8)
  const mutant = what < 2 ? ways[what]!() : mutateNode(constant, pool, random)
  if (mutant === undefined) return undefined
  const before = encodeConstant({ ...constant, info })
  return Buffer.compare(before, encodeConstant(mutant.constant)) === 0 ? undefined : mutant
}

// Expressions ---------------------------------------------------------------------------------------------------------

function nodesOf(constant: Constant): Expression[] {
  const nodes: Expression[] = []
  visitExpressions([...infoExpressions(constant.info), ...constant.sharing], node => nodes.push(node))
  return nodes
}

function mutateNode(constant: Constant, pool: Pool, random: Random): Mutant | undefined {
  const nodes = nodesOf(constant)
  if (nodes.length === 0) return undefined
  const target = random.pick(nodes)
  const tables = { refs: [...constant.refs], univs: [...constant.univs] }
  const changed = changedNode(target, nodes, constant, tables, pool, random)
  if (changed === undefined) return undefined
  const [kind, replacement] = changed
  const rewrite = (root: Expression): Expression => replaced(root, target, replacement)
  return {
    kind,
    constant: {
      info: mapInfo(constant.info, rewrite),
      sharing: constant.sharing.map(rewrite),
      refs: tables.refs,
      univs: tables.univs,
    },
  }
}

/** The tree with one node (by identity) replaced. */
export function replaced(root: Expression, target: Expression, by: Expression): Expression {
  if (root === target) return by
  switch (root.kind) {
    case 'prj': {
      const expr = replaced(root.expr, target, by)
      return expr === root.expr ? root : { ...root, expr }
    }
    case 'app': {
      const fn = replaced(root.fn, target, by)
      const arg = replaced(root.arg, target, by)
      return fn === root.fn && arg === root.arg ? root : { ...root, fn, arg }
    }
    case 'lam':
    case 'all': {
      const type = replaced(root.type, target, by)
      const body = replaced(root.body, target, by)
      return type === root.type && body === root.body ? root : { ...root, type, body }
    }
    case 'let': {
      const type = replaced(root.type, target, by)
      const value = replaced(root.value, target, by)
      const body = replaced(root.body, target, by)
      return type === root.type && value === root.value && body === root.body
        ? root
        : { ...root, type, value, body }
    }
    default:
      return root
  }
}

type Changed = readonly [kind: string, node: Expression]

interface Tables {
  readonly refs: Address[]
  readonly univs: Universe[]
}

function changedNode(
  node: Expression,
  nodes: readonly Expression[],
  constant: Constant,
  tables: Tables,
  pool: Pool,
  random: Random,
): Changed | undefined {
  // Any node may become a copy of another.
  if (random.below(12) === 0) return ['node: another subterm', random.pick(nodes)]
  switch (node.kind) {
    case 'var': {
      const index = random.below(2) === 0 ? node.index + 1 : node.index - 1
      return index < 0 ? undefined : ['variable: another index', { kind: 'var', index }]
    }
    case 'sort':
      return [
        'sort: another universe',
        { kind: 'sort', universe: someUniverse(tables, node.universe, random) },
      ]
    case 'ref':
    case 'rec':
      return changedConstant(node, constant, tables, pool, random)
    case 'prj':
      return random.below(3) > 0
        ? ['projection: another field', { ...node, field: random.below(node.field + 3) }]
        : ['projection: another structure', { ...node, ref: someRef(tables, pool, random) }]
    case 'nat':
    case 'str':
      return random.below(4) === 0
        ? ['literal: of the other kind', { kind: node.kind === 'nat' ? 'str' : 'nat', ref: node.ref }]
        : ['literal: another value', { ...node, ref: addRef(tables, random.pick(pool.blobs)) }]
    case 'app':
      return changedApplication(node, random)
    case 'lam':
    case 'all':
      switch (random.below(4)) {
        case 0:
          return ['binder: of the other kind', { ...node, kind: node.kind === 'lam' ? 'all' : 'lam' }]
        case 1:
          return ['binder: another type', { ...node, type: random.pick(nodes) }]
        case 2:
          return ['binder: left out', node.body]
        default:
          return ['binder: twice', { ...node, body: node }]
      }
    case 'let':
      switch (random.below(4)) {
        case 0:
          return ['let: the flag', { ...node, nondep: !node.nondep }]
        case 1:
          return ['let: another type', { ...node, type: random.pick(nodes) }]
        case 2:
          return ['let: another value', { ...node, value: random.pick(nodes) }]
        default:
          return ['let: a function instead', { kind: 'lam', type: node.type, body: node.body }]
      }
    case 'share':
      return random.below(2) === 0
        ? ['share: another entry', { kind: 'share', index: random.below(constant.sharing.length) }]
        : ['share: written out', constant.sharing[node.index]!]
  }
}

function changedApplication(node: Expression & { kind: 'app' }, random: Random): Changed | undefined {
  const { fn, arg } = node
  switch (random.below(5)) {
    case 0:
      return ['application: function and argument exchanged', { kind: 'app', fn: arg, arg: fn }]
    case 1:
      return ['application: argument left out', fn]
    case 2:
      return ['application: function left out', arg]
    case 3:
      return ['application: argument twice', { kind: 'app', fn: node, arg }]
    default:
      return fn.kind === 'app'
        ? ['application: two arguments exchanged', { kind: 'app', fn: { ...fn, arg }, arg: fn.arg }]
        : undefined
  }
}

function changedConstant(
  node: Expression & { kind: 'ref' | 'rec' },
  constant: Constant,
  tables: Tables,
  pool: Pool,
  random: Random,
): Changed | undefined {
  const { universes } = node
  switch (random.below(5)) {
    case 0: {
      if (universes.length === 0) return undefined
      const at = random.below(universes.length)
      const changed = universes.map((u, i) => (i === at ? someUniverse(tables, u, random) : u))
      return ['constant: another universe', { ...node, universes: changed }]
    }
    case 1:
      return random.below(2) === 0
        ? [
            'constant: one universe more',
            { ...node, universes: [...universes, someUniverse(tables, 0, random)] },
          ]
        : ['constant: one universe less', { ...node, universes: universes.slice(1) }]
    case 2: {
      const other = random.pick(pool.constants)
      const some = Array.from({ length: other.lvls }, () => someUniverse(tables, 0, random))
      return ['constant: any other', { kind: 'ref', ref: addRef(tables, other.address), universes: some }]
    }
    case 3:
      if (node.kind === 'rec') {
        const members = constant.info.kind === 'muts' ? constant.info.members.length : 1
        return ['constant: another member', { ...node, member: random.below(members + 1) }]
      }
      return ['constant: another of the table', { ...node, ref: random.below(constant.refs.length) }]
    default: {
      const same = pool.constants.filter(({ lvls }) => lvls === universes.length)
      if (same.length === 0) return undefined
      return [
        'constant: another with as many universes',
        { kind: 'ref', ref: addRef(tables, random.pick(same).address), universes },
      ]
    }
  }
}

function addRef(tables: Tables, address: Address): number {
  const at = tables.refs.indexOf(address)
  if (at >= 0) return at
  tables.refs.push(address)
  return tables.refs.length - 1
}

function someRef(tables: Tables, pool: Pool, random: Random): number {
  return random.below(2) === 0 && tables.refs.length > 0
    ? random.below(tables.refs.length)
    : addRef(tables, random.pick(pool.constants).address)
}

/** A universe near the one at this place of the table, or another of the table. */
function someUniverse(tables: Tables, at: number, random: Random): number {
  const { univs } = tables
  if (univs.length > 1 && random.below(2) === 0) return random.below(univs.length)
  const old = univs[at]
  univs.push(old === undefined ? { kind: 'zero' } : changedUniverse(old, random))
  return univs.length - 1
}

function changedUniverse(universe: Universe, random: Random): Universe {
  switch (random.below(6)) {
    case 0:
      return successor(universe)
    case 1:
      return universe.kind === 'succ' ? successor(universe.base, universe.count - 1) : { kind: 'zero' }
    case 2:
      return { kind: 'max', left: universe, right: { kind: 'var', index: random.below(2) } }
    case 3:
      return { kind: 'imax', left: { kind: 'var', index: random.below(2) }, right: universe }
    case 4:
      if (universe.kind === 'max' || universe.kind === 'imax')
        return { kind: universe.kind === 'max' ? 'imax' : 'max', left: universe.left, right: universe.right }
      return { kind: 'var', index: random.below(3) }
    default:
      if (universe.kind === 'max' || universe.kind === 'imax')
        return { ...universe, left: universe.right, right: universe.left }
      return universe.kind === 'var' ? { kind: 'var', index: universe.index + 1 } : { kind: 'zero' }
  }
}

// Tables ----------------------------------------------------------------------------------------------------------------

function mutateTables(constant: Constant, pool: Pool, random: Random): Mutant | undefined {
  const { refs, univs, sharing } = constant
  switch (random.below(5)) {
    case 0: {
      if (refs.length < 2) return undefined
      return {
        kind: 'table: two references exchanged',
        constant: { ...constant, refs: exchanged(refs, random) },
      }
    }
    case 1: {
      if (refs.length === 0) return undefined
      const at = random.below(refs.length)
      const other = random.pick(pool.constants).address
      return {
        kind: 'table: another reference',
        constant: { ...constant, refs: refs.map((ref, i) => (i === at ? other : ref)) },
      }
    }
    case 2: {
      if (univs.length === 0) return undefined
      const at = random.below(univs.length)
      const changed = univs.map((u, i) => (i === at ? changedUniverse(u, random) : u))
      return { kind: 'table: another universe', constant: { ...constant, univs: changed } }
    }
    case 3:
      if (univs.length < 2) return undefined
      return {
        kind: 'table: two universes exchanged',
        constant: { ...constant, univs: exchanged(univs, random) },
      }
    default:
      if (sharing.length < 2) return undefined
      return {
        kind: 'table: two shares exchanged',
        constant: { ...constant, sharing: exchanged(sharing, random) },
      }
  }
}

function exchanged<T>(list: readonly T[], random: Random): T[] {
  const copy = [...list]
  const i = random.below(list.length)
  const j = random.below(list.length)
  ;[copy[i], copy[j]] = [copy[j]!, copy[i]!]
  return copy
}

// Declarations ------------------------------------------------------------------------------------------------------------

export function mapInfo(info: ConstantInfo, rewrite: (e: Expression) => Expression): ConstantInfo {
  switch (info.kind) {
    case 'axio':
    case 'quot':
      return { ...info, type: rewrite(info.type) }
    case 'defn':
    case 'recr':
      return mapMember(info, rewrite) as Definition | Recursor
    case 'muts':
      return { ...info, members: info.members.map(member => mapMember(member, rewrite)) }
    default:
      return info
  }
}

function mapMember(member: Member, rewrite: (e: Expression) => Expression): Member {
  switch (member.kind) {
    case 'defn':
      return { ...member, type: rewrite(member.type), value: rewrite(member.value) }
    case 'indc':
      return {
        ...member,
        type: rewrite(member.type),
        ctors: member.ctors.map(ctor => ({ ...ctor, type: rewrite(ctor.type) })),
      }
    case 'recr':
      return {
        ...member,
        type: rewrite(member.type),
        rules: member.rules.map(rule => ({ ...rule, rhs: rewrite(rule.rhs) })),
      }
  }
}

function mutateMetadata(constant: Constant, random: Random): Mutant | undefined {
  const { info } = constant
  const made = (kind: string, changed: ConstantInfo): Mutant => ({
    kind,
    constant: { ...constant, info: changed },
  })
  switch (info.kind) {
    case 'axio':
      return random.below(2) === 0
        ? made('axiom: safety', { ...info, unsafe: !info.unsafe })
        : made('axiom: universe parameters', { ...info, lvls: near(info.lvls, random) })
    case 'quot':
      return random.below(2) === 0
        ? made('quotient: kind', { ...info, form: random.pick(['type', 'ctor', 'lift', 'ind']) })
        : made('quotient: universe parameters', { ...info, lvls: near(info.lvls, random) })
    case 'defn':
    case 'recr': {
      const [kind, member] = changedMember(info, random)
      return made(kind, member as Definition | Recursor)
    }
    case 'muts': {
      const { members } = info
      if (members.length > 1 && random.below(4) === 0) {
        if (random.below(2) === 0)
          return made('block: two members exchanged', { ...info, members: exchanged(members, random) })
        const at = random.below(members.length)
        return made('block: a member left out', { ...info, members: members.filter((_, i) => i !== at) })
      }
      const at = random.below(members.length)
      const [kind, member] = changedMember(members[at]!, random)
      return made(kind, { ...info, members: members.map((m, i) => (i === at ? member : m)) })
    }
    default:
      return undefined
  }
}

function near(count: number, random: Random): number {
  return random.below(2) === 0 || count === 0 ? count + 1 : count - 1
}

function changedMember(member: Member, random: Random): [string, Member] {
  switch (member.kind) {
    case 'defn':
      return changedDefinition(member, random)
    case 'indc':
      return changedInductive(member, random)
    case 'recr':
      return changedRecursor(member, random)
  }
}

function changedDefinition(member: Definition, random: Random): [string, Member] {
  switch (random.below(4)) {
    case 0:
      return ['definition: kind', { ...member, form: random.pick(['definition', 'opaque', 'theorem']) }]
    case 1:
      return ['definition: safety', { ...member, safety: random.pick(['unsafe', 'safe', 'partial']) }]
    case 2:
      return ['definition: universe parameters', { ...member, lvls: near(member.lvls, random) }]
    default:
      return ['definition: type for value', { ...member, value: member.type }]
  }
}

function changedInductive(member: Inductive, random: Random): [string, Member] {
  const { ctors } = member
  const withCtors = (kind: string, changed: readonly Constructor[]): [string, Member] => [
    kind,
    { ...member, ctors: changed },
  ]
  switch (random.below(9)) {
    case 0:
      return ['inductive: safety', { ...member, unsafe: !member.unsafe }]
    case 1:
      return ['inductive: universe parameters', { ...member, lvls: near(member.lvls, random) }]
    case 2:
      return ['inductive: parameters', { ...member, params: near(member.params, random) }]
    case 3:
      return ['inductive: indices', { ...member, indices: near(member.indices, random) }]
    case 4:
      return [
        'inductive: a parameter is an index',
        { ...member, params: (member.params - 1) >>> 0, indices: member.indices + 1 },
      ]
    case 5:
      return withCtors(
        'inductive: constructors exchanged',
        ctors.length < 2 ? ctors : exchanged(ctors, random).map((c, i) => ({ ...c, cidx: i })),
      )
    case 6:
      return withCtors('inductive: constructor left out', ctors.slice(0, -1))
    case 7:
      return withCtors(
        'inductive: constructor twice',
        ctors.length === 0 ? ctors : [...ctors, { ...random.pick(ctors), cidx: ctors.length }],
      )
    default: {
      if (ctors.length === 0) return ['inductive: safety', { ...member, unsafe: !member.unsafe }]
      const at = random.below(ctors.length)
      const ctor = ctors[at]!
      const changes: [string, Partial<Constructor>][] = [
        ['constructor: fields', { fields: near(ctor.fields, random) }],
        ['constructor: parameters', { params: near(ctor.params, random) }],
        ['constructor: index', { cidx: near(ctor.cidx, random) }],
        ['constructor: universe parameters', { lvls: near(ctor.lvls, random) }],
        ['constructor: safety', { unsafe: !ctor.unsafe }],
      ]
      const [kind, change] = random.pick(changes)
      return withCtors(
        kind,
        ctors.map((c, i) => (i === at ? { ...c, ...change } : c)),
      )
    }
  }
}

function changedRecursor(member: Recursor, random: Random): [string, Member] {
  const { rules } = member
  const changes: [string, Partial<Recursor>][] = [
    ['recursor: K', { k: !member.k }],
    ['recursor: safety', { unsafe: !member.unsafe }],
    ['recursor: universe parameters', { lvls: near(member.lvls, random) }],
    ['recursor: parameters', { params: near(member.params, random) }],
    ['recursor: indices', { indices: near(member.indices, random) }],
    ['recursor: motives', { motives: near(member.motives, random) }],
    ['recursor: minor premises', { minors: near(member.minors, random) }],
    ['recursor: a motive is a minor premise', { motives: member.motives - 1, minors: member.minors + 1 }],
    ['recursor: a parameter is a motive', { params: (member.params - 1) >>> 0, motives: member.motives + 1 }],
    ['recursor: a rule left out', { rules: rules.slice(1) }],
  ]
  if (rules.length > 0) {
    const at = random.below(rules.length)
    changes.push(
      ['recursor: rules exchanged', { rules: exchanged(rules, random) }],
      ['recursor: a rule twice', { rules: [...rules, random.pick(rules)] }],
      [
        'recursor: fields of a rule',
        { rules: rules.map((r, i) => (i === at ? { ...r, fields: near(r.fields, random) } : r)) },
      ],
      [
        'recursor: the side of another rule',
        { rules: rules.map((r, i) => (i === at ? { ...r, rhs: random.pick(rules).rhs } : r)) },
      ],
    )
  }
  const [kind, change] = random.pick(changes)
  return [kind, { ...member, ...change }]
}

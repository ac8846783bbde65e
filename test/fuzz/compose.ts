/** Constants put together from parts of two or more real ones. */
import type { Address } from '../../ixon/address.js'
import {
  type Constant,
  type ConstantInfo,
  type Constructor,
  encodeConstant,
  type Inductive,
  infoExpressions,
  type Member,
  type Recursor,
} from '../../ixon/constant.js'
import type { Environment } from '../../ixon/environment.js'
import { type Expression, visitExpressions } from '../../ixon/expression.js'
import type { Universe } from '../../ixon/universe.js'
import type { Mutant } from './mutant.js'
import { addRef, type Tables } from './mutate-tables.js'
import type { Random } from './random.js'
import { mapInfo, replaced } from './rewrite.js'
import { addUniverse, lifted, mapped, memberAddress, moved, unshared } from './terms-of-constants.js'

/** A constant or block that parts are taken from. */
interface Donor {
  readonly address: Address
  readonly constant: Constant
}

/** Constants of an environment by what can be taken from them. */
export interface Donors {
  readonly all: readonly Address[]
  readonly inductives: readonly Address[]
  readonly recursors: readonly Address[]
  /** All, and types and recursors once more: there are few of them. */
  readonly weighted: readonly Address[]
  readonly environment: Environment
}

/** @param bytes size of the largest donor */
export function donorsOf(environment: Environment, bytes: number): Donors {
  const all = [...environment.addresses()].filter(
    address => environment.blockOf(address) === address && environment.size(address) <= bytes,
  )
  const kinds = (wanted: Member['kind']): Address[] =>
    all.filter(address => {
      const { info } = environment.constant(address)
      return info.kind === wanted || (info.kind === 'muts' && info.members[0]?.kind === wanted)
    })
  const [inductives, recursors] = [kinds('indc'), kinds('recr')]
  const often = (some: readonly Address[]): Address[] =>
    Array.from({ length: Math.ceil(all.length / Math.max(1, some.length)) }, () => some).flat()
  const weighted = [...all, ...often(inductives), ...often(recursors)]
  return { all, inductives, recursors, weighted, environment }
}

/** A constant with parts of others, or `undefined` when the choice does not fit. */
export function compose(
  address: Address,
  constant: Constant,
  donors: Donors,
  random: Random,
): Mutant | undefined {
  const mutant = new Composition(address, constant, donors, random).make()
  if (mutant === undefined) return undefined
  const same = Buffer.compare(encodeConstant(constant), encodeConstant(mutant.constant)) === 0
  return same ? undefined : mutant
}

class Composition {
  private readonly tables: Tables

  constructor(
    private readonly address: Address,
    private readonly constant: Constant,
    private readonly donors: Donors,
    private readonly random: Random,
  ) {
    this.tables = { refs: [...constant.refs], univs: [...constant.univs] }
  }

  make(): Mutant | undefined {
    const { info } = this.constant
    const first = info.kind === 'muts' ? info.members[0]! : info
    const some = this.random.below(10)
    if (some < 2) return this.splice()
    if (some < 3) return this.universesExchanged()
    if (some < 4) return this.bindersExchanged()
    if (first.kind === 'indc' && info.kind === 'muts')
      return this.withMembers(info.members as readonly Inductive[])
    if (first.kind === 'recr') return this.ofRecursors(info.kind === 'muts' ? info.members : [first])
    return this.splice()
  }

  private made(kind: string, info: ConstantInfo, sharing = this.constant.sharing): Mutant {
    return { kind, constant: { info, sharing, refs: this.tables.refs, univs: this.tables.univs } }
  }

  private donor(from: readonly Address[]): Donor {
    const address = this.random.pick(from)
    return { address, constant: this.donors.environment.constant(address) }
  }

  private get lvls(): number {
    const { info } = this.constant
    if (info.kind === 'muts') return info.members[0]!.lvls
    return 'lvls' in info ? info.lvls : 0
  }

  /** A donor's own members stay what they are, or become those of the constant. */
  private import(e: Expression, donor: Donor, own?: number): Expression | undefined {
    return moved(e, donor.constant, this.tables, this.lvls, member =>
      own === undefined
        ? { ref: memberAddress(donor.address, donor.constant, member) }
        : { rec: member % own },
    )
  }

  /** A node becomes one of another constant, mostly of the same form. */
  private splice(): Mutant | undefined {
    const { random, constant } = this
    const target = random.pick(nodesOf(constant))
    const donor = this.donor(this.donors.all)
    const nodes = nodesOf(donor.constant).filter(node => node.kind !== 'share')
    const alike = nodes.filter(node => node.kind === target.kind)
    const pick = alike.length > 0 && random.below(4) > 0 ? alike : nodes
    if (pick.length === 0) return undefined
    const part = this.import(random.pick(pick), donor)
    if (part === undefined) return undefined
    const rewrite = (root: Expression): Expression => replaced(root, target, part)
    return this.made(
      'composed: a subterm of another constant',
      mapInfo(constant.info, rewrite),
      constant.sharing.map(rewrite),
    )
  }

  private universesExchanged(): Mutant | undefined {
    const { random, lvls } = this
    if (lvls < 2) return undefined
    const i = random.below(lvls)
    const j = (i + 1 + random.below(lvls - 1)) % lvls
    const univs = this.constant.univs.map(u => exchangedIn(u, i, j))
    return { kind: 'composed: universe parameters exchanged', constant: { ...this.constant, univs } }
  }

  /** Two binders in a row change places, everywhere or in one place. */
  private bindersExchanged(): Mutant | undefined {
    const { random, constant } = this
    const pairs = nodesOf(constant).filter(
      (node): node is Expression & { kind: 'lam' | 'all' } =>
        (node.kind === 'lam' || node.kind === 'all') && node.body.kind === node.kind,
    )
    if (pairs.length === 0) return undefined
    const target = random.pick(pairs)
    const swapped = withBindersExchanged(target, constant.sharing)
    if (swapped === undefined) return undefined
    const rewrite = (root: Expression): Expression => replaced(root, target, swapped)
    return this.made(
      'composed: binders exchanged',
      mapInfo(constant.info, rewrite),
      constant.sharing.map(rewrite),
    )
  }

  // Inductive types -----------------------------------------------------------------------------------------------------

  private withMembers(members: readonly Inductive[]): Mutant | undefined {
    const { random } = this
    const made = (kind: string, changed: readonly Member[]): Mutant =>
      this.made(kind, { kind: 'muts', members: changed })
    const at = random.below(members.length)
    const changed = (ctors: readonly Constructor[]): Member[] =>
      members.map((m, i) => (i === at ? { ...m, ctors: ctors.map((c, cidx) => ({ ...c, cidx })) } : m))
    const own = members[at]!
    const donor = this.donor(this.donors.inductives)
    const { info } = donor.constant
    if (info.kind !== 'muts') return undefined
    const other = random.pick(info.members)
    if (other.kind !== 'indc') return undefined
    switch (random.below(8)) {
      case 0: {
        if (other.ctors.length === 0) return undefined
        const ctor = random.pick(other.ctors)
        const type = this.import(ctor.type, donor, members.length)
        if (type === undefined) return undefined
        const taken = { ...ctor, type, lvls: own.lvls, unsafe: own.unsafe }
        return made('composed: a constructor of another type', changed([...own.ctors, taken]))
      }
      case 1: {
        const types = [other.type, ...other.ctors.map(ctor => ctor.type)].map(type =>
          lowerMembers(this.import(type, donor, 1), members.length),
        )
        if (types.some(type => type === undefined)) return undefined
        const ctors = other.ctors.map((c, i) => ({
          ...c,
          type: types[i + 1]!,
          lvls: own.lvls,
          unsafe: own.unsafe,
        }))
        return made('composed: two types in one block', [
          ...members,
          { ...other, type: types[0]!, lvls: own.lvls, unsafe: own.unsafe, ctors },
        ])
      }
      case 2: {
        const type = this.import(other.type, donor)
        return type && made('composed: the type of another type', withMember(members, at, { ...own, type }))
      }
      default: {
        if (own.ctors.length === 0) return undefined
        const which = random.below(own.ctors.length)
        const ctor = own.ctors[which]!
        const type = unshared(ctor.type, this.constant.sharing)
        if (type === undefined) return undefined
        const place = ctor.params + random.below(ctor.fields + 1)
        const [kind, domain] = this.occurrence(members, place)
        const longer = withBinder(type, place, domain)
        if (longer === undefined) return undefined
        return made(
          `composed: a field ${kind}`,
          changed(own.ctors.map((c, i) => (i === which ? { ...c, type: longer, fields: c.fields + 1 } : c))),
        )
      }
    }
  }

  /** A type under `depth` binders, the first of which are the parameters, that mentions a member of the block. */
  private occurrence(members: readonly Inductive[], depth: number): [string, Expression] {
    const { random } = this
    const self = (more: number): Expression => {
      const member = random.below(members.length)
      const { params, indices } = members[member]!
      const universes = Array.from({ length: this.lvls }, (_, index) =>
        addUniverse(this.tables, { kind: 'var', index }),
      )
      let e: Expression = { kind: 'rec', member, universes }
      const wrong = random.below(6) === 0
      for (let i = 0; i < params; i++)
        e = app(e, variable(depth + more - 1 - (wrong ? random.below(Math.max(1, depth)) : i)))
      for (let i = 0; i < indices; i++) e = app(e, variable(random.below(depth + more || 1)))
      return e
    }
    const inner = (more: number, budget: number): [string, Expression] => {
      if (budget === 0) return ['of the type', self(more)]
      switch (random.below(9)) {
        case 0:
        case 1: {
          const [text, body] = inner(more + 1, budget - 1)
          return [text, { kind: 'all', type: this.outside(more), body }]
        }
        case 2: {
          const [, type] = inner(more, budget - 1)
          return ['left of an arrow', { kind: 'all', type, body: this.outside(more + 1) }]
        }
        case 3:
        case 4:
        case 5: {
          const [text, e] = inner(more, budget - 1)
          return [nested(text), this.applied(e, more)]
        }
        case 6: {
          const [text, e] = inner(more, budget - 1)
          const sort = { kind: 'sort', universe: this.sort() } as const
          return [text, app({ kind: 'lam', type: sort, body: variable(0) }, e)]
        }
        case 7: {
          const [text, value] = inner(more, budget - 1)
          const sort = { kind: 'sort', universe: this.sort() } as const
          return [text, { kind: 'let', nondep: false, type: sort, value, body: variable(0) }]
        }
        default:
          return ['of the type', self(more)]
      }
    }
    return inner(0, random.below(4))
  }

  private sort(): number {
    const universes: Universe[] = [
      { kind: 'succ', count: 1, base: { kind: 'zero' } },
      { kind: 'zero' },
      { kind: 'var', index: 0 },
      { kind: 'succ', count: 1, base: { kind: 'var', index: 0 } },
    ]
    return addUniverse(this.tables, this.random.pick(universes.slice(0, this.lvls > 0 ? 4 : 2)))
  }

  /** A type that does not mention the block: a variable or a constant without parameters. */
  private outside(depth: number): Expression {
    if (depth > 0 && this.random.below(3) === 0) return variable(this.random.below(depth))
    for (let i = 0; i < 10; i++) {
      const donor = this.donor(this.donors.inductives)
      const { info } = donor.constant
      const member = info.kind === 'muts' ? info.members[0] : undefined
      if (member?.kind === 'indc' && member.lvls === 0 && member.params + member.indices === 0)
        return { kind: 'ref', ref: this.memberRef(donor), universes: [] }
    }
    return { kind: 'sort', universe: this.sort() }
  }

  private memberRef(donor: Donor): number {
    return addRef(this.tables, memberAddress(donor.address, donor.constant, 0))
  }

  /** An outside inductive type with parameters at a term, its other arguments a term again or something else. */
  private applied(e: Expression, depth: number): Expression {
    const { random } = this
    for (let i = 0; i < 20; i++) {
      const donor = this.donor(this.donors.inductives)
      const { info } = donor.constant
      const member = info.kind === 'muts' ? info.members[0] : undefined
      if (member?.kind !== 'indc' || member.params === 0 || member.indices > 1) continue
      const universes = Array.from({ length: member.lvls }, () =>
        addUniverse(this.tables, random.below(2) === 0 ? { kind: 'zero' } : { kind: 'var', index: 0 }),
      )
      let f: Expression = { kind: 'ref', ref: this.memberRef(donor), universes }
      const at = random.below(member.params)
      for (let j = 0; j < member.params + member.indices; j++)
        f = app(f, j === at || random.below(4) === 0 ? e : this.outside(depth))
      return f
    }
    return e
  }

  // Recursors -----------------------------------------------------------------------------------------------------------

  private ofRecursors(members: readonly Member[]): Mutant | undefined {
    const { random } = this
    const at = random.below(members.length)
    const own = members[at]!
    const donor =
      random.below(4) === 0
        ? { address: this.address, constant: this.constant }
        : this.donor(this.donors.recursors)
    const { info } = donor.constant
    const other = info.kind === 'muts' ? random.pick(info.members) : info
    if (own.kind !== 'recr' || other.kind !== 'recr') return undefined
    const side = (e: Expression): Expression | undefined => this.import(e, donor, members.length)
    // With the type of another recursor of one shape it is that recursor: binder types of rules count for nothing.
    const made = (kind: string, changed: Recursor): Mutant => ({
      ...this.made(
        kind,
        this.constant.info.kind === 'muts'
          ? { kind: 'muts', members: withMember(members, at, changed) }
          : changed,
      ),
      like: donor.address,
    })
    switch (random.below(4)) {
      case 0: {
        const type = side(other.type)
        return type && made('composed: the type of another recursor', { ...own, type })
      }
      case 1: {
        const rules = other.rules.map(rule => ({ ...rule, rhs: side(rule.rhs) }))
        return rules.some(({ rhs }) => rhs === undefined)
          ? undefined
          : made('composed: the rules of another recursor', { ...own, rules: rules as Recursor['rules'] })
      }
      case 2: {
        if (own.rules.length === 0 || other.rules.length === 0) return undefined
        const which = random.below(own.rules.length)
        const rhs = side(random.pick(other.rules).rhs)
        const rules = own.rules.map((rule, i) => (i === which && rhs !== undefined ? { ...rule, rhs } : rule))
        return made('composed: a rule of another recursor', { ...own, rules })
      }
      default: {
        const { params, indices, motives, minors, k, lvls } = other
        return made('composed: the counts of another recursor', {
          ...own,
          params,
          indices,
          motives,
          minors,
          k,
          lvls,
        })
      }
    }
  }
}

const nested = (text: string): string => (text === 'of the type' ? 'below another type' : text)
const app = (fn: Expression, arg: Expression): Expression => ({ kind: 'app', fn, arg })
const variable = (index: number): Expression => ({ kind: 'var', index: Math.max(0, index) })

function nodesOf(constant: Constant): Expression[] {
  const nodes: Expression[] = []
  visitExpressions([...infoExpressions(constant.info), ...constant.sharing], node => nodes.push(node))
  return nodes
}

function withMember(members: readonly Member[], at: number, member: Member): Member[] {
  return members.map((m, i) => (i === at ? member : m))
}

/** Member 0 of one block as a later one of another. */
function lowerMembers(e: Expression | undefined, by: number): Expression | undefined {
  return e && mapped(e, node => (node.kind === 'rec' ? { ...node, member: node.member + by } : undefined))
}

/** A type with one more binder behind the first `place`. */
function withBinder(type: Expression, place: number, domain: Expression): Expression | undefined {
  if (place === 0) {
    const body = lifted(type, 1)
    return body && { kind: 'all', type: domain, body }
  }
  if (type.kind !== 'all') return undefined
  const body = withBinder(type.body, place - 1, domain)
  return body && { ...type, body }
}

/** The inner binder first; what mentions the outer one in its type gets a variable of another meaning. */
function withBindersExchanged(
  e: Expression & { kind: 'lam' | 'all' },
  sharing: readonly Expression[],
): Expression | undefined {
  if (e.body.kind !== e.kind) return undefined
  const [outer, inner, body] = [e.type, e.body.type, e.body.body].map(part => unshared(part, sharing))
  if (outer === undefined || inner === undefined || body === undefined) return undefined
  const first = lifted(inner, -1, 1)
  const second = lifted(outer, 1)
  const rest = mapped(body, (node, depth) =>
    node.kind === 'var' && (node.index === depth || node.index === depth + 1)
      ? { kind: 'var', index: depth + (node.index === depth ? 1 : 0) }
      : undefined,
  )
  if (first === undefined || second === undefined || rest === undefined) return undefined
  return { kind: e.kind, type: first, body: { kind: e.kind, type: second, body: rest } }
}

function exchangedIn(u: Universe, i: number, j: number): Universe {
  switch (u.kind) {
    case 'zero':
      return u
    case 'var':
      return { kind: 'var', index: u.index === i ? j : u.index === j ? i : u.index }
    case 'succ':
      return { ...u, base: exchangedIn(u.base, i, j) }
    default:
      return { ...u, left: exchangedIn(u.left, i, j), right: exchangedIn(u.right, i, j) }
  }
}

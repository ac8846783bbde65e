/** Constants as the oracle sees them: read with the plain reader of the format, by address. */
import { type Address, naturalFromBytes } from '../../../ixon/address.js'
import { type Constant, type Member, projectionAddress } from '../../../ixon/constant.js'
import type { Environment } from '../../../ixon/environment.js'
import type { Expression } from '../../../ixon/expression.js'
import type { Universe } from '../../../ixon/universe.js'
import {
  app,
  binder,
  bvar,
  constant as constTerm,
  type Level,
  LZERO,
  letIn,
  lsucc,
  nat,
  proj,
  sort,
  str,
  type Term,
  Wrong,
} from './terms.js'

export type Danger = 0 | 1 | 2

export interface Declaration {
  readonly kind:
    | 'axiom'
    | 'definition'
    | 'opaque'
    | 'theorem'
    | 'quotient'
    | 'inductive'
    | 'constructor'
    | 'recursor'
  readonly address: Address
  readonly lvls: number
  readonly type: Term
  readonly value?: Term
  /** 0 safe, 1 partial, 2 unsafe. */
  readonly danger: Danger
  readonly form?: string
  readonly params: number
  readonly indices: number
  /** Of an inductive type: its constructors; of its block: all members. */
  readonly ctors: readonly Address[]
  readonly block: readonly Address[]
  readonly inductive?: Address
  readonly cidx: number
  readonly fields: number
  readonly motives: number
  readonly minors: number
  readonly k: boolean
  readonly rules: readonly { readonly fields: number; readonly rhs: Term }[]
}

const DANGER: Record<string, Danger> = { safe: 0, partial: 1, unsafe: 2 }

export class World {
  private readonly declarations = new Map<Address, Declaration>()

  constructor(
    readonly environment: Environment,
    /** A constant that the environment does not hold. */
    private readonly extra?: { readonly address: Address; readonly constant: Constant },
  ) {
    if (extra !== undefined)
      for (const d of declare(extra.address, extra.constant, environment)) this.declarations.set(d.address, d)
  }

  named(name: string): Address | undefined {
    return this.environment.addressOf(name)
  }

  /** @throws Wrong when there is no such constant */
  get(address: Address): Declaration {
    let found = this.declarations.get(address)
    if (found === undefined) {
      if (!this.environment.has(address)) throw new Wrong(`no constant ${address}`)
      const block = this.environment.blockOf(address)
      for (const d of declare(block, this.environment.constant(block), this.environment))
        this.declarations.set(d.address, d)
      found = this.declarations.get(address)
      if (found === undefined) throw new Wrong(`${address} is no constant`)
    }
    return found
  }

  /** What the extra constant declares. */
  own(): Declaration[] {
    const { extra, environment } = this
    return extra === undefined
      ? []
      : declare(extra.address, extra.constant, environment).map(d => this.get(d.address))
  }
}

const NONE = {
  danger: 0 as Danger,
  params: 0,
  indices: 0,
  ctors: [],
  block: [],
  cidx: 0,
  fields: 0,
  motives: 0,
  minors: 0,
  k: false,
  rules: [],
}

/** @param address of the constant or the block */
export function declare(address: Address, constant: Constant, environment: Environment): Declaration[] {
  const { info } = constant
  if (info.kind !== 'muts') {
    const term = reader(constant, environment, [address])
    if (info.kind === 'axio')
      return [
        {
          ...NONE,
          kind: 'axiom',
          address,
          lvls: info.lvls,
          type: term(info.type),
          danger: info.unsafe ? 2 : 0,
        },
      ]
    if (info.kind === 'quot')
      return [{ ...NONE, kind: 'quotient', address, lvls: info.lvls, type: term(info.type), form: info.form }]
    if (info.kind === 'defn' || info.kind === 'recr') return member(info, address, [address], term, () => '')
    throw new Wrong('a projection')
  }
  const addresses = info.members.map((m, idx) =>
    projectionAddress({
      kind: m.kind === 'defn' ? 'dprj' : m.kind === 'indc' ? 'iprj' : 'rprj',
      idx,
      block: address,
    }),
  )
  const term = reader(constant, environment, addresses)
  return info.members.flatMap((m, idx) =>
    member(m, addresses[idx]!, addresses, term, cidx =>
      projectionAddress({ kind: 'cprj', idx, cidx, block: address }),
    ),
  )
}

function member(
  m: Member,
  address: Address,
  block: readonly Address[],
  term: (e: Expression) => Term,
  ctorAddress: (cidx: number) => Address,
): Declaration[] {
  const common = { ...NONE, address, block, lvls: m.lvls, type: term(m.type) }
  if (m.kind === 'defn')
    return [
      {
        ...common,
        kind: m.form,
        value: term(m.value),
        danger: m.form === 'theorem' ? 0 : DANGER[m.safety]!,
        form: m.safety,
      },
    ]
  const danger: Danger = m.unsafe ? 2 : 0
  if (m.kind === 'recr') {
    const { params, indices, motives, minors, k } = m
    const rules = m.rules.map(rule => ({ fields: rule.fields, rhs: term(rule.rhs) }))
    return [{ ...common, kind: 'recursor', danger, params, indices, motives, minors, k, rules }]
  }
  const ctors = m.ctors.map((_, i) => ctorAddress(i))
  return [
    { ...common, kind: 'inductive', danger, params: m.params, indices: m.indices, ctors },
    ...m.ctors.map(
      (c, i): Declaration => ({
        ...NONE,
        kind: 'constructor',
        address: ctors[i]!,
        block,
        lvls: c.lvls,
        type: term(c.type),
        danger: c.unsafe ? 2 : 0,
        inductive: address,
        params: c.params,
        fields: c.fields,
        cidx: c.cidx,
      }),
    ),
  ]
}

function level(u: Universe): Level {
  switch (u.kind) {
    case 'zero':
      return LZERO
    case 'var':
      return { kind: 'param', index: u.index }
    case 'succ': {
      let l = level(u.base)
      for (let i = 0; i < u.count; i++) l = lsucc(l)
      return l
    }
    default:
      return { kind: u.kind, a: level(u.left), b: level(u.right) }
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function reader(
  constant: Constant,
  environment: Environment,
  members: readonly Address[],
): (e: Expression) => Term {
  const levels = constant.univs.map(level)
  const shares = new Map<number, Term>()
  const pick = <T>(from: readonly T[], i: number, what: string): T => {
    const found = from[i]
    if (found === undefined) throw new Wrong(`no ${what} ${i}`)
    return found
  }
  /** @param below shares that may be mentioned: an entry mentions earlier ones */
  const term = (e: Expression, below: number): Term => {
    switch (e.kind) {
      case 'sort':
        return sort(pick(levels, e.universe, 'universe'))
      case 'var':
        return bvar(e.index)
      case 'ref':
      case 'rec': {
        const us = e.universes.map(u => pick(levels, u, 'universe'))
        const address =
          e.kind === 'ref' ? pick(constant.refs, e.ref, 'reference') : pick(members, e.member, 'member')
        return constTerm(address, us)
      }
      case 'prj':
        return proj(pick(constant.refs, e.ref, 'reference'), e.field, term(e.expr, below))
      case 'nat':
        return nat(naturalFromBytes(environment.blob(pick(constant.refs, e.ref, 'reference'))))
      case 'str':
        try {
          return str(UTF8.decode(environment.blob(pick(constant.refs, e.ref, 'reference'))))
        } catch (error) {
          if (error instanceof TypeError) throw new Wrong('not UTF-8')
          throw error
        }
      case 'app':
        return app(term(e.fn, below), term(e.arg, below))
      case 'lam':
        return binder('lam', term(e.type, below), term(e.body, below))
      case 'all':
        return binder('pi', term(e.type, below), term(e.body, below))
      case 'let':
        return letIn(term(e.type, below), term(e.value, below), term(e.body, below))
      case 'share': {
        if (e.index >= below) throw new Wrong(`no share ${e.index} yet`)
        let shared = shares.get(e.index)
        if (shared === undefined) {
          shared = term(pick(constant.sharing, e.index, 'share'), e.index)
          shares.set(e.index, shared)
        }
        return shared
      }
    }
  }
  return e => term(e, constant.sharing.length)
}

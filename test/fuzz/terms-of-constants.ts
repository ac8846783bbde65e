/** Expressions of compiled constants outside their constant: without shares, moved to other tables, under other binders. */
import { type Address, ZERO_ADDRESS } from '../../ixon/address.js'
import { type Constant, projectionAddress } from '../../ixon/constant.js'
import type { Expression } from '../../ixon/expression.js'
import type { Universe } from '../../ixon/universe.js'
import { addRef, type Tables } from './mutate-tables.js'

/** More nodes than that are not worth a mutant. */
const MOST_NODES = 3000

/**
 * An expression as a tree, rebuilt where `leaf` has no other for a node; `undefined` when it has too many nodes.
 *
 * @param structure changes the references of projections
 */
export function mapped(
  root: Expression,
  leaf: (e: Expression, depth: number) => Expression | undefined,
  structure: (ref: number) => number = ref => ref,
): Expression | undefined {
  let left = MOST_NODES
  const go = (e: Expression, depth: number): Expression => {
    if (left-- <= 0) throw new RangeError('too large')
    const found = leaf(e, depth)
    if (found !== undefined) return found
    switch (e.kind) {
      case 'prj':
        return { ...e, ref: structure(e.ref), expr: go(e.expr, depth) }
      case 'app':
        return { ...e, fn: go(e.fn, depth), arg: go(e.arg, depth) }
      case 'lam':
      case 'all':
        return { ...e, type: go(e.type, depth), body: go(e.body, depth + 1) }
      case 'let':
        return { ...e, type: go(e.type, depth), value: go(e.value, depth), body: go(e.body, depth + 1) }
      default:
        return e
    }
  }
  try {
    return go(root, 0)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** Shares written out. */
export function unshared(root: Expression, sharing: readonly Expression[]): Expression | undefined {
  const outs = new Map<number, Expression>()
  const leaf = (e: Expression): Expression | undefined => {
    if (e.kind !== 'share') return undefined
    let out = outs.get(e.index)
    if (out === undefined) {
      const entry = sharing[e.index]
      out = entry === undefined ? e : mapped(entry, leaf)
      if (out === undefined) throw new RangeError('too large')
      outs.set(e.index, out)
    }
    return out
  }
  return mapped(root, leaf)
}

/** Variables from `from` on raised by `by`. */
export function lifted(root: Expression, by: number, from = 0): Expression | undefined {
  return mapped(root, (e, depth) =>
    e.kind === 'var' ? { kind: 'var', index: e.index < from + depth ? e.index : e.index + by } : undefined,
  )
}

/** An expression of one constant in the tables of another; universe parameters that the latter lacks become its first. */
export function moved(
  root: Expression,
  from: Constant,
  tables: Tables,
  lvls: number,
  members: (member: number) => { readonly rec: number } | { readonly ref: Address },
): Expression | undefined {
  const flat = unshared(root, from.sharing)
  if (flat === undefined) return undefined
  const universe = (index: number): number => {
    const old = from.univs[index]
    return old === undefined ? index : addUniverse(tables, within(old, lvls))
  }
  const reference = (index: number): number => addRef(tables, from.refs[index] ?? ZERO_ADDRESS)
  const leaf = (e: Expression): Expression | undefined => {
    switch (e.kind) {
      case 'sort':
        return { ...e, universe: universe(e.universe) }
      case 'ref':
        return { ...e, ref: reference(e.ref), universes: e.universes.map(universe) }
      case 'rec': {
        const universes = e.universes.map(universe)
        const found = members(e.member)
        return 'rec' in found
          ? { kind: 'rec', member: found.rec, universes }
          : { kind: 'ref', ref: addRef(tables, found.ref), universes }
      }
      case 'nat':
      case 'str':
        return { ...e, ref: reference(e.ref) }
      default:
        return undefined
    }
  }
  return mapped(flat, leaf, reference)
}

export function addUniverse(tables: Tables, universe: Universe): number {
  const text = JSON.stringify(universe)
  const at = tables.univs.findIndex(other => JSON.stringify(other) === text)
  if (at >= 0) return at
  tables.univs.push(universe)
  return tables.univs.length - 1
}

function within(universe: Universe, lvls: number): Universe {
  switch (universe.kind) {
    case 'zero':
      return universe
    case 'var':
      if (universe.index < lvls) return universe
      return lvls === 0 ? { kind: 'zero' } : { kind: 'var', index: 0 }
    case 'succ': {
      const base = within(universe.base, lvls)
      return base.kind === 'succ'
        ? { kind: 'succ', count: universe.count + base.count, base: base.base }
        : { ...universe, base }
    }
    default:
      return { ...universe, left: within(universe.left, lvls), right: within(universe.right, lvls) }
  }
}

/** The addresses of a constant's own members. */
export function memberAddress(address: Address, constant: Constant, member: number): Address {
  const { info } = constant
  if (info.kind !== 'muts') return address
  const kind = info.members[member]?.kind
  if (kind === undefined) return ZERO_ADDRESS
  return projectionAddress({
    kind: kind === 'defn' ? 'dprj' : kind === 'indc' ? 'iprj' : 'rprj',
    idx: member,
    block: address,
  })
}

/** Changes of the tables of a constant: references, universes and shares. */

import type { Address } from '../../ixon/address.js'
import type { Constant } from '../../ixon/constant.js'
import { successor, type Universe } from '../../ixon/universe.js'
import type { Mutant, Pool } from './mutant.js'
import { exchanged, type Random } from './random.js'

/** Tables that a change may add to. */
export interface Tables {
  readonly refs: Address[]
  readonly univs: Universe[]
}

export function addRef(tables: Tables, address: Address): number {
  const at = tables.refs.indexOf(address)
  if (at >= 0) return at
  tables.refs.push(address)
  return tables.refs.length - 1
}

export function someRef(tables: Tables, pool: Pool, random: Random): number {
  return random.below(2) === 0 && tables.refs.length > 0
    ? random.below(tables.refs.length)
    : addRef(tables, random.pick(pool.constants).address)
}

/** A universe near the one at this place of the table, or another of the table. */
export function someUniverse(tables: Tables, at: number, random: Random): number {
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

export function mutateTables(constant: Constant, pool: Pool, random: Random): Mutant | undefined {
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

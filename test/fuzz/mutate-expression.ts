/** Changes of one node of a constant's expressions. */

import { type Constant, infoExpressions } from '../../ixon/constant.js'
import { type Expression, visitExpressions } from '../../ixon/expression.js'
import type { Mutant, Pool } from './mutant.js'
import { addRef, someRef, someUniverse, type Tables } from './mutate-tables.js'
import type { Random } from './random.js'
import { mapInfo, replaced } from './rewrite.js'

function nodesOf(constant: Constant): Expression[] {
  const nodes: Expression[] = []
  visitExpressions([...infoExpressions(constant.info), ...constant.sharing], node => nodes.push(node))
  return nodes
}

export function mutateNode(constant: Constant, pool: Pool, random: Random): Mutant | undefined {
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

type Changed = readonly [kind: string, node: Expression]

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

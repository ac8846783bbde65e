/** Changes of what a declaration says besides its expressions: kinds, safety, counts, flags, constructors and rules. */

import type {
  Constant,
  ConstantInfo,
  Constructor,
  Definition,
  Inductive,
  Member,
  Recursor,
} from '../../ixon/constant.js'
import type { Mutant } from './mutant.js'
import { exchanged, type Random } from './random.js'

export function mutateMetadata(constant: Constant, random: Random): Mutant | undefined {
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

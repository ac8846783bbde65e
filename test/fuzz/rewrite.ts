/** The expressions of a constant, one of them or all replaced. */

import type { ConstantInfo, Definition, Member, Recursor } from '../../ixon/constant.js'
import type { Expression } from '../../ixon/expression.js'

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

/** The expressions of a declaration rewritten. */
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

import type { Declaration, Expr } from '../../lean/declaration.js'
import { displayName } from '../../lean/name.js'

/**
 * Displayed names of the constants that a declaration mentions: in its expressions, as the structure of a projection,
 * and by belonging together (inductive and constructors, recursor and the constructors of its rules; ixon.md 4.1).
 */
export function referencedNames(declaration: Declaration): Set<string> {
  const names = new Set<string>()
  const stack: Expr[] = declarationExpressions(declaration)
  const seen = new Set<Expr>()
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (next.kind === 'const') {
      names.add(displayName(next.name))
      continue
    }
    if (next.kind === 'bvar' || next.kind === 'sort' || seen.has(next)) continue
    seen.add(next)
    switch (next.kind) {
      case 'app':
        stack.push(next.arg, next.fn)
        break
      case 'lam':
      case 'forall':
        stack.push(next.body, next.type)
        break
      case 'let':
        stack.push(next.body, next.value, next.type)
        break
      case 'mdata':
        stack.push(next.expr)
        break
      case 'proj':
        names.add(displayName(next.structure))
        stack.push(next.expr)
    }
  }
  switch (declaration.kind) {
    case 'inductive':
      for (const ctor of declaration.ctors) names.add(displayName(ctor))
      break
    case 'constructor':
      names.add(displayName(declaration.inductive))
      break
    case 'recursor':
      for (const rule of declaration.rules) names.add(displayName(rule.ctor))
  }
  return names
}

/** Type, then value or rule right-hand sides. */
export function declarationExpressions(declaration: Declaration): Expr[] {
  switch (declaration.kind) {
    case 'definition':
    case 'theorem':
    case 'opaque':
      return [declaration.type, declaration.value]
    case 'recursor':
      return [declaration.type, ...declaration.rules.map(rule => rule.rhs)]
    default:
      return [declaration.type]
  }
}

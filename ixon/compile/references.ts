import type { Declaration, Expr } from '../../lean/declaration.js'
import { displayName } from '../../lean/name.js'

/**
 * Displayed names of the constants that a declaration mentions: in its expressions, as the structure of a projection,
 * and by belonging together (inductive and constructors, recursor and the constructors of its rules; ixon.md 4.1).
 */
export function referencedNames(declaration: Declaration): Set<string> {
  const names = new Set<string>()
  visit(declaration, term => {
    if (term.kind === 'const') names.add(displayName(term.name))
    else if (term.kind === 'proj') names.add(displayName(term.structure))
  })
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

const NAT_LITERAL = ['Nat', 'Nat.zero', 'Nat.succ']
const STRING_LITERAL = ['String', 'String.ofList', 'Char', 'Char.ofNat', 'List', 'List.nil', 'List.cons']

/**
 * Displayed names of the constants that the literals of a declaration stand for. A literal does not mention them, so
 * they are no references and may even depend on the declaration; who checks it needs them all the same.
 */
export function literalNames(declaration: Declaration): Set<string> {
  const names = new Set<string>()
  visit(declaration, ({ kind }) => {
    if (kind === 'nat' || kind === 'str') for (const name of NAT_LITERAL) names.add(name)
    if (kind === 'str') for (const name of STRING_LITERAL) names.add(name)
  })
  return names
}

/** Calls `see` on the subterms of a declaration, on equal objects (other than constants) once. Iterative. */
function visit(declaration: Declaration, see: (term: Expr) => void): void {
  const stack: Expr[] = declarationExpressions(declaration)
  const seen = new Set<Expr>()
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (next.kind === 'bvar' || next.kind === 'sort' || seen.has(next)) continue
    see(next)
    if (next.kind === 'const') continue
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
      case 'proj':
        stack.push(next.expr)
    }
  }
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

import type { Declaration, Expr, Level } from '../declaration.js'

/**
 * Whether two declarations of one name make the same statement: equal universe parameters, and types that differ at most in
 * binder names, binder annotations and metadata. Names must come from one table.
 */
export function sameStatement(left: Declaration, right: Declaration): boolean {
  if (left.levelParams.length !== right.levelParams.length) return false
  if (left.levelParams.some((param, index) => param !== right.levelParams[index])) return false
  const isUnsafe = (declaration: Declaration) => 'isUnsafe' in declaration && declaration.isUnsafe
  return isUnsafe(left) === isUnsafe(right) && sameExpr(left.type, right.type)
}

function sameExpr(left: Expr, right: Expr): boolean {
  const levels = new Pairs<Level>()
  const sameLevels = (a: Level, b: Level): boolean => sameLevel(a, b, levels)
  const exprs = new Pairs<Expr>()
  const stack: [Expr, Expr][] = [[left, right]]
  for (let pair = stack.pop(); pair !== undefined; pair = stack.pop()) {
    const a = withoutMetadata(pair[0])
    const b = withoutMetadata(pair[1])
    if (a !== b && exprs.add(a, b) && !sameNode(a, b, stack, sameLevels)) return false
  }
  return true
}

/** Pairs that are equal or about to be compared, so that shared terms are compared once. */
class Pairs<T> {
  readonly #partners = new Map<T, Set<T>>()

  add(a: T, b: T): boolean {
    const partners = this.#partners.get(a)
    if (partners === undefined) this.#partners.set(a, new Set([b]))
    else if (partners.has(b)) return false
    else partners.add(b)
    return true
  }
}

function withoutMetadata(expr: Expr): Expr {
  let inner = expr
  while (inner.kind === 'mdata') inner = inner.expr
  return inner
}

/** Compares two nodes and leaves their children on the stack. */
function sameNode(
  a: Expr,
  b: Expr,
  stack: [Expr, Expr][],
  sameLevels: (a: Level, b: Level) => boolean,
): boolean {
  switch (a.kind) {
    case 'bvar':
      return b.kind === 'bvar' && a.index === b.index
    case 'sort':
      return b.kind === 'sort' && sameLevels(a.level, b.level)
    case 'const':
      return (
        b.kind === 'const' &&
        a.name === b.name &&
        a.levels.length === b.levels.length &&
        a.levels.every((level, index) => sameLevels(level, b.levels[index]!))
      )
    case 'app':
      if (b.kind !== 'app') return false
      stack.push([a.arg, b.arg], [a.fn, b.fn])
      return true
    case 'lam':
    case 'forall':
      if (b.kind !== a.kind) return false
      stack.push([a.body, b.body], [a.type, b.type])
      return true
    case 'let':
      if (b.kind !== 'let') return false
      stack.push([a.body, b.body], [a.value, b.value], [a.type, b.type])
      return true
    case 'nat':
      return b.kind === 'nat' && a.value === b.value
    case 'str':
      return b.kind === 'str' && a.value === b.value
    case 'mdata':
      return false
    case 'proj':
      if (b.kind !== 'proj' || a.structure !== b.structure || a.field !== b.field) return false
      stack.push([a.expr, b.expr])
      return true
  }
}

function sameLevel(left: Level, right: Level, known: Pairs<Level>): boolean {
  const stack: [Level, Level][] = [[left, right]]
  for (let pair = stack.pop(); pair !== undefined; pair = stack.pop()) {
    const [a, b] = pair
    if (a === b || !known.add(a, b)) continue
    if (a.kind === 'succ' && b.kind === 'succ') stack.push([a.pred, b.pred])
    else if (a.kind === 'param' && b.kind === 'param') {
      if (a.name !== b.name) return false
    } else if ((a.kind === 'max' || a.kind === 'imax') && a.kind === b.kind) {
      stack.push([a.right, b.right], [a.left, b.left])
    } else if (a.kind !== 'zero' || b.kind !== 'zero') return false
  }
  return true
}

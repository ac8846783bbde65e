import type { Declaration, Expr, Level, Name } from '../declaration.js'

/**
 * Whether two modules may both declare a name this way (lean-env.md 3.3): theorems, a theorem beside an axiom, or axioms that are
 * evidently propositions, with one statement.
 *
 * @param kept the declaration that stays: a theorem if one of them is
 * @param typeOf type of another constant, if there is one
 */
export function mayRepeat(
  kept: Declaration,
  other: Declaration,
  typeOf: (name: Name) => Expr | undefined,
): boolean {
  if (!sameStatement(kept, other)) return false
  if (kept.kind === 'axiom') return other.kind === 'axiom' && isEvidentProposition(kept.type, typeOf)
  if (kept.kind !== 'theorem') return false
  if (other.kind === 'axiom') return kept.all.length === 1 && kept.all[0] === kept.name
  return other.kind === 'theorem' && sameNames(kept.all, other.all)
}

/** Whether the type's head is a constant that yields `Prop` after as many arguments. */
function isEvidentProposition(type: Expr, typeOf: (name: Name) => Expr | undefined): boolean {
  let head = type
  while (head.kind === 'forall' || head.kind === 'mdata') head = head.kind === 'mdata' ? head.expr : head.body
  let args = 0
  for (; head.kind === 'app' || head.kind === 'mdata'; head = head.kind === 'mdata' ? head.expr : head.fn) {
    if (head.kind === 'app') args++
  }
  if (head.kind !== 'const') return false
  let result = typeOf(head.name)
  for (; args > 0 && result?.kind === 'forall'; args--) result = result.body
  return args === 0 && result?.kind === 'sort' && result.level.kind === 'zero'
}

function sameNames(left: readonly Name[], right: readonly Name[]): boolean {
  return left.length === right.length && left.every((name, index) => name === right[index])
}

/**
 * Whether two declarations of one name make the same statement: equal universe parameters, and types that differ at most in
 * binder names, binder annotations and metadata. Names must come from one table.
 */
function sameStatement(left: Declaration, right: Declaration): boolean {
  const isUnsafe = (declaration: Declaration) => 'isUnsafe' in declaration && declaration.isUnsafe
  return isUnsafe(left) === isUnsafe(right) && sameHead(left, right)
}

/** {@link sameStatement} apart from whether they are unsafe, which a definition says in another way than an axiom. */
export function sameHead(left: Declaration, right: Declaration): boolean {
  return sameNames(left.levelParams, right.levelParams) && sameExpr(left.type, right.type)
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

/** Order of the members of a block: partition refinement (ixon.md 4.5). */
import type { Expr, Level, Name } from '../../lean/declaration.js'
import { displayName } from '../../lean/name.js'
import type { Address } from '../address.js'
import {
  type BlockMember,
  blockContext,
  type Context,
  type DeclarationOf,
  Unrepresentable,
} from './members.js'

type Resolve = (name: string) => Address | undefined

/**
 * Classes of members that nothing tells apart, in block order. The result does not depend on names.
 *
 * @param addressOf addresses of constants outside the block
 */
export function refineBlock(members: readonly BlockMember[], addressOf: Resolve): BlockMember[][] {
  const byName = [...members].sort((x, y) => (x.nameAddress < y.nameAddress ? -1 : 1))
  let classes: BlockMember[][] = [byName]
  for (;;) {
    const comparison = new Comparison(blockContext(classes), addressOf)
    const next: BlockMember[][] = []
    for (const members of classes) {
      if (members.length === 1) {
        next.push(members)
        continue
      }
      // Array.prototype.sort is stable.
      const sorted = [...members].sort((x, y) => comparison.members(x, y))
      let run: BlockMember[] = []
      for (const member of sorted) {
        const last = run.at(-1)
        if (last !== undefined && comparison.members(last, member) !== 0) {
          next.push(run)
          run = []
        }
        run.push(member)
      }
      next.push(run)
    }
    const stable =
      next.length === classes.length &&
      next.every((run, i) => run.length === classes[i]!.length && run.every((m, j) => m === classes[i]![j]))
    if (stable) return classes
    classes = next
  }
}

const KIND_RANK = { definition: 0, opaque: 0, theorem: 0, inductive: 1, recursor: 2 } as const
const FORM_RANK = { definition: 0, opaque: 1, theorem: 2 } as const
const SAFETY_RANK = { unsafe: 0, safe: 1, partial: 2 } as const
const EXPR_RANK = {
  bvar: 0,
  sort: 1,
  const: 2,
  app: 3,
  lam: 4,
  forall: 5,
  let: 6,
  nat: 7,
  str: 8,
  proj: 9,
} as const
const LEVEL_RANK = { zero: 0, succ: 1, max: 2, imax: 3, param: 4 } as const

class Comparison {
  constructor(
    readonly context: Context,
    readonly addressOf: Resolve,
  ) {}

  members(x: BlockMember, y: BlockMember): number {
    const a = x.declaration
    const b = y.declaration
    const kinds = KIND_RANK[a.kind] - KIND_RANK[b.kind]
    if (kinds !== 0) return kinds
    const terms = new TermComparison(this, a.levelParams, b.levelParams)
    if (a.kind === 'inductive' && b.kind === 'inductive') {
      return (
        Number(a.isRec) - Number(b.isRec) ||
        Number(a.isUnsafe) - Number(b.isUnsafe) ||
        a.levelParams.length - b.levelParams.length ||
        a.numParams - b.numParams ||
        a.numIndices - b.numIndices ||
        x.ctors.length - y.ctors.length ||
        terms.compare(a.type, b.type) ||
        firstDifference(x.ctors, y.ctors, (c, d) => this.#constructors(c, d))
      )
    }
    if (a.kind === 'recursor' && b.kind === 'recursor') {
      return (
        a.levelParams.length - b.levelParams.length ||
        a.numParams - b.numParams ||
        a.numIndices - b.numIndices ||
        a.numMotives - b.numMotives ||
        a.numMinors - b.numMinors ||
        Number(a.k) - Number(b.k) ||
        terms.compare(a.type, b.type) ||
        firstDifference(
          a.rules,
          b.rules,
          (r, s) => r.numFields - s.numFields || terms.compare(r.rhs, s.rhs),
        ) ||
        a.rules.length - b.rules.length ||
        Number(a.isUnsafe) - Number(b.isUnsafe)
      )
    }
    if (!('value' in a) || !('value' in b)) throw new RangeError(`${a.kind} and ${b.kind} in one class`)
    return (
      FORM_RANK[a.kind] - FORM_RANK[b.kind] ||
      a.levelParams.length - b.levelParams.length ||
      terms.compare(a.type, b.type) ||
      terms.compare(a.value, b.value) ||
      safetyRank(a) - safetyRank(b)
    )
  }

  #constructors(c: DeclarationOf<'constructor'>, d: DeclarationOf<'constructor'>): number {
    return (
      c.levelParams.length - d.levelParams.length ||
      c.cidx - d.cidx ||
      c.numParams - d.numParams ||
      c.numFields - d.numFields ||
      new TermComparison(this, c.levelParams, d.levelParams).compare(c.type, d.type)
    )
  }

  constants(x: Name, y: Name): number {
    const a = displayName(x)
    const b = displayName(y)
    if (a === b) return 0
    const i = this.context.get(a)
    const j = this.context.get(b)
    if (i !== undefined && j !== undefined) return i - j
    if (i !== undefined) return -1
    if (j !== undefined) return 1
    const [p, q] = [this.#address(a), this.#address(b)]
    return p < q ? -1 : p > q ? 1 : 0
  }

  #address(name: string): Address {
    const address = this.addressOf(name)
    if (address === undefined) throw new Unrepresentable(`${name} has no address`)
    return address
  }
}

/**
 * The order of the format ignores safety. It comes last here, so no order of right definitions changes, but only members of
 * one safety are one constant: a safe definition that is nothing but a partial one would be accepted as partial.
 */
function safetyRank(declaration: DeclarationOf<'definition' | 'theorem' | 'opaque'>): number {
  if (declaration.kind === 'definition') return SAFETY_RANK[declaration.safety]
  return declaration.kind === 'opaque' && declaration.isUnsafe ? SAFETY_RANK.unsafe : SAFETY_RANK.safe
}

function firstDifference<T>(xs: readonly T[], ys: readonly T[], compare: (x: T, y: T) => number): number {
  for (let i = 0; i < xs.length && i < ys.length; i++) {
    const order = compare(xs[i]!, ys[i]!)
    if (order !== 0) return order
  }
  return 0
}

/** Compares terms of two declarations, whose level parameters correspond by position. */
class TermComparison {
  readonly #identities = new Map<Expr | Level, number>()
  /** Pairs whose comparison has begun; met again while everything before was equal, they are equal. */
  readonly #begun = new Set<string>()
  readonly #leftParams: Map<string, number>
  readonly #rightParams: Map<string, number>

  constructor(
    readonly comparison: Comparison,
    left: readonly Name[],
    right: readonly Name[],
  ) {
    this.#leftParams = positions(left)
    this.#rightParams = positions(right)
  }

  compare(left: Expr, right: Expr): number {
    const stack: [Expr, Expr][] = [[left, right]]
    for (let pair = stack.pop(); pair !== undefined; pair = stack.pop()) {
      const x = withoutMetadata(pair[0])
      const y = withoutMetadata(pair[1])
      const ranks = EXPR_RANK[x.kind] - EXPR_RANK[y.kind]
      if (ranks !== 0) return ranks
      if (this.#begin(x, y)) continue
      const order = this.#shallow(x, y)
      if (order !== 0) return order
      if (x.kind === 'app' && y.kind === 'app') stack.push([x.arg, y.arg], [x.fn, y.fn])
      else if ((x.kind === 'lam' || x.kind === 'forall') && (y.kind === 'lam' || y.kind === 'forall'))
        stack.push([x.body, y.body], [x.type, y.type])
      else if (x.kind === 'let' && y.kind === 'let')
        stack.push([x.body, y.body], [x.value, y.value], [x.type, y.type])
      else if (x.kind === 'proj' && y.kind === 'proj') stack.push([x.expr, y.expr])
    }
    return 0
  }

  /** Answers whether the pair was begun before. */
  #begin(x: Expr | Level, y: Expr | Level): boolean {
    const key = `${this.#identity(x)} ${this.#identity(y)}`
    if (this.#begun.has(key)) return true
    this.#begun.add(key)
    return false
  }

  #identity(node: Expr | Level): number {
    let identity = this.#identities.get(node)
    if (identity === undefined) {
      identity = this.#identities.size
      this.#identities.set(node, identity)
    }
    return identity
  }

  #shallow(x: Expr, y: Expr): number {
    if (x.kind === 'bvar' && y.kind === 'bvar') return x.index - y.index
    if (x.kind === 'sort' && y.kind === 'sort') return this.#levels(x.level, y.level)
    if (x.kind === 'nat' && y.kind === 'nat') return x.value < y.value ? -1 : x.value > y.value ? 1 : 0
    if (x.kind === 'str' && y.kind === 'str')
      return Buffer.compare(Buffer.from(x.value, 'utf8'), Buffer.from(y.value, 'utf8'))
    if (x.kind === 'proj' && y.kind === 'proj')
      return this.comparison.constants(x.structure, y.structure) || x.field - y.field
    if (x.kind === 'const' && y.kind === 'const')
      return (
        firstDifference(x.levels, y.levels, (l, m) => this.#levels(l, m)) ||
        x.levels.length - y.levels.length ||
        this.comparison.constants(x.name, y.name)
      )
    return 0
  }

  /** Levels as written, not canonicalised. */
  #levels(left: Level, right: Level): number {
    const stack: [Level, Level][] = [[left, right]]
    for (let pair = stack.pop(); pair !== undefined; pair = stack.pop()) {
      const [x, y] = pair
      const ranks = LEVEL_RANK[x.kind] - LEVEL_RANK[y.kind]
      if (ranks !== 0) return ranks
      if (this.#begin(x, y)) continue
      if (x.kind === 'succ' && y.kind === 'succ') stack.push([x.pred, y.pred])
      else if ((x.kind === 'max' || x.kind === 'imax') && (y.kind === 'max' || y.kind === 'imax'))
        stack.push([x.right, y.right], [x.left, y.left])
      else if (x.kind === 'param' && y.kind === 'param') {
        const i = this.#leftParams.get(displayName(x.name)) ?? -1
        const j = this.#rightParams.get(displayName(y.name)) ?? -1
        if (i !== j) return i - j
      }
    }
    return 0
  }
}

function positions(names: readonly Name[]): Map<string, number> {
  return new Map(names.map((name, position) => [displayName(name), position]))
}

function withoutMetadata(expr: Expr): Exclude<Expr, { readonly kind: 'mdata' }> {
  let inner = expr
  while (inner.kind === 'mdata') inner = inner.expr
  return inner
}

/**
 * Whether compiled constants say what their declarations say: read back with the plain reader of the format, side by side.
 * Names become addresses, shares are followed, universes are compared by value.
 */
import { type Address, naturalFromBytes } from '../../ixon/address.js'
import { type Constant, type Constructor, type Member, projectionAddress } from '../../ixon/constant.js'
import type { Environment } from '../../ixon/environment.js'
import type { Expression } from '../../ixon/expression.js'
import type { Universe } from '../../ixon/universe.js'
import type { Declaration, DeclarationSource, Expr, Level, Name } from '../../lean/declaration.js'
import { displayName } from '../../lean/name.js'

/** One line for each constant that says something else than its declaration. */
export function infidelities(source: DeclarationSource, environment: Environment): string[] {
  const wrong: string[] = []
  for (const name of source.names()) {
    const declaration = source.get(name)!
    const address = environment.addressOf(name)
    const reason =
      address === undefined ? 'has no address' : new Reading(environment, address).compare(declaration)
    if (reason !== undefined) wrong.push(`${name}: ${reason}`)
  }
  return wrong
}

type Found = Member | Constructor | Constant['info']

class Reading {
  private readonly holder: Constant
  private readonly found: Found | undefined
  private readonly block: Address
  private readonly seen = new Set<string>()
  private readonly numbers = new Map<object, number>()
  private params: readonly Name[] = []

  constructor(
    private readonly environment: Environment,
    address: Address,
  ) {
    this.block = environment.blockOf(address)
    this.holder = environment.constant(this.block)
    const { info } = environment.constant(address)
    const { info: held } = this.holder
    if ('block' in info && held.kind === 'muts') {
      const member = held.members[info.idx]
      this.found =
        info.kind === 'cprj' ? (member?.kind === 'indc' ? member.ctors[info.cidx] : undefined) : member
    } else this.found = held
  }

  compare(d: Declaration): string | undefined {
    this.params = d.levelParams
    const f = this.found
    if (f === undefined || ('kind' in f && f.kind === 'muts')) return 'is nowhere'
    if (!('lvls' in f) || f.lvls !== d.levelParams.length) return 'has another number of universe parameters'
    const head = this.head(d, f)
    if (head !== undefined) return head
    const pairs: [Expr, Expression][] = [[d.type, f.type]]
    if ('value' in d && 'value' in f) pairs.push([d.value, f.value])
    if (d.kind === 'recursor' && 'rules' in f)
      for (const [i, { rhs }] of d.rules.entries()) pairs.push([rhs, f.rules[i]!.rhs])
    return this.terms(pairs)
  }

  /** Everything but the expressions. */
  private head(d: Declaration, f: Found): string | undefined {
    const same = (what: string, x: unknown, y: unknown): string | undefined =>
      JSON.stringify(x) === JSON.stringify(y) ? undefined : `has another ${what}`
    const kind = 'kind' in f ? f.kind : 'ctor'
    switch (d.kind) {
      case 'axiom':
        return kind === 'axio' ? same('safety', d.isUnsafe, (f as { unsafe: boolean }).unsafe) : 'is no axiom'
      case 'quotient':
        return same('form', d.quotKind, (f as { form?: string }).form)
      case 'definition':
      case 'theorem':
      case 'opaque': {
        if (!('kind' in f) || f.kind !== 'defn') return 'has no value'
        const safety =
          d.kind === 'definition' ? d.safety : d.kind === 'opaque' && d.isUnsafe ? 'unsafe' : 'safe'
        return same('kind or safety', [d.kind, safety], [f.form, f.safety])
      }
      case 'inductive': {
        if (!('kind' in f) || f.kind !== 'indc') return 'is no inductive type'
        const own = [d.isUnsafe, d.numParams, d.numIndices, d.ctors.length]
        return same('shape', own, [f.unsafe, f.params, f.indices, f.ctors.length])
      }
      case 'constructor': {
        if (!('cidx' in f) || !('fields' in f)) return 'is no constructor'
        return same(
          'shape',
          [d.isUnsafe, d.cidx, d.numParams, d.numFields],
          [f.unsafe, f.cidx, f.params, f.fields],
        )
      }
      case 'recursor': {
        if (!('kind' in f) || f.kind !== 'recr') return 'is no recursor'
        const { isUnsafe, k, numParams, numIndices, numMotives, numMinors } = d
        const own = [isUnsafe, k, numParams, numIndices, numMotives, numMinors, d.rules.map(r => r.numFields)]
        const rules = f.rules.map(r => r.fields)
        return same('shape', own, [f.unsafe, f.k, f.params, f.indices, f.motives, f.minors, rules])
      }
    }
  }

  private terms(stack: [Expr, Expression][]): string | undefined {
    for (let pair = stack.pop(); pair !== undefined; pair = stack.pop()) {
      let [e, t] = pair
      while (e.kind === 'mdata') e = e.expr
      while (t.kind === 'share') t = this.holder.sharing[t.index]!
      const key = `${this.number(e)} ${this.number(t)}`
      if (this.seen.has(key)) continue
      this.seen.add(key)
      if (!this.node(e, t, stack)) return `has ${t.kind} where the declaration has ${e.kind}, or another one`
    }
    return undefined
  }

  private number(node: object): number {
    let number = this.numbers.get(node)
    if (number === undefined) {
      number = this.numbers.size
      this.numbers.set(node, number)
    }
    return number
  }

  private node(e: Expr, t: Expression, stack: [Expr, Expression][]): boolean {
    switch (e.kind) {
      case 'bvar':
        return t.kind === 'var' && t.index === e.index
      case 'sort':
        return t.kind === 'sort' && this.level(e.level, t.universe)
      case 'const': {
        if (t.kind !== 'ref' && t.kind !== 'rec') return false
        const address = t.kind === 'ref' ? this.holder.refs[t.ref] : this.member(t.member)
        return (
          address === this.environment.addressOf(displayName(e.name)) &&
          e.levels.length === t.universes.length &&
          e.levels.every((level, i) => this.level(level, t.universes[i]!))
        )
      }
      case 'app':
        if (t.kind !== 'app') return false
        stack.push([e.fn, t.fn], [e.arg, t.arg])
        return true
      case 'lam':
      case 'forall':
        if (t.kind !== (e.kind === 'lam' ? 'lam' : 'all')) return false
        stack.push([e.type, t.type], [e.body, t.body])
        return true
      case 'let':
        if (t.kind !== 'let') return false
        stack.push([e.type, t.type], [e.value, t.value], [e.body, t.body])
        return true
      case 'nat':
        return t.kind === 'nat' && naturalFromBytes(this.blob(t.ref)) === e.value
      case 'str':
        return t.kind === 'str' && Buffer.from(this.blob(t.ref)).equals(Buffer.from(e.value, 'utf8'))
      case 'proj':
        if (t.kind !== 'prj' || t.field !== e.field) return false
        stack.push([e.expr, t.expr])
        return this.holder.refs[t.ref] === this.environment.addressOf(displayName(e.structure))
      case 'mdata':
        return false
    }
  }

  private blob(ref: number): Uint8Array {
    return this.environment.blob(this.holder.refs[ref]!)
  }

  private member(member: number): Address | undefined {
    const { info } = this.holder
    if (info.kind !== 'muts') return member === 0 ? this.block : undefined
    const kind = info.members[member]?.kind
    if (kind === undefined) return undefined
    const prj = kind === 'defn' ? 'dprj' : kind === 'indc' ? 'iprj' : 'rprj'
    return projectionAddress({ kind: prj, idx: member, block: this.block })
  }

  private level(level: Level, index: number): boolean {
    const universe = this.holder.univs[index]
    if (universe === undefined) return false
    const position = new Map(this.params.map((name, i) => [displayName(name), i]))
    return assignments(this.params.length).every(
      values => levelValue(level, position, values) === universeValue(universe, values),
    )
  }
}

const VALUES = [0, 1, 2, 7]
const grids = new Map<number, number[][]>()

/** All values for up to four parameters, some for more. */
function assignments(params: number): number[][] {
  let grid = grids.get(params)
  if (grid === undefined) {
    grid = [[]]
    for (let i = 0; i < params; i++)
      grid =
        i < 4
          ? grid.flatMap(values => VALUES.map(value => [...values, value]))
          : grid.map((values, j) => [...values, VALUES[(j * 7 + i) % 4]!])
    grids.set(params, grid)
  }
  return grid
}

function levelValue(level: Level, position: ReadonlyMap<string, number>, values: readonly number[]): number {
  switch (level.kind) {
    case 'zero':
      return 0
    case 'succ':
      return levelValue(level.pred, position, values) + 1
    case 'param':
      return values[position.get(displayName(level.name))!]!
    default: {
      const left = levelValue(level.left, position, values)
      const right = levelValue(level.right, position, values)
      return level.kind === 'imax' && right === 0 ? 0 : Math.max(left, right)
    }
  }
}

function universeValue(universe: Universe, values: readonly number[]): number {
  switch (universe.kind) {
    case 'zero':
      return 0
    case 'var':
      return values[universe.index]!
    case 'succ':
      return universeValue(universe.base, values) + universe.count
    default: {
      const left = universeValue(universe.left, values)
      const right = universeValue(universe.right, values)
      return universe.kind === 'imax' && right === 0 ? 0 : Math.max(left, right)
    }
  }
}

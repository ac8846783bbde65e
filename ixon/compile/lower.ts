/** Lowering of Lean expressions into the tables and nameless terms of one constant (ixon.md 4.2-4.4). */
import type { Expr, Level, Name } from '../../lean/declaration.js'
import { displayName } from '../../lean/name.js'
import { type Address, addressOf, naturalBytes } from '../address.js'
import type { Constant } from '../constant.js'
import type { Expression } from '../expression.js'
import { share } from '../sharing.js'
import { KIND, TermGraph } from '../term-graph.js'
import { type KnownLevels, type TableUniverse, UniverseTable } from './levels.js'
import { type Context, Unrepresentable } from './members.js'

/** What lowering needs from the environment that is being compiled. */
export interface LoweringEnvironment {
  addressOf(name: string): Address | undefined
  /** Stores a literal's payload. */
  addBlob(address: Address, bytes: Uint8Array): void
}

/** Lowers the expressions of one constant at a time: {@link begin}, {@link lower} each, {@link finish}. */
export class Lowerer {
  readonly #graph = new TermGraph()
  readonly #universeTable = new UniverseTable()
  #context: Context = new Map()
  #refs = new Map<Address, number>()
  #universes = new Map<string, { readonly index: number; readonly entry: TableUniverse }>()

  constructor(readonly environment: LoweringEnvironment) {}

  begin(context: Context): void {
    this.#graph.clear()
    this.#context = context
    this.#refs = new Map()
    this.#universes = new Map()
  }

  /** Nodes of expressions that share one list of level parameters; fills the tables on the way. */
  lower(expressions: readonly Expr[], levelParams: readonly Name[]): number[] {
    const scope: Scope = { levelParams, levels: new Map(), nodes: new Map() }
    return expressions.map(expression => this.#lower(expression, scope))
  }

  /**
   * Sorts the tables, finds the sharing, and answers everything of the constant but its info, with the final form of
   * `roots`. Entries that only other lowered expressions use stay in the tables.
   */
  finish(roots: readonly number[]): Omit<Constant, 'info'> & { readonly roots: Expression[] } {
    const refs = [...this.#refs.keys()].sort()
    const univs = [...this.#universes.values()].sort((x, y) => (x.entry.bytes < y.entry.bytes ? -1 : 1))
    const newRefs = new Int32Array(refs.length)
    refs.forEach((address, index) => {
      newRefs[this.#refs.get(address)!] = index
    })
    const newUniverses = new Int32Array(univs.length)
    univs.forEach((universe, index) => {
      newUniverses[universe.index] = index
    })
    this.#graph.renumber(newRefs, newUniverses)
    return { ...share(this.#graph, roots), refs, univs: univs.map(({ entry }) => entry.universe) }
  }

  /** Enters an address that no expression of the constant uses. */
  addReference(address: Address): void {
    this.#refIndex(address)
  }

  #lower(expression: Expr, scope: Scope): number {
    const { nodes } = scope
    const stack = [expression]
    const pushMissing = (...operands: Expr[]): boolean => {
      const before = stack.length
      for (const operand of operands) if (!nodes.has(operand)) stack.push(operand)
      return stack.length > before
    }
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      if (nodes.has(top)) {
        stack.pop()
        continue
      }
      let node: number
      switch (top.kind) {
        case 'bvar':
          node = this.#graph.node(KIND.var, top.index)
          break
        case 'sort':
          node = this.#graph.node(KIND.sort, this.#universe(top.level, scope))
          break
        case 'const':
          node = this.#constant(top.name, top.levels, scope)
          break
        case 'nat':
          node = this.#graph.node(KIND.nat, this.#blob(naturalBytes(top.value)))
          break
        case 'str':
          node = this.#graph.node(KIND.str, this.#blob(Buffer.from(top.value, 'utf8')))
          break
        case 'app':
          if (pushMissing(top.arg, top.fn)) continue
          node = this.#graph.node(KIND.app, nodes.get(top.fn)!, nodes.get(top.arg)!)
          break
        case 'lam':
        case 'forall':
          if (pushMissing(top.body, top.type)) continue
          node = this.#graph.node(
            top.kind === 'lam' ? KIND.lam : KIND.all,
            nodes.get(top.type)!,
            nodes.get(top.body)!,
          )
          break
        case 'let':
          if (pushMissing(top.body, top.value, top.type)) continue
          node = this.#graph.node(
            KIND.let,
            nodes.get(top.type)!,
            nodes.get(top.value)!,
            nodes.get(top.body)!,
            top.nondep ? 1 : 0,
          )
          break
        case 'mdata':
          if (pushMissing(top.expr)) continue
          node = nodes.get(top.expr)!
          break
        case 'proj':
          if (pushMissing(top.expr)) continue
          node = this.#graph.node(
            KIND.prj,
            this.#reference(displayName(top.structure)),
            top.field,
            nodes.get(top.expr)!,
          )
      }
      nodes.set(top, node)
      stack.pop()
    }
    return nodes.get(expression)!
  }

  #constant(name: Name, levels: readonly Level[], scope: Scope): number {
    const list = this.#graph.list(levels.map(level => this.#universe(level, scope)))
    const text = displayName(name)
    const member = this.#context.get(text)
    return member === undefined
      ? this.#graph.node(KIND.ref, this.#reference(text), list)
      : this.#graph.node(KIND.rec, member, list)
  }

  #reference(name: string): number {
    const address = this.environment.addressOf(name)
    if (address === undefined) throw new Unrepresentable(`it depends on ${name} in a circle`)
    return this.#refIndex(address)
  }

  #blob(bytes: Uint8Array): number {
    const address = addressOf(bytes)
    this.environment.addBlob(address, bytes)
    return this.#refIndex(address)
  }

  #refIndex(address: Address): number {
    let index = this.#refs.get(address)
    if (index === undefined) {
      index = this.#refs.size
      this.#refs.set(address, index)
    }
    return index
  }

  #universe(level: Level, scope: Scope): number {
    const entry = this.#universeTable.canonical(level, scope.levelParams, scope.levels)
    let known = this.#universes.get(entry.bytes)
    if (known === undefined) {
      known = { index: this.#universes.size, entry }
      this.#universes.set(entry.bytes, known)
    }
    return known.index
  }
}

/** Memory of one declaration: levels and expressions mean the same wherever it uses them. */
interface Scope {
  readonly levelParams: readonly Name[]
  readonly levels: KnownLevels
  readonly nodes: Map<Expr, number>
}

import { RejectedInput } from '../lean/input-error.js'
import type { Expression } from './expression.js'

/** Node kinds; the numbers are those of the structural digests (ixon.md 4.6). */
export const KIND = {
  sort: 0,
  var: 1,
  ref: 2,
  rec: 3,
  prj: 4,
  str: 5,
  nat: 6,
  app: 7,
  lam: 8,
  all: 9,
  let: 10,
  share: 11,
} as const

const LIMIT = 2 ** 31

/**
 * Hash-consed expressions with binary applications and binders: equal terms are the same node, operands have smaller
 * numbers than the node that uses them.
 *
 * | kind | a | b | c |
 * |---|---|---|---|
 * | sort, var, str, nat, share | index | | |
 * | ref, rec | index | list of level arguments | |
 * | prj | ref | field | expr |
 * | app | fn | arg | |
 * | lam, all | type | body | |
 * | let, let nondep (d = 1) | type | value | body |
 */
export class TermGraph {
  count = 0
  kind = new Uint8Array(1024)
  /** 1 for a nondependent let. */
  nondep = new Uint8Array(1024)
  a = new Int32Array(1024)
  b = new Int32Array(1024)
  c = new Int32Array(1024)
  /** Lists of level arguments; list 0 is the empty one. */
  lists: (readonly number[])[] = [[]]
  #slots = new Int32Array(4096).fill(-1)
  #listNumbers = new Map<string, number>([['', 0]])

  clear(): void {
    this.count = 0
    this.lists = [[]]
    this.#listNumbers = new Map([['', 0]])
    if (this.#slots.length > 1 << 18) this.#slots = new Int32Array(4096)
    this.#slots.fill(-1)
  }

  list(universes: readonly number[]): number {
    if (universes.length === 0) return 0
    const key = universes.join()
    let number = this.#listNumbers.get(key)
    if (number === undefined) {
      number = this.lists.length
      this.lists.push(universes)
      this.#listNumbers.set(key, number)
    }
    return number
  }

  /** The node with these fields, made if there is none. */
  node(kind: number, a: number, b = 0, c = 0, nondep = 0): number {
    // Nothing that was read has so many binders, fields or constants: the index points at none.
    if (a >= LIMIT || b >= LIMIT) throw new RejectedInput(`an index of ${Math.max(a, b)} in an expression`)
    const mask = this.#slots.length - 1
    let slot = mix(kind, a, b, c, nondep) & mask
    for (;;) {
      const found = this.#slots[slot]!
      if (found < 0) break
      if (
        this.a[found] === a &&
        this.b[found] === b &&
        this.c[found] === c &&
        this.kind[found] === kind &&
        this.nondep[found] === nondep
      )
        return found
      slot = (slot + 1) & mask
    }
    const made = this.count++
    if (made === this.kind.length) this.#growColumns()
    this.kind[made] = kind
    this.nondep[made] = nondep
    this.a[made] = a
    this.b[made] = b
    this.c[made] = c
    this.#slots[slot] = made
    if (2 * this.count > this.#slots.length) this.#growSlots()
    return made
  }

  /** Adds an expression, iteratively; equal subterms become one node. */
  add(expression: Expression): number {
    const nodes = new Map<Expression, number>()
    const stack = [expression]
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      if (nodes.has(top)) {
        stack.pop()
        continue
      }
      const missing = operands(top).filter(operand => !nodes.has(operand))
      if (missing.length > 0) {
        stack.push(...missing)
        continue
      }
      stack.pop()
      nodes.set(
        top,
        this.#shallow(top, operand => nodes.get(operand)!),
      )
    }
    return nodes.get(expression)!
  }

  #shallow(top: Expression, of: (operand: Expression) => number): number {
    const kind = KIND[top.kind]
    switch (top.kind) {
      case 'sort':
        return this.node(kind, top.universe)
      case 'var':
      case 'share':
        return this.node(kind, top.index)
      case 'str':
      case 'nat':
        return this.node(kind, top.ref)
      case 'ref':
        return this.node(kind, top.ref, this.list(top.universes))
      case 'rec':
        return this.node(kind, top.member, this.list(top.universes))
      case 'prj':
        return this.node(kind, top.ref, top.field, of(top.expr))
      case 'app':
        return this.node(kind, of(top.fn), of(top.arg))
      case 'lam':
      case 'all':
        return this.node(kind, of(top.type), of(top.body))
      case 'let':
        return this.node(kind, of(top.type), of(top.value), of(top.body), top.nondep ? 1 : 0)
    }
  }

  /** The expression of a node whose operands are already expressions. */
  expression(node: number, operand: (node: number) => Expression): Expression {
    const a = this.a[node]!
    const b = this.b[node]!
    const c = this.c[node]!
    switch (this.kind[node]) {
      case KIND.sort:
        return { kind: 'sort', universe: a }
      case KIND.var:
        return { kind: 'var', index: a }
      case KIND.ref:
        return { kind: 'ref', ref: a, universes: this.lists[b]! }
      case KIND.rec:
        return { kind: 'rec', member: a, universes: this.lists[b]! }
      case KIND.prj:
        return { kind: 'prj', ref: a, field: b, expr: operand(c) }
      case KIND.str:
        return { kind: 'str', ref: a }
      case KIND.nat:
        return { kind: 'nat', ref: a }
      case KIND.app:
        return { kind: 'app', fn: operand(a), arg: operand(b) }
      case KIND.lam:
        return { kind: 'lam', type: operand(a), body: operand(b) }
      case KIND.all:
        return { kind: 'all', type: operand(a), body: operand(b) }
      case KIND.let:
        return {
          kind: 'let',
          nondep: this.nondep[node] === 1,
          type: operand(a),
          value: operand(b),
          body: operand(c),
        }
      default:
        return { kind: 'share', index: a }
    }
  }

  /**
   * Renumbers references and universes in place: index i becomes `refs[i]` and `universes[i]`. Only for maps that are
   * one to one; no node may be added afterwards before {@link clear}.
   */
  renumber(refs: Int32Array, universes: Int32Array): void {
    for (let node = 0; node < this.count; node++) {
      const kind = this.kind[node]
      if (kind === KIND.sort) this.a[node] = universes[this.a[node]!]!
      else if (kind === KIND.ref || kind === KIND.prj || kind === KIND.str || kind === KIND.nat)
        this.a[node] = refs[this.a[node]!]!
    }
    this.lists = this.lists.map(list => list.map(universe => universes[universe]!))
  }

  #growColumns(): void {
    const size = 2 * this.kind.length
    const bytes = (old: Uint8Array) => {
      const grown = new Uint8Array(size)
      grown.set(old)
      return grown
    }
    const words = (old: Int32Array) => {
      const grown = new Int32Array(size)
      grown.set(old)
      return grown
    }
    this.kind = bytes(this.kind)
    this.nondep = bytes(this.nondep)
    this.a = words(this.a)
    this.b = words(this.b)
    this.c = words(this.c)
  }

  #growSlots(): void {
    const slots = new Int32Array(4 * this.#slots.length).fill(-1)
    const mask = slots.length - 1
    for (let node = 0; node < this.count; node++) {
      let slot = mix(this.kind[node]!, this.a[node]!, this.b[node]!, this.c[node]!, this.nondep[node]!) & mask
      while (slots[slot]! >= 0) slot = (slot + 1) & mask
      slots[slot] = node
    }
    this.#slots = slots
  }
}

function mix(kind: number, a: number, b: number, c: number, nondep: number): number {
  let hash = Math.imul(kind + 16 * nondep + 1, 0x9e3779b1) ^ a
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) ^ b
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35) ^ c
  hash = Math.imul(hash ^ (hash >>> 16), 0x27d4eb2f)
  return (hash ^ (hash >>> 15)) >>> 0
}

function operands(node: Expression): Expression[] {
  switch (node.kind) {
    case 'prj':
      return [node.expr]
    case 'app':
      return [node.fn, node.arg]
    case 'lam':
    case 'all':
      return [node.type, node.body]
    case 'let':
      return [node.type, node.value, node.body]
    default:
      return []
  }
}

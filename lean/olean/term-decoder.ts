import type { BinderInfo, Expr, Level, Name } from '../declaration.js'
import { ANONYMOUS, type NameTable } from '../name.js'
import { type Chain, SCALAR } from './chain.js'
import { HashChecker } from './hash-check.js'

const BINDER_INFOS: readonly BinderInfo[] = ['default', 'implicit', 'strictImplicit', 'instImplicit']
/** Bytes of cached data (hash, flags) behind the fields of names, levels and expressions. */
const DATA_BYTES = 8
const MAX_INDEX = 0xffffffff
const ZERO: Level = Object.freeze({ kind: 'zero' })
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Decodes names, levels and expressions of one module (lean-env.md 2.4-2.7), each file object once: names are interned in the
 * given table, levels and expressions are kept by position until {@link forget}.
 */
export class TermDecoder {
  #names = new Map<number, Name>()
  #strings = new Map<number, string>()
  #levels = new Map<number, Level>()
  #exprs = new Map<number, Expr>()
  #nameLists = new Map<number, readonly Name[]>()
  #levelLists = new Map<number, readonly Level[]>()
  /** How much of lists, strings and integers may still be visited: hostile files can refer to a long one everywhere. */
  #budget: number
  readonly #hashes: HashChecker | undefined

  /** @param checkHashes whether to recompute the hashes that the file caches */
  constructor(
    readonly chain: Chain,
    readonly table: NameTable,
    checkHashes: boolean,
  ) {
    this.#hashes = checkHashes ? new HashChecker(chain) : undefined
    this.#budget = this.#fullBudget()
  }

  /** Number of objects kept, as a measure of memory. */
  get kept(): number {
    return this.#exprs.size + this.#names.size + this.#levels.size
  }

  /** Drops what was decoded; later declarations share nothing with earlier ones but names. */
  forget(): void {
    this.#names = new Map()
    this.#strings = new Map()
    this.#levels = new Map()
    this.#exprs = new Map()
    this.#nameLists = new Map()
    this.#levelLists = new Map()
    this.#budget = this.#fullBudget()
  }

  #fullBudget(): number {
    return 64 * this.chain.size + (1 << 24)
  }

  #spend(object: number, amount: number): void {
    this.#budget -= amount
    if (this.#budget < 0) this.chain.fail(object, 'lists and strings of this file are used too often')
  }

  /** The name that a word holds. */
  nameAt(holder: number, at: number): Name {
    const target = this.chain.word(holder, at)
    if (target !== SCALAR) return this.name(target)
    if (this.chain.scalar !== 0) this.chain.fail(at, 'a scalar that is no name')
    return ANONYMOUS
  }

  nameField(object: number, index: number): Name {
    return this.nameAt(object, object + 8 + index * this.chain.wordBytes)
  }

  name(object: number): Name {
    const { chain } = this
    const pending: number[] = []
    let name: Name | undefined
    for (let at = object; ; ) {
      name = this.#names.get(at)
      if (name !== undefined) break
      const header = chain.header(at)
      const tag = header >>> 24
      if (tag !== 1 && tag !== 2) chain.fail(at, `expected a name, found tag ${tag}`)
      chain.constructorShape(at, header, 2, DATA_BYTES, 'a name')
      pending.push(at)
      const prefix = chain.field(at, 0)
      if (prefix === SCALAR) {
        if (chain.scalar !== 0) chain.fail(at, 'a scalar that is no name')
        name = ANONYMOUS
        break
      }
      at = prefix
    }
    for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
      name =
        chain.header(at) >>> 24 === 1
          ? this.table.str(name, this.#string(chain.objectField(at, 1)))
          : this.table.num(name, this.#natural(at, 1))
      this.#hashes?.name(at)
      this.#names.set(at, name)
    }
    return name
  }

  #string(object: number): string {
    const known = this.#strings.get(object)
    if (known !== undefined) {
      this.#spend(object, known.length)
      return known
    }
    const { bytes, length } = this.chain.stringBytes(object)
    this.#spend(object, bytes.length)
    let text: string
    try {
      text = utf8.decode(bytes)
    } catch {
      return this.chain.fail(object, 'bad string: not UTF-8')
    }
    let characters = bytes.length
    if (text.length !== bytes.length) {
      characters = 0
      for (const byte of bytes) if ((byte & 0xc0) !== 0x80) characters++
    }
    if (characters !== length) {
      this.chain.fail(object, `bad string: claims ${length} characters, has ${characters}`)
    }
    this.#strings.set(object, text)
    return text
  }

  /** A field that holds a natural number of any size. */
  #natural(object: number, index: number): bigint {
    const target = this.chain.field(object, index)
    if (target === SCALAR) return this.chain.bigScalar
    const bytes = this.chain.bigNaturalBytes(target)
    this.#spend(target, bytes.length)
    try {
      return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`)
    } catch {
      return this.chain.fail(target, `an integer of ${bytes.length} bytes is too large`)
    }
  }

  /** A field that holds a natural number below 2^32. */
  small(object: number, index: number, what: string): number {
    const target = this.chain.field(object, index)
    const value = target === SCALAR ? this.chain.scalar : Number.POSITIVE_INFINITY
    if (value > MAX_INDEX) this.chain.fail(object, `${what} is not below 2^32`)
    return value
  }

  /** A list in a field; with `kept`, lists that share their first cell are one array. */
  list<T>(
    object: number,
    index: number,
    item: (cell: number) => T,
    kept?: Map<number, readonly T[]>,
  ): readonly T[] {
    const { chain } = this
    const first = chain.field(object, index)
    if (first === SCALAR) {
      if (chain.scalar !== 0) chain.fail(object, `field ${index} is not a list`)
      return []
    }
    const known = kept?.get(first)
    if (known !== undefined) {
      this.#spend(first, known.length)
      return known
    }
    const items: T[] = []
    for (let cell = first; cell !== SCALAR; ) {
      const header = chain.header(cell)
      chain.constructorShape(cell, header, 2, 0, 'a list cell')
      if (header >>> 24 !== 1) chain.fail(cell, `expected a list cell, found tag ${header >>> 24}`)
      this.#spend(cell, 1)
      items.push(item(cell))
      cell = chain.field(cell, 1)
      if (cell === SCALAR && chain.scalar !== 0) chain.fail(first, 'a list without end')
    }
    kept?.set(first, items)
    return items
  }

  nameList(object: number, index: number): readonly Name[] {
    return this.list(object, index, cell => this.nameField(cell, 0), this.#nameLists)
  }

  level(root: number): Level {
    const { chain } = this
    const levels = this.#levels
    const stack = [root]
    for (let at = root; stack.length > 0; at = stack[stack.length - 1]!) {
      if (levels.has(at)) {
        stack.pop()
        continue
      }
      const header = chain.header(at)
      const tag = header >>> 24
      let level: Level | undefined
      if (tag === 1) {
        chain.constructorShape(at, header, 1, DATA_BYTES, 'a level')
        const pred = this.#childLevel(at, 0, stack)
        if (pred !== undefined) level = { kind: 'succ', pred }
      } else if (tag === 2 || tag === 3) {
        chain.constructorShape(at, header, 2, DATA_BYTES, 'a level')
        const left = this.#childLevel(at, 0, stack)
        const right = this.#childLevel(at, 1, stack)
        if (left !== undefined && right !== undefined)
          level = { kind: tag === 2 ? 'max' : 'imax', left, right }
      } else if (tag === 4) {
        chain.constructorShape(at, header, 1, DATA_BYTES, 'a level')
        level = { kind: 'param', name: this.nameField(at, 0) }
      } else {
        chain.fail(
          at,
          tag === 5 ? 'illegal term: a universe metavariable' : `expected a level, found tag ${tag}`,
        )
      }
      if (level !== undefined) {
        this.#hashes?.level(at)
        levels.set(at, level)
        stack.pop()
      }
    }
    return levels.get(root)!
  }

  #childLevel(object: number, index: number, stack: number[]): Level | undefined {
    const target = this.chain.field(object, index)
    if (target === SCALAR) {
      if (this.chain.scalar !== 0) this.chain.fail(object, 'a scalar that is no level')
      return ZERO
    }
    const level = this.#levels.get(target)
    if (level === undefined) stack.push(target)
    return level
  }

  #levelField(object: number, index: number): Level {
    const target = this.chain.field(object, index)
    if (target !== SCALAR) return this.level(target)
    if (this.chain.scalar !== 0) this.chain.fail(object, 'a scalar that is no level')
    return ZERO
  }

  expr(root: number): Expr {
    const exprs = this.#exprs
    const known = exprs.get(root)
    if (known !== undefined) return known
    const stack = [root]
    for (let at = root; stack.length > 0; at = stack[stack.length - 1]!) {
      if (exprs.has(at)) {
        stack.pop()
        continue
      }
      const expr = this.#node(at, stack)
      if (expr !== undefined) {
        this.#hashes?.expr(at)
        exprs.set(at, expr)
        stack.pop()
      }
    }
    return exprs.get(root)!
  }

  /** The node, if all its children are decoded; else pushes those that are not. */
  #node(at: number, stack: number[]): Expr | undefined {
    const { chain } = this
    const header = chain.header(at)
    const tag = header >>> 24
    switch (tag) {
      case 0:
        chain.constructorShape(at, header, 1, DATA_BYTES, 'a bound variable')
        return { kind: 'bvar', index: this.small(at, 0, 'illegal term: the index of a bound variable') }
      case 3:
        chain.constructorShape(at, header, 1, DATA_BYTES, 'a sort')
        return { kind: 'sort', level: this.#levelField(at, 0) }
      case 4: {
        chain.constructorShape(at, header, 2, DATA_BYTES, 'a constant')
        const name = this.nameField(at, 0)
        const levels = this.list(at, 1, cell => this.#levelField(cell, 0), this.#levelLists)
        return { kind: 'const', name, levels }
      }
      case 5: {
        chain.constructorShape(at, header, 2, DATA_BYTES, 'an application')
        const fn = this.#child(at, 0, stack)
        const arg = this.#child(at, 1, stack)
        return fn === undefined || arg === undefined ? undefined : { kind: 'app', fn, arg }
      }
      case 6:
      case 7: {
        const scalars = chain.constructorShape(at, header, 3, DATA_BYTES + 1, 'a binder')
        const type = this.#child(at, 1, stack)
        const body = this.#child(at, 2, stack)
        if (type === undefined || body === undefined) return undefined
        const info = BINDER_INFOS[chain.u8(scalars + DATA_BYTES)] ?? chain.fail(at, 'unknown binder info')
        const binder = this.nameField(at, 0)
        return tag === 6
          ? { kind: 'lam', binder, info, type, body }
          : { kind: 'forall', binder, info, type, body }
      }
      case 8: {
        const scalars = chain.constructorShape(at, header, 4, DATA_BYTES + 1, 'a let')
        const type = this.#child(at, 1, stack)
        const value = this.#child(at, 2, stack)
        const body = this.#child(at, 3, stack)
        if (type === undefined || value === undefined || body === undefined) return undefined
        const nondep = this.flag(scalars + DATA_BYTES)
        return { kind: 'let', binder: this.nameField(at, 0), nondep, type, value, body }
      }
      case 9:
        chain.constructorShape(at, header, 1, DATA_BYTES, 'a literal')
        return this.#literal(chain.objectField(at, 0))
      case 10: {
        chain.constructorShape(at, header, 2, DATA_BYTES, 'metadata')
        const expr = this.#child(at, 1, stack)
        return expr === undefined ? undefined : { kind: 'mdata', expr }
      }
      case 11: {
        chain.constructorShape(at, header, 3, DATA_BYTES, 'a projection')
        const expr = this.#child(at, 2, stack)
        if (expr === undefined) return undefined
        const field = this.small(at, 1, 'illegal term: the field of a projection')
        return { kind: 'proj', structure: this.nameField(at, 0), field, expr }
      }
      case 1:
        return chain.fail(at, 'illegal term: a free variable')
      case 2:
        return chain.fail(at, 'illegal term: a metavariable')
      default:
        return chain.fail(at, `expected an expression, found tag ${tag}`)
    }
  }

  #child(object: number, index: number, stack: number[]): Expr | undefined {
    const target = this.chain.objectField(object, index)
    const expr = this.#exprs.get(target)
    if (expr === undefined) stack.push(target)
    return expr
  }

  #literal(object: number): Expr {
    const { chain } = this
    const header = chain.header(object)
    chain.constructorShape(object, header, 1, 0, 'a literal')
    if (header >>> 24 === 0) return { kind: 'nat', value: this.#natural(object, 0) }
    if (header >>> 24 === 1) return { kind: 'str', value: this.#string(chain.objectField(object, 0)) }
    return chain.fail(object, `expected a literal, found tag ${header >>> 24}`)
  }

  exprField(object: number, index: number): Expr {
    return this.expr(this.chain.objectField(object, index))
  }

  flag(at: number): boolean {
    const value = this.chain.u8(at)
    if (value > 1) this.chain.fail(at, `expected a truth value, found ${value}`)
    return value === 1
  }
}

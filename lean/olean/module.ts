import type { Declaration, Expr, Name } from '../declaration.js'
import { ANONYMOUS, displayName, type NameTable } from '../name.js'
import { Chain, SCALAR, TAG } from './chain.js'
import { ConstantDecoder, type ConstantKind } from './constant-decoder.js'
import type { PagedFile } from './paged-file.js'
import { sameHead } from './statement.js'
import { TermDecoder } from './term-decoder.js'

export type PlaceholderKind = 'theorem' | 'definition' | 'opaque'
/** By the number in the extension that records the kinds (lean-env.md 2.9). */
const PLACEHOLDER_KINDS: readonly (PlaceholderKind | undefined)[] = [
  'definition',
  'theorem',
  undefined,
  'opaque',
]

/** The `ModuleData` record at the root of a part (lean-env.md 2.2), as positions of its arrays. */
interface PartData {
  readonly imports: number
  readonly constNames: number
  readonly constants: number
  readonly count: number
  /** Names of the code generator; later versions leave them out. */
  readonly auxiliary: number | undefined
  readonly entries: number
}

/** Extensions whose entries begin with the name of a piece of code (lean-env.md 6.1, row 0.8). */
const CODE_EXTENSIONS: ReadonlySet<string> = new Set(['declMapExt', 'monoExt'])

/** Name, universe parameters and type of a constant: what an importer needs that does not unfold it. */
export interface Statement {
  readonly name: Name
  readonly levelParams: readonly Name[]
  readonly type: Expr
}

/** One constant of a part, not decoded. */
export interface ConstantRef {
  readonly module: LeanModule
  readonly part: number
  readonly index: number
}

/**
 * A chain of parts of one Lean module, from its first file on: `.olean` alone, or with `.olean.server` and `.olean.private`, or
 * its interpreter code. Opening reads headers and roots only. Values that were decoded do not need the files any more.
 */
export class LeanModule {
  readonly chain: Chain
  readonly #terms: TermDecoder
  readonly #decoder: ConstantDecoder
  readonly imports: readonly Name[]
  readonly #parts: readonly PartData[]
  #kinds: Map<Name, PlaceholderKind> | undefined
  /** Constants of the last part, by displayed name. */
  #last: Map<string, number> | undefined

  /** @param files the parts in their order, from the first one of the chain on */
  constructor(
    readonly name: string,
    readonly files: readonly PagedFile[],
    table: NameTable,
    checkHashes = true,
  ) {
    this.chain = new Chain(files)
    this.#terms = new TermDecoder(this.chain, table, checkHashes)
    this.#decoder = new ConstantDecoder(this.#terms)
    this.#parts = files.map((_, part) => this.#partData(this.chain.root(part)))
    this.imports = this.#imports(this.#parts[0]!)
  }

  /** Number of decoded objects that are kept, as a measure of memory. */
  get kept(): number {
    return this.#terms.kept
  }

  /** Drops what was decoded; later declarations share nothing with earlier ones but names. */
  forget(): void {
    this.#terms.forget()
    this.#decoder.forget()
  }

  get leanVersion(): string {
    return this.chain.parts[0]!.header.leanVersion
  }

  get lastPart(): number {
    return this.#parts.length - 1
  }

  /** Number of constants of a part. */
  count(part = 0): number {
    return this.#parts[part]!.count
  }

  /** The names of the constants of a part, in the file's order. @throws InputError for one that is listed twice */
  names(part = 0): Name[] {
    const seen = new Set<Name>()
    const { constNames, count } = this.#parts[part]!
    const first = this.chain.elements(constNames)
    for (let index = 0; index < count; index++) {
      const at = first + index * this.chain.wordBytes
      const name = this.#terms.nameAt(constNames, at)
      if (name === ANONYMOUS) this.chain.fail(at, 'a constant without a name')
      if (seen.has(name)) this.chain.fail(at, `the constant ${displayName(name)} is listed twice`)
      seen.add(name)
    }
    return [...seen]
  }

  /** The constant of that displayed name in the last part. */
  lastPartRef(name: string): ConstantRef | undefined {
    const part = this.lastPart
    this.#last ??= new Map(this.names(part).map((each, index) => [displayName(each), index]))
    const index = this.#last.get(name)
    return index === undefined ? undefined : { module: this, part, index }
  }

  /** Name of a constant, as the list of names has it. */
  listedName(ref: ConstantRef): Name {
    const { constNames, count } = this.#parts[ref.part]!
    if (ref.index >= count) this.chain.fail(constNames, `there is no constant ${ref.index}`)
    return this.#terms.nameAt(constNames, this.chain.elements(constNames) + ref.index * this.chain.wordBytes)
  }

  /**
   * The code generator's names in a part, which are no constants. A part that has no list of them has the entries of the
   * extensions that hold code.
   *
   * @param source where to look (default: the list, if there is one)
   */
  auxiliaryNames(source?: 'list' | 'entries', part = 0): Name[] {
    const { auxiliary, entries } = this.#parts[part]!
    if (source === 'entries' || auxiliary === undefined)
      return source === 'list' ? [] : this.#codeNames(entries, part)
    const length = this.chain.arrayLength(auxiliary, 'auxiliary names')
    const first = this.chain.elements(auxiliary)
    return Array.from({ length }, (_, index) =>
      this.#terms.nameAt(auxiliary, first + index * this.chain.wordBytes),
    )
  }

  kind(ref: ConstantRef): ConstantKind {
    return this.#decoder.kind(this.#constant(ref))
  }

  declaration(ref: ConstantRef): Declaration {
    const object = this.#constant(ref)
    const declaration = this.#decode(object)
    const listed = this.listedName(ref)
    if (declaration.name !== listed) {
      this.chain.fail(
        object,
        `${displayName(declaration.name)} is listed under the name ${displayName(listed)}`,
      )
    }
    return declaration
  }

  #decode(object: number): Declaration {
    try {
      return this.#decoder.declaration(object)
    } catch (error) {
      // The engine's limit on the size of one table, 2^24 entries.
      if (error instanceof RangeError && /maximum size/i.test(error.message)) {
        this.chain.fail(object, 'the module has more terms than one process can hold')
      }
      throw error
    }
  }

  /** Without looking at the body. */
  statement(ref: ConstantRef): Statement {
    const object = this.#constant(ref)
    const statement = this.#decoder.statement(object)
    if (statement.name !== this.listedName(ref))
      this.chain.fail(object, `${displayName(statement.name)} is listed under another name`)
    return statement
  }

  /** Whether two records of one constant have the same parameters and type, maybe one of them without its body. */
  sameHead(left: ConstantRef, right: ConstantRef): boolean {
    const objects = [left, right].map(ref => this.#constant(ref))
    // The parts of a module share the record of name, parameters and type.
    if (this.#decoder.head(objects[0]!) === this.#decoder.head(objects[1]!)) return true
    return sameHead(this.#decode(objects[0]!), this.#decode(objects[1]!))
  }

  #constant(ref: ConstantRef): number {
    const { constants } = this.#parts[ref.part]!
    const at = this.chain.elements(constants) + ref.index * this.chain.wordBytes
    const object = this.chain.word(constants, at)
    return object === SCALAR ? this.chain.fail(at, 'a scalar that is no constant') : object
  }

  /**
   * What an axiom of the public part stands for, as the module's own table has it; undefined for a genuine axiom, and where
   * the module comes from a toolchain without that table.
   */
  placeholderKind(ref: ConstantRef): PlaceholderKind | undefined {
    if (this.kind(ref) !== 'axiom') return undefined
    this.#kinds ??= this.#readKinds(this.#parts[0]!)
    return this.#kinds.get(this.listedName(ref))
  }

  #partData(root: number): PartData {
    const { chain } = this
    const header = chain.header(root)
    const fields = (header >>> 16) & 0xff
    // Later versions may leave the auxiliary names out, the fourth of five fields.
    if (header >>> 24 !== 0 || (fields !== 4 && fields !== 5))
      chain.fail(root, 'the root is not the record of a module')
    chain.constructorShape(root, header, fields, 0, 'the record of a module')
    const constNames = chain.objectField(root, 1)
    const constants = chain.objectField(root, 2)
    const count = chain.arrayLength(constants, 'constants')
    const names = chain.arrayLength(constNames, 'names')
    if (names !== count) chain.fail(root, `${count} constants with ${names} names`)
    return {
      imports: chain.objectField(root, 0),
      constNames,
      constants,
      count,
      auxiliary: fields === 5 ? chain.objectField(root, 3) : undefined,
      entries: chain.objectField(root, fields - 1),
    }
  }

  #imports(part: PartData): Name[] {
    const { chain } = this
    const terms = this.#terms
    const length = chain.arrayLength(part.imports, 'imports')
    const imports: Name[] = []
    for (let index = 0; index < length; index++) {
      const at = chain.elements(part.imports) + index * chain.wordBytes
      const object = chain.word(part.imports, at)
      if (object === SCALAR) chain.fail(at, 'a scalar that is no import')
      chain.constructorShape(object, chain.header(object), 1, 1, 'an import')
      imports.push(terms.nameField(object, 0))
    }
    return imports
  }

  #readKinds(part: PartData): Map<Name, PlaceholderKind> {
    const { chain } = this
    const terms = this.#terms
    const kinds = new Map<Name, PlaceholderKind>()
    for (const { name, entries } of this.#extensions(part.entries)) {
      if (name.kind !== 'str' || name.part !== 'privateConstKindsExt') continue
      for (const entry of this.#objects(entries, 'kinds')) {
        chain.constructorShape(entry, chain.header(entry), 2, 0, 'a pair')
        const constant = terms.nameField(entry, 0)
        if (chain.field(entry, 1) !== SCALAR) chain.fail(entry, 'the kind of a constant is not a number')
        const kind = PLACEHOLDER_KINDS[chain.scalar]
        if (kind !== undefined) kinds.set(constant, kind)
      }
    }
    return kinds
  }

  /** What the entries give code to, without the constants: their code has their name. */
  #codeNames(entries: number, part: number): Name[] {
    const constants = new Set(this.names(part))
    const names = new Set<Name>()
    for (const extension of this.#extensions(entries)) {
      if (extension.name.kind !== 'str' || !CODE_EXTENSIONS.has(extension.name.part)) continue
      for (const entry of this.#objects(extension.entries, 'pieces of code')) {
        const header = this.chain.header(entry)
        if (header >>> 24 > TAG.maxConstructor || ((header >>> 16) & 0xff) === 0)
          this.chain.fail(entry, 'a piece of code without a name')
        const name = this.#terms.nameField(entry, 0)
        if (!constants.has(name)) names.add(name)
      }
    }
    return [...names]
  }

  *#extensions(array: number): Generator<{ readonly name: Name; readonly entries: number }> {
    const { chain } = this
    for (const extension of this.#objects(array, 'extensions')) {
      chain.constructorShape(extension, chain.header(extension), 2, 0, 'a pair')
      yield { name: this.#terms.nameField(extension, 0), entries: chain.objectField(extension, 1) }
    }
  }

  *#objects(array: number, what: string): Generator<number> {
    const { chain } = this
    const length = chain.arrayLength(array, what)
    for (let index = 0; index < length; index++) {
      const at = chain.elements(array) + index * chain.wordBytes
      const object = chain.word(array, at)
      if (object === SCALAR) chain.fail(at, `a scalar among the ${what}`)
      yield object
    }
  }
}

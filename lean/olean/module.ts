import type { Declaration, Name } from '../declaration.js'
import { ANONYMOUS, displayName, type NameTable } from '../name.js'
import { Chain, SCALAR } from './chain.js'
import { ConstantDecoder, type ConstantKind } from './constant-decoder.js'
import { type PageCache, PagedFile } from './paged-file.js'
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
  readonly entries: number
}

/** One constant of a part, not decoded. */
export interface ConstantRef {
  readonly module: LeanModule
  readonly part: number
  readonly index: number
}

/**
 * One Lean module: its `.olean` file, alone or with its `.olean.server` and `.olean.private` parts. Opening reads headers
 * and roots only.
 */
export class LeanModule {
  readonly chain: Chain
  readonly #terms: TermDecoder
  readonly #decoder: ConstantDecoder
  readonly imports: readonly Name[]
  readonly #parts: readonly PartData[]
  #kinds: Map<Name, PlaceholderKind> | undefined

  /** @param paths the parts in their order: `.olean`, `.olean.server`, `.olean.private` */
  constructor(
    readonly name: string,
    readonly paths: readonly string[],
    cache: PageCache,
    table: NameTable,
    checkHashes = true,
  ) {
    this.chain = new Chain(paths.map(path => new PagedFile(cache, path)))
    this.#terms = new TermDecoder(this.chain, table, checkHashes)
    this.#decoder = new ConstantDecoder(this.#terms)
    this.#parts = paths.map((_, part) => this.#partData(this.chain.root(part)))
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

  /**
   * The constants of the module with their names: those of the private part if it is there, and those of the public part
   * that it lacks.
   */
  *constants(): Generator<[Name, ConstantRef]> {
    const last = this.#parts.length - 1
    const seen = new Set<Name>()
    for (const part of last === 0 ? [0] : [last, 0]) {
      const { constNames, count } = this.#parts[part]!
      const first = this.chain.elements(constNames)
      for (let index = 0; index < count; index++) {
        const at = first + index * this.chain.wordBytes
        const name = this.#terms.nameAt(constNames, at)
        if (name === ANONYMOUS) this.chain.fail(at, 'a constant without a name')
        if (seen.has(name)) {
          if (part === last) this.chain.fail(at, `the constant ${displayName(name)} is listed twice`)
          continue
        }
        seen.add(name)
        yield [name, { module: this, part, index }]
      }
    }
  }

  kind(ref: ConstantRef): ConstantKind {
    return this.#decoder.kind(this.#constant(ref))
  }

  declaration(ref: ConstantRef): Declaration {
    const object = this.#constant(ref)
    const declaration = this.#decode(object)
    const { constNames } = this.#parts[ref.part]!
    const listed = this.#terms.nameAt(
      constNames,
      this.chain.elements(constNames) + ref.index * this.chain.wordBytes,
    )
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

  #listedName(ref: ConstantRef): Name {
    const { constNames } = this.#parts[ref.part]!
    return this.#terms.nameAt(constNames, this.chain.elements(constNames) + ref.index * this.chain.wordBytes)
  }

  #constant(ref: ConstantRef): number {
    const { constants } = this.#parts[ref.part]!
    const at = this.chain.elements(constants) + ref.index * this.chain.wordBytes
    const object = this.chain.word(constants, at)
    return object === SCALAR ? this.chain.fail(at, 'a scalar that is no constant') : object
  }

  /**
   * What an axiom of the public part stands for, as the module's own table has it; undefined for a genuine axiom, and where
   * the bodies are at hand or the module comes from a toolchain without that table.
   */
  placeholderKind(ref: ConstantRef): PlaceholderKind | undefined {
    if (this.#parts.length > 1 || this.kind(ref) !== 'axiom') return undefined
    this.#kinds ??= this.#readKinds(this.#parts[0]!)
    return this.#kinds.get(this.#listedName(ref))
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
    const pairs = function* (array: number, what: string): Generator<number> {
      const length = chain.arrayLength(array, what)
      for (let index = 0; index < length; index++) {
        const at = chain.elements(array) + index * chain.wordBytes
        const pair = chain.word(array, at)
        if (pair === SCALAR) chain.fail(at, 'a scalar that is no pair')
        chain.constructorShape(pair, chain.header(pair), 2, 0, 'a pair')
        yield pair
      }
    }
    for (const extension of pairs(part.entries, 'extensions')) {
      const name = terms.nameField(extension, 0)
      if (name.kind !== 'str' || name.part !== 'privateConstKindsExt') continue
      for (const entry of pairs(chain.objectField(extension, 1), 'kinds')) {
        const constant = terms.nameField(entry, 0)
        if (chain.field(entry, 1) !== SCALAR) chain.fail(entry, 'the kind of a constant is not a number')
        const kind = PLACEHOLDER_KINDS[chain.scalar]
        if (kind !== undefined) kinds.set(constant, kind)
      }
    }
    return kinds
  }
}

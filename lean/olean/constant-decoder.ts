import type { Declaration, Expr, Hints, Name, Safety } from '../declaration.js'
import { checkUniverseParams } from '../declaration-list.js'
import { type Chain, SCALAR } from './chain.js'
import type { TermDecoder } from './term-decoder.js'

const SAFETIES: readonly Safety[] = ['unsafe', 'safe', 'partial']
const QUOT_KINDS = ['type', 'ctor', 'lift', 'ind'] as const

export const CONSTANT_KINDS = [
  'axiom',
  'definition',
  'theorem',
  'opaque',
  'quotient',
  'inductive',
  'constructor',
  'recursor',
] as const
export type ConstantKind = (typeof CONSTANT_KINDS)[number]

/** Decodes `ConstantInfo` objects (lean-env.md 2.8), each once until {@link forget}. */
export class ConstantDecoder {
  readonly #chain: Chain
  readonly #terms: TermDecoder
  readonly #declarations = new Map<number, Declaration>()

  constructor(terms: TermDecoder) {
    this.#chain = terms.chain
    this.#terms = terms
  }

  forget(): void {
    this.#declarations.clear()
  }

  /** Kind of the constant at a `ConstantInfo` object, without decoding it. */
  kind(object: number): ConstantKind {
    const header = this.#chain.header(object)
    this.#chain.constructorShape(object, header, 1, 0, 'a constant')
    return (
      CONSTANT_KINDS[header >>> 24] ?? this.#chain.fail(object, `a constant of unknown kind ${header >>> 24}`)
    )
  }

  /** Position of the record of name, universe parameters and type, which the parts of a module share. */
  head(object: number): number {
    this.kind(object)
    return this.#chain.objectField(this.#chain.objectField(object, 0), 0)
  }

  statement(object: number): { name: Name; levelParams: readonly Name[]; type: Expr } {
    this.kind(object)
    return this.#common(this.#chain.objectField(object, 0))
  }

  /** The declaration at a `ConstantInfo` object. */
  declaration(object: number): Declaration {
    const known = this.#declarations.get(object)
    if (known !== undefined) return known
    const kind = this.kind(object)
    const declaration = this.#value(kind, this.#chain.objectField(object, 0))
    checkUniverseParams(declaration, this.#chain.place(object))
    this.#declarations.set(object, declaration)
    return declaration
  }

  #value(kind: ConstantKind, at: number): Declaration {
    const chain = this.#chain
    const header = chain.header(at)
    if (header >>> 24 !== 0) chain.fail(at, `expected a record of a constant, found tag ${header >>> 24}`)
    const shape = (fields: number, scalars: number): number =>
      chain.constructorShape(at, header, fields, scalars, `a record of kind ${kind}`)
    switch (kind) {
      case 'axiom': {
        const scalars = shape(1, 1)
        return { kind, ...this.#common(at), isUnsafe: this.#terms.flag(scalars) }
      }
      case 'definition': {
        const scalars = shape(4, 1)
        return {
          kind,
          ...this.#common(at),
          value: this.#terms.exprField(at, 1),
          hints: this.#hints(at, 2),
          safety: SAFETIES[chain.u8(scalars)] ?? chain.fail(at, 'unknown safety'),
          all: this.#terms.nameList(at, 3),
        }
      }
      case 'theorem':
        shape(3, 0)
        return {
          kind,
          ...this.#common(at),
          value: this.#terms.exprField(at, 1),
          all: this.#terms.nameList(at, 2),
        }
      case 'opaque': {
        const scalars = shape(3, 1)
        return {
          kind,
          ...this.#common(at),
          value: this.#terms.exprField(at, 1),
          isUnsafe: this.#terms.flag(scalars),
          all: this.#terms.nameList(at, 2),
        }
      }
      case 'quotient': {
        const scalars = shape(1, 1)
        const quotKind = QUOT_KINDS[chain.u8(scalars)] ?? chain.fail(at, 'unknown quotient kind')
        return { kind, ...this.#common(at), quotKind }
      }
      case 'inductive': {
        const scalars = shape(6, 3)
        return {
          kind,
          ...this.#common(at),
          numParams: this.#terms.small(at, 1, 'number of parameters'),
          numIndices: this.#terms.small(at, 2, 'number of indices'),
          all: this.#terms.nameList(at, 3),
          ctors: this.#terms.nameList(at, 4),
          numNested: this.#terms.small(at, 5, 'number of nested types'),
          isRec: this.#terms.flag(scalars),
          isUnsafe: this.#terms.flag(scalars + 1),
          isReflexive: this.#terms.flag(scalars + 2),
        }
      }
      case 'constructor': {
        const scalars = shape(5, 1)
        return {
          kind,
          ...this.#common(at),
          inductive: this.#terms.nameField(at, 1),
          cidx: this.#terms.small(at, 2, 'index of the constructor'),
          numParams: this.#terms.small(at, 3, 'number of parameters'),
          numFields: this.#terms.small(at, 4, 'number of fields'),
          isUnsafe: this.#terms.flag(scalars),
        }
      }
      case 'recursor': {
        const scalars = shape(7, 2)
        return {
          kind,
          ...this.#common(at),
          all: this.#terms.nameList(at, 1),
          numParams: this.#terms.small(at, 2, 'number of parameters'),
          numIndices: this.#terms.small(at, 3, 'number of indices'),
          numMotives: this.#terms.small(at, 4, 'number of motives'),
          numMinors: this.#terms.small(at, 5, 'number of minor premises'),
          rules: this.#terms.list(at, 6, cell => this.#rule(chain.objectField(cell, 0))),
          k: this.#terms.flag(scalars),
          isUnsafe: this.#terms.flag(scalars + 1),
        }
      }
    }
  }

  #common(value: number): { name: Name; levelParams: readonly Name[]; type: Expr } {
    const at = this.#chain.objectField(value, 0)
    const header = this.#chain.header(at)
    this.#chain.constructorShape(at, header, 3, 0, 'the head of a constant')
    if (header >>> 24 !== 0)
      this.#chain.fail(at, `expected the head of a constant, found tag ${header >>> 24}`)
    return {
      name: this.#terms.nameField(at, 0),
      levelParams: this.#terms.nameList(at, 1),
      type: this.#terms.exprField(at, 2),
    }
  }

  #rule(at: number): { ctor: Name; numFields: number; rhs: Expr } {
    this.#chain.constructorShape(at, this.#chain.header(at), 3, 0, 'a recursor rule')
    return {
      ctor: this.#terms.nameField(at, 0),
      numFields: this.#terms.small(at, 1, 'number of fields'),
      rhs: this.#terms.exprField(at, 2),
    }
  }

  #hints(object: number, index: number): Hints {
    const target = this.#chain.field(object, index)
    if (target === SCALAR) {
      if (this.#chain.scalar === 0) return { kind: 'opaque' }
      if (this.#chain.scalar === 1) return { kind: 'abbrev' }
      return this.#chain.fail(object, 'unknown reducibility hints')
    }
    const header = this.#chain.header(target)
    const scalars = this.#chain.constructorShape(target, header, 0, 4, 'reducibility hints')
    if (header >>> 24 !== 2) this.#chain.fail(target, 'unknown reducibility hints')
    return { kind: 'regular', height: this.#chain.u32(scalars) }
  }
}

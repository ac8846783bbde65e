import type { Pattern } from './ast.js'
import { CompileError, type Span } from './compile-error.js'
import { type Declarations, findConstructor } from './declarations.js'
import type { LocalId, TypedPattern } from './typed.js'
import { FIELD, freshMeta, G, prune, showType, substitute, type Type, typeMap, unify } from './types.js'

export interface Binding {
  name: string
  id: LocalId
  type: Type
  span: Span
}

/** Checks a pattern against the type of what it takes apart; adds its variables to `bindings`. */
export class PatternChecker {
  readonly bindings = new Map<string, Binding>()

  constructor(
    private readonly declarations: Declarations,
    private readonly freshId: () => LocalId,
    private readonly syntax: 'ix' | 'reference',
  ) {}

  check(pattern: Pattern, type: Type): TypedPattern {
    switch (pattern.k) {
      case 'wildcard':
        return { k: 'wildcard' }
      case 'number':
        return this.number(pattern, type)
      case 'variable':
        return this.variable(pattern, type)
      case 'tuple': {
        const items = pattern.items.map(() => freshMeta())
        this.expect(pattern, type, { k: 'tuple', items })
        return { k: 'group', items: pattern.items.map((item, i) => this.check(item, items[i]!)) }
      }
      case 'array': {
        const elem = freshMeta()
        this.expect(pattern, type, { k: 'array', elem, size: pattern.items.length })
        return { k: 'group', items: pattern.items.map(item => this.check(item, elem)) }
      }
      case 'pointer': {
        const to = freshMeta()
        this.expect(pattern, type, { k: 'pointer', to })
        return { k: 'pointer', to: this.check(pattern.to, to) }
      }
      case 'constructor':
        return this.constructorPattern(pattern, type)
      case 'or':
        return this.alternatives(pattern, type)
    }
  }

  private expect(pattern: Pattern, scrutinee: Type, wanted: Type): void {
    if (unify(scrutinee, wanted)) return
    throw new CompileError(
      `this pattern takes apart ${showType(wanted)}`,
      pattern.span,
      `a pattern for ${showType(scrutinee)}`,
    )
  }

  private number(pattern: Pattern & { k: 'number' }, type: Type): TypedPattern {
    const scrutinee = prune(type)
    if (scrutinee.k === 'meta') unify(scrutinee, G)
    else if (scrutinee.k !== 'U8' && scrutinee.k !== 'G') {
      throw new CompileError('a number cannot match here', pattern.span, `a pattern for ${showType(type)}`)
    }
    if (scrutinee.k === 'U8' && pattern.value > 255n) {
      throw new CompileError('this number never matches a U8', pattern.span, 'at most 255')
    }
    return { k: 'number', value: pattern.value % FIELD }
  }

  private variable({ name, span }: Pattern & { k: 'variable' }, type: Type): TypedPattern {
    if (this.bindings.has(name)) throw new CompileError(`'${name}' is bound twice in this pattern`, span)
    const scrutinee = prune(type)
    if (
      this.syntax === 'ix' &&
      scrutinee.k === 'enum' &&
      scrutinee.info.constructors.some(c => c.name === name)
    ) {
      const qualified = `${scrutinee.info.name}.${name}`
      throw new CompileError(
        `'${name}' here would be a variable that matches everything`,
        span,
        `'${qualified}'`,
      )
    }
    const id = this.freshId()
    this.bindings.set(name, { name, id, type, span })
    return { k: 'bind', id }
  }

  private constructorPattern(pattern: Pattern & { k: 'constructor' }, type: Type): TypedPattern {
    const { name, span } = pattern
    const found = findConstructor(this.declarations, name)
    if (found === null) throw new CompileError(`unknown constructor '${name}'`, span)
    const { info, index, fields } = found
    const args = info.typeParams.map(() => freshMeta())
    this.expect(pattern, type, { k: 'enum', info, args })
    if (fields.length !== pattern.args.length) {
      const given = `'${name}' is given ${pattern.args.length} patterns`
      throw new CompileError(given, span, `${fields.length}, one for each field`)
    }
    const map = typeMap(info.typeParams, args)
    return {
      k: 'constructor',
      index,
      args: pattern.args.map((arg, i) => this.check(arg, substitute(fields[i]!, map))),
    }
  }

  /** All alternatives bind the same variables with the same types; the first one's identities are kept. */
  private alternatives(pattern: Pattern & { k: 'or' }, type: Type): TypedPattern {
    const [first, ...others] = pattern.alternatives
    const outer = new Map(this.bindings)
    const alternatives = [this.check(first!, type)]
    const bound = new Map(this.bindings)
    for (const other of others) {
      this.reset(outer)
      const typed = this.check(other, type)
      const renamed = new Map<LocalId, LocalId>()
      for (const [name, { id, type: actual, span }] of this.bindings) {
        if (outer.has(name)) continue
        const same = bound.get(name)
        if (same === undefined) {
          throw new CompileError(`'${name}' is not bound by the first alternative`, span)
        }
        if (!unify(actual, same.type)) {
          const reason = `'${name}' has type ${showType(actual)} in this alternative`
          throw new CompileError(reason, span, `${showType(same.type)} as in the first alternative`)
        }
        renamed.set(id, same.id)
      }
      for (const name of bound.keys()) {
        if (!this.bindings.has(name)) {
          throw new CompileError(
            `this alternative does not bind '${name}'`,
            other.span,
            'the same variables in all',
          )
        }
      }
      alternatives.push(rename(typed, renamed))
    }
    this.reset(bound)
    return { k: 'or', alternatives }
  }

  private reset(to: ReadonlyMap<string, Binding>): void {
    this.bindings.clear()
    for (const [name, binding] of to) this.bindings.set(name, binding)
  }
}

function rename(pattern: TypedPattern, ids: ReadonlyMap<LocalId, LocalId>): TypedPattern {
  switch (pattern.k) {
    case 'bind':
      return { k: 'bind', id: ids.get(pattern.id) ?? pattern.id }
    case 'constructor':
      return { ...pattern, args: pattern.args.map(arg => rename(arg, ids)) }
    case 'group':
      return { ...pattern, items: pattern.items.map(item => rename(item, ids)) }
    case 'pointer':
      return { ...pattern, to: rename(pattern.to, ids) }
    case 'or':
      return { ...pattern, alternatives: pattern.alternatives.map(alternative => rename(alternative, ids)) }
    default:
      return pattern
  }
}

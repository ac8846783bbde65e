import type { AliasDeclaration, FunctionDeclaration, Name, Toplevel, TypeExpr } from './ast.js'
import { CompileError, placeOf, type Span } from './compile-error.js'
import {
  array,
  type EnumInfo,
  G,
  mentionsPointer,
  type Param,
  pointer,
  showType,
  type Type,
  U8,
  UNIT,
} from './types.js'

export interface FunctionInfo {
  name: string
  declaration: FunctionDeclaration
  typeParams: Param[]
  params: { name: string; span: Span; type: Type }[]
  result: Type
}

/** Type parameters in scope. */
export type TypeScope = ReadonlyMap<string, Type>

const NO_PARAMS: TypeScope = new Map()

/** The names of a program: enums with resolved fields, functions with resolved signatures. */
export class Declarations {
  readonly enums = new Map<string, EnumInfo>()
  readonly functions = new Map<string, FunctionInfo>()
  private readonly aliases = new Map<string, AliasDeclaration>()
  private readonly expanding: string[] = []

  constructor(toplevel: Toplevel) {
    rejectDuplicates(toplevel)
    for (const { name, nameSpan, typeParams } of toplevel.enums) {
      this.enums.set(name, { name, nameSpan, typeParams: typeParams.map(newParam), constructors: [] })
    }
    for (const alias of toplevel.aliases) this.aliases.set(alias.name, alias)
    for (const { name, constructors } of toplevel.enums) {
      const info = this.enums.get(name)!
      const scope = scopeOf(info.typeParams)
      info.constructors = constructors.map(c => ({
        name: c.name,
        fields: c.fields.map(f => this.type(f, scope)),
      }))
    }
    for (const alias of toplevel.aliases) {
      const args = alias.typeParams.map(newParam)
      this.expand(alias, args, alias.nameSpan)
    }
    for (const declaration of toplevel.functions) {
      this.functions.set(declaration.name, this.signature(declaration))
    }
  }

  signature(declaration: FunctionDeclaration): FunctionInfo {
    const typeParams = declaration.typeParams.map(newParam)
    const scope = scopeOf(typeParams)
    const seen = new Set<string>()
    const params = declaration.params.map(({ name, span, type }) => {
      if (seen.has(name) && name !== '_') throw new CompileError(`parameter '${name}' given twice`, span)
      seen.add(name)
      const resolved = this.type(type, scope)
      if (declaration.entry && mentionsPointer(resolved)) throw entryPointer(type.span)
      return { name, span, type: resolved }
    })
    const result = declaration.result === null ? UNIT : this.type(declaration.result, scope)
    if (declaration.entry && mentionsPointer(result)) throw entryPointer(declaration.result!.span)
    return { name: declaration.name, declaration, typeParams, params, result }
  }

  /** Resolves names and expands aliases. */
  type(expr: TypeExpr, scope: TypeScope): Type {
    switch (expr.k) {
      case 'G':
        return G
      case 'U8':
        return U8
      case 'tuple':
        return { k: 'tuple', items: expr.items.map(item => this.type(item, scope)) }
      case 'array':
        return array(this.type(expr.elem, scope), expr.size)
      case 'pointer':
        return pointer(this.type(expr.to, scope))
      case 'name':
        return this.named(expr, scope)
    }
  }

  private named(expr: TypeExpr & { k: 'name' }, scope: TypeScope): Type {
    const { name, span } = expr
    const param = scope.get(name)
    if (param !== undefined) {
      if (expr.args.length > 0) throw new CompileError(`type parameter '${name}' takes no arguments`, span)
      return param
    }
    const args = expr.args.map(arg => this.type(arg, scope))
    const info = this.enums.get(name)
    if (info !== undefined) {
      checkArity(name, info.typeParams.length, args.length, span)
      return { k: 'enum', info, args }
    }
    const alias = this.aliases.get(name)
    if (alias !== undefined) {
      checkArity(name, alias.typeParams.length, args.length, span)
      return this.expand(alias, args, span)
    }
    const what = this.functions.has(name) ? `'${name}' is a function, not a type` : `unknown type '${name}'`
    throw new CompileError(what, span, 'an enum, a type alias or a type parameter')
  }

  private expand(alias: AliasDeclaration, args: Type[], span: Span): Type {
    if (this.expanding.includes(alias.name)) {
      throw new CompileError(`type alias '${alias.name}' expands to itself`, span)
    }
    this.expanding.push(alias.name)
    const scope = new Map(alias.typeParams.map(({ name }, i) => [name, args[i]!]))
    const type = this.type(alias.type, scope)
    this.expanding.pop()
    return type
  }
}

/** `Enum.Constructor` of a qualified name; null when there is none. */
export function findConstructor(
  declarations: Declarations,
  name: string,
): { info: EnumInfo; index: number; fields: Type[] } | null {
  const dot = name.lastIndexOf('.')
  const info = declarations.enums.get(name.slice(0, Math.max(dot, 0)))
  const index = info?.constructors.findIndex(c => c.name === name.slice(dot + 1)) ?? -1
  if (info === undefined || index < 0) return null
  return { info, index, fields: info.constructors[index]!.fields }
}

export function scopeOf(params: readonly Param[]): TypeScope {
  return params.length === 0 ? NO_PARAMS : new Map(params.map(param => [param.name, param]))
}

function newParam({ name }: Name): Param {
  return { k: 'param', name }
}

function entryPointer(span: Span): CompileError {
  return new CompileError('a pointer in the signature of an entry function', span, 'a type without &')
}

function checkArity(name: string, wanted: number, given: number, span: Span): void {
  if (wanted === given) return
  throw new CompileError(`'${name}' is given ${given} type arguments`, span, `${wanted} type arguments`)
}

function rejectDuplicates({ enums, aliases, functions }: Toplevel): void {
  const seen = new Map<string, Span>()
  const declare = (name: string, span: Span): void => {
    const first = seen.get(name)
    if (first !== undefined) {
      const { line, column } = placeOf(first)
      const notes = [`first declared at ${first.file.name}:${line}:${column}`]
      throw new CompileError(`'${name}' is declared twice`, span, undefined, notes)
    }
    seen.set(name, span)
  }
  for (const { name, nameSpan } of [...enums, ...aliases, ...functions]) declare(name, nameSpan)
  for (const { name, constructors } of enums) {
    for (const c of constructors) declare(`${name}.${c.name}`, c.span)
  }
}

/** Text that is equal for equal signatures, type parameters numbered. */
export function signatureText({ typeParams, params, result, declaration }: FunctionInfo): string {
  const numbered = new Map(typeParams.map((param, i) => [param.name, `$${i}`]))
  const show = (type: Type): string => {
    if (type.k === 'param') return numbered.get(type.name) ?? type.name
    if (type.k === 'tuple') return `(${type.items.map(show).join(', ')})`
    if (type.k === 'array') return `[${show(type.elem)}; ${type.size}]`
    if (type.k === 'pointer') return `&${show(type.to)}`
    if (type.k === 'enum') return `${type.info.name}‹${type.args.map(show).join(', ')}›`
    return showType(type)
  }
  const generics = typeParams.length === 0 ? '' : `‹${[...numbered.values()].join(', ')}›`
  const list = params.map(param => show(param.type)).join(', ')
  return `${declaration.entry ? 'pub ' : ''}fn ${generics}(${list}) -> ${show(result)}`
}

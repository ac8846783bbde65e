import type { Span } from './compile-error.js'

/** What the parser yields: names unresolved, folds unrolled, operator chains already associated. */

export type TypeExpr =
  | { k: 'G' | 'U8'; span: Span }
  | { k: 'tuple'; items: TypeExpr[]; span: Span }
  | { k: 'array'; elem: TypeExpr; size: number; span: Span }
  | { k: 'pointer'; to: TypeExpr; span: Span }
  | { k: 'name'; name: string; args: TypeExpr[]; span: Span }

export type Pattern =
  | { k: 'wildcard'; span: Span }
  | { k: 'number'; value: bigint; byte: boolean; span: Span }
  | { k: 'variable'; name: string; span: Span }
  | { k: 'constructor'; name: string; args: Pattern[]; span: Span }
  | { k: 'tuple' | 'array'; items: Pattern[]; span: Span }
  | { k: 'pointer'; to: Pattern; span: Span }
  | { k: 'or'; alternatives: Pattern[]; span: Span }

export type CallMode = 'constrained' | 'unconstrained' | 'inline'

export type Term =
  | { k: 'number' | 'byte'; value: bigint; span: Span }
  /** A local variable unless `global` or dotted; `typeArgs` of an enum before its constructor. */
  | { k: 'name'; name: string; global: boolean; typeArgs: TypeExpr[] | null; span: Span }
  | { k: 'tuple' | 'array'; items: Term[]; span: Span }
  | { k: 'replicate'; item: Term; count: number; span: Span }
  | { k: 'return'; value: Term; span: Span }
  | { k: 'let'; pattern: Pattern; type: TypeExpr | null; value: Term; body: Term; span: Span }
  | { k: 'match'; scrutinee: Term; arms: Arm[]; span: Span }
  | Call
  | { k: 'proj'; value: Term; index: number; span: Span }
  | { k: 'get'; value: Term; index: number; span: Span }
  | { k: 'slice'; value: Term; from: number; to: number; span: Span }
  | { k: 'set'; value: Term; index: number; item: Term; span: Span }
  | { k: 'ioRead'; channel: Term; idx: Term; count: number; span: Span }
  | { k: 'assertEq'; left: Term; right: Term; message: string | null; span: Span }
  | { k: 'debug'; label: string; value: Term | null; span: Span }
  | { k: 'ascription'; value: Term; type: TypeExpr; span: Span }

export interface Call {
  k: 'call'
  /** A function, a constructor or a builtin (operators too: `+`, `-`, `*`). */
  head: string
  /** The head's own place. */
  headSpan: Span
  /** Written with a leading dot, so it is never a builtin. */
  global: boolean
  mode: CallMode
  typeArgs: TypeExpr[] | null
  args: Term[]
  span: Span
}

export interface Arm {
  pattern: Pattern
  body: Term
}

export interface Name {
  name: string
  span: Span
}

export interface EnumDeclaration {
  k: 'enum'
  name: string
  nameSpan: Span
  typeParams: Name[]
  constructors: { name: string; span: Span; fields: TypeExpr[] }[]
}

export interface AliasDeclaration {
  k: 'alias'
  name: string
  nameSpan: Span
  typeParams: Name[]
  type: TypeExpr
}

export interface FunctionDeclaration {
  k: 'function'
  name: string
  nameSpan: Span
  entry: boolean
  typeParams: Name[]
  params: { name: string; span: Span; type: TypeExpr }[]
  /** Null: unit. */
  result: TypeExpr | null
  body: Term
  /** Reference sources drop explicit type arguments and do not enforce an inlined callee's annotations. */
  syntax: 'ix' | 'reference'
}

export interface Toplevel {
  enums: EnumDeclaration[]
  aliases: AliasDeclaration[]
  functions: FunctionDeclaration[]
}

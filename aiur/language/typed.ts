import type { Builtin } from './builtins.js'
import type { Span } from './compile-error.js'
import type { FunctionInfo } from './declarations.js'
import type { Type } from './types.js'

/** Identity of a local variable: every binder of a function, inlined ones too, has its own. */
export type LocalId = number

export type TypedPattern =
  | { k: 'wildcard' }
  | { k: 'number'; value: bigint }
  | { k: 'bind'; id: LocalId }
  | { k: 'constructor'; index: number; args: TypedPattern[] }
  /** Tuple or array. */
  | { k: 'group'; items: TypedPattern[] }
  | { k: 'pointer'; to: TypedPattern }
  | { k: 'or'; alternatives: TypedPattern[] }

/** Only names and takes apart tuples and arrays: no test, no load. */
export function isPlain(pattern: TypedPattern): boolean {
  if (pattern.k === 'group') return pattern.items.every(isPlain)
  return pattern.k === 'bind' || pattern.k === 'wildcard'
}

export interface TypedArm {
  pattern: TypedPattern
  body: Node
}

interface Common {
  type: Type
  span: Span
  /** Every path ends in `return`. */
  escapes: boolean
  /** Contains a match, a return or a let that tests or loads: lowering it may end the current block. */
  branching: boolean
}

export type NodeShape =
  | { k: 'constant'; value: bigint }
  | { k: 'local'; id: LocalId }
  /** Tuple, array or unit: concatenation. */
  | { k: 'group'; items: Node[] }
  | { k: 'builtin'; name: Builtin; args: Node[]; label?: string }
  | { k: 'construct'; index: number; args: Node[] }
  | { k: 'call'; callee: FunctionInfo; typeArgs: Type[]; args: Node[]; unconstrained: boolean }
  | { k: 'proj'; value: Node; index: number }
  | { k: 'slice'; value: Node; from: number; to: number }
  | { k: 'set'; value: Node; index: number; item: Node }
  | { k: 'let'; pattern: TypedPattern; value: Node; body: Node }
  | { k: 'match'; scrutinee: Node; arms: TypedArm[] }
  | { k: 'return'; value: Node }

export type Node = NodeShape & Common

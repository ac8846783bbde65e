import type { Span } from './compile-error.js'

/** Order of the field: number literals are reduced by it. */
export const FIELD = 0xffffffff00000001n

export interface EnumInfo {
  name: string
  nameSpan: Span
  typeParams: Param[]
  /** Filled once all enums are known. */
  constructors: { name: string; fields: Type[] }[]
}

export interface Param {
  k: 'param'
  name: string
}

export interface Meta {
  k: 'meta'
  /** What unification found. */
  target: Type | null
}

export type Type =
  | { k: 'G' | 'U8' }
  /** No items: unit. */
  | { k: 'tuple'; items: Type[] }
  | { k: 'array'; elem: Type; size: number }
  | { k: 'pointer'; to: Type }
  | { k: 'enum'; info: EnumInfo; args: Type[] }
  | Param
  | Meta

export const G: Type = { k: 'G' }
export const U8: Type = { k: 'U8' }
export const UNIT: Type = { k: 'tuple', items: [] }

export function tuple(...items: Type[]): Type {
  return { k: 'tuple', items }
}

export function array(elem: Type, size: number): Type {
  return { k: 'array', elem, size }
}

export function pointer(to: Type): Type {
  return { k: 'pointer', to }
}

export function freshMeta(): Meta {
  return { k: 'meta', target: null }
}

/** The type behind solved metas at the head. */
export function prune(type: Type): Type {
  let t = type
  while (t.k === 'meta' && t.target !== null) t = t.target
  return t
}

function occurs(meta: Meta, type: Type): boolean {
  const t = prune(type)
  switch (t.k) {
    case 'meta':
      return t === meta
    case 'tuple':
      return t.items.some(item => occurs(meta, item))
    case 'array':
      return occurs(meta, t.elem)
    case 'pointer':
      return occurs(meta, t.to)
    case 'enum':
      return t.args.some(arg => occurs(meta, arg))
    default:
      return false
  }
}

/** First-order unification; false when the types cannot be made equal. */
export function unify(left: Type, right: Type): boolean {
  const a = prune(left)
  const b = prune(right)
  if (a === b) return true
  if (a.k === 'meta') {
    if (occurs(a, b)) return false
    a.target = b
    return true
  }
  if (b.k === 'meta') return unify(b, a)
  switch (a.k) {
    case 'G':
    case 'U8':
      return a.k === b.k
    case 'tuple':
      return b.k === 'tuple' && unifyAll(a.items, b.items)
    case 'array':
      return b.k === 'array' && a.size === b.size && unify(a.elem, b.elem)
    case 'pointer':
      return b.k === 'pointer' && unify(a.to, b.to)
    case 'enum':
      return b.k === 'enum' && a.info === b.info && unifyAll(a.args, b.args)
    case 'param':
      return false
  }
}

function unifyAll(as: Type[], bs: Type[]): boolean {
  return as.length === bs.length && as.every((a, i) => unify(a, bs[i]!))
}

/** Replaces type parameters; parameters not in the map stay. */
export function substitute(type: Type, map: ReadonlyMap<Param, Type>): Type {
  if (map.size === 0) return type
  const t = prune(type)
  switch (t.k) {
    case 'param':
      return map.get(t) ?? t
    case 'tuple':
      return { k: 'tuple', items: t.items.map(item => substitute(item, map)) }
    case 'array':
      return { k: 'array', elem: substitute(t.elem, map), size: t.size }
    case 'pointer':
      return { k: 'pointer', to: substitute(t.to, map) }
    case 'enum':
      return t.args.length === 0
        ? t
        : { k: 'enum', info: t.info, args: t.args.map(arg => substitute(arg, map)) }
    default:
      return t
  }
}

export function typeMap(params: readonly Param[], args: readonly Type[]): Map<Param, Type> {
  return new Map(params.map((param, i) => [param, args[i]!]))
}

/** A type as the programmer writes it; `_` for what is not known, `…` for what is too long. */
export function showType(type: Type, budget = 8): string {
  const t = prune(type)
  if (budget === 0) return '…'
  const all = (types: Type[]): string => types.map(item => showType(item, budget - 1)).join(', ')
  switch (t.k) {
    case 'G':
    case 'U8':
      return t.k
    case 'meta':
      return '_'
    case 'param':
      return t.name
    case 'tuple':
      return `(${all(t.items)})`
    case 'array':
      return `[${showType(t.elem, budget - 1)}; ${t.size}]`
    case 'pointer':
      return `&${showType(t.to, budget - 1)}`
    case 'enum':
      return t.args.length === 0 ? t.info.name : `${t.info.name}‹${all(t.args)}›`
  }
}

/** Is there a pointer in the type itself, not looking into enums? */
export function mentionsPointer(type: Type): boolean {
  const t = prune(type)
  switch (t.k) {
    case 'pointer':
      return true
    case 'tuple':
      return t.items.some(mentionsPointer)
    case 'array':
      return mentionsPointer(t.elem)
    case 'enum':
      return t.args.some(mentionsPointer)
    default:
      return false
  }
}

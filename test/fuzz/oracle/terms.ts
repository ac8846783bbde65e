/**
 * Terms and universes of the oracle: a small kernel written from the rules only, with no code in common with the one it
 * judges. Terms are one object per structure; recursion is on the stack, a term too deep for it is left undecided.
 */
import type { Address } from '../../../ixon/address.js'

export type Level =
  | { readonly kind: 'zero' }
  | { readonly kind: 'succ'; readonly of: Level }
  | { readonly kind: 'max' | 'imax'; readonly a: Level; readonly b: Level }
  | { readonly kind: 'param'; readonly index: number }

export const LZERO: Level = { kind: 'zero' }
export const lsucc = (of: Level): Level => ({ kind: 'succ', of })

export function substLevel(l: Level, us: readonly Level[]): Level {
  switch (l.kind) {
    case 'zero':
      return l
    case 'succ':
      return lsucc(substLevel(l.of, us))
    case 'param': {
      const u = us[l.index]
      if (u === undefined) throw new Wrong('universe parameter out of range')
      return u
    }
    default:
      return { kind: l.kind, a: substLevel(l.a, us), b: substLevel(l.b, us) }
  }
}

export function levelParams(l: Level, into: Set<number> = new Set()): Set<number> {
  if (l.kind === 'param') into.add(l.index)
  else if (l.kind === 'succ') levelParams(l.of, into)
  else if (l.kind !== 'zero') {
    levelParams(l.a, into)
    levelParams(l.b, into)
  }
  return into
}

/** The level as max (constant, p + k, ...) where the parameters in `zeros` are 0 and all others at least 1. */
interface Maximum {
  constant: number
  readonly offsets: Map<number, number>
}

function maximum(l: Level, zeros: ReadonlySet<number>): Maximum {
  switch (l.kind) {
    case 'zero':
      return { constant: 0, offsets: new Map() }
    case 'param':
      return zeros.has(l.index)
        ? { constant: 0, offsets: new Map() }
        : { constant: 1, offsets: new Map([[l.index, 0]]) }
    case 'succ': {
      const m = maximum(l.of, zeros)
      return { constant: m.constant + 1, offsets: new Map([...m.offsets].map(([p, k]) => [p, k + 1])) }
    }
    default: {
      const b = maximum(l.b, zeros)
      if (l.kind === 'imax' && b.constant === 0) return b
      const a = maximum(l.a, zeros)
      const offsets = new Map(a.offsets)
      for (const [p, k] of b.offsets) offsets.set(p, Math.max(k, offsets.get(p) ?? -1))
      return { constant: Math.max(a.constant, b.constant), offsets }
    }
  }
}

/** a <= b for all values of the parameters, by trying which of them are 0. */
export function levelLeq(a: Level, b: Level): boolean {
  const params = [...levelParams(b, levelParams(a))]
  if (params.length > 12) throw new Undecided('many universe parameters')
  for (let mask = 0; mask < 1 << params.length; mask++) {
    const zeros = new Set(params.filter((_, i) => (mask >> i) & 1))
    const x = maximum(a, zeros)
    const y = maximum(b, zeros)
    // A parameter is at least 1, which `constant` counts.
    if (x.constant > y.constant) return false
    for (const [p, k] of x.offsets) if ((y.offsets.get(p) ?? -1) < k) return false
  }
  return true
}

export const levelEq = (a: Level, b: Level): boolean => levelLeq(a, b) && levelLeq(b, a)
export const levelIsZero = (a: Level): boolean => levelLeq(a, LZERO)
export const levelNeverZero = (a: Level): boolean => levelLeq(lsucc(LZERO), a)

/** The constant is wrong. */
export class Wrong extends Error {}
/** The oracle gives up. */
export class Undecided extends Error {}

export type Term =
  | (Node & { readonly kind: 'bvar'; readonly index: number })
  | (Node & { readonly kind: 'fvar'; readonly name: number; readonly type: Term })
  | (Node & { readonly kind: 'sort'; readonly level: Level })
  | (Node & { readonly kind: 'const'; readonly address: Address; readonly us: readonly Level[] })
  | (Node & { readonly kind: 'app'; readonly fn: Term; readonly arg: Term })
  | (Node & { readonly kind: 'lam' | 'pi'; readonly type: Term; readonly body: Term })
  | (Node & { readonly kind: 'let'; readonly type: Term; readonly value: Term; readonly body: Term })
  | (Node & { readonly kind: 'nat'; readonly value: bigint })
  | (Node & { readonly kind: 'str'; readonly text: string })
  | (Node & { readonly kind: 'proj'; readonly address: Address; readonly field: number; readonly of: Term })

interface Node {
  readonly id: number
  /** One more than the largest loose index. */
  readonly loose: number
  readonly params: boolean
}

type Fields<T> = T extends Term ? Omit<T, keyof Node> : never

const table = new Map<string, Term>()
let next = 0

/** Forgets all terms: nothing made before may be used after. */
export function clearTerms(): void {
  table.clear()
}

const levelKey = (l: Level): string =>
  l.kind === 'zero'
    ? '0'
    : l.kind === 'param'
      ? `p${l.index}`
      : l.kind === 'succ'
        ? `s${levelKey(l.of)}`
        : `(${l.kind} ${levelKey(l.a)} ${levelKey(l.b)})`

function make(key: string, fields: Fields<Term>, loose: number, params: boolean): Term {
  let term = table.get(key)
  if (term === undefined) {
    term = { ...fields, id: next++, loose, params } as Term
    table.set(key, term)
  }
  return term
}

const hasParams = (us: readonly Level[]): boolean => us.some(u => levelParams(u).size > 0)

export const bvar = (index: number): Term => make(`b${index}`, { kind: 'bvar', index }, index + 1, false)
export const sort = (level: Level): Term =>
  make(`S${levelKey(level)}`, { kind: 'sort', level }, 0, levelParams(level).size > 0)
export const constant = (address: Address, us: readonly Level[] = []): Term =>
  make(`c${address} ${us.map(levelKey).join()}`, { kind: 'const', address, us }, 0, hasParams(us))
export const app = (fn: Term, arg: Term): Term =>
  make(
    `a${fn.id},${arg.id}`,
    { kind: 'app', fn, arg },
    Math.max(fn.loose, arg.loose),
    fn.params || arg.params,
  )
export const lam = (type: Term, body: Term): Term => binder('lam', type, body)
export const pi = (type: Term, body: Term): Term => binder('pi', type, body)
export const binder = (kind: 'lam' | 'pi', type: Term, body: Term): Term =>
  make(
    `${kind}${type.id},${body.id}`,
    { kind, type, body },
    Math.max(type.loose, body.loose - 1),
    type.params || body.params,
  )
export const letIn = (type: Term, value: Term, body: Term): Term =>
  make(
    `l${type.id},${value.id},${body.id}`,
    { kind: 'let', type, value, body },
    Math.max(type.loose, value.loose, body.loose - 1),
    type.params || value.params || body.params,
  )
export const nat = (value: bigint): Term => make(`n${value}`, { kind: 'nat', value }, 0, false)
export const str = (text: string): Term => make(`t${text}`, { kind: 'str', text }, 0, false)
export const proj = (address: Address, field: number, of: Term): Term =>
  make(`j${address} ${field} ${of.id}`, { kind: 'proj', address, field, of }, of.loose, of.params)
let names = 0
export const fresh = (type: Term): Term => {
  const name = names++
  return make(`f${name}`, { kind: 'fvar', name, type }, 0, type.params)
}

export const apply = (fn: Term, ...args: readonly Term[]): Term => args.reduce(app, fn)

export function spine(term: Term): [Term, Term[]] {
  const args: Term[] = []
  let head = term
  while (head.kind === 'app') {
    args.push(head.arg)
    head = head.fn
  }
  return [head, args.reverse()]
}

/** Rebuilds a term bottom up; `leaf` gives what stands for a part under `depth` binders, or `undefined` to go on. */
function rebuild(term: Term, leaf: (t: Term, depth: number) => Term | undefined): Term {
  const memo = new Map<string, Term>()
  const go = (t: Term, depth: number): Term => {
    const found = leaf(t, depth)
    if (found !== undefined) return found
    const key = `${t.id},${depth}`
    let result = memo.get(key)
    if (result === undefined) {
      result = children(t, go, depth)
      memo.set(key, result)
    }
    return result
  }
  return go(term, 0)
}

function children(t: Term, go: (t: Term, depth: number) => Term, depth: number): Term {
  switch (t.kind) {
    case 'app':
      return app(go(t.fn, depth), go(t.arg, depth))
    case 'lam':
    case 'pi':
      return binder(t.kind, go(t.type, depth), go(t.body, depth + 1))
    case 'let':
      return letIn(go(t.type, depth), go(t.value, depth), go(t.body, depth + 1))
    case 'proj':
      return proj(t.address, t.field, go(t.of, depth))
    default:
      return t
  }
}

/** The body of a binder at a closed term. */
export function instantiate(body: Term, by: Term): Term {
  if (body.loose === 0) return body
  return rebuild(body, (t, depth) => {
    if (t.loose <= depth) return t
    if (t.kind !== 'bvar') return undefined
    return t.index === depth ? by : bvar(t.index - 1)
  })
}

export function abstract(term: Term, variable: Term): Term {
  return rebuild(term, (t, depth) => (t === variable ? bvar(depth) : undefined))
}

export function substLevels(term: Term, us: readonly Level[]): Term {
  if (!term.params) return term
  return rebuild(term, t => {
    if (!t.params) return t
    if (t.kind === 'sort') return sort(substLevel(t.level, us))
    if (t.kind === 'const')
      return constant(
        t.address,
        t.us.map(u => substLevel(u, us)),
      )
    return undefined
  })
}

/** Does a constant at one of these addresses occur? */
export function mentions(term: Term, addresses: ReadonlySet<Address>): boolean {
  const seen = new Set<Term>()
  const go = (t: Term): boolean => {
    if (seen.has(t)) return false
    seen.add(t)
    switch (t.kind) {
      case 'const':
        return addresses.has(t.address)
      case 'app':
        return go(t.fn) || go(t.arg)
      case 'lam':
      case 'pi':
        return go(t.type) || go(t.body)
      case 'let':
        return go(t.type) || go(t.value) || go(t.body)
      case 'proj':
        return addresses.has(t.address) || go(t.of)
      default:
        return false
    }
  }
  return go(term)
}

/** Calls `at` for every part of a term once, the term itself first. */
export function visit(term: Term, at: (part: Term) => void): void {
  const seen = new Set<Term>()
  const go = (t: Term): void => {
    if (seen.has(t)) return
    seen.add(t)
    at(t)
    if (t.kind === 'app') {
      go(t.fn)
      go(t.arg)
    } else if (t.kind === 'lam' || t.kind === 'pi') {
      go(t.type)
      go(t.body)
    } else if (t.kind === 'let') {
      go(t.type)
      go(t.value)
      go(t.body)
    } else if (t.kind === 'proj') go(t.of)
  }
  go(term)
}

/** Every constant and projected structure in a term. */
export function constantsIn(term: Term): Set<Address> {
  const found = new Set<Address>()
  visit(term, t => {
    if (t.kind === 'const' || t.kind === 'proj') found.add(t.address)
  })
  return found
}

/** A term with its direct parts replaced. */
export function rebuildChildren(t: Term, go: (part: Term) => Term): Term {
  return children(t, go, 0)
}

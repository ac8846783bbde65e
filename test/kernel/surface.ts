/**
 * Declarations written as text, for tests that hand an export to the checker. Named binders; an inductive type comes with the
 * recursor that Lean would make, `elim Prop` and `elim none` ask for one into propositions and for none:
 *
 *     axiom p : Prop
 *     def id.{u} : forall (A : Sort u), A -> A := fun (A : Sort u) (x : A) => x
 *     inductive Eq.{u} (A : Sort u) (a : A) : A -> Prop | refl : Eq.{u} A a a
 *
 * A term is what a kernel reads: all arguments and universes are given. `proj S 0 e` is a projection, `let x : A := a; b`.
 */
import type { Declaration, Expr, Level } from '../../lean/declaration.js'
import { parseName } from '../../lean/name.js'

type Term =
  | { readonly kind: 'var'; readonly name: string }
  | { readonly kind: 'app'; readonly fn: Term; readonly arg: Term }
  | { readonly kind: 'lam' | 'forall'; readonly name: string; readonly type: Term; readonly body: Term }
  | {
      readonly kind: 'let'
      readonly name: string
      readonly type: Term
      readonly value: Term
      readonly body: Term
    }
  | { readonly kind: 'proj'; readonly structure: string; readonly field: number; readonly expr: Term }
  | { readonly kind: 'const'; readonly name: string; readonly levels: readonly Level[] }
  | { readonly kind: 'leaf'; readonly expr: Expr }

interface Binder {
  readonly name: string
  readonly type: Term
}

type Inductive = Declaration & { kind: 'inductive' }

const TOKEN = /\s*(:=|=>|->|\.\{|[(){}:;,|+]|\d+|"[^"]*"|[A-Za-z_](?:[\w']|\.(?=[A-Za-z_]))*|--[^\n]*|$)/y
const COMMANDS = ['axiom', 'def', 'theorem', 'opaque', 'inductive', 'quot']
const ENDS = [...COMMANDS, 'elim', '', ')', '}', ':', ':=', '=>', '->', ';', ',', '|']

/** The declarations of a text: one of each group, or the type, constructors and recursor of an inductive block. */
export function parse(text: string): Declaration[][] {
  return new Parser(text).file()
}

class Parser {
  readonly #tokens: string[] = []
  readonly #values = new Map<string, Term>()
  #at = 0
  #fresh = 0

  constructor(text: string) {
    TOKEN.lastIndex = 0
    while (TOKEN.lastIndex < text.length) {
      const start = TOKEN.lastIndex
      const found = TOKEN.exec(text)
      if (found === null) throw new Error(`cannot read ${text.slice(start, start + 40)}`)
      if (!found[1]!.startsWith('--') && found[1] !== '') this.#tokens.push(found[1]!)
    }
  }

  file(): Declaration[][] {
    const groups: Declaration[][] = []
    while (this.#peek() !== '') groups.push(this.#command())
    return groups
  }

  #peek(): string {
    return this.#tokens[this.#at] ?? ''
  }

  #next(wanted?: string): string {
    const token = this.#peek()
    if (wanted !== undefined && token !== wanted)
      throw new Error(
        `${wanted} expected in front of ${this.#tokens.slice(this.#at, this.#at + 8).join(' ')}`,
      )
    this.#at++
    return token
  }

  #takes(token: string): boolean {
    if (this.#peek() !== token) return false
    this.#at++
    return true
  }

  #unique(name: string): string {
    return `${name}#${this.#fresh++}`
  }

  #command(): Declaration[] {
    const command = this.#next()
    const quotKind = command === 'quot' ? (this.#next() as 'type' | 'ctor' | 'lift' | 'ind') : 'type'
    const text = this.#next()
    const name = parseName(text)
    const params: string[] = []
    if (this.#takes('.{')) while (!this.#takes('}')) if (!this.#takes(',')) params.push(this.#next())
    const levelParams = params.map(param => parseName(param))
    if (command === 'inductive') return this.#inductive(text, params)
    this.#next(':')
    const type = lower(this.#term(new Map()))
    const common = { name, levelParams, type }
    if (command === 'axiom') return [{ kind: 'axiom', ...common, isUnsafe: false }]
    if (command === 'quot') return [{ kind: 'quotient', ...common, quotKind }]
    this.#next(':=')
    const term = this.#term(new Map())
    const value = lower(term)
    const all = [name]
    if (command === 'theorem') return [{ kind: 'theorem', ...common, value, all }]
    if (command === 'opaque') return [{ kind: 'opaque', ...common, value, isUnsafe: false, all }]
    if (command !== 'def') throw new Error(`${command} is no command`)
    this.#values.set(text, term)
    const hints = { kind: 'regular', height: this.#values.size } as const
    return [{ kind: 'definition', ...common, value, hints, safety: 'safe', all }]
  }

  #inductive(text: string, levels: readonly string[]): Declaration[] {
    const scope = new Map<string, string>()
    const params = this.#binders(scope)
    this.#next(':')
    const type = this.#term(scope)
    const elim = this.#takes('elim') ? this.#next() : 'any'
    const ctors: { name: string; type: Term }[] = []
    while (this.#takes('|')) {
      const name = `${text}.${this.#next()}`
      this.#next(':')
      ctors.push({ name, type: this.#term(scope) })
    }
    const levelParams = levels.map(level => parseName(level))
    const common = { levelParams, isUnsafe: false, numParams: params.length }
    const own: Inductive = {
      kind: 'inductive',
      ...common,
      name: parseName(text),
      type: lower(close('forall', params, type)),
      numIndices: binders(type).length,
      numNested: 0,
      all: [parseName(text)],
      ctors: ctors.map(ctor => parseName(ctor.name)),
      isRec: false,
      isReflexive: false,
    }
    const made = ctors.map(
      (ctor, cidx): Declaration => ({
        kind: 'constructor',
        ...common,
        name: parseName(ctor.name),
        type: lower(close('forall', params, ctor.type)),
        inductive: own.name,
        cidx,
        numFields: binders(ctor.type).length,
      }),
    )
    if (elim === 'none') return [own, ...made]
    return [own, ...made, this.#recursor(text, levels, own, params, binders(type), ctors, elim === 'Prop')]
  }

  #recursor(
    text: string,
    levels: readonly string[],
    own: Inductive,
    params: readonly Binder[],
    indices: readonly Binder[],
    ctors: readonly { name: string; type: Term }[],
    small: boolean,
  ): Declaration {
    const at = levels.map(level => ({ kind: 'param', name: parseName(level) }) as const)
    const into: Level = small ? { kind: 'zero' } : { kind: 'param', name: parseName('elim') }
    const constant = (name: string, more: readonly Level[] = []): Term => ({
      kind: 'const',
      name,
      levels: [...more, ...at],
    })
    const vars = (list: readonly Binder[]) => list.map(({ name }): Term => ({ kind: 'var', name }))
    const major = { name: this.#unique('major'), type: apply(constant(text), vars([...params, ...indices])) }
    const sort: Term = { kind: 'leaf', expr: { kind: 'sort', level: into } }
    const motive = { name: this.#unique('motive'), type: close('forall', [...indices, major], sort) }
    const [m] = vars([motive]) as [Term]
    const shapes = ctors.map(ctor => {
      const fields = binders(ctor.type)
      const made = apply(constant(ctor.name), vars([...params, ...fields]))
      const result = args(ctor.type, fields.length).slice(params.length)
      const recursive = fields.flatMap(field => {
        const reduced = this.#whnf(field.type)
        const inner = binders(reduced)
        const target = this.#whnf(strip(reduced, inner.length))
        if (head(target) !== text) return []
        const at = args(target, 0).slice(params.length)
        return [{ field: vars([field])[0]!, inner, at }]
      })
      const hypotheses = recursive.map(({ field, inner, at }) => ({
        name: this.#unique('ih'),
        type: close('forall', inner, apply(m, [...at, apply(field, vars(inner))])),
      }))
      const minor = {
        name: this.#unique('minor'),
        type: close('forall', [...fields, ...hypotheses], apply(m, [...result, made])),
      }
      return { ctor, fields, recursive, minor }
    })
    const cases = [...params, motive, ...shapes.map(({ minor }) => minor)]
    const rec = constant(`${text}.rec`, small ? [] : [into])
    const rules = shapes.map(({ ctor, fields, recursive, minor }) => {
      const calls = recursive.map(({ field, inner, at }) =>
        close('lam', inner, apply(rec, [...vars(cases), ...at, apply(field, vars(inner))])),
      )
      const body = apply(vars([minor])[0]!, [...vars(fields), ...calls])
      return {
        ctor: parseName(ctor.name),
        numFields: fields.length,
        rhs: lower(close('lam', [...cases, ...fields], body)),
      }
    })
    const proposition =
      own.type.kind === 'sort' ? own.type.level.kind === 'zero' : lastSort(own.type)?.kind === 'zero'
    return {
      kind: 'recursor',
      name: parseName(`${text}.rec`),
      levelParams: [...(small ? [] : [parseName('elim')]), ...own.levelParams],
      type: lower(close('forall', [...cases, ...indices, major], apply(m, vars([...indices, major])))),
      all: own.all,
      numParams: params.length,
      numIndices: indices.length,
      numMotives: 1,
      numMinors: ctors.length,
      rules,
      k: proposition && shapes.length === 1 && shapes[0]!.fields.length === 0,
      isUnsafe: false,
    }
  }

  /** Head normal form by the definitions so far, as far as fields of constructors need it. */
  #whnf(term: Term): Term {
    for (let at = term; ; ) {
      const spine = args(at, 0)
      const name = head(at)
      let value = name === undefined ? headOf(at) : this.#values.get(name)
      if (value === undefined || value.kind !== 'lam' || spine.length === 0) return at
      for (const arg of spine)
        value = value.kind === 'lam' ? replace(value.body, value.name, arg) : apply(value, [arg])
      at = value
    }
  }

  #binders(scope: Map<string, string>): Binder[] {
    const found: Binder[] = []
    while (this.#takes('(')) {
      const names: string[] = []
      while (!this.#takes(':')) names.push(this.#next())
      const type = this.#term(scope)
      this.#next(')')
      for (const name of names) {
        const own = this.#unique(name)
        found.push({ name: own, type })
        scope.set(name, own)
      }
    }
    return found
  }

  #term(outer: ReadonlyMap<string, string>): Term {
    const scope = new Map(outer)
    for (const [word, kind, end] of [
      ['fun', 'lam', '=>'],
      ['forall', 'forall', ','],
    ] as const)
      if (this.#takes(word)) {
        const bound = this.#binders(scope)
        this.#next(end)
        return close(kind, bound, this.#term(scope))
      }
    if (this.#takes('let')) {
      const name = this.#next()
      const own = this.#unique(name)
      this.#next(':')
      const type = this.#term(scope)
      this.#next(':=')
      const value = this.#term(scope)
      this.#next(';')
      scope.set(name, own)
      return { kind: 'let', name: own, type, value, body: this.#term(scope) }
    }
    let left = this.#atom(scope)
    while (!ENDS.includes(this.#peek())) left = { kind: 'app', fn: left, arg: this.#atom(scope) }
    if (!this.#takes('->')) return left
    return { kind: 'forall', name: this.#unique('a'), type: left, body: this.#term(scope) }
  }

  #atom(scope: ReadonlyMap<string, string>): Term {
    const token = this.#next()
    if (token === '(') {
      const term = this.#term(scope)
      this.#next(')')
      return term
    }
    const leaf = (expr: Expr): Term => ({ kind: 'leaf', expr })
    if (token === 'Prop') return leaf({ kind: 'sort', level: { kind: 'zero' } })
    if (token === 'Type') return leaf({ kind: 'sort', level: { kind: 'succ', pred: { kind: 'zero' } } })
    if (token === 'Sort') return leaf({ kind: 'sort', level: this.#levelAtom() })
    if (token === 'loose') return leaf({ kind: 'bvar', index: Number(this.#next()) })
    if (token === 'proj') {
      const structure = this.#next()
      const field = Number(this.#next())
      return { kind: 'proj', structure, field, expr: this.#atom(scope) }
    }
    if (/^\d/.test(token)) return leaf({ kind: 'nat', value: BigInt(token) })
    if (token.startsWith('"')) return leaf({ kind: 'str', value: token.slice(1, -1) })
    if (!/^[A-Za-z_]/.test(token)) throw new Error(`a term expected, not ${token}`)
    const bound = scope.get(token)
    if (bound !== undefined) return { kind: 'var', name: bound }
    const levels: Level[] = []
    if (this.#takes('.{')) while (!this.#takes('}')) if (!this.#takes(',')) levels.push(this.#level())
    return { kind: 'const', name: token, levels }
  }

  #level(): Level {
    const kind = this.#peek()
    if (kind === 'max' || kind === 'imax') {
      this.#next()
      return { kind, left: this.#levelAtom(), right: this.#levelAtom() }
    }
    let level = this.#levelAtom()
    while (this.#takes('+'))
      for (let i = Number(this.#next()); i > 0; i--) level = { kind: 'succ', pred: level }
    return level
  }

  #levelAtom(): Level {
    const token = this.#next()
    if (token === '(') {
      const level = this.#level()
      this.#next(')')
      return level
    }
    if (!/^\d+$/.test(token)) return { kind: 'param', name: parseName(token) }
    let level: Level = { kind: 'zero' }
    for (let i = Number(token); i > 0; i--) level = { kind: 'succ', pred: level }
    return level
  }
}

function apply(fn: Term, list: readonly Term[]): Term {
  return list.reduce<Term>((f, arg) => ({ kind: 'app', fn: f, arg }), fn)
}

function close(kind: 'lam' | 'forall', list: readonly Binder[], body: Term): Term {
  return list.reduceRight<Term>((inner, { name, type }) => ({ kind, name, type, body: inner }), body)
}

function binders(type: Term): Binder[] {
  const found: Binder[] = []
  for (let at = type; at.kind === 'forall'; at = at.body) found.push({ name: at.name, type: at.type })
  return found
}

function strip(type: Term, count: number): Term {
  let at = type
  for (let i = 0; i < count && at.kind === 'forall'; i++) at = at.body
  return at
}

/** Arguments of what stands behind some binders. */
function args(type: Term, skipped: number): Term[] {
  const found: Term[] = []
  for (let at = strip(type, skipped); at.kind === 'app'; at = at.fn) found.unshift(at.arg)
  return found
}

function headOf(term: Term): Term {
  let at = term
  while (at.kind === 'app') at = at.fn
  return at
}

function head(term: Term): string | undefined {
  const at = headOf(term)
  return at.kind === 'const' ? at.name : undefined
}

function replace(term: Term, name: string, value: Term): Term {
  const go = (inner: Term): Term => replace(inner, name, value)
  switch (term.kind) {
    case 'var':
      return term.name === name ? value : term
    case 'app':
      return { ...term, fn: go(term.fn), arg: go(term.arg) }
    case 'lam':
    case 'forall':
      return { ...term, type: go(term.type), body: go(term.body) }
    case 'let':
      return { ...term, type: go(term.type), value: go(term.value), body: go(term.body) }
    case 'proj':
      return { ...term, expr: go(term.expr) }
    default:
      return term
  }
}

/** With indices in place of names. */
function lower(term: Term, scope: readonly string[] = []): Expr {
  const under = (name: string): readonly string[] => [name, ...scope]
  switch (term.kind) {
    case 'leaf':
      return term.expr
    case 'var': {
      const index = scope.indexOf(term.name)
      if (index === -1) throw new Error(`${term.name} is not bound`)
      return { kind: 'bvar', index }
    }
    case 'const':
      return { kind: 'const', name: parseName(term.name), levels: term.levels }
    case 'app':
      return { kind: 'app', fn: lower(term.fn, scope), arg: lower(term.arg, scope) }
    case 'lam':
    case 'forall': {
      const binder = parseName('x')
      const type = lower(term.type, scope)
      return { kind: term.kind, binder, info: 'default', type, body: lower(term.body, under(term.name)) }
    }
    case 'let': {
      const type = lower(term.type, scope)
      const value = lower(term.value, scope)
      const body = lower(term.body, under(term.name))
      return { kind: 'let', binder: parseName('x'), nondep: false, type, value, body }
    }
    case 'proj':
      return {
        kind: 'proj',
        structure: parseName(term.structure),
        field: term.field,
        expr: lower(term.expr, scope),
      }
  }
}

function lastSort(type: Expr): Level | undefined {
  let at = type
  while (at.kind === 'forall') at = at.body
  return at.kind === 'sort' ? at.level : undefined
}

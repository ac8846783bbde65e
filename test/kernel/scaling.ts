import type { Declaration, DeclarationSource, Expr, Level, Name } from '../../lean/declaration.js'
import { ANONYMOUS, displayName, NameTable } from '../../lean/name.js'

const names = new NameTable()

export function sort(value: number): Expr {
  let level: Level = { kind: 'zero' }
  for (let i = 0; i < value; i++) level = { kind: 'succ', pred: level }
  return { kind: 'sort', level }
}

export const PROP = sort(0)
export const v = (index: number): Expr => ({ kind: 'bvar', index })
export const pi = (type: Expr, body: Expr): Expr => binder('forall', type, body)
export const lam = (type: Expr, body: Expr): Expr => binder('lam', type, body)

function binder(kind: 'forall' | 'lam', type: Expr, body: Expr): Expr {
  return { kind, binder: ANONYMOUS, info: 'default', type, body }
}

export function bind(type: Expr, value: Expr, body: Expr): Expr {
  return { kind: 'let', binder: ANONYMOUS, nondep: false, type, value, body }
}

export function app(fn: Expr, ...args: readonly Expr[]): Expr {
  return args.reduce<Expr>((f, arg) => ({ kind: 'app', fn: f, arg }), fn)
}

/** Declarations made one after another. */
export class Declarations implements DeclarationSource {
  readonly #all = new Map<string, Declaration>()

  axiom(name: string, type: Expr): Expr {
    return this.#add({ kind: 'axiom', name: named(name), levelParams: [], type, isUnsafe: false })
  }

  definition(name: string, type: Expr, value: Expr, height = 1): Expr {
    const own = named(name)
    const hints = { kind: 'regular', height } as const
    const rest = { levelParams: [], type, value, hints, safety: 'safe', all: [own] } as const
    return this.#add({ kind: 'definition', name: own, ...rest })
  }

  theorem(name: string, type: Expr, value: Expr): Expr {
    const own = named(name)
    return this.#add({ kind: 'theorem', name: own, levelParams: [], type, value, all: [own] })
  }

  #add(declaration: Declaration): Expr {
    this.#all.set(displayName(declaration.name), declaration)
    return { kind: 'const', name: declaration.name, levels: [] }
  }

  names(): Iterable<string> {
    return this.#all.keys()
  }

  has(name: string): boolean {
    return this.#all.has(name)
  }

  get(name: string): Declaration | undefined {
    return this.#all.get(name)
  }

  placeholderKind(): undefined {
    return undefined
  }
}

function named(text: string): Name {
  return names.str(ANONYMOUS, text)
}

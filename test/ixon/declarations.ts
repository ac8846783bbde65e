import type { Declaration, DeclarationSource, Expr, Level } from '../../lean/declaration.js'
import { displayName, parseName } from '../../lean/name.js'

/** Hand-made declarations as a source. */
export function sourceOf(...declarations: Declaration[]): DeclarationSource {
  const byName = new Map(declarations.map(declaration => [displayName(declaration.name), declaration]))
  return {
    names: () => byName.keys(),
    has: name => byName.has(name),
    get: name => byName.get(name),
    placeholderKind: () => undefined,
  }
}

export const zero: Level = { kind: 'zero' }
export const succ = (pred: Level): Level => ({ kind: 'succ', pred })
export const param = (name: string): Level => ({ kind: 'param', name: parseName(name) })

export const sort = (level: Level): Expr => ({ kind: 'sort', level })
export const v = (index: number): Expr => ({ kind: 'bvar', index })
export const c = (name: string, ...levels: Level[]): Expr => ({
  kind: 'const',
  name: parseName(name),
  levels,
})
export const app = (fn: Expr, ...args: Expr[]): Expr =>
  args.reduce<Expr>((f, arg) => ({ kind: 'app', fn: f, arg }), fn)
export const lam = (type: Expr, body: Expr): Expr => binder('lam', type, body)
export const pi = (type: Expr, body: Expr): Expr => binder('forall', type, body)
export const mdata = (expr: Expr): Expr => ({ kind: 'mdata', expr })
export const nat = (value: bigint): Expr => ({ kind: 'nat', value })

function binder(kind: 'lam' | 'forall', type: Expr, body: Expr): Expr {
  return { kind, binder: parseName('x'), info: 'default', type, body }
}

export function definition(
  name: string,
  type: Expr,
  value: Expr,
  safety: 'unsafe' | 'safe' | 'partial' = 'safe',
  levelParams: string[] = [],
): Declaration {
  return {
    kind: 'definition',
    name: parseName(name),
    levelParams: levelParams.map(level => parseName(level)),
    type,
    value,
    hints: { kind: 'abbrev' },
    safety,
    all: [parseName(name)],
  }
}

export function axiom(name: string, type: Expr, levelParams: string[] = []): Declaration {
  const params = levelParams.map(level => parseName(level))
  return { kind: 'axiom', name: parseName(name), levelParams: params, type, isUnsafe: false }
}

/** A parameterless inductive type and its constructors, each given by name and types of its fields. */
export function inductive(
  name: string,
  ctors: Record<string, Expr[]>,
  all: string[] = [name],
): Declaration[] {
  const common = { levelParams: [], isUnsafe: false }
  const names = Object.keys(ctors).map(ctor => parseName(`${name}.${ctor}`))
  return [
    {
      ...common,
      kind: 'inductive',
      name: parseName(name),
      type: sort(succ(zero)),
      numParams: 0,
      numIndices: 0,
      numNested: 0,
      all: all.map(other => parseName(other)),
      ctors: names,
      isRec: true,
      isReflexive: false,
    },
    ...Object.values(ctors).map(
      (fields, cidx): Declaration => ({
        ...common,
        kind: 'constructor',
        name: names[cidx]!,
        type: fields.reduceRight<Expr>((body, field) => pi(field, body), c(name)),
        inductive: parseName(name),
        cidx,
        numParams: 0,
        numFields: fields.length,
      }),
    ),
  ]
}

export const NAT_DECLARATIONS: readonly Declaration[] = inductive('Nat', { zero: [], succ: [c('Nat')] })

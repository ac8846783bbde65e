import type { Declaration, Expr, Level } from '../../lean/declaration.js'
import { parseName } from '../../lean/name.js'
import { app, c, lam, param, pi, sort, succ, v, zero } from '../ixon/declarations.js'

export const PROP = sort(zero)
export const TYPE = sort(succ(zero))
export const TYPE1 = sort(succ(succ(zero)))

export interface ConstructorOf {
  readonly type: Expr
  readonly fields: number
  /** Differs from the inductive's in forgeries. */
  readonly params?: number
  readonly isUnsafe?: boolean
}

export interface InductiveOf {
  readonly name: string
  readonly type: Expr
  readonly params?: number
  readonly indices?: number
  readonly levels?: readonly string[]
  readonly isUnsafe?: boolean
  readonly ctors: Readonly<Record<string, ConstructorOf>>
  /** All members of the block. */
  readonly all?: readonly string[]
}

/** An inductive type and its constructors, without a recursor. */
export function family(spec: InductiveOf): Declaration[] {
  const { name, params = 0, indices = 0, levels = [], isUnsafe = false, ctors, all = [name] } = spec
  const levelParams = levels.map(level => parseName(level))
  const ctorName = (ctor: string) => parseName(`${name}.${ctor}`)
  return [
    {
      kind: 'inductive',
      name: parseName(name),
      levelParams,
      type: spec.type,
      numParams: params,
      numIndices: indices,
      numNested: 0,
      all: all.map(member => parseName(member)),
      ctors: Object.keys(ctors).map(ctorName),
      isRec: false,
      isUnsafe,
      isReflexive: false,
    },
    ...Object.entries(ctors).map(
      ([ctor, of], cidx): Declaration => ({
        kind: 'constructor',
        name: ctorName(ctor),
        levelParams,
        type: of.type,
        inductive: parseName(name),
        cidx,
        numParams: of.params ?? params,
        numFields: of.fields,
        isUnsafe: of.isUnsafe ?? isUnsafe,
      }),
    ),
  ]
}

export interface RecursorOf {
  readonly name: string
  readonly all: readonly string[]
  readonly levels: readonly string[]
  readonly type: Expr
  readonly params?: number
  readonly indices?: number
  readonly motives?: number
  readonly minors: number
  readonly rules: readonly { readonly ctor: string; readonly fields: number; readonly rhs: Expr }[]
  readonly k?: boolean
  readonly isUnsafe?: boolean
}

export function recursor(spec: RecursorOf): Declaration {
  return {
    kind: 'recursor',
    name: parseName(spec.name),
    levelParams: spec.levels.map(level => parseName(level)),
    type: spec.type,
    all: spec.all.map(member => parseName(member)),
    numParams: spec.params ?? 0,
    numIndices: spec.indices ?? 0,
    numMotives: spec.motives ?? 1,
    numMinors: spec.minors,
    rules: spec.rules.map(rule => ({ ctor: parseName(rule.ctor), numFields: rule.fields, rhs: rule.rhs })),
    k: spec.k ?? false,
    isUnsafe: spec.isUnsafe ?? false,
  }
}

/** Nested binders, outermost first. */
export function pis(types: readonly Expr[], body: Expr): Expr {
  return types.reduceRight<Expr>((inner, type) => pi(type, inner), body)
}

export function lams(types: readonly Expr[], body: Expr): Expr {
  return types.reduceRight<Expr>((inner, type) => lam(type, inner), body)
}

/** N : Type with zero and succ. */
export const N: readonly Declaration[] = family({
  name: 'N',
  type: TYPE,
  ctors: { zero: { type: c('N'), fields: 0 }, succ: { type: pi(c('N'), c('N')), fields: 1 } },
})

const motiveOf = (type: Expr, level: Level) => pi(type, sort(level))

/** The binders in front of N.rec's major premise: motive, case of zero, case of succ. */
export function naturalCases(level: Level = param('u')): Expr[] {
  return [
    motiveOf(c('N'), level),
    app(v(0), c('N.zero')),
    pis([c('N'), app(v(2), v(0))], app(v(3), app(c('N.succ'), v(1)))),
  ]
}

/** N.rec as Lean makes it. */
export function naturalRecursor(changes: Partial<RecursorOf> = {}): Declaration {
  const cases = naturalCases()
  return recursor({
    name: 'N.rec',
    all: ['N'],
    levels: ['u'],
    type: pis([...cases, c('N')], app(v(3), v(0))),
    minors: 2,
    rules: [
      { ctor: 'N.zero', fields: 0, rhs: lams(cases, v(1)) },
      {
        ctor: 'N.succ',
        fields: 1,
        rhs: lams([...cases, c('N')], app(v(1), v(0), app(c('N.rec', param('u')), v(3), v(2), v(1), v(0)))),
      },
    ],
    ...changes,
  })
}

/** A type with two constructors without fields, in some sort, and its recursor into another. */
export function twoCases(
  name: string,
  type: Expr,
  into: Level,
  changes: Partial<RecursorOf> = {},
): Declaration[] {
  const cases = [pi(c(name), sort(into)), app(v(0), c(`${name}.a`)), app(v(1), c(`${name}.b`))]
  return [
    ...family({ name, type, ctors: { a: { type: c(name), fields: 0 }, b: { type: c(name), fields: 0 } } }),
    recursor({
      name: `${name}.rec`,
      all: [name],
      levels: into.kind === 'param' ? ['u'] : [],
      type: pis([...cases, c(name)], app(v(3), v(0))),
      minors: 2,
      rules: [
        { ctor: `${name}.a`, fields: 0, rhs: lams(cases, v(1)) },
        { ctor: `${name}.b`, fields: 0, rhs: lams(cases, v(0)) },
      ],
      ...changes,
    }),
  ]
}

/** T : Type over functions of this type, and its recursor with this value behind the cases and the functions in its rule. */
export function reflexive(functions: Expr, value: Expr): Declaration[] {
  const u = param('u')
  const cases = [
    pi(c('T'), sort(u)),
    pis([functions, pi(c('N'), app(v(2), app(v(1), v(0))))], app(v(2), app(c('T.mk'), v(1)))),
  ]
  return [
    ...N,
    ...family({ name: 'T', type: TYPE, ctors: { mk: { type: pi(functions, c('T')), fields: 1 } } }),
    recursor({
      name: 'T.rec',
      all: ['T'],
      levels: ['u'],
      type: pis([...cases, c('T')], app(v(2), v(0))),
      minors: 1,
      rules: [{ ctor: 'T.mk', fields: 1, rhs: lams([...cases, functions], value) }],
    }),
  ]
}

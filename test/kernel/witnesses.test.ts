/** Theorems that justify a primitive: each rule with a forgery, and a kernel without the rule that takes it. */
import { describe, expect, test } from 'vitest'
import { check } from '../../kernel/check.js'
import { callSubject } from '../../kernel/claim-arguments.js'
import { METHOD, primitiveTable, tableOf } from '../../kernel/primitive-table.js'
import type { Declaration, Expr } from '../../lean/declaration.js'
import { parseName } from '../../lean/name.js'
import { app, axiom, c, definition, lam, nat, param, pi, sort, succ, v, zero } from '../ixon/declarations.js'
import { family, lams, PROP, pis, TYPE } from './inductive-types.js'
import { type CheckOptions, checkOne, environmentOf } from './kernel-run.js'
import type { Mutation } from './mutation.js'

const NAT = c('Nat')
const BINARY = pis([NAT, NAT], NAT)
const equal = (a: Expr, b: Expr) => app(c('Eq', succ(zero)), NAT, a, b)
const refl = (a: Expr) => app(c('Eq.refl', succ(zero)), NAT, a)
const gcd = (a: Expr, b: Expr) => app(c('Nat.gcd'), a, b)
const mod = (a: Expr, b: Expr) => app(c('Nat.mod'), a, b)

function theorem(name: string, type: Expr, value: Expr): Declaration {
  return { kind: 'theorem', name: parseName(name), levelParams: [], type, value, all: [parseName(name)] }
}

/** gcd 0 y = y */
const ZERO_LEFT = pi(NAT, equal(gcd(nat(0n), v(0)), v(0)))
/** gcd m n = gcd (n % m) m */
const RECURSION = pis([NAT, NAT], equal(gcd(v(1), v(0)), gcd(mod(v(0), v(1)), v(1))))

/**
 * A number type, an equality, a function that is not the greatest common divisor, and a theorem that holds by its
 * acceleration only: acceleration has what the witnesses say, and no look at the body.
 */
const BASE: readonly Declaration[] = [
  ...family({
    name: 'Nat',
    type: TYPE,
    ctors: { zero: { type: NAT, fields: 0 }, succ: { type: pi(NAT, NAT), fields: 1 } },
  }),
  ...family({
    name: 'Eq',
    type: pis([sort(param('u')), v(0), v(1)], PROP),
    params: 2,
    indices: 1,
    levels: ['u'],
    ctors: {
      refl: { type: pis([sort(param('u')), v(0)], app(c('Eq', param('u')), v(1), v(0), v(0))), fields: 0 },
    },
  }),
  axiom('Nat.mod', BINARY),
  definition('Nat.gcd', BINARY, lams([NAT, NAT], v(0))),
  theorem('T', equal(gcd(nat(4n), nat(6n)), nat(2n)), refl(nat(2n))),
]

const ZERO_LEFT_PROOF = lam(NAT, refl(v(0)))
const HONEST = [theorem('Nat.gcd_zero_left', ZERO_LEFT, ZERO_LEFT_PROOF), axiom('Nat.gcd_rec', RECURSION)]

const verdict = (declarations: readonly Declaration[], options?: CheckOptions) =>
  checkOne(environmentOf([...BASE, ...declarations]), 'T', options)

test('a theorem and an axiom with the right statements make their primitive compute', () => {
  expect(verdict(HONEST)).toBe('accepted')
})

test('without witnesses the body computes', () => {
  expect(verdict([])).toMatch(/does not have the type/)
  expect(verdict(HONEST.slice(0, 1))).toMatch(/does not have the type/)
})

const WALK: Mutation = {
  file: 'witnesses.aiur',
  from: 'witness theorem states something else");\n  walk_alone(a)',
  to: 'witness theorem states something else");',
}
const STATEMENT: Mutation = {
  file: 'witnesses.aiur',
  from: 'assert_eq!(def_eq(stated(a), statement), 1, "forged primitive: a witness theorem states something else");',
  to: '',
}
/** gcd 1 2 = 1 holds by the acceleration that its proof is to justify: the body says 2. */
const CIRCLE = lam(NAT, app(lam(equal(gcd(nat(1n), nat(2n)), nat(1n)), refl(v(1))), refl(nat(1n))))

describe.each<[string, Declaration[], RegExp, Mutation]>([
  [
    'another statement',
    [HONEST[0]!, axiom('Nat.gcd_rec', pis([NAT, NAT], equal(gcd(v(1), v(0)), gcd(mod(v(0), v(1)), v(0)))))],
    /states something else/,
    STATEMENT,
  ],
  [
    'a statement about another function',
    [HONEST[0]!, axiom('Nat.gcd_rec', pis([NAT, NAT], equal(mod(v(1), v(0)), mod(mod(v(0), v(1)), v(1)))))],
    /states something else/,
    STATEMENT,
  ],
  [
    'an unsafe axiom',
    [HONEST[0]!, { ...axiom('Nat.gcd_rec', RECURSION), isUnsafe: true } as Declaration],
    /neither a theorem nor a safe axiom/,
    { file: 'witnesses.aiur', from: 'Const.Axiom(0, ty, 0) => ty', to: 'Const.Axiom(0, ty, _) => ty' },
  ],
  [
    'a proof of something else',
    [theorem('Nat.gcd_zero_left', ZERO_LEFT, lam(NAT, refl(nat(0n)))), HONEST[1]!],
    /does not have the type/,
    WALK,
  ],
  [
    'a proof by the acceleration that it justifies',
    [theorem('Nat.gcd_zero_left', ZERO_LEFT, CIRCLE), HONEST[1]!],
    /runs in a circle/,
    WALK,
  ],
  [
    'a lemma by the acceleration that it justifies',
    [
      theorem('L', ZERO_LEFT, CIRCLE),
      theorem('Nat.gcd_zero_left', ZERO_LEFT, lam(NAT, app(c('L'), v(0)))),
      HONEST[1]!,
    ],
    /runs in a circle/,
    WALK,
  ],
])('%s', (_, declarations, reason, mutation) => {
  test('is no witness', () => expect(verdict(declarations)).toMatch(reason))
  test('is one without the rule', () => expect(verdict(declarations, { mutation })).toBe('accepted'))
})

test('a function with a body is not assumed to be the standard one', () => {
  const primitives = tableOf(
    primitiveTable(environmentOf([...BASE, ...HONEST])).entries.map(entry =>
      entry.name === 'Nat.gcd' ? { ...entry, method: METHOD.assumed, witnesses: [] } : entry,
    ),
  )
  const mutation = { file: 'primitives.aiur', from: '      without_body(prim_addr(ctx, id));\n', to: '' }
  expect(verdict(HONEST, { primitives })).toMatch(/body may not be assumed/)
  expect(verdict(HONEST, { primitives, mutation })).toBe('accepted')
})

describe('a theorem that rests on compiled code', () => {
  const NAME = 'Lean.ofReduceBool'
  const statement = equal(gcd(v(1), v(0)), gcd(mod(v(0), v(1)), v(1)))
  const environment = environmentOf([
    ...BASE,
    HONEST[0]!,
    axiom(NAME, pi(PROP, v(0))),
    theorem('Nat.gcd_rec', RECURSION, lams([NAT, NAT], app(c(NAME), statement))),
  ])
  const target = { kind: 'constants', addresses: [environment.addressOf('T')!] } as const

  test('is a witness where that code is allowed, and nowhere else', async () => {
    const barred = await check({ environment, target, engine: 'interp' })
    expect(barred.status).toBe('rejected')
    expect(barred.failed[0]!.reason).toMatch(/does not have the type/)
    expect(callSubject(environment, target).allowed).toEqual([])
    const allowed = await check({ environment, target, engine: 'interp', allow: [NAME] })
    expect(allowed.status).toBe('accepted')
    expect(allowed.assumptions.map(({ name }) => name)).toContain(NAME)
  })

  test('makes the claim one that allows it', async () => {
    const { run } = await check({ environment, target, engine: 'interp', allow: [NAME] })
    expect(callSubject(environment, target, [NAME])).toEqual({ inputs: run!.call.args, allowed: [NAME] })
  })
})

/** What Lean answers by running compiled code: declined, or unfolded where it is allowed. */
import { describe, expect, test } from 'vitest'
import { bundledEnvironment } from '../../cli/bundled.js'
import { check } from '../../kernel/check.js'
import type { Declaration, Expr } from '../../lean/declaration.js'
import { parseName } from '../../lean/name.js'
import { claimOf } from '../../shards/shard-claim.js'
import { app, axiom, c, definition, lam, pi, v } from '../ixon/declarations.js'
import { family, PROP, TYPE } from './inductive-types.js'
import { environmentOf } from './kernel-run.js'

const BOOL = family({
  name: 'Bool',
  type: TYPE,
  ctors: { false: { type: c('Bool'), fields: 0 }, true: { type: c('Bool'), fields: 0 } },
})

const opaque = (name: string, type: Expr, value: Expr): Declaration => ({
  kind: 'opaque',
  name: parseName(name),
  levelParams: [],
  type,
  value,
  isUnsafe: false,
  all: [parseName(name)],
})

const theorem = (name: string, type: Expr, value: Expr): Declaration => ({
  kind: 'theorem',
  name: parseName(name),
  levelParams: [],
  type,
  value,
  all: [parseName(name)],
})

/** P (reduce answer), proved by P true, where reduce is the identity or something else. */
const environmentWith = (answer: string, name = 'Lean.reduceBool', body: Expr = lam(c('Bool'), v(0))) =>
  environmentOf([
    ...BOOL,
    axiom('P', pi(c('Bool'), PROP)),
    axiom('P_true', app(c('P'), c('Bool.true'))),
    opaque(name, pi(c('Bool'), c('Bool')), body),
    definition('answer', c('Bool'), c(answer)),
    theorem('Proved', app(c('P'), app(c(name), c('answer'))), c('P_true')),
  ])

async function verdictOf(environment: ReturnType<typeof environmentWith>, allow: string[], all = false) {
  const addresses = all ? [...environment.addresses()] : [environment.addressOf('Proved')!]
  const { status, failed, undecided, checked } = await check({
    environment,
    target: { kind: 'constants', addresses },
    engine: 'interp',
    allow,
  })
  return {
    status,
    reasons: [...failed, ...undecided].map(({ name, reason }) => `${name}: ${reason}`),
    checked,
  }
}

describe('Lean.reduceBool', () => {
  test('is declined by name, alone and among others', async () => {
    const environment = environmentWith('Bool.true')
    const reasons = [expect.stringMatching(/^Proved: it rests on Lean\.reduceBool.*--allow Lean\.reduceBool/)]
    expect(await verdictOf(environment, [])).toEqual({ status: 'undecided', reasons, checked: 0 })
    const rest = await verdictOf(environment, [], true)
    expect(rest).toMatchObject({ status: 'undecided', reasons })
    // Bool and its constructors, P, P_true, Lean.reduceBool, answer.
    expect(rest.checked).toBe(7)
    expect(await verdictOf(environment, ['Lean.reduceNat'])).toMatchObject({ status: 'undecided', reasons })
  })

  test('unfolds where it is allowed', async () => {
    expect(await verdictOf(environmentWith('Bool.true'), ['Lean.reduceBool'])).toMatchObject({
      status: 'accepted',
    })
    expect(await verdictOf(environmentWith('Bool.false'), ['Lean.reduceBool'])).toMatchObject({
      status: 'rejected',
    })
  })

  test('is what its body says, whatever its name says', async () => {
    const negation = lam(c('Bool'), c('Bool.true'))
    const environment = environmentWith('Bool.false', 'Lean.reduceBool', negation)
    expect(await verdictOf(environment, ['Lean.reduceBool'])).toMatchObject({ status: 'accepted' })
  })

  test('other opaque constants do not unfold', async () => {
    expect(await verdictOf(environmentWith('Bool.true', 'reduce'), ['Lean.reduceBool'])).toMatchObject({
      status: 'rejected',
    })
  })
})

test('the axioms about compiled code are declined where they are used, not where they are stated', async () => {
  const environment = environmentOf([
    axiom('A', PROP),
    axiom('Lean.ofReduceBool', pi(PROP, v(0))),
    theorem('Proved', c('A'), app(c('Lean.ofReduceBool'), c('A'))),
  ])
  expect(await verdictOf(environment, [])).toMatchObject({
    status: 'undecided',
    reasons: [expect.stringMatching(/^Proved: it rests on Lean\.ofReduceBool/)],
  })
  const { status, assumptions } = await check({
    environment,
    target: { kind: 'constants', addresses: [environment.addressOf('Proved')!] },
    engine: 'interp',
    allow: ['Lean.ofReduceBool'],
  })
  expect(status).toBe('accepted')
  expect(assumptions.map(({ name }) => name)).toContain('Lean.ofReduceBool')
  const library = bundledEnvironment()
  const stated = library.addressOf('Lean.ofReduceBool')!
  const shard = await check({
    environment: library,
    target: { kind: 'shard', claim: claimOf(library, [stated])! },
    engine: 'interp',
  })
  expect(shard).toMatchObject({ status: 'accepted', undecided: [] })
})

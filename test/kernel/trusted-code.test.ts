/** What Lean answers by running compiled code: declined, or unfolded where it is allowed. */
import { describe, expect, test } from 'vitest'
import { checkConstraints } from '../../aiur/circuit/constraints.js'
import { bundledEnvironment } from '../../cli/bundled.js'
import { check } from '../../kernel/check.js'
import { callSubject } from '../../kernel/claim-arguments.js'
import { allowedIn, PRIMITIVES, primitiveTable } from '../../kernel/primitive-table.js'
import { allowances, trustIn } from '../../kernel/trusted-code.js'
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
  const target = { kind: 'constants', addresses: [environment.addressOf('Proved')!] } as const
  const allow = ['Lean.ofReduceBool']
  const {
    status,
    assumptions,
    run: kernelRun,
  } = await check({ environment, target, engine: 'interp', allow })
  expect(status).toBe('accepted')
  expect(assumptions.map(({ name }) => name)).toContain('Lean.ofReduceBool')
  const { layout, record, call } = kernelRun!
  expect(checkConstraints(layout, record, call)).toEqual([])
  expect(callSubject(environment, target, allow)).toEqual({ inputs: call.args, allowed: allow })
  expect(() => callSubject(environment, target)).toThrow(/Proved: it rests on Lean\.ofReduceBool/)
  const library = bundledEnvironment()
  const stated = library.addressOf('Lean.ofReduceBool')!
  const shard = await check({
    environment: library,
    target: { kind: 'shard', claim: claimOf(library, [stated])! },
    engine: 'interp',
  })
  expect(shard).toMatchObject({ status: 'accepted', undecided: [] })
})

describe('the table', () => {
  const library = bundledEnvironment()
  const tableWith = (...allow: string[]) => primitiveTable(library, undefined, trustIn(library, allow))

  test('is as long as the numbers of the kernel where nothing is allowed', () => {
    expect(tableWith().entries.length).toBe(PRIMITIVES.length)
    expect(allowedIn(tableWith())).toEqual([])
  })

  test('has each set of what is allowed, bodies or none, as a digest of its own', () => {
    const sets = allowances(library)
    // Lean.trustCompiler has the address of another statement here, so nobody can allow it.
    expect(sets.length).toBe(16)
    expect(new Set(sets.map(allow => tableWith(...allow).digest)).size).toBe(16)
    for (const allow of sets) expect(allowedIn(tableWith(...allow)).sort()).toEqual(allow.sort())
    expect(tableWith('Lean.trustCompiler').digest).toBe(tableWith().digest)
  })

  test('leaves the numbers of all primitives as they are', () => {
    const { entries } = tableWith('Lean.ofReduceBool', 'Lean.ofReduceNat')
    expect(entries.slice(0, PRIMITIVES.length)).toEqual(tableWith().entries)
    expect(entries.slice(PRIMITIVES.length).map(({ name }) => name)).toEqual([
      'Lean.ofReduceBool',
      'Lean.ofReduceNat',
    ])
  })
})

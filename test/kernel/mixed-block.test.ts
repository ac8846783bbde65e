/** Blocks that no compiler writes: a definition beside an inductive type could hide an occurrence of it. */
import { expect, test } from 'vitest'
import { execute } from '../../aiur/vm/interpreter.js'
import { addressOf } from '../../ixon/address.js'
import {
  type Definition,
  encodeConstant,
  type Inductive,
  type Member,
  projectionAddress,
} from '../../ixon/constant.js'
import type { Expression } from '../../ixon/expression.js'
import { successor, ZERO } from '../../ixon/universe.js'
import { reasonOf } from '../../kernel/failure-reason.js'
import { ENTRY } from '../../kernel/sources.js'
import { digestWords, Witness } from '../../kernel/witness.js'
import { type Claim, claimDigest } from '../../shards/claim.js'
import { NO_PRIMITIVES } from './claims.js'
import { kernelWith } from './kernel-run.js'

const TYPE: Expression = { kind: 'sort', universe: 0 }
const member = (index: number): Expression => ({ kind: 'rec', member: index, universes: [] })
const arrow = (type: Expression, body: Expression): Expression => ({ kind: 'all', type, body })

/** A type with one constructor over fields, as member `own` of its block. */
function inductive(own: number, unsafe: boolean, ...fields: Expression[]): Inductive {
  const type = fields.reduceRight((body, field) => arrow(field, body), member(own))
  const ctor = { unsafe, lvls: 0, cidx: 0, params: 0, fields: fields.length, type }
  return { kind: 'indc', unsafe, lvls: 0, params: 0, indices: 0, type: TYPE, ctors: [ctor] }
}

function definition(safety: Definition['safety'], value: Expression): Definition {
  return { kind: 'defn', form: 'definition', safety, lvls: 0, type: TYPE, value }
}

/** `accepted`, or why the first member of a block of these members is not. */
function checkBlock(members: readonly Member[]): string {
  const bytes = encodeConstant({
    info: { kind: 'muts', members },
    sharing: [],
    refs: [],
    univs: [successor(ZERO)],
  })
  const block = addressOf(bytes)
  const constant = projectionAddress({ kind: 'iprj', idx: 0, block })
  const claim: Claim = { kind: 'check', constant }
  const digest = claimDigest(claim)
  const witness = new Witness({
    constant: address => (address === block ? bytes : undefined),
    blob: () => undefined,
  })
  witness.putClosure([block])
  witness.putClaim(claim, digest)
  witness.putPrimitives(NO_PRIMITIVES.digest, NO_PRIMITIVES.bytes)
  const args = [...digestWords(digest), ...digestWords(NO_PRIMITIVES.digest)].map(BigInt)
  const outcome = execute(kernelWith(), ENTRY, args, witness.io)
  return outcome.ok ? 'accepted' : reasonOf(outcome.error).text
}

test('types in one block', () => {
  expect(checkBlock([inductive(0, false), inductive(1, false, member(0))])).toBe('accepted')
  expect(checkBlock([inductive(0, false, member(1)), inductive(1, false, member(0))])).toBe('accepted')
})

test('a definition beside unsafe types', () => {
  const members = [inductive(0, true), definition('unsafe', member(0))]
  expect(checkBlock([inductive(0, true)])).toBe('accepted')
  expect(checkBlock(members)).toMatch(/mixes inductive types/)
})

test.each(['unsafe', 'partial', 'safe'] as const)(
  'a type that hides its own negative occurrence in a %s peer',
  safety => {
    const hidden = [inductive(0, false, member(1)), definition(safety, arrow(member(0), member(0)))]
    expect(checkBlock([inductive(0, false, arrow(member(0), member(0)))])).toMatch(/non-positive/)
    expect(checkBlock(hidden)).toMatch(/mixes inductive types|unsafe or partial|index out of range/)
  },
)

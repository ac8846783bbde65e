import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Constant, type ConstantInfo, decodeConstant, encodeConstant } from '../../ixon/constant.js'
import type { Expression } from '../../ixon/expression.js'
import { successor, type Universe } from '../../ixon/universe.js'

const REFS = 3
const UNIVS = 2
const SHARES = 2

const small = fc.nat(300)
const address = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map(bytes => Buffer.from(bytes).toString('hex'))
const flag = fc.boolean()

const { universe } = fc.letrec<{ universe: Universe }>(tie => ({
  universe: fc.oneof(
    { maxDepth: 4 },
    fc.constant<Universe>({ kind: 'zero' }),
    fc.record({ kind: fc.constant('var' as const), index: small }),
    fc
      .tuple(tie('universe'), fc.integer({ min: 1, max: 300 }))
      .map(([base, count]) => successor(base, count)),
    fc.record({
      kind: fc.constantFrom('max' as const, 'imax' as const),
      left: tie('universe'),
      right: tie('universe'),
    }),
  ),
}))

function expression(shares: number): fc.Arbitrary<Expression> {
  const level = fc.nat(UNIVS - 1)
  const levels = fc.array(level, { maxLength: 10 })
  const ref = fc.nat(REFS - 1)
  return fc.letrec<{ e: Expression }>(tie => ({
    e: fc.oneof(
      { maxDepth: 5 },
      fc.record({ kind: fc.constant('sort' as const), universe: level }),
      fc.record({ kind: fc.constant('var' as const), index: fc.maxSafeNat() }),
      fc.record({ kind: fc.constantFrom('str' as const, 'nat' as const), ref }),
      fc.record({ kind: fc.constant('ref' as const), ref, universes: levels }),
      fc.record({ kind: fc.constant('rec' as const), member: small, universes: levels }),
      ...(shares > 0 ? [fc.record({ kind: fc.constant('share' as const), index: fc.nat(shares - 1) })] : []),
      fc.record({ kind: fc.constant('prj' as const), ref, field: small, expr: tie('e') }),
      fc.record({ kind: fc.constant('app' as const), fn: tie('e'), arg: tie('e') }),
      fc.record({ kind: fc.constantFrom('lam' as const, 'all' as const), type: tie('e'), body: tie('e') }),
      fc.record({
        kind: fc.constant('let' as const),
        nondep: flag,
        type: tie('e'),
        value: tie('e'),
        body: tie('e'),
      }),
    ),
  })).e
}

const term = expression(SHARES)
const definition = fc.record({
  kind: fc.constant('defn' as const),
  form: fc.constantFrom('definition' as const, 'opaque' as const, 'theorem' as const),
  safety: fc.constantFrom('unsafe' as const, 'safe' as const, 'partial' as const),
  lvls: small,
  type: term,
  value: term,
})
const recursor = fc.record({
  kind: fc.constant('recr' as const),
  k: flag,
  unsafe: flag,
  lvls: small,
  params: small,
  indices: small,
  motives: small,
  minors: small,
  type: term,
  rules: fc.array(fc.record({ fields: small, rhs: term }), { maxLength: 3 }),
})
const inductive = fc.record({
  kind: fc.constant('indc' as const),
  unsafe: flag,
  lvls: small,
  params: small,
  indices: small,
  type: term,
  ctors: fc.array(
    fc.record({ unsafe: flag, lvls: small, cidx: small, params: small, fields: small, type: term }),
    { maxLength: 3 },
  ),
})

const info: fc.Arbitrary<ConstantInfo> = fc.oneof(
  definition,
  recursor,
  fc.record({ kind: fc.constant('axio' as const), unsafe: flag, lvls: small, type: term }),
  fc.record({
    kind: fc.constant('quot' as const),
    form: fc.constantFrom('type' as const, 'ctor' as const, 'lift' as const, 'ind' as const),
    lvls: small,
    type: term,
  }),
  fc.record({ kind: fc.constant('cprj' as const), idx: small, cidx: small, block: address }),
  fc.record({
    kind: fc.constantFrom('rprj' as const, 'iprj' as const, 'dprj' as const),
    idx: small,
    block: address,
  }),
  fc.record({
    kind: fc.constant('muts' as const),
    members: fc.array(fc.oneof(definition, recursor, inductive), { maxLength: 10 }),
  }),
)

const constant: fc.Arbitrary<Constant> = fc.record({
  info,
  sharing: fc.tuple(...Array.from({ length: SHARES }, (_, i) => expression(i))),
  refs: fc.array(address, { minLength: REFS, maxLength: 200 }),
  univs: fc.array(universe, { minLength: UNIVS, maxLength: 5 }),
})

it('decodes every constant that it encodes', () => {
  fc.assert(
    fc.property(constant, value => {
      expect(decodeConstant(encodeConstant(value))).toEqual(value)
    }),
    { numRuns: 500 },
  )
})

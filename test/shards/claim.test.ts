import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalRoot } from '../../ixon/merkle.js'
import { InputError } from '../../lean/input-error.js'
import {
  type Claim,
  claimDigest,
  encodeClaim,
  publicInput,
  type Revealed,
  readClaim,
} from '../../shards/claim.js'

// ixon.md 2.5
const BLOCK = 'c0f99f3cc846aceabdba2eb3e1907200372e7a4b52a4a733df7f0d30b84b3978'
const BOOL = 'e6eba3c8b4d19f6a1076b39fa89aec61dccbb960f83d9a62e6acf35a69c9a0a4'
const FALSE = 'dda12bcb330727f6dfb816bc9752aabd0520e6515b79fc8a5a9e713866f4c63e'
const TRUE = 'a29a636176cf1135d077eb074798f9007c78e7801383e9cff363bae5edf05762'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

describe('claim bytes', () => {
  it('agrees with the example of ixon.md 6.1', () => {
    const claim: Claim = { kind: 'check', constant: TRUE }
    expect(hex(encodeClaim(claim))).toBe(`e4${TRUE}00`)
    const digest = claimDigest(claim)
    expect(digest).toBe('e37805b7de6530f90b00a1399569457753d1622fff4995405cf68a65b929218c')
    expect(publicInput(digest)).toEqual([
      3070589155, 4180698590, 966852619, 2001037717, 795005267, 1083525631, 1703605852, 2350983609,
    ])
  })

  it('agrees with the environment claims of ixon.md 6.2', () => {
    const root = canonicalRoot([BLOCK, BOOL, FALSE, TRUE])!
    expect(claimDigest({ kind: 'checkEnv', root })).toBe(
      'ec017e7e5fbb4019c85a1d097057cbeb9b21014a68c84f6441091eba3ac64e09',
    )
    expect(claimDigest({ kind: 'checkEnv', root, assumptions: canonicalRoot([BOOL])! })).toBe(
      '4812d208161dd7d2f2c00ddb608bbde2a3eb9d75c3982c5b7fc3628876ca8e6f',
    )
  })

  it('has the stated sizes', () => {
    const size = (claim: Claim): number => encodeClaim(claim).length
    expect(size({ kind: 'check', constant: BOOL })).toBe(34)
    expect(size({ kind: 'check', constant: BOOL, assumptions: BOOL })).toBe(66)
    expect(size({ kind: 'checkEnv', root: BOOL })).toBe(34)
    expect(size({ kind: 'checkEnv', root: BOOL, assumptions: BOOL })).toBe(66)
    expect(size({ kind: 'eval', input: BOOL, output: TRUE })).toBe(66)
    expect(size({ kind: 'eval', input: BOOL, output: TRUE, assumptions: BOOL })).toBe(98)
    expect(size({ kind: 'contains', tree: BOOL, constant: TRUE })).toBe(65)
  })

  it('writes revealed fields behind a mask in bit order', () => {
    const reveal = (constant: Revealed): string =>
      hex(encodeClaim({ kind: 'reveal', commitment: BOOL, constant }))
    expect(reveal({ kind: 'definition', fields: { kind: 2, safety: 1 } })).toBe(`e6${BOOL}00030201`)
    expect(reveal({ kind: 'definition', fields: { value: TRUE } })).toBe(`e6${BOOL}0010${TRUE}`)
    // Mask 256 and the count of fields 200 take more than one byte.
    expect(reveal({ kind: 'recursor', fields: { rules: [{ index: 1, fields: 200, rhs: TRUE }] } })).toBe(
      `e6${BOOL}01810001010180c8${TRUE}`,
    )
    expect(reveal({ kind: 'block' })).toBe(`e6${BOOL}0800`)
  })
})

const address = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(bytes => hex(bytes))
const byte = fc.nat(255)
const count = fc.oneof(fc.nat(300), fc.maxSafeNat())
const optional = { requiredKeys: [] }
const definition = fc.record(
  { kind: byte, safety: byte, levels: count, type: address, value: address },
  optional,
)
const recursor = fc.record(
  {
    k: byte,
    unsafe: byte,
    levels: count,
    params: count,
    indices: count,
    motives: count,
    minors: count,
    type: address,
    rules: fc.array(fc.record({ index: count, fields: count, rhs: address }), { maxLength: 4 }),
  },
  optional,
)
const constructorFields = fc.record(
  { unsafe: byte, levels: count, cidx: count, params: count, fields: count, type: address },
  optional,
)
const inductive = fc.record(
  {
    unsafe: byte,
    levels: count,
    params: count,
    indices: count,
    type: address,
    constructors: fc.array(fc.record({ index: count, fields: constructorFields }), { maxLength: 4 }),
  },
  optional,
)
const projection = fc.record({ index: count, block: address }, optional)
const variant = <K extends string, F>(kind: K, fields: fc.Arbitrary<F>) =>
  fc.record({ kind: fc.constant(kind), fields })
const revealed = fc.oneof(
  variant('definition', definition),
  variant('recursor', recursor),
  variant('axiom', fc.record({ unsafe: byte, levels: count, type: address }, optional)),
  variant('quotient', fc.record({ kind: byte, levels: count, type: address }, optional)),
  variant('constructorProjection', fc.record({ index: count, cidx: count, block: address }, optional)),
  variant('recursorProjection', projection),
  variant('inductiveProjection', projection),
  variant('definitionProjection', projection),
  fc.record(
    {
      kind: fc.constant('block'),
      members: fc.array(
        fc.oneof(
          fc.record({ index: count, kind: fc.constant('definition'), fields: definition }),
          fc.record({ index: count, kind: fc.constant('inductive'), fields: inductive }),
          fc.record({ index: count, kind: fc.constant('recursor'), fields: recursor }),
        ),
        { maxLength: 3 },
      ),
    },
    { requiredKeys: ['kind'] },
  ),
) as fc.Arbitrary<Revealed>
const assumptions = { assumptions: address }
const claims = fc.oneof(
  fc.record(
    { kind: fc.constant('eval'), input: address, output: address, ...assumptions },
    { requiredKeys: ['kind', 'input', 'output'] },
  ),
  fc.record(
    { kind: fc.constant('check'), constant: address, ...assumptions },
    { requiredKeys: ['kind', 'constant'] },
  ),
  fc.record(
    { kind: fc.constant('checkEnv'), root: address, ...assumptions },
    { requiredKeys: ['kind', 'root'] },
  ),
  fc.record({ kind: fc.constant('reveal'), commitment: address, constant: revealed }),
  fc.record({ kind: fc.constant('contains'), tree: address, constant: address }),
) as fc.Arbitrary<Claim>

/** fast-check's records have no prototype; compare by structure. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

describe('reading claims', () => {
  it('gives back what was written', () => {
    fc.assert(
      fc.property(claims, claim => {
        expect(plain(readClaim(encodeClaim(claim)))).toEqual(plain(claim))
      }),
    )
  })

  it('accepts one spelling only', () => {
    fc.assert(
      fc.property(claims, fc.nat(), fc.integer({ min: 1, max: 255 }), (claim, at, change) => {
        const bytes = encodeClaim(claim)
        bytes[at % bytes.length]! ^= change
        try {
          expect(hex(encodeClaim(readClaim(bytes)))).toBe(hex(bytes))
        } catch (error) {
          expect(error).toBeInstanceOf(InputError)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('refuses every truncation and any tail', () => {
    fc.assert(
      fc.property(claims, claim => {
        const bytes = encodeClaim(claim)
        for (let length = 0; length < bytes.length; length++) {
          expect(() => readClaim(bytes.subarray(0, length))).toThrow(InputError)
        }
        expect(() => readClaim(Buffer.concat([bytes, Uint8Array.of(0)]))).toThrow(InputError)
      }),
      { numRuns: 30 },
    )
  })

  it('names file, offset and cause', () => {
    expect(() => readClaim(Buffer.from(`e4${BOOL}02`, 'hex'), 'a.claim')).toThrow(
      'a.claim, offset 33: bad option byte 2 before the assumption root',
    )
    expect(() => readClaim(Uint8Array.of(0xe2))).toThrow('offset 0: not a claim: unknown tag 226')
    expect(() => readClaim(Buffer.from(`e6${BOOL}0380`, 'hex'))).toThrow(InputError)
    expect(() => readClaim(Buffer.from(`e6${BOOL}0308`, 'hex'))).toThrow('unknown fields in mask 8')
  })
})

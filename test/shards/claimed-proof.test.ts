/** Proofs with their claim in front, and what claims say in words. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InputError } from '../../lean/input-error.js'
import { claimInWords, claimLines, type Statement } from '../../shards/claim-words.js'
import { claimHeader, isClaimedProof, readClaimedProof } from '../../shards/claimed-proof.js'

const address = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(b => Buffer.from(b).toString('hex'))
const number = fc.nat(2 ** 31 - 1)
const byte = fc.nat(255)
const optional = <T extends Record<string, fc.Arbitrary<unknown>>>(fields: T) =>
  fc.record(fields, { requiredKeys: [] }) as fc.Arbitrary<Record<string, never>>

const statement: fc.Arbitrary<Statement> = fc.oneof(
  fc.record({ kind: fc.constant('contains' as const), tree: address, constant: address }),
  fc.record({
    kind: fc.constant('reveal' as const),
    commitment: address,
    constant: fc.oneof(
      fc.record({
        kind: fc.constant('definition' as const),
        fields: optional({ kind: byte, safety: byte, levels: number, type: address, value: address }),
      }),
      fc.record({
        kind: fc.constant('recursor' as const),
        fields: optional({
          k: byte,
          rules: fc.array(fc.record({ index: number, fields: number, rhs: address })),
        }),
      }),
      fc.constant({ kind: 'block' as const }),
    ),
  }),
)

const thrown = (bytes: Uint8Array): string => {
  try {
    readClaimedProof(bytes, 'x.ixp')
  } catch (error) {
    expect(error).toBeInstanceOf(InputError)
    return (error as InputError).message
  }
  return 'read'
}

const CLAIM: Statement = { kind: 'contains', tree: '11'.repeat(32), constant: '22'.repeat(32) }

test('a claim and a proof come back', () => {
  fc.assert(
    fc.property(statement, fc.uint8Array(), (claim, proof) => {
      const bytes = Uint8Array.of(...claimHeader(claim), ...proof)
      expect(isClaimedProof(bytes)).toBe(true)
      expect(readClaimedProof(bytes)).toEqual({ claim, proof })
    }),
  )
})

test('a file that is cut off in its claim is named, and nothing else is thrown', () => {
  fc.assert(
    fc.property(statement, claim => {
      const header = claimHeader(claim)
      for (let n = 0; n < header.length; n++) expect(thrown(header.subarray(0, n))).toContain('x.ixp')
    }),
    { numRuns: 20 },
  )
})

test.each([
  ['other letters', (h: Uint8Array) => h.with(0, 0x49), 'not a proof of a claim'],
  ['another version', (h: Uint8Array) => h.with(7, 2), 'version 2'],
  ['a length beyond the file', (h: Uint8Array) => h.with(11, 255), 'longer than the file'],
  [
    'a claim that is checked',
    (h: Uint8Array) => Uint8Array.of(...h.with(8, 34).with(12, 0xe4).subarray(0, 45), 0),
    'of kind check',
  ],
  ['no claim', (h: Uint8Array) => h.with(12, 0), 'offset 12'],
])('%s', (_, change, reason) => {
  expect(thrown(change(claimHeader(CLAIM)))).toContain(reason)
})

describe('words', () => {
  const of = (kind: string, fields: object): Statement =>
    ({ kind: 'reveal', commitment: '33'.repeat(32), constant: { kind, fields } }) as Statement

  test('stand for numbers, and what stands for nothing stays a number', () => {
    expect(claimInWords(of('definition', { kind: 1, safety: 2 }))).toMatchObject({
      constant: { fields: { kind: 'opaque', safety: 'partial' } },
    })
    expect(claimInWords(of('definition', { kind: 3, safety: 0 }))).toMatchObject({
      constant: { fields: { kind: 3, safety: 'unsafe' } },
    })
    expect(claimInWords(of('recursor', { k: 1, unsafe: 0, params: 1 }))).toMatchObject({
      constant: { fields: { k: true, unsafe: false, params: 1 } },
    })
  })

  test('say what is shown and what is not', () => {
    expect(claimLines(of('inductiveProjection', { index: 2 }))).toEqual([
      `${'33'.repeat(32)} is an inductive projection`,
      '  index: 2',
      '  not revealed: block',
    ])
    expect(
      claimLines(of('recursor', { unsafe: 1, rules: [{ index: 0, fields: 2, rhs: '44'.repeat(32) }] })),
    ).toEqual([
      `${'33'.repeat(32)} is a recursor`,
      '  unsafe: yes',
      '  rules: 1',
      `    0: fields 2, right-hand side ${'44'.repeat(32)}`,
      '  not revealed: k, levels, params, indices, motives, minors, type',
    ])
    expect(claimLines(CLAIM)).toEqual([`${'22'.repeat(32)} is a leaf of the tree ${'11'.repeat(32)}`])
  })
})

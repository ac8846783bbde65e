import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Address, addressOf } from '../../ixon/address.js'
import { canonicalRoot } from '../../ixon/merkle.js'
import { reasonOf } from '../../kernel/failure-reason.js'
import { METHOD, tableOf } from '../../kernel/primitive-table.js'
import { CHANNEL, digestWords, streamWords } from '../../kernel/witness.js'
import { encodeClaim } from '../../shards/claim.js'
import { WORKED_CONSTANTS } from '../ixon/worked-constants.js'
import {
  axiom,
  type ClaimRun,
  chain,
  checkEnv,
  failure,
  hex,
  primitivesWith,
  runCheck,
  type runClaim,
  Store,
} from './claims.js'

const PROP = '00 00 0100'
const accepts = (outcome: ReturnType<typeof runClaim>): void =>
  expect(outcome.ok ? '' : outcome.error.message).toBe('')

describe('CheckEnv', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9])('the whole of %i constants', length => {
    const { store, chain: all } = chain(length)
    accepts(checkEnv(store, all))
  })

  test('random sets of addresses: the root is recomputed and every leaf found', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat({ max: 2 ** 20 }), { minLength: 1, maxLength: 25 }), levels => {
        const store = new Store()
        const all = levels.map(lvls => {
          const tag =
            lvls < 128
              ? [lvls]
              : lvls < 256
                ? [0x80, lvls]
                : [0x82, lvls & 255, (lvls >> 8) & 255, lvls >> 16]
          const minimal = lvls < 256 || lvls > 65535 ? tag : [0x81, lvls & 255, lvls >> 8]
          return store.put(Uint8Array.from([0xd2, 0, ...minimal, 0, 0, 0, 1, 0]))
        })
        accepts(checkEnv(store, all))
      }),
      { numRuns: 8 },
    )
  })

  test('everything that is reached is owned or assumed', () => {
    const { store, chain: all } = chain(6)
    const owned = all.slice(3)
    accepts(checkEnv(store, owned, all.slice(1, 3)))
    for (const assumed of [[], [all[1]!], [all[2]!], [all[0]!]])
      expect(
        failure(checkEnv(store, owned, assumed)).trace.some(f => /^(skip_set|assert_owned)/.test(f.function)),
      ).toBe(true)
  })

  test('what is assumed is not checked', () => {
    const store = new Store()
    const bad = store.put(`d2 02 00 00 ${PROP}`)
    const user = axiom(store, 0, [bad])
    accepts(checkEnv(store, [user], [bad]))
    expect(reasonOf(failure(checkEnv(store, [user, bad]))).text).toMatch(/boolean/)
    expect(reasonOf(failure(runCheck(store, user))).text).toMatch(/boolean/)
  })

  test('a leaf that is a block owns up to its members', () => {
    const store = new Store()
    const all = WORKED_CONSTANTS.slice(0, 8).map(([, bytes]) => store.put(bytes))
    accepts(checkEnv(store, all))
  })

  test('a tree with another root', () => {
    const { store, chain: all } = chain(4)
    const outcome = checkEnv(store, all, [], {
      tamper: ({ io }) => {
        const { index } = io.info(CHANNEL.tree, digestWords(canonicalRoot(all)!))!
        io.arena(CHANNEL.tree)[2 * (index + 4)]! ^= 1
      },
    })
    expect(reasonOf(failure(outcome)).text).toMatch(/Merkle tree does not have the root/)
  })
})

describe('claims', () => {
  const { store, chain: all } = chain(3)
  const target = all[2]!
  const raw = (bytes: Uint8Array): ClaimRun => {
    const claimed = addressOf(bytes)
    return { claimed, tamper: ({ io }) => io.put(CHANNEL.claim, digestWords(claimed), streamWords(bytes)) }
  }
  const run = (text: string) => runCheck(store, target, raw(hex(text)))

  test('the claim as it should be', () => {
    accepts(runCheck(store, target))
    expect(encodeClaim({ kind: 'check', constant: target })).toEqual(new Uint8Array(hex(`e4 ${target} 00`)))
  })

  test('nothing follows a claim', () => {
    expect(reasonOf(failure(run(`e4 ${target} 00 00`))).text).toMatch(
      /left over or missing at the end of the claim/,
    )
    expect(reasonOf(failure(run(`e4 ${target}`))).text).toMatch(
      /left over or missing at the end of the claim/,
    )
  })

  test('nor one with assumptions', () => {
    const assumed = [all[0]!]
    const root = canonicalRoot(assumed)!
    const runAssuming = (text: string) => {
      const { claimed, tamper } = raw(hex(text))
      return runCheck(store, target, {
        claimed: claimed!,
        tamper: witness => {
          witness.putTree(root, assumed)
          tamper!(witness)
        },
      })
    }
    accepts(runAssuming(`e4 ${target} 01 ${root}`))
    expect(reasonOf(failure(runAssuming(`e4 ${target} 01 ${root} 00`))).text).toMatch(
      /left over or missing at the end of the claim/,
    )
  })

  test('the option byte is 0 or 1', () => {
    expect(failure(run(`e4 ${target} 02`)).trace[0]!.function).toBe('parse_assumptions')
  })

  test.each(['e0', 'e1', 'e2', 'e3', 'e6', 'e7', 'ec04', 'f1'])('no other claim is accepted (%s)', tag => {
    expect(run(`${tag} ${target} 00`).ok).toBe(false)
  })

  test('another claim under the digest', () => {
    const digest = addressOf(encodeClaim({ kind: 'check', constant: target }))
    const other = encodeClaim({ kind: 'check', constant: all[0]! })
    const claimed = all[1]!
    const outcome = runCheck(store, target, {
      claimed,
      tamper: ({ io }) => io.put(CHANNEL.claim, digestWords(claimed), streamWords(other)),
    })
    expect(digest).not.toBe(claimed)
    expect(reasonOf(failure(outcome)).text).toMatch(/do not hash to its digest/)
  })
})

describe('primitive tables', () => {
  const { store, chain: all } = chain(3)
  const target = all[2]!
  const withBytes = (bytes: Uint8Array): ClaimRun => {
    const claimedPrimitives = addressOf(bytes)
    return {
      claimedPrimitives,
      tamper: ({ io }) => io.put(CHANNEL.primitives, digestWords(claimedPrimitives), streamWords(bytes)),
    }
  }

  test('a table whose entries occur', () => {
    accepts(runCheck(store, target, { primitives: primitivesWith(new Map([[5, all[0]!]])) }))
  })

  test('forged: other bytes under the public digest', () => {
    const honest = primitivesWith(new Map([[5, all[0]!]]))
    const forged = primitivesWith(new Map([[5, all[1]!]]))
    const outcome = runCheck(store, target, {
      claimedPrimitives: all[0]!,
      tamper: ({ io }) => io.put(CHANNEL.primitives, digestWords(all[0]!), streamWords(forged.bytes)),
      primitives: honest,
    })
    expect(reasonOf(failure(outcome)).text).toMatch(/does not hash to its public digest/)
  })

  test('strictly encoded', () => {
    const { bytes } = primitivesWith(new Map([[2, all[0]!]]))
    accepts(runCheck(store, target, withBytes(bytes)))
    const longer = Uint8Array.from([...bytes, 0])
    expect(reasonOf(failure(runCheck(store, target, withBytes(longer)))).text).toMatch(
      /end of the primitive table/,
    )
    expect(runCheck(store, target, withBytes(bytes.slice(0, -1))).ok).toBe(false)
    const method = bytes.slice()
    method[2] = 4
    expect(failure(runCheck(store, target, withBytes(method))).trace[0]!.function).toBe('parse_primitive')
  })

  test('an assumed primitive shares its address with no other', () => {
    const entry = (address: Address, method: 1 | 3) => ({ name: '', address, method, witnesses: [] })
    const [a, b] = [all[0]!, all[1]!]
    accepts(
      runCheck(store, target, { primitives: tableOf([entry(a, METHOD.assumed), entry(b, METHOD.assumed)]) }),
    )
    for (const entries of [
      [entry(a, METHOD.assumed), entry(a, METHOD.assumed)],
      [entry(a, METHOD.assumed), entry(a, METHOD.equations)],
      [entry(a, METHOD.equations), entry(b, METHOD.equations), entry(a, METHOD.assumed)],
    ])
      expect(reasonOf(failure(runCheck(store, target, { primitives: tableOf(entries) }))).text).toMatch(
        /two primitives with one address/,
      )
  })
})

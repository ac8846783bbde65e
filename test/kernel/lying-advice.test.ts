/** A prover may answer unconstrained calls as it likes: the kernel with an advice function that lies must still reject. */
import { describe, expect, test } from 'vitest'
import type { Outcome } from '../../aiur/vm/interpreter.js'
import type { Address } from '../../ixon/address.js'
import { encodeProjection } from '../../ixon/constant.js'
import { BOOL_BLOCK, WORKED_CONSTANTS } from '../ixon/worked-constants.js'
import { axiom, chain, checkEnv, ingressWith, primitivesWith, runCheck, Store } from './claims.js'

const { store, chain: all } = chain(5)
const last = all[4]!

/** The function that the trace of a failure names innermost, '' for an acceptance. */
function rejectedIn(outcome: Outcome): string {
  return outcome.ok ? '' : outcome.error.trace[0]!.function
}

const constant = (name: string, signature: string, value: string): string =>
  `fn ${name}${signature} { ${value} }`

describe('advice that lies', () => {
  test('a primitive number of another address', () => {
    const program = ingressWith(constant('find_primitive', '(words: [G; 8], ctx: &Ctx) -> G', '1'))
    const primitives = primitivesWith(new Map([[1, all[0]!]]))
    expect(rejectedIn(runCheck(store, last, { primitives }))).toBe('')
    expect(rejectedIn(runCheck(store, last, { primitives, program }))).toBe('intern_primitive')
  })

  test('everything is assumed', () => {
    const program = ingressWith(constant('is_assumed', '(a: Addr, scope: &Scope) -> G', '1'))
    expect(rejectedIn(runCheck(store, last, { program }))).toBe('skip_set_find')
    expect(rejectedIn(checkEnv(store, all.slice(3), all.slice(1, 3)))).toBe('')
    expect(rejectedIn(checkEnv(store, all.slice(3), all.slice(1, 3), { program }))).toBe(
      'skip_set_assert_member',
    )
  })

  test('nothing is assumed: more is checked, and found not to be owned', () => {
    const program = ingressWith(constant('is_assumed', '(a: Addr, scope: &Scope) -> G', '0'))
    expect(rejectedIn(checkEnv(store, all, [], { program }))).toBe('')
    expect(rejectedIn(checkEnv(store, all.slice(3), all.slice(1, 3), { program }))).toBe(
      'skip_set_assert_member',
    )
  })

  test.each(['0', '1'])('the way to a leaf (always %s)', way => {
    const program = ingressWith(constant('skip_set_goes_right', '(t: &SkipSet, a: Addr) -> G', way))
    expect(rejectedIn(checkEnv(store, all, [], { program }))).toMatch(/^skip_set/)
  })

  test('references are literals', () => {
    const program = ingressWith(constant('next_use', '(uses: &List‹G›) -> (G, &List‹G›)', '(0, uses)'))
    expect(rejectedIn(runCheck(store, last, { program }))).toBe('constant_ref')
  })

  test.each([
    ['a nibble too large', '[n[0] + 16, n[1] - 1, n[2], n[3], n[4], n[5], n[6], n[7]]'],
    ['another word', '[n[0] + 1, n[1], n[2], n[3], n[4], n[5], n[6], n[7]]'],
    ['a carry left in the word', '[n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7] + 16]'],
    ['a word plus p', '[n[0] + 1, n[1], n[2], n[3], n[4], n[5], n[6], n[7] + 18446744065119617010]'],
  ])('nibbles: %s', (_, lie) => {
    const program = ingressWith(`
fn word_nibbles(x: G) -> [G; 8] { let n = true_nibbles(x); ${lie} }
fn true_nibbles(x: G) -> [G; 8] {
  let b = unconstrained_g_to_bytes(x);
  let h0 = high_nibble(b[0]);
  let h1 = high_nibble(b[1]);
  let h2 = high_nibble(b[2]);
  let h3 = high_nibble(b[3]);
  [b[0] - 16 * h0, h0, b[1] - 16 * h1, h1, b[2] - 16 * h2, h2, b[3] - 16 * h3, h3]
}`)
    expect(rejectedIn(runCheck(store, last, { program }))).not.toBe('')
  })

  test('the shape of the hash tree', () => {
    const big = new Store()
    // 40 references: two chunks.
    const refs: Address[] = []
    for (let i = 0; i < 40; i++) refs.push(axiom(big, i, []))
    const type = refs.map((_, i) => `20${i.toString(16).padStart(2, '0')}`).join('')
    const target = big.put(`d2 00 00 9828 ${type} 00 00 28 ${refs.join('')} 0100`)
    expect(rejectedIn(runCheck(big, target))).toBe('')
    for (const height of ['0', '2', '3']) {
      const program = ingressWith(constant('tree_height', '(s: &Stream) -> G', height))
      // Only the large constant has two chunks; with a lie of 0 the others are right.
      expect(rejectedIn(runCheck(big, target, { program }))).not.toBe('')
    }
    const program = ingressWith(constant('has_full', '(s: &Stream, height: G) -> G', '0'))
    expect(rejectedIn(runCheck(big, target, { program }))).not.toBe('')
  })

  test('the length of an encoded index', () => {
    const bool = new Store()
    for (const [, bytes] of WORKED_CONSTANTS.slice(0, 4)) bool.put(bytes)
    const target = bool.put(encodeProjection({ kind: 'iprj', idx: 0, block: BOOL_BLOCK }))
    expect(rejectedIn(runCheck(bool, target))).toBe('')
    for (const length of ['2', '3']) {
      const program = ingressWith(constant('index_bytes', '(i: G) -> G', length))
      expect(rejectedIn(runCheck(bool, target, { program }))).toBe('cons_index')
    }
  })
})

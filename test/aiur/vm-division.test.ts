import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Program } from '../../aiur/bytecode.js'
import { BYTE_CHAINS, divideChains, WORD_CHAINS } from '../../aiur/vm/divmod.js'
import { planRanks } from '../../aiur/vm/ranks.js'
import { ExecutionRecord } from '../../aiur/vm/record.js'

const program: Program = { functions: [], memorySizes: [3, 10], functionIndex: new Map() }

/** Chains of limbs of `elements` numbers of `bits` bits: [0, limb..., next], end [1, 0, ...]. */
function chains(size: 3 | 10, bits: bigint) {
  const record = new ExecutionRecord(program, planRanks(program))
  const memory = record.memory(size)
  const limbBits = bits * BigInt(size - 2)
  const write = (value: bigint): number => {
    const words = new Uint32Array(2 * size)
    const limbs: bigint[] = []
    for (let rest = value; rest > 0n; rest >>= limbBits) limbs.push(rest & ((1n << limbBits) - 1n))
    words[0] = 1
    let pointer = memory.intern(words, 0)
    words[0] = 0
    for (const limb of limbs.reverse()) {
      for (let i = 0; i < size - 2; i++)
        words[2 * (i + 1)] = Number((limb >> (bits * BigInt(i))) & ((1n << bits) - 1n))
      words[2 * (size - 1)] = pointer
      pointer = memory.intern(words, 0)
    }
    return pointer
  }
  return { record, write }
}

const natural = fc.oneof(fc.bigInt({ min: 0n, max: 1000n }), fc.bigInt({ min: 0n, max: 1n << 200n }))

test.each([
  ['32-bit limbs', 3, 32n, WORD_CHAINS],
  ['bytes', 10, 8n, BYTE_CHAINS],
] as const)('%s: quotient and remainder are the canonical chains', (_, size, bits, shape) => {
  const check = (a: bigint, b: bigint) => {
    const { record, write } = chains(size, bits)
    const memory = record.memory(size)
    const [q, r] = divideChains(shape, memory, node => memory.intern(node, 0), write(a), 0, write(b), 0)
    const before = memory.count
    expect([write(b === 0n ? 0n : a / b), write(b === 0n ? a : a % b)]).toEqual([q, r])
    expect(memory.count).toBe(before)
  }
  check(1n << 64n, 2n)
  check(300n, 0n)
  fc.assert(fc.property(natural, natural, check), { numRuns: 200 })
})

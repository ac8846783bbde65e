import { expect, test } from 'vitest'
import { poolOf } from './campaign.js'
import { openCorpus, SEED } from './corpora.js'
import { mutatedPrimitive, primitiveEngine } from './primitive-mutants.js'
import { Random } from './random.js'

const COUNT = Number(process.env.IX_FUZZ_PRIMITIVES ?? 12)

const FUNCTIONS = 'pred add sub mul pow beq ble shiftLeft shiftRight div mod log2'.split(' ')

test(`of ${COUNT} mutants of each arithmetic function none computes that is another`, async () => {
  const engine = await primitiveEngine()
  const library = openCorpus('Prims')
  const random = new Random(SEED)
  const held = FUNCTIONS.filter(name => library.addressOf(`Nat.${name}`) !== undefined)
  expect(held.length).toBeGreaterThan(8)
  let rejected = 0
  let right = 0
  for (const name of held) {
    const outcome = mutatedPrimitive(engine, library, poolOf(library), random, `Nat.${name}`, COUNT)
    expect(outcome.wrong).toEqual([])
    rejected += outcome.rejected
    right += outcome.right
  }
  console.log(`seed ${SEED}: ${rejected} rejected, ${right} right`)
  expect(rejected).toBeGreaterThan(right)
  expect(right).toBeGreaterThan(0)
}, 600_000)

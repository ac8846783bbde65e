import { expect, test } from 'vitest'
import { verify } from '../../prover/verify.js'
import { fibonacciProof, flips, SMALL } from './tampering.js'

const SEED = 20261121

test.each([true, false])('thousands of flipped bits, hiding %s', hiding => {
  const p = { ...SMALL, hiding }
  const { key, proof } = fibonacciProof(40n, p)
  const perSection = new Map<string, number>()
  let slowest = 0
  for (const { at, bit, section } of flips(proof, 6_000, SEED)) {
    const bytes = proof.bytes.slice()
    bytes[at]! ^= 1 << bit
    const started = performance.now()
    expect(verify(key, proof.claim, bytes, p).accepted, `${section}, byte ${at}, bit ${bit}`).toBe(false)
    slowest = Math.max(slowest, performance.now() - started)
    perSection.set(section, (perSection.get(section) ?? 0) + 1)
  }
  const total = [...perSection.values()].reduce((a, b) => a + b, 0)
  const sections = [...perSection].map(([name, count]) => `${name} ${count}`).join(', ')
  console.log(
    `seed ${SEED}: ${total} flips in ${proof.bytes.length} bytes, none accepted, ` +
      `the slowest in ${slowest.toFixed(0)} ms (${sections})`,
  )
})

test('every byte of the header with every value', () => {
  const { key, proof } = fibonacciProof(40n, SMALL)
  const header = proof.sections[0]!
  expect(header.name).toBe('header')
  let tried = 0
  for (let at = header.start; at < header.end; at++)
    for (let value = 0; value < 256; value++) {
      if (value === proof.bytes[at]) continue
      const bytes = proof.bytes.slice()
      bytes[at] = value
      expect(verify(key, proof.claim, bytes, SMALL).accepted, `byte ${at}, value ${value}`).toBe(false)
      tried++
    }
  console.log(`${tried} changes of ${header.end} bytes of header, none accepted`)
})

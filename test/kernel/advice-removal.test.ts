/** Checks of advice about numbers, each taken out: a lie that the check catches is believed without it. */
import { expect, test } from 'vitest'
import { limbsOf, natProgram, type Operation, runLimbs } from './nat-program.js'

const division = (...checks: readonly string[]): string => `
fn limbs_div_mod_positive(a: Limbs, b: Limbs) -> (Limbs, Limbs) {
  let (q, r) = #div_hint(a, b);
  ${checks.join('\n  ')}
  (q, r)
}`
const CHECKS = {
  quotient: 'limbs_check(q);',
  remainder: 'limbs_check(r);',
  smaller: 'assert_eq!(limbs_cmp(r, b), 1);',
  product: 'assert_eq!(limbs_eq(limbs_add(limbs_mul(q, b), r), a), 1);',
} as const
/** Division without one of its checks. */
const without = (check: keyof typeof CHECKS): string =>
  division(...Object.entries(CHECKS).flatMap(([name, text]) => (name === check ? [] : [text])))

const answers = (q: string, r: string): string =>
  `fn div_hint(a: Limbs, b: Limbs) -> (Limbs, Limbs) { (${q}, ${r}) }`
const SMALL = (n: number): string => `limbs_small(${n})`
const NIL = 'store(List.Nil)'

const CASES: readonly {
  readonly name: string
  readonly lie: string
  readonly operation: Operation
  readonly operands: readonly [bigint, bigint]
  /** Functions without the check. */
  readonly without: string
  /** What is believed then: limbs. */
  readonly believed: readonly bigint[]
}[] = [
  {
    name: 'a remainder with a zero limb',
    lie: answers(SMALL(4), `store(List.Cons(0, ${NIL}))`),
    operation: 'mod',
    operands: [8n, 2n],
    without: without('remainder'),
    believed: [0n],
  },
  {
    name: 'a remainder that is not smaller',
    lie: answers(NIL, 'a'),
    operation: 'div',
    operands: [9n, 2n],
    without: without('smaller'),
    believed: [],
  },
  {
    name: 'a quotient that is another',
    lie: answers(SMALL(5), NIL),
    operation: 'div',
    operands: [9n, 2n],
    without: without('product'),
    believed: [5n],
  },
  {
    name: 'a quotient by zero',
    lie: answers(SMALL(7), 'a'),
    operation: 'div',
    operands: [9n, 0n],
    without: `${without('smaller')}\nfn limbs_div_mod(a: Limbs, b: Limbs) -> (Limbs, Limbs) { limbs_div_mod_positive(a, b) }`,
    believed: [7n],
  },
]

test.each(CASES)('$name', ({ lie, operation, operands: [a, b], without: removed, believed }) => {
  const run = (overlay: string) => runLimbs(natProgram(overlay), operation, limbsOf(a), limbsOf(b))
  const honest = runLimbs(natProgram(), operation, limbsOf(a), limbsOf(b))
  const told = run(lie)
  // The rule either rejects the lie or never asks.
  if (told.outcome.ok) expect(told.words).toEqual(honest.words)
  expect(honest.words).not.toEqual(believed)
  const { outcome, words } = run(`${lie}\n${removed}`)
  expect(outcome.ok ? words : outcome.error.message).toEqual(believed)
})

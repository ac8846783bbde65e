/** Families of the arena's performance cases, beside those of scaling.test.ts: twice the size, about twice the cost. */
import { expect, test } from 'vitest'
import { report } from '../../aiur/circuit/cost.js'
import { check } from '../../kernel/check.js'
import { environmentOf } from './kernel-run.js'
import { parse } from './surface.js'

async function costOf(text: string): Promise<number> {
  const environment = environmentOf(parse(text).flat())
  const target = { kind: 'constants', addresses: [...environment.addresses()] } as const
  const { status, failed, undecided, run } = await check({ environment, target, limits: { rows: 3_000_000 } })
  expect({ status, failed, undecided }).toEqual({ status: 'accepted', failed: [], undecided: [] })
  return report(run!.layout, run!.record).cost.total
}

const START = `axiom A : Type axiom B : Type axiom f : A -> A -> A axiom x : A axiom y : A axiom z : A axiom P : A -> Prop
axiom p : Prop axiom h : p axiom R : p -> Prop
`
const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i)
/** Definitions name0, name1, ... of one type. */
const tower = (
  n: number,
  name: string,
  type: string,
  first: string,
  next: (before: string) => string,
): string =>
  range(n + 1)
    .map(i => `def ${name}${i} : ${type} := ${i === 0 ? first : next(`${name}${i - 1}`)}\n`)
    .join('')
/** Functions on a type that apply the identity 2^n times. */
const doubling = (n: number, name: string, type: string): string =>
  tower(n, name, `${type} -> ${type}`, `fun (a : ${type}) => a`, g => `fun (a : ${type}) => ${g} (${g} a)`)
/** Functions whose values are terms of size n. */
const linear = (n: number, name: string): string =>
  tower(n, name, 'A -> A', 'fun (a : A) => a', g => `fun (a : A) => f a (${g} a)`)
const equation = (left: string, right: string): string =>
  `axiom proof : P (${right})\ntheorem t : P (${left}) := proof\n`
const pairs = `inductive S : Type | mk : A -> A -> S\naxiom k : A -> A -> S\naxiom s : S\n`

const FAMILIES: readonly (readonly [string, number, (n: number) => string])[] = [
  [
    'identical nesting',
    40,
    n =>
      START +
      tower(n, 'F', 'A -> A', 'fun (a : A) => f a a', g => `fun (a : A) => f (${g} a) (${g} a)`) +
      equation(`F${n} x`, `f (F${n - 1} x) (F${n - 1} x)`),
  ],
  [
    'irrelevance before evaluation',
    40,
    n => `${START}${doubling(n, 'G', 'p')}axiom i : p axiom proof : R i theorem t : R (G${n} h) := proof`,
  ],
  [
    'a discarded argument',
    100,
    n =>
      `${START}${linear(n, 'F')}${linear(n, 'G')}def D : A -> A := fun (a : A) => x\n` +
      equation(`D (F${n} y)`, `D (G${n} z)`),
  ],
  [
    'a cheap refutation last',
    40,
    n =>
      `${START}${doubling(n, 'F', 'A')}${doubling(n, 'G', 'A')}def D : A -> A -> A := fun (a b : A) => x\n` +
      equation(`D (F${n} y) y`, `D (G${n} y) z`),
  ],
  [
    'a cheap refutation first',
    40,
    n =>
      `${START}${doubling(n, 'F', 'A')}${doubling(n, 'G', 'A')}def D : A -> A -> A := fun (a b : A) => x\n` +
      equation(`D y (F${n} y)`, `D z (G${n} y)`),
  ],
  [
    'a folded constant first',
    100,
    n =>
      START +
      tower(n, 'c', 'A', 'x', c => `f ${c} ${c}`) +
      equation(`c${n}`, `f (f c${n - 2} c${n - 2}) c${n - 1}`),
  ],
  [
    'two towers of constants',
    100,
    n =>
      START +
      tower(n, 'c', 'A', 'x', c => `f ${c} ${c}`) +
      tower(n, 'd', 'A', '(fun (a : A) => a) x', c => `f ${c} ${c}`) +
      equation(`c${n}`, `d${n}`),
  ],
  [
    'a field of a structure that is swapped',
    60,
    n =>
      START +
      pairs +
      tower(
        n,
        'w',
        'S -> S',
        'fun (a : S) => a',
        w => `fun (a : S) => S.mk (proj S 1 (${w} a)) (proj S 0 (${w} a))`,
      ) +
      equation(`proj S 0 (w${2 * Math.floor(n / 2)} (S.mk x y))`, 'x'),
  ],
  [
    'fields of stuck structures',
    60,
    n =>
      START +
      pairs +
      tower(n, 'c', 'A', 'x', c => `proj S 0 (k ${c} ${c})`) +
      tower(n, 'd', 'A', '(fun (a : A) => a) x', c => `proj S 0 (k ${c} ${c})`) +
      equation(`c${n}`, `d${n}`),
  ],
]

test.each(FAMILIES)('%s', async (_, n, family) => {
  const small = await costOf(family(n))
  expect((await costOf(family(2 * n))) / small).toBeLessThan(2.6)
})

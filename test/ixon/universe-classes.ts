import { expect } from 'vitest'
import { ByteWriter } from '../../ixon/bytes.js'
import { canonicalUniverse } from '../../ixon/canonical-universe.js'
import { imax, max, numeral, successor, type Universe, variable, writeUniverse } from '../../ixon/universe.js'
import type { Random } from '../fuzz/random.js'

const PARAMETERS = 3

function key(universe: Universe): string {
  const writer = new ByteWriter()
  writeUniverse(writer, universe)
  return Buffer.from(writer.finish()).toString('hex')
}

/** Every level of at most `nodes` nodes (zero, succ, max, imax, parameter) on three parameters. */
export function levelsUpTo(nodes: number): Universe[] {
  const bySize: Universe[][] = [[]]
  for (let size = 1; size <= nodes; size++) {
    const levels: Universe[] = []
    if (size === 1) {
      levels.push(numeral(0))
      for (let i = 0; i < PARAMETERS; i++) levels.push(variable(i))
    } else {
      for (const base of bySize[size - 1]!) levels.push(successor(base))
      for (let left = 1; left < size - 1; left++)
        for (const a of bySize[left]!)
          for (const b of bySize[size - 1 - left]!) levels.push(max(a, b), imax(a, b))
    }
    bySize.push(levels)
  }
  return bySize.flat()
}

function evaluate(universe: Universe, values: readonly number[]): number {
  switch (universe.kind) {
    case 'zero':
      return 0
    case 'succ':
      return universe.count + evaluate(universe.base, values)
    case 'max':
      return Math.max(evaluate(universe.left, values), evaluate(universe.right, values))
    case 'imax': {
      const right = evaluate(universe.right, values)
      return right === 0 ? 0 : Math.max(evaluate(universe.left, values), right)
    }
    case 'var':
      return values[universe.index]!
  }
}

/** Values over a grid that tells levels of at most seven nodes apart: their offsets stay below it. */
function signature(universe: Universe, bound: number): string {
  const values: number[] = []
  for (let a = 0; a <= bound; a++)
    for (let b = 0; b <= bound; b++)
      for (let c = 0; c <= bound; c++) values.push(evaluate(universe, [a, b, c]))
  return String.fromCharCode(...values)
}

/** @returns the number of levels and of semantic classes */
export function checkCanonicalClasses(nodes: number): { levels: number; classes: number } {
  const levels = levelsUpTo(nodes)
  const representative = new Map<string, string>()
  const wrong: string[] = []
  for (const level of levels) {
    const meaning = signature(level, nodes + 1)
    const canonical = canonicalUniverse(level)
    const text = key(canonical)
    if (signature(canonical, nodes + 1) !== meaning) wrong.push(`${key(level)} changes its value`)
    if (key(canonicalUniverse(canonical)) !== text) wrong.push(`${key(level)} is not idempotent`)
    const known = representative.get(meaning)
    if (known === undefined) representative.set(meaning, text)
    else if (known !== text) wrong.push(`${key(level)} gives ${text}, an equal level ${known}`)
  }
  expect(wrong).toEqual([])
  return { levels: levels.length, classes: representative.size }
}

const FOUR = [0, 1, 2, 7]
const GRID = FOUR.flatMap(a => FOUR.flatMap(b => FOUR.flatMap(c => FOUR.map(d => [a, b, c, d]))))

function someUniverse(depth: number, random: Random): Universe {
  const kind = random.below(depth === 0 ? 4 : 12)
  if (kind === 0) return numeral(0)
  if (kind < 4) return variable(random.below(4))
  if (kind < 6) return successor(someUniverse(depth - 1, random))
  return (kind < 8 ? max : imax)(someUniverse(depth - 1, random), someUniverse(depth - 1, random))
}

/** A universe that differs in one place, which often leaves its value. */
function neighbour(universe: Universe, random: Random): Universe {
  if (universe.kind === 'max' || universe.kind === 'imax') {
    const { left, right } = universe
    switch (random.below(6)) {
      case 0:
        return universe.kind === 'max' ? imax(left, right) : max(left, right)
      case 1:
        return { ...universe, left: right, right: left }
      case 2:
      case 3:
        return { ...universe, left: neighbour(left, random) }
      default:
        return { ...universe, right: neighbour(right, random) }
    }
  }
  if (universe.kind === 'succ' && random.below(3) > 0)
    return successor(neighbour(universe.base, random), universe.count)
  switch (random.below(4)) {
    case 0:
      return successor(universe)
    case 1:
      return max(universe, someUniverse(1, random))
    case 2:
      return imax(someUniverse(1, random), universe)
    default:
      return imax(universe, someUniverse(1, random))
  }
}

/**
 * Pairs of random universes on four parameters, near one another: each keeps its value, and only equal ones have one
 * representative. (Of large universes some equal ones have two, by the rules of the format.)
 *
 * @returns how many pairs are equal
 */
export function checkRandomPairs(pairs: number, random: Random): number {
  const wrong: string[] = []
  const values = (universe: Universe): string =>
    String.fromCharCode(...GRID.map(assignment => evaluate(universe, assignment)))
  let equal = 0
  for (let i = 0; i < pairs; i++) {
    const left = someUniverse(5, random)
    const right = neighbour(neighbour(left, random), random)
    const [a, b] = [canonicalUniverse(left), canonicalUniverse(right)]
    const same = values(left) === values(right)
    if (same) equal++
    if (values(a) !== values(left)) wrong.push(`${key(left)} changes its value`)
    if (values(b) !== values(right)) wrong.push(`${key(right)} changes its value`)
    if (key(a) === key(b) && !same) wrong.push(`${key(left)} and ${key(right)} are not equal`)
  }
  expect(wrong).toEqual([])
  return equal
}

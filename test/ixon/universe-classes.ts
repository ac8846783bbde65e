import { expect } from 'vitest'
import { ByteWriter } from '../../ixon/bytes.js'
import { canonicalUniverse } from '../../ixon/canonical-universe.js'
import { imax, max, numeral, successor, type Universe, variable, writeUniverse } from '../../ixon/universe.js'

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

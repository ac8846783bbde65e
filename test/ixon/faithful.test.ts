/** What is compiled says what was declared: real exports, and random declarations that real libraries do not have. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compileEnvironment } from '../../ixon/compile/compile.js'
import { Environment } from '../../ixon/environment.js'
import type { Declaration, Expr, Level, Safety } from '../../lean/declaration.js'
import { InputError } from '../../lean/input-error.js'
import { openNdjson } from '../../lean/ndjson/source.js'
import { Random } from '../fuzz/random.js'
import { DATA, skipReason } from '../lean-reader/data.js'
import { app, c, definition, lam, pi, sort, sourceOf, succ, v, zero } from './declarations.js'
import { infidelities } from './faithful.js'

describe.skipIf(skipReason !== undefined)('exports of the arena', () => {
  const arena: { file: string }[] =
    skipReason === undefined ? JSON.parse(readFileSync(join(DATA, 'arena/index.json'), 'utf8')).tests : []

  it('are compiled to what they say, or not at all', () => {
    let compiled = 0
    for (const { file } of arena) {
      let data: ReturnType<typeof compileEnvironment>
      const source = open(join(DATA, 'arena', file))
      if (source === undefined) continue
      try {
        data = compileEnvironment(source, { apart: true })
      } catch (error) {
        if (error instanceof InputError) continue
        throw error
      }
      expect(infidelities(source, Environment.fromData(data, file)), file).toEqual([])
      compiled++
    }
    expect(compiled).toBeGreaterThan(100)
  })
})

function open(file: string): ReturnType<typeof openNdjson> | undefined {
  try {
    return openNdjson(file)
  } catch (error) {
    if (error instanceof InputError) return undefined
    throw error
  }
}

const PARAMS = ['u', 'v', 'w', 'x']

/** A handful of definitions that mention one another in any way, with few shapes, many safeties and deep levels. */
function someDefinitions(random: Random): Declaration[] {
  const names = ['a', 'b', 'c', 'd', 'e'].slice(0, 2 + random.below(4))
  const lvls = random.pick([0, 0, 1, 4])
  const levels = PARAMS.slice(0, lvls)
  const level = (depth: number): Level => {
    const kind = random.below(depth === 0 ? 3 : 9)
    if (kind === 0 || (kind < 3 && lvls === 0)) return zero
    if (kind < 3)
      return {
        kind: 'param',
        name: { kind: 'str', prefix: { kind: 'anonymous' }, part: random.pick(levels) },
      }
    if (kind === 3) return succ(level(depth - 1))
    return { kind: kind < 5 ? 'max' : 'imax', left: level(depth - 1), right: level(depth - 1) }
  }
  const own = (): Level[] => levels.map(() => level(random.below(2)))
  const term = (depth: number): Expr => {
    switch (random.below(depth === 0 ? 3 : 7)) {
      case 0:
        return sort(level(random.below(6)))
      case 1:
        return v(random.below(2))
      case 2:
        return c(random.pick(names), ...own())
      case 3:
        return lam(term(depth - 1), term(depth - 1))
      case 4:
        return pi(term(depth - 1), term(depth - 1))
      default:
        return app(term(depth - 1), term(depth - 1))
    }
  }
  const types = [sort(zero), term(1)]
  return names.map(name => {
    const safety = random.pick<Safety>(['safe', 'partial', 'unsafe'])
    const value = random.below(2) === 0 ? c(random.pick(names), ...own()) : term(random.below(4))
    return definition(name, random.pick(types), value, safety, levels)
  })
}

describe('random definitions', () => {
  it('are compiled to what they say, or not at all', () => {
    const random = new Random(20261121)
    let compiled = 0
    for (let i = 0; i < 1500; i++) {
      const source = sourceOf(...someDefinitions(random))
      let data: ReturnType<typeof compileEnvironment>
      try {
        data = compileEnvironment(source, { apart: i % 2 === 0 })
      } catch (error) {
        if (error instanceof InputError) continue
        throw error
      }
      expect(infidelities(source, Environment.fromData(data, 'random'))).toEqual([])
      compiled++
    }
    expect(compiled).toBeGreaterThan(500)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ask, type TestLevel } from './levels-program.js'

const zero: TestLevel = { k: 'zero' }
const succ = (of: TestLevel): TestLevel => ({ k: 'succ', of })
const max = (left: TestLevel, right: TestLevel): TestLevel => ({ k: 'max', left, right })
const imax = (left: TestLevel, right: TestLevel): TestLevel => ({ k: 'imax', left, right })
const param = (index: number): TestLevel => ({ k: 'param', index })
const u = param(0)
const v = param(1)
const one = succ(zero)

function value(level: TestLevel, params: readonly number[]): number {
  switch (level.k) {
    case 'zero':
      return 0
    case 'succ':
      return value(level.of, params) + 1
    case 'max':
      return Math.max(value(level.left, params), value(level.right, params))
    case 'imax': {
      const right = value(level.right, params)
      return right === 0 ? 0 : Math.max(value(level.left, params), right)
    }
    case 'param':
      return params[level.index]!
  }
}

/** Offsets in the tests stay below 8, so values up to 9 show every difference. */
const VALUES = [0, 1, 2, 3, 9]
const ASSIGNMENTS = VALUES.flatMap(a => VALUES.flatMap(b => VALUES.map(c => [a, b, c])))

const level = fc.letrec<{ level: TestLevel }>(tie => ({
  level: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constant(zero),
    fc.integer({ min: 0, max: 2 }).map(param),
    tie('level').map(succ),
    fc.tuple(tie('level'), tie('level')).map(([a, b]) => max(a, b)),
    fc.tuple(tie('level'), tie('level')).map(([a, b]) => imax(a, b)),
  ),
})).level

describe('universe levels', () => {
  // The assertions of spec kernel.md 6.2.
  it.each<[string, boolean, TestLevel, TestLevel]>([
    ['0 <= u', true, zero, u],
    ['u <= u', true, u, u],
    ['u <= v', false, u, v],
    ['u+1 <= u+1', true, succ(u), succ(u)],
    ['u+1 <= u', false, succ(u), u],
    ['u <= u+1', true, u, succ(u)],
    ['max u v <= max u v', true, max(u, v), max(u, v)],
    ['u <= max u v', true, u, max(u, v)],
    ['max u v <= u', false, max(u, v), u],
    ['imax u v <= max u v', true, imax(u, v), max(u, v)],
    ['max u v <= imax u v', false, max(u, v), imax(u, v)],
    // Another parameter of the same offset; a constant that holds less often than a smaller one.
    ['imax (w+1) v <= imax (u+1) v', false, imax(succ(param(2)), v), imax(succ(u), v)],
    ['max 1 (imax 3 u) <= max 1 u', false, max(one, imax(succ(succ(one)), u)), max(one, u)],
  ])('%s is %s', (_, expected, a, b) => {
    expect(ask('leq', a, b)).toBe(expected)
  })

  it.each<[string, TestLevel, TestLevel]>([
    ['u+1 = max 1 (imax (u+1) u)', succ(u), max(one, imax(succ(u), u))],
    ['imax u u = u', imax(u, u), u],
    ['max u 0 = u', max(u, zero), u],
    ['imax u (v+1) = max u (v+1)', imax(u, succ(v)), max(u, succ(v))],
    ['imax u 0 = 0', imax(u, zero), zero],
  ])('%s', (_, a, b) => {
    expect(ask('eq', a, b)).toBe(true)
  })

  it('decides order as evaluation does', () => {
    fc.assert(
      fc.property(level, level, (a, b) => {
        expect(ask('leq', a, b)).toBe(ASSIGNMENTS.every(p => value(a, p) <= value(b, p)))
      }),
      { numRuns: 400 },
    )
  })

  it('decides equality as evaluation does', () => {
    fc.assert(
      fc.property(level, level, (a, b) => {
        expect(ask('eq', a, b)).toBe(ASSIGNMENTS.every(p => value(a, p) === value(b, p)))
        expect(ask('eq', max(a, b), max(b, a))).toBe(true)
        expect(ask('eq', imax(a, imax(b, a)), max(imax(a, a), imax(b, a)))).toBe(true)
      }),
      { numRuns: 400 },
    )
  })

  it('knows zero exactly and never zero soundly', () => {
    fc.assert(
      fc.property(level, a => {
        expect(ask('isZero', a)).toBe(ASSIGNMENTS.every(p => value(a, p) === 0))
        if (ask('neverZero', a)) expect(ASSIGNMENTS.every(p => value(a, p) > 0)).toBe(true)
      }),
      { numRuns: 400 },
    )
  })

  it('keeps the value when it builds and instantiates', () => {
    fc.assert(
      fc.property(level, level, (a, b) => {
        expect(ask('instantiated', a)).toBe(true)
        expect(ask('imax', a, b)).toBe(true)
        expect(ask('max', a, b)).toBe(true)
      }),
      { numRuns: 400 },
    )
  })

  it('has no level for a parameter out of range', () => {
    expect(() => ask('instantiated', succ(param(3)))).toThrow()
  })
})

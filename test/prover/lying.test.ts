/** Provers that lie after the traces: about sums, masks, and opened values. */

import { afterEach, describe, expect, test, vi } from 'vitest'
import type { MatrixTrace } from '../../aiur/circuit/trace.js'
import type { LookupChallenges } from '../../prover/accumulators.js'
import { constraintsAt, messageOf, vanishing } from '../../prover/evaluate.js'
import {
  type Extension,
  extension,
  invert,
  isZero,
  minus,
  ONE,
  plus,
  ROOT,
  times,
  ZERO,
} from '../../prover/extension.js'
import type { Opening } from '../../prover/openings.js'
import { claimMessage } from '../../prover/protocol.js'
import type { QuotientChallenges } from '../../prover/quotient.js'
import type { Claim, Shape, SizeClass } from '../../prover/shape.js'
import { tablesAt } from '../../prover/table-evaluation.js'
import { extensionPower } from '../../prover/verify.js'
import { block, call, fn, program, ret } from '../aiur/bytecode-builder.js'
import { Forger, QUICK } from './forger.js'

/** What the prover knows when it opens its columns. */
interface Known {
  shape: Shape
  totals: readonly Extension[]
  challenges: QuotientChallenges
}

const lies: {
  known?: Known
  totals?: (totals: Extension[], challenges: LookupChallenges) => void
  masks?: (rows: Uint32Array[]) => void
  opened?: (values: Extension[][], openings: readonly Opening[], known: Known) => void
} = {}

vi.mock('../../prover/quotient.js', async load => {
  const real = await load<typeof import('../../prover/quotient.js')>()
  const quotientCoefficients: typeof real.quotientCoefficients = (
    threads,
    shape,
    columns,
    totals,
    challenges,
  ) => {
    lies.known = { shape, totals, challenges }
    return real.quotientCoefficients(threads, shape, columns, totals, challenges)
  }
  return { ...real, quotientCoefficients }
})
vi.mock('../../prover/accumulators.js', async load => {
  const real = await load<typeof import('../../prover/accumulators.js')>()
  const accumulators: typeof real.accumulators = (...args) => {
    const result = real.accumulators(...args)
    lies.totals?.(result.totals, args[3])
    return result
  }
  return { ...real, accumulators }
})
vi.mock('../../prover/trace-columns.js', async load => {
  const real = await load<typeof import('../../prover/trace-columns.js')>()
  const maskRows: typeof real.maskRows = (...args) => {
    const rows = real.maskRows(...args)
    lies.masks?.(rows)
    return rows
  }
  return { ...real, maskRows }
})
vi.mock('../../prover/openings.js', async load => {
  const real = await load<typeof import('../../prover/openings.js')>()
  const openAll: typeof real.openAll = (threads, openings) => {
    const values = real.openAll(threads, openings)
    lies.opened?.(values, openings, lies.known!)
    return values
  }
  return { ...real, openAll }
})
afterEach(() => {
  for (const name of Object.keys(lies)) delete lies[name as keyof typeof lies]
})

/** Values of a class: at zeta, then by height those at the next row. */
interface Opened {
  zeta: Extension[]
  next: Extension[][]
  point: Extension
}

function byClass({ classes }: Shape, values: Extension[][], openings: readonly Opening[]): Opened[] {
  let at = 0
  return classes.map(c => {
    const opened = {
      zeta: values[at]!,
      next: values.slice(at + 1, at + 1 + c.next.length),
      point: openings[at]!.point,
    }
    at += 1 + c.next.length
    return opened
  })
}

/** What the opened quotient of a class falls short of, by the rule of the verifier. */
function shortfall(
  c: SizeClass,
  { zeta, next, point }: Opened,
  { shape, totals, challenges }: Known,
): Extension {
  const quotientAt = c.mainColumns + c.accumulatorColumns
  const ahead = (tree: string, column: number, logHeight: number) => {
    const g = c.next.findIndex(group => group.logHeight === logHeight)
    return next[g]![c.next[g]!.columns.findIndex(x => x.tree === tree && x.column === column)]!
  }
  let sum = ZERO
  for (const active of c.circuits) {
    const { circuit, mainAt, mainColumns, accumulatorAt, accumulatorColumns, logHeight } = active
    const first = c.mainColumns + accumulatorAt
    const opened = {
      main: zeta.slice(mainAt, mainAt + mainColumns),
      next: new Map(circuit.nextColumns.map(own => [own, ahead('main', mainAt + own, logHeight)])),
      fixed: circuit.fixed === null ? [] : tablesAt(point)(circuit.fixed, active.shift),
      accumulators: zeta.slice(first, first + accumulatorColumns),
      nextAccumulator: [0, 1].map(k => ahead('accumulators', accumulatorAt + k, logHeight)) as [
        Extension,
        Extension,
      ],
    }
    const { beta, gammas, mask, alphas } = challenges
    const total = totals[shape.active.indexOf(active)]!
    const values = constraintsAt(active, opened, point, total, {
      beta,
      gamma: gammas[1]!,
      mask,
      alpha: alphas[1]!,
    })
    const folded = values.reduce((s, x, j) => plus(s, times(x, alphas[active.firstConstraint + j]!)), ZERO)
    sum = plus(sum, times(folded, invert(vanishing(point, active))))
  }
  const step = extensionPower(point, c.sliceLength)
  let power = ONE
  for (let s = 0; s < c.slices; s++, power = times(power, step)) {
    const [c0, c1] = [zeta[quotientAt + 2 * s]!, zeta[quotientAt + 2 * s + 1]!]
    sum = minus(sum, times(power, plus(c0, times(c1, ROOT))))
  }
  return sum
}

const square = program(
  fn('g', 1, 1, block([{ op: 'mul', a: 0, b: 0 }], ret(0, 1))),
  fn('f', 1, 1, block([call(0, [0])], ret(0, 1))),
)

/** An entry that says 3 * 3 is 10: nobody provides its call. */
function wrong(forger: Forger): { traces: MatrixTrace[]; claim: Claim } {
  const { traces, claim } = forger.honest([3n])
  const f = traces.find(t => t.circuit.name === 'f')!
  const result = f.circuit.columns.findIndex(c => c.startsWith('result'))
  f.set(0, result, 10n)
  return { traces, claim: { ...claim, outputs: [10n] } }
}

/** Changes the first sum so that all of them and the claim cancel. */
function balance(claim: Claim): void {
  lies.totals = (totals, { beta, gammas, mask }) => {
    const elements = claimMessage(claim).map(x => extension(x))
    const provided = invert(messageOf(elements, { beta, gamma: gammas[1]!, mask, alpha: ZERO }))
    totals[0] = minus(totals[0]!, totals.reduce(plus, provided))
  }
}

/** Positions in the opened values of a class on which what the verifier computes depends linearly. */
const openedPlaces: Record<string, (c: SizeClass, opened: Opened) => [Extension[], number]> = {
  'of the quotient': (c, { zeta }) => [zeta, c.mainColumns + c.accumulatorColumns],
  'of an accumulator': (c, { zeta }) => [zeta, c.mainColumns + c.circuits[0]!.accumulatorAt],
  'of an accumulator on the next row': (c, { next }) => {
    const { logHeight, accumulatorAt } = c.circuits[0]!
    const g = c.next.findIndex(group => group.logHeight === logHeight)
    const { columns } = c.next[g]!
    return [next[g]!, columns.findIndex(x => x.tree === 'accumulators' && x.column === accumulatorAt)]
  },
}

const HOLD = /constraints at height class/
const BALANCE = /lookups do not balance/
const FOLDED = /do not lie on the final polynomial/

describe.each([true, false])('hiding %s', hiding => {
  const parameters = { ...QUICK, hiding, queries: 24 }
  const forger = new Forger(square)

  test('what an honest prover opens satisfies the constraints', () => {
    const { traces, claim } = forger.honest([3n])
    let seen = 0
    lies.opened = (values, openings, known) => {
      byClass(known.shape, values, openings).forEach((opened, i) => {
        expect(isZero(shortfall(known.shape.classes[i]!, opened, known))).toBe(true)
        seen++
      })
    }
    expect(forger.attempt(traces, claim, parameters)).toBeNull()
    expect(seen).toBeGreaterThan(0)
  })

  test('sums that are said to balance', () => {
    const { traces, claim } = wrong(forger)
    expect(forger.attempt(traces, claim, parameters)).toMatch(BALANCE)
    balance(claim)
    expect(forger.attempt(traces, claim, parameters)).toMatch(HOLD)
  })

  test.each(Object.entries(openedPlaces))('and opened values %s that fit them', (_, place) => {
    const { traces, claim } = wrong(forger)
    balance(claim)
    lies.opened = (values, openings, known) => {
      byClass(known.shape, values, openings).forEach((opened, i) => {
        const c = known.shape.classes[i]!
        const before = shortfall(c, opened, known)
        const [list, at] = place(c, opened)
        list[at] = plus(list[at]!, ONE)
        const slope = minus(shortfall(c, opened, known), before)
        list[at] = minus(minus(list[at]!, ONE), times(before, invert(slope)))
        expect(isZero(shortfall(c, opened, known))).toBe(true)
      })
    }
    expect(forger.attempt(traces, claim, parameters)).toMatch(FOLDED)
  })
})

test('masks that do not cancel', () => {
  const parameters = { ...QUICK, hiding: true }
  const forger = new Forger(square)
  const { traces, claim } = forger.honest([3n])
  expect(forger.attempt(traces, claim, parameters)).toBeNull()
  for (const word of [0, 2]) {
    lies.masks = rows => {
      rows[0]![word]! ^= 1
    }
    expect(forger.attempt(traces, claim, parameters)).toMatch(BALANCE)
  }
})

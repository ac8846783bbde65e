/** The pinned costs of the constants in test/lean, as a suite. */

import { describe, expect, test } from 'vitest'
import { closureCost, closures, openClosure, readPins } from '../../bench/closure-costs.js'

/** A change of the kernel moves these: `npm run pins` shows how, `npm run pins -- --write` accepts it. */
export function describeCosts(select: (cost: number) => boolean): void {
  const pins = readPins()
  for (const closure of Object.keys(closures())) {
    const selected = Object.entries(pins[closure] ?? {}).filter(([, { cost }]) => select(cost))
    if (selected.length === 0) continue
    describe(closure, () => {
      const environment = openClosure(closure)
      test.each(selected)('%s', async (name, pin) => {
        expect(await closureCost(environment, name)).toEqual(pin)
      })
    })
  }
}

/** What the quick suite checks; the rest is left to the deep one. */
export const QUICK_COST = 30e6

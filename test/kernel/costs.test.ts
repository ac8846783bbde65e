import { expect, test } from 'vitest'
import { closures, readPins } from '../../bench/closure-costs.js'
import { describeCosts, QUICK_COST } from './costs.js'

test('every constant has a pin, and none rests on a bare statement', () => {
  const pins = readPins()
  for (const [closure, names] of Object.entries(closures())) {
    expect(Object.keys(pins[closure]!)).toEqual(names)
    for (const name of names) expect(pins[closure]![name]!.assumed ?? []).toEqual([])
  }
})

describeCosts(cost => cost < QUICK_COST)

import { expect, test } from 'vitest'
import { formatReport, report, scientific, shapeCost, transform } from '../../aiur/circuit/cost.js'
import { layout } from '../../aiur/circuit/layout.js'
import { execute } from '../../aiur/vm/interpreter.js'
import { IoBuffer } from '../../aiur/vm/io.js'
import { factorial, fibonacci } from './bytecode-builder.js'

test('the cost functions', () => {
  expect([0, 1, 2, 4, 1024].map(transform)).toEqual([0, 1, 2, 8, 10240])
  expect(transform(1023)).toBeLessThan(transform(1024))
  expect(transform(1024)).toBeLessThan(transform(1025))
  const shape = { main: 4, stage2: 2, quotientDegree: 2, classicWidth: 10 }
  expect(shapeCost('transforms', shape, 0)).toBe(0)
  expect(shapeCost('transforms', shape, 8)).toBe(1488)
  expect(shapeCost('rows', { ...shape, classicWidth: 80 }, 259991)).toBeCloseTo(374_139_573, -1)
  expect([0, 1, 1424, 174253453, 999.9].map(scientific)).toEqual([
    '0',
    '1.00e0',
    '1.42e3',
    '1.74e8',
    '1.00e3',
  ])
})

test('factorial and Fibonacci cost what the reference charges without gadgets', () => {
  for (const [program, arg, rows, transforms, hits] of [
    [factorial(), 5n, 201.6271, 1379.2331, 0],
    [fibonacci(), 10n, 646.9137, 4011.106, 8],
  ] as const) {
    const outcome = execute(program, 0, [arg], new IoBuffer())
    const shapes = layout(program, { ranks: false })
    const classic = report(shapes, outcome.record, 'rows')
    expect(classic.cost.total).toBeCloseTo(rows, 4)
    expect(classic.hits).toBe(hits)
    const current = report(shapes, outcome.record, 'transforms')
    expect(current.cost.total).toBeCloseTo(transforms, 4)
    const text = formatReport(current)
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(100)
    expect(text).toMatch(/100\.00%/)
  }
})

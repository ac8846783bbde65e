import { describe, expect, it } from 'vitest'
import { UsageError } from '../../cli/exit.js'
import {
  bytes,
  count,
  duration,
  parseBytes,
  parseCount,
  parseDuration,
  plural,
  short,
} from '../../cli/format.js'

describe('numbers for people', () => {
  it('groups digits and abbreviates', () => {
    expect(count(45818)).toBe('45,818')
    expect(plural(1, 'constant')).toBe('1 constant')
    expect(plural(2000, 'constant')).toBe('2,000 constants')
    expect([0, 999, 1500, 250_000, 4.2e6, 3e9].map(short)).toEqual([
      '0',
      '999',
      '1.5 k',
      '250 k',
      '4.2 M',
      '3.0 G',
    ])
    expect([0, 1023, 1536, 5 * 2 ** 30].map(bytes)).toEqual(['0 B', '1023 B', '1.5 KiB', '5.0 GiB'])
    expect([0.5, 12.34, 75.3, 7260, Infinity].map(duration)).toEqual([
      '0.50 s',
      '12.3 s',
      '1m 15s',
      '2h 1m',
      '?',
    ])
  })

  it('reads quantities back', () => {
    expect(parseCount('limit-rows', '5M')).toBe(5_000_000)
    expect(parseCount('limit-rows', '1.5k')).toBe(1500)
    expect(parseBytes('limit-memory', '4GiB')).toBe(4 * 2 ** 30)
    expect(parseBytes('limit-memory', '512m')).toBe(512 * 2 ** 20)
    expect([parseDuration('timeout', '90'), parseDuration('timeout', '1.5m')]).toEqual([90, 90])
  })

  it('refuses other units, nonsense and zero', () => {
    for (const text of ['5 parsecs', '', '-1', '1e9', '0', 'M']) {
      expect(() => parseCount('limit-rows', text)).toThrow(UsageError)
    }
    expect(() => parseCount('limit-rows', '5x')).toThrow(
      '--limit-rows: expected a number, with or without k, m, g',
    )
  })
})

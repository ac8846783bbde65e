/** Numbers, sizes and durations for people, and their parsers for options. */
import { UsageError } from './exit.js'

/** Made when first used: that takes ten milliseconds. */
let thousands: Intl.NumberFormat | undefined

/** 1234567 -> "1,234,567"; fractions are rounded. */
export function count(value: number | bigint): string {
  thousands ??= new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })
  return thousands.format(value)
}

/** 1234567 -> "1.2 M". */
export function short(value: number): string {
  for (const [unit, size] of [
    ['G', 1e9],
    ['M', 1e6],
    ['k', 1e3],
  ] as const) {
    if (value >= size) return `${(value / size).toFixed(value >= 100 * size ? 0 : 1)} ${unit}`
  }
  return String(Math.round(value))
}

/** 1536 -> "1.5 KiB". */
export function bytes(value: number): string {
  let size = value
  let unit = 'B'
  for (const next of ['KiB', 'MiB', 'GiB', 'TiB']) {
    if (size < 1024) break
    size /= 1024
    unit = next
  }
  return `${unit === 'B' ? size : size.toFixed(1)} ${unit}`
}

/** 75.3 -> "1m 15s", 2.345 -> "2.35 s". */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '?'
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`
  const whole = Math.round(seconds)
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)]
  return hours > 0 ? `${hours}h ${minutes}m` : `${minutes}m ${whole % 60}s`
}

/** "1 constant", "2 constants". */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`
}

const DECIMAL: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9 }
const BINARY: Readonly<Record<string, number>> = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 }
const TIME: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600 }

function quantity(option: string, text: string, units: Readonly<Record<string, number>>): number {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim()) ?? []
  const factor = units[(unit ?? '').toLowerCase().replace(/i?b$/, '')]
  if (digits === undefined || factor === undefined) {
    const known = Object.keys(units).filter(name => name !== '')
    throw new UsageError(`--${option}: expected a number, with or without ${known.join(', ')}, not "${text}"`)
  }
  const value = Number(digits) * factor
  if (value <= 0) throw new UsageError(`--${option} must be positive`)
  return value
}

/** "5M" -> 5000000. */
export function parseCount(option: string, text: string): number {
  return Math.floor(quantity(option, text, DECIMAL))
}

/** "4G" or "4GiB" -> 4 * 2^30. */
export function parseBytes(option: string, text: string): number {
  return Math.floor(quantity(option, text, BINARY))
}

/** "90", "90s", "5m" -> seconds. */
export function parseDuration(option: string, text: string): number {
  return quantity(option, text, TIME)
}

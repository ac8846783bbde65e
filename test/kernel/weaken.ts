/**
 * Setup of the project `weakened`: whatever reads a source of the kernel reads it without the guard number
 * IX_GUARD of the file IX_GUARD_FILE.
 */
import { vi } from 'vitest'
import { guardsOf, withoutGuard } from './guards.js'

vi.mock('node:fs', async original => {
  const real = (await original()) as typeof import('node:fs')
  const { IX_GUARD, IX_GUARD_FILE } = process.env
  const readFileSync = (path: unknown, ...rest: unknown[]): unknown => {
    const read = real.readFileSync as (path: unknown, ...rest: unknown[]) => unknown
    const text = read(path, ...rest)
    if (!String(path).endsWith(`/kernel/${IX_GUARD_FILE}`) || typeof text !== 'string') return text
    return withoutGuard(text, guardsOf({ name: IX_GUARD_FILE!, text })[Number(IX_GUARD)]!)
  }
  return { ...real, readFileSync, default: { ...real, readFileSync } }
})

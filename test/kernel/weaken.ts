/** Setup of the tests that `npm run guards` runs: whatever reads a source of the kernel reads the weaker one. */
import { inject, vi } from 'vitest'
import { NO_SUCH_KERNEL } from './weakenings.js'

vi.mock('node:fs', async original => {
  const real = (await original()) as typeof import('node:fs')
  const { file, text } = inject('weakened')
  const readFileSync = (path: unknown, ...rest: unknown[]): unknown => {
    const read = real.readFileSync as (path: unknown, ...rest: unknown[]) => unknown
    return String(path).endsWith(`/kernel/${file}`) ? text : read(path, ...rest)
  }
  return { ...real, readFileSync, default: { ...real, readFileSync } }
})

// A kernel weakened twice says less about the first place than one weakened once, and takes a second to compile.
vi.mock('./mutation.js', async original => {
  const real = (await original()) as typeof import('./mutation.js')
  const mutated: typeof real.mutated = (sources, mutation) => {
    if (!inject('weakened').further) throw new Error(NO_SUCH_KERNEL)
    const [source] = sources.filter(({ name }) => name === `kernel/${mutation.file}`)
    // Its piece is the weakened one.
    if (!source?.text.includes(mutation.from)) throw new Error(NO_SUCH_KERNEL)
    return real.mutated(sources, mutation)
  }
  return { mutated }
})

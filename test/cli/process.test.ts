import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { packageRoot } from '../../cli/package-root.js'

const main = join(packageRoot(), 'dist', 'cli', 'main.js')
const built = existsSync(main)
if (!built) console.log('skipped: the process tests need dist/ (npm run build)')

interface Result {
  code: number | null
  signal: NodeJS.Signals | null
  out: string
  err: string
}

function start(
  argv: string[],
  meddle: (child: ReturnType<typeof spawn>) => void = () => {},
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] })
    const result = { out: '', err: '' }
    child.stdout.on('data', chunk => {
      result.out += chunk
    })
    child.stderr.on('data', chunk => {
      result.err += chunk
    })
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal, ...result }))
    meddle(child)
  })
}

it.runIf(built)('the built program exits with the code of the run', async () => {
  expect(await start(['--version'])).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/^\d+\./) })
  const usage = await start(['frobnicate'])
  expect(usage).toMatchObject({ code: 64, out: '' })
  expect(usage.err).toMatch(/^error: [^\n]+\n$/)
})

it.runIf(built)('a reader that goes away is no error', async () => {
  const { code, err } = await start(['--help'], child => child.stdout!.destroy())
  expect({ code, err }).toEqual({ code: 0, err: '' })
})

it.runIf(built)('an interrupt ends the program at once', async () => {
  const { signal } = await start(['addr-of', 'Nat.add'], child => setTimeout(() => child.kill('SIGINT'), 150))
  expect(signal).toBe('SIGINT')
})

/**
 * Setup of the tests that `npm run guards` runs. What they compile of the kernel and execute is recorded, and when they are through
 * executed again on each weaker kernel: one that is noticed accepts what was rejected, or does not do what was done.
 */
import { appendFileSync } from 'node:fs'
import { afterAll, expect, inject, vi } from 'vitest'
import type { Program } from '../../aiur/bytecode.js'
import type { CompileOptions, SourceFile } from '../../aiur/language/compile.js'
import type { Outcome } from '../../aiur/vm/interpreter.js'
import type { IoBuffer } from '../../aiur/vm/io.js'
import type { Limits } from '../../aiur/vm/limits.js'
import { kernelSources } from '../../kernel/sources.js'
import { allWeakenings, type Weakening, weakened } from './weakenings.js'

interface Compiled {
  readonly files: readonly SourceFile[]
  readonly options: CompileOptions | undefined
}

interface Run {
  readonly compiled: Compiled
  readonly entry: number | string
  readonly args: bigint[]
  readonly io: IoBuffer
  readonly limits: Limits | undefined
  /** What it gave, or undefined, and then the function in which it failed. */
  readonly outputs: string | undefined
  readonly failedIn: string
  readonly test: string
}

/** A weaker kernel may not end. */
const LIMITS: Limits = { rows: 2_000_000, timeoutMs: 20_000 }

const { programs, runs } = vi.hoisted(() => ({
  programs: new WeakMap<Program, Compiled>(),
  runs: [] as Run[],
}))

vi.mock('../../aiur/language/compile.js', async original => {
  const real = await original<typeof import('../../aiur/language/compile.js')>()
  const compile: typeof real.compile = (files, options) => {
    const program = real.compile(files, options)
    programs.set(program, { files, options })
    return program
  }
  return { ...real, compile }
})

vi.mock('../../aiur/vm/interpreter.js', async original => {
  const real = await original<typeof import('../../aiur/vm/interpreter.js')>()
  const execute: typeof real.execute = (program, entry, args, io, limits, resume) => {
    const outcome = real.execute(program, entry, args, io, limits, resume)
    const compiled = programs.get(program)
    const test = expect.getState().currentTestName ?? ''
    if (compiled !== undefined && resume === undefined)
      runs.push({ compiled, entry, args, io, limits, ...resultOf(outcome), test })
    return outcome
  }
  return { ...real, execute }
})

function resultOf(outcome: Outcome): Pick<Run, 'outputs' | 'failedIn'> {
  if (outcome.ok) return { outputs: outcome.outputs.join(' '), failedIn: '' }
  return { outputs: undefined, failedIn: outcome.error.trace[0]?.function ?? '' }
}

const intact = kernelSources()

/** How much of what stands before and behind a place tells it from others, in a file that a test has changed elsewhere. */
const AROUND = 60

/** The file without the weakening's place, undefined if it does not have it. */
function weakerFile(file: SourceFile, text: string, weakening: Weakening): SourceFile | undefined {
  if (file.text === text) return { ...file, text: weakened(text, weakening) }
  const { from, to, replacement } = weakening
  const before = text.slice(from - AROUND, from)
  const behind = text.slice(to, to + AROUND)
  const parts = file.text.split(before + text.slice(from, to) + behind)
  return parts.length === 2 ? { ...file, text: parts.join(before + replacement + behind) } : undefined
}

/** Of tests that execute thousands of random inputs or lies these many, from first to last, are enough. */
const ENOUGH = 5000

/** Runs that the weaker kernel may judge otherwise. Without a guard that is only a run that failed at it. */
function candidates({ kind, function: name }: Weakening): Run[] {
  // What a test has changed, it may have changed to be noticed; but what it rejects even so has to be rejected.
  if (kind === 'decision') {
    const changed = runs.filter(run => !hasIntactKernel(run) && run.outputs === undefined)
    return [...spread(runs.filter(hasIntactKernel)), ...spread(changed)]
  }
  const callers = inlinedIn(name)
  return spread(
    runs.filter(
      ({ outputs, failedIn }) => outputs === undefined && callers.has(failedIn.split('.')[0] as string),
    ),
  )
}

function spread(all: readonly Run[]): Run[] {
  const step = Math.max(1, all.length / ENOUGH)
  return Array.from({ length: Math.min(all.length, ENOUGH) }, (_, i) => all[Math.floor(i * step)]!)
}

const FUNCTION = /^(?:pub )?fn (\w+)[\s\S]*?(?=^(?:pub )?fn |(?![\s\S]))/gm

/** A function and those that it is inlined in: what fails in it fails in one of these. */
function inlinedIn(name: string): Set<string> {
  const found = new Set([name])
  const functions = intact.flatMap(({ text }) => [...text.matchAll(FUNCTION)])
  for (const inner of found)
    for (const [text, outer] of functions) if (text.includes(`@${inner}(`)) found.add(outer!)
  return found
}

const isIntact = (file: SourceFile): boolean =>
  !file.name.startsWith('kernel/') || intact.some(each => each.text === file.text)

const hasIntactKernel = ({ compiled: { files } }: Run): boolean => files.every(isIntact)

/** The same program on a weaker kernel; undefined if it does not have the place. */
function weakerProgram(
  { files, options }: Compiled,
  weakening: Weakening,
  text: string,
): Program | undefined {
  for (const [i, file] of files.entries()) {
    const changed = weakerFile(file, text, weakening)
    if (changed !== undefined) return real.compile(files.toSpliced(i, 1, changed), options)
  }
  return undefined
}

const real = {
  ...(await vi.importActual<typeof import('../../aiur/language/compile.js')>(
    '../../aiur/language/compile.js',
  )),
  ...(await vi.importActual<typeof import('../../aiur/vm/interpreter.js')>('../../aiur/vm/interpreter.js')),
}

/** The test in which the weaker kernel does something else. */
function noticedBy(weakening: Weakening): string | undefined {
  const { text } = intact.find(({ name }) => name === `kernel/${weakening.file}`)!
  const made = new Map<Compiled, Program | undefined>()
  for (const { compiled, entry, args, io, limits, outputs, test } of candidates(weakening)) {
    if (!made.has(compiled)) {
      try {
        made.set(compiled, weakerProgram(compiled, weakening, text))
      } catch (error) {
        if (error instanceof real.CompileError) return `does not compile: ${error.message.split('\n')[0]}`
        throw error
      }
    }
    const program = made.get(compiled)
    if (program === undefined) continue
    const outcome = real.execute(program, entry, args, io, { ...LIMITS, ...limits })
    if (resultOf(outcome).outputs !== outputs) return test
  }
  return undefined
}

afterAll(() => {
  const { decisions, places, report } = inject('weakenings')
  const all = allWeakenings(decisions)
  for (const place of places) {
    const test = noticedBy(all[place]!)
    if (test !== undefined) appendFileSync(report, `${JSON.stringify([place, test])}\n`)
  }
}, 3_600_000)

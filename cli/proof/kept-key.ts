/**
 * Verifying keys kept from run to run: deriving one takes longer than to verify a proof with it. A key and its digest follow
 * from the kernel's sources, its compiler and the prover's modules, and are kept under a digest of these. Who could put
 * another key there could as well replace the compiled kernel in the same folder, or the program.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { deserialize, serialize } from 'node:v8'
import type { FixedTable } from '../../aiur/circuit/circuit.js'
import { keep, readKept } from '../../aiur/disk-cache.js'
import { compiledKernel, kernelState } from '../../kernel/compiled.js'
import type { KeyCircuit, VerifyingKey } from '../../prover/verifying-key.js'

type Numbers = Uint8Array | Uint16Array | Uint32Array

/** A table in the fewest bytes per value: most hold bytes. */
interface KeptTable {
  readonly width: number
  readonly height: number
  readonly values: Numbers
}

interface KeptKey extends Omit<VerifyingKey, 'circuits'> {
  readonly circuits: (Omit<KeyCircuit, 'fixed'> & { readonly fixed: KeptTable | null })[]
}

/** The verifying key of the kernel's program with this entry. */
export async function keptKey(entry: string): Promise<VerifyingKey> {
  const name = `key/${stateOf(entry)}`
  const kept = readKept(name)
  if (kept !== undefined) {
    const { circuits, ...rest } = deserialize(kept) as KeptKey
    return { ...rest, circuits: circuits.map(c => ({ ...c, fixed: c.fixed && widened(c.fixed) })) }
  }
  // Not loaded by those who find the key in the cache.
  const { deriveKey } = await import('../../prover/derive-key.js')
  const { key } = deriveKey((await compiledKernel([], entry)).layout)
  const circuits = key.circuits.map(c => ({ ...c, fixed: c.fixed && narrowed(c.fixed) }))
  const keeping: KeptKey = { ...key, circuits }
  keep(name, serialize(keeping))
  return key
}

function stateOf(entry: string): string {
  const own = fileURLToPath(import.meta.url)
  const folder = join(own, '..', '..', '..', 'prover')
  const hash = createHash('sha256').update(`${kernelState(entry)}\n`)
  for (const file of readdirSync(folder).sort())
    if (extname(file) === extname(own) && !file.endsWith('.d.ts'))
      hash.update(`${file}\n`).update(readFileSync(join(folder, file)))
  return hash.digest('hex')
}

function narrowed({ width, height, values }: FixedTable): KeptTable {
  const greatest = values.reduce((most, value) => Math.max(most, value), 0)
  const Narrow = greatest < 2 ** 8 ? Uint8Array : greatest < 2 ** 16 ? Uint16Array : Uint32Array
  return { width, height, values: Narrow.from(values) }
}

/** A proof reads few of the tables. */
function widened({ width, height, values }: KeptTable): FixedTable {
  let wide: Uint32Array | undefined
  return {
    width,
    height,
    get values() {
      wide ??= Uint32Array.from(values)
      return wide
    },
  }
}

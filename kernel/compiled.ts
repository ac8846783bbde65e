/** The kernel compiled and laid out: once for every state of its sources and of the compiler, then from the cache. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { deserialize, serialize } from 'node:v8'
import type { Program } from '../aiur/bytecode.js'
import type { Layout } from '../aiur/circuit/layout.js'
import { keep, readKept } from '../aiur/disk-cache.js'
import type { SourceFile } from '../aiur/language/compile-error.js'
import { ENTRY, kernelSources } from './sources.js'

export interface CompiledKernel {
  /** With one entry. */
  readonly program: Program
  /** With ranks; `layout.program` is `program`. */
  readonly layout: Layout
  /** Digest of the program by which engines know it. */
  readonly digest: string
}

/** Folders of `aiur` that programs and layouts come from. */
const COMPILER = ['circuit', 'language', 'vm']

const compiled = new Map<string, Promise<CompiledKernel>>()

/**
 * @param overlay files whose functions replace those of the kernel. What such a variant accepts is no statement about
 * the kernel.
 * @param entry the public function that the program has, with what it calls: the kernel's, or that of another claim
 * @throws CompileError if the overlay does not fit
 */
export function compiledKernel(
  overlay: readonly SourceFile[] = [],
  entry: string = ENTRY,
): Promise<CompiledKernel> {
  const key = JSON.stringify([entry, overlay.map(({ name, text }) => [name, text])])
  let kernel = compiled.get(key)
  if (kernel === undefined) {
    kernel = compileOrRead(kernelSources(), overlay, entry)
    compiled.set(key, kernel)
  }
  return kernel
}

async function compileOrRead(
  sources: readonly SourceFile[],
  overlay: readonly SourceFile[],
  entry: string,
): Promise<CompiledKernel> {
  const name = `kernel/${compilerState(sources, overlay, entry)}`
  const kept = readKept(name)
  if (kept !== undefined) return deserialize(kept) as CompiledKernel
  // Not loaded by those who find the kernel in the cache.
  const [{ compile }, { layout }, { programDigest }] = await Promise.all([
    import('../aiur/language/compile.js'),
    import('../aiur/circuit/layout.js'),
    import('../aiur/wasm/engine.js'),
  ])
  const program = compile(sources, { roots: [entry], overlay })
  const result: CompiledKernel = { program, layout: layout(program), digest: programDigest(program) }
  keep(name, serialize(result))
  return result
}

/** A digest of all that {@link compiledKernel} depends on without an overlay: what follows from it alone can be kept under it. */
export function kernelState(entry: string = ENTRY): string {
  return compilerState(kernelSources(), [], entry)
}

/** A digest of the sources, what replaces parts of them, the compiler, and the platform whose serialisation keeps the result. */
function compilerState(
  sources: readonly SourceFile[],
  overlay: readonly SourceFile[],
  entry: string,
): string {
  const own = fileURLToPath(import.meta.url)
  const hash = createHash('sha256').update(`${entry} ${process.versions.v8}\n`)
  for (const folder of COMPILER) {
    const path = join(own, '..', '..', 'aiur', folder)
    for (const file of readdirSync(path).sort())
      if (extname(file) === extname(own) && !file.endsWith('.d.ts'))
        hash.update(`${folder}/${file}\n`).update(readFileSync(join(path, file)))
  }
  for (const { name, text } of sources) hash.update(`${name}\n`).update(text)
  for (const { name, text } of overlay) hash.update(`\noverlay ${name} ${text.length}\n`).update(text)
  return hash.digest('hex')
}

/**
 * One workload in a process of its own, so that its memory is its own:
 * `node dist/bench/lazy/workload.js LIBRARY ROOT WORK MODE INDEX`, INDEX being a folder or `-`. Prints one JSON object.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { referencedNames } from '../../ixon/compile/references.js'
import type { IndexStore } from '../../lean/library/index-file.js'
import type { LazyMode } from '../../lean/library/lazy-mode.js'
import { type Library, openLibrary } from '../../lean/library/library.js'
import { CONSTANT, SHARD_MODULE, type Work } from './workloads.js'

const [path, root, work, mode, index] = process.argv.slice(2) as [string, string, Work, LazyMode, string]

const library = await openLibrary({
  paths: [path],
  modules: [root],
  lazy: mode,
  importWorkers: 4,
  ...(index === '-' ? {} : { index: folderStore(index) }),
})
const latencies: { readonly first: number[]; readonly second: number[] } = { first: [], second: [] }
switch (work) {
  case 'header':
    for (const name of library.namesIn(SHARD_MODULE[root]!)) library.findConstantHeader(name)
    break
  case 'one':
    visitClosure(library, [CONSTANT[root]!])
    break
  case 'shard':
    visitClosure(library, library.namesIn(SHARD_MODULE[root]!))
    break
  case 'everything':
    for (const name of library.names()) library.get(name)
    break
  case 'latency':
    for (const module of library.modules) measureUses(library, module)
}
const { user, system } = process.cpuUsage()
const { bytesRead, modulesOpened, fileOpens, peakHeldBytes } = library.status()
process.stdout.write(
  JSON.stringify({
    bytesRead,
    modulesOpened,
    fileOpens,
    peakHeldBytes,
    // In KiB on every platform.
    peakMemory: 1024 * process.resourceUsage().maxRSS,
    cpu: Math.round((user + system) / 1000),
    firstVerdict: null,
    ...(work === 'latency' ? { latencies } : {}),
  }),
)

/** Decodes the constants and all that they reach. */
function visitClosure(source: Library, roots: readonly string[]): void {
  const seen = new Set(roots)
  const pending = [...roots]
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const declaration = source.get(name)
    if (declaration === undefined) continue
    for (const next of referencedNames(declaration)) {
      if (seen.has(next)) continue
      seen.add(next)
      pending.push(next)
    }
  }
}

/** Times of the first constant of a module, which opens it, and of the next one. */
function measureUses(source: Library, module: string): void {
  const before = source.status().modulesOpened
  const started = performance.now()
  const [first, second] = source.namesIn(module)
  if (first !== undefined) source.get(first)
  const opened = performance.now()
  if (source.status().modulesOpened === before || second === undefined) return
  source.get(second)
  latencies.first.push(opened - started)
  latencies.second.push(performance.now() - opened)
}

function folderStore(folder: string): IndexStore {
  return {
    read(key) {
      const file = join(folder, key)
      return existsSync(file) ? readFileSync(file) : undefined
    },
    keep(key, bytes) {
      mkdirSync(dirname(join(folder, key)), { recursive: true })
      writeFileSync(join(folder, key), bytes)
    },
  }
}

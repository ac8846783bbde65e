/**
 * npm run coverage [-- --library DIR] [-- --only Std]: checks the libraries of a Lean toolchain, shard by shard, each in
 * a process that cannot take the run down, and prints the tables of docs/coverage.md.
 *
 *   --library DIR   folder of .olean files (default: IX_LEAN_LIBRARY)
 *   --exports DIR   check the exports of a folder instead, with a row for each
 *   --corpus        check the modules of test/lean/corpus instead, with a row for each
 *   --only A,B      only these rows
 *   --folder DIR    environment and results; a run that was ended goes on (default: .cache/coverage)
 *   --any-kernel    count results of earlier states of the kernel, too
 *   --limit-rows N, --limit-seconds N   for each shard or export
 *   --list          print all that is missing, and how many constants are left out for want of it
 *   --write         write the tables into docs/coverage.md
 */
import { mkdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { packageRoot } from '../../cli/package-root.js'
import { writeFileAtomically } from '../../ixon/atomic-write.js'
import { compiledKernel } from '../../kernel/compiled.js'
import { kernelEngine } from '../../kernel/engine.js'
import { Checker } from './checker.js'
import { corpusTasks } from './corpus.js'
import { exportTasks } from './exports.js'
import { Journal } from './journal.js'
import { type Library, openLibrary } from './library.js'
import { failureLines, leftOutLines, outcomeTable } from './tables.js'
import type { Entry, Task } from './task.js'

const { values: options } = parseArgs({
  options: {
    library: { type: 'string' },
    exports: { type: 'string' },
    corpus: { type: 'boolean', default: false },
    only: { type: 'string' },
    folder: { type: 'string', default: '.cache/coverage' },
    'any-kernel': { type: 'boolean', default: false },
    'limit-rows': { type: 'string', default: '300000000' },
    'limit-seconds': { type: 'string', default: '900' },
    list: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
})

/** Missing constants that are shown without --list. */
const SHOWN = 12

const { folder } = options
mkdirSync(folder, { recursive: true })
const only = options.only?.split(',')
const wanted = ({ group }: { readonly group: string }): boolean => only?.includes(group) ?? true

const isLibrary = !options.corpus && options.exports === undefined
const library = isLibrary ? await openLibrary(libraryFolder(), folder) : undefined
const tasks = tasksOf().filter(wanted)
const kernel = await compiledKernel()
// Optimised once, before the process that checks finds it missing.
await kernelEngine('wasm', kernel, true)
const journal = new Journal(join(folder, 'results.ndjson'), options['any-kernel'] ? undefined : kernel.digest)
const entries = await checkAll(tasks)
const section = isLibrary ? 'library' : options.corpus ? 'corpus' : basename(options.exports!)
const text = outputOf(library, entries)
console.log(text)
if (options.write) writeSection(join(packageRoot(), 'docs/coverage.md'), section, text)
process.exitCode = entries.every(({ status }) => status === 'accepted') ? 0 : 1

function tasksOf(): readonly Task[] {
  if (library !== undefined) return library.tasks
  return options.corpus ? corpusTasks() : exportTasks(options.exports!, folder)
}

function libraryFolder(): string {
  const given = options.library ?? process.env.IX_LEAN_LIBRARY
  if (given === undefined) throw new Error('--library DIR or IX_LEAN_LIBRARY says where the library is')
  return given
}

async function checkAll(all: readonly Task[]): Promise<Entry[]> {
  const checker = new Checker({
    rows: Number(options['limit-rows']),
    seconds: Number(options['limit-seconds']),
  })
  const results: Entry[] = []
  try {
    for (const [i, { group, id, subject }] of all.entries()) {
      let entry = journal.get(id)
      if (entry === undefined) {
        entry = { group, id, kernel: kernel.digest, ...(await checker.check(subject)) }
        journal.add(entry)
        const { status, accepted, constants, rows, seconds } = entry
        console.error(
          `${i + 1}/${all.length} ${group}: ${status}, ${accepted} of ${constants} constants, ${rows} rows, ${seconds.toFixed(1)} s`,
        )
        for (const line of failureLines([entry])) console.error(`  ${line}`)
      }
      results.push(entry)
    }
  } finally {
    checker.close()
  }
  return results
}

function outputOf(opened: Library | undefined, results: readonly Entry[]): string {
  const parts = [outcomeTable(results, options.corpus ? 'module' : 'export', opened?.counts)]
  const lines = failureLines(results)
  if (lines.length > 0) parts.push(lines.map(line => `* ${line}`).join('\n'))
  const older = results.filter(entry => entry.kernel !== kernel.digest).length
  if (older > 0)
    parts.push(`${older} of these ${results.length} results are those of an earlier state of the kernel.`)
  if (opened !== undefined) {
    const missing = leftOutLines(opened.leftOut)
    const shown = options.list ? missing : missing.slice(0, SHOWN)
    const more = missing.length > shown.length ? ` (${missing.length} names; --list prints all)` : ''
    parts.push(`Left out, with all that needs them${more}:`, shown.map(line => `* ${line}`).join('\n'))
  }
  return parts.join('\n\n')
}

/** Replaces what stands between the marks of a section. */
function writeSection(file: string, name: string, content: string): void {
  const old = readFileSync(file, 'utf8')
  const [begin, end] = [`<!-- begin ${name} -->\n`, `<!-- end ${name} -->`]
  const [from, to] = [old.indexOf(begin), old.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`${file} has no section ${name}`)
  const text = `${old.slice(0, from + begin.length)}${content}\n${old.slice(to)}`
  writeFileAtomically(file, [Buffer.from(text)])
}

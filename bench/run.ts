/**
 * npm run bench [-- --runs 5 --shards 34,47]: both engines on the same inputs, in one process, one after the other.
 * Prints the tables of docs/performance.md.
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Program } from '../aiur/bytecode.js'
import { compile } from '../aiur/language/compile.js'
import { execute } from '../aiur/vm/interpreter.js'
import { IoBuffer } from '../aiur/vm/io.js'
import type { RecordView } from '../aiur/vm/record.js'
import { ADDRESSES, hasMemory64 } from '../aiur/wasm/address.js'
import { compileModule, engineOf, executeWasm } from '../aiur/wasm/engine.js'
import { ENTRY, kernelSources } from '../kernel/sources.js'
import { shardInput } from './kernel-input.js'
import { fixed, measure, median, table } from './measure.js'
import { BENCH_PROGRAMS } from './programs.js'

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    /** The two heaviest of the bundled library by rows. */
    shards: { type: 'string', default: '34,47' },
  },
})
const runs = Number(options.runs)

function rowsOf(record: RecordView): number {
  let rows = 0
  for (const t of [...record.functions, ...record.memories]) rows += t.count
  return rows
}

interface Input {
  name: string
  program: Program
  entry: string
  args: bigint[]
  io: () => IoBuffer
}

interface Row {
  name: string
  rows: number
  interpreter: { wall: number; cpu: number }
  wasm: { wall: number; cpu: number }
  bytesPerRow: number
}

/** Both engines once more after a first run that is not counted. */
async function compare({ name, program, entry, args, io }: Input): Promise<Row> {
  const wasm = async () => {
    const outcome = await executeWasm(program, entry, args, io())
    if (!outcome.ok) throw outcome.error
    return outcome.record.totals()
  }
  const interpreter = () => {
    const outcome = execute(program, entry, args, io())
    if (!outcome.ok) throw outcome.error
    return rowsOf(outcome.record)
  }
  await engineOf(program)
  await wasm()
  const fast = await measure(runs, wasm)
  const slow = await measure(runs, interpreter)
  const { rows, bytes } = fast.result
  if (slow.result !== rows) throw new Error(`${name}: ${slow.result} and ${rows} rows`)
  return { name, rows, interpreter: slow, wasm: fast, bytesPerRow: bytes / rows }
}

/** Processor seconds with addresses of 32 bits and of 64, by turns. */
async function compareAddresses({ name, program, entry, args, io }: Input): Promise<string[]> {
  const run = async (memoryBytes: number) => {
    const outcome = await executeWasm(program, entry, args, io(), { memoryBytes })
    if (!outcome.ok) throw outcome.error
    return outcome.record.totals()
  }
  const limits = [ADDRESSES[32].mostBytes, ADDRESSES[32].mostBytes + 1] as const
  for (const limit of limits) await run(limit)
  const seconds: number[][] = [[], []]
  let rows = 0
  let bytes = 0
  for (let i = 0; i < runs; i++)
    for (const [k, limit] of limits.entries()) {
      const { cpu, result } = await measure(1, () => run(limit))
      seconds[k]!.push(cpu)
      rows = result.rows
      bytes = result.bytes
    }
  const [narrow, wide] = seconds.map(list => (median(list) / rows) * 1e9) as [number, number]
  return [name, fixed(narrow, 1), fixed(wide, 1), fixed(wide / narrow), fixed(bytes / rows, 1)]
}

async function startUp(program: Program): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ix-bench-'))
  process.env.IX_CACHE_DIR = folder
  try {
    const sources = await measure(1, () => compile(kernelSources(), { roots: [ENTRY] }))
    const cold = await measure(1, () => compileModule(program))
    const warm = await measure(runs, () => compileModule(program))
    const load = await measure(runs, () => new WebAssembly.Module(cold.result.bytes))
    const tiny = compile([{ name: 'tiny.aiur', text: 'pub fn main(n: G) -> G { n }' }])
    await engineOf(tiny)
    const thread = await measure(runs, () => executeWasm(tiny, 'main', [1n], new IoBuffer()))
    const line = (name: string, { wall, cpu }: { wall: number; cpu: number }) => [
      name,
      fixed(wall * 1000, 0),
      fixed(cpu * 1000, 0),
    ]
    console.log(
      `\n${table(
        ['step', 'wall ms', 'processor ms'],
        [
          line('Aiur sources of the kernel to bytecode', sources),
          line('bytecode to WebAssembly, optimised (once, then cached)', cold),
          line('module from the cache', warm),
          line('compiling it in the runtime', load),
          line('an execution of a program that does nothing', thread),
        ],
      )}`,
    )
    console.log(
      `\nmodule of the kernel: ${cold.result.bytes.length} bytes, ${program.functions.length} functions`,
    )
  } finally {
    rmSync(folder, { recursive: true })
    delete process.env.IX_CACHE_DIR
  }
}

const kernel = compile(kernelSources(), { roots: [ENTRY] })
console.log(
  `${cpus()[0]?.model}, ${cpus().length} processors, ${fixed(totalmem() / 2 ** 30, 0)} GiB, node ${process.version}; medians of ${runs} runs`,
)

const results: Row[] = []
const widths: string[][] = []
for (const id of options.shards.split(',').map(Number)) {
  const { name, args, io } = shardInput(id)
  // The kernel writes no IO, so that one buffer serves all runs.
  const input = { name, program: kernel, entry: ENTRY, args, io: () => io }
  results.push(await compare(input))
  if (hasMemory64()) widths.push(await compareAddresses(input))
}
const small: { row: Row; unit: string; units: number }[] = []
for (const { name, unit, units, source, args } of BENCH_PROGRAMS) {
  const program = compile([{ name: `${name}.aiur`, text: source }])
  const row = await compare({ name, program, entry: 'main', args, io: () => new IoBuffer() })
  small.push({ row, unit, units })
}

console.log(
  `\n${table(
    [
      'input',
      'rows',
      'wasm s (processor s)',
      'M rows/s',
      'M rows/processor s',
      'interpreter s (processor s)',
      'times',
      'bytes/row',
    ],
    results.map(({ name, rows, wasm, interpreter, bytesPerRow }) => [
      name,
      rows,
      `${fixed(wasm.wall)} (${fixed(wasm.cpu)})`,
      fixed(rows / wasm.wall / 1e6),
      fixed(rows / wasm.cpu / 1e6),
      `${fixed(interpreter.wall)} (${fixed(interpreter.cpu)})`,
      fixed(interpreter.cpu / wasm.cpu, 1),
      fixed(bytesPerRow, 1),
    ]),
  )}`,
)
console.log(
  `\n${table(
    ['what', 'unit', 'wasm ns', 'interpreter ns', 'times'],
    small.map(({ row, unit, units }) => [
      row.name,
      unit,
      fixed((row.wasm.cpu / units) * 1e9, 1),
      fixed((row.interpreter.cpu / units) * 1e9, 1),
      fixed(row.interpreter.cpu / row.wasm.cpu, 1),
    ]),
  )}`,
)
if (widths.length > 0)
  console.log(
    `\n${table(['input', '32 bits, ns/row', '64 bits, ns/row', 'times', '64 bits, bytes/row'], widths)}`,
  )
await startUp(kernel)
console.log(`\npeak memory of the process: ${fixed(process.resourceUsage().maxRSS / 1024, 0)} MiB`)

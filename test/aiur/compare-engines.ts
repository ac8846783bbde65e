/** Runs both engines on the same input and says where they differ. */

import type { FunctionIndex, Op, Program } from '../../aiur/bytecode.js'
import type { ExecutionError } from '../../aiur/vm/error.js'
import { execute, type Outcome } from '../../aiur/vm/interpreter.js'
import { IoBuffer } from '../../aiur/vm/io.js'
import type { Limits } from '../../aiur/vm/limits.js'
import { planRanks } from '../../aiur/vm/ranks.js'
import type { RecordView } from '../../aiur/vm/record.js'
import type { TableView } from '../../aiur/vm/table.js'
import { ADDRESSES, type AddressType, hasMemory64 } from '../../aiur/wasm/address.js'
import { assemble } from '../../aiur/wasm/assemble.js'
import {
  compileModule,
  engineFrom,
  executeHere,
  executeWasm,
  type WasmOutcome,
} from '../../aiur/wasm/engine.js'
import { type Engine, Execution, runHere } from '../../aiur/wasm/execution.js'
import { HEADER, mapMemory } from '../../aiur/wasm/memory-map.js'
import { emitModule } from '../../aiur/wasm/module.js'

type Bits = AddressType['bits']

/** With IX_ADDRESS_BITS=64 all comparisons are made in 64-bit memory. */
const BITS: Bits = process.env.IX_ADDRESS_BITS === '64' ? 64 : 32
if (BITS === 64 && !hasMemory64()) throw new Error(`node ${process.version} has no 64-bit memory`)
/** A limit above 4 GiB takes a 64-bit memory from the start. */
export const MEMORY: Limits = BITS === 64 ? { memoryBytes: 5 * 2 ** 30 } : {}

export async function plainEngine(program: Program): Promise<Engine> {
  const { bytes } = await compileModule(program, { cache: false, optimise: false, bits: BITS })
  return engineFrom(program, bytes, BITS)
}

/** First difference, or null. Runs on the calling thread. */
export function differenceHere(
  engine: Engine,
  entry: FunctionIndex | string,
  args: bigint[],
  makeIo: () => IoBuffer = () => new IoBuffer(),
  limits: Limits = {},
): string | null {
  const [left, right] = [makeIo(), makeIo()]
  const expected = execute(engine.program, entry, args, left, limits)
  return differenceOfOutcomes(expected, left, executeHere(engine, entry, args, right, limits), right)
}

/** The same with the product's path: cached and optimised module, own thread. */
export async function differenceInThread(
  program: Program,
  entry: FunctionIndex | string,
  args: bigint[],
  makeIo: () => IoBuffer = () => new IoBuffer(),
  limits: Limits = {},
): Promise<string | null> {
  const [left, right] = [makeIo(), makeIo()]
  const expected = execute(program, entry, args, left, limits)
  const actual = await executeWasm(program, entry, args, right, { ...MEMORY, ...limits })
  const bits = actual.record.state.bits
  return bits === BITS ? differenceOfOutcomes(expected, left, actual, right) : `memory of ${bits} bits`
}

export function differenceOfOutcomes(
  expected: Outcome,
  expectedIo: IoBuffer,
  actual: WasmOutcome,
  actualIo: IoBuffer,
): string | null {
  if (expected.ok !== actual.ok) {
    const show = (o: Outcome | WasmOutcome) => (o.ok ? `[${o.outputs}]` : o.error.message)
    return `outcomes: ${show(expected)} and ${show(actual)}`
  }
  const result =
    expected.ok && actual.ok
      ? different('outputs', expected.outputs.join(), actual.outputs.join())
      : !expected.ok && !actual.ok
        ? differenceOfErrors(expected.error, actual.error)
        : null
  return result ?? differenceOfRecords(expected.record, actual.record) ?? differenceOfIo(expectedIo, actualIo)
}

function different(what: string, expected: unknown, actual: unknown): string | null {
  return expected === actual ? null : `${what}: ${expected} and ${actual}`
}

function differenceOfErrors(a: ExecutionError, b: ExecutionError): string | null {
  return (
    different('error kind', a.kind, b.kind) ??
    different('depth', a.depth, b.depth) ??
    different('message', a.message, b.message)
  )
}

/** Row for row: values, multiplicities, ranks, operand counts. */
export function differenceOfRecords(a: RecordView, b: RecordView): string | null {
  const { program } = a
  for (const [i, f] of program.functions.entries()) {
    const found = differenceOfTables(f.name, a.functions[i]!, b.functions[i]!)
    if (found !== null) return found
  }
  for (const [i, size] of program.memorySizes.entries()) {
    const found = differenceOfTables(`memory[${size}]`, a.memories[i]!, b.memories[i]!)
    if (found !== null) return found
  }
  return (
    differenceOfTables('u32 ranges', a.rangeUses, b.rangeUses) ??
    differenceOfTables('rank differences', a.rankDifferences, b.rankDifferences) ??
    differenceOfCounts('bits', a.byteUses.bitDecomposition, b.byteUses.bitDecomposition) ??
    differenceOfCounts('left shifts', a.byteUses.shiftLeft, b.byteUses.shiftLeft) ??
    differenceOfCounts('right shifts', a.byteUses.shiftRight, b.byteUses.shiftRight) ??
    a.nibblePairUses.reduce<string | null>(
      (found, uses, i) => found ?? differenceOfCounts(`nibbles ${i}`, uses, b.nibblePairUses[i]!),
      null,
    ) ??
    a.bytePairUses.reduce<string | null>(
      (found, uses, i) => found ?? differenceOfCounts(`bytes ${i}`, uses, b.bytePairUses[i]!),
      null,
    )
  )
}

function differenceOfTables(name: string, a: TableView, b: TableView): string | null {
  if (a.count !== b.count) return `${name}: ${a.count} and ${b.count} rows`
  if (a.ranked !== b.ranked) return `${name}: ranked ${a.ranked} and ${b.ranked}`
  if (a.strideWords !== b.strideWords) return `${name}: ${a.strideWords} and ${b.strideWords} words`
  const x = new Uint32Array(a.strideWords)
  const y = new Uint32Array(a.strideWords)
  for (let row = 0; row < a.count; row++) {
    a.copyWords(row, 0, a.strideWords, x, 0)
    b.copyWords(row, 0, a.strideWords, y, 0)
    for (let w = 0; w < x.length; w++)
      if (x[w] !== y[w]) return `${name} row ${row} word ${w}: ${x[w]} and ${y[w]}`
    if (a.usesOf(row) !== b.usesOf(row))
      return `${name} row ${row}: ${a.usesOf(row)} and ${b.usesOf(row)} uses`
    if (a.rankOf(row) !== b.rankOf(row))
      return `${name} row ${row}: rank ${a.rankOf(row)} and ${b.rankOf(row)}`
    if (b.find(x, 0) !== row) return `${name} row ${row} is not found`
  }
  return null
}

function differenceOfCounts(name: string, a: Uint32Array | null, b: Uint32Array | null): string | null {
  if (a === null || b === null) return different(name, a === null, b === null)
  const at = a.findIndex((n, i) => n !== b[i])
  return at < 0 ? null : `${name} at ${at}: ${a[at]} and ${b[at]} uses`
}

function differenceOfIo(a: IoBuffer, b: IoBuffer): string | null {
  for (const channel of new Set([...a.channelNumbers(), ...b.channelNumbers()])) {
    if (a.length(channel) !== b.length(channel)) return `channel ${channel} has another length`
    const [x, y] = [a, b].map(io => io.read(channel, 0, io.length(channel)).join()) as [string, string]
    if (x !== y) return `channel ${channel}: ${x} and ${y}`
    for (let length = 0; length <= 8; length++) {
      const [k, l] = [a, b].map(io => {
        const table = io.keyTable(channel, length)
        return table === undefined ? '' : table.values.subarray(0, table.count * table.strideWords).join()
      })
      if (k !== l) return `keys of length ${length} of channel ${channel} differ`
    }
  }
  return null
}

/** An engine whose operations can be broken, with their numbers. */
export interface BreakableEngine {
  engine: Engine
  faults: Map<Op['op'], number>
}

export async function breakableEngine(program: Program): Promise<BreakableEngine> {
  const ranks = planRanks(program)
  const faults: BreakableEngine['faults'] = new Map()
  const bytes = await assemble(
    emitModule(ADDRESSES[BITS], program, ranks, mapMemory(program, ranks), faults),
    BITS,
    false,
  )
  return { engine: engineFrom(program, bytes, BITS), faults }
}

/**
 * First difference, or null, of the interpreter's outcome and that of the engine with operation `fault` broken (0: none).
 * A broken engine may also fail where no program can.
 */
export function differenceWithFault(
  { engine }: BreakableEngine,
  fault: number,
  args: bigint[],
  makeIo: () => IoBuffer,
  expected: { outcome: Outcome; io: IoBuffer; debug: string[] },
  limits: Limits,
): string | null {
  const io = makeIo()
  const index = engine.program.functionIndex.get('main')!
  const debug: string[] = []
  try {
    const onDebug = (label: string, values: bigint[]) => debug.push(`${label} ${values}`)
    const execution = new Execution(engine, index, args, io, { ...limits, onDebug })
    new Uint32Array(execution.memory.buffer)[HEADER.fault / 4] = fault
    const actual = execution.collect(runHere(engine, execution, index))
    return (
      differenceOfOutcomes(expected.outcome, expected.io, actual, io) ??
      different('debug output', expected.debug.join('\n'), debug.join('\n'))
    )
  } catch (error) {
    if (fault === 0) throw error
    return String(error)
  }
}

/** What the interpreter makes of `main`. */
export function expectedOf(program: Program, args: bigint[], makeIo: () => IoBuffer, limits: Limits) {
  const io = makeIo()
  const debug: string[] = []
  const onDebug = (label: string, values: bigint[]) => debug.push(`${label} ${values}`)
  return { outcome: execute(program, 'main', args, io, { ...limits, onDebug }), io, debug }
}

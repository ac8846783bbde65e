/** What a finished run tells about its failure: the error with its trace, in the words of the interpreter. */

import type { Program } from '../bytecode.js'
import { ExecutionError, type ExecutionErrorKind, TRACE_FRAMES, type TraceFrame } from '../vm/error.js'
import { toBigInt } from '../vm/goldilocks.js'
import { hasMemory64 } from './address.js'
import { HEADER, type MemoryMap, STOP, type TablePlan } from './memory-map.js'
import { Dictionary, SegmentedTable } from './segmented-table.js'
import type { Site } from './sites.js'

export interface FailedRun {
  readonly program: Program
  readonly map: MemoryMap
  readonly words: Uint32Array
  /** Bytes that the tables take. */
  readonly tables: number
  /** Innermost frame and number of frames. */
  readonly sp: number
  readonly depth: number
}

export interface LimitsReached {
  rows?: number
  memoryBytes?: number
  timeoutMs?: number
  landmarks?: readonly string[]
}

/** The error of a run that stopped at a site. */
export function failureAt(site: Site, run: FailedRun, limits: LimitsReached): ExecutionError {
  const { words } = run
  const count = words[HEADER.failedOperands / 4]!
  const operands = Array.from({ length: count }, (_, i) => operand(run, i))
  const [kind, reason] = describe(site, operands, run, limits)
  return failure(kind, reason, run, limits)
}

/** Field element `i` in scratch. */
export function operand({ words, map }: FailedRun, i: number): bigint {
  const at = map.scratch / 4 + 2 * i
  return toBigInt(words[at]!, words[at + 1]!)
}

export function failure(
  kind: ExecutionErrorKind,
  reason: string,
  run: FailedRun,
  limits: LimitsReached,
): ExecutionError {
  return new ExecutionError(kind, reason, trace(run, limits.landmarks ?? []), run.depth)
}

function describe(
  site: Site,
  operands: bigint[],
  run: FailedRun,
  limits: LimitsReached,
): [ExecutionErrorKind, string] {
  const { program, map, words } = run
  switch (site.kind) {
    case 'rowLimit':
      return ['rowLimit', `limit of ${limits.rows} rows reached`]
    case 'useLimit':
      return ['rowLimit', 'a row has 2^32 uses']
    case 'memoryLimit':
      return ['memoryLimit', memoryReason(run, limits)]
    case 'indexLimit':
      return ['memoryLimit', `a table has more rows than an index has room for, ${reached(run)}`]
    case 'dictionaryLimit':
      return ['memoryLimit', `there are 2^28 values of 2^32 - 2^28 and more, ${reached(run)}`]
    case 'stopped':
      return words[HEADER.stop / 4] === STOP.timeout
        ? ['timeLimit', `time limit of ${limits.timeoutMs} ms reached`]
        : ['cancelled', 'stopped on request']
    case 'assertLength':
      return ['assertLength', 'the two sides of an assertion differ in length']
    case 'yieldOutside':
      return ['yieldOutside', 'a yield has no continuation of its size']
    case 'infiniteLoop':
      return [
        'infiniteLoop',
        `${program.functions[site.function]!.name}(${operands.join(', ')}) calls itself with the same arguments while it is still running`,
      ]
    case 'outputsDiffer':
      return [
        'outputsDiffer',
        `${program.functions[site.function]!.name} returned other values when it ran constrained`,
      ]
    case 'unboundPointer': {
      const table = map.memories[program.memorySizes.indexOf(site.size)]!
      const { count } = new SegmentedTable(words, table)
      return ['unboundPointer', `pointer ${operands[0]} is unbound: memory[${site.size}] has ${count} rows`]
    }
    case 'noMatchCase':
      return ['noMatchCase', `no case matches ${operands[0]}`]
    case 'range':
      return [site.error, `operand of ${site.what} is out of range: ${operands.join(' and ')}`]
    case 'sumRange':
      return ['byteRange', 'operand of a u32 addition is not made of bytes']
    case 'assertMismatch': {
      const half = operands.length / 2
      const message = site.message === null ? '' : `${site.message}: `
      return [
        'assertMismatch',
        `assertion failed: ${message}[${operands.slice(0, half).join(', ')}] is not [${operands.slice(half).join(', ')}]`,
      ]
    }
    case 'ioChannel':
      return ['ioChannel', `IO channel ${operands[0]} is above 2^53`]
    case 'ioUnknownKey':
      return ['ioUnknownKey', `IO channel ${operands[0]} has no key [${operands.slice(1).join(', ')}]`]
    case 'ioKeySet':
      return ['ioKeySet', `IO channel ${operands[0]} already has the key [${operands.slice(1).join(', ')}]`]
    case 'ioOutOfBounds':
      return [
        'ioOutOfBounds',
        `IO channel ${operands[0]} has ${operands[1]} elements, read of ${operands[2]} at ${Number(operands[3])}`,
      ]
    case 'badLimbChain':
      return [
        'badLimbChain',
        {
          outside: 'a limb chain of a division leads outside the memory',
          cyclic: 'a limb chain of a division is cyclic',
          node: 'a limb chain of a division has a node of an unknown kind',
        }[site.problem],
      ]
    case 'limbElement':
      return ['badLimbChain', `limb element ${operands[0]} exceeds ${site.bits} bits`]
    case 'invalidMemorySize':
      return ['invalidMemorySize', `division hint without memory[${site.size}]`]
    case 'debug':
      throw new Error('a debug statement is no failure')
  }
}

function memoryReason(run: FailedRun, { memoryBytes }: LimitsReached): string {
  const { length, byteLength } = run.words
  if (memoryBytes !== undefined && memoryBytes <= byteLength)
    return `memory limit of ${memoryBytes} bytes reached`
  if (length > 2 ** 30) return `the ${byteLength} bytes of memory are used up ${reached(run)}`
  const beyond = hasMemory64() ? '' : '; a runtime with 64-bit memory (Node 24) goes beyond'
  return `the 4 GiB of a 32-bit memory are used up ${reached(run)}${beyond}`
}

const reached = ({ words, tables }: FailedRun): string =>
  `after ${words[HEADER.rows / 4]!} rows in ${tables} bytes`

/** Field elements of the key whose columns begin at a word. */
function keyAt(
  words: Uint32Array,
  first: number,
  plan: TablePlan,
  count: number,
  dictionary: Dictionary,
): bigint[] {
  let at = first
  return Array.from({ length: count }, (_, i) => {
    const column = words[at++]!
    if (plan.wide[i]) return toBigInt(column, words[at++]!)
    return toBigInt(dictionary.low(column), dictionary.high(column))
  })
}

function trace({ program, map, words, sp, depth }: FailedRun, landmarks: readonly string[]): TraceFrame[] {
  const frames: TraceFrame[] = []
  const wanted = new Set(landmarks.map(name => program.functionIndex.get(name)))
  const dictionary = new Dictionary(words, map)
  for (let d = 0, at = sp / 4; d < depth; d++) {
    const header = words[at + 1]!
    const index = header >>> 1
    const f = program.functions[index]!
    const first = at + 2
    const plan = map.functions[index]!
    at = first + plan.keyColumns
    if (!wanted.delete(index) && d >= TRACE_FRAMES) {
      if (wanted.size === 0) break
      continue
    }
    frames.push({
      function: f.name,
      args: keyAt(words, first, plan, f.inputSize, dictionary),
      unconstrained: (header & 1) === 1,
    })
  }
  return frames
}

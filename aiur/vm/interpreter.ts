/** The interpreter: the oracle that every other engine has to agree with, row for row. */

import type { FunctionIndex, Program } from '../bytecode.js'
import { flatten } from './code.js'
import { ExecutionError } from './error.js'
import type { Code } from './instruction-stream.js'
import type { IoBuffer } from './io.js'
import { type Limits, resolveEntry } from './limits.js'
import { Machine } from './machine.js'
import { planRanks, type RankPlan } from './ranks.js'
import { ExecutionRecord } from './record.js'

export { ExecutionError } from './error.js'
export type { Limits } from './limits.js'

export type Outcome =
  | { ok: true; outputs: bigint[]; record: ExecutionRecord }
  | { ok: false; error: ExecutionError; record: ExecutionRecord }

const prepared = new WeakMap<Program, { code: Code; ranks: RankPlan }>()

function prepare(program: Program): { code: Code; ranks: RankPlan } {
  let found = prepared.get(program)
  if (found === undefined) {
    const ranks = planRanks(program)
    found = { code: flatten(program, ranks), ranks }
    prepared.set(program, found)
  }
  return found
}

/**
 * Runs an entry function on field elements (aiur.md 4). `io` is read and extended in place. Failures of the
 * program and reached limits are outcomes, with the record as far as it got; only malformed bytecode throws.
 *
 * @param entry index or name of a `pub` function
 * @param resume record of a failed execution of this program on the same IO, whose results are taken over; what `io`
 *   gained since must not change any of them
 */
export function execute(
  program: Program,
  entry: FunctionIndex | string,
  args: bigint[],
  io: IoBuffer,
  limits: Limits = {},
  resume?: ExecutionRecord,
): Outcome {
  const { code, ranks } = prepare(program)
  const record = resume ?? newRecord(program, ranks, limits)
  resume?.reopen()
  try {
    const index = resolveEntry(program, entry, args)
    const machine = new Machine(program, code, record, io, limits)
    return { ok: true, outputs: machine.run(index, args), record }
  } catch (error) {
    if (error instanceof ExecutionError) return { ok: false, error, record }
    if (error instanceof RangeError && /allocation|array length/i.test(error.message))
      return { ok: false, error: new ExecutionError('memoryLimit', 'out of memory for a table'), record }
    throw error
  }
}

function newRecord(program: Program, ranks: RankPlan, limits: Limits): ExecutionRecord {
  let used = 0
  return new ExecutionRecord(program, ranks, bytes => {
    used += bytes
    if (limits.memoryBytes !== undefined && used > limits.memoryBytes)
      throw new ExecutionError('memoryLimit', `memory limit of ${limits.memoryBytes} bytes reached`)
  })
}

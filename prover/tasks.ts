/** Everything that is parted among threads, by name: messages to workers name a task. */

import { lookupSums, spreadTotals } from './accumulators.js'
import { batchCombine, batchDivide } from './fri.js'
import { openColumns } from './openings.js'
import { commitColumns, hashRows } from './polynomials.js'
import { evaluateConstraints, evaluateTable, interpolateQuotient } from './quotient.js'
import type { Task } from './threads.js'
import { hashNodes } from './tree.js'

export const TASKS = {
  commitColumns,
  hashRows,
  hashNodes,
  lookupSums,
  spreadTotals,
  evaluateTable,
  evaluateConstraints,
  interpolateQuotient,
  openColumns,
  batchCombine,
  batchDivide,
} as const

export type TaskName = keyof typeof TASKS

/** The name under which other threads find a task. */
export function taskName(task: Task<never>): TaskName {
  const name = task.name as TaskName
  if (TASKS[name] !== task) throw new TypeError(`${task.name} is not among the tasks of the prover`)
  return name
}

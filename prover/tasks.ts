/** Everything that is parted among threads, by name. */

import { lookupSums, spreadTotals } from './accumulators.js'
import { batchCombine, batchDivide, openColumns } from './fri.js'
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
export type Arguments<K extends TaskName> = (typeof TASKS)[K] extends Task<infer A> ? A : never

/** What a report shows besides the verdict, as a unit keeps it. */
import type { CostReport } from '../../aiur/circuit/cost.js'
import { InputError } from '../../lean/input-error.js'
import type { Unit } from '../../shards/snapshot/unit.js'
import type { Memory } from '../cost.js'

export interface SavedReport {
  readonly memory: Memory | null
  readonly violations?: readonly string[]
  /** Rows, cost and memory are those of a part of the constants: the others were taken over. */
  readonly partial?: boolean
  /** Absent in units of `--all`. */
  readonly cost?: CostReport
}

export function encodeReport(report: SavedReport): string {
  return JSON.stringify(report)
}

/** @throws InputError when it is none */
export function reportOf({ label, report }: Unit): SavedReport {
  let value: unknown
  try {
    value = JSON.parse(report)
  } catch {
    value = undefined
  }
  if (!isReport(value)) throw new InputError(`the report of ${label} in the snapshot is malformed`)
  return value
}

function isReport(value: unknown): value is SavedReport {
  if (!isObject(value)) return false
  const { memory, violations = [], partial, cost } = value
  const numbers = (object: unknown, keys: readonly string[]): boolean =>
    isObject(object) && keys.every(key => typeof object[key] === 'number')
  return (
    (partial === undefined || typeof partial === 'boolean') &&
    (memory === null || numbers(memory, ['entries', 'bytes', 'bytesPerEntry'])) &&
    Array.isArray(violations) &&
    violations.every(violation => typeof violation === 'string') &&
    (cost === undefined ||
      (numbers(cost, ['width', 'rows', 'hits']) &&
        isObject(cost) &&
        numbers(cost.cost, ['total', 'floor', 'uncached', 'ranks']) &&
        Array.isArray(cost.circuits) &&
        cost.circuits.every(circuit =>
          numbers(circuit, ['width', 'main', 'stage2', 'quotientDegree', 'rows', 'hits', 'cost', 'share']),
        )))
  )
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

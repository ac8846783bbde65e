/** Places of the generated code that can end an execution; what they mean is told after the fact by number. */

import type { ExecutionErrorKind } from '../vm/error.js'

/** Operands that a failure leaves in scratch are listed in parentheses. */
export type Site =
  | { kind: 'rowLimit' | 'useLimit' | 'memoryLimit' | 'indexLimit' | 'dictionaryLimit' | 'stopped' }
  | { kind: 'assertLength' | 'yieldOutside' }
  /** (arguments of the call) */
  | { kind: 'infiniteLoop'; function: number }
  | { kind: 'outputsDiffer'; function: number }
  /** (pointer) */
  | { kind: 'unboundPointer'; size: number }
  /** (scrutinee) */
  | { kind: 'noMatchCase' }
  /** (one or two operands) */
  | { kind: 'range'; error: ExecutionErrorKind; what: string }
  | { kind: 'sumRange' }
  /** (left sides, right sides) */
  | { kind: 'assertMismatch'; message: string | null }
  /** (channel) */
  | { kind: 'ioChannel' }
  /** (channel, key) */
  | { kind: 'ioUnknownKey' | 'ioKeySet' }
  /** (channel, elements in it, size, index) */
  | { kind: 'ioOutOfBounds' }
  | { kind: 'badLimbChain'; problem: 'outside' | 'cyclic' | 'node' }
  /** (element) */
  | { kind: 'limbElement'; bits: number }
  | { kind: 'invalidMemorySize'; size: number }
  /** Not a failure: (values) */
  | { kind: 'debug'; label: string }

/** Name of the custom section with the sites as JSON. */
export const SITES_SECTION = 'ix.sites'

export class Sites {
  readonly list: Site[] = []
  private readonly numbers = new Map<string, number>()

  at(site: Site): number {
    const key = JSON.stringify(site)
    let number = this.numbers.get(key)
    if (number === undefined) {
      number = this.list.push(site) - 1
      this.numbers.set(key, number)
    }
    return number
  }
}

/** What is known of every circuit before it is made: its columns, lookups and degree. */

export interface CircuitShape {
  name: string
  kind: 'function' | 'memory' | 'gadget'
  /** Columns of the main trace. */
  main: number
  /** Lookups of a row, the provided message included. */
  lookups: number
  /** Lookups share an accumulator while the degrees of their messages add up to at most this. */
  groupDegree: number
  /** Base columns of the accumulators: 2 per group. */
  stage2: number
  quotientDegree: number
  /** Committed columns: main + stage2 + 2 * quotientDegree. */
  width: number
  /** Width of the classic accounting (aiur.md 5.5, P438). */
  classicWidth: number
}
